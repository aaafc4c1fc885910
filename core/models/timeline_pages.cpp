// SPDX-License-Identifier: GPL-3.0-or-later
// How a timeline's window gets its pages: at its ends, around a place, into holes; and what it lets go of.
#include "core/models/timeline_window.h"

#include <QPointer>

#include <algorithm>
#include <utility>

namespace kith::models {

namespace {
/// The hole that `seq` lies in, as a page around it tells.
std::optional<history::Hole> holeAt(const history::LocalPage &page, Seq seq)
{
    history::Hole hole{seq, seq};
    if (page.olderHole)
        hole.from = std::min(seq, page.olderHole->from), hole.to = std::max(seq, page.olderHole->to);
    if (page.newerHole)
        hole.from = std::min(hole.from, page.newerHole->from), hole.to = std::max(hole.to, page.newerHole->to);
    return page.olderHole || page.newerHole ? std::optional(hole) : std::nullopt;
}
} // namespace

QCoro::Task<void> TimelineWindow::load(PageQuery query, QString target, bool first)
{
    const QPointer<TimelineWindow> alive(this);
    const std::uint64_t request = m_request;
    const bool newest = !query.around;
    emit loadingChanged();
    auto page = co_await m_source.page(query);
    if (!alive || request != m_request)
        co_return;
    auto unsent = co_await m_source.unsent(query.conversation);
    if (!alive || request != m_request)
        co_return;
    if (first) {
        auto receipts = co_await m_source.receipts(query.conversation);
        if (!alive || request != m_request)
            co_return;
        if (receipts) {
            for (const Receipt &r : receipts.value())
                m_receipts[r.user] = r;
        }
        if (m_head.head.peer) {
            Receipt &r = m_receipts[m_head.head.peer->user];
            r.user = m_head.head.peer->user;
            r.deliveredSeq = std::max(r.deliveredSeq, m_head.head.peer->deliveredSeq);
            r.readSeq = std::max(r.readSeq, m_head.head.peer->readSeq);
        }
    }
    if (unsent)
        m_unsent = unsent.value();
    if (page && page.value().messages.empty()) {
        // A hole at the newest end, too, is shown above what is here: that is where reading ends.
        const auto hole = newest ? page.value().olderHole : holeAt(page.value(), *query.around);
        if (hole) {
            if (!newest)
                target = QStringLiteral("m%1").arg(query.around->value());
            loadAtHole(std::move(query), *hole, std::move(target));
            co_return;
        }
        if (!newest) {
            // The place asked for does not exist: the newest end does, or nothing.
            query.around.reset();
            load(std::move(query), std::move(target), false);
            co_return;
        }
    }
    if (page) {
        merge(page.value());
        noteEdges(page.value(), true, true);
    }
    showLoaded(target, query.around.value_or(Seq()));
}

void TimelineWindow::showLoaded(const QString &target, Seq around)
{
    m_loaded = true;
    rebuild();
    emit loadingChanged();
    int at = indexOfKey(target);
    // An own message has a key of another kind, and where one is missing its hole stands for it.
    if (at < 0 && around && target.startsWith(QLatin1Char('m')))
        at = indexOfSeq(around);
    if (at >= 0 && row(at).kind == RowKind::Hole)
        m_wanted = around;
    emit positioned(at >= 0 ? row(at).key : QString());
}

QCoro::Task<void> TimelineWindow::loadAtHole(PageQuery query, history::Hole hole, QString target)
{
    // The place is not on this computer: that is said there, between what is here on both sides of it.
    const QPointer<TimelineWindow> alive(this);
    const std::uint64_t request = m_request;
    const Seq wanted = query.around.value_or(Seq());
    query.around.reset();
    query.limit = kPage;
    query.before = hole.from;
    auto olderTask = m_source.page(query);
    auto older = co_await olderTask;
    if (!alive || request != m_request)
        co_return;
    query.before.reset();
    query.after = hole.to;
    auto newerTask = m_source.page(query);
    auto newer = co_await newerTask;
    if (!alive || request != m_request)
        co_return;
    if (older) {
        merge(*older);
        noteEdges(*older, true, false);
    }
    if (newer) {
        merge(*newer);
        noteEdges(*newer, false, true);
    }
    if (!older || older->messages.empty()) {
        m_olderHole = hole;
        m_atFloor = true;
    }
    if (!newer || newer->messages.empty()) {
        m_newerHole = m_settled.empty() ? std::nullopt : std::optional(hole);
        m_atHead = true;
    }
    showLoaded(target, wanted);
}

void TimelineWindow::merge(const history::LocalPage &page)
{
    for (const history::StoredMessage &stored : page.messages) {
        if (stored.message.seq)
            m_settled.insert_or_assign(stored.message.seq, stored);
    }
    if (page.atFloor && !page.messages.empty())
        m_floor = std::min(page.messages.back().message.seq, m_settled.begin()->first);
}

void TimelineWindow::noteEdges(const history::LocalPage &page, bool older, bool newer)
{
    if (older) {
        m_atFloor = page.atFloor;
        m_olderHole = page.olderHole;
    }
    if (newer) {
        // A hole up to the newest message is the edge; above another one reading goes on.
        m_atHead = page.atHead || (page.newerHole && page.newerHole->to >= m_head.head.headSeq);
        m_newerHole = page.newerHole;
    }
    const auto touches = [this](const history::Hole &hole) {
        return std::any_of(m_settled.begin(), m_settled.end(),
                           [&](const auto &entry) { return hole.from <= entry.first && entry.first <= hole.to; });
    };
    if (m_olderHole && touches(*m_olderHole))
        m_olderHole.reset();
    if (m_newerHole && touches(*m_newerHole))
        m_newerHole.reset();
}

void TimelineWindow::needOlder()
{
    if (m_loaded && !m_olderBusy && !m_atFloor && !conversation().empty())
        loadEdge(true);
}

void TimelineWindow::needNewer()
{
    if (m_loaded && !m_newerBusy && !m_atHead && !m_settled.empty())
        loadEdge(false);
}

QCoro::Task<void> TimelineWindow::loadEdge(bool older)
{
    const QPointer<TimelineWindow> alive(this);
    const std::uint64_t request = m_request;
    PageQuery query;
    query.conversation = conversation();
    query.limit = kPage;
    if (older) {
        // Beyond a hole there may be more on this computer: a reader offline goes on there.
        if (m_olderHole)
            query.before = m_olderHole->from;
        else if (!m_settled.empty())
            query.before = m_settled.begin()->first;
        if (query.before && *query.before <= m_floor) {
            m_atFloor = !m_olderHole;
            co_return;
        }
    } else {
        query.after = m_newerHole ? m_newerHole->to : m_settled.rbegin()->first;
    }
    (older ? m_olderBusy : m_newerBusy) = true;
    emit loadingChanged();
    auto page = co_await m_source.page(query);
    if (!alive || request != m_request)
        co_return;
    (older ? m_olderBusy : m_newerBusy) = false;
    if (page) {
        const history::LocalPage &got = page.value();
        const auto keptHole = older ? m_olderHole : m_newerHole;
        merge(got);
        if (got.messages.empty() && keptHole) {
            // Nothing beyond the hole is here: it is the edge, and the view need not ask again.
            (older ? m_atFloor : m_atHead) = true;
        } else {
            noteEdges(got, older, !older);
            if (got.messages.empty())
                (older ? m_atFloor : m_atHead) = true;
        }
        trim(older, kMost);
        rebuild();
    }
    emit loadingChanged();
}

void TimelineWindow::keep(Seq from, Seq to)
{
    m_sightFrom = from;
    m_sightTo = to;
}

void TimelineWindow::trim(bool newerSide, std::size_t most)
{
    if (m_settled.size() <= most)
        return;
    // The farther end from what is read goes first.
    auto older = static_cast<std::size_t>(std::distance(m_settled.begin(), m_settled.lower_bound(m_sightFrom)));
    auto newer = static_cast<std::size_t>(std::distance(m_settled.upper_bound(m_sightTo), m_settled.end()));
    const bool watched = m_sightTo >= m_sightFrom && m_sightFrom;
    while (m_settled.size() > kMost) {
        if (watched) {
            newerSide = newer > older;
            std::size_t &spare = newerSide ? newer : older;
            if (spare == 0)
                return;
            --spare;
        }
        if (newerSide) {
            m_settled.erase(std::prev(m_settled.end()));
            m_atHead = false;
            m_newerHole.reset();
        } else {
            m_settled.erase(m_settled.begin());
            m_atFloor = false;
            m_olderHole.reset();
        }
    }
}

void TimelineWindow::jumpTo(Seq seq)
{
    if (m_settled.contains(seq)) {
        m_wanted = Seq();
        emit positioned(row(indexOfSeq(seq)).key);
        return;
    }
    clear();
    PageQuery query;
    query.conversation = conversation();
    query.around = seq;
    query.limit = kPage * 2;
    load(std::move(query), QStringLiteral("m%1").arg(seq.value()), false);
}

void TimelineWindow::jumpToNewest()
{
    m_wanted = Seq();
    if (m_atHead && m_loaded) {
        emit positioned({});
        return;
    }
    clear();
    PageQuery query;
    query.conversation = conversation();
    query.limit = kPage;
    load(std::move(query), {}, false);
}

void TimelineWindow::fillHole(const history::Hole &hole, bool again, bool fromOlder)
{
    // What the user forgot does not come back because somebody scrolls there.
    if (holeKind() != HoleKind::Loadable || (!again && hole.to < m_head.keptFrom))
        return;
    const HoleKey key{hole.from, hole.to};
    if (m_busyHoles.contains(key) || (!again && (!m_online || m_askedHoles.contains(key))))
        return;
    m_askedHoles.insert(key);
    m_busyHoles.insert(key);
    const bool wanted = hole.from <= m_wanted && m_wanted <= hole.to;
    askHole(hole, wanted ? m_wanted : fromOlder ? hole.from : hole.to);
    // The row shows that it works only when this turn is over: it is called while the view lays out.
    QMetaObject::invokeMethod(this, &TimelineWindow::rebuild, Qt::QueuedConnection);
}

void TimelineWindow::dropForgotten()
{
    const auto end = m_settled.lower_bound(m_head.keptFrom);
    if (end == m_settled.begin())
        return;
    m_settled.erase(m_settled.begin(), end);
    if (m_settled.empty()) {
        clear();
        PageQuery query;
        query.conversation = conversation();
        query.limit = kPage;
        load(std::move(query), {}, false);
        return;
    }
    m_olderHole.reset();
    m_atFloor = false;
    rebuild();
    needOlder(); // the hole that is there now
}

QCoro::Task<void> TimelineWindow::askHole(history::Hole hole, Seq near)
{
    const QPointer<TimelineWindow> alive(this);
    const std::uint64_t request = m_request;
    const ConversationId id = conversation();
    auto answer = co_await m_source.fillHole(id, hole, near);
    if (!alive || request != m_request)
        co_return;
    m_busyHoles.erase({hole.from, hole.to});
    rebuild();
    if (answer)
        applyCoverage(id);
}

void TimelineWindow::applyCoverage(const ConversationId &id)
{
    if (id != conversation() || !m_loaded)
        return;
    if (m_refillBusy) {
        m_refillAgain = true;
        return;
    }
    std::vector<history::Hole> holes;
    for (const TimelineRow &r : m_rows) {
        if (r.kind == RowKind::Hole)
            holes.push_back(r.hole);
    }
    m_refillBusy = true;
    refill(std::move(holes));
}

QCoro::Task<void> TimelineWindow::refill(std::vector<history::Hole> holes)
{
    const QPointer<TimelineWindow> alive(this);
    const std::uint64_t request = m_request;
    const bool wasEmpty = m_settled.empty();
    std::vector<PageQuery> queries;
    for (const history::Hole &hole : holes) {
        PageQuery query;
        query.conversation = conversation();
        query.limit = kPage;
        // It may have been filled from its newer end, from its older one, or where somebody jumped to.
        if (hole.to < m_head.head.headSeq || m_settled.upper_bound(hole.to) != m_settled.end())
            query.before = hole.to.next();
        queries.push_back(query);
        query.before.reset();
        if (m_settled.contains(hole.from.previous())) {
            query.after = hole.from.previous();
            queries.push_back(query);
            query.after.reset();
        }
        if (hole.from <= m_wanted && m_wanted <= hole.to) {
            query.around = m_wanted;
            queries.push_back(query);
        }
    }
    for (const PageQuery &query : queries) {
        auto task = m_source.page(query);
        auto page = co_await task;
        if (!alive || request != m_request)
            co_return;
        if (!page || page.value().messages.empty())
            continue;
        const bool wasNone = m_settled.empty();
        const Seq oldestBefore = wasNone ? Seq() : m_settled.begin()->first;
        const Seq newestBefore = wasNone ? Seq() : m_settled.rbegin()->first;
        merge(page.value());
        const bool newest = !query.before && !query.after && !query.around;
        noteEdges(page.value(), wasNone || m_settled.begin()->first < oldestBefore,
                  newest || m_settled.rbegin()->first > newestBefore);
    }
    if (m_atHead || m_settled.empty()) {
        // New messages may have come in above what is here, without a hole between.
        PageQuery query;
        query.conversation = conversation();
        query.limit = kPage;
        auto page = co_await m_source.page(query);
        if (!alive || request != m_request)
            co_return;
        if (page && !page.value().messages.empty()) {
            const bool older = m_settled.empty() || page.value().messages.back().message.seq < m_settled.begin()->first;
            merge(page.value());
            noteEdges(page.value(), older, true);
        } else if (page) {
            history::LocalPage &none = page.value();
            if (!m_settled.empty() && none.olderHole) // what lacks at the newest end lies above what is here
                none.newerHole = std::exchange(none.olderHole, std::nullopt);
            noteEdges(none, m_settled.empty(), true);
        }
    }
    m_refillBusy = false;
    trim(false, kMost);
    rebuild();
    if (m_settled.contains(m_wanted))
        showWanted();
    else if (wasEmpty && !m_settled.empty())
        emit positioned({});
    if (std::exchange(m_refillAgain, false))
        applyCoverage(conversation());
}

void TimelineWindow::showWanted()
{
    const int at = indexOfSeq(std::exchange(m_wanted, Seq()));
    if (at >= 0)
        emit positioned(row(at).key);
}

} // namespace kith::models
