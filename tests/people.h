// SPDX-License-Identifier: GPL-3.0-or-later
// People as the server tells of them, for tests.
#pragma once

#include "core/base/domain.h"

namespace kith::test {

inline User person(const char *id, const char *username, const char *shown)
{
    User user;
    user.id = UserId(id);
    user.username = username;
    user.displayName = shown;
    return user;
}

} // namespace kith::test
