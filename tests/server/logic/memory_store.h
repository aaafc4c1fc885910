// SPDX-License-Identifier: GPL-3.0-or-later
// A store in memory whose answers come when the test says so: the logic's order of pushes can be tried out without
// luck.
#pragma once

#include "core/base/clock.h"
#include "server/store/store.h"

#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <set>

namespace kith::server::test {

/// Rules are those that the logic relies on; the conformance suite is for real stores. Thread-safe.
class MemoryStore final : public Store {
public:
    explicit MemoryStore(const Clock &clock) : m_clock(clock) {}

    /// Runs the answers that wait. False if there were none.
    bool pump();
    /// While true, answers of head() wait apart, however often pump() is called.
    void holdHeads(bool hold);
    /// Every next call answers this, until taken back.
    void failWith(std::optional<StoreError> error, std::string call = {})
    {
        m_fail = call.empty() ? error : std::nullopt;
        m_failOpening = call == "openSession" ? error : std::nullopt;
    }
    bool isBlocked(const UserId &by, const UserId &other) { return m_blocks.contains({by, other}); }

    std::string epoch() const override { return "epoch-of-tests"; }
    void createUser(NewUser user, Reply<User> reply) override;
    void credentials(std::string username, Reply<Credentials> reply) override;
    void credentialsById(UserId user, Reply<Credentials> reply) override;
    void changePassword(UserId user, std::string passwordHash, std::optional<std::int64_t> version,
                        std::optional<DeviceId> keep, Reply<std::vector<DeviceId>> reply) override;
    void mfa(UserId user, Reply<MfaState> reply) override;
    void enrolTotp(UserId user, std::string sealed, Timestamp expires, Reply<void> reply) override;
    void bindTotp(TotpBinding binding, Reply<void> reply) override;
    void unbindTotp(UserId user, std::optional<SecondFactor> factor, Reply<void> reply) override;
    void replaceRecoveryCodes(UserId user, SecondFactor factor, std::vector<std::string> hashes,
                              Reply<void> reply) override;
    void audit(AuditEvent event) override;
    void auditLog(UserId user, std::optional<std::int64_t> before, int limit,
                  Reply<std::vector<AuditEvent>> reply) override;
    void setDisabled(UserId user, bool disabled, Reply<void> reply) override;
    void updateProfile(UserId user, std::optional<std::string> displayName, std::optional<std::string> avatar,
                       Reply<User> reply) override;
    void user(UserId user, Reply<User> reply) override;
    void findUsers(std::string query, std::optional<UserId> after, int limit, Reply<std::vector<User>> reply) override;
    void block(UserId user, UserId other, bool blocked, Reply<void> reply) override;
    void blocked(UserId user, Reply<std::vector<UserId>> reply) override;
    void sharedGroups(UserId user, UserId other, int limit, Reply<std::vector<ConversationId>> reply) override;

    void openSession(NewSession session, Reply<void> reply) override;
    void session(UserId user, DeviceId device, Reply<Session> reply) override;
    void rotate(Rotation rotation, Reply<Session> reply) override;
    void sessions(UserId user, Reply<std::vector<Device>> reply) override;
    void closeSession(UserId user, DeviceId device, Reply<void> reply) override;
    void closeSessions(UserId user, std::optional<DeviceId> keep, Reply<std::vector<DeviceId>> reply) override;
    void touchSession(UserId user, DeviceId device, Timestamp seen) override;

    void append(AppendMessage message, Reply<Appended> reply) override;
    void edit(UserId user, ConversationId conversation, Seq seq, std::string body, Reply<Changed> reply) override;
    void recall(UserId user, ConversationId conversation, Seq seq, Reply<Changed> reply) override;
    void like(UserId user, ConversationId conversation, Seq seq, bool liked, Reply<Changed> reply) override;
    void page(UserId reader, PageQuery query, Reply<Page> reply) override;
    void changes(UserId reader, ConversationId conversation, Rev since, int limit, Reply<ChangesResult> reply) override;

    void moveRead(UserId user, ConversationId conversation, Seq seq, Reply<CursorMoved> reply) override;
    void moveDelivered(UserId user, ConversationId conversation, Seq seq, Reply<CursorMoved> reply) override;
    void receipts(UserId reader, ConversationId conversation, Seq seq, std::optional<UserId> after, int limit,
                  Reply<ReceiptsResult> reply) override;

    void heads(HeadsQuery query, Reply<HeadsResult> reply) override;
    void head(UserId reader, ConversationId conversation, Reply<Head> reply) override;
    void createGroup(UserId owner, std::string name, std::vector<UserId> members, Reply<GroupChanged> reply) override;
    void updateGroup(UserId by, ConversationId conversation, GroupUpdate update, Reply<GroupChanged> reply) override;
    void addMembers(UserId by, ConversationId conversation, std::vector<UserId> users,
                    Reply<GroupChanged> reply) override;
    void removeMembers(UserId by, ConversationId conversation, std::vector<UserId> users,
                       Reply<GroupChanged> reply) override;
    void setRole(UserId by, ConversationId conversation, UserId user, Role role, Reply<GroupChanged> reply) override;
    void mute(UserId user, ConversationId conversation, Timestamp until, Reply<void> reply) override;
    void members(UserId reader, ConversationId conversation, std::optional<UserId> after, int limit,
                 Reply<MembersResult> reply) override;
    void memberList(ConversationId conversation, Reply<MemberList> reply) override;
    void contacts(UserId user, Reply<std::vector<UserId>> reply) override;
    void createFile(NewFile file, Reply<FileState> reply) override;
    void appendFile(UserId owner, FileId file, std::int64_t offset, std::string bytes,
                    Reply<FileAppended> reply) override;
    void file(UserId reader, FileId file, Reply<FileState> reply) override;
    void readFile(UserId reader, FileId file, std::int64_t offset, Reply<std::string> reply) override;
    void sweepFiles(Reply<FilesSwept> reply) override;
    void close() override {}

private:
    struct Conversation {
        std::string name, avatar;
        std::map<UserId, Member> members;
        std::set<UserId> gone; // were members
        std::map<UserId, Receipt> cursors;
        std::map<UserId, Timestamp> muted;
        std::vector<Message> messages;
        std::map<std::int64_t, std::set<UserId>> likes; // by seq
        Rev rev;
        std::map<std::int64_t, Seq> changed; // rev to seq
    };
    /// The work is done at the call, as by a writer that takes one after another; only its answer waits.
    template <class T, class Work>
    void answer(Reply<T> reply, Work work, bool isHead = false)
    {
        const std::lock_guard lock(m_mutex);
        StoreResult<T> result = m_fail ? StoreResult<T>(Unexpected(*m_fail)) : work();
        auto &queue = isHead && m_holdHeads ? m_heldHeads : m_waiting;
        queue.push_back([reply = std::move(reply), result = std::move(result)]() mutable { reply(std::move(result)); });
    }
    struct StoredFile {
        NewFile announced;
        std::string bytes;
        bool complete = false;
    };
    StoredFile *readable(const UserId &reader, const FileId &id);
    std::optional<StoreError> refusedAvatar(const UserId &user, const std::optional<std::string> &avatar,
                                            const std::string &current);
    bool use(const UserId &user, const SecondFactor &factor);
    std::vector<DeviceId> endSessions(const UserId &user, const std::optional<DeviceId> &keep);
    Conversation *of(const UserId &member, const ConversationId &id);
    MemberList list(const Conversation &conversation);
    StoreResult<Changed> change(const UserId &user, const ConversationId &id, Seq seq,
                                const std::function<StoreResult<void>(Conversation &, Message &)> &work);
    StoreResult<CursorMoved> move(const UserId &user, const ConversationId &id, Seq seq, bool read);
    Appended notice(const ConversationId &id, Conversation &conversation, const UserId &by, std::string text);
    GroupChanged groupChanged(const ConversationId &id, Conversation &conversation);
    Head makeHead(const UserId &reader, const ConversationId &id, Conversation &conversation);

    const Clock &m_clock;
    std::recursive_mutex m_mutex;
    std::deque<std::function<void()>> m_waiting, m_heldHeads;
    bool m_holdHeads = false;
    std::optional<StoreError> m_fail, m_failOpening;
    std::int64_t m_nextId = 1001;
    std::map<UserId, Credentials> m_users;
    std::map<std::pair<UserId, DeviceId>, Session> m_sessions;
    struct Pending {
        std::string sealed;
        Timestamp expires{};
    };
    struct Factor {
        Timestamp boundAt{};
        std::int64_t lastStep = 0;
        std::set<std::string> recovery;
        std::string answer;
        Timestamp answerExpires{};
    };
    std::map<UserId, Pending> m_pending;
    std::map<UserId, Factor> m_factors;
    std::vector<AuditEvent> m_audit;
    struct Token {
        UserId user;
        DeviceId device;
        std::string family, successor;
        Timestamp used{};
    };
    std::map<std::string, Token> m_tokens;
    std::map<ConversationId, Conversation> m_conversations;
    std::map<std::pair<UserId, ClientMessageId>, Appended> m_byCid;
    std::set<std::pair<UserId, UserId>> m_blocks;
    std::map<FileId, StoredFile> m_files;
};

} // namespace kith::server::test
