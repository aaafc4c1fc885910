// SPDX-License-Identifier: GPL-3.0-or-later
// A local history of any length in memory, for tests of models and views.
#pragma once

#include "core/models/timeline_source.h"

#include <algorithm>
#include <map>

namespace kith::test {

class FakeSource final : public models::TimelineSource {
public:
    std::map<Seq, history::StoredMessage> messages; // what is here
    std::vector<history::StoredMessage> waiting;
    std::vector<Receipt> cursors;
    Seq head;
    std::vector<history::Hole> asked;
    Seq nearest; // to what the last one was asked for
    int pages = 0;

    QCoro::Task<client::Result<history::LocalPage>> page(PageQuery query) override
    {
        ++pages;
        history::LocalPage page;
        if (query.around) {
            PageQuery half = query;
            half.around.reset();
            half.limit = query.limit / 2;
            half.before = query.around->next();
            const history::LocalPage older = read(half);
            half.before.reset();
            half.after = *query.around;
            const history::LocalPage newer = read(half);
            page.messages = newer.messages;
            page.messages.insert(page.messages.end(), older.messages.begin(), older.messages.end());
            page.olderHole = older.olderHole;
            page.newerHole = newer.newerHole;
            page.atFloor = older.atFloor;
            page.atHead = newer.atHead;
        } else {
            page = read(query);
        }
        co_return page;
    }
    QCoro::Task<client::Result<std::vector<history::StoredMessage>>> unsent(ConversationId) override
    {
        co_return waiting;
    }
    QCoro::Task<client::Result<std::vector<Receipt>>> receipts(ConversationId) override { co_return cursors; }
    QCoro::Task<client::Result<void>> fillHole(ConversationId, history::Hole hole, Seq near) override
    {
        asked.push_back(hole);
        nearest = near;
        co_return client::Result<void>();
    }

private:
    history::LocalPage read(const PageQuery &query) const
    {
        history::LocalPage page;
        const int limit = query.limit;
        if (query.after) {
            Seq next = query.after->next();
            std::vector<history::StoredMessage> up;
            while (static_cast<int>(up.size()) < limit && messages.contains(next)) {
                up.push_back(messages.at(next));
                next = next.next();
            }
            page.messages.assign(up.rbegin(), up.rend());
            page.atHead = next > head;
            if (!page.atHead && !messages.contains(next)) {
                const auto above = messages.upper_bound(next);
                page.newerHole = history::Hole{next, above == messages.end() ? head : above->first.previous()};
            }
            return page;
        }
        Seq at = query.before ? query.before->previous() : head;
        page.atHead = (!query.before || *query.before > head) && (!at || messages.contains(at));
        while (at && static_cast<int>(page.messages.size()) < limit && messages.contains(at)) {
            page.messages.push_back(messages.at(at));
            at = at.previous();
        }
        page.atFloor = !at;
        if (at && !messages.contains(at)) {
            auto below = messages.lower_bound(at);
            page.olderHole = history::Hole{below == messages.begin() ? Seq(1) : std::prev(below)->first.next(), at};
        }
        return page;
    }
};

inline history::StoredMessage makeMessage(std::int64_t seq, const char *sender, std::string body, std::int64_t atMs)
{
    history::StoredMessage stored;
    stored.localId = seq;
    stored.message.seq = Seq(seq);
    stored.message.id = MessageId(std::to_string(1000 + seq));
    stored.message.sender = UserId(sender);
    stored.message.body = std::move(body);
    stored.message.createdAt = fromUnixMs(atMs);
    return stored;
}

} // namespace kith::test
