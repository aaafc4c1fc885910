// SPDX-License-Identifier: GPL-3.0-or-later
// A row of `messages` to be, as appends and notices hand it to Writer::insert.
#pragma once

#include "server/store/embedded/writer.h"

namespace kith::server::embedded {

struct Writer::Insert {
    const UserId &sender;
    std::int64_t senderNumber = 0;
    const ClientMessageId &cid;
    std::string_view packedCid;
    std::string_view digest;
    MessageKind kind = MessageKind::Text;
    const std::string &body;
    std::optional<Seq> replyTo;
    const std::vector<UserId> &mentions;
    const std::optional<FileId> &file;
    std::int64_t createdMs = 0;
};

} // namespace kith::server::embedded
