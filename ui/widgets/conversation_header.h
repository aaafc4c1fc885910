// SPDX-License-Identifier: GPL-3.0-or-later
// Above the timeline: avatar, name, and who is typing, online or how many members.
#pragma once

#ifndef Q_MOC_RUN // moc 6.4 stumbles over libstdc++
#include "core/models/conversation_list.h"
#include "ui/theme/theme.h"
#endif

#include <QWidget>

class QToolButton;

namespace kith::ui {

class AvatarWidget;
class ElidedLabel;

class ConversationHeader final : public QWidget {
    Q_OBJECT
public:
    explicit ConversationHeader(const Theme &theme, QWidget *parent = nullptr);
    void show(const models::ConversationRow &row);
    QString subtitle() const;
    QToolButton *profileButton() const { return m_profile; }

signals:
    void menuRequested(const QPoint &global);
    void membersRequested();
    void profileRequested(); // of the person, or of the group

protected:
    void changeEvent(QEvent *event) override;

private:
    void retranslate();

    const Theme &m_theme;
    QToolButton *m_profile; // around avatar and name
    AvatarWidget *m_avatar;
    ElidedLabel *m_name;
    ElidedLabel *m_subtitle;
    QToolButton *m_members;
    QToolButton *m_more;
    models::ConversationRow m_row;
};

} // namespace kith::ui
