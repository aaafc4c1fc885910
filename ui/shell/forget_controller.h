// SPDX-License-Identifier: GPL-3.0-or-later
// What the dialog of forgetting asks for, done by the client.
#pragma once

#ifndef Q_MOC_RUN // moc 6.4 stumbles over libstdc++
#include "core/client/client.h"
#include "ui/dialogs/forget_dialog.h"
#endif

#include <QPointer>

namespace kith::ui {

/// Lives as long as its dialog; what was begun goes on without it.
class ForgetController final : public QObject {
    Q_OBJECT
public:
    /// `conversation` empty: of all, and `name` too.
    ForgetController(client::Client &client, ConversationId conversation, const QString &name, const Theme &theme,
                     QWidget *window);
    ForgetDialog *dialog() const { return m_dialog; }

private:
    std::vector<ConversationId> chosen() const;
    Timestamp before() const;
    QCoro::Task<void> survey();
    QCoro::Task<void> forget();

    client::Client &m_client;
    ConversationId m_conversation;
    QPointer<ForgetDialog> m_dialog;
    std::uint64_t m_asked = 0; // of surveys: an older answer is dropped
};

} // namespace kith::ui
