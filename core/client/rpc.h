// SPDX-License-Identifier: GPL-3.0-or-later
// The narrow view of the live link that synchroniser and outbox stand on; tests put a fake behind it.
#pragma once

#include "core/client/errors.h"
#include "core/client/later.h"
#include "core/protocol/envelope.h"
#include "core/protocol/packets.h"

#include <QCoroTask>

namespace kith::client {

class Rpc {
public:
    virtual ~Rpc() = default;
    virtual bool online() const = 0;
    /// The answer with the request's id. An `error` answer becomes ClientErrorCode::Server; no link, a lost link and a
    /// timeout become Unreachable; a closing client Cancelled.
    virtual Later<protocol::Envelope> request(protocol::Op op, boost::json::object data) = 0;
    /// An encoded envelope that wants no answer. Dropped while offline.
    virtual void post(std::string envelope) = 0;
};

/// Sends `packet` and decodes the answer's data.
template <class Reply, class Packet>
QCoro::Task<Result<Reply>> call(Rpc &rpc, protocol::Op op, Packet packet)
{
    auto answerLater = rpc.request(op, protocol::encode(packet));
    auto answer = co_await answerLater;
    if (!answer)
        co_return Unexpected(std::move(answer).error());
    co_return fromDecoded(protocol::decode<Reply>(answer->data));
}

/// Sends `packet`; the answer's data means nothing.
template <class Packet>
QCoro::Task<Result<void>> callForOk(Rpc &rpc, protocol::Op op, Packet packet)
{
    auto answerLater = rpc.request(op, protocol::encode(packet));
    auto answer = co_await answerLater;
    if (!answer)
        co_return Unexpected(std::move(answer).error());
    co_return Result<void>{};
}

} // namespace kith::client
