// SPDX-License-Identifier: GPL-3.0-or-later
// The days of a conversation that have messages, in this computer's time zone: for a calendar, and for going to a day.
#pragma once

#include "core/base/ids.h"

#include <QDate>

#include <optional>
#include <vector>

namespace kith::client {

enum class DayState {
    None,    // the server took no message on it, as far as what is here shows
    Here,    // the first of its messages that are on this computer is known
    Missing, // no message of it is here; within a hole there may be some
};

struct MessageDay {
    QDate day;
    DayState state = DayState::None;
    Seq at; // Here: that message; Missing: a place in the hole, about as far in it as the day is

    bool operator==(const MessageDay &) const = default;
};

struct MessageMonth {
    std::vector<MessageDay> days;        // all of the month, in order
    std::optional<QDate> earlier, later; // the nearest days outside of it that are Here or Missing

    bool operator==(const MessageMonth &) const = default;
};

} // namespace kith::client
