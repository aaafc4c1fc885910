// SPDX-License-Identifier: GPL-3.0-or-later
// What the page "On this computer" asks for, done by the client; what the client tells, shown there.
#pragma once

#ifndef Q_MOC_RUN // moc 6.4 stumbles over libstdc++
#include "core/client/client.h"
#include "core/models/conversation_list.h"
#include "ui/dialogs/download_dialog.h"
#endif

#include <QPointer>
#include <QTimer>

namespace kith::ui {

/// Lives as long as its dialog.
class DownloadController final : public QObject {
    Q_OBJECT
public:
    DownloadController(client::Client &client, const models::ConversationListModel &list, const Theme &theme,
                       QWidget *window);
    DownloadDialog *dialog() const { return m_dialog; }

private:
    void refreshSoon();
    QCoro::Task<void> refresh();
    void show();
    void forget(const ConversationId &id);
    QString nameOf(const ConversationId &id) const;

    client::Client &m_client;
    const models::ConversationListModel &m_list;
    const Theme &m_theme;
    QPointer<DownloadDialog> m_dialog;
    client::StorageReport m_report;
    bool m_counted = false, m_reading = false, m_again = false;
    QTimer m_soon;
};

} // namespace kith::ui
