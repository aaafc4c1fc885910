// SPDX-License-Identifier: GPL-3.0-or-later
// From the store's answers to pushes: who learns of a change, and in which words. Called in commit order.
#pragma once

#include "server/logic/core.h"

#include <functional>
#include <optional>

namespace kith::server {

/// `message` to everybody, with `cid` to its sender's other devices; heads first where the conversation is new.
void broadcastMessage(const CorePtr &core, const Appended &appended, const ConnectionPtr &from);
/// Own sends count as read: the sender's other devices learn where they stand now, and the others that what was before
/// has been read.
void broadcastSenderCursors(const CorePtr &core, const Appended &appended, const ConnectionPtr &from);
/// `change` to everybody; `liked` where the actor's own mark is known.
void broadcastChange(const CorePtr &core, const Changed &changed, const UserId &actor, std::optional<bool> liked);
/// `receipt` to all members of private conversations and small groups; of a large group only to the user's own devices.
void broadcastReceipt(const CorePtr &core, const CursorMoved &moved, bool read, const ConnectionPtr &from);

/// Which members, besides those whose membership changed and the actor, get their head again.
enum class HeadsTo { SmallGroup, Everybody };
/// Heads to those added and removed, then the notices, then heads to the others who are connected. `actorHead`, where
/// set, gets the actor's head instead of a push to `from`; it is called once, before the notices.
void broadcastGroup(const CorePtr &core, const GroupChanged &changed, const UserId &actor, const ConnectionPtr &from,
                    HeadsTo to, std::function<void(StoreResult<Head>)> actorHead = {});
/// The user's own head to all connections but `except`.
void pushHead(const CorePtr &core, const UserId &user, const ConversationId &conversation, const ConnectionPtr &except);
/// Whom the user has blocked, to all connections but `except`.
void pushBlocked(const CorePtr &core, const UserId &user, std::vector<UserId> blocked, const ConnectionPtr &except);

} // namespace kith::server
