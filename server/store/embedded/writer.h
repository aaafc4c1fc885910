// SPDX-License-Identifier: GPL-3.0-or-later
// Every write of the store as a step inside the transaction that the write queue has begun.
#pragma once

#include "core/base/clock.h"
#include "server/store/embedded/conversation_cache.h"
#include "server/store/embedded/engine.h"
#include "server/store/embedded/file_plan.h"
#include "server/store/embedded/id_generator.h"
#include "server/store/store.h"

#include <map>
#include <memory>
#include <string_view>
#include <utility>

namespace kith::server::embedded {

struct StoredMessage;

struct WriterRules {
    std::chrono::seconds refreshGrace{};
    int node = 0;
};

/// Lives on the writer's thread. A step that answers a StoreError of its own has written nothing, or what that error
/// says (TokenReused): it checks first, so that no step needs a savepoint. Only an error of the engine can leave half a
/// step behind; then engine().spoiled() is set and the whole transaction goes. Steps do not consume their arguments, so
/// that they can be run again.
class Writer final {
public:
    static StoreResult<std::unique_ptr<Writer>> make(Engine engine, const Clock &clock, WriterRules rules);

    StoreResult<void> begin();
    StoreResult<void> commit();
    /// Forgets everything that the transaction taught the caches.
    void rollback();
    Engine &engine() { return m_engine; }

    // Accounts and sessions: writer_accounts.cpp, writer_sessions.cpp
    StoreResult<User> createUser(const NewUser &user);
    StoreResult<std::vector<DeviceId>> changePassword(const UserId &user, const std::string &hash,
                                                      std::optional<std::int64_t> version,
                                                      const std::optional<DeviceId> &keep);
    StoreResult<void> setDisabled(const UserId &user, bool disabled);
    StoreResult<User> updateProfile(const UserId &user, const std::optional<std::string> &displayName,
                                    const std::optional<std::string> &avatar);
    StoreResult<void> block(const UserId &user, const UserId &other, bool blocked);
    StoreResult<void> openSession(const NewSession &session);
    StoreResult<Session> rotate(const Rotation &rotation);
    StoreResult<void> closeSession(const UserId &user, const DeviceId &device);
    StoreResult<std::vector<DeviceId>> closeSessions(const UserId &user, const std::optional<DeviceId> &keep);
    StoreResult<void> touchSession(const UserId &user, const DeviceId &device, Timestamp seen);

    // Second factor and audit: writer_factors.cpp
    StoreResult<void> enrolTotp(const UserId &user, const std::string &sealed, Timestamp expires);
    StoreResult<void> bindTotp(const TotpBinding &binding);
    StoreResult<void> unbindTotp(const UserId &user, const std::optional<SecondFactor> &factor);
    StoreResult<void> replaceRecoveryCodes(const UserId &user, const SecondFactor &factor,
                                           const std::vector<std::string> &hashes);
    StoreResult<void> audit(const AuditEvent &event);

    // Messages: writer_messages.cpp, writer_changes.cpp, writer_cursors.cpp
    StoreResult<Appended> append(const AppendMessage &message);
    StoreResult<Changed> edit(const UserId &user, const ConversationId &conversation, Seq seq, const std::string &body);
    StoreResult<Changed> recall(const UserId &user, const ConversationId &conversation, Seq seq);
    StoreResult<Changed> like(const UserId &user, const ConversationId &conversation, Seq seq, bool liked);
    StoreResult<CursorMoved> moveRead(const UserId &user, const ConversationId &conversation, Seq seq);
    StoreResult<CursorMoved> moveDelivered(const UserId &user, const ConversationId &conversation, Seq seq);
    StoreResult<void> mute(const UserId &user, const ConversationId &conversation, Timestamp until);

    // Groups: writer_groups.cpp, writer_members.cpp
    StoreResult<GroupChanged> createGroup(const UserId &owner, const std::string &name,
                                          const std::vector<UserId> &members);
    StoreResult<GroupChanged> updateGroup(const UserId &by, const ConversationId &conversation,
                                          const GroupUpdate &update);
    StoreResult<GroupChanged> addMembers(const UserId &by, const ConversationId &conversation,
                                         const std::vector<UserId> &users);
    StoreResult<GroupChanged> removeMembers(const UserId &by, const ConversationId &conversation,
                                            const std::vector<UserId> &users);
    StoreResult<GroupChanged> setRole(const UserId &by, const ConversationId &conversation, const UserId &user,
                                      Role role);

    // Files: writer_files.cpp
    StoreResult<FileState> createFile(const NewFile &file);
    /// WrongOffset where the upload is not as it was when the plan was made.
    StoreResult<FileAppended> takePiece(const FilePlan &plan, const FileStep &step, std::string_view bytes);
    StoreResult<FileAppended> completeFile(const FilePlan &plan, const FileStep &step, std::string_view bytes);
    StoreResult<FileAppended> restartFile(const FilePlan &plan);
    StoreResult<FileAppended> dropFile(const FilePlan &plan);
    StoreResult<FilesSwept> sweepFiles();

    StoreResult<void> setMeta(std::string_view name, const std::string &value);

private:
    struct Insert; // a row of `messages` to be
    struct Actor {
        ConversationState *conversation;
        MemberState *member;
    };
    struct Found {
        Actor actor;
        std::unique_ptr<StoredMessage> message;
    };
    /// Of one user; each counts at least limits::kLeastFileWeight.
    struct FileHoldings {
        std::int64_t files = 0, bytes = 0, unfinished = 0;
        std::int64_t unused = 0; // bytes that nothing refers to, with those that wait for the sweep
    };

    Writer(Engine engine, const Clock &clock, WriterRules rules, std::int64_t highestId, std::int64_t lastMs);

    /// Milliseconds of now, which never go back while the process runs: `since` of heads counts on it.
    std::int64_t now();

    /// From the cache or the database; null where there is none.
    StoreResult<ConversationState *> load(const ConversationId &id);
    StoreResult<Actor> actor(const UserId &user, const ConversationId &conversation);
    StoreResult<Actor> groupActor(const UserId &user, const ConversationId &conversation);
    StoreResult<Found> find(const UserId &user, const ConversationId &conversation, Seq seq);
    StoreResult<bool> blocks(std::int64_t user, std::int64_t other);
    /// An account that exists and is not disabled.
    StoreResult<bool> usable(std::int64_t user);

    StoreResult<ConversationState *> target(const AppendMessage &message, std::int64_t sender);
    StoreResult<ConversationState *> openPrivate(const AppendMessage &message, std::int64_t sender, std::int64_t peer);
    StoreResult<std::optional<Appended>> repeated(const AppendMessage &message, std::int64_t sender,
                                                  std::string_view cid);
    /// Nothing if (sender, cid) is there already.
    StoreResult<std::optional<Appended>> insert(ConversationState &conversation, const Insert &row);
    StoreResult<void> saveHead(const ConversationState &conversation);
    StoreResult<Changed> changed(Found &found);
    StoreResult<CursorMoved> moveCursors(const UserId &user, const ConversationId &conversation, Seq read,
                                         Seq delivered);
    /// In the cache, and from there into the rows by saveCursors(). Clamped, never back.
    CursorMoved moveTo(ConversationState &conversation, MemberState &member, Seq read, Seq delivered, std::int64_t ms);
    StoreResult<void> saveCursors();

    StoreResult<std::vector<std::int64_t>> newcomers(const ConversationState *group, std::int64_t by,
                                                     const std::vector<UserId> &users);
    StoreResult<void> admit(ConversationState &group, std::int64_t user, Role role);
    StoreResult<void> dismiss(ConversationState &group, std::int64_t user);
    StoreResult<void> giveRole(ConversationState &group, MemberState &member, Role role);
    StoreResult<void> membersChanged(ConversationState &group);
    StoreResult<void> takeAvatarDown(ConversationState &group);
    StoreResult<void> announce(GroupChanged &changed, ConversationState &group, const UserId &by,
                               const std::string &body);

    StoreResult<std::optional<FileAppended>> changedSince(const FilePlan &plan, std::int64_t offset);
    StoreResult<std::int64_t> freshContent();
    StoreResult<void> storeBytes(std::int64_t content, std::int64_t start, std::string_view bytes);
    StoreResult<FileHoldings> holdings(std::int64_t owner);
    /// Gives the content up unless another file has it too. Its pieces count for `owner` until they are swept.
    StoreResult<void> releaseContent(std::int64_t content, std::int64_t owner, std::int64_t bytes);
    StoreResult<void> dropContent(std::int64_t content, std::int64_t owner, std::int64_t bytes);
    /// A step of it; false when nothing was left to do.
    StoreResult<bool> sweepDropped();
    StoreResult<bool> refersTo(const std::string &file);
    StoreResult<void> checkAvatar(const UserId &user, const std::string &file);
    StoreResult<void> touchFile(const std::string &file);

    /// CodeUsed without a write, or the factor is used up.
    StoreResult<void> useFactor(std::int64_t user, const SecondFactor &factor);
    StoreResult<void> storeRecoveryCodes(std::int64_t user, const std::vector<std::string> &hashes);
    StoreResult<void> credentialsChanged(std::int64_t user);
    StoreResult<void> dropExpiredFactors(std::int64_t nowMs);
    StoreResult<void> endFamily(std::int64_t user, const std::string &device, const std::string &family);
    StoreResult<void> dropExpired(std::int64_t nowMs);

    Engine m_engine;
    const Clock &m_clock;
    WriterRules m_rules;
    IdGenerator m_ids;
    std::int64_t m_lastMs;
    std::int64_t m_expiredDroppedMs = 0;
    ConversationCache m_cache;

    /// Cursors that moved in this transaction, by conversation and user: one write each, however often they moved.
    struct Moved {
        std::int64_t read = 0, delivered = 0, changedMs = 0;
    };
    std::map<std::pair<std::int64_t, std::int64_t>, Moved> m_moved;
};

} // namespace kith::server::embedded
