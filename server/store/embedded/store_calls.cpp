// SPDX-License-Identifier: GPL-3.0-or-later
// The calls of the Store interface, each handed to the writer or to a reader.
#include "server/store/embedded/store_impl.h"

namespace kith::server {

using embedded::Reader;
using embedded::Writer;

// --- accounts -------------------------------------------------------------------------------------------------------

void EmbeddedStore::createUser(NewUser user, Reply<User> reply)
{
    m_impl->write<User>(std::move(reply), [user = std::move(user)](Writer &w) { return w.createUser(user); });
}

void EmbeddedStore::credentials(std::string username, Reply<Credentials> reply)
{
    m_impl->read<Credentials>(std::move(reply),
                              [username = std::move(username)](Reader &r) { return r.credentials(username); });
}

void EmbeddedStore::credentialsById(UserId user, Reply<Credentials> reply)
{
    m_impl->read<Credentials>(std::move(reply),
                              [user = std::move(user)](Reader &r) { return r.credentialsById(user); });
}

void EmbeddedStore::changePassword(UserId user, std::string passwordHash, std::optional<std::int64_t> version,
                                   std::optional<DeviceId> keep, Reply<std::vector<DeviceId>> reply)
{
    m_impl->write<std::vector<DeviceId>>(
        std::move(reply), [user = std::move(user), hash = std::move(passwordHash), version,
                           keep = std::move(keep)](Writer &w) { return w.changePassword(user, hash, version, keep); });
}

void EmbeddedStore::setDisabled(UserId user, bool disabled, Reply<void> reply)
{
    m_impl->write<void>(std::move(reply),
                        [user = std::move(user), disabled](Writer &w) { return w.setDisabled(user, disabled); });
}

void EmbeddedStore::updateProfile(UserId user, std::optional<std::string> displayName,
                                  std::optional<std::string> avatar, Reply<User> reply)
{
    m_impl->write<User>(std::move(reply),
                        [user = std::move(user), name = std::move(displayName), avatar = std::move(avatar)](Writer &w) {
                            return w.updateProfile(user, name, avatar);
                        });
}

void EmbeddedStore::user(UserId user, Reply<User> reply)
{
    m_impl->read<User>(std::move(reply), [user = std::move(user)](Reader &r) { return r.user(user); });
}

void EmbeddedStore::findUsers(std::string query, std::optional<UserId> after, int limit, Reply<std::vector<User>> reply)
{
    m_impl->read<std::vector<User>>(std::move(reply), [query = std::move(query), after = std::move(after),
                                                       limit](Reader &r) { return r.findUsers(query, after, limit); });
}

void EmbeddedStore::block(UserId user, UserId other, bool blocked, Reply<void> reply)
{
    m_impl->write<void>(std::move(reply), [user = std::move(user), other = std::move(other), blocked](Writer &w) {
        return w.block(user, other, blocked);
    });
}

void EmbeddedStore::blocked(UserId user, Reply<std::vector<UserId>> reply)
{
    m_impl->read<std::vector<UserId>>(std::move(reply),
                                      [user = std::move(user)](Reader &r) { return r.blocked(user); });
}

void EmbeddedStore::sharedGroups(UserId user, UserId other, int limit, Reply<std::vector<ConversationId>> reply)
{
    m_impl->read<std::vector<ConversationId>>(std::move(reply),
                                              [user = std::move(user), other = std::move(other), limit](Reader &r) {
                                                  return r.sharedGroups(user, other, limit);
                                              });
}

// --- second factor, audit
// ---------------------------------------------------------------------------------------------

void EmbeddedStore::mfa(UserId user, Reply<MfaState> reply)
{
    m_impl->read<MfaState>(std::move(reply), [user = std::move(user)](Reader &r) { return r.mfa(user); });
}

void EmbeddedStore::enrolTotp(UserId user, std::string sealed, Timestamp expires, Reply<void> reply)
{
    m_impl->write<void>(std::move(reply), [user = std::move(user), sealed = std::move(sealed), expires](Writer &w) {
        return w.enrolTotp(user, sealed, expires);
    });
}

void EmbeddedStore::bindTotp(TotpBinding binding, Reply<void> reply)
{
    m_impl->write<void>(std::move(reply), [binding = std::move(binding)](Writer &w) { return w.bindTotp(binding); });
}

void EmbeddedStore::unbindTotp(UserId user, std::optional<SecondFactor> factor, Reply<void> reply)
{
    m_impl->write<void>(std::move(reply), [user = std::move(user), factor = std::move(factor)](Writer &w) {
        return w.unbindTotp(user, factor);
    });
}

void EmbeddedStore::replaceRecoveryCodes(UserId user, SecondFactor factor, std::vector<std::string> hashes,
                                         Reply<void> reply)
{
    m_impl->write<void>(std::move(reply),
                        [user = std::move(user), factor = std::move(factor), hashes = std::move(hashes)](Writer &w) {
                            return w.replaceRecoveryCodes(user, factor, hashes);
                        });
}

void EmbeddedStore::audit(AuditEvent event)
{
    m_impl->write<void>({}, [event = std::move(event)](Writer &w) { return w.audit(event); });
}

void EmbeddedStore::auditLog(UserId user, std::optional<std::int64_t> before, int limit,
                             Reply<std::vector<AuditEvent>> reply)
{
    m_impl->read<std::vector<AuditEvent>>(std::move(reply), [user = std::move(user), before, limit](Reader &r) {
        return r.auditLog(user, before, limit);
    });
}

// --- sessions -------------------------------------------------------------------------------------------------------

void EmbeddedStore::openSession(NewSession session, Reply<void> reply)
{
    m_impl->write<void>(std::move(reply), [session = std::move(session)](Writer &w) { return w.openSession(session); });
}

void EmbeddedStore::session(UserId user, DeviceId device, Reply<Session> reply)
{
    m_impl->read<Session>(std::move(reply), [user = std::move(user), device = std::move(device)](Reader &r) {
        return r.session(user, device);
    });
}

void EmbeddedStore::rotate(Rotation rotation, Reply<Session> reply)
{
    m_impl->write<Session>(std::move(reply),
                           [rotation = std::move(rotation)](Writer &w) { return w.rotate(rotation); });
}

void EmbeddedStore::sessions(UserId user, Reply<std::vector<Device>> reply)
{
    m_impl->read<std::vector<Device>>(std::move(reply),
                                      [user = std::move(user)](Reader &r) { return r.sessions(user); });
}

void EmbeddedStore::closeSession(UserId user, DeviceId device, Reply<void> reply)
{
    m_impl->write<void>(std::move(reply), [user = std::move(user), device = std::move(device)](Writer &w) {
        return w.closeSession(user, device);
    });
}

void EmbeddedStore::closeSessions(UserId user, std::optional<DeviceId> keep, Reply<std::vector<DeviceId>> reply)
{
    m_impl->write<std::vector<DeviceId>>(std::move(reply), [user = std::move(user), keep = std::move(keep)](Writer &w) {
        return w.closeSessions(user, keep);
    });
}

void EmbeddedStore::touchSession(UserId user, DeviceId device, Timestamp seen)
{
    if (m_impl->writes->idleEnough())
        m_impl->write<void>({}, [user = std::move(user), device = std::move(device), seen](Writer &w) {
            return w.touchSession(user, device, seen);
        });
}

// --- messages -------------------------------------------------------------------------------------------------------

void EmbeddedStore::append(AppendMessage message, Reply<Appended> reply)
{
    const std::size_t bytes = message.body.size();
    m_impl->write<Appended>(
        std::move(reply), [message = std::move(message)](Writer &w) { return w.append(message); }, bytes);
}

void EmbeddedStore::edit(UserId user, ConversationId conversation, Seq seq, std::string body, Reply<Changed> reply)
{
    const std::size_t bytes = body.size();
    m_impl->write<Changed>(
        std::move(reply),
        [user = std::move(user), conversation = std::move(conversation), seq, body = std::move(body)](Writer &w) {
            return w.edit(user, conversation, seq, body);
        },
        bytes);
}

void EmbeddedStore::recall(UserId user, ConversationId conversation, Seq seq, Reply<Changed> reply)
{
    m_impl->write<Changed>(std::move(reply), [user = std::move(user), conversation = std::move(conversation),
                                              seq](Writer &w) { return w.recall(user, conversation, seq); });
}

void EmbeddedStore::like(UserId user, ConversationId conversation, Seq seq, bool liked, Reply<Changed> reply)
{
    m_impl->write<Changed>(std::move(reply), [user = std::move(user), conversation = std::move(conversation), seq,
                                              liked](Writer &w) { return w.like(user, conversation, seq, liked); });
}

void EmbeddedStore::page(UserId reader, PageQuery query, Reply<Page> reply)
{
    m_impl->read<Page>(std::move(reply), [reader = std::move(reader), query = std::move(query)](Reader &r) {
        return r.page(reader, query);
    });
}

void EmbeddedStore::changes(UserId reader, ConversationId conversation, Rev since, int limit,
                            Reply<ChangesResult> reply)
{
    m_impl->read<ChangesResult>(std::move(reply),
                                [reader = std::move(reader), conversation = std::move(conversation), since,
                                 limit](Reader &r) { return r.changes(reader, conversation, since, limit); });
}

// --- cursors --------------------------------------------------------------------------------------------------------

void EmbeddedStore::moveRead(UserId user, ConversationId conversation, Seq seq, Reply<CursorMoved> reply)
{
    m_impl->write<CursorMoved>(std::move(reply), [user = std::move(user), conversation = std::move(conversation),
                                                  seq](Writer &w) { return w.moveRead(user, conversation, seq); });
}

void EmbeddedStore::moveDelivered(UserId user, ConversationId conversation, Seq seq, Reply<CursorMoved> reply)
{
    m_impl->write<CursorMoved>(std::move(reply), [user = std::move(user), conversation = std::move(conversation),
                                                  seq](Writer &w) { return w.moveDelivered(user, conversation, seq); });
}

void EmbeddedStore::receipts(UserId reader, ConversationId conversation, Seq seq, std::optional<UserId> after,
                             int limit, Reply<ReceiptsResult> reply)
{
    m_impl->read<ReceiptsResult>(std::move(reply), [reader = std::move(reader), conversation = std::move(conversation),
                                                    seq, after = std::move(after), limit](Reader &r) {
        return r.receipts(reader, conversation, seq, after, limit);
    });
}

// --- conversations --------------------------------------------------------------------------------------------------

void EmbeddedStore::heads(HeadsQuery query, Reply<HeadsResult> reply)
{
    m_impl->read<HeadsResult>(std::move(reply), [query = std::move(query)](Reader &r) { return r.heads(query); });
}

void EmbeddedStore::head(UserId reader, ConversationId conversation, Reply<Head> reply)
{
    m_impl->read<Head>(std::move(reply), [reader = std::move(reader), conversation = std::move(conversation)](
                                             Reader &r) { return r.head(reader, conversation); });
}

void EmbeddedStore::createGroup(UserId owner, std::string name, std::vector<UserId> members, Reply<GroupChanged> reply)
{
    m_impl->write<GroupChanged>(
        std::move(reply), [owner = std::move(owner), name = std::move(name), members = std::move(members)](Writer &w) {
            return w.createGroup(owner, name, members);
        });
}

void EmbeddedStore::updateGroup(UserId by, ConversationId conversation, GroupUpdate update, Reply<GroupChanged> reply)
{
    m_impl->write<GroupChanged>(
        std::move(reply), [by = std::move(by), conversation = std::move(conversation),
                           update = std::move(update)](Writer &w) { return w.updateGroup(by, conversation, update); });
}

void EmbeddedStore::addMembers(UserId by, ConversationId conversation, std::vector<UserId> users,
                               Reply<GroupChanged> reply)
{
    m_impl->write<GroupChanged>(std::move(reply),
                                [by = std::move(by), conversation = std::move(conversation), users = std::move(users)](
                                    Writer &w) { return w.addMembers(by, conversation, users); });
}

void EmbeddedStore::removeMembers(UserId by, ConversationId conversation, std::vector<UserId> users,
                                  Reply<GroupChanged> reply)
{
    m_impl->write<GroupChanged>(std::move(reply),
                                [by = std::move(by), conversation = std::move(conversation), users = std::move(users)](
                                    Writer &w) { return w.removeMembers(by, conversation, users); });
}

void EmbeddedStore::setRole(UserId by, ConversationId conversation, UserId user, Role role, Reply<GroupChanged> reply)
{
    m_impl->write<GroupChanged>(std::move(reply),
                                [by = std::move(by), conversation = std::move(conversation), user = std::move(user),
                                 role](Writer &w) { return w.setRole(by, conversation, user, role); });
}

void EmbeddedStore::mute(UserId user, ConversationId conversation, Timestamp until, Reply<void> reply)
{
    m_impl->write<void>(std::move(reply), [user = std::move(user), conversation = std::move(conversation),
                                           until](Writer &w) { return w.mute(user, conversation, until); });
}

void EmbeddedStore::members(UserId reader, ConversationId conversation, std::optional<UserId> after, int limit,
                            Reply<MembersResult> reply)
{
    m_impl->read<MembersResult>(
        std::move(reply), [reader = std::move(reader), conversation = std::move(conversation), after = std::move(after),
                           limit](Reader &r) { return r.members(reader, conversation, after, limit); });
}

void EmbeddedStore::memberList(ConversationId conversation, Reply<MemberList> reply)
{
    m_impl->read<MemberList>(
        std::move(reply), [conversation = std::move(conversation)](Reader &r) { return r.memberList(conversation); });
}

void EmbeddedStore::contacts(UserId user, Reply<std::vector<UserId>> reply)
{
    m_impl->read<std::vector<UserId>>(std::move(reply),
                                      [user = std::move(user)](Reader &r) { return r.contacts(user); });
}

} // namespace kith::server
