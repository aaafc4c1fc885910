// SPDX-License-Identifier: GPL-3.0-or-later
// The store in one SQLCipher file: one writer thread with group commit, a few readers beside it.
#pragma once

#include "core/base/clock.h"
#include "core/base/limits.h"
#include "core/crypto/secret.h"
#include "core/sql/sql.h"
#include "server/store/store.h"

#include <chrono>
#include <functional>
#include <memory>
#include <string>

namespace kith::server {

/// Busy: another process serves this file.
using StoreOpenError = sql::SqlError;

struct EmbeddedOptions {
    /// Longest that a write waits for company, and only under load: alone it is committed at once.
    std::chrono::microseconds groupCommitWindow{1000};
    std::size_t maxBatch = 256;                    // writes to wait for
    std::size_t maxTransaction = 2048;             // writes that are queued already and go along: fewer pages a write
    std::size_t maxQueuedWrites = 16384;           // beyond it Overloaded: most of a second of work
    std::size_t maxQueuedBytes = 64 * 1024 * 1024; // of message bodies
    std::size_t maxQueuedReads = 8192;
    int readers = 2;           // threads, each with a connection
    int node = 0;              // in ids, 0 … 1023
    int cacheKib = 65536;      // of the writer; each reader has a quarter
    std::int64_t maxPages = 0; // size limit of the file in pages of 4 KiB, 0: none
    std::chrono::seconds refreshGrace = limits::kRefreshGrace;
    std::chrono::milliseconds checkpointInterval{1000}; // of moving the log into the file, off the writer's thread
    std::function<void(std::size_t rows, double seconds)> onCommit; // on the writer's thread
    std::function<void(const sql::SqlError &)> onEngineError;       // on any thread of the store
};

/// Replies to writes come on the writer's thread, in the order in which the writes were taken, those to reads on a
/// reader's thread; Overloaded comes at once on the caller's.
class EmbeddedStore final : public Store {
public:
    /// Makes the file where there is none. `clock` must outlive the store.
    static Expected<std::unique_ptr<EmbeddedStore>, StoreOpenError>
    open(const std::string &path, const crypto::Secret &key, const Clock &clock, EmbeddedOptions options = {});
    ~EmbeddedStore() override;

    /// Gives this data another epoch from the next open on: after a restore from a backup. Blocks.
    StoreResult<std::string> renewEpoch();

    std::string epoch() const override;
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

    void close() override;

private:
    struct Impl;
    explicit EmbeddedStore(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> m_impl;
};

} // namespace kith::server
