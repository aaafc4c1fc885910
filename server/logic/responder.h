// SPDX-License-Identifier: GPL-3.0-or-later
// The one answer that a request gets, from whatever thread knows it.
#pragma once

#include "core/protocol/op.h"
#include "core/protocol/packets.h"
#include "server/logic/core.h"

#include <boost/json/object.hpp>

#include <memory>
#include <string>

namespace kith::server {

Encoded encodePush(protocol::Op op, const boost::json::object &data);

class Responder final {
public:
    Responder(CorePtr core, std::weak_ptr<Peer> peer, protocol::Op op, std::string id)
        : m_core(std::move(core)), m_peer(std::move(peer)), m_op(op), m_id(std::move(id))
    {
    }

    /// `ok`; a request without an id wants none.
    void ok(const boost::json::object &data = {}) const;
    void reply(protocol::Op op, const boost::json::object &data) const;
    /// The reply that repeats the request's name.
    void reply(const boost::json::object &data) const { reply(m_op, data); }
    void fail(protocol::WireError error) const;
    void fail(StoreError error) const;
    const std::shared_ptr<Core> &core() const { return m_core; }

private:
    void push(std::string envelope) const;

    CorePtr m_core;
    std::weak_ptr<Peer> m_peer;
    protocol::Op m_op;
    std::string m_id;
};

} // namespace kith::server
