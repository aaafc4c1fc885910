// SPDX-License-Identifier: GPL-3.0-or-later
// One accepted connection while it speaks HTTP: handshake, requests with keep-alive, and the upgrade that ends it.
#pragma once

#include "core/base/file_limits.h"
#include "core/base/logging.h"
#include "core/protocol/errors.h"
#include "server/gateway/connection.h"
#include "server/gateway/http_door.h"
#include "server/gateway/socket_connection.ipp"
#include "server/gateway/wheel.h"
#include "server/ops/log.h"
#include "server/ops/metrics.h"

#include <boost/asio/post.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/write.hpp>

#include <algorithm>
#include <memory>
#include <optional>

namespace kith::server::gateway {

template <class Stream>
class HttpConnection final : public WheelItem,
                             public Drainable,
                             public std::enable_shared_from_this<HttpConnection<Stream>> {
public:
    HttpConnection(Door &door, IoThread &thread, Stream stream, Entrance entrance, std::string address)
        : m_door(door), m_thread(thread), m_stream(std::move(stream)), m_entrance(entrance),
          m_address(std::move(address)), m_buffer(kHeaderLimit + limits::kMaxHttpBodyBytes)
    {
    }
    ~HttpConnection() override
    {
        if (m_requestUnderWay)
            m_door.left();
    }

    /// A body that is streamed has a moment left: one slow reader must not use up the patience of the whole drain. It
    /// can fetch the rest with a range.
    void drain(SteadyTime now) override
    {
        m_cut = now + kDrainGrace;
        if (m_source)
            m_thread.wheel().schedule(*this, *m_cut);
    }

    void start()
    {
        deadline(m_door.settings.httpHeader);
        if constexpr (requires { m_stream.next_layer(); }) {
            m_stream.async_handshake([this, self = this->shared_from_this()](error_code ec) {
                if (!ec && !m_ended)
                    readHeader();
                else
                    end();
            });
        } else {
            readHeader();
        }
    }

private:
    static constexpr std::chrono::seconds kDrainGrace{2};
    static constexpr std::chrono::milliseconds kBodyGrace{10'000};
    static constexpr std::size_t kLeastBodyRate = 16 * 1024; // bytes a second, after that
    static constexpr std::uint32_t kHeaderLimit = 16 * 1024; // the largest known browser headers are half of it
    using Self = std::shared_ptr<HttpConnection>;

    void deadline(std::chrono::milliseconds wait)
    {
        const auto due = std::chrono::steady_clock::now() + wait;
        m_thread.wheel().schedule(*this, m_source && m_cut ? std::min(due, *m_cut) : due);
    }
    void expired(SteadyTime) override { end(); }

    void end()
    {
        if (std::exchange(m_ended, true))
            return;
        unlink();
        error_code ignored;
        if constexpr (requires { m_stream.shutdown(); })
            m_stream.shutdown();
        boost::beast::get_lowest_layer(m_stream).close(ignored);
    }

    /// The answer is on its way; what the other side still sends is read and dropped for a moment, because closing with
    /// unread bytes makes the kernel reset the connection, and the answer would be lost with it.
    void endSoftly()
    {
        error_code ignored;
        if constexpr (requires { m_stream.shutdown(); })
            m_stream.shutdown();
        boost::beast::get_lowest_layer(m_stream).shutdown(TcpSocket::shutdown_send, ignored);
        deadline(std::chrono::milliseconds(1000));
        m_buffer.clear();
        drop();
    }
    void drop()
    {
        boost::beast::get_lowest_layer(m_stream).async_read_some(
            m_buffer.prepare(8192), [this, self = this->shared_from_this()](error_code ec, std::size_t) {
                if (ec || m_ended)
                    end();
                else
                    drop();
            });
    }

    void readHeader()
    {
        m_parser.emplace();
        m_parser->header_limit(kHeaderLimit);
        // Beast compares Content-Length with it as soon as the header is there; readBody() knows the call.
        m_parser->body_limit(m_entrance == Entrance::Ops ? 0 : static_cast<std::uint64_t>(limits::kMaxFileChunk));
        http::async_read_header(m_stream, m_buffer, *m_parser,
                                [this, self = this->shared_from_this()](error_code ec, std::size_t) {
                                    if (m_ended)
                                        return;
                                    if (ec)
                                        refuse(ec);
                                    else
                                        readBody();
                                });
    }

    void readBody()
    {
        m_started = std::chrono::steady_clock::now();
        if (m_parser->is_done()) {
            handle();
            return;
        }
        if (!mayReadBody())
            return;
        deadline(m_door.settings.httpBody);
        if (http::token_list(m_parser->get()[http::field::expect]).exists("100-continue")) {
            static constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";
            asio::async_write(m_stream, asio::buffer(kContinue.data(), kContinue.size()),
                              [this, self = this->shared_from_this()](error_code ec, std::size_t) {
                                  if (ec || m_ended)
                                      end();
                                  else
                                      readRest();
                              });
            return;
        }
        readRest();
    }

    /// A large body only for an upload, and only of somebody who may: else it was answered, and nothing of it is read.
    bool mayReadBody()
    {
        const auto length = m_parser->content_length();
        if (length && *length <= limits::kMaxHttpBodyBytes)
            return true;
        if (m_entrance == Entrance::Ops || !isUploadRequest(m_parser->get())) {
            if (!length) { // in chunks: the parser counts
                m_parser->body_limit(m_entrance == Entrance::Ops ? 0 : limits::kMaxHttpBodyBytes);
                return true;
            }
            refuse(http::error::body_limit);
            return false;
        }
        auto pass = admitUpload(*m_door.services, bearerOf(m_parser->get()));
        if (!pass) {
            answer(errorResponse(std::move(pass).error(), 11, false));
            return false;
        }
        m_pass = std::move(*pass);
        return true;
    }

    void readRest()
    {
        if (m_pass)
            deadline(patience(m_parser->get().body().size()));
        http::async_read_some(m_stream, m_buffer, *m_parser,
                              [this, self = this->shared_from_this()](error_code ec, std::size_t) {
                                  if (m_ended)
                                      return;
                                  if (ec)
                                      refuse(ec);
                                  else if (m_parser->is_done())
                                      handle();
                                  else
                                      readRest();
                              });
    }

    /// How long a large body of which so much is here may go on: it keeps others out meanwhile.
    std::chrono::milliseconds patience(std::size_t received) const
    {
        const auto since = std::chrono::steady_clock::now() - m_started;
        const auto due = kBodyGrace + std::chrono::milliseconds(1000 * received / kLeastBodyRate);
        const auto left = std::min(due, m_door.settings.httpBody) - since;
        return std::max(std::chrono::duration_cast<std::chrono::milliseconds>(left), std::chrono::milliseconds{0});
    }

    void refuse(error_code ec)
    {
        using protocol::ErrorCode;
        if (ec == http::error::body_limit || ec == http::error::header_limit || ec == http::error::buffer_overflow) {
            answer(errorResponse(protocol::makeError(ErrorCode::TooLarge, "header or body over its limit"), 11, false));
        } else if (ec.category() == http::make_error_code(http::error::bad_method).category() &&
                   ec != http::error::end_of_stream && ec != http::error::partial_message) {
            answer(errorResponse(protocol::makeError(ErrorCode::Malformed, "not an HTTP/1.1 request"), 11, false));
        } else {
            end();
        }
    }

    void handle()
    {
        m_request = m_parser->release();
        m_parser.reset();
        if (m_entrance == Entrance::Ops) {
            answer(answerOps(m_request, m_door));
            return;
        }
        if (isSocketPath(m_request)) {
            upgrade();
            return;
        }
        m_requestUnderWay = true;
        m_door.entered();
        deadline(m_door.settings.httpAnswer);
        // version, method and keep-alive stay readable in m_request after the body has moved out
        auto request = toHttpRequest(std::move(m_request), m_address);
        if (!request) {
            answer(errorResponse(protocol::makeError(protocol::ErrorCode::Malformed, "the target cannot be read"),
                                 m_request.version(), m_request.keep_alive()));
            return;
        }
        handleHttp(*m_door.services, std::move(*request),
                   [this, self = this->shared_from_this(), context = &m_thread.context()](HttpResponse response) {
                       asio::post(*context, [this, self, response = std::move(response)]() mutable {
                           m_pass.reset(); // the body is stored, or not wanted
                           if (m_ended)
                               return;
                           if (m_request.method() != http::verb::head)
                               m_source = response.source;
                           answer(toResponse(std::move(response), m_request));
                       });
                   });
    }

    void upgrade()
    {
        if (auto refused = refuseUpgrade(m_request, m_door)) {
            answer(std::move(*refused));
            return;
        }
        if (m_buffer.size() != 0) {
            answer(errorResponse(
                protocol::makeError(protocol::ErrorCode::Malformed, "frames before the handshake's answer"),
                m_request.version(), false));
            return;
        }
        unlink();
        m_ended = true;
        auto socket =
            std::make_shared<SocketConnection<Stream>>(m_door, m_thread, std::move(m_stream), std::move(m_address));
        socket->accept(m_request);
    }

    void answer(Response &&response)
    {
        const bool keepAlive = response.keep_alive() && !m_door.draining;
        response.keep_alive(keepAlive);
        m_response = std::move(response);
        if (m_source && m_door.draining && !m_cut)
            m_cut = std::chrono::steady_clock::now() + kDrainGrace;
        const std::chrono::duration<double> took = std::chrono::steady_clock::now() - m_started;
        if (m_entrance == Entrance::Public)
            m_door.metrics.httpAnswered(methodName(), m_response.result_int(), took.count());
        deadline(m_door.settings.httpBody);
        m_serializer.emplace(m_response);
        if (m_source) {
            m_left = m_source->size();
            http::async_write_header(m_stream, *m_serializer,
                                     [this, self = this->shared_from_this(), keepAlive](error_code ec, std::size_t) {
                                         if (ec || m_ended)
                                             answered(ec, keepAlive);
                                         else
                                             fetchPiece(keepAlive);
                                     });
            return;
        }
        http::async_write(m_stream, *m_serializer,
                          [this, self = this->shared_from_this(), keepAlive](error_code ec, std::size_t) {
                              answered(ec, keepAlive);
                          });
    }

    void answered(error_code ec, bool keepAlive)
    {
        m_serializer.reset();
        m_response = {};
        m_source.reset();
        m_piece = {};
        m_pass.reset();
        if (std::exchange(m_requestUnderWay, false))
            m_door.left();
        if (m_ended)
            return;
        if (ec) {
            end();
        } else if (!keepAlive) {
            endSoftly();
        } else {
            m_request = {};
            if (m_buffer.size() == 0)
                m_buffer.shrink_to_fit();
            deadline(m_door.settings.httpIdle);
            readHeader();
        }
    }

    /// One piece is in memory at a time: the next is asked for when the socket has taken this one.
    void fetchPiece(bool keepAlive)
    {
        if (m_left == 0)
            return answered({}, keepAlive);
        deadline(m_door.settings.httpAnswer);
        m_source->next([this, self = this->shared_from_this(), keepAlive,
                        context = &m_thread.context()](std::string piece) {
            asio::post(*context, [this, self, keepAlive, piece = std::move(piece)]() mutable {
                // Less than was promised: only the end of the connection can say so now.
                if (m_ended || piece.empty() || piece.size() > m_left)
                    return answered(asio::error::broken_pipe, false);
                m_piece = std::move(piece);
                deadline(m_door.settings.httpBody);
                asio::async_write(m_stream, asio::buffer(m_piece), [this, self, keepAlive](error_code ec, std::size_t) {
                    m_left -= m_piece.size();
                    if (ec || m_ended)
                        answered(ec, keepAlive);
                    else
                        fetchPiece(keepAlive);
                });
            });
        });
    }

    /// Label of the metrics: a method that a client made up must not become one.
    std::string_view methodName() const
    {
        if (m_request.method() == http::verb::unknown)
            return "other";
        const auto name = m_request.method_string();
        return {name.data(), name.size()};
    }

    Door &m_door;
    IoThread &m_thread;
    Stream m_stream;
    Entrance m_entrance;
    std::string m_address;
    boost::beast::flat_buffer m_buffer;
    std::optional<http::request_parser<http::string_body>> m_parser;
    Request m_request;
    Response m_response;
    std::optional<http::response_serializer<http::string_body>> m_serializer; // after m_response, which it reads
    std::shared_ptr<BodySource> m_source;                                     // of the answer that is on its way
    std::string m_piece;
    std::uint64_t m_left = 0;
    std::shared_ptr<void> m_pass;    // of a large body
    std::optional<SteadyTime> m_cut; // of a streamed body, in a drain
    std::chrono::steady_clock::time_point m_started = std::chrono::steady_clock::now();
    bool m_requestUnderWay = false;
    bool m_ended = false;
};

inline std::string peerAddress(const TcpSocket &socket)
{
    error_code ec;
    const auto endpoint = socket.remote_endpoint(ec);
    return ec ? std::string() : endpoint.address().to_string();
}

} // namespace kith::server::gateway
