// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/client/proxy.h"

#include <QHostAddress>
#include <QNetworkProxyFactory>
#include <QNetworkProxyQuery>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <array>
#include <utility>

namespace kith::client {

namespace {

constexpr std::array<std::pair<ProxyKind, const char *>, 4> kNames{{{ProxyKind::System, "system"},
                                                                    {ProxyKind::None, "none"},
                                                                    {ProxyKind::Http, "http"},
                                                                    {ProxyKind::Socks5, "socks5"}}};

std::string nameOf(ProxyKind kind)
{
    for (const auto &[one, name] : kNames)
        if (one == kind)
            return name;
    return {};
}

std::optional<ProxyKind> kindOf(std::string_view wanted)
{
    for (const auto &[one, name] : kNames)
        if (wanted == name)
            return one;
    return std::nullopt;
}

/// Everything goes through a tunnel: a proxy that keeps copies has no business in it. It looks up the names.
QNetworkProxy tunnel(QNetworkProxy proxy)
{
    if (proxy.type() == QNetworkProxy::HttpProxy || proxy.type() == QNetworkProxy::HttpCachingProxy)
        proxy.setType(QNetworkProxy::HttpProxy);
    if (proxy.type() != QNetworkProxy::NoProxy)
        proxy.setCapabilities(QNetworkProxy::TunnelingCapability | QNetworkProxy::HostNameLookupCapability);
    return proxy;
}

} // namespace

int defaultPort(ProxyKind kind)
{
    return kind == ProxyKind::Socks5 ? 1080 : 3128;
}

std::optional<ProxySettings> parseProxy(const QString &text)
{
    ProxySettings proxy;
    if (const auto plain = kindOf(text.toStdString()); plain == ProxyKind::System || plain == ProxyKind::None) {
        proxy.kind = *plain;
        return proxy;
    }
    const QUrl url(text, QUrl::StrictMode);
    const auto kind = kindOf(url.scheme().toStdString());
    if (!url.isValid() || url.host().isEmpty() || !url.password().isEmpty() ||
        (kind != ProxyKind::Http && kind != ProxyKind::Socks5) ||
        (url.path() != QLatin1String("/") && !url.path().isEmpty()))
        return std::nullopt;
    proxy.kind = *kind;
    proxy.host = url.host().toStdString();
    proxy.port = url.port(defaultPort(*kind));
    proxy.user = url.userName(QUrl::FullyDecoded).toStdString();
    return proxy;
}

QString proxyName(const ProxySettings &proxy)
{
    const QString kind = QString::fromStdString(nameOf(proxy.kind));
    if (!proxy.isNamed())
        return kind;
    QUrl url;
    url.setScheme(kind);
    if (!proxy.user.empty())
        url.setUserName(QString::fromStdString(proxy.user));
    url.setHost(QString::fromStdString(proxy.host));
    url.setPort(proxy.port);
    return url.toString();
}

std::string encodeProxy(const ProxySettings &proxy)
{
    return boost::json::serialize(boost::json::object{{"kind", nameOf(proxy.kind)},
                                                      {"host", proxy.host},
                                                      {"port", proxy.port},
                                                      {"user", proxy.user},
                                                      {"password", proxy.password}});
}

ProxySettings decodeProxy(std::string_view text)
{
    boost::system::error_code error;
    const auto value = boost::json::parse(text, error);
    if (error || !value.is_object())
        return {};
    const auto &object = value.get_object();
    const auto words = [&](const char *name) {
        const auto *found = object.if_contains(name);
        return found != nullptr && found->is_string() ? std::string(found->get_string()) : std::string();
    };
    const auto kind = kindOf(words("kind"));
    const auto *port = object.if_contains("port");
    if (!kind || port == nullptr || !port->is_int64())
        return {};
    return {*kind, words("host"), static_cast<int>(port->get_int64()), words("user"), words("password")};
}

QNetworkProxy toQt(const ProxySettings &proxy)
{
    if (!proxy.isNamed())
        return QNetworkProxy(QNetworkProxy::NoProxy);
    return tunnel({proxy.kind == ProxyKind::Http ? QNetworkProxy::HttpProxy : QNetworkProxy::Socks5Proxy,
                   QString::fromStdString(proxy.host), static_cast<quint16>(proxy.port),
                   QString::fromStdString(proxy.user), QString::fromStdString(proxy.password)});
}

bool isLocalServer(const QUrl &server)
{
    const QString host = server.host();
    return host.isEmpty() || host == QLatin1String("localhost") || QHostAddress(host).isLoopback();
}

QNetworkProxy systemProxy(const QUrl &server)
{
    if (isLocalServer(server))
        return QNetworkProxy(QNetworkProxy::NoProxy);
    const auto found = QNetworkProxyFactory::systemProxyForQuery(QNetworkProxyQuery(server));
    // In the system's order; of the kinds that know neither FTP nor caches.
    for (const auto &one : found)
        if (one.type() == QNetworkProxy::NoProxy || one.type() == QNetworkProxy::HttpProxy ||
            one.type() == QNetworkProxy::HttpCachingProxy || one.type() == QNetworkProxy::Socks5Proxy)
            return tunnel(one);
    return QNetworkProxy(QNetworkProxy::NoProxy);
}

} // namespace kith::client
