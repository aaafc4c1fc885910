// SPDX-License-Identifier: GPL-3.0-or-later
// Names behind an @: where they stand in a text, and who is offered while one is typed.
#pragma once

#include "core/base/domain.h"

#include <QString>

#include <map>
#include <optional>
#include <vector>

namespace kith::models {

struct Mention {
    int start = 0;  // of the @, in UTF-16 units
    int length = 0; // with the @
    UserId user;

    bool operator==(const Mention &) const = default;
};

/// Display names and user names of `people` behind an @, in order of the text. The longest name wins; of two people
/// with one name it is the one that `chosen` (name → who was picked from the list) says, else nobody.
std::vector<Mention> findMentions(const QString &text, const std::vector<User> &people,
                                  const std::map<QString, UserId> &chosen = {});

/// What is being typed behind an @ that stands just before `cursor`.
struct MentionQuery {
    int start = 0; // of the @
    QString typed; // without it
};
std::optional<MentionQuery> mentionAt(const QString &text, int cursor);

/// Who is meant by `typed`, best first: names that begin with it, then words of names, then user names. Keeps the order
/// of `people` among equals.
std::vector<User> matchPeople(const std::vector<User> &people, const QString &typed, std::size_t most);

/// The display name, else the user name.
QString shownName(const User &user);

} // namespace kith::models
