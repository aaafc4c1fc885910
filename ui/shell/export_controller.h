// SPDX-License-Identifier: GPL-3.0-or-later
// What the dialog of an export asks for, done by the client; what the client tells, shown there.
#pragma once

#ifndef Q_MOC_RUN // moc 6.4 stumbles over libstdc++
#include "core/client/client.h"
#include "ui/dialogs/export_dialog.h"
#endif

#include <QPointer>

namespace kith::ui {

/// Lives as long as its dialog; an export that runs when it goes is cancelled.
class ExportController final : public QObject {
    Q_OBJECT
public:
    ExportController(client::Client &client, ConversationId conversation, const QString &name, const Theme &theme,
                     QWidget *window);
    ~ExportController() override;
    ExportDialog *dialog() const { return m_dialog; }
    /// A name that no file in the user's documents has.
    static QString freePath(const QString &folder, const QString &name, exporting::Format format);

private:
    void choosePath();
    void follow();
    QCoro::Task<void> start(bool replace);

    client::Client &m_client;
    ConversationId m_conversation;
    QString m_name, m_chosen; // m_chosen: by the user, who has said what becomes of a file that is there
    QPointer<ExportDialog> m_dialog;
    std::shared_ptr<client::ExportControl> m_control;
};

} // namespace kith::ui
