// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/models/conversation_list.h"

#include <QDateTime>

#include <algorithm>
#include <chrono>

namespace kith::models {

namespace {
// A client that types sends one notice per 3 s (PROTOCOL §3); two missed ones mean it stopped.
constexpr std::int64_t kTypingMs = 6500;

std::int64_t steadyMs()
{
    using namespace std::chrono;
    return duration_cast<milliseconds>(steady_clock::now().time_since_epoch()).count();
}

Timestamp sortTime(const ConversationRow &row)
{
    return row.time;
}

bool before(const ConversationRow &a, const ConversationRow &b)
{
    if (a.head.pinnedAt != b.head.pinnedAt)
        return a.head.pinnedAt > b.head.pinnedAt; // those that are not pinned have none
    if (sortTime(a) != sortTime(b))
        return sortTime(a) > sortTime(b);
    return a.head.head.conversation < b.head.head.conversation;
}
} // namespace

ConversationListModel::ConversationListModel(People &people, QObject *parent)
    : QAbstractListModel(parent), m_people(people)
{
    connect(&m_people, &People::changed, this, &ConversationListModel::refresh);
    m_typingTimer.setInterval(500);
    connect(&m_typingTimer, &QTimer::timeout, this, &ConversationListModel::forgetTyping);
}

int ConversationListModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

QVariant ConversationListModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const ConversationRow &r = row(index.row());
    switch (role) {
    case Qt::DisplayRole:
        return r.name;
    case RowRole:
        return QVariant::fromValue(r);
    case IdRole:
        return QString::fromStdString(r.head.head.conversation.str());
    case UnreadRole:
        return static_cast<qlonglong>(r.head.head.unread);
    case TypingRole:
        return r.typing;
    case DraftRole:
        return QString::fromStdString(r.head.draft);
    case MutedRole:
        return r.muted;
    case ColourRole:
        return r.colour;
    case kAvatarRole:
        return r.avatar;
    }
    return {};
}

int ConversationListModel::indexOf(const ConversationId &id) const
{
    const auto found = std::find_if(m_rows.begin(), m_rows.end(),
                                    [&](const ConversationRow &r) { return r.head.head.conversation == id; });
    return found == m_rows.end() ? -1 : static_cast<int>(found - m_rows.begin());
}

std::int64_t ConversationListModel::unreadTotal() const
{
    std::int64_t total = 0;
    for (const ConversationRow &r : m_rows)
        total += r.muted ? 0 : std::max<std::int64_t>(r.head.head.unread, r.head.markedUnread ? 1 : 0);
    return total;
}

ConversationRow ConversationListModel::make(const history::LocalHead &head) const
{
    ConversationRow r;
    r.head = head;
    const Head &h = head.head;
    r.name = QString::fromStdString(h.name);
    r.muted = toUnixMs(h.mutedUntil) > QDateTime::currentMSecsSinceEpoch();
    r.colour = colourIndex(archivedFrom(h.conversation).str());
    r.avatar = QString::fromStdString(h.avatar);
    r.time = h.changedAt;
    if (h.last)
        r.time = std::max(r.time, h.last->createdAt);
    if (h.last && h.last->createdAt != Timestamp{})
        r.time = h.last->createdAt;
    if (head.lastUnsent)
        r.time = std::max(r.time, head.lastUnsent->message.createdAt);
    if (h.type == ConversationType::Private && !m_people.self().empty())
        r.peer = privatePeer(archivedFrom(h.conversation), m_people.self());
    if (r.peer) {
        r.colour = colourIndex(r.peer->str());
        if (m_people.isKnown(*r.peer))
            r.avatar = m_people.avatar(*r.peer);
        if (const auto known = m_presence.find(*r.peer); known != m_presence.end() && !head.archive)
            r.presence = known->second;
        if (r.name.isEmpty())
            r.name = m_people.name(*r.peer);
    }
    if (h.last) {
        r.lastOwn = m_people.isSelf(h.last->sender);
        if (!r.lastOwn)
            r.lastSender = m_people.name(h.last->sender);
    }
    for (const Typing &t : m_typing) {
        if (t.conversation == h.conversation)
            r.typing.append(m_people.name(t.user));
    }
    return r;
}

void ConversationListModel::setRow(int index, ConversationRow row)
{
    ConversationRow &old = m_rows[static_cast<std::size_t>(index)];
    if (old == row)
        return;
    old = std::move(row);
    emit dataChanged(this->index(index), this->index(index));
}

void ConversationListModel::reset(const std::vector<history::LocalHead> &heads)
{
    beginResetModel();
    m_rows.clear();
    for (const history::LocalHead &head : heads) {
        if (!head.head.removed || head.head.headSeq)
            m_rows.push_back(make(head));
    }
    std::sort(m_rows.begin(), m_rows.end(), before);
    endResetModel();
    m_unread = unreadTotal();
    emit unreadTotalChanged(m_unread);
}

void ConversationListModel::apply(const std::vector<history::LocalHead> &heads)
{
    for (const history::LocalHead &head : heads)
        place(head);
    if (const std::int64_t total = unreadTotal(); total != m_unread) {
        m_unread = total;
        emit unreadTotalChanged(total);
    }
}

void ConversationListModel::place(const history::LocalHead &head)
{
    ConversationRow made = make(head);
    const int from = indexOf(head.head.conversation);
    // Where it belongs among the others.
    int to = 0;
    for (int i = 0; i < static_cast<int>(m_rows.size()); ++i) {
        if (i != from && before(row(i), made))
            to = i + 1;
    }
    if (from < 0) {
        beginInsertRows({}, to, to);
        m_rows.insert(m_rows.begin() + to, std::move(made));
        endInsertRows();
        return;
    }
    if (to != from && to != from + 1) {
        beginMoveRows({}, from, from, {}, to);
        ConversationRow moved = std::move(m_rows[static_cast<std::size_t>(from)]);
        m_rows.erase(m_rows.begin() + from);
        const int at = to > from ? to - 1 : to;
        m_rows.insert(m_rows.begin() + at, std::move(moved));
        endMoveRows();
        setRow(at, std::move(made));
        return;
    }
    setRow(from, std::move(made));
}

void ConversationListModel::refresh()
{
    for (int i = 0; i < rowCount(); ++i)
        setRow(i, make(row(i).head));
}

void ConversationListModel::setTyping(const ConversationId &id, const UserId &user)
{
    if (m_people.isSelf(user))
        return;
    stopTyping(id, user);
    m_typing.push_back({id, user, steadyMs() + kTypingMs});
    m_typingTimer.start();
    if (const int i = indexOf(id); i >= 0)
        setRow(i, make(row(i).head));
}

void ConversationListModel::stopTyping(const ConversationId &id, const UserId &user)
{
    const auto gone = std::erase_if(m_typing, [&](const Typing &t) { return t.conversation == id && t.user == user; });
    if (gone == 0)
        return;
    if (const int i = indexOf(id); i >= 0)
        setRow(i, make(row(i).head));
}

void ConversationListModel::forgetTyping()
{
    const std::int64_t now = steadyMs();
    if (std::erase_if(m_typing, [&](const Typing &t) { return t.untilMs <= now; }) > 0)
        refresh();
    if (m_typing.empty())
        m_typingTimer.stop();
}

void ConversationListModel::setPresence(const Presence &presence)
{
    m_presence[presence.user] = presence.state;
    for (int i = 0; i < rowCount(); ++i) {
        if (row(i).peer == presence.user)
            setRow(i, make(row(i).head));
    }
}

void ConversationListModel::clearLive()
{
    m_presence.clear();
    m_typing.clear();
    refresh();
}

} // namespace kith::models
