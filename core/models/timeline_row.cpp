// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/models/timeline_row.h"

#include "core/base/limits.h"
#include "core/models/people.h"

#include <QDateTime>

namespace kith::models {

namespace {

QString keyOf(const history::StoredMessage &stored)
{
    // An own message keeps its key when it gets its seq: the bubble stays the same one.
    if (!stored.message.cid.empty())
        return QStringLiteral("c") + QString::fromStdString(stored.message.cid.str());
    return QStringLiteral("m%1").arg(stored.message.seq.value());
}

class Builder final {
public:
    explicit Builder(const TimelineParts &parts) : m_parts(parts) {}

    std::vector<TimelineRow> run()
    {
        if (m_parts.atFloor && !m_parts.olderHole && !m_parts.settled->empty())
            add(RowKind::Start, QStringLiteral("start"));
        if (m_parts.olderHole)
            hole(*m_parts.olderHole);
        Seq previous;
        for (const auto &[seq, stored] : *m_parts.settled) {
            if (previous && seq > previous.next())
                hole({previous.next(), seq.previous()});
            previous = seq;
            message(stored);
        }
        if (m_parts.newerHole)
            hole(*m_parts.newerHole);
        if (m_parts.unsent) {
            for (const history::StoredMessage &stored : *m_parts.unsent)
                message(stored);
        }
        closeGroup();
        return std::move(m_rows);
    }

private:
    TimelineRow &add(RowKind kind, QString key)
    {
        TimelineRow &row = m_rows.emplace_back();
        row.kind = kind;
        row.key = std::move(key);
        row.group = m_parts.group;
        return row;
    }

    void hole(const history::Hole &hole)
    {
        closeGroup();
        TimelineRow &row = add(RowKind::Hole, QStringLiteral("h%1").arg(hole.to.value()));
        row.hole = hole;
        row.busy = m_parts.holeBusy(hole);
        row.holeKind = m_parts.holeKind;
        m_lastDay = {};
    }

    void closeGroup() { m_open = -1; }

    void message(const history::StoredMessage &stored)
    {
        const Message &m = stored.message;
        const QDate day = QDateTime::fromMSecsSinceEpoch(toUnixMs(m.createdAt)).date();
        if (day != m_lastDay) {
            closeGroup();
            m_lastDay = day;
            add(RowKind::Day, QStringLiteral("d%1.%2").arg(day.toJulianDay()).arg(m_days[day]++)).day = day;
        }
        const bool own = m_parts.isSelf(m.sender);
        if (m_parts.unreadAfter && !m_dividerDone && !own && m.seq > *m_parts.unreadAfter) {
            closeGroup();
            m_dividerDone = true;
            add(RowKind::Unread, QStringLiteral("unread"));
        }
        if (m.kind == MessageKind::System) {
            closeGroup();
            TimelineRow &row = add(RowKind::System, keyOf(stored));
            row.stored = stored;
            row.sender = m_parts.name(m.sender);
            row.names = m_parts.names;
            return;
        }
        bool continues = false;
        if (m_open >= 0) {
            TimelineRow &before = m_rows[static_cast<std::size_t>(m_open)];
            const Message &b = before.stored.message;
            continues = b.sender == m.sender && m.createdAt - b.createdAt <= kGroupWithin;
            if (continues)
                before.last = before.delivery == Delivery::Failed;
        }
        TimelineRow &row = add(RowKind::Message, keyOf(stored));
        row.stored = stored;
        row.own = own;
        row.sender = m_parts.name(m.sender);
        row.colour = colourIndex(m.sender.str());
        if (m_parts.group && !own && m_parts.avatar)
            row.avatar = m_parts.avatar(m.sender);
        row.first = !continues;
        if (m.replyTo)
            row.quote = quote(*m.replyTo);
        if (!m.recalled)
            row.words = readMarkup(row.text());
        nameMentioned(row);
        m_parts.finish(row);
        m_open = static_cast<int>(m_rows.size()) - 1;
    }

    void nameMentioned(TimelineRow &row) const
    {
        const Message &m = row.stored.message;
        if (m.mentions.empty() || m.recalled)
            return;
        for (const UserId &user : m.mentions) {
            m_parts.name(user); // asks for it
            row.mentionsSelf = row.mentionsSelf || m_parts.isSelf(user);
        }
        row.mentions = findMentions(row.words.text, m_parts.known(m.mentions));
    }

    Quote quote(Seq seq) const
    {
        Quote q;
        q.seq = seq;
        const auto found = m_parts.settled->find(seq);
        if (found == m_parts.settled->end())
            return q;
        const Message &m = found->second.message;
        q.known = true;
        q.recalled = m.recalled;
        q.sender = m_parts.name(m.sender);
        q.colour = colourIndex(m.sender.str());
        q.text = readMarkup(QString::fromStdString(m.body).left(200)).text.simplified();
        return q;
    }

    const TimelineParts &m_parts;
    std::vector<TimelineRow> m_rows;
    std::map<QDate, int> m_days;
    QDate m_lastDay;
    int m_open = -1; // the row that the next one may continue
    bool m_dividerDone = false;
};

} // namespace

std::vector<TimelineRow> deriveRows(const TimelineParts &parts)
{
    return Builder(parts).run();
}

namespace {
bool isOwnText(const TimelineRow &row)
{
    return row.kind == RowKind::Message && row.own && !row.stored.message.recalled &&
           row.stored.message.kind == MessageKind::Text;
}
bool isYounger(const history::StoredMessage &stored, milliseconds than, Timestamp now)
{
    return stored.state != history::SendState::Settled || now - stored.message.createdAt < than;
}
} // namespace

bool hasReceipts(const TimelineRow &row)
{
    return row.kind == RowKind::Message && row.own && row.group && row.seq() && !row.stored.message.recalled;
}

bool mayEdit(const TimelineRow &row, Timestamp now)
{
    return isOwnText(row) && isYounger(row.stored, limits::kEditWindow, now);
}

bool mayRecall(const TimelineRow &row, Timestamp now)
{
    return isOwnText(row) && isYounger(row.stored, limits::kRecallWindow, now);
}

} // namespace kith::models
