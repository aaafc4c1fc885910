// SPDX-License-Identifier: GPL-3.0-or-later
// Through which proxy the server is reached: the system's, none, or one that the user names.
#pragma once

#include <QNetworkProxy>
#include <QString>
#include <QUrl>

#include <optional>
#include <string>
#include <string_view>

namespace kith::client {

enum class ProxyKind {
    System, // as the desktop or the environment says; never to this computer itself
    None,
    Http, // CONNECT
    Socks5,
};

struct ProxySettings {
    ProxyKind kind = ProxyKind::System;
    std::string host;
    int port = 0;
    std::string user, password; // empty: it does not ask

    bool operator==(const ProxySettings &) const = default;
    bool isNamed() const { return kind == ProxyKind::Http || kind == ProxyKind::Socks5; }
};

/// "system", "none", "http://[user@]host[:port]" or "socks5://…"; nothing if it is none of these, or has a password in
/// it: those who list processes would see it.
std::optional<ProxySettings> parseProxy(const QString &text);
/// The same words, without the password.
QString proxyName(const ProxySettings &proxy);
int defaultPort(ProxyKind kind);

/// As the history keeps it; what cannot be read is the system's.
std::string encodeProxy(const ProxySettings &proxy);
ProxySettings decodeProxy(std::string_view text);

/// Of System: none, see systemProxy().
QNetworkProxy toQt(const ProxySettings &proxy);
/// On this computer: the system's proxy is not for it.
bool isLocalServer(const QUrl &server);
/// What the system says of that server. May wait for a script or the network: not on the client's thread.
QNetworkProxy systemProxy(const QUrl &server);

} // namespace kith::client
