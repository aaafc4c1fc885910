// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/conformance/conformance.h"

#include "core/crypto/crypto.h"

namespace kith::server::test {

void StoreSuite::init()
{
    m_factory.wipe();
    clock = ManualClock(kStart);
    m_store = m_factory.open(clock);
    QVERIFY(m_store);
    m_sync = std::make_unique<SyncStore>(*m_store);
}

void StoreSuite::cleanup()
{
    m_sync.reset();
    m_store.reset();
}

void StoreSuite::reopen()
{
    cleanup();
    m_store = m_factory.open(clock);
    QVERIFY(m_store);
    m_sync = std::make_unique<SyncStore>(*m_store);
}

UserId StoreSuite::makeUser(const std::string &name)
{
    auto made = store().createUser({name, "hash of " + name, "Name of " + name});
    if (!made)
        throw std::runtime_error("createUser " + name);
    return made->id;
}

AppendMessage StoreSuite::text(const UserId &sender, const ConversationId &conversation, const std::string &body)
{
    AppendMessage message;
    message.sender = sender;
    message.conversation = conversation;
    message.cid = ClientMessageId(crypto::makeUuid());
    message.body = body;
    return message;
}

AppendMessage StoreSuite::textTo(const UserId &sender, const UserId &to, const std::string &body)
{
    AppendMessage message = text(sender, {}, body);
    message.conversation.reset();
    message.to = to;
    return message;
}

Appended StoreSuite::say(const UserId &sender, const ConversationId &conversation, const std::string &body)
{
    auto done = store().append(text(sender, conversation, body));
    if (!done)
        throw std::runtime_error("append: " + why(done));
    return std::move(*done);
}

ConversationId StoreSuite::makeGroup(const UserId &owner, const std::vector<UserId> &members, const std::string &name)
{
    auto made = store().createGroup(owner, name, members);
    if (!made)
        throw std::runtime_error("createGroup: " + why(made));
    return made->conversation;
}

std::vector<std::int64_t> StoreSuite::seqs(const std::vector<Message> &messages) const
{
    std::vector<std::int64_t> list;
    for (const Message &message : messages)
        list.push_back(message.seq.value());
    return list;
}

std::vector<std::int64_t> StoreSuite::pageSeqs(const UserId &reader, const PageQuery &query)
{
    auto page = store().page(reader, query);
    if (!page)
        throw std::runtime_error("page: " + why(page));
    return seqs(page->messages);
}

} // namespace kith::server::test
