// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/server/logic/world.h"

namespace kith::server::test {

/// Two people who are connected and have a conversation with one message, by Ada.
struct Pair {
    World world;
    Client ada{world, "ada"}, bob{world, "bob"};
    ConversationId conversation;

    explicit Pair(LogicSettings settings = World::quickSettings()) : world(settings)
    {
        ada.logIn();
        bob.logIn();
        conversation = ada.sendTo(bob.user, "hello", 1);
        ada.pushes();
        bob.pushes();
    }
};

} // namespace kith::server::test
