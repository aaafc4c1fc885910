// SPDX-License-Identifier: GPL-3.0-or-later
// One row of a timeline as a plain value, and the pure function that derives all rows from messages.
#pragma once

#include "core/history/types.h"
#include "core/models/markup.h"
#include "core/models/mentions.h"

#include <QDate>
#include <QString>

#include <functional>
#include <map>
#include <optional>
#include <vector>

namespace kith::models {

enum class RowKind { Day, Unread, Message, System, Hole, Start };

/// What stands beside an own message.
enum class Delivery { None, Sending, Accepted, Delivered, Read, Failed };

/// Whether what a hole lacks can be had.
enum class HoleKind {
    Loadable,
    Left,     // of a group that the reader is no member of any more: the server does not give it
    Archived, // of what the server lost
};

struct Quote {
    Seq seq;
    QString sender;
    int colour = 0;
    QString text; // empty: not in this window
    bool recalled = false;
    bool known = false;

    bool operator==(const Quote &) const = default;
};

struct TimelineRow {
    RowKind kind = RowKind::Message;
    QString key; // stable while the row lives, also from sending to sent
    history::StoredMessage stored;
    QString sender; // display name
    int colour = 0;
    QString avatar; // file id of the sender's picture
    bool own = false;
    bool first = true; // of a group of one sender within 5 minutes
    bool last = true;
    bool group = false; // in a group conversation: others have name and avatar
    Delivery delivery = Delivery::None;
    std::int64_t readers = 0, receivers = 0, others = 0; // for the tooltip in groups
    std::optional<Quote> quote;
    Markup words;                  // what is shown of text()
    std::vector<Mention> mentions; // where in words.text people are named
    bool mentionsSelf = false;
    int names = 0; // system rows: which names are known changes what they say
    QDate day;
    history::Hole hole{};
    bool busy = false; // hole: being asked for
    HoleKind holeKind = HoleKind::Loadable;

    Seq seq() const { return kind == RowKind::Hole ? hole.from : stored.message.seq; }
    QString text() const // as it was written
    {
        return QString::fromStdString(stored.message.body);
    }

    bool operator==(const TimelineRow &) const = default;
};

/// Everything that rows are derived from.
struct TimelineParts {
    const std::map<Seq, history::StoredMessage> *settled = nullptr;
    const std::vector<history::StoredMessage> *unsent = nullptr; // only where the window reaches the newest
    std::optional<history::Hole> olderHole, newerHole;
    std::optional<Seq> unreadAfter;
    bool atFloor = false;
    bool group = false;
    HoleKind holeKind = HoleKind::Loadable;
    std::function<QString(const UserId &)> name;
    std::function<QString(const UserId &)> avatar;
    std::function<std::vector<User>(const std::vector<UserId> &)> known; // of these people
    int names = 0;                                                       // changes when a name becomes known
    std::function<bool(const UserId &)> isSelf;
    std::function<void(TimelineRow &)> finish; // delivery and receipt counts
    std::function<bool(const history::Hole &)> holeBusy;
};

std::vector<TimelineRow> deriveRows(const TimelineParts &parts);

/// The ticks of an own message in a group stand for many people: who they are can be asked for.
bool hasReceipts(const TimelineRow &row);
/// The server says the last word; these keep what it would refuse anyway from being offered. `now`: by this computer's
/// clock.
bool mayEdit(const TimelineRow &row, Timestamp now);
bool mayRecall(const TimelineRow &row, Timestamp now);

/// Messages of one sender within this time form one group (LOOK.md).
inline constexpr auto kGroupWithin = std::chrono::minutes{5};

} // namespace kith::models
