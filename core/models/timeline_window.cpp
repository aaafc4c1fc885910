// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/models/timeline_window.h"

#include "core/models/row_diff.h"

#include <algorithm>

namespace kith::models {

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
    case kAvatarRole:
        return r.avatar;
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
    m_sightFrom = m_sightTo = m_wanted = Seq();
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

void TimelineWindow::applyHead(const history::LocalHead &head)
{
    if (head.head.conversation != conversation() || conversation().empty())
        return;
    const bool forgotten = head.keptFrom > m_head.keptFrom;
    const HoleKind before = holeKind();
    m_head = head;
    if (forgotten && m_loaded)
        dropForgotten();
    if (holeKind() != before && m_loaded)
        rebuild();
    if (head.head.peer)
        applyReceipt({conversation(), head.head.peer->user, head.head.peer->deliveredSeq, head.head.peer->readSeq});
    emit headChanged();
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
    trim(false, kMostLive);
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

HoleKind TimelineWindow::holeKind() const
{
    return m_head.archive ? HoleKind::Archived : m_head.head.removed ? HoleKind::Left : HoleKind::Loadable;
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
    parts.holeKind = holeKind();
    parts.name = [this](const UserId &id) { return m_people.name(id); };
    parts.avatar = [this](const UserId &id) { return m_people.avatar(id); };
    parts.known = [this](const std::vector<UserId> &ids) { return m_people.known(ids); };
    parts.names = m_names;
    parts.isSelf = [this](const UserId &id) { return m_people.isSelf(id); };
    parts.holeBusy = [this](const history::Hole &hole) { return m_busyHoles.contains({hole.from, hole.to}); };
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
    emit rebuilt();
}

} // namespace kith::models
