// SPDX-License-Identifier: GPL-3.0-or-later
// How values lie in the columns of the embedded store.
#pragma once

#include "core/base/domain.h"
#include "core/sql/sql.h"
#include "server/store/store.h"

#include <string>
#include <string_view>
#include <vector>

namespace kith::server::embedded {

/// Code points of a message that a head carries.
inline constexpr std::size_t kHeadBodyChars = 200;

/// The number of an id, 0 where it cannot be one of ours.
std::int64_t number(const UserId &id);
UserId userId(std::int64_t number);

/// 16 bytes for a UUID in lower case, else the marked text: it comes back as it was sent.
std::string packCid(const ClientMessageId &cid);
ClientMessageId unpackCid(std::string_view packed);

/// Decimal numbers with commas, nothing for none.
std::optional<std::string> packUsers(const std::vector<UserId> &users);
std::vector<UserId> unpackUsers(std::string_view packed);

/// 16 bytes that tell two sends with one cid apart: kind, body, reply, mentions and file.
std::string digestOf(const AppendMessage &message);

/// The first `codePoints` of UTF-8 text; never ends inside a code point.
std::string shortened(std::string_view utf8, std::size_t codePoints);

/// Lower case of Latin, Greek and Cyrillic letters, for names that are looked up by their beginning.
std::string folded(std::string_view utf8);
/// Greater than any text that begins with `prefix`.
std::string afterPrefix(std::string_view prefix);

// Reads of whole rows. The column lists stand beside the functions that read them.
inline constexpr std::string_view kUserColumns = "id, username, display_name, avatar, created_ms";
User userFrom(const sql::Statement &row);

struct StoredMessage {
    Message message; // cid filled, liked not
    std::int64_t row = 0;
    std::int64_t conversation = 0;
    std::int64_t sender = 0;
    Rev bornRev;
    Rev rev;
};
#define KITH_MESSAGE_COLUMNS                                                                                           \
    "id, conversation, seq, born_rev, rev, message_id, sender, cid, kind, created_ms, recalled, likes, edited_ms, "    \
    "reply_to, mentions, file, body"
StoredMessage messageFrom(const sql::Statement &row);
/// What one reader may see of it: the cid is its sender's only.
Message visibleTo(const UserId &reader, StoredMessage &&stored);

} // namespace kith::server::embedded
