// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/logic/responder.h"

#include "core/base/logging.h"
#include "core/protocol/envelope.h"
#include "server/logic/errors.h"
#include "server/ops/log.h"
#include "server/ops/metrics.h"

namespace kith::server {

Encoded encodePush(protocol::Op op, const boost::json::object &data)
{
    return std::make_shared<const std::string>(protocol::encodeEnvelope(op, {}, data));
}

void Responder::push(std::string envelope) const
{
    if (const auto peer = m_peer.lock())
        peer->push(std::make_shared<const std::string>(std::move(envelope)), Weight::Reply);
}

void Responder::ok(const boost::json::object &data) const
{
    if (!m_id.empty())
        reply(protocol::Op::Ok, data);
}

void Responder::reply(protocol::Op op, const boost::json::object &data) const
{
    push(protocol::encodeEnvelope(op, m_id, data));
}

void Responder::fail(protocol::WireError error) const
{
    error.trace = newTrace();
    m_core->metrics.packetRefused(protocol::name(error.code));
    const bool ours = error.code == protocol::ErrorCode::Internal || error.code == protocol::ErrorCode::Overloaded;
    log(ours ? LogLevel::Warning : LogLevel::Debug, logging::kLogic, "packet refused",
        {{"trace", error.trace},
         {"op", protocol::name(m_op)},
         {"code", protocol::name(error.code)},
         {"field", error.field},
         {"why", error.message}});
    push(protocol::encodeErrorEnvelope(m_id, error));
}

void Responder::fail(StoreError error) const
{
    fail(wireError(error));
}

} // namespace kith::server
