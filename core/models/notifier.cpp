// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/models/notifier.h"

#include "core/models/markup.h"

#include <QDateTime>

#include <algorithm>
#include <utility>

namespace kith::models {

namespace {
constexpr int kGatherMs = 300;        // what comes together is told together
constexpr std::size_t kMostAlone = 3; // conversations; more become a summary
constexpr int kLongestText = 300;
} // namespace

Notifier::Notifier(const People &people, Looking looking, QObject *parent)
    : QObject(parent), m_people(people), m_looking(std::move(looking))
{
    m_gather.setSingleShot(true);
    m_gather.setInterval(kGatherMs);
    connect(&m_gather, &QTimer::timeout, this, &Notifier::flush);
}

void Notifier::start(const std::vector<history::LocalHead> &heads)
{
    stop();
    for (const history::LocalHead &head : heads) {
        Place &place = m_places[head.head.conversation];
        place.head = head;
        place.told = head.head.headSeq;
    }
    m_started = true;
}

void Notifier::stop()
{
    m_started = false;
    m_gather.stop();
    for (auto &[id, place] : m_places)
        withdraw(id, place);
    if (std::exchange(m_summary, false))
        emit withdrawn({});
    m_places.clear();
}

void Notifier::applyHeads(const std::vector<history::LocalHead> &heads)
{
    if (!m_started)
        return;
    for (const history::LocalHead &head : heads) {
        Place &place = m_places[head.head.conversation];
        place.head = head;
        drop(place);
        if (place.shown && head.head.readSeq >= place.shown) // read, here or elsewhere
            withdraw(head.head.conversation, place);
    }
    const auto unread = [](const auto &one) { return one.second.head.head.unread > 0; };
    if (m_summary && std::none_of(m_places.begin(), m_places.end(), unread)) {
        m_summary = false;
        emit withdrawn({});
    }
}

/// Forgets what waits and has been read meanwhile.
void Notifier::drop(Place &place) const
{
    if (place.waiting && place.head.head.readSeq >= *place.waiting)
        place.waiting.reset();
}

bool Notifier::isBlocked(const UserId &user) const
{
    return std::find(m_blocked.begin(), m_blocked.end(), user) != m_blocked.end();
}

void Notifier::setBlocked(std::vector<UserId> users)
{
    m_blocked = std::move(users);
    for (auto &[id, place] : m_places) {
        if (!isBlocked(place.sender))
            continue;
        place.waiting.reset();
        withdraw(id, place);
    }
}

bool Notifier::isNews(const Place &place, const history::StoredMessage &stored) const
{
    const Message &m = stored.message;
    if (stored.state != history::SendState::Settled || m.recalled || m.kind == MessageKind::System ||
        m_people.isSelf(m.sender) || isBlocked(m.sender) || m.seq <= place.told || m.seq <= place.head.head.readSeq)
        return false;
    const bool mentioned =
        std::any_of(m.mentions.begin(), m.mentions.end(), [this](const UserId &user) { return m_people.isSelf(user); });
    return mentioned || toUnixMs(place.head.head.mutedUntil) <= QDateTime::currentMSecsSinceEpoch();
}

void Notifier::applyMessages(const ConversationId &id, const std::vector<history::StoredMessage> &messages)
{
    if (!m_started)
        return;
    Place &place = m_places[id];
    Seq newest = place.told;
    for (const history::StoredMessage &stored : messages) {
        const Message &m = stored.message;
        newest = std::max(newest, m.seq);
        if (m.recalled && place.shown == m.seq)
            withdraw(id, place); // its words are not to stand on the desktop any more
        if (m.recalled && place.waiting == m.seq)
            place.waiting.reset();
        if (!isNews(place, stored) || (place.waiting && *place.waiting > m.seq))
            continue;
        place.waiting = m.seq;
        place.text = readMarkup(QString::fromStdString(m.body).left(kLongestText)).text.simplified();
        place.sender = m.sender;
        place.mentioned = std::any_of(m.mentions.begin(), m.mentions.end(),
                                      [this](const UserId &user) { return m_people.isSelf(user); });
        m_people.name(m.sender); // asked for in time, where it is not known
        if (!m_gather.isActive() && !m_catchingUp)
            m_gather.start();
    }
    place.told = newest;
}

void Notifier::setCatchingUp(bool catchingUp)
{
    if (m_catchingUp == catchingUp)
        return;
    m_catchingUp = catchingUp;
    if (m_started && !catchingUp)
        m_gather.start();
}

News Notifier::newsOf(const ConversationId &id, const Place &place) const
{
    News one;
    one.conversation = id;
    one.seq = *place.waiting;
    one.group = place.head.head.type == ConversationType::Group;
    one.title = QString::fromStdString(place.head.head.name);
    one.sender = m_people.name(place.sender);
    one.text = place.text;
    one.avatar = one.group ? QString::fromStdString(place.head.head.avatar) : m_people.avatar(place.sender);
    one.mentioned = place.mentioned;
    one.unread = std::max<std::int64_t>(1, place.head.head.unread);
    if (!one.group && one.title.isEmpty())
        one.title = one.sender;
    return one;
}

void Notifier::flush()
{
    std::vector<ConversationId> waiting;
    for (auto &[id, place] : m_places) {
        drop(place);
        if (place.waiting && (place.head.head.removed || m_looking(id)))
            place.waiting.reset();
        if (place.waiting)
            waiting.push_back(id);
    }
    if (waiting.empty())
        return;
    if (waiting.size() <= kMostAlone) {
        for (const ConversationId &id : waiting) {
            Place &place = m_places[id];
            const News one = newsOf(id, place);
            place.shown = one.seq;
            place.waiting.reset();
            emit news(one);
        }
        return;
    }
    News summary;
    summary.conversations = 0;
    for (const ConversationId &id : waiting) {
        Place &place = m_places[id];
        place.waiting.reset();
        ++summary.conversations;
        summary.unread += std::max<std::int64_t>(1, place.head.head.unread);
        summary.mentioned = summary.mentioned || place.mentioned;
    }
    m_summary = true;
    emit news(summary);
}

void Notifier::lookedAt()
{
    for (auto &[id, place] : m_places) {
        if (place.shown && m_looking(id))
            withdraw(id, place);
    }
    if (std::exchange(m_summary, false))
        emit withdrawn({});
}

void Notifier::withdraw(const ConversationId &id, Place &place)
{
    if (!place.shown)
        return;
    place.shown = Seq();
    emit withdrawn(id);
}

} // namespace kith::models
