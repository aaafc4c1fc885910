// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/failpoint.h"
#include "core/base/limits.h"
#include "core/client/client_impl.h"
#include "core/crypto/crypto.h"

namespace kith::client {

namespace {

ClientError refusedHere(protocol::ErrorCode code, const char *message, const char *field)
{
    return wireError(protocol::makeError(code, message, field));
}

/// What the server lost stays as it was.
ClientError archiveOnly()
{
    return refusedHere(protocol::ErrorCode::NotFound, "the server no longer has these messages", "conversation");
}

} // namespace

void Client::setOpenConversation(std::optional<ConversationId> conversation)
{
    if (conversation)
        m_impl->arrange(*conversation, history::Arrangement::MarkedUnread, 0);
    m_impl->sync.setOpen(std::move(conversation));
}

QCoro::Task<Result<history::StoredMessage>> Client::send(ConversationId conversation, std::string body,
                                                         std::optional<Seq> replyTo, std::vector<UserId> mentions)
{
    auto *impl = m_impl.get();
    // PROTOCOL, head: the sender's client normalises.
    const auto text = QString::fromStdString(body).normalized(QString::NormalizationForm_C).toUtf8().toStdString();
    if (text.empty())
        co_return Unexpected(refusedHere(protocol::ErrorCode::Malformed, "an empty message", "body"));
    if (text.size() > limits::kMaxBodyBytes)
        co_return Unexpected(refusedHere(protocol::ErrorCode::TooLarge, "the message is too long", "body"));
    if (mentions.size() > limits::kMaxMentions)
        co_return Unexpected(refusedHere(protocol::ErrorCode::TooLarge, "too many people are mentioned", "mentions"));
    if (isArchive(conversation))
        co_return Unexpected(archiveOnly());
    const ClientMessageId cid(crypto::makeUuid());
    impl->outbox.noteFresh(cid);
    const auto now = impl->clock->now();
    auto storedLater = impl->history.run(
        [conversation, text, replyTo, mentions = std::move(mentions), cid, now](history::HistoryStore &store) {
            return store.enqueue(conversation, MessageKind::Text, text, replyTo, mentions, cid, now);
        });
    auto stored = co_await storedLater;
    if (!stored)
        co_return stored;
    const std::vector<history::StoredMessage> news{*stored};
    KITH_FAILPOINT("send.queued");
    impl->touchHead(conversation);
    impl->outbox.wake();
    emit messagesChanged(conversation, news);
    co_return stored;
}

QCoro::Task<Result<void>> Client::edit(ConversationId conversation, std::int64_t localId, std::string body)
{
    auto *impl = m_impl.get();
    auto text = QString::fromStdString(body).normalized(QString::NormalizationForm_C).toUtf8().toStdString();
    if (text.empty())
        co_return Unexpected(refusedHere(protocol::ErrorCode::Malformed, "an empty message", "body"));
    if (text.size() > limits::kMaxBodyBytes)
        co_return Unexpected(refusedHere(protocol::ErrorCode::TooLarge, "the message is too long", "body"));
    auto task = impl->change(std::move(conversation), localId, history::ChangeKind::Edit, std::move(text));
    co_return co_await task;
}

QCoro::Task<Result<void>> Client::recall(ConversationId conversation, std::int64_t localId)
{
    return m_impl->change(std::move(conversation), localId, history::ChangeKind::Recall, {});
}

QCoro::Task<Result<void>> Client::like(ConversationId conversation, std::int64_t localId, bool liked)
{
    return m_impl->change(std::move(conversation), localId,
                          liked ? history::ChangeKind::Like : history::ChangeKind::Unlike, {});
}

QCoro::Task<Result<void>> Client::Impl::change(ConversationId conversation, std::int64_t localId,
                                               history::ChangeKind kind, std::string body)
{
    if (isArchive(conversation))
        co_return Unexpected(archiveOnly());
    using Found = std::optional<history::StoredMessage>;
    auto beforeLater = history.run([conversation, localId](history::HistoryStore &store) -> sql::Result<Found> {
        KITH_TRY_VALUE(unsent, store.unsent(conversation));
        for (auto &one : unsent)
            if (one.localId == localId)
                return Found(std::move(one));
        return Found();
    });
    auto before = co_await beforeLater;
    if (!before)
        co_return Unexpected(std::move(before).error());
    const bool unsent = before->has_value();
    const ClientMessageId cid = unsent ? (*before)->message.cid : ClientMessageId();
    const bool held = unsent && outbox.hold(cid);
    const auto now = clock->now();
    auto doneLater = history.run(
        [=](history::HistoryStore &store) { return store.change(conversation, localId, kind, body, !held, now); });
    auto done = co_await doneLater;
    if (held)
        outbox.release(cid);
    if (!done)
        co_return Unexpected(std::move(done).error());
    touchHead(conversation);
    if (*done) {
        const std::vector<history::StoredMessage> news{**done};
        emit q->messagesChanged(conversation, news);
    } else if (held && kind == history::ChangeKind::Recall) {
        emit q->messageDiscarded(conversation, cid);
    } else {
        co_return Unexpected(refusedHere(protocol::ErrorCode::NotFound, "no such message here", "seq"));
    }
    KITH_FAILPOINT("change.queued");
    changes.wake();
    co_return Result<void>{};
}

QCoro::Task<Result<std::optional<history::StoredMessage>>> Client::message(ConversationId conversation, Seq seq)
{
    auto *impl = m_impl.get();
    auto foundLater = impl->history.run(
        [conversation, seq](history::HistoryStore &store) { return store.message(conversation, seq); });
    co_return co_await foundLater;
}

QCoro::Task<Result<void>> Client::retrySend(ClientMessageId cid)
{
    auto *impl = m_impl.get();
    auto doneLater = impl->history.run([cid](history::HistoryStore &store) -> sql::Result<ConversationId> {
        KITH_TRY_VALUE(heads, store.heads());
        KITH_TRY(store.retry(cid));
        for (const auto &head : heads) {
            if (head.failed == 0 && head.unsent == 0)
                continue;
            KITH_TRY_VALUE(unsent, store.unsent(head.head.conversation));
            for (const auto &one : unsent)
                if (one.message.cid == cid)
                    return head.head.conversation;
        }
        return ConversationId();
    });
    auto done = co_await doneLater;
    if (!done)
        co_return Unexpected(std::move(done).error());
    if (!done->empty()) {
        impl->touchHead(*done);
        impl->tellUnsent(*done, cid);
    }
    impl->outbox.wake();
    co_return Result<void>{};
}

QCoro::Task<Result<void>> Client::discardSend(ClientMessageId cid)
{
    auto *impl = m_impl.get();
    auto doneLater = impl->history.run([cid](history::HistoryStore &store) -> sql::Result<ConversationId> {
        KITH_TRY_VALUE(heads, store.heads());
        ConversationId where;
        for (const auto &head : heads) {
            if (head.failed == 0 && head.unsent == 0)
                continue;
            KITH_TRY_VALUE(unsent, store.unsent(head.head.conversation));
            for (const auto &one : unsent)
                if (one.message.cid == cid)
                    where = head.head.conversation;
        }
        KITH_TRY(store.discard(cid));
        return where;
    });
    auto done = co_await doneLater;
    if (!done)
        co_return Unexpected(std::move(done).error());
    if (!done->empty()) {
        impl->touchHead(*done);
        emit messageDiscarded(*done, cid);
    }
    impl->outbox.wake();
    co_return Result<void>{};
}

void Client::markRead(ConversationId conversation, Seq seq)
{
    m_impl->sync.markRead(conversation, seq);
}

void Client::pauseDownload()
{
    m_impl->downloader.pause();
}
void Client::resumeDownload()
{
    m_impl->downloader.resume();
}
void Client::cancelDownload()
{
    m_impl->downloader.cancel();
}
DownloadProgress Client::downloadProgress() const
{
    return m_impl->downloader.progress();
}

void Client::sendTyping(ConversationId conversation)
{
    if (!m_impl->session.online())
        return;
    const auto now = m_impl->clock->steady();
    const auto last = m_impl->typed.find(conversation);
    if (last != m_impl->typed.end() && now - last->second < limits::kTypingInterval)
        return;
    m_impl->typed[conversation] = now;
    m_impl->session.post(
        protocol::encodeEnvelope(protocol::Op::Typing, {}, protocol::encode(protocol::TypingPacket{conversation, {}})));
}

void Client::setDraft(ConversationId conversation, std::string text)
{
    auto later = m_impl->history.run([conversation, text = std::move(text)](history::HistoryStore &store) {
        return store.setDraft(conversation, text);
    });
    m_impl->touchHead(conversation);
}

void Client::watchPresence(std::vector<UserId> users)
{
    m_impl->watched = std::move(users);
    m_impl->sendWatch();
}

std::optional<Presence> Client::presence(const UserId &user) const
{
    const auto found = m_impl->presences.find(user);
    return found == m_impl->presences.end() ? std::nullopt : std::optional(found->second);
}

} // namespace kith::client
