// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/client/days_query.h"

#include "core/client/client_impl.h"

#include <QDateTime>

#include <algorithm>

namespace kith::client {

namespace {

using history::HistoryStore;

QDate dayOf(Timestamp at)
{
    return QDateTime::fromMSecsSinceEpoch(toUnixMs(at)).date();
}

Timestamp startOf(const QDate &day)
{
    return fromUnixMs(day.startOfDay().toMSecsSinceEpoch());
}

/// A hole, and the days of its two sides: what lacks was taken between them.
struct Gap {
    history::Hole hole;
    QDate from, to;
};

/// The days between which each hole lies that has a part between the two messages; 0: no message there. `from` is
/// invalid where nothing older is here: then nobody knows.
sql::Result<std::vector<Gap>> gapsOf(HistoryStore &store, const ConversationId &id, Seq above, Seq below,
                                     const QDate &today)
{
    KITH_TRY_VALUE(coverage, store.coverage(id));
    std::vector<Gap> gaps;
    for (const history::Hole &hole : coverage.holes) {
        if (hole.to < above || (below && hole.from > below))
            continue;
        Gap gap{hole, {}, today};
        KITH_TRY_VALUE(older, store.message(id, hole.from.previous()));
        KITH_TRY_VALUE(newer, store.message(id, hole.to.next()));
        if (older)
            gap.from = dayOf(older->message.createdAt);
        if (newer)
            gap.to = dayOf(newer->message.createdAt);
        gaps.push_back(gap);
    }
    return gaps;
}

bool covers(const Gap &gap, const QDate &day)
{
    return (!gap.from.isValid() || gap.from <= day) && day <= gap.to;
}

Seq placeIn(const Gap &gap, const QDate &day)
{
    const std::int64_t length = gap.hole.to.value() - gap.hole.from.value();
    if (!gap.from.isValid() || gap.from >= gap.to)
        return gap.from.isValid() ? gap.hole.from : gap.hole.to;
    const double part = static_cast<double>(gap.from.daysTo(day)) / static_cast<double>(gap.from.daysTo(gap.to));
    return Seq(gap.hole.from.value() + static_cast<std::int64_t>(part * static_cast<double>(length)));
}

} // namespace

sql::Result<MessageMonth> monthOf(HistoryStore &store, const ConversationId &id, const QDate &month, const QDate &today)
{
    MessageMonth result;
    const QDate first(month.year(), month.month(), 1);
    const QDate next = first.addMonths(1);
    // One seek leads to the next day that has messages, however many lie between.
    std::vector<std::optional<Seq>> here(static_cast<std::size_t>(first.daysInMonth()));
    for (QDate from = first; from < next;) {
        KITH_TRY_VALUE(found, store.firstSince(id, startOf(from)));
        if (!found)
            break;
        const QDate day = dayOf(found->at);
        if (day >= next)
            break;
        here[static_cast<std::size_t>(day.day() - 1)] = found->seq;
        from = day.addDays(1);
    }
    KITH_TRY_VALUE(before, store.lastBefore(id, startOf(first)));
    KITH_TRY_VALUE(after, store.firstSince(id, startOf(next)));
    KITH_TRY_VALUE(gaps, gapsOf(store, id, before ? before->seq : Seq(), after ? after->seq : Seq(), today));
    std::optional<QDate> earlier = before ? std::optional(dayOf(before->at)) : std::nullopt;
    std::optional<QDate> later = after ? std::optional(dayOf(after->at)) : std::nullopt;
    for (QDate day = first; day < next; day = day.addDays(1)) {
        MessageDay one{day, DayState::None, {}};
        if (const auto seq = here[static_cast<std::size_t>(day.day() - 1)]) {
            one.state = DayState::Here;
            one.at = *seq;
        } else if (day <= today) {
            const auto gap = std::find_if(gaps.begin(), gaps.end(), [&](const Gap &g) { return covers(g, day); });
            if (gap != gaps.end()) {
                one.state = DayState::Missing;
                one.at = placeIn(*gap, day);
            }
        }
        result.days.push_back(one);
    }
    for (const Gap &gap : gaps) {
        const bool open = !gap.from.isValid();
        if (open ? !earlier || gap.to >= first.addDays(-1) : gap.from < first && gap.to >= first.addDays(-1))
            earlier = first.addDays(-1);
        if (gap.to >= next && next <= today && (open || gap.from <= next))
            later = next;
    }
    result.earlier = earlier;
    result.later = later;
    return result;
}

sql::Result<std::vector<MessageDay>> daysOf(HistoryStore &store, const ConversationId &id)
{
    std::vector<MessageDay> days;
    for (Timestamp from = fromUnixMs(0);;) {
        KITH_TRY_VALUE(found, store.firstSince(id, from));
        if (!found)
            return days;
        const QDate day = dayOf(found->at);
        days.push_back({day, DayState::Here, found->seq});
        from = startOf(day.addDays(1));
    }
}

QCoro::Task<Result<MessageMonth>> Client::messageMonth(ConversationId conversation, QDate month)
{
    const QDate today = QDateTime::fromMSecsSinceEpoch(toUnixMs(m_impl->clock->now())).date();
    auto task = m_impl->history.run([conversation = std::move(conversation), month, today](HistoryStore &store) {
        return monthOf(store, conversation, month, today);
    });
    auto found = co_await task;
    co_return found;
}

QCoro::Task<Result<std::vector<MessageDay>>> Client::messageDays(ConversationId conversation)
{
    auto task = m_impl->history.run(
        [conversation = std::move(conversation)](HistoryStore &store) { return daysOf(store, conversation); });
    auto found = co_await task;
    co_return found;
}

} // namespace kith::client
