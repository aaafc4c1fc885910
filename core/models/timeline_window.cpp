// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/models/timeline_window.h"

#include "core/models/row_diff.h"

#include <QPointer>

#include <algorithm>

namespace kith::models {

namespace {
constexpr int kPage = 60;
// A window is kept near this size: enough for some screens in both directions, small enough to derive in a frame.
constexpr std::size_t kMost = 360;
} // namespace

TimelineWindow::TimelineWindow(TimelineSource &source, People &people, QObject *parent)
    : QAbstractListModel(parent), m_source(source), m_people(people)
{
    connect(&m_people, &People::changed, this, [this] {
        ++m_names;
        rebuild();
    });
}

int TimelineWindow::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

QVariant TimelineWindow::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const TimelineRow &r = row(index.row());
    switch (role) {
    case Qt::DisplayRole:
        return r.text();
    case KindRole:
        return static_cast<int>(r.kind);
    case KeyRole:
        return r.key;
    case SeqRole:
        return static_cast<qlonglong>(r.seq().value());
    }
    return {};
}

int TimelineWindow::indexOfSeq(Seq seq) const
{
    for (int i = 0; i < rowCount(); ++i) {
        const TimelineRow &r = row(i);
        if ((r.kind == RowKind::Message || r.kind == RowKind::System) && r.stored.message.seq == seq)
            return i;
        if (r.kind == RowKind::Hole && r.hole.from <= seq && seq <= r.hole.to)
            return i;
    }
    return -1;
}

void TimelineWindow::clear()
{
    ++m_request;
    m_settled.clear();
    m_unsent.clear();
    m_olderHole.reset();
    m_newerHole.reset();
    m_askedHoles.clear();
    m_busyHoles.clear();
    m_atHead = m_atFloor = m_loaded = false;
    m_olderBusy = m_newerBusy = m_refillBusy = m_refillAgain = false;
    beginResetModel();
    m_rows.clear();
    m_index.clear();
    endResetModel();
}

void TimelineWindow::open(const history::LocalHead &head, Seq at)
{
    clear();
    m_receipts.clear();
    m_head = head;
    m_floor = Seq(1);
    m_unreadAfter.reset();
    if (head.head.unread > 0)
        m_unreadAfter = head.head.readSeq;
    PageQuery query;
    query.conversation = conversation();
    query.limit = kPage;
    QString target;
    if (at) {
        target = QStringLiteral("m%1").arg(at.value());
        query.around = at;
        query.limit = kPage * 2;
    } else if (m_unreadAfter) {
        target = QStringLiteral("unread");
        if (head.head.headSeq.value() - m_unreadAfter->value() > kPage / 2 && *m_unreadAfter)
            query.around = *m_unreadAfter;
    }
    emit headChanged();
    load(std::move(query), std::move(target), true);
}

void TimelineWindow::close()
{
    clear();
    m_head = {};
    emit headChanged();
}

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
    if (page && page.value().messages.empty() && !newest) {
        // The place asked for is not on this computer: the newest end is, or nothing is.
        query.around.reset();
        load(std::move(query), std::move(target), false);
        co_return;
    }
    if (page) {
        merge(page.value());
        noteEdges(page.value(), true, true);
    }
    if (unsent)
        m_unsent = unsent.value();
    m_loaded = true;
    rebuild();
    emit loadingChanged();
    emit positioned(indexOfKey(target) >= 0 ? target : QString());
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
        m_atHead = page.atHead || page.newerHole.has_value();
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
        query.after = m_settled.rbegin()->first;
    }
    (older ? m_olderBusy : m_newerBusy) = true;
    emit loadingChanged();
    auto page = co_await m_source.page(query);
    if (!alive || request != m_request)
        co_return;
    (older ? m_olderBusy : m_newerBusy) = false;
    if (page) {
        const history::LocalPage &got = page.value();
        const auto keptHole = m_olderHole;
        merge(got);
        if (older && got.messages.empty() && keptHole) {
            // Nothing beyond the hole is here: it is the edge, and the view need not ask again.
            m_olderHole = keptHole;
            m_atFloor = true;
        } else {
            noteEdges(got, older, !older);
            if (got.messages.empty())
                (older ? m_atFloor : m_atHead) = true;
        }
        trim(older);
        rebuild();
    }
    emit loadingChanged();
}

void TimelineWindow::trim(bool newerSide)
{
    while (m_settled.size() > kMost) {
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

void TimelineWindow::fillHole(const history::Hole &hole, bool again)
{
    // What the user forgot does not come back because somebody scrolls there.
    if (!again && hole.to < m_head.keptFrom)
        return;
    if (m_busyHoles.contains(hole.to) || (!again && (!m_online || m_askedHoles.contains(hole.to))))
        return;
    m_askedHoles.insert(hole.to);
    m_busyHoles.insert(hole.to);
    askHole(hole);
    // The row shows that it works only when this turn is over: it is called while the view lays out.
    QMetaObject::invokeMethod(this, &TimelineWindow::rebuild, Qt::QueuedConnection);
}

QCoro::Task<void> TimelineWindow::askHole(history::Hole hole)
{
    const QPointer<TimelineWindow> alive(this);
    const std::uint64_t request = m_request;
    const ConversationId id = conversation();
    auto answer = co_await m_source.fillHole(id, hole, hole.to);
    if (!alive || request != m_request)
        co_return;
    m_busyHoles.erase(hole.to);
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
    for (const history::Hole &hole : holes) {
        PageQuery query;
        query.conversation = conversation();
        query.limit = kPage;
        if (m_settled.upper_bound(hole.to) != m_settled.end())
            query.before = hole.to.next();
        auto page = co_await m_source.page(query);
        if (!alive || request != m_request)
            co_return;
        if (!page || page.value().messages.empty())
            continue;
        const Seq oldestBefore = m_settled.empty() ? Seq() : m_settled.begin()->first;
        merge(page.value());
        const Seq oldest = m_settled.begin()->first;
        const bool olderEdge = !oldestBefore || oldest < oldestBefore;
        noteEdges(page.value(), olderEdge, !query.before.has_value());
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
            noteEdges(page.value(), m_settled.empty(), true);
        }
    }
    m_refillBusy = false;
    if (m_settled.size() > kMost)
        trim(false);
    rebuild();
    if (wasEmpty && !m_settled.empty())
        emit positioned({});
    if (std::exchange(m_refillAgain, false))
        applyCoverage(conversation());
}

void TimelineWindow::applyHead(const history::LocalHead &head)
{
    if (head.head.conversation != conversation() || conversation().empty())
        return;
    const bool forgotten = head.keptFrom > m_head.keptFrom;
    m_head = head;
    if (forgotten && m_loaded)
        dropForgotten();
    if (head.head.peer)
        applyReceipt({conversation(), head.head.peer->user, head.head.peer->deliveredSeq, head.head.peer->readSeq});
    emit headChanged();
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

void TimelineWindow::applyMessages(const ConversationId &id, const std::vector<history::StoredMessage> &messages)
{
    if (id != conversation() || !m_loaded)
        return;
    for (const history::StoredMessage &stored : messages) {
        const Message &m = stored.message;
        if (stored.state != history::SendState::Settled || !m.seq) {
            const auto same = [&](const history::StoredMessage &u) { return u.message.cid == m.cid; };
            const auto known = std::find_if(m_unsent.begin(), m_unsent.end(), same);
            if (known != m_unsent.end())
                *known = stored;
            else
                m_unsent.push_back(stored);
            continue;
        }
        m_head.head.headSeq = std::max(m_head.head.headSeq, m.seq);
        const bool inside =
            !m_settled.empty() && m_settled.begin()->first <= m.seq && m.seq <= m_settled.rbegin()->first;
        const bool onTop = m_atHead && (m_settled.empty() || m.seq > m_settled.rbegin()->first);
        if (inside || onTop) {
            m_settled.insert_or_assign(m.seq, stored);
            if (m_newerHole && m.seq >= m_newerHole->from)
                m_newerHole.reset(); // it is now between two messages, and derived from them
        }
        std::erase_if(m_unsent,
                      [&](const history::StoredMessage &u) { return !m.cid.empty() && u.message.cid == m.cid; });
    }
    rebuild();
}

void TimelineWindow::applySettled(const ConversationId &id, const ClientMessageId &cid,
                                  const history::StoredMessage &message)
{
    if (id != conversation() || !m_loaded)
        return;
    history::StoredMessage settled = message;
    settled.message.cid = cid;
    applyMessages(id, {settled});
}

void TimelineWindow::applyDiscarded(const ConversationId &id, const ClientMessageId &cid)
{
    if (id != conversation())
        return;
    std::erase_if(m_unsent, [&](const history::StoredMessage &u) { return u.message.cid == cid; });
    rebuild();
}

void TimelineWindow::applyReceipt(const Receipt &receipt)
{
    if (receipt.conversation != conversation() || m_people.isSelf(receipt.user))
        return;
    Receipt &known = m_receipts[receipt.user];
    const Receipt before = known;
    known.conversation = receipt.conversation;
    known.user = receipt.user;
    known.readSeq = std::max(known.readSeq, receipt.readSeq);
    known.deliveredSeq = std::max({known.deliveredSeq, receipt.deliveredSeq, known.readSeq});
    if (known.readSeq != before.readSeq || known.deliveredSeq != before.deliveredSeq)
        rebuild();
}

void TimelineWindow::setOnline(bool online)
{
    if (online && !m_online)
        m_askedHoles.clear();
    m_online = online;
}

Delivery TimelineWindow::delivery(const history::StoredMessage &stored) const
{
    if (stored.state == history::SendState::Sending || stored.changing)
        return Delivery::Sending;
    if (stored.state == history::SendState::Failed)
        return Delivery::Failed;
    std::int64_t delivered = 0, read = 0;
    for (const auto &[user, r] : m_receipts) {
        if (m_people.isSelf(user))
            continue;
        delivered += r.deliveredSeq >= stored.message.seq || r.readSeq >= stored.message.seq ? 1 : 0;
        read += r.readSeq >= stored.message.seq ? 1 : 0;
    }
    const std::int64_t others = isGroup() ? std::max<std::int64_t>(1, m_head.head.members - 1) : 1;
    return read >= others ? Delivery::Read : delivered >= others ? Delivery::Delivered : Delivery::Accepted;
}

void TimelineWindow::rebuild()
{
    TimelineParts parts;
    parts.settled = &m_settled;
    parts.unsent = m_atHead || m_settled.empty() ? &m_unsent : nullptr;
    parts.olderHole = m_olderHole;
    parts.newerHole = m_newerHole;
    parts.unreadAfter = m_unreadAfter;
    parts.atFloor = m_atFloor;
    parts.group = isGroup();
    parts.name = [this](const UserId &id) { return m_people.name(id); };
    parts.known = [this](const std::vector<UserId> &ids) { return m_people.known(ids); };
    parts.names = m_names;
    parts.isSelf = [this](const UserId &id) { return m_people.isSelf(id); };
    parts.holeBusy = [this](const history::Hole &hole) { return m_busyHoles.contains(hole.to); };
    parts.finish = [this](TimelineRow &row) {
        if (!row.own)
            return;
        row.delivery = delivery(row.stored);
        row.others = isGroup() ? std::max<std::int64_t>(1, m_head.head.members - 1) : 1;
        for (const auto &[user, r] : m_receipts) {
            if (m_people.isSelf(user) || !row.stored.message.seq)
                continue;
            row.readers += r.readSeq >= row.stored.message.seq ? 1 : 0;
            row.receivers += r.deliveredSeq >= row.stored.message.seq ? 1 : 0;
        }
    };
    std::vector<TimelineRow> rows = deriveRows(parts);
    const auto reindex = [this] {
        m_index.clear();
        for (int i = 0; i < rowCount(); ++i)
            m_index.insert(row(i).key, i);
    };
    RowEdits edits;
    edits.remove = [&](int from, int count) {
        beginRemoveRows({}, from, from + count - 1);
        m_rows.erase(m_rows.begin() + from, m_rows.begin() + from + count);
        reindex();
        endRemoveRows();
    };
    edits.insert = [&](int at, const TimelineRow *first, int count) {
        beginInsertRows({}, at, at + count - 1);
        m_rows.insert(m_rows.begin() + at, first, first + count);
        reindex();
        endInsertRows();
    };
    edits.change = [&](int at, const TimelineRow &row) {
        m_rows[static_cast<std::size_t>(at)] = row;
        emit dataChanged(index(at), index(at));
    };
    applyRowDiff(m_rows, rows, edits);
}

} // namespace kith::models
