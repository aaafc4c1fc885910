// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/dialogs/text_dialog.h"

#include "ui/widgets/field.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>

namespace kith::ui {

TextDialog::TextDialog(const Theme &theme, const QString &title, const QString &label, const QString &action,
                       QWidget *parent)
    : QDialog(parent)
{
    setAttribute(Qt::WA_DeleteOnClose);
    setWindowTitle(title);
    setMinimumWidth(380);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(space::kXl, space::kXl, space::kXl, space::kXl);
    column->setSpacing(space::kL);
    auto *head = new QLabel(title, this);
    head->setObjectName(QStringLiteral("Title"));
    column->addWidget(head);
    m_field = new Field(theme, Field::Kind::Text, this);
    m_field->setLabel(label);
    column->addWidget(m_field);
    m_hint = new QLabel(this);
    m_hint->setObjectName(QStringLiteral("Muted"));
    m_hint->setWordWrap(true);
    m_hint->hide();
    column->addWidget(m_hint);
    auto *row = new QHBoxLayout;
    row->setSpacing(space::kS);
    auto *cancel = new QPushButton(tr("Cancel"), this);
    auto *ok = new QPushButton(action, this);
    ok->setObjectName(QStringLiteral("Primary"));
    ok->setDefault(true);
    row->addStretch();
    row->addWidget(cancel);
    row->addWidget(ok);
    column->addLayout(row);
    connect(cancel, &QPushButton::clicked, this, &QDialog::reject);
    connect(ok, &QPushButton::clicked, this, &TextDialog::submit);
}

void TextDialog::setText(const QString &text)
{
    m_field->setText(text);
    m_field->edit()->selectAll();
    m_field->edit()->setFocus();
}

void TextDialog::setHint(const QString &hint)
{
    m_hint->setText(hint);
    m_hint->setVisible(!hint.isEmpty());
}

void TextDialog::submit()
{
    const QString text = m_field->text().trimmed();
    if (text.isEmpty()) {
        m_field->setError(tr("Type a name."));
        return;
    }
    if (const QString problem = m_check ? m_check(text) : QString(); !problem.isEmpty()) {
        m_field->setError(problem);
        return;
    }
    emit entered(text);
    accept();
}

} // namespace kith::ui
