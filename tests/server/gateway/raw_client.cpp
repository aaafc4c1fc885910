// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/server/gateway/raw_client.h"

#include <openssl/ssl.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <utility>

namespace kith::test {
namespace {

using Clock = std::chrono::steady_clock;

int remaining(Clock::time_point deadline)
{
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(deadline - Clock::now()).count();
    return static_cast<int>(std::max<long long>(0, left));
}

} // namespace

int RawFrame::closeCode() const
{
    if (opcode != 8 || payload.size() < 2)
        return 1006;
    return static_cast<unsigned char>(payload[0]) * 256 + static_cast<unsigned char>(payload[1]);
}

RawClient::~RawClient()
{
    close();
}

RawClient::RawClient(RawClient &&other) noexcept
{
    *this = std::move(other);
}

RawClient &RawClient::operator=(RawClient &&other) noexcept
{
    if (this != &other) {
        close();
        m_fd = std::exchange(other.m_fd, -1);
        m_context = std::exchange(other.m_context, nullptr);
        m_ssl = std::exchange(other.m_ssl, nullptr);
        m_in = std::move(other.m_in);
    }
    return *this;
}

void RawClient::close()
{
    if (m_ssl)
        SSL_free(std::exchange(m_ssl, nullptr));
    if (m_context)
        SSL_CTX_free(std::exchange(m_context, nullptr));
    if (m_fd >= 0)
        ::close(std::exchange(m_fd, -1));
    m_in.clear();
}

bool RawClient::connect(const std::string &endpoint, bool tls, const std::string &source)
{
    close();
    const auto colon = endpoint.rfind(':');
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(std::atoi(endpoint.c_str() + colon + 1)));
    ::inet_pton(AF_INET, endpoint.substr(0, colon).c_str(), &address.sin_addr);
    m_fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const int on = 1;
    ::setsockopt(m_fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (m_receiveBuffer > 0)
        ::setsockopt(m_fd, SOL_SOCKET, SO_RCVBUF, &m_receiveBuffer, sizeof m_receiveBuffer);
    if (!source.empty()) {
        sockaddr_in from{};
        from.sin_family = AF_INET;
        ::inet_pton(AF_INET, source.c_str(), &from.sin_addr);
        // The port is chosen at connect: 64,000 per source address and destination, not per machine.
        ::setsockopt(m_fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &on, sizeof on);
        if (::bind(m_fd, reinterpret_cast<const sockaddr *>(&from), sizeof from) != 0) {
            close();
            return false;
        }
    }
    if (::connect(m_fd, reinterpret_cast<const sockaddr *>(&address), sizeof address) != 0) {
        close();
        return false;
    }
    if (!tls)
        return true;
    m_context = SSL_CTX_new(TLS_client_method());
    SSL_CTX_set_verify(m_context, SSL_VERIFY_NONE, nullptr);
    m_ssl = SSL_new(m_context);
    SSL_set_fd(m_ssl, m_fd);
    if (SSL_connect(m_ssl) == 1)
        return true;
    close();
    return false;
}

bool RawClient::send(std::string_view bytes)
{
    while (!bytes.empty() && m_fd >= 0) {
        const auto count = m_ssl ? static_cast<ssize_t>(SSL_write(m_ssl, bytes.data(), static_cast<int>(bytes.size())))
                                 : ::send(m_fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (count <= 0)
            return false;
        bytes.remove_prefix(static_cast<std::size_t>(count));
    }
    return m_fd >= 0;
}

std::optional<std::string> RawClient::receiveSome(int timeoutMs, std::size_t limit)
{
    if (m_fd < 0)
        return std::nullopt;
    if (!m_ssl || SSL_pending(m_ssl) == 0) {
        pollfd poller{m_fd, POLLIN, 0};
        if (::poll(&poller, 1, timeoutMs) <= 0)
            return std::nullopt;
    }
    std::string buffer(limit, '\0');
    const auto count = m_ssl ? static_cast<ssize_t>(SSL_read(m_ssl, buffer.data(), static_cast<int>(limit)))
                             : ::recv(m_fd, buffer.data(), limit, 0);
    if (count <= 0)
        return std::nullopt;
    buffer.resize(static_cast<std::size_t>(count));
    return buffer;
}

bool RawClient::fill(std::size_t size, int timeoutMs)
{
    const auto deadline = Clock::now() + std::chrono::milliseconds(timeoutMs);
    while (m_in.size() < size) {
        const auto more = receiveSome(remaining(deadline));
        if (!more)
            return false;
        m_in += *more;
    }
    return true;
}

std::string RawClient::receiveAll(int timeoutMs)
{
    const auto deadline = Clock::now() + std::chrono::milliseconds(timeoutMs);
    std::string all = std::exchange(m_in, {});
    while (const auto more = receiveSome(remaining(deadline)))
        all += *more;
    return all;
}

std::string RawClient::receiveResponse(int timeoutMs, bool head)
{
    std::size_t end = std::string::npos;
    while ((end = m_in.find("\r\n\r\n")) == std::string::npos) {
        if (!fill(m_in.size() + 1, timeoutMs))
            return std::exchange(m_in, {});
    }
    std::size_t size = end + 4;
    const auto length = m_in.find("Content-Length: ");
    if (!head && length != std::string::npos && length < end)
        size += static_cast<std::size_t>(std::atoll(m_in.c_str() + length + 16));
    fill(size, timeoutMs);
    std::string response = m_in.substr(0, size);
    m_in.erase(0, size);
    return response;
}

std::string RawClient::upgrade(const std::string &subprotocol, const std::string &extraHeaders)
{
    std::string request = "GET /v1/socket HTTP/1.1\r\nHost: test\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                          "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";
    if (!subprotocol.empty())
        request += "Sec-WebSocket-Protocol: " + subprotocol + "\r\n";
    if (!send(request + extraHeaders + "\r\n"))
        return {};
    const std::string response = receiveResponse(10'000);
    return response.substr(0, response.find("\r\n"));
}

std::string RawClient::frame(int opcode, std::string_view payload, bool last)
{
    std::string out;
    out.reserve(payload.size() + 14);
    out += static_cast<char>((last ? 0x80 : 0) | opcode);
    const std::size_t size = payload.size();
    if (size < 126) {
        out += static_cast<char>(0x80 | size);
    } else if (size < 65536) {
        out += static_cast<char>(0x80 | 126);
        out += static_cast<char>(size >> 8);
        out += static_cast<char>(size & 255);
    } else {
        out += static_cast<char>(0x80 | 127);
        for (int shift = 56; shift >= 0; shift -= 8)
            out += static_cast<char>((static_cast<std::uint64_t>(size) >> shift) & 255);
    }
    static constexpr char kMask[4] = {0x37, 0x11, 0x5a, 0x6c};
    out.append(kMask, 4);
    for (std::size_t i = 0; i < size; ++i)
        out += static_cast<char>(payload[i] ^ kMask[i & 3]);
    return out;
}

RawFrame RawClient::receive(int timeoutMs)
{
    RawFrame result;
    result.opcode = 0;
    for (;;) {
        if (!fill(2, timeoutMs))
            return {-1, {}};
        const int first = static_cast<unsigned char>(m_in[0]);
        std::uint64_t size = static_cast<unsigned char>(m_in[1]) & 0x7f;
        std::size_t header = 2;
        const std::size_t extra = size == 126 ? 2 : size == 127 ? 8 : 0;
        if (extra) {
            if (!fill(header + extra, timeoutMs))
                return {-1, {}};
            size = 0;
            for (std::size_t i = 0; i < extra; ++i)
                size = size * 256 + static_cast<unsigned char>(m_in[header + i]);
            header += extra;
        }
        if (!fill(header + size, timeoutMs))
            return {-1, {}};
        const int opcode = first & 15;
        std::string payload = m_in.substr(header, size);
        m_in.erase(0, header + size);
        if (opcode == 9) {
            send(frame(10, payload, true));
            continue;
        }
        if (opcode >= 8)
            return {opcode, std::move(payload)};
        result.opcode = opcode != 0 ? opcode : result.opcode;
        result.payload += payload;
        if (first & 0x80)
            return result;
    }
}

HttpAnswer httpCall(const std::string &endpoint, const std::string &method, const std::string &path,
                    const std::string &body, const std::string &bearer, bool tls)
{
    RawClient client;
    if (!client.connect(endpoint, tls))
        return {};
    std::string request = method + " " + path + " HTTP/1.1\r\nHost: test\r\nConnection: close\r\n";
    if (!bearer.empty())
        request += "Authorization: Bearer " + bearer + "\r\n";
    if (!body.empty())
        request += "Content-Type: application/json\r\nContent-Length: " + std::to_string(body.size()) + "\r\n";
    client.send(request + "\r\n" + body);
    const std::string response = client.receiveResponse(20'000, method == "HEAD");
    const auto end = response.find("\r\n\r\n");
    if (end == std::string::npos)
        return {};
    return {std::atoi(response.c_str() + 9), response.substr(end + 4)};
}

std::string jsonString(std::string_view json, std::string_view key)
{
    const std::string needle = "\"" + std::string(key) + "\":\"";
    const auto at = json.find(needle);
    if (at == std::string_view::npos)
        return {};
    const auto from = at + needle.size();
    return std::string(json.substr(from, json.find('"', from) - from));
}

std::int64_t jsonInteger(std::string_view json, std::string_view key)
{
    const std::string needle = "\"" + std::string(key) + "\":";
    const auto at = json.find(needle);
    if (at == std::string_view::npos)
        return -1;
    return std::atoll(std::string(json.substr(at + needle.size(), 20)).c_str());
}

} // namespace kith::test
