// SPDX-License-Identifier: GPL-3.0-or-later
// The calls of a store that wait for their answer, for tests.
#pragma once

#include "server/store/store.h"

#include <chrono>
#include <future>
#include <stdexcept>

namespace kith::server::test {

class SyncStore final {
public:
    explicit SyncStore(Store &store) : m_store(store) {}
    Store &async() { return m_store; }

    StoreResult<User> createUser(NewUser user)
    {
        return wait<User>([&](auto r) { m_store.createUser(std::move(user), std::move(r)); });
    }
    StoreResult<Credentials> credentials(const std::string &name)
    {
        return wait<Credentials>([&](auto r) { m_store.credentials(name, std::move(r)); });
    }
    StoreResult<Credentials> credentialsById(const UserId &user)
    {
        return wait<Credentials>([&](auto r) { m_store.credentialsById(user, std::move(r)); });
    }
    StoreResult<std::vector<DeviceId>> changePassword(const UserId &user, const std::string &hash,
                                                      std::optional<std::int64_t> version = {},
                                                      std::optional<DeviceId> keep = {})
    {
        return wait<std::vector<DeviceId>>(
            [&](auto r) { m_store.changePassword(user, hash, version, std::move(keep), std::move(r)); });
    }
    StoreResult<MfaState> mfa(const UserId &user)
    {
        return wait<MfaState>([&](auto r) { m_store.mfa(user, std::move(r)); });
    }
    StoreResult<void> enrolTotp(const UserId &user, const std::string &sealed, Timestamp expires)
    {
        return wait<void>([&](auto r) { m_store.enrolTotp(user, sealed, expires, std::move(r)); });
    }
    StoreResult<void> bindTotp(TotpBinding binding)
    {
        return wait<void>([&](auto r) { m_store.bindTotp(std::move(binding), std::move(r)); });
    }
    StoreResult<void> unbindTotp(const UserId &user, std::optional<SecondFactor> factor)
    {
        return wait<void>([&](auto r) { m_store.unbindTotp(user, std::move(factor), std::move(r)); });
    }
    StoreResult<void> replaceRecoveryCodes(const UserId &user, SecondFactor factor, std::vector<std::string> hashes)
    {
        return wait<void>(
            [&](auto r) { m_store.replaceRecoveryCodes(user, std::move(factor), std::move(hashes), std::move(r)); });
    }
    StoreResult<std::vector<AuditEvent>> auditLog(const UserId &user, std::optional<std::int64_t> before = {},
                                                  int limit = 50)
    {
        return wait<std::vector<AuditEvent>>([&](auto r) { m_store.auditLog(user, before, limit, std::move(r)); });
    }
    StoreResult<void> setDisabled(const UserId &user, bool disabled)
    {
        return wait<void>([&](auto r) { m_store.setDisabled(user, disabled, std::move(r)); });
    }
    StoreResult<User> updateProfile(const UserId &user, std::optional<std::string> name,
                                    std::optional<std::string> avatar)
    {
        return wait<User>(
            [&](auto r) { m_store.updateProfile(user, std::move(name), std::move(avatar), std::move(r)); });
    }
    StoreResult<User> user(const UserId &user)
    {
        return wait<User>([&](auto r) { m_store.user(user, std::move(r)); });
    }
    StoreResult<std::vector<User>> findUsers(const std::string &query, std::optional<UserId> after = {}, int limit = 20)
    {
        return wait<std::vector<User>>(
            [&](auto r) { m_store.findUsers(query, std::move(after), limit, std::move(r)); });
    }
    StoreResult<void> block(const UserId &user, const UserId &other, bool blocked)
    {
        return wait<void>([&](auto r) { m_store.block(user, other, blocked, std::move(r)); });
    }
    StoreResult<std::vector<UserId>> blocked(const UserId &user)
    {
        return wait<std::vector<UserId>>([&](auto r) { m_store.blocked(user, std::move(r)); });
    }
    StoreResult<std::vector<ConversationId>> sharedGroups(const UserId &user, const UserId &other, int limit)
    {
        return wait<std::vector<ConversationId>>(
            [&](auto r) { m_store.sharedGroups(user, other, limit, std::move(r)); });
    }

    StoreResult<void> openSession(NewSession session)
    {
        return wait<void>([&](auto r) { m_store.openSession(std::move(session), std::move(r)); });
    }
    StoreResult<Session> session(const UserId &user, const DeviceId &device)
    {
        return wait<Session>([&](auto r) { m_store.session(user, device, std::move(r)); });
    }
    StoreResult<Session> rotate(Rotation rotation)
    {
        return wait<Session>([&](auto r) { m_store.rotate(std::move(rotation), std::move(r)); });
    }
    StoreResult<std::vector<Device>> sessions(const UserId &user)
    {
        return wait<std::vector<Device>>([&](auto r) { m_store.sessions(user, std::move(r)); });
    }
    StoreResult<void> closeSession(const UserId &user, const DeviceId &device)
    {
        return wait<void>([&](auto r) { m_store.closeSession(user, device, std::move(r)); });
    }
    StoreResult<std::vector<DeviceId>> closeSessions(const UserId &user, std::optional<DeviceId> keep)
    {
        return wait<std::vector<DeviceId>>([&](auto r) { m_store.closeSessions(user, std::move(keep), std::move(r)); });
    }

    StoreResult<Appended> append(AppendMessage message)
    {
        return wait<Appended>([&](auto r) { m_store.append(std::move(message), std::move(r)); });
    }
    StoreResult<Changed> edit(const UserId &user, const ConversationId &c, Seq seq, const std::string &body)
    {
        return wait<Changed>([&](auto r) { m_store.edit(user, c, seq, body, std::move(r)); });
    }
    StoreResult<Changed> recall(const UserId &user, const ConversationId &c, Seq seq)
    {
        return wait<Changed>([&](auto r) { m_store.recall(user, c, seq, std::move(r)); });
    }
    StoreResult<Changed> like(const UserId &user, const ConversationId &c, Seq seq, bool liked = true)
    {
        return wait<Changed>([&](auto r) { m_store.like(user, c, seq, liked, std::move(r)); });
    }
    StoreResult<Page> page(const UserId &reader, PageQuery query)
    {
        return wait<Page>([&](auto r) { m_store.page(reader, std::move(query), std::move(r)); });
    }
    StoreResult<ChangesResult> changes(const UserId &reader, const ConversationId &c, Rev since, int limit = 200)
    {
        return wait<ChangesResult>([&](auto r) { m_store.changes(reader, c, since, limit, std::move(r)); });
    }
    StoreResult<CursorMoved> moveRead(const UserId &user, const ConversationId &c, Seq seq)
    {
        return wait<CursorMoved>([&](auto r) { m_store.moveRead(user, c, seq, std::move(r)); });
    }
    StoreResult<CursorMoved> moveDelivered(const UserId &user, const ConversationId &c, Seq seq)
    {
        return wait<CursorMoved>([&](auto r) { m_store.moveDelivered(user, c, seq, std::move(r)); });
    }
    StoreResult<ReceiptsResult> receipts(const UserId &reader, const ConversationId &c, Seq seq,
                                         std::optional<UserId> after = {}, int limit = 100)
    {
        return wait<ReceiptsResult>(
            [&](auto r) { m_store.receipts(reader, c, seq, std::move(after), limit, std::move(r)); });
    }

    StoreResult<HeadsResult> heads(HeadsQuery query)
    {
        return wait<HeadsResult>([&](auto r) { m_store.heads(std::move(query), std::move(r)); });
    }
    StoreResult<Head> head(const UserId &reader, const ConversationId &c)
    {
        return wait<Head>([&](auto r) { m_store.head(reader, c, std::move(r)); });
    }
    StoreResult<GroupChanged> createGroup(const UserId &owner, const std::string &name, std::vector<UserId> members)
    {
        return wait<GroupChanged>([&](auto r) { m_store.createGroup(owner, name, std::move(members), std::move(r)); });
    }
    StoreResult<GroupChanged> updateGroup(const UserId &by, const ConversationId &c, GroupUpdate update)
    {
        return wait<GroupChanged>([&](auto r) { m_store.updateGroup(by, c, std::move(update), std::move(r)); });
    }
    StoreResult<GroupChanged> addMembers(const UserId &by, const ConversationId &c, std::vector<UserId> users)
    {
        return wait<GroupChanged>([&](auto r) { m_store.addMembers(by, c, std::move(users), std::move(r)); });
    }
    StoreResult<GroupChanged> removeMembers(const UserId &by, const ConversationId &c, std::vector<UserId> users)
    {
        return wait<GroupChanged>([&](auto r) { m_store.removeMembers(by, c, std::move(users), std::move(r)); });
    }
    StoreResult<GroupChanged> setRole(const UserId &by, const ConversationId &c, const UserId &user, Role role)
    {
        return wait<GroupChanged>([&](auto r) { m_store.setRole(by, c, user, role, std::move(r)); });
    }
    StoreResult<void> mute(const UserId &user, const ConversationId &c, Timestamp until)
    {
        return wait<void>([&](auto r) { m_store.mute(user, c, until, std::move(r)); });
    }
    StoreResult<MembersResult> members(const UserId &reader, const ConversationId &c, std::optional<UserId> after = {},
                                       int limit = 100)
    {
        return wait<MembersResult>([&](auto r) { m_store.members(reader, c, std::move(after), limit, std::move(r)); });
    }
    StoreResult<MemberList> memberList(const ConversationId &c)
    {
        return wait<MemberList>([&](auto r) { m_store.memberList(c, std::move(r)); });
    }
    StoreResult<std::vector<UserId>> contacts(const UserId &user)
    {
        return wait<std::vector<UserId>>([&](auto r) { m_store.contacts(user, std::move(r)); });
    }

    StoreResult<FileState> createFile(NewFile file)
    {
        return wait<FileState>([&](auto r) { m_store.createFile(std::move(file), std::move(r)); });
    }
    StoreResult<FileAppended> appendFile(const UserId &owner, const FileId &file, std::int64_t offset,
                                         std::string bytes)
    {
        return wait<FileAppended>(
            [&](auto r) { m_store.appendFile(owner, file, offset, std::move(bytes), std::move(r)); });
    }
    StoreResult<FileState> file(const UserId &reader, const FileId &file)
    {
        return wait<FileState>([&](auto r) { m_store.file(reader, file, std::move(r)); });
    }
    StoreResult<std::string> readFile(const UserId &reader, const FileId &file, std::int64_t offset)
    {
        return wait<std::string>([&](auto r) { m_store.readFile(reader, file, offset, std::move(r)); });
    }
    StoreResult<FilesSwept> sweepFiles()
    {
        return wait<FilesSwept>([&](auto r) { m_store.sweepFiles(std::move(r)); });
    }

private:
    template <class T, class F>
    StoreResult<T> wait(F &&call)
    {
        auto done = std::make_shared<std::promise<StoreResult<T>>>();
        auto answer = done->get_future();
        call(Reply<T>([done](StoreResult<T> result) { done->set_value(std::move(result)); }));
        if (answer.wait_for(std::chrono::seconds(30)) != std::future_status::ready)
            throw std::runtime_error("the store did not answer within 30 s");
        return answer.get();
    }

    Store &m_store;
};

} // namespace kith::server::test
