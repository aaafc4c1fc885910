// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/setting_row.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QStyle>
#include <QTimer>
#include <QVBoxLayout>

namespace kith::ui {

SettingRow::SettingRow(QWidget *parent) : QWidget(parent)
{
    setObjectName(QStringLiteral("SettingRow"));
    setAttribute(Qt::WA_StyledBackground);
    m_row = new QHBoxLayout(this);
    m_row->setContentsMargins(space::kL, space::kM, space::kM, space::kM);
    m_row->setSpacing(space::kS);
    auto *words = new QVBoxLayout;
    words->setSpacing(2);
    m_name = new QLabel(this);
    m_name->setObjectName(QStringLiteral("Name"));
    m_state = new QLabel(this);
    m_state->setObjectName(QStringLiteral("Muted"));
    for (QLabel *label : {m_name, m_state}) {
        label->setWordWrap(true);
        label->setTextFormat(Qt::PlainText);
        words->addWidget(label);
    }
    m_row->addLayout(words, 1);
}

void SettingRow::setTexts(const QString &name, const QString &state)
{
    m_name->setText(name);
    m_name->setVisible(!name.isEmpty());
    m_state->setText(state);
    m_state->setVisible(!state.isEmpty());
}

QPushButton *SettingRow::addButton(const QString &text)
{
    auto *button = new QPushButton(text, this);
    addControl(button);
    return button;
}

void SettingRow::addControl(QWidget *control)
{
    if (auto *button = qobject_cast<QPushButton *>(control))
        button->setAutoDefault(false);
    m_row->addWidget(control, 0, Qt::AlignVCenter);
}

ConfirmButton::ConfirmButton(const QString &text, const QString &question, QWidget *parent)
    : QPushButton(text, parent), m_text(text)
{
    constexpr int kPatienceMs = 5000;
    auto *forget = new QTimer(this);
    forget->setSingleShot(true);
    forget->setInterval(kPatienceMs);
    const auto ask = [this, question](bool asked) {
        m_asked = asked;
        setText(asked ? question : m_text);
        setObjectName(asked ? QStringLiteral("Danger") : QString());
        style()->unpolish(this); // the name chooses the look
        style()->polish(this);
    };
    connect(forget, &QTimer::timeout, this, [ask] { ask(false); });
    connect(this, &QPushButton::clicked, this, [this, ask, forget] {
        if (!m_asked) {
            ask(true);
            forget->start();
            return;
        }
        forget->stop();
        ask(false);
        emit confirmed();
    });
}

void addRow(QVBoxLayout *rows, SettingRow *row)
{
    row->setProperty("next", rows->count() > 0);
    rows->addWidget(row);
}

QVBoxLayout *makeSection(QVBoxLayout *page, const QString &heading, QWidget *parent)
{
    auto *title = new QLabel(heading, parent);
    title->setObjectName(QStringLiteral("Section"));
    page->addWidget(title);
    auto *box = new QWidget(parent);
    box->setObjectName(QStringLiteral("SettingBox"));
    box->setAttribute(Qt::WA_StyledBackground);
    auto *rows = new QVBoxLayout(box);
    rows->setContentsMargins(1, 1, 1, 1);
    rows->setSpacing(0);
    page->addWidget(box);
    page->addSpacing(space::kL);
    return rows;
}

} // namespace kith::ui
