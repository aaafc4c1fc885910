// SPDX-License-Identifier: GPL-3.0-or-later
// What the server keeps, as an interface: `embedded` (one SQLCipher file) and `cluster` (Redis and MariaDB) implement
// it and pass the same conformance suite (tests/conformance).
#pragma once

#include "core/base/domain.h"
#include "core/base/expected.h"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace kith::server {

enum class StoreError {
    NotFound,  // no such user, conversation, message or session
    NotMember, // the caller is not (or no longer) in the conversation
    Forbidden, // a member, but not allowed to
    UsernameTaken,
    CidConflict, // same (sender, cid), another body, kind or conversation
    Blocked,     // the receiver has blocked the sender
    TooOld,      // the edit or recall window is over
    Recalled,    // the message is a tombstone
    AlreadyLiked,
    NotLiked,
    TooManyMembers,
    TooManyDevices,
    TokenUnknown, // refresh token never seen, expired or revoked
    TokenReused,  // refresh token used again after its grace: the family is now revoked
    Outdated,     // password, second factor or standing of the account changed since its credentials were read
    MfaBound,     // a second factor is bound already
    MfaNotBound,
    MfaNotPending, // no enrolment waits, or another one
    CodeUsed,      // a time step not after the last accepted one, or a recovery code that is not (or no longer) there
    NoSuchFile,    // the file named as avatar is unknown or somebody else's
    NotAnAvatar,   // a file of one's own that is unfinished, no picture or too large for an avatar
    TooManyFiles,  // more unfinished uploads, or bytes that nothing refers to, than one user may have
    Overloaded,    // the write queue is full: nothing was written
    DiskFull,
    Unavailable, // the engine behind it does not answer
};

template <class T>
using StoreResult = Expected<T, StoreError>;

/// Called exactly once, on a thread of the store, after the write is durable (COMMIT with synchronous=FULL) or the read
/// is done. Must not block. Writes to one conversation complete in seq order.
template <class T>
using Reply = std::function<void(StoreResult<T>)>;

/// Snapshot of who is in a conversation; shared, never changed.
using MemberList = std::shared_ptr<const std::vector<UserId>>;

struct NewUser {
    std::string username; // already folded and checked
    std::string passwordHash;
    std::string displayName;
};
struct Credentials {
    User user;
    std::string passwordHash;
    bool disabled = false;
    std::int64_t version = 0; // grows with each change of password, second factor or `disabled`
    std::string totpSealed{}; // the bound secret as the logic sealed it; empty: no second factor
};
/// What was shown of a second factor. The write that it allows uses it up: of two that show the same, one passes.
struct SecondFactor {
    std::optional<std::int64_t> step;                 // of RFC 6238: greater than the last accepted one
    std::string recoveryHash;                         // else of a recovery code, which is then gone
    std::optional<std::int64_t> credentialsVersion{}; // that it was checked against; another one: Outdated
};
struct MfaState {
    bool bound = false;
    Timestamp boundAt{};
    int recoveryLeft = 0;
    std::string pendingSealed; // of an enrolment that has not expired; empty: none
    std::string bindAnswer;    // sealed: what the last bind answered, while it may be asked for again
};
struct TotpBinding {
    UserId user;
    std::string pendingSealed; // as it was read: an enrolment that was replaced meanwhile is not bound
    std::string sealed;        // the same secret, sealed for its new place
    std::int64_t step = 0;     // of the code that was shown
    std::vector<std::string> recoveryHashes;
    std::string answer; // sealed
    Timestamp answerExpires{};
};
/// What happened to an account: for its owner and for the operator. Never a secret, no address unmasked.
struct AuditEvent {
    std::int64_t id = 0; // grows; given by the store
    UserId user;
    Timestamp at{};    // given by the store
    std::string event; // "login", "mfa_bound" …: server/logic/audit.h
    std::string device{};
    std::string addressMasked{};
};
struct Session { // one device of one user
    UserId user;
    Device device;
    std::string family; // of refresh tokens; renewed at each login
};
struct NewSession {
    UserId user;
    Device device;
    std::string addressMasked;
    std::string family;
    std::string refreshHash; // SHA-256 of the refresh token
    Timestamp expires{};
    std::optional<std::int64_t> credentialsVersion{}; // that the login was checked against; another one: Outdated
    std::optional<SecondFactor> factor{};
};
struct Rotation {
    std::string usedHash;      // of the token that came
    std::string successorHash; // of the one that replaces it
    Timestamp expires{};
};

struct AppendMessage {
    UserId sender;
    std::optional<ConversationId> conversation;
    std::optional<UserId> to; // opens the private conversation where there is none
    ClientMessageId cid;
    MessageKind kind = MessageKind::Text;
    std::string body;
    std::optional<Seq> replyTo;
    std::vector<UserId> mentions;
    std::optional<FileId> file;
    /// Only `kithd demo` and tests set it: a history needs a past.
    std::optional<Timestamp> createdAt;
};
struct Appended {
    ConversationId conversation;
    Rev rev;
    Message message; // with cid: strip it for anybody but the sender
    bool duplicate = false;
    bool opened = false; // the private conversation is new: heads must go out first
    MemberList members;
    /// Own sends count as read: where the sender stands now, and the read cursor before. Of a repeated send: not set.
    std::optional<Receipt> senderCursors;
    Seq senderReadBefore;
};
/// A message as it is after an edit, recall or like.
struct Changed {
    ConversationId conversation;
    Rev rev;
    Message message; // `liked` is not filled: it differs per reader
    MemberList members;
};
struct ChangesResult {
    std::vector<Message> messages;
    Rev nextRev;
    bool more = false;
};
struct CursorMoved {
    Receipt receipt;
    bool moved = false; // false: it was there already
    MemberList members;
};
struct ReceiptsResult {
    std::vector<UserId> readBy, deliveredTo;
    std::int64_t readCount = 0, deliveredCount = 0;
    bool more = false;
};
struct HeadsQuery {
    UserId user;
    std::optional<Timestamp> since; // changed at or after
    std::optional<std::string> cursor;
    int limit = 100;
};
struct HeadsResult {
    std::vector<Head> heads;           // most recently changed first
    std::optional<std::string> cursor; // set: there are more
};
/// After a group was created or changed. `affected` are users whose membership ended or began.
struct GroupChanged {
    ConversationId conversation;
    MemberList members; // after the change
    std::vector<UserId> added, removed;
    std::vector<Appended> notices; // the system messages that the change wrote, in order
};
struct GroupUpdate {
    std::optional<std::string> name, about, avatar;
};
struct MembersResult {
    std::vector<Member> members;
    bool more = false;
    std::vector<User> users; // who they are, in the order of `members`
};

/// A file as it is announced (PROTOCOL §6).
struct NewFile {
    UserId owner;
    std::string name, mime;
    std::int64_t size = 0;
    std::string sha256;     // 32 raw bytes, of what will be sent
    std::int64_t chunk = 0; // the most bytes of one append
};
struct FileState {
    FileId id;
    UserId owner;
    std::string mime;
    std::int64_t size = 0;   // as announced
    std::int64_t offset = 0; // how much of it is here; `size` when it is complete
    bool complete = false;
    // Of a complete one, what is kept: of a picture without its metadata, else what was sent.
    std::int64_t keptSize = 0;
    std::string keptSha256{}; // 32 raw bytes
};
struct FileAppended {
    enum class Outcome {
        Taken,       // and there is more to come
        Complete,    // the last byte is here, and it is what was announced
        WrongOffset, // nothing was taken; `offset` is where to go on
        TooMuch,     // nothing was taken: more than the announced size or chunk
        TooLittle,   // nothing was taken: less than limits::kLeastFileChunk, and not the last
        // Complete, but not what was announced: the upload begins again at 0; after limits::kMaxWrongHashes, and where
        // its owner has no room for what was sent in vain, it is gone.
        WrongHash,
        NotAPicture, // announced as PNG or JPEG and is none: the upload is gone
    };
    Outcome outcome = Outcome::Taken;
    std::int64_t offset = 0; // after it
};
struct FilesSwept {
    std::int64_t files = 0; // uploads and files that are gone now
    bool more = false;      // there is more to do
    bool atOnce = false;    // and nobody who would wait for it
};

/// People whom one may have blocked: they go out in one list.
inline constexpr std::int64_t kMaxBlocked = 10000;

class Store {
public:
    virtual ~Store() = default;

    /// Random id of this data set (PROTOCOL §1). Fixed while the process runs.
    virtual std::string epoch() const = 0;

    // Accounts
    virtual void createUser(NewUser user, Reply<User> reply) = 0;
    virtual void credentials(std::string username, Reply<Credentials> reply) = 0;
    virtual void credentialsById(UserId user, Reply<Credentials> reply) = 0;
    /// With it end all sessions but that of `keep`; answers the devices whose sessions ended. With `version` only if
    /// the credentials are still those that were read.
    virtual void changePassword(UserId user, std::string passwordHash, std::optional<std::int64_t> version,
                                std::optional<DeviceId> keep, Reply<std::vector<DeviceId>> reply) = 0;
    virtual void setDisabled(UserId user, bool disabled, Reply<void> reply) = 0;
    /// An avatar is empty, the one that is there already, or a complete PNG or JPEG of the user's own of at most
    /// limits::kMaxAvatarBytes: NoSuchFile, NotAnAvatar. Also for updateGroup().
    virtual void updateProfile(UserId user, std::optional<std::string> displayName, std::optional<std::string> avatar,
                               Reply<User> reply) = 0;
    virtual void user(UserId user, Reply<User> reply) = 0;
    /// By prefix of username or display name, case folded; empty query lists all by username. At most `limit`.
    virtual void findUsers(std::string query, std::optional<UserId> after, int limit,
                           Reply<std::vector<User>> reply) = 0;
    /// Forbidden above kMaxBlocked.
    virtual void block(UserId user, UserId other, bool blocked, Reply<void> reply) = 0;
    /// Whom `user` has blocked, by id.
    virtual void blocked(UserId user, Reply<std::vector<UserId>> reply) = 0;
    /// The groups that both are in, the most recently changed first. At most `limit`.
    virtual void sharedGroups(UserId user, UserId other, int limit, Reply<std::vector<ConversationId>> reply) = 0;

    // Second factor
    virtual void mfa(UserId user, Reply<MfaState> reply) = 0;
    /// Replaces an enrolment that waits. MfaBound.
    virtual void enrolTotp(UserId user, std::string sealed, Timestamp expires, Reply<void> reply) = 0;
    /// One atomic step: the enrolment becomes the account's second factor and its recovery codes replace older ones.
    /// MfaNotPending, MfaBound.
    virtual void bindTotp(TotpBinding binding, Reply<void> reply) = 0;
    /// Without a factor: by the operator. MfaNotBound, CodeUsed.
    virtual void unbindTotp(UserId user, std::optional<SecondFactor> factor, Reply<void> reply) = 0;
    virtual void replaceRecoveryCodes(UserId user, SecondFactor factor, std::vector<std::string> hashes,
                                      Reply<void> reply) = 0;

    // Audit
    virtual void audit(AuditEvent event) = 0; // best effort: dropped when the store is overloaded
    /// Newest first, with ids below `before` if it is set. At most `limit`.
    virtual void auditLog(UserId user, std::optional<std::int64_t> before, int limit,
                          Reply<std::vector<AuditEvent>> reply) = 0;

    // Sessions
    /// Replaces the session of the same (user, device). TooManyDevices above limits::kMaxDevices; Outdated; CodeUsed.
    virtual void openSession(NewSession session, Reply<void> reply) = 0;
    virtual void session(UserId user, DeviceId device, Reply<Session> reply) = 0;
    /// One atomic step: unused → used and successor stored; used within the grace with the same successor → the same
    /// session again; used before that → TokenReused, and the whole family is gone.
    virtual void rotate(Rotation rotation, Reply<Session> reply) = 0;
    virtual void sessions(UserId user, Reply<std::vector<Device>> reply) = 0;
    /// Ends one device's session, or all but `keep`. Answers the devices whose sessions ended.
    virtual void closeSession(UserId user, DeviceId device, Reply<void> reply) = 0;
    virtual void closeSessions(UserId user, std::optional<DeviceId> keep, Reply<std::vector<DeviceId>> reply) = 0;
    virtual void touchSession(UserId user, DeviceId device, Timestamp seen) = 0; // best effort

    // Messages
    virtual void append(AppendMessage message, Reply<Appended> reply) = 0;
    virtual void edit(UserId user, ConversationId conversation, Seq seq, std::string body, Reply<Changed> reply) = 0;
    virtual void recall(UserId user, ConversationId conversation, Seq seq, Reply<Changed> reply) = 0;
    virtual void like(UserId user, ConversationId conversation, Seq seq, bool liked, Reply<Changed> reply) = 0;
    /// Same meaning as the client's local history page. Fills cid and liked for `reader`.
    virtual void page(UserId reader, PageQuery query, Reply<Page> reply) = 0;
    virtual void changes(UserId reader, ConversationId conversation, Rev since, int limit,
                         Reply<ChangesResult> reply) = 0;

    // Cursors: clamped to the head, never back; read implies delivered.
    virtual void moveRead(UserId user, ConversationId conversation, Seq seq, Reply<CursorMoved> reply) = 0;
    virtual void moveDelivered(UserId user, ConversationId conversation, Seq seq, Reply<CursorMoved> reply) = 0;
    virtual void receipts(UserId reader, ConversationId conversation, Seq seq, std::optional<UserId> after, int limit,
                          Reply<ReceiptsResult> reply) = 0;

    // Conversations
    virtual void heads(HeadsQuery query, Reply<HeadsResult> reply) = 0;
    virtual void head(UserId reader, ConversationId conversation, Reply<Head> reply) = 0;
    virtual void createGroup(UserId owner, std::string name, std::vector<UserId> members,
                             Reply<GroupChanged> reply) = 0;
    virtual void updateGroup(UserId by, ConversationId conversation, GroupUpdate update, Reply<GroupChanged> reply) = 0;
    virtual void addMembers(UserId by, ConversationId conversation, std::vector<UserId> users,
                            Reply<GroupChanged> reply) = 0;
    /// Removing oneself is leaving; an owner who leaves hands on to the oldest admin, else the oldest member.
    virtual void removeMembers(UserId by, ConversationId conversation, std::vector<UserId> users,
                               Reply<GroupChanged> reply) = 0;
    virtual void setRole(UserId by, ConversationId conversation, UserId user, Role role, Reply<GroupChanged> reply) = 0;
    virtual void mute(UserId user, ConversationId conversation, Timestamp until, Reply<void> reply) = 0;
    virtual void members(UserId reader, ConversationId conversation, std::optional<UserId> after, int limit,
                         Reply<MembersResult> reply) = 0;
    virtual void memberList(ConversationId conversation, Reply<MemberList> reply) = 0;
    /// Users who share a conversation with `user`: who may watch their presence.
    virtual void contacts(UserId user, Reply<std::vector<UserId>> reply) = 0;

    // Files. The store cuts them into pieces as it likes; no call holds more than one append in memory.
    /// Goes on with the owner's own unfinished upload of the same hash, size and type, if there is one; never with what
    /// somebody else has stored. TooManyFiles; NotFound for an owner who is none.
    virtual void createFile(NewFile file, Reply<FileState> reply) = 0;
    /// Durable when it is answered. Messages do not wait for all of it: it may be committed in parts, the answer comes
    /// after the last. NotFound for anybody but the owner.
    virtual void appendFile(UserId owner, FileId file, std::int64_t offset, std::string bytes,
                            Reply<FileAppended> reply) = 0;
    /// The owner; of a complete one everybody if it is somebody's avatar, and members of a group whose avatar it is.
    /// Everybody else: NotFound.
    virtual void file(UserId reader, FileId file, Reply<FileState> reply) = 0;
    /// Bytes of a complete file from `offset` on, at least one and not more than a piece. For whom file() answers;
    /// NotFound at the end.
    virtual void readFile(UserId reader, FileId file, std::int64_t offset, Reply<std::string> reply) = 0;
    /// A small step of removing what has had no use for limits::kUnusedFile: unfinished uploads since their last
    /// append, complete files since nothing refers to them.
    virtual void sweepFiles(Reply<FilesSwept> reply) = 0;

    /// Waits for all queued writes; then no more are taken (Overloaded).
    virtual void close() = 0;
};

} // namespace kith::server
