// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/conversation_header.h"

#include "ui/theme/icons.h"
#include "ui/widgets/avatar.h"
#include "ui/widgets/elided_label.h"
#include "ui/words/words.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QToolButton>

namespace kith::ui {

ConversationHeader::ConversationHeader(const Theme &theme, QWidget *parent) : QWidget(parent), m_theme(theme)
{
    setObjectName(QStringLiteral("ConversationHeader"));
    setAttribute(Qt::WA_StyledBackground);
    setMinimumHeight(64);
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
    auto *layout = new QHBoxLayout(this);
    layout->setContentsMargins(space::kS, 0, space::kM, 0);
    layout->setSpacing(space::kM);
    m_profile = new QToolButton(this);
    m_profile->setFocusPolicy(Qt::TabFocus);
    m_profile->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Fixed);
    m_profile->setFixedHeight(56);
    auto *person = new QHBoxLayout(m_profile);
    person->setContentsMargins(space::kS, 0, space::kS, 0);
    person->setSpacing(space::kM);
    m_avatar = new AvatarWidget(theme, 40, m_profile);
    person->addWidget(m_avatar);
    auto *texts = new QVBoxLayout;
    texts->setSpacing(1);
    m_name = new ElidedLabel(m_profile);
    m_name->setObjectName(QStringLiteral("Name"));
    m_subtitle = new ElidedLabel(m_profile);
    m_subtitle->setObjectName(QStringLiteral("Muted"));
    texts->addStretch();
    texts->addWidget(m_name);
    texts->addWidget(m_subtitle);
    texts->addStretch();
    person->addLayout(texts, 1);
    for (QWidget *part :
         {static_cast<QWidget *>(m_avatar), static_cast<QWidget *>(m_name), static_cast<QWidget *>(m_subtitle)})
        part->setAttribute(Qt::WA_TransparentForMouseEvents);
    layout->addWidget(m_profile, 1);
    m_members = new QToolButton(this);
    m_more = new QToolButton(this);
    for (QToolButton *button : {m_members, m_more}) {
        button->setIconSize(QSize(20, 20));
        button->setFocusPolicy(Qt::StrongFocus);
        layout->addWidget(button);
    }
    connect(m_profile, &QToolButton::clicked, this, &ConversationHeader::profileRequested);
    connect(m_members, &QToolButton::clicked, this, &ConversationHeader::membersRequested);
    connect(m_more, &QToolButton::clicked, this,
            [this] { emit menuRequested(m_more->mapToGlobal(QPoint(0, m_more->height()))); });
    connect(&theme, &Theme::changed, this, &ConversationHeader::retranslate);
    retranslate();
}

void ConversationHeader::show(const models::ConversationRow &row)
{
    m_row = row;
    retranslate();
}

QString ConversationHeader::subtitle() const
{
    return m_subtitle->fullText();
}

void ConversationHeader::changeEvent(QEvent *event)
{
    if (event->type() == QEvent::LanguageChange)
        retranslate();
    QWidget::changeEvent(event);
}

void ConversationHeader::retranslate()
{
    const bool group = m_row.head.head.type != ConversationType::Private;
    m_members->setIcon(icon(QStringLiteral("people"), m_theme[Token::Muted]));
    m_members->setToolTip(tr("Members"));
    m_members->setAccessibleName(tr("Members"));
    m_members->setVisible(group && !m_row.head.archive);
    m_more->setVisible(!m_row.head.archive);
    m_more->setIcon(icon(QStringLiteral("more"), m_theme[Token::Muted]));
    m_more->setToolTip(tr("More"));
    m_more->setAccessibleName(tr("More"));
    m_avatar->show(m_row.name, m_row.colour, m_row.avatar);
    m_name->setFullText(Words::name(m_row));
    m_profile->setEnabled(!m_row.head.archive);
    m_profile->setToolTip(m_row.head.archive ? QString() : group ? tr("About the group") : tr("Profile"));
    QString line;
    if (!m_row.typing.isEmpty())
        line = Words::typing(m_row.typing, group);
    else if (m_row.head.archive)
        line = tr("Kept on this computer; the server lost these messages");
    else if (group)
        line = m_row.head.head.removed ? tr("You are no longer a member") : Words::members(m_row.head.head.members);
    else
        line = Words::presence(m_row.presence);
    m_subtitle->setFullText(line);
    m_profile->setAccessibleName(Words::name(m_row));
    m_profile->setAccessibleDescription(line);
}

} // namespace kith::ui
