// SPDX-License-Identifier: GPL-3.0-or-later
// A history in a folder of its own, and a server's side as plain functions: what is told is what a server would send.
#pragma once

#include "core/history/history.h"
#include "core/history/search_text.h"

#include <QTemporaryDir>
#include <QTest>

#include <algorithm>

namespace kith::test {

inline const UserId kMe("1"), kPeer("2"), kOther("3");
inline const ConversationId kChat("p:1:2");
inline const ConversationId kGroup("g:7");

/// Fails the test with the store's own words.
#define KITH_VERIFY(result)                                                                                            \
    do {                                                                                                               \
        const auto &checked = (result);                                                                                \
        QVERIFY2(checked, checked ? "" : checked.error().detail.c_str());                                              \
    } while (false)

inline Timestamp at(std::int64_t seq)
{
    return fromUnixMs(1'700'000'000'000 + seq * 1000);
}

inline Message message(std::int64_t seq, const UserId &sender = kPeer, std::string body = {})
{
    Message m;
    m.seq = Seq(seq);
    m.id = MessageId("m" + std::to_string(seq));
    m.sender = sender;
    m.body = body.empty() ? "message " + std::to_string(seq) : std::move(body);
    m.createdAt = at(seq);
    return m;
}

/// The server's answer to `query` where it holds messages floor … head.
inline Page serverPage(const PageQuery &query, std::int64_t head, std::int64_t rev = 0, std::int64_t floor = 1)
{
    std::int64_t to = query.before ? std::min(query.before->value() - 1, head) : head;
    std::int64_t from = std::max(floor, to - query.limit + 1);
    if (query.after) {
        from = std::max(floor, query.after->value() + 1);
        to = std::min(head, from + query.limit - 1);
    } else if (query.around) {
        to = std::min(head, query.around->value() + (query.limit - 1) / 2);
        from = std::max(floor, to - query.limit + 1);
    }
    Page page{{}, Seq(head), Rev(rev > 0 ? rev : head), Seq(floor)};
    for (std::int64_t seq = to; seq >= from; --seq)
        page.messages.push_back(message(seq));
    return page;
}

inline Head head(const ConversationId &id, std::int64_t headSeq, std::int64_t readSeq = 0, std::int64_t unread = 0)
{
    Head h;
    h.conversation = id;
    h.type = id == kChat ? ConversationType::Private : ConversationType::Group;
    h.name = "Somebody";
    h.members = 2;
    h.headSeq = Seq(headSeq);
    h.headRev = Rev(headSeq);
    h.readSeq = Seq(readSeq);
    h.unread = unread;
    h.changedAt = at(headSeq);
    if (headSeq > 0)
        h.last = message(headSeq);
    return h;
}

/// What somebody typed, without filters.
inline history::SearchQuery looking(std::string_view text, const std::optional<ConversationId> &in = {}, int limit = 50)
{
    history::SearchQuery query;
    auto typed = history::parseSearch(text);
    query.phrases = std::move(typed.phrases);
    query.lastOpen = typed.lastOpen;
    if (in)
        query.in.push_back(*in);
    query.limit = limit;
    return query;
}

inline std::vector<std::int64_t> seqs(const history::LocalPage &page)
{
    std::vector<std::int64_t> all;
    for (const auto &one : page.messages)
        all.push_back(one.message.seq.value());
    return all;
}

/// newest … oldest
inline std::vector<std::int64_t> down(std::int64_t newest, std::int64_t oldest)
{
    std::vector<std::int64_t> all;
    for (auto seq = newest; seq >= oldest; --seq)
        all.push_back(seq);
    return all;
}

class HistoryFixture : public QObject {
protected:
    QTemporaryDir m_dir;
    crypto::Secret m_key = crypto::Secret::random(32);
    std::optional<history::HistoryStore> m_store;
    int m_count = 0;

    std::string path() const { return m_dir.filePath(QString::number(m_count)).toStdString() + "/history.db"; }
    history::HistoryStore &store() { return *m_store; }

    void fresh()
    {
        m_store.reset();
        ++m_count;
        QVERIFY(QDir().mkpath(m_dir.filePath(QString::number(m_count))));
        reopen();
    }
    void reopen()
    {
        m_store.reset();
        auto opened = history::HistoryStore::open(path(), m_key);
        KITH_VERIFY(opened);
        m_store.emplace(std::move(*opened));
        m_store->setSelf(kMe);
    }
    void fetch(const PageQuery &query, std::int64_t head)
    {
        const auto done = store().applyPage(query, serverPage(query, head));
        KITH_VERIFY(done);
    }
    history::LocalPage page(const PageQuery &query)
    {
        auto got = store().page(query);
        return got ? std::move(*got) : history::LocalPage();
    }
    history::LocalHead localHead(const ConversationId &id)
    {
        auto got = store().head(id);
        return got && *got ? std::move(**got) : history::LocalHead();
    }
};

} // namespace kith::test
