// SPDX-License-Identifier: GPL-3.0-or-later
// Any bytes must give a value or a typed error, and what decodes must encode to something that decodes to the same.
#include "core/base/limits.h"
#include "core/protocol/envelope.h"
#include "core/protocol/http.h"
#include "core/protocol/http_files.h"

#include <cstddef>
#include <cstdint>
#include <cstdlib>

using namespace kith;
using namespace kith::protocol;

namespace {

template <class T>
void roundTrip(const boost::json::object &data)
{
    const auto first = decode<T>(data);
    if (!first)
        return;
    const auto again = decode<T>(encode(*first));
    if (!again || !(*again == *first))
        std::abort();
}

template <class... T>
void roundTripAll(const boost::json::object &data)
{
    (roundTrip<T>(data), ...);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *bytes, std::size_t size)
{
    const std::string_view text(reinterpret_cast<const char *>(bytes), size);
    if (const auto items = decodeFrame(text, limits::kMaxClientFrameBytes)) {
        for (const auto &item : *items) {
            const auto *envelope = std::get_if<Envelope>(&item);
            if (!envelope)
                continue;
            roundTripAll<LoginPacket, HelloPacket, TokenPacket, HeartbeatPacket, SendPacket, AcceptedPacket, EditPacket,
                         RecallPacket, LikePacket, MessagePacket, ReceiptPacket, TypingPacket, PresencePacket,
                         ConversationPacket, ReadPacket, SyncPacket, SyncReply, PagePacket, PageReply, ChangesPacket,
                         ChangesReply, WatchPresencePacket, CreateConversationPacket, UpdateConversationPacket,
                         ConversationUsersPacket, RolePacket, MutePacket, MembersPacket, MembersReply, UserPacket,
                         BlockedPacket, SharedReply>(envelope->data);
            if (const auto acks = decodeAck(envelope->list); acks && !acks->empty())
                if (const auto again = decodeAck(encodeAck(*acks)); !again || *again != *acks)
                    std::abort();
        }
    }
    if (const auto object = parseObject(text, limits::kMaxHttpBodyBytes))
        roundTripAll<RegisterRequest, LoginRequest, TokenReply, RefreshRequest, LogoutRequest, ProfilePatch, UserReply,
                     FileRequest, FileReply>(*object);
    static_cast<void>(decodeErrorBody(text));
    return 0;
}
