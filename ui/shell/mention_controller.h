// SPDX-License-Identifier: GPL-3.0-or-later
// Who may be mentioned in the open conversation: those who wrote last, then everybody else in the group.
#pragma once

#ifndef Q_MOC_RUN // moc 6.4 stumbles over libstdc++
#include "core/client/client.h"
#include "core/models/timeline_window.h"
#endif

#include <QObject>
#include <QTimer>

namespace kith::ui {

class MentionCompleter;

class MentionController final : public QObject {
    Q_OBJECT
public:
    MentionController(client::Client &client, models::People &people, const models::TimelineWindow &timeline,
                      QObject *parent = nullptr);

    /// One completer at a time; it must live as long as this or until another one is attached.
    void attach(MentionCompleter &completer);
    /// Another conversation was opened, or the members of this one changed.
    void reset();

private:
    void want();
    void refresh();
    QCoro::Task<void> load(ConversationId conversation);

    client::Client &m_client;
    models::People &m_people;
    const models::TimelineWindow &m_timeline;
    MentionCompleter *m_completer = nullptr;
    std::vector<UserId> m_members;
    bool m_wanted = false, m_loading = false, m_loaded = false;
    QTimer m_names; // names come in many at a time
};

} // namespace kith::ui
