// SPDX-License-Identifier: GPL-3.0-or-later
// A SocketPeer on a Beast WebSocket stream. Callbacks, not coroutines: an idle connection then holds one small pending
// operation instead of a frame of every function on its stack.
#pragma once

#include "core/base/limits.h"
#include "server/gateway/door.h"
#include "server/gateway/http_door.h"
#include "server/gateway/io_thread.h"
#include "server/gateway/socket_peer.h"

#include <boost/beast/core/stream_traits.hpp>
#include <boost/beast/websocket/stream.hpp>

#include <array>

namespace kith::server::gateway {

namespace websocket = boost::beast::websocket;

template <class Stream>
class SocketConnection final : public SocketPeer {
public:
    SocketConnection(Door &door, IoThread &thread, Stream &&stream, std::string address)
        : SocketPeer(door, thread, std::move(address)), m_ws(std::move(stream))
    {
    }

    void accept(const Request &request)
    {
        // No timers of Beast: the wheel watches. No auto_fragment: a message is one frame and one write.
        m_ws.set_option(
            websocket::stream_base::timeout{websocket::stream_base::none(), websocket::stream_base::none(), false});
        m_ws.set_option(websocket::stream_base::decorator([](websocket::response_type &response) {
            response.set(http::field::server, "kithd");
            response.set(http::field::sec_websocket_protocol, std::string(kSubprotocol));
        }));
        m_ws.auto_fragment(false);
        m_ws.read_message_max(kDiscardLimit);
        m_ws.text(true);
        m_ws.control_callback([this](websocket::frame_type, boost::beast::string_view) { alive(); });
        ioThread().wheel().schedule(*this, std::chrono::steady_clock::now() + door().settings.httpHeader);
        m_ws.async_accept(request, [this, self = this->shared_from_this()](error_code ec) {
            if (ec || gone()) {
                cut();
                return;
            }
            opened();
            read();
        });
    }

private:
    /// What a frame that is too large may still have without ending the connection: reading it to its end costs little,
    /// and a close in the middle of it reaches the sender as a reset. Beyond it Beast closes with 1009.
    static constexpr std::size_t kDiscardLimit = 16 * 1024 * 1024;
    static constexpr std::size_t kFirstRead = 256; // most frames of clients are heartbeats, acks and short texts
    static constexpr std::size_t kFrameLimit = limits::kMaxClientFrameBytes;

    void read()
    {
        asio::mutable_buffer target = asio::buffer(m_small);
        if (m_tooLarge) {
            target = asio::buffer(m_frame); // overwritten: nobody will read it
        } else if (!m_frame.empty()) {
            const std::size_t more =
                std::min(std::max<std::size_t>(m_frame.size(), 4096), kFrameLimit + 1 - m_frame.size());
            m_frame.resize(m_frame.size() + more);
            target = asio::buffer(m_frame.data() + m_frame.size() - more, more);
        }
        m_offered = target.size();
        m_ws.async_read_some(
            target, [this, self = this->shared_from_this()](error_code ec, std::size_t count) { onRead(ec, count); });
    }

    void onRead(error_code ec, std::size_t count)
    {
        if (gone())
            return;
        if (ec) {
            const int code = ec == websocket::error::closed ? static_cast<int>(m_ws.reason().code) : 1006;
            abort();
            ended(code);
            return;
        }
        alive();
        const bool done = m_ws.is_message_done();
        if (m_tooLarge) {
            // counted by Beast, which ends the connection at kDiscardLimit
        } else if (m_frame.empty()) {
            if (done) {
                deliver({m_small.data(), count});
                read();
                return;
            }
            m_frame.assign(m_small.data(), count);
        } else {
            m_frame.resize(m_frame.size() - m_offered + count);
            m_tooLarge = m_frame.size() > kFrameLimit;
        }
        if (done) {
            if (m_tooLarge)
                receivedTooLarge();
            else
                deliver(m_frame);
            std::string().swap(m_frame); // a large frame's memory is not kept by an idle connection
            m_tooLarge = false;
        }
        if (!gone())
            read();
    }

    void deliver(std::string_view frame)
    {
        if (m_ws.got_text())
            received(frame);
        else
            receivedBinary();
    }

    void writeFrame(std::string_view frame) override
    {
        m_ws.async_write(asio::buffer(frame.data(), frame.size()),
                         [this, self = this->shared_from_this()](error_code ec, std::size_t) {
                             written(!ec);
                             if (ec && !gone()) {
                                 abort();
                                 ended(1006);
                             }
                         });
    }

    void writeClose(protocol::CloseCode code, std::string_view reason) override
    {
        websocket::close_reason close(static_cast<websocket::close_code>(code));
        close.reason.assign(reason.data(), std::min<std::size_t>(reason.size(), 123));
        m_ws.async_close(close, [this, self = this->shared_from_this()](error_code) {
            if (!gone()) {
                abort();
                ended(1006); // ended() knows the code that was asked for
            }
        });
    }

    void abort() override
    {
        error_code ignored;
        boost::beast::get_lowest_layer(m_ws).close(ignored);
    }

    websocket::stream<Stream, false> m_ws; // false: no permessage-deflate in the code at all
    std::string m_frame;                   // a frame that did not fit m_small
    std::size_t m_offered = 0;
    bool m_tooLarge = false;
    std::array<char, kFirstRead> m_small;
};

} // namespace kith::server::gateway
