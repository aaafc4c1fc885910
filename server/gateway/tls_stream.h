// SPDX-License-Identifier: GPL-3.0-or-later
// OpenSSL directly on the descriptor: asio::ssl keeps 75 KB a connection in its BIO pair and buffers, this 15 KB with
// SSL_MODE_RELEASE_BUFFERS (DESIGN §3.2). An AsyncStream as Asio and Beast want it; one read and one write at a time.
#pragma once

#include "server/gateway/net.h"

#include <boost/asio/buffer.hpp>
#include <boost/asio/compose.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>
#include <boost/beast/core/role.hpp>
#include <boost/beast/websocket/teardown.hpp>

#include <openssl/err.h>
#include <openssl/ssl.h>

#include <memory>

namespace kith::server::gateway {

class TlsStream { // not final: Asio derives from what it tests for being an executor
public:
    using executor_type = Executor;
    using next_layer_type = TcpSocket;

    TlsStream(TcpSocket socket, SSL_CTX *context) : m_socket(std::move(socket)), m_ssl(SSL_new(context))
    {
        error_code ignored;
        m_socket.non_blocking(true, ignored);
        if (m_ssl)
            SSL_set_fd(m_ssl.get(), m_socket.native_handle());
    }
    TlsStream(TlsStream &&) = default;
    TlsStream &operator=(TlsStream &&) = default;

    executor_type get_executor() noexcept { return m_socket.get_executor(); }
    TcpSocket &next_layer() noexcept { return m_socket; }
    const TcpSocket &next_layer() const noexcept { return m_socket; }

    template <class Token>
    auto async_handshake(Token &&token)
    {
        return start<void(error_code)>([](SSL *ssl) { return SSL_accept(ssl); }, std::forward<Token>(token));
    }
    template <class Buffers, class Token>
    auto async_read_some(const Buffers &buffers, Token &&token)
    {
        const asio::mutable_buffer target = firstOf<asio::mutable_buffer>(buffers);
        return start<void(error_code, std::size_t)>(
            [target](SSL *ssl) { return SSL_read(ssl, target.data(), chunk(target.size())); },
            std::forward<Token>(token), target.size() == 0);
    }
    template <class Buffers, class Token>
    auto async_write_some(const Buffers &buffers, Token &&token)
    {
        const std::size_t size = asio::buffer_size(buffers);
        // Small pieces (a frame header and its payload) become one record. The scratch is shared by the thread's
        // connections: SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER lets a retry bring the same bytes from anywhere.
        return start<void(error_code, std::size_t)>(
            [buffers](SSL *ssl) {
                const asio::const_buffer first = firstOf<asio::const_buffer>(buffers);
                if (first.size() >= kRecord || first.size() == asio::buffer_size(buffers))
                    return SSL_write(ssl, first.data(), chunk(first.size()));
                thread_local std::unique_ptr<char[]> scratch(new char[kRecord]);
                const std::size_t gathered = asio::buffer_copy(asio::buffer(scratch.get(), kRecord), buffers);
                return SSL_write(ssl, scratch.get(), chunk(gathered));
            },
            std::forward<Token>(token), size == 0);
    }
    /// Sends close_notify if that is possible at once; waits for nothing.
    void shutdown()
    {
        if (m_ssl && SSL_is_init_finished(m_ssl.get()))
            SSL_shutdown(m_ssl.get());
    }

private:
    static constexpr std::size_t kRecord = 16 * 1024;
    struct Free {
        void operator()(SSL *ssl) const { SSL_free(ssl); }
    };

    static int chunk(std::size_t size) { return static_cast<int>(std::min<std::size_t>(size, 1 << 20)); }

    template <class Buffer, class Buffers>
    static Buffer firstOf(const Buffers &buffers)
    {
        for (auto it = asio::buffer_sequence_begin(buffers); it != asio::buffer_sequence_end(buffers); ++it) {
            const Buffer buffer(*it);
            if (buffer.size() != 0)
                return buffer;
        }
        return {};
    }

    template <class Signature, class Attempt, class Token>
    auto start(Attempt attempt, Token &&token, bool nothing = false)
    {
        return asio::async_compose<Token, Signature>(Operation<Attempt, Signature>{*this, std::move(attempt), nothing},
                                                     token, m_socket);
    }

    /// Tries, waits for what OpenSSL wants, tries again.
    template <class Attempt, class Signature>
    struct Operation {
        TlsStream &stream;
        Attempt attempt;
        bool nothing;
        bool waited = false; // a handler must not be called from within its initiating function
        bool posted = false;
        error_code result{};
        int count = 0;

        template <class Self>
        void operator()(Self &self, error_code ec = {})
        {
            if (posted) {
                finish(self);
                return;
            }
            if (ec) {
                result = ec;
                finish(self);
                return;
            }
            if (!nothing && !run(self))
                return;
            if (waited) {
                finish(self);
                return;
            }
            posted = true;
            auto executor = stream.get_executor();
            asio::post(executor, std::move(self));
        }

        /// False: waiting.
        template <class Self>
        bool run(Self &self)
        {
            SSL *ssl = stream.m_ssl.get();
            if (!ssl || !stream.m_socket.is_open()) {
                result = asio::error::operation_aborted;
                return true;
            }
            ERR_clear_error();
            count = attempt(ssl);
            if (count > 0)
                return true;
            const int why = SSL_get_error(ssl, count);
            const int system = errno;
            count = 0;
            if (why == SSL_ERROR_WANT_READ || why == SSL_ERROR_WANT_WRITE) {
                waited = true;
                auto &socket = stream.m_socket;
                socket.async_wait(why == SSL_ERROR_WANT_READ ? TcpSocket::wait_read : TcpSocket::wait_write,
                                  std::move(self));
                return false;
            }
            if (why == SSL_ERROR_ZERO_RETURN)
                result = asio::error::eof;
            else if (why == SSL_ERROR_SYSCALL && system != 0)
                result = error_code(system, asio::error::get_system_category());
            else
                result = asio::error::connection_aborted;
            return true;
        }

        template <class Self>
        void finish(Self &self)
        {
            if constexpr (std::is_same_v<Signature, void(error_code)>)
                self.complete(result);
            else
                self.complete(result, static_cast<std::size_t>(count));
        }
    };

    TcpSocket m_socket; // before m_ssl: SSL_free comes first and may still look at the descriptor
    std::unique_ptr<SSL, Free> m_ssl;
};

/// What Beast calls at the end of a WebSocket: no waiting for the other side's close_notify, which browsers never send.
template <class Handler>
void async_teardown(boost::beast::role_type role, TlsStream &stream, Handler &&handler)
{
    stream.shutdown();
    using boost::beast::websocket::async_teardown;
    async_teardown(role, stream.next_layer(), std::forward<Handler>(handler));
}

} // namespace kith::server::gateway
