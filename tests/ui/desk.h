// SPDX-License-Identifier: GPL-3.0-or-later
// One person's window over a real client core with a profile of its own.
#pragma once

#include "core/crypto/crypto.h"
#include "ui/list/sidebar.h"
#include "ui/shell/chat_page.h"
#include "ui/shell/main_window.h"
#include "ui/timeline/timeline_view.h"

#include <QDir>
#include <QFile>

#include <memory>

namespace kith::test {

class Desk final {
public:
    enum class Key { File, Passphrase };
    Desk(ui::Theme &theme, ui::Languages &languages, const QString &profile, Key key = Key::File) : m_profile(profile)
    {
        const QString keyFile = profile + QStringLiteral(".key");
        if (key == Key::File && !QFile::exists(keyFile)) {
            QFile file(keyFile);
            if (file.open(QIODevice::WriteOnly, QFile::ReadOwner | QFile::WriteOwner))
                file.write(QByteArray::fromStdString(crypto::toHex(crypto::randomBytes(crypto::kKeyBytes))));
        }
        client::ClientOptions options;
        options.profileDir = profile;
        if (key == Key::File)
            options.keyFile = keyFile;
        options.useKeyring = false;
        options.deviceName = QStringLiteral("test");
        m_client = std::make_unique<client::Client>(options);
        m_settings = std::make_unique<ui::UiSettings>(profile);
        m_window = std::make_unique<ui::MainWindow>(*m_client, theme, languages, *m_settings);
        m_window->resize(1040, 720);
        m_window->show();
    }

    ui::MainWindow &window() { return *m_window; }
    client::Client &client() { return *m_client; }
    ui::ChatPage &chat() { return *m_window->chatPage(); }
    models::ConversationListModel &list() { return m_window->controller().list(); }
    models::TimelineWindow &timeline() { return m_window->controller().timeline(); }
    ui::UiSettings &settings() { return *m_settings; }
    const QString &profile() const { return m_profile; }

    /// Row of the message with that text, -1 where there is none.
    int rowOf(const QString &text)
    {
        for (int i = 0; i < timeline().rowCount(); ++i) {
            if (timeline().row(i).kind == models::RowKind::Message && timeline().row(i).text() == text)
                return i;
        }
        return -1;
    }

private:
    QString m_profile;
    // The window goes before the client that it shows.
    std::unique_ptr<client::Client> m_client;
    std::unique_ptr<ui::UiSettings> m_settings;
    std::unique_ptr<ui::MainWindow> m_window;
};

} // namespace kith::test
