// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/mention_controller.h"

#include "ui/widgets/mention_completer.h"

#include <QPointer>

#include <algorithm>
#include <set>

namespace kith::ui {

namespace {
constexpr int kNamesPauseMs = 50;
}

MentionController::MentionController(client::Client &client, models::People &people,
                                     const models::TimelineWindow &timeline, QObject *parent)
    : QObject(parent), m_client(client), m_people(people), m_timeline(timeline)
{
    m_names.setSingleShot(true);
    m_names.setInterval(kNamesPauseMs);
    connect(&m_names, &QTimer::timeout, this, &MentionController::refresh);
    connect(&people, &models::People::changed, this, [this] {
        if (m_wanted)
            m_names.start();
    });
    connect(&client, &client::Client::linkStatusChanged, this, [this](const client::LinkStatus &status) {
        // Asked while there was no link: again now that there is one.
        if (m_wanted && !m_loaded && status.phase == client::LinkPhase::Online)
            want();
    });
}

void MentionController::attach(MentionCompleter &completer)
{
    m_completer = &completer;
    connect(&completer, &MentionCompleter::wanted, this, &MentionController::want);
    connect(&completer, &QObject::destroyed, this, [this] { m_completer = nullptr; });
}

void MentionController::reset()
{
    m_wanted = m_loaded = false;
    m_members.clear();
    m_names.stop();
    if (m_completer)
        m_completer->setPeople({});
}

void MentionController::want()
{
    if (!m_timeline.isGroup() || m_timeline.conversation().empty())
        return;
    if (!m_wanted) {
        m_wanted = true;
        refresh(); // who wrote last is known without a network
    }
    if (!m_loaded && !m_loading)
        load(m_timeline.conversation());
}

void MentionController::refresh()
{
    const std::set<UserId> members(m_members.begin(), m_members.end());
    std::set<UserId> seen{m_people.self()};
    std::vector<UserId> recent, others;
    for (int i = m_timeline.rowCount() - 1; i >= 0; --i) {
        const models::TimelineRow &row = m_timeline.row(i);
        const UserId &sender = row.stored.message.sender;
        // Who wrote and left cannot be told any more; as long as the members are not known, everybody is offered.
        if (row.kind == models::RowKind::Message && (!m_loaded || members.contains(sender)) &&
            seen.insert(sender).second)
            recent.push_back(sender);
    }
    for (const UserId &member : m_members)
        if (seen.insert(member).second)
            others.push_back(member);
    std::vector<User> users = m_people.known(recent);
    std::vector<User> rest = m_people.known(others);
    std::stable_sort(rest.begin(), rest.end(), [](const User &a, const User &b) {
        return models::shownName(a).localeAwareCompare(models::shownName(b)) < 0;
    });
    std::move(rest.begin(), rest.end(), std::back_inserter(users));
    if (m_completer)
        m_completer->setPeople(std::move(users));
}

QCoro::Task<void> MentionController::load(ConversationId conversation)
{
    const QPointer<MentionController> alive(this);
    m_loading = true;
    auto task = m_client.groupMembers(conversation);
    auto members = co_await task;
    if (!alive)
        co_return;
    m_loading = false;
    if (conversation != m_timeline.conversation() || !m_wanted) {
        if (m_wanted)
            want();
        co_return;
    }
    if (!members)
        co_return; // offline or refused: those who wrote are offered
    m_loaded = true;
    for (const Member &member : *members) {
        m_members.push_back(member.user);
        m_people.name(member.user); // asks for it where it is not known
    }
    refresh();
}

} // namespace kith::ui
