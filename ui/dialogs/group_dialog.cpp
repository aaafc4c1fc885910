// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/dialogs/group_dialog.h"

#include "core/base/limits.h"
#include "ui/widgets/field.h"
#include "ui/widgets/fit_height.h"
#include "ui/widgets/notice.h"
#include "ui/words/words.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QStyle>

namespace kith::ui {

namespace {
constexpr int kAboutHeight = 112;

qsizetype codePoints(const QString &text)
{
    return text.toUcs4().size();
}

QString composed(const QString &text)
{
    return text.trimmed().normalized(QString::NormalizationForm_C);
}
} // namespace

GroupDialog::GroupDialog(const Theme &theme, const QString &name, const QString &about, QWidget *parent)
    : QDialog(parent), m_nameBefore(name), m_aboutBefore(about)
{
    setAttribute(Qt::WA_DeleteOnClose);
    setWindowTitle(tr("Name and description"));
    setMinimumWidth(420);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(space::kXl, space::kXl, space::kXl, space::kXl);
    column->setSpacing(space::kM);
    auto *title = new QLabel(windowTitle(), this);
    title->setObjectName(QStringLiteral("Title"));
    column->addWidget(title);
    m_name = new Field(theme, Field::Kind::Text, this);
    m_name->setLabel(tr("Name of the group"));
    m_name->setText(name);
    column->addWidget(m_name);
    auto *label = new QLabel(tr("Description"), this);
    label->setObjectName(QStringLiteral("FieldLabel"));
    m_about = new QPlainTextEdit(about, this);
    m_about->setPlaceholderText(tr("What the group is for. All members see it."));
    m_about->setTabChangesFocus(true);
    m_about->setFixedHeight(kAboutHeight);
    m_about->setAccessibleName(label->text());
    label->setBuddy(m_about);
    m_count = new QLabel(this);
    m_count->setObjectName(QStringLiteral("Muted"));
    auto *description = new QVBoxLayout;
    description->setSpacing(space::kXs);
    description->addWidget(label);
    description->addWidget(m_about);
    description->addWidget(m_count);
    column->addLayout(description);
    m_problem = makeErrorBox(this);
    column->addWidget(m_problem);
    auto *row = new QHBoxLayout;
    row->setSpacing(space::kS);
    auto *cancel = new QPushButton(tr("Cancel"), this);
    m_save = new QPushButton(tr("Save"), this);
    m_save->setObjectName(QStringLiteral("Primary"));
    m_save->setDefault(true);
    row->addStretch();
    row->addWidget(cancel);
    row->addWidget(m_save);
    column->addLayout(row);
    connect(cancel, &QPushButton::clicked, this, &QDialog::reject);
    connect(m_save, &QPushButton::clicked, this, &GroupDialog::submit);
    connect(m_name->edit(), &QLineEdit::textChanged, this, &GroupDialog::refresh);
    connect(m_about, &QPlainTextEdit::textChanged, this, &GroupDialog::refresh);
    m_name->edit()->selectAll();
    m_name->edit()->setFocus();
    refresh();
}

void GroupDialog::refresh()
{
    const QString name = composed(m_name->text()), about = composed(m_about->toPlainText());
    const auto length = codePoints(about);
    const auto most = static_cast<qsizetype>(limits::kMaxAboutChars);
    const bool tooLong = length > most;
    m_count->setText(tr("%1 of %2 characters").arg(length).arg(most));
    m_count->setObjectName(tooLong ? QStringLiteral("FieldError") : QStringLiteral("Muted"));
    m_count->style()->unpolish(m_count); // the name chooses the look
    m_count->style()->polish(m_count);
    const bool longName = codePoints(name) > static_cast<qsizetype>(limits::kMaxNameChars);
    m_name->setError(longName ? tr("At most %n character(s).", nullptr, static_cast<int>(limits::kMaxNameChars))
                              : QString());
    m_save->setEnabled(!m_busy && !name.isEmpty() && !tooLong && !longName &&
                       (name != m_nameBefore || about != m_aboutBefore));
}

void GroupDialog::setBusy(bool busy)
{
    m_busy = busy;
    refresh();
}

void GroupDialog::showError(const client::ClientError &error)
{
    m_problem->setText(Words::error(error));
    m_problem->setToolTip(Words::errorDetail(error));
    m_problem->show();
    growDialog(*this);
}

void GroupDialog::submit()
{
    const QString name = composed(m_name->text()), about = composed(m_about->toPlainText());
    m_problem->hide();
    setBusy(true);
    emit saved(name == m_nameBefore ? std::nullopt : std::optional(name),
               about == m_aboutBefore ? std::nullopt : std::optional(about));
}

} // namespace kith::ui
