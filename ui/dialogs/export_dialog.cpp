// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/dialogs/export_dialog.h"

#include "ui/widgets/controls.h"
#include "ui/widgets/elided_label.h"
#include "ui/widgets/fit_height.h"
#include "ui/widgets/notice.h"
#include "ui/widgets/progress_bar.h"
#include "ui/words/words.h"

#include <QButtonGroup>
#include <QDateEdit>
#include <QDir>
#include <QHBoxLayout>
#include <QLocale>
#include <QPushButton>
#include <QVBoxLayout>

#include <algorithm>
#include <cmath>

namespace kith::ui {

using exporting::Format;

namespace {

QLabel *heading(const QString &text, QWidget *parent)
{
    auto *label = new QLabel(text, parent);
    label->setObjectName(QStringLiteral("FieldLabel"));
    return label;
}

QDateEdit *dayField(const QString &name, QWidget *parent)
{
    auto *edit = new QDateEdit(QDate::currentDate(), parent);
    edit->setAccessibleName(name);
    edit->setDisplayFormat(QLocale()
                               .dateFormat(QLocale::ShortFormat)
                               .replace(QLatin1String("yyyy"), QLatin1String("yy"))
                               .replace(QLatin1String("yy"), QLatin1String("yyyy")));
    edit->setButtonSymbols(QAbstractSpinBox::NoButtons); // typed, or changed with the arrow keys
    return edit;
}

} // namespace

ExportDialog::ExportDialog(const Theme &theme, const QString &name, QWidget *parent) : QDialog(parent)
{
    setAttribute(Qt::WA_DeleteOnClose);
    setWindowTitle(tr("Export"));
    setMinimumWidth(440);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(space::kXl, space::kXl, space::kXl, space::kXl);
    column->setSpacing(space::kL);
    auto *top = new QVBoxLayout;
    top->setSpacing(space::kXs);
    auto *title = new QLabel(windowTitle(), this);
    title->setObjectName(QStringLiteral("Title"));
    auto *what = new ElidedLabel(this);
    what->setObjectName(QStringLiteral("Muted"));
    what->setFullText(name);
    top->addWidget(title);
    top->addWidget(what);
    column->addLayout(top);

    m_options = new QWidget(this);
    auto *options = new QVBoxLayout(m_options);
    options->setContentsMargins(0, 0, 0, 0);
    options->setSpacing(space::kXs);
    options->addWidget(heading(tr("Format"), m_options));
    auto *formats = new QWidget(m_options);
    formats->setObjectName(QStringLiteral("Segmented"));
    formats->setAttribute(Qt::WA_StyledBackground);
    auto *row = new QHBoxLayout(formats);
    row->setContentsMargins(2, 2, 2, 2);
    row->setSpacing(2);
    m_format = new QButtonGroup(this);
    const auto add = [&](Format format, const QString &text, const QString &hint) {
        auto *button = new QPushButton(text, formats);
        button->setObjectName(QStringLiteral("Segment"));
        button->setCheckable(true);
        button->setAutoDefault(false);
        button->setToolTip(hint);
        m_format->addButton(button, static_cast<int>(format));
        row->addWidget(button, 1);
    };
    add(Format::Html, tr("Web page"), tr("HTML: to read and to print, in any browser"));
    add(Format::Text, tr("Text"), tr("Plain text"));
    add(Format::Json, tr("JSON"), tr("For programs: everything that is known of each message"));
    options->addWidget(formats);
    options->addSpacing(space::kM);

    options->addWidget(heading(tr("Period"), m_options));
    m_period = new Choice(theme, m_options);
    m_period->addItem(tr("Everything on this computer"));
    m_period->addItem(tr("Some days"));
    m_period->setAccessibleName(tr("Period"));
    options->addWidget(m_period);
    m_days = new QWidget(m_options);
    auto *days = new QHBoxLayout(m_days);
    days->setContentsMargins(0, space::kXs, 0, 0);
    days->setSpacing(space::kS);
    m_first = dayField(tr("First day"), m_days);
    m_last = dayField(tr("Last day"), m_days);
    m_first->setDate(QDate::currentDate().addMonths(-1));
    days->addWidget(m_first, 1);
    days->addWidget(new QLabel(QStringLiteral("–"), m_days));
    days->addWidget(m_last, 1);
    m_days->hide();
    options->addWidget(m_days);
    options->addSpacing(space::kM);

    options->addWidget(heading(tr("File"), m_options));
    auto *place = new QHBoxLayout;
    place->setSpacing(space::kS);
    m_file = new ElidedLabel(m_options);
    m_choose = new QPushButton(tr("Choose…"), m_options);
    m_choose->setAutoDefault(false);
    place->addWidget(m_file, 1);
    place->addWidget(m_choose);
    options->addLayout(place);
    auto *open = new QLabel(tr("The file is not encrypted. Other users of this computer cannot read it."), m_options);
    open->setObjectName(QStringLiteral("Muted"));
    open->setWordWrap(true);
    options->addWidget(open);
    column->addWidget(m_options);

    m_progress = new QWidget(this);
    auto *progress = new QVBoxLayout(m_progress);
    progress->setContentsMargins(0, 0, 0, 0);
    progress->setSpacing(space::kS);
    auto *line = new QHBoxLayout;
    m_stateText = new ElidedLabel(m_progress);
    m_stateText->setObjectName(QStringLiteral("Name"));
    m_percent = new QLabel(m_progress);
    m_percent->setObjectName(QStringLiteral("Muted"));
    line->addWidget(m_stateText, 1);
    line->addWidget(m_percent);
    m_bar = new ProgressBar(theme, m_progress);
    m_bar->setAccessibleName(windowTitle());
    progress->addLayout(line);
    progress->addWidget(m_bar);
    column->addWidget(m_progress);
    m_note = makeNoteBox(this);
    m_problem = makeErrorBox(this);
    column->addWidget(m_note);
    column->addWidget(m_problem);

    auto *buttons = new QHBoxLayout;
    buttons->setSpacing(space::kS);
    m_close = new QPushButton(tr("Cancel"), this);
    m_close->setAutoDefault(false);
    m_folder = new QPushButton(tr("Show in folder"), this);
    m_export = new QPushButton(tr("Export"), this);
    for (QPushButton *primary : {m_folder, m_export})
        primary->setObjectName(QStringLiteral("Primary"));
    buttons->addStretch();
    buttons->addWidget(m_close);
    buttons->addWidget(m_folder);
    buttons->addWidget(m_export);
    column->addLayout(buttons);

    connect(m_period, &QComboBox::currentIndexChanged, this, [this](int index) {
        m_days->setVisible(index == 1);
        fitHeight(*this);
    });
    // A period that ends before it begins is none.
    connect(m_first, &QDateEdit::dateChanged, m_last,
            [this](const QDate &day) { m_last->setDate(std::max(day, m_last->date())); });
    connect(m_last, &QDateEdit::dateChanged, m_first,
            [this](const QDate &day) { m_first->setDate(std::min(day, m_first->date())); });
    connect(m_format, &QButtonGroup::idClicked, this, [this] { emit formatChanged(); });
    connect(m_choose, &QPushButton::clicked, this, &ExportDialog::pathRequested);
    connect(m_export, &QPushButton::clicked, this, [this] {
        const bool replace = m_exists;
        setProgress({});
        emit exportRequested(replace);
    });
    connect(m_folder, &QPushButton::clicked, this, &ExportDialog::folderRequested);
    connect(m_close, &QPushButton::clicked, this, &ExportDialog::reject);
    setFormat(Format::Html);
    setState(State::Asking);
}

Format ExportDialog::format() const
{
    return static_cast<Format>(m_format->checkedId());
}

void ExportDialog::setFormat(Format format)
{
    m_format->button(static_cast<int>(format))->setChecked(true);
}

QDate ExportDialog::firstDay() const
{
    return m_period->currentIndex() == 1 ? m_first->date() : QDate();
}

QDate ExportDialog::lastDay() const
{
    return m_period->currentIndex() == 1 ? m_last->date() : QDate();
}

void ExportDialog::setPeriod(const QDate &first, const QDate &last)
{
    m_period->setCurrentIndex(1);
    m_first->setDate(first);
    m_last->setDate(last);
    m_first->setDate(first); // in whichever order the two moved
}

void ExportDialog::setPath(const QString &path)
{
    m_path = path;
    m_file->setFullText(QDir::toNativeSeparators(path));
    m_file->setToolTip(m_file->fullText());
    m_exists = false;
    m_export->setText(tr("Export"));
    setNote({}, {});
}

void ExportDialog::setState(State state)
{
    m_state = state;
    m_options->setVisible(state == State::Asking);
    m_progress->setVisible(state != State::Asking);
    m_bar->setQuiet(state != State::Running);
    m_percent->setVisible(state == State::Running);
    m_export->setVisible(state == State::Asking);
    m_folder->setVisible(state == State::Done);
    m_close->setText(state == State::Done ? tr("Close") : tr("Cancel"));
    (state == State::Done ? m_folder : state == State::Running ? m_close : m_export)->setFocus();
    m_export->setDefault(state == State::Asking);
    m_folder->setDefault(state == State::Done);
    fitHeight(*this);
}

void ExportDialog::setProgress(const exporting::Progress &progress)
{
    const QLocale locale;
    const double part =
        progress.total > 0 ? static_cast<double>(progress.done) / static_cast<double>(progress.total) : 0.0;
    m_stateText->setFullText(
        progress.counted ? tr("%1 of %2 messages")
                               .arg(locale.toString(qint64{progress.done}), locale.toString(qint64{progress.total}))
                         : tr("Looking at what is here…"));
    m_percent->setText(progress.counted ? tr("%1 %").arg(static_cast<int>(std::floor(part * 100))) : QString());
    m_bar->setPart(part);
    if (m_state != State::Running) {
        setNote({}, {});
        setState(State::Running);
    }
}

void ExportDialog::setDone(const exporting::Summary &summary)
{
    const auto plural = [](std::int64_t count) {
        return static_cast<int>(std::min<std::int64_t>(count, 1'000'000'000));
    };
    m_stateText->setFullText(tr("%Ln message(s) are in the file", nullptr, plural(summary.messages)));
    m_bar->setPart(1);
    QStringList notes;
    if (summary.unsent > 0)
        notes << tr("%Ln message(s) that are not sent stand at its end.", nullptr, plural(summary.unsent));
    if (summary.missing > 0)
        notes << tr("%Ln message(s) are not on this computer; the file says where they are missing.", nullptr,
                    plural(summary.missing));
    setNote(notes.join(QLatin1Char('\n')), {});
    setState(State::Done);
}

void ExportDialog::setFailed(const client::ClientError &error)
{
    setState(State::Asking);
    m_exists = error.file && error.file->code == exporting::ErrorCode::Exists;
    m_export->setText(m_exists ? tr("Replace it") : tr("Export"));
    setNote({}, Words::error(error), Words::errorDetail(error));
}

void ExportDialog::setNote(const QString &note, const QString &problem, const QString &detail)
{
    m_note->setText(note);
    m_note->setVisible(!note.isEmpty());
    m_problem->setText(problem);
    m_problem->setToolTip(detail);
    m_problem->setVisible(!problem.isEmpty());
    fitHeight(*this);
}

QString ExportDialog::stateText() const
{
    return m_stateText->fullText();
}

QString ExportDialog::noteText() const
{
    return m_note->text() + m_problem->text(); // never both
}

double ExportDialog::part() const
{
    return m_bar->part();
}

void ExportDialog::reject()
{
    if (m_state == State::Running)
        emit cancelRequested();
    else
        QDialog::reject();
}

} // namespace kith::ui
