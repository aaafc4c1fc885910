// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/settings/settings_controller.h"

#include "ui/shell/ui_settings.h"

#include <QApplication>

namespace kith::ui {

SettingsController::SettingsController(client::Client &client, Theme &theme, UiSettings &settings, QWidget *window)
    : m_client(client), m_dialog(new SettingsDialog(theme, window))
{
    setParent(m_dialog);
    m_dialog->setTextSize(settings.textSize());
    m_dialog->setSendKey(settings.sendWithControl());
    m_dialog->setProxy(client.proxy());
    connect(m_dialog, &SettingsDialog::textSizeChosen, this, [&theme, &settings](int percent) {
        settings.setTextSize(percent);
        theme.setTextSize(*qApp, percent);
    });
    connect(m_dialog, &SettingsDialog::sendKeyChosen, this, [this, &settings](bool withControl) {
        settings.setSendWithControl(withControl);
        emit sendKeyChanged();
    });
    connect(m_dialog, &SettingsDialog::proxyChosen, this,
            [this](const client::ProxySettings &proxy) { useProxy(proxy); });
    connect(&theme, &Theme::changed, m_dialog, [this, &settings] { m_dialog->setTextSize(settings.textSize()); });
}

QCoro::Task<void> SettingsController::useProxy(client::ProxySettings proxy)
{
    const QPointer<SettingsController> alive(this);
    auto task = m_client.setProxy(std::move(proxy));
    auto done = co_await task;
    if (!alive || !m_dialog)
        co_return;
    if (done)
        m_dialog->setProxyDone();
    else
        m_dialog->setProxyFailed(done.error());
}

} // namespace kith::ui
