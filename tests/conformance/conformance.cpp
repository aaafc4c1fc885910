// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/conformance/conformance.h"

#include "core/base/file_limits.h"
#include "core/crypto/crypto.h"
#include "tests/pictures.h"

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

FileId StoreSuite::uploadFile(const UserId &owner, const std::string &bytes, const std::string &mime)
{
    const auto chunk = static_cast<std::size_t>(limits::kMaxFileChunk);
    auto file = store().createFile(
        {owner, "a file", mime, static_cast<std::int64_t>(bytes.size()), crypto::sha256(bytes), limits::kMaxFileChunk});
    for (std::size_t at = 0; file && at < bytes.size(); at += chunk) {
        const auto done = store().appendFile(owner, file->id, static_cast<std::int64_t>(at), bytes.substr(at, chunk));
        if (!done ||
            (done->outcome != FileAppended::Outcome::Taken && done->outcome != FileAppended::Outcome::Complete))
            throw std::runtime_error("appendFile: " + why(done));
    }
    if (!file)
        throw std::runtime_error("createFile: " + why(file));
    return file->id;
}

FileId StoreSuite::makePicture(const UserId &owner, std::uint8_t colour)
{
    return uploadFile(owner, kith::test::smallPng(colour), "image/png");
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
