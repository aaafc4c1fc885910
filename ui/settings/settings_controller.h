// SPDX-License-Identifier: GPL-3.0-or-later
// What the dialog of settings asks for, done.
#pragma once

#ifndef Q_MOC_RUN // moc 6.4 stumbles over libstdc++
#include "core/client/client.h"
#include "ui/settings/settings_dialog.h"
#endif

#include <QPointer>

namespace kith::ui {

class UiSettings;

/// Lives as long as its dialog.
class SettingsController final : public QObject {
    Q_OBJECT
public:
    SettingsController(client::Client &client, Theme &theme, UiSettings &settings, QWidget *window);
    SettingsDialog *dialog() const { return m_dialog; }

signals:
    void sendKeyChanged();

private:
    QCoro::Task<void> useProxy(client::ProxySettings proxy);

    client::Client &m_client;
    QPointer<SettingsDialog> m_dialog;
};

} // namespace kith::ui
