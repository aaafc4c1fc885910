// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/client/blocks.h"

#include <sstream>
#include <utility>

namespace kith::client {

namespace {
/// Settings are encrypted with the rest of the history and go with it.
std::string settingOf(const UserId &self)
{
    return "blocked." + self.str();
}
} // namespace

Blocks::Blocks(HistoryService &history, Rpc &rpc, QObject *parent) : QObject(parent), m_history(history), m_rpc(rpc) {}

QCoro::Task<> Blocks::load(UserId self)
{
    m_self = self;
    const auto before = ++m_changes;
    auto keptLater =
        m_history.run([name = settingOf(self)](history::HistoryStore &store) { return store.setting(name); });
    auto kept = co_await keptLater;
    if (!kept || before != m_changes)
        co_return;
    std::set<UserId> users;
    std::istringstream words(kept->value_or(std::string()));
    for (std::string word; words >> word;)
        if (isValidUserId(word))
            users.emplace(word);
    replace(std::move(users), false);
}

QCoro::Task<> Blocks::refresh()
{
    for (;;) {
        const auto before = m_changes;
        auto answerLater = m_rpc.request(protocol::Op::UserBlocked, boost::json::object());
        auto answer = co_await answerLater;
        if (!answer)
            co_return;
        if (before != m_changes)
            continue; // it may be older than what was changed meanwhile
        if (auto packet = protocol::decode<protocol::BlockedPacket>(answer->data))
            take(std::move(packet->users));
        co_return;
    }
}

void Blocks::take(std::vector<UserId> users)
{
    ++m_changes;
    replace(std::set<UserId>(users.begin(), users.end()), true);
}

QCoro::Task<Result<void>> Blocks::set(UserId user, bool blocked)
{
    auto doneLater =
        callForOk(m_rpc, blocked ? protocol::Op::UserBlock : protocol::Op::UserUnblock, protocol::UserPacket{user});
    auto done = co_await doneLater;
    if (!done)
        co_return done;
    ++m_changes;
    auto users = m_users;
    if (blocked)
        users.insert(user);
    else
        users.erase(user);
    replace(std::move(users), true);
    co_return done;
}

void Blocks::forget()
{
    ++m_changes;
    m_self = UserId();
    m_users.clear();
}

void Blocks::replace(std::set<UserId> users, bool keep)
{
    if (users == m_users)
        return;
    m_users = std::move(users);
    if (keep && !m_self.empty()) {
        std::string text;
        for (const UserId &user : m_users)
            text += user.str() + ' ';
        auto keptLater = m_history.run([name = settingOf(m_self), text = std::move(text)](
                                           history::HistoryStore &store) { return store.setSetting(name, text); });
    }
    emit changed();
}

} // namespace kith::client
