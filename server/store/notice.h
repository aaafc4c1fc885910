// SPDX-License-Identifier: GPL-3.0-or-later
// The body of the system messages that tell a group what was done to it. Clients put it into words of their language.
#pragma once

#include "core/base/domain.h"

#include <string>
#include <string_view>
#include <vector>

namespace kith::server {

enum class NoticeEvent { Created, Renamed, Invited, Removed, Left, Role };

/// A small JSON object; the message's sender is who did it:
///   {"event":"created","name":"…","users":["12","13"]}   the first members, without the creator
///   {"event":"renamed","name":"…"}
///   {"event":"invited","users":["14"]}    {"event":"removed","users":["14"]}
///   {"event":"left"}                      the sender left
///   {"event":"role","users":["14"],"role":"admin"}       member, admin or owner
/// Fields that do not belong to the event are left out. At most 500 users are named: the largest request.
struct Notice {
    NoticeEvent event = NoticeEvent::Created;
    std::string name;
    std::vector<UserId> users;
    Role role = Role::Member;
};
std::string encodeNotice(const Notice &notice);

} // namespace kith::server
