// SPDX-License-Identifier: GPL-3.0-or-later
// From a committed change to the connections of its members: at once for small groups, through a bounded queue for
// large.
#pragma once

#include "core/base/clock.h"
#include "server/delivery/registry.h"
#include "server/delivery/retransmitter.h"
#include "server/store/store.h"

#include <memory>
#include <thread>
#include <utility>
#include <vector>

namespace kith::server {

class Metrics;

/// One push to the members of a conversation.
struct Publication {
    ConversationId conversation;
    MemberList members;
    OutgoingPtr others; // for everybody who is not in `own`; none: for nobody
    /// Users with a copy of their own (their `cid`, their `liked`); an empty one: nothing for that user.
    std::vector<std::pair<UserId, OutgoingPtr>> own;
    ConnectionPtr except; // this connection already knows
};

/// Publications of one conversation that come from one thread arrive in that order. Thread-safe.
class Delivery final {
public:
    /// Publications waiting for the fan-out from which `overloaded` says so, and above which they are dropped: a
    /// second at 2,000 messages to large groups. What is dropped is in the log: the step in `rev` tells the clients.
    static constexpr std::size_t kBusyFanout = 2048, kMaxFanout = 8192;
    static constexpr std::size_t kMaxFanoutBytes = 64 * 1024 * 1024;
    /// Members looked up for one round of tasks: small enough that private messages get in between.
    static constexpr std::size_t kBatch = 512;
    /// Publications to the same members that wait together go together: a connection gets them in one frame. While the
    /// I/O threads keep up there is one in a run, and no message waits for another.
    static constexpr std::size_t kMaxRun = 64;

    Delivery(const Registry &registry, Retransmitter &retransmitter, IoThreads &io, const Clock &clock,
             Metrics &metrics);
    ~Delivery();
    Delivery(const Delivery &) = delete;
    Delivery &operator=(const Delivery &) = delete;

    void publish(Publication publication);
    /// To all connections of one user.
    void toUser(const UserId &user, const OutgoingPtr &message, const ConnectionPtr &except);
    /// The fan-out is behind: new messages to groups should be refused for a moment.
    bool overloaded() const;
    /// Ends the fan-out's thread; what waits is dropped. Idempotent.
    void stop();

private:
    struct Fanout;
    void pushTo(const ConnectionPtr &connection, const OutgoingPtr &message);
    void deliverNow(const Publication &publication);
    bool enqueue(Publication &&publication, bool onlyBehindOthers);
    void work();
    struct Run;
    std::shared_ptr<const Run> nextRun();
    bool postBatch(const std::shared_ptr<const Run> &run, std::size_t from);
    void pushRunTo(const Run &run, const ConnectionPtr &connection, bool plain, Unacked::Time now);

    const Registry &m_registry;
    Retransmitter &m_retransmitter;
    IoThreads &m_io;
    const Clock &m_clock;
    Metrics &m_metrics;
    std::shared_ptr<Fanout> m_fanout; // shared with tasks on the I/O threads, which may outlive this object
    std::thread m_thread;             // last: starts when all above is ready
};

} // namespace kith::server
