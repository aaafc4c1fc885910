// SPDX-License-Identifier: GPL-3.0-or-later
// A WebSocket and HTTP client on a bare descriptor: tests and benchmarks send exactly the bytes they mean to send.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

struct ssl_st;
struct ssl_ctx_st;

namespace kith::test {

struct RawFrame {
    int opcode = 0; // 1 text, 8 close, 9 ping, 10 pong; -1: the connection ended
    std::string payload;
    /// Of a close frame; 1006 where the connection ended without one.
    int closeCode() const;
    std::string closeReason() const { return payload.size() > 2 ? payload.substr(2) : std::string(); }
};

class RawClient final {
public:
    RawClient() = default;
    ~RawClient();
    RawClient(RawClient &&other) noexcept;
    RawClient &operator=(RawClient &&other) noexcept;

    /// "127.0.0.1:4711"; `source` is a numeric loopback address to come from, or empty.
    bool connect(const std::string &endpoint, bool tls = false, const std::string &source = {});
    /// Of the next connect(): a reader that stops is then soon felt by the server, however much this machine's kernel
    /// would buffer for it.
    void setReceiveBuffer(int bytes) { m_receiveBuffer = bytes; }
    bool connected() const { return m_fd >= 0; }
    int descriptor() const { return m_fd; }
    void close();

    bool send(std::string_view bytes);
    /// Up to `limit` bytes, waiting at most `timeoutMs`; nothing at the end of the connection or after the time.
    std::optional<std::string> receiveSome(int timeoutMs, std::size_t limit = 64 * 1024);
    /// All until the other side closes.
    std::string receiveAll(int timeoutMs);
    /// One HTTP answer: status line and header, then as many bytes as Content-Length says.
    std::string receiveResponse(int timeoutMs, bool head = false);

    /// The handshake of /v1/socket with that subprotocol (none if empty). Returns the status line.
    std::string upgrade(const std::string &subprotocol = "kith.v1", const std::string &extraHeaders = {});
    bool sendText(std::string_view payload) { return send(frame(1, payload, true)); }
    /// The next data or close frame; pings are answered, pongs are given out.
    RawFrame receive(int timeoutMs = 10'000);
    /// A masked frame of a client.
    static std::string frame(int opcode, std::string_view payload, bool last);

private:
    bool fill(std::size_t size, int timeoutMs);

    int m_fd = -1;
    int m_receiveBuffer = 0; // bytes; 0: the kernel's choice
    ssl_ctx_st *m_context = nullptr;
    ssl_st *m_ssl = nullptr;
    std::string m_in;
};

/// One request on a connection of its own; body and status of the answer.
struct HttpAnswer {
    int status = 0;
    std::string body;
};
HttpAnswer httpCall(const std::string &endpoint, const std::string &method, const std::string &path,
                    const std::string &body = {}, const std::string &bearer = {}, bool tls = false);

/// The string value of `"key":"…"` in a JSON text, unescaped no further than tests need; empty if it is not there.
std::string jsonString(std::string_view json, std::string_view key);
/// The integer value of `"key":…`, or -1.
std::int64_t jsonInteger(std::string_view json, std::string_view key);

} // namespace kith::test
