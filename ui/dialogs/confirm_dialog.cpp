// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/dialogs/confirm_dialog.h"

#include "ui/theme/theme.h"
#include "ui/widgets/controls.h"
#include "ui/widgets/fit_height.h"
#include "ui/widgets/notice.h"

#include <QCheckBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

namespace kith::ui {

ConfirmDialog::ConfirmDialog(const Theme &theme, const QString &title, const QString &text, const QString &action,
                             QWidget *parent)
    : QDialog(parent)
{
    setAttribute(Qt::WA_DeleteOnClose);
    setWindowTitle(title);
    setMinimumWidth(420);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(space::kXl, space::kXl, space::kXl, space::kXl);
    column->setSpacing(space::kL);
    auto *head = new QLabel(title, this);
    head->setObjectName(QStringLiteral("Title"));
    head->setWordWrap(true);
    column->addWidget(head);
    auto *words = new QLabel(text, this);
    words->setWordWrap(true);
    column->addWidget(words);
    m_option = new CheckBox(theme, {}, this);
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
        fitHeight(*this);
    });
    connect(m_cancel, &QPushButton::clicked, this, &QDialog::reject);
    connect(m_action, &QPushButton::clicked, this, [this] {
        emit confirmed(m_option->isChecked());
        accept();
    });
    m_cancel->setFocus();
    fitHeight(*this);
}

void ConfirmDialog::setOption(const QString &text, const QString &consequence)
{
    m_option->setText(text);
    m_option->show();
    m_consequence->setText(consequence);
    fitHeight(*this);
}

} // namespace kith::ui
