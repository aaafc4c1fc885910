// SPDX-License-Identifier: GPL-3.0-or-later
// Every read of the store, each on one snapshot of the database.
#pragma once

#include "core/base/clock.h"
#include "server/store/embedded/engine.h"
#include "server/store/embedded/file_plan.h"
#include "server/store/store.h"

#include <string>
#include <unordered_map>

namespace kith::server::embedded {

/// Lives on one thread of the read pool.
class Reader final {
public:
    /// A change is stamped before it is committed; heads look this much further back than they are asked to, so that
    /// one that was under way during the last `sync` is not missed. Heads are whole: sending one twice does no harm.
    static constexpr milliseconds kSyncSlack{10'000};

    Reader(Engine engine, const Clock &clock) : m_engine(std::move(engine)), m_clock(clock) {}

    Engine &engine() { return m_engine; }

    /// Calls `body` between BEGIN and COMMIT.
    template <class T, class F>
    StoreResult<T> onSnapshot(F &&body)
    {
        KITH_TRY(m_engine.run("BEGIN"));
        StoreResult<T> result = body(*this);
        m_engine.clearSpoiled();
        if (!m_engine.run("COMMIT"))
            (void)m_engine.database().execute("ROLLBACK");
        m_engine.clearSpoiled();
        return result;
    }

    // reader_accounts.cpp
    StoreResult<Credentials> credentials(const std::string &username);
    StoreResult<Credentials> credentialsById(const UserId &user);
    StoreResult<User> user(const UserId &user);
    StoreResult<std::vector<User>> findUsers(const std::string &query, const std::optional<UserId> &after, int limit);
    StoreResult<Session> session(const UserId &user, const DeviceId &device);
    StoreResult<std::vector<Device>> sessions(const UserId &user);
    StoreResult<std::vector<UserId>> contacts(const UserId &user);
    StoreResult<std::vector<UserId>> blocked(const UserId &user);
    StoreResult<std::vector<ConversationId>> sharedGroups(const UserId &user, const UserId &other, int limit);
    StoreResult<MfaState> mfa(const UserId &user);
    StoreResult<std::vector<AuditEvent>> auditLog(const UserId &user, std::optional<std::int64_t> before, int limit);

    // reader_messages.cpp
    StoreResult<Page> page(const UserId &reader, const PageQuery &query);
    StoreResult<ChangesResult> changes(const UserId &reader, const ConversationId &conversation, Rev since, int limit);

    // reader_heads.cpp
    StoreResult<HeadsResult> heads(const HeadsQuery &query);
    StoreResult<Head> head(const UserId &reader, const ConversationId &conversation);

    // reader_members.cpp
    StoreResult<MembersResult> members(const UserId &reader, const ConversationId &conversation,
                                       const std::optional<UserId> &after, int limit);
    StoreResult<MemberList> memberList(const ConversationId &conversation);
    StoreResult<ReceiptsResult> receipts(const UserId &reader, const ConversationId &conversation, Seq seq,
                                         const std::optional<UserId> &after, int limit);

    // reader_files.cpp
    /// Reads and hashes what an append needs, so that the writer has only to write.
    StoreResult<FilePlan> planAppend(const UserId &owner, const FileId &file, std::int64_t offset,
                                     std::string_view bytes);
    StoreResult<FileState> file(const UserId &reader, const FileId &file);
    StoreResult<std::string> readFile(const UserId &reader, const FileId &file, std::int64_t offset);

private:
    StoreResult<std::string> allPieces(std::int64_t content);
    struct Place { // a conversation that the reader is in
        std::int64_t key = 0;
        Seq headSeq;
        Rev headRev;
    };
    StoreResult<Place> place(const UserId &reader, const ConversationId &conversation);
    StoreResult<void> fillLiked(const UserId &reader, std::vector<Message> &messages,
                                const std::vector<std::int64_t> &rows);
    StoreResult<std::int64_t> firstSeqAbove(const Place &place, Rev since);
    StoreResult<std::optional<Head>> headOf(std::int64_t reader, std::int64_t conversation);
    StoreResult<std::optional<Message>> lastOf(const UserId &reader, std::int64_t conversation, Seq seq);
    StoreResult<std::vector<UserId>> readMembers(std::int64_t conversation);

    struct KnownMembers {
        std::int64_t version = 0;
        MemberList list;
    };
    /// Lists of large groups are read once a change, not once a message; entries kept.
    static constexpr std::size_t kMostLists = 4096;

    Engine m_engine;
    const Clock &m_clock;
    std::unordered_map<std::int64_t, KnownMembers> m_lists;
};

} // namespace kith::server::embedded
