// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/security/codes_dialog.h"

#include "ui/widgets/controls.h"
#include "ui/widgets/fit_height.h"

#include <QApplication>
#include <QClipboard>
#include <QDir>
#include <QFileDialog>
#include <QFontDatabase>
#include <QGridLayout>
#include <QLabel>
#include <QPointer>
#include <QPrintDialog>
#include <QPrinter>
#include <QPushButton>
#include <QSaveFile>
#include <QStandardPaths>
#include <QStyle>
#include <QTextDocument>
#include <QThreadPool>

namespace kith::ui {

namespace {
QFont codeFont(const Theme &theme)
{
    QFont font = QFontDatabase::systemFont(QFontDatabase::FixedFont);
    font.setPointSizeF(theme.bodyFont().pointSizeF() + 1);
    return font;
}
} // namespace

CodesDialog::CodesDialog(const Theme &theme, Text text, const std::vector<std::string> &codes, QWidget *parent)
    : QDialog(parent), m_text(std::move(text))
{
    setAttribute(Qt::WA_DeleteOnClose);
    setWindowTitle(m_text.title);
    setFixedWidth(460);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(space::kXl, space::kXl, space::kXl, space::kXl);
    column->setSpacing(space::kM);
    auto *title = new QLabel(m_text.title, this);
    title->setObjectName(QStringLiteral("Title"));
    auto *hint = new QLabel(m_text.hint, this);
    hint->setObjectName(QStringLiteral("Muted"));
    for (QLabel *label : {title, hint}) {
        label->setWordWrap(true);
        column->addWidget(label);
    }
    auto *box = new QWidget(this);
    box->setObjectName(QStringLiteral("Codes"));
    box->setAttribute(Qt::WA_StyledBackground);
    auto *grid = new QGridLayout(box);
    grid->setContentsMargins(space::kL, space::kL, space::kL, space::kL);
    grid->setVerticalSpacing(space::kS);
    const int columns = codes.size() > 1 ? 2 : 1;
    const int rows = (static_cast<int>(codes.size()) + columns - 1) / columns;
    for (const std::string &code : codes) {
        const int at = static_cast<int>(m_codes.size());
        m_codes << QString::fromStdString(code);
        auto *label = new QLabel(m_codes.last(), box);
        label->setFont(codeFont(theme));
        label->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
        label->setAlignment(Qt::AlignCenter);
        label->setWordWrap(columns == 1);
        grid->addWidget(label, at % rows, at / rows);
    }
    column->addWidget(box);
    auto *ways = new QHBoxLayout;
    ways->setSpacing(space::kS);
    const auto way = [&](const QString &words, auto action) {
        auto *button = new QPushButton(words, this);
        button->setAutoDefault(false);
        connect(button, &QPushButton::clicked, this, action);
        ways->addWidget(button);
    };
    way(tr("Save…"), [this] { save(); });
    way(tr("Print…"), [this] { print(); });
    way(tr("Copy"), [this] {
        QApplication::clipboard()->setText(m_codes.join(QLatin1Char('\n')));
        note(tr("Copied. Whatever you copy next replaces it."), false);
    });
    ways->addStretch();
    column->addLayout(ways);
    m_note = new QLabel(this);
    m_note->setWordWrap(true);
    m_note->hide();
    column->addWidget(m_note);
    m_kept = new CheckBox(theme, m_text.kept, this);
    column->addWidget(m_kept);
    m_done = new QPushButton(tr("Done"), this);
    m_done->setObjectName(QStringLiteral("Primary"));
    m_done->setEnabled(false);
    auto *row = new QHBoxLayout;
    row->addStretch();
    row->addWidget(m_done);
    column->addLayout(row);
    fitHeight(*this);
    connect(m_kept, &QCheckBox::toggled, m_done, &QPushButton::setEnabled);
    connect(m_done, &QPushButton::clicked, this, &QDialog::accept);
}

void CodesDialog::reject()
{
    if (m_kept->isChecked())
        return QDialog::accept();
    note(tr("They are shown only now: keep them first."), true);
}

QString CodesDialog::document() const
{
    return m_text.title + QStringLiteral("\n") + m_text.hint + QStringLiteral("\n\n") +
           m_codes.join(QLatin1Char('\n')) + QLatin1Char('\n');
}

void CodesDialog::note(const QString &text, bool isProblem)
{
    m_note->setObjectName(isProblem ? QStringLiteral("ErrorBox") : QStringLiteral("Muted"));
    m_note->style()->unpolish(m_note);
    m_note->style()->polish(m_note);
    m_note->setText(text);
    m_note->show();
    fitHeight(*this);
}

void CodesDialog::save()
{
    auto *chooser = new QFileDialog(this, tr("Save"));
    chooser->setAttribute(Qt::WA_DeleteOnClose);
    chooser->setAcceptMode(QFileDialog::AcceptSave);
    chooser->setDirectory(QStandardPaths::writableLocation(QStandardPaths::DocumentsLocation));
    chooser->selectFile(m_text.fileName);
    connect(chooser, &QFileDialog::fileSelected, this, &CodesDialog::saveTo);
    chooser->open();
}

void CodesDialog::saveTo(const QString &path)
{
    QPointer<CodesDialog> self(this);
    QThreadPool::globalInstance()->start([self, path, bytes = document().toUtf8()] {
        QSaveFile file(path);
        const bool written = file.open(QIODevice::WriteOnly) &&
                             file.setPermissions(QFileDevice::ReadOwner | QFileDevice::WriteOwner) &&
                             file.write(bytes) == bytes.size() && file.commit();
        const QString problem = written ? QString() : file.errorString();
        QMetaObject::invokeMethod(
            qApp,
            [self, path, problem] {
                if (!self)
                    return;
                const QString shown = QDir::toNativeSeparators(path);
                self->note(problem.isEmpty() ? tr("Saved in %1. Move it away from this computer.").arg(shown)
                                             : tr("Nothing was saved in %1: %2").arg(shown, problem),
                           !problem.isEmpty());
            },
            Qt::QueuedConnection);
    });
}

void CodesDialog::print()
{
    auto printer = std::make_shared<QPrinter>(QPrinter::HighResolution);
    auto *dialog = new QPrintDialog(printer.get(), this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, qOverload<QPrinter *>(&QPrintDialog::accepted), this, [this, printer](QPrinter *chosen) {
        QTextDocument paper;
        paper.setPlainText(document());
        paper.print(chosen);
    });
    dialog->open();
}

} // namespace kith::ui
