// SPDX-License-Identifier: GPL-3.0-or-later
// The data of each op as a struct with one strict decoder and one encoder (PROTOCOL §3).
#pragma once

#include "core/base/domain.h"
#include "core/protocol/errors.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include <optional>
#include <string>
#include <vector>

namespace kith::protocol {

// Decoders reject wrong types, ranges, ids and over-long text with Malformed or TooLarge naming the field, and ignore
// unknown fields. Encoders write optional fields only where they are set. Every type T below has
//   boost::json::object encode(const T &);        Decoded<T> decode<T>(const boost::json::object &);
template <class T>
Decoded<T> decode(const boost::json::object &data);

boost::json::object encode(const User &);
boost::json::object encode(const Device &);
boost::json::object encode(const Message &);
boost::json::object encode(const Head &);
boost::json::object encode(const Member &);
boost::json::object encode(const WireError &);

// --- session -------------------------------------------------------------------------------------------------------
struct LoginPacket {
    std::string token;
    std::optional<std::string> resume;
    bool operator==(const LoginPacket &) const = default;
};
struct HelloLimits {
    std::int64_t frameBytes = 0;
    std::int64_t bodyBytes = 0;
    std::int64_t page = 0;
    std::int64_t groupMembers = 0;
    bool operator==(const HelloLimits &) const = default;
};
struct HelloPacket {
    User user;
    Device device;
    std::string epoch;
    Timestamp serverTime{};
    std::int64_t heartbeatSeconds = 30;
    HelloLimits limits;
    std::vector<std::string> features;
    bool operator==(const HelloPacket &) const = default;
};
struct TokenPacket {
    std::string token;
    bool operator==(const TokenPacket &) const = default;
};
struct HeartbeatPacket {
    std::optional<std::int64_t> t;
    bool operator==(const HeartbeatPacket &) const = default;
};
struct HeartbeatReply {
    std::optional<std::int64_t> t;
    Timestamp serverTime{};
    bool operator==(const HeartbeatReply &) const = default;
};

// --- messages ------------------------------------------------------------------------------------------------------
struct SendPacket { // exactly one of conversation and to
    std::optional<ConversationId> conversation;
    std::optional<UserId> to;
    ClientMessageId cid;
    MessageKind kind = MessageKind::Text; // System is refused
    std::string body;
    std::optional<Seq> replyTo;
    std::vector<UserId> mentions;
    std::optional<FileId> file;
    bool operator==(const SendPacket &) const = default;
};
struct AcceptedPacket {
    ConversationId conversation;
    Seq seq;
    Rev rev;
    MessageId id;
    Timestamp createdAt{};
    bool duplicate = false;
    bool operator==(const AcceptedPacket &) const = default;
};
struct EditPacket {
    ConversationId conversation;
    Seq seq;
    std::string body;
    bool operator==(const EditPacket &) const = default;
};
struct RecallPacket {
    ConversationId conversation;
    Seq seq;
    bool operator==(const RecallPacket &) const = default;
};
struct LikePacket { // like and unlike; target{kind:"message", conversation, seq}
    ConversationId conversation;
    Seq seq;
    bool operator==(const LikePacket &) const = default;
};
struct RevReply { // answer to edit, recall (rev) and like, unlike (rev and count)
    Rev rev;
    std::optional<std::int64_t> count;
    bool operator==(const RevReply &) const = default;
};
struct MessagePacket { // `message` and `change`
    ConversationId conversation;
    Message message;
    Rev rev;
    bool operator==(const MessagePacket &) const = default;
};
struct ReceiptPacket {
    Receipt receipt;
    bool operator==(const ReceiptPacket &) const = default;
};
struct TypingPacket { // user is set by the server only
    ConversationId conversation;
    std::optional<UserId> user;
    bool operator==(const TypingPacket &) const = default;
};
struct PresencePacket {
    Presence presence;
    bool operator==(const PresencePacket &) const = default;
};
struct ConversationPacket { // also the answer to conversation.create, under "conversation"
    Head head;
    bool operator==(const ConversationPacket &) const = default;
};
struct AckItem {
    ConversationId conversation;
    Seq seq;
    bool operator==(const AckItem &) const = default;
};
Decoded<std::vector<AckItem>> decodeAck(const boost::json::array &list);
boost::json::array encodeAck(const std::vector<AckItem> &items);
struct ReadPacket {
    ConversationId conversation;
    Seq seq;
    bool operator==(const ReadPacket &) const = default;
};

// --- synchronisation -----------------------------------------------------------------------------------------------
struct SyncPacket {
    std::optional<std::int64_t> sinceMs;
    std::optional<int> limit;          // 1 … kMaxPage
    std::optional<std::string> cursor; // from the reply that said `more`
    bool operator==(const SyncPacket &) const = default;
};
struct SyncReply {
    std::vector<Head> conversations;
    Timestamp serverTime{};
    bool more = false;
    std::optional<std::string> cursor;
    bool operator==(const SyncReply &) const = default;
};
struct PagePacket {
    PageQuery query;
    bool operator==(const PagePacket &) const = default;
};
struct PageReply {
    Page page;
    bool operator==(const PageReply &) const = default;
};
struct ChangesPacket {
    ConversationId conversation;
    Rev sinceRev;
    int limit = 200;
    bool operator==(const ChangesPacket &) const = default;
};
struct ChangesReply {
    std::vector<Message> messages; // in the order of their last change
    Rev nextRev;                   // since_rev of the next call
    bool more = false;
    bool operator==(const ChangesReply &) const = default;
};
struct ReceiptsPacket {
    ConversationId conversation;
    Seq seq;
    std::optional<UserId> after;
    int limit = 100;
    bool operator==(const ReceiptsPacket &) const = default;
};
struct ReceiptsReply {
    std::vector<UserId> readBy;
    std::vector<UserId> deliveredTo; // received it, readers included
    std::int64_t readCount = 0;
    std::int64_t deliveredCount = 0;
    bool more = false;
    bool operator==(const ReceiptsReply &) const = default;
};

// --- presence, groups, users ---------------------------------------------------------------------------------------
struct WatchPresencePacket {
    std::vector<UserId> users;
    bool operator==(const WatchPresencePacket &) const = default;
};
struct WatchPresenceReply {
    std::vector<Presence> states;
    bool operator==(const WatchPresenceReply &) const = default;
};
struct CreateConversationPacket {
    std::string name;
    std::vector<UserId> members;
    bool operator==(const CreateConversationPacket &) const = default;
};
struct UpdateConversationPacket {
    ConversationId conversation;
    std::optional<std::string> name;
    std::optional<std::string> about;
    std::optional<std::string> avatar;
    bool operator==(const UpdateConversationPacket &) const = default;
};
struct ConversationUsersPacket { // conversation.invite and conversation.remove
    ConversationId conversation;
    std::vector<UserId> users;
    bool operator==(const ConversationUsersPacket &) const = default;
};
struct JoinConversationPacket { // conversation.join; leave uses ConversationIdPacket
    ConversationId conversation;
    std::optional<std::string> code;
    bool operator==(const JoinConversationPacket &) const = default;
};
struct ConversationIdPacket {
    ConversationId conversation;
    bool operator==(const ConversationIdPacket &) const = default;
};
struct RolePacket {
    ConversationId conversation;
    UserId user;
    Role role = Role::Member;
    bool operator==(const RolePacket &) const = default;
};
struct MutePacket {
    ConversationId conversation;
    Timestamp until{};
    bool operator==(const MutePacket &) const = default;
};
struct MembersPacket {
    ConversationId conversation;
    std::optional<UserId> after;
    int limit = 100;
    bool operator==(const MembersPacket &) const = default;
};
struct MembersReply {
    std::vector<Member> members;
    bool more = false;
    std::vector<User> users; // who they are; none from a server that does not tell
    bool operator==(const MembersReply &) const = default;
};
struct UserPacket { // user.block, user.unblock and user.shared
    UserId user;
    bool operator==(const UserPacket &) const = default;
};
inline constexpr std::size_t kMaxBlocked = 10000; // of one person; bounds the list below
struct BlockedPacket { // answer to user.blocked, and the push of that name: all whom the reader has blocked
    std::vector<UserId> users;
    bool operator==(const BlockedPacket &) const = default;
};
struct SharedReply { // answer to user.shared
    std::vector<ConversationId> conversations;
    bool operator==(const SharedReply &) const = default;
};

boost::json::object encode(const LoginPacket &);
boost::json::object encode(const HelloPacket &);
boost::json::object encode(const TokenPacket &);
boost::json::object encode(const HeartbeatPacket &);
boost::json::object encode(const HeartbeatReply &);
boost::json::object encode(const SendPacket &);
boost::json::object encode(const AcceptedPacket &);
boost::json::object encode(const EditPacket &);
boost::json::object encode(const RecallPacket &);
boost::json::object encode(const LikePacket &);
boost::json::object encode(const RevReply &);
boost::json::object encode(const MessagePacket &);
boost::json::object encode(const ReceiptPacket &);
boost::json::object encode(const TypingPacket &);
boost::json::object encode(const PresencePacket &);
boost::json::object encode(const ConversationPacket &);
boost::json::object encode(const ReadPacket &);
boost::json::object encode(const SyncPacket &);
boost::json::object encode(const SyncReply &);
boost::json::object encode(const PagePacket &);
boost::json::object encode(const PageReply &);
boost::json::object encode(const ChangesPacket &);
boost::json::object encode(const ChangesReply &);
boost::json::object encode(const ReceiptsPacket &);
boost::json::object encode(const ReceiptsReply &);
boost::json::object encode(const WatchPresencePacket &);
boost::json::object encode(const WatchPresenceReply &);
boost::json::object encode(const CreateConversationPacket &);
boost::json::object encode(const UpdateConversationPacket &);
boost::json::object encode(const ConversationUsersPacket &);
boost::json::object encode(const JoinConversationPacket &);
boost::json::object encode(const ConversationIdPacket &);
boost::json::object encode(const RolePacket &);
boost::json::object encode(const MutePacket &);
boost::json::object encode(const MembersPacket &);
boost::json::object encode(const MembersReply &);
boost::json::object encode(const UserPacket &);
boost::json::object encode(const BlockedPacket &);
boost::json::object encode(const SharedReply &);

} // namespace kith::protocol
