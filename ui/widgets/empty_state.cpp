// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/empty_state.h"

#include "ui/theme/icons.h"

#include <QLabel>
#include <QPainter>
#include <QPushButton>
#include <QVBoxLayout>

namespace kith::ui {

ArtWidget::ArtWidget(const Theme &theme, QString art, QSize size, QWidget *parent)
    : QWidget(parent), m_theme(theme), m_art(std::move(art))
{
    setFixedSize(size);
    connect(&theme, &Theme::changed, this, [this] { update(); });
}

void ArtWidget::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    const bool logo = m_art == QLatin1String("app");
    paintArt(painter, m_art, rect(), m_theme[logo ? Token::OnAccent : Token::Accent],
             m_theme[logo ? Token::Accent : Token::Art]);
}

EmptyState::EmptyState(const Theme &theme, QString art, QWidget *parent) : QWidget(parent)
{
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(space::kXl, space::kXl, space::kXl, space::kXl);
    layout->setSpacing(0);
    layout->addStretch(3);
    layout->addWidget(new ArtWidget(theme, std::move(art), QSize(200, 140), this), 0, Qt::AlignHCenter);
    layout->addSpacing(space::kL);
    m_title = new QLabel(this);
    m_title->setObjectName(QStringLiteral("Name"));
    m_hint = new QLabel(this);
    m_hint->setObjectName(QStringLiteral("Muted"));
    for (QLabel *label : {m_title, m_hint}) {
        label->setAlignment(Qt::AlignHCenter | Qt::AlignTop);
        label->setWordWrap(true);
    }
    layout->addWidget(m_title);
    layout->addSpacing(space::kXs);
    layout->addWidget(m_hint);
    layout->addSpacing(space::kL);
    m_action = new QPushButton(this);
    m_action->setObjectName(QStringLiteral("Primary"));
    m_action->hide();
    layout->addWidget(m_action, 0, Qt::AlignHCenter);
    layout->addStretch(4);
    connect(m_action, &QPushButton::clicked, this, &EmptyState::actionClicked);
}

void EmptyState::setTexts(const QString &title, const QString &hint, const QString &action)
{
    m_title->setText(title);
    m_hint->setText(hint);
    m_action->setText(action);
    m_action->setVisible(!action.isEmpty());
}

} // namespace kith::ui
