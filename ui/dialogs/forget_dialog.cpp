// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/dialogs/forget_dialog.h"

#include "ui/widgets/controls.h"
#include "ui/widgets/elided_label.h"
#include "ui/widgets/fit_height.h"
#include "ui/widgets/notice.h"
#include "ui/widgets/progress_bar.h"
#include "ui/words/words.h"

#include <QDateEdit>
#include <QHBoxLayout>
#include <QLabel>
#include <QLocale>
#include <QPushButton>
#include <QVBoxLayout>

#include <algorithm>

namespace kith::ui {

using history::ForgetPhase;

namespace {

constexpr int kAges[] = {30, 90, 365}; // days; then a date

int plural(std::int64_t count)
{
    return static_cast<int>(std::min<std::int64_t>(count, 1'000'000'000));
}

QLabel *heading(const QString &text, QWidget *parent)
{
    auto *label = new QLabel(text, parent);
    label->setObjectName(QStringLiteral("FieldLabel"));
    return label;
}

} // namespace

ForgetDialog::ForgetDialog(const Theme &theme, const QString &name, QWidget *parent)
    : QDialog(parent), m_hasOne(!name.isEmpty())
{
    setAttribute(Qt::WA_DeleteOnClose);
    setWindowTitle(tr("Forget older messages"));
    setMinimumWidth(440);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(space::kXl, space::kXl, space::kXl, space::kXl);
    column->setSpacing(space::kL);
    auto *title = new QLabel(windowTitle(), this);
    title->setObjectName(QStringLiteral("Title"));
    column->addWidget(title);

    m_options = new QWidget(this);
    auto *options = new QVBoxLayout(m_options);
    options->setContentsMargins(0, 0, 0, 0);
    options->setSpacing(space::kXs);
    auto *about = new QLabel(tr("They are deleted from this computer, and from its search. On the server and for the "
                                "others they stay, and they come back only when you ask for them. Drafts and what is "
                                "not sent yet stay here."),
                             m_options);
    about->setObjectName(QStringLiteral("Muted"));
    about->setWordWrap(true);
    options->addWidget(about);
    options->addSpacing(space::kM);
    options->addWidget(heading(tr("Conversation"), m_options));
    m_scope = new Choice(theme, m_options);
    if (m_hasOne)
        m_scope->addItem(name);
    m_scope->addItem(tr("All conversations"));
    m_scope->setAccessibleName(tr("Conversation"));
    options->addWidget(m_scope);
    options->addSpacing(space::kM);
    options->addWidget(heading(tr("Messages"), m_options));
    m_age = new Choice(theme, m_options);
    for (const int days : kAges)
        m_age->addItem(days == 365 ? tr("Older than a year") : tr("Older than %n day(s)", nullptr, days));
    m_age->addItem(tr("Before a day"));
    m_age->setCurrentIndex(1);
    m_age->setAccessibleName(tr("Messages"));
    options->addWidget(m_age);
    m_day = new QDateEdit(QDate::currentDate().addMonths(-6), m_options);
    m_day->setAccessibleName(tr("The first day that stays"));
    m_day->setToolTip(m_day->accessibleName());
    m_day->setMaximumDate(QDate::currentDate().addDays(1));
    m_day->setDisplayFormat(QLocale()
                                .dateFormat(QLocale::ShortFormat)
                                .replace(QLatin1String("yyyy"), QLatin1String("yy"))
                                .replace(QLatin1String("yy"), QLatin1String("yyyy")));
    m_day->setButtonSymbols(QAbstractSpinBox::NoButtons); // typed, or changed with the arrow keys
    m_day->hide();
    options->addSpacing(space::kXs);
    options->addWidget(m_day);
    options->addSpacing(space::kM);
    m_survey = new QLabel(m_options);
    m_survey->setWordWrap(true);
    options->addWidget(m_survey);
    column->addWidget(m_options);

    m_progress = new QWidget(this);
    auto *progress = new QVBoxLayout(m_progress);
    progress->setContentsMargins(0, 0, 0, 0);
    progress->setSpacing(space::kS);
    m_stateText = new ElidedLabel(m_progress);
    m_stateText->setObjectName(QStringLiteral("Name"));
    m_bar = new ProgressBar(theme, m_progress);
    m_bar->setAccessibleName(windowTitle());
    progress->addWidget(m_stateText);
    progress->addWidget(m_bar);
    column->addWidget(m_progress);
    m_note = makeNoteBox(this);
    m_problem = makeErrorBox(this);
    column->addWidget(m_note);
    column->addWidget(m_problem);

    auto *buttons = new QHBoxLayout;
    buttons->setSpacing(space::kS);
    m_close = new QPushButton(tr("Cancel"), this);
    m_forget = new QPushButton(tr("Forget"), this);
    m_forget->setObjectName(QStringLiteral("Danger"));
    for (QPushButton *button : {m_close, m_forget})
        button->setAutoDefault(false); // Enter in a field must not delete
    buttons->addStretch();
    buttons->addWidget(m_close);
    buttons->addWidget(m_forget);
    column->addLayout(buttons);

    connect(m_scope, &QComboBox::currentIndexChanged, this, &ForgetDialog::follow);
    connect(m_age, &QComboBox::currentIndexChanged, this, [this](int index) {
        m_day->setVisible(index == static_cast<int>(std::size(kAges)));
        fitHeight(*this);
        follow();
    });
    connect(m_day, &QDateEdit::dateChanged, this, &ForgetDialog::follow);
    connect(m_forget, &QPushButton::clicked, this, [this] {
        setNote({}, {});
        setState(State::Running);
        emit forgetRequested();
    });
    connect(m_close, &QPushButton::clicked, this, &ForgetDialog::reject);
    setSurvey({}, false);
    setState(State::Asking);
}

bool ForgetDialog::isOfAll() const
{
    return !m_hasOne || m_scope->currentIndex() == 1;
}

QDate ForgetDialog::keepFrom() const
{
    const int at = m_age->currentIndex();
    return at < static_cast<int>(std::size(kAges)) ? QDate::currentDate().addDays(-kAges[at]) : m_day->date();
}

void ForgetDialog::setKeepFrom(const QDate &day)
{
    m_age->setCurrentIndex(static_cast<int>(std::size(kAges)));
    m_day->setDate(day);
}

void ForgetDialog::follow()
{
    setSurvey({}, false);
    setNote({}, {});
    emit choiceChanged();
}

void ForgetDialog::setSurvey(const history::ForgetSurvey &survey, bool counted)
{
    const QString messages = tr("%Ln message(s)", nullptr, plural(survey.messages));
    m_survey->setText(!counted               ? tr("Looking at what is here…")
                      : survey.messages == 0 ? tr("Nothing here is that old.")
                      : isOfAll()            ? tr("%1 of %2 will be deleted from this computer.")
                                        .arg(messages, tr("%Ln conversation(s)", nullptr, plural(survey.conversations)))
                                  : tr("%1 will be deleted from this computer.").arg(messages));
    m_forget->setEnabled(counted && survey.messages > 0);
    setNote(counted && survey.forGood > 0
                ? tr("%Ln of them cannot be downloaded again: you are no longer a member there, or the server does not "
                     "have them any more.",
                     nullptr, plural(survey.forGood))
                : QString(),
            {});
}

void ForgetDialog::setState(State state)
{
    m_state = state;
    m_options->setVisible(state == State::Asking);
    m_progress->setVisible(state != State::Asking);
    m_bar->setVisible(state == State::Running);
    m_bar->setQuiet(state != State::Running);
    m_forget->setVisible(state == State::Asking);
    m_close->setText(state == State::Asking ? tr("Cancel") : tr("Close"));
    if (state != State::Asking)
        m_close->setFocus();
    else
        m_age->setFocus();
    if (state == State::Running)
        m_stateText->setFullText(tr("Deleting…"));
    fitHeight(*this);
}

void ForgetDialog::setProgress(const client::ForgetProgress &progress)
{
    if (m_state != State::Running)
        return;
    const QLocale locale;
    switch (progress.phase) {
    case ForgetPhase::None:
        return;
    case ForgetPhase::Rows:
        m_stateText->setFullText(
            tr("Deleting: %1 of %2")
                .arg(locale.toString(qint64{progress.removed}), locale.toString(qint64{progress.total})));
        break;
    case ForgetPhase::Index:
        m_stateText->setFullText(tr("Cleaning the search index…"));
        break;
    case ForgetPhase::Space:
        m_stateText->setFullText(tr("Giving the space back…"));
        break;
    }
    m_bar->setPart(progress.total > 0 ? static_cast<double>(progress.removed) / static_cast<double>(progress.total)
                                      : 0.0);
    setNote(tr("It goes on when you close this window, and after a restart."), {});
}

void ForgetDialog::setDone(const client::Forgotten &done)
{
    setNote(done.freedBytes > 0 ? tr("The history takes %1 less on the disk.").arg(Words::size(done.freedBytes))
                                : QString(),
            {});
    setState(State::Done);
    m_stateText->setFullText(tr("%Ln message(s) are gone from this computer", nullptr, plural(done.what.messages)));
}

void ForgetDialog::setFailed(const client::ClientError &error)
{
    setState(State::Asking);
    setNote({}, Words::error(error), Words::errorDetail(error));
}

void ForgetDialog::setNote(const QString &note, const QString &problem, const QString &detail)
{
    m_note->setText(note);
    m_note->setVisible(!note.isEmpty());
    m_problem->setText(problem);
    m_problem->setToolTip(detail);
    m_problem->setVisible(!problem.isEmpty());
    fitHeight(*this);
}

void ForgetDialog::showEvent(QShowEvent *event)
{
    QDialog::showEvent(event);
    fitHeight(*this); // only now the fonts are those of the style sheet
}

QString ForgetDialog::surveyText() const
{
    return m_survey->text();
}

QString ForgetDialog::noteText() const
{
    return m_note->text() + m_problem->text(); // never both
}

} // namespace kith::ui
