// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/dialogs/confirm_dialog.h"

#include "ui/theme/theme.h"
#include "ui/widgets/notice.h"

#include <QCheckBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

namespace kith::ui {

ConfirmDialog::ConfirmDialog(const QString &title, const QString &text, const QString &action, QWidget *parent)
    : QDialog(parent)
{
    setAttribute(Qt::WA_DeleteOnClose);
    setWindowTitle(title);
    setFixedWidth(420);
    auto *column = new QVBoxLayout(this);
    column->setSizeConstraint(QLayout::SetMinimumSize);
    column->setContentsMargins(space::kXl, space::kXl, space::kXl, space::kXl);
    column->setSpacing(space::kL);
    auto *head = new QLabel(title, this);
    head->setObjectName(QStringLiteral("Title"));
    head->setWordWrap(true);
    column->addWidget(head);
    auto *words = new QLabel(text, this);
    words->setWordWrap(true);
    column->addWidget(words);
    m_option = new QCheckBox(this);
    m_option->hide();
    column->addWidget(m_option);
    m_consequence = makeErrorBox(this);
    column->addWidget(m_consequence);
    auto *row = new QHBoxLayout;
    row->setSpacing(space::kS);
    m_cancel = new QPushButton(tr("Cancel"), this);
    m_cancel->setDefault(true);
    m_action = new QPushButton(action, this);
    m_action->setObjectName(QStringLiteral("Danger"));
    m_action->setAutoDefault(false);
    row->addStretch();
    row->addWidget(m_cancel);
    row->addWidget(m_action);
    column->addLayout(row);
    connect(m_option, &QCheckBox::toggled, this, [this](bool on) {
        m_consequence->setVisible(on);
        adjustSize();
    });
    connect(m_cancel, &QPushButton::clicked, this, &QDialog::reject);
    connect(m_action, &QPushButton::clicked, this, [this] {
        emit confirmed(m_option->isChecked());
        accept();
    });
    m_cancel->setFocus();
}

void ConfirmDialog::setOption(const QString &text, const QString &consequence)
{
    m_option->setText(text);
    m_option->show();
    m_consequence->setText(consequence);
}

} // namespace kith::ui
