// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/kith-cli/wire.h"

#include "app/kith-cli/interrupts.h"
#include "core/base/limits.h"
#include "core/client/errors.h"
#include "core/client/later.h"
#include "core/protocol/envelope.h"

#include <QTimer>

#include <algorithm>

namespace kith::cli {

using client::Client;
using client::ClientErrorCode;

namespace {

constexpr auto kAnswer = std::chrono::seconds{20};
constexpr auto kUnasked = std::chrono::seconds{1}; // for what wants no answer and may get an error

/// Sends one frame when the link is up, and knows which of its answers are still to come.
class Sender final {
public:
    Sender(Client &client, QByteArray frame, client::Promise<void> over, bool ends)
        : m_client(client), m_frame(std::move(frame)), m_over(std::move(over)), m_ends(ends)
    {
    }

    void linkChanged(const client::LinkStatus &status, QObject *context)
    {
        using client::LinkPhase;
        if (!m_sent && (status.phase == LinkPhase::Waiting || status.phase == LinkPhase::Offline))
            return m_over.finish(Unexpected(client::makeError(ClientErrorCode::Unreachable, status.reason)));
        if (m_sent || status.phase != LinkPhase::Online)
            return;
        m_sent = true;
        auto ids = m_client.sendRaw(m_frame);
        if (!ids)
            return m_over.finish(Unexpected(std::move(ids).error()));
        m_waiting = std::move(*ids);
        if (!m_ends)
            return;
        const bool asked = !m_waiting.empty();
        QTimer::singleShot(asked ? kAnswer : kUnasked, context, [over = m_over, asked] {
            if (asked)
                over.finish(Unexpected(
                    client::makeError(ClientErrorCode::Unreachable, QStringLiteral("no answer within 20 s"))));
            else
                over.finish({});
        });
    }

    void received(const QByteArray &json)
    {
        if (m_waiting.empty())
            return;
        const auto items = protocol::decodeFrame(
            std::string_view(json.constData(), static_cast<std::size_t>(json.size())), limits::kMaxServerFrameBytes);
        if (!items)
            return;
        for (const auto &item : *items) {
            const auto *envelope = std::get_if<protocol::Envelope>(&item);
            if (!envelope || std::erase(m_waiting, envelope->id) == 0)
                continue;
            if (envelope->op == protocol::Op::Error && !m_error) {
                auto error = protocol::decode<protocol::WireError>(envelope->data);
                m_error = error ? *error : protocol::makeError(protocol::ErrorCode::Internal, "unreadable error");
            }
        }
        if (!m_waiting.empty() || !m_ends)
            return;
        if (m_error)
            m_over.finish(Unexpected(client::wireError(std::move(*m_error))));
        else
            m_over.finish({});
    }

private:
    Client &m_client;
    QByteArray m_frame;
    client::Promise<void> m_over;
    bool m_ends;
    bool m_sent = false;
    std::vector<std::string> m_waiting;
    std::optional<protocol::WireError> m_error;
};

} // namespace

QCoro::Task<Exit> runWire(Console &console)
{
    Client &client = console.core;
    const Output &output = console.output;
    const auto until = std::chrono::seconds{console.arguments.forSeconds};
    client::Promise<void> over;
    QObject context;
    Sender sender(client, console.arguments.frame, over, until.count() == 0);
    const bool sends = !console.arguments.frame.isEmpty();
    QObject::connect(&client, &Client::frame, &context,
                     [&output](bool outgoing, const QByteArray &json) { output.frame(outgoing, json); });
    if (sends) {
        // Queued: the answer may end the client, which is in the middle of its own work when it tells.
        QObject::connect(
            &client, &Client::frame, &context,
            [&sender](bool outgoing, const QByteArray &json) {
                if (!outgoing)
                    sender.received(json);
            },
            Qt::QueuedConnection);
        QObject::connect(
            &client, &Client::linkStatusChanged, &context,
            [&sender, &context](const client::LinkStatus &status) { sender.linkChanged(status, &context); },
            Qt::QueuedConnection);
    }
    QObject::connect(
        &client, &Client::loggedOut, &context,
        [over](const client::ClientError &error) { over.finish(Unexpected(error)); }, Qt::QueuedConnection);
    if (until.count() > 0)
        QTimer::singleShot(until, &context, [over] { over.finish({}); });
    onInterrupt(&context, [over] { over.finish({}); });
    client.connectToServer();
    auto later = over.later();
    auto ended = co_await later;
    co_return ended ? Exit::Done : console.fail(ended.error());
}

} // namespace kith::cli
