// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/kith-cli/people.h"

#include "core/client/errors.h"
#include "core/models/name_match.h"
#include "core/protocol/packets.h"

#include <boost/json/array.hpp>

#include <algorithm>
#include <iostream>
#include <map>

namespace kith::cli {

using client::Client;

namespace {

client::ClientError nobody(const char *field)
{
    return client::wireError(protocol::makeError(protocol::ErrorCode::NotFound, "nobody of that name", field));
}

Answer<std::vector<UserId>> people(Console &console)
{
    std::vector<UserId> ids;
    for (const auto &name : console.arguments.words) {
        auto task = findPerson(console, name);
        auto user = co_await task;
        if (!user)
            co_return Unexpected(std::move(user).error());
        ids.push_back(user->id);
    }
    co_return ids;
}

/// After a change the server's push brings the head; asked for here so that what is printed is what is.
QCoro::Task<Exit> printGroup(Console &console, ConversationId id)
{
    auto task = console.core.head(id);
    auto head = co_await task;
    if (!head)
        co_return console.fail(head.error());
    if (*head)
        console.output.conversation(**head);
    co_return Exit::Done;
}

QCoro::Task<Exit> createGroup(Console &console)
{
    auto reached = co_await console.catchUp();
    if (!reached)
        co_return console.fail(reached.error());
    auto usersTask = people(console);
    auto users = co_await usersTask;
    if (!users)
        co_return console.fail(users.error());
    auto task = console.core.createGroup(console.arguments.target, std::move(*users));
    auto made = co_await task;
    if (!made)
        co_return console.fail(made.error());
    auto printing = printGroup(console, *made);
    co_return co_await printing;
}

/// All of them, or those whose names fit; page by page, so that the first lines come before the last are asked for.
QCoro::Task<Exit> listMembers(Console &console, ConversationId id)
{
    const QString wanted = models::foldName(QString::fromStdString(console.arguments.find));
    std::optional<UserId> after;
    for (bool more = true; more;) {
        auto task = console.core.membersPage(id, after);
        auto page = co_await task;
        if (!page)
            co_return console.fail(page.error());
        std::map<UserId, User> who;
        for (const User &user : page->users)
            who.emplace(user.id, user);
        for (const Member &member : page->members) {
            const User user = who.contains(member.user) ? who[member.user] : User{member.user, {}, {}, {}, {}};
            const auto keys =
                models::nameKeys({QString::fromStdString(user.displayName), QString::fromStdString(user.username)});
            if (wanted.isEmpty() || models::nameScore(keys, wanted) > 0)
                console.output.member(member, user);
        }
        more = page->more;
        if (more)
            after = page->members.back().user;
    }
    co_return Exit::Done;
}

Answer<void> changeGroup(Console &console, ConversationId id)
{
    const Arguments &given = console.arguments;
    Client &core = console.core;
    if (given.command == Command::GroupRename || given.command == Command::GroupAbout) {
        // An empty description takes it away.
        std::string text = given.clear ? std::string() : wordsOrInput(given.words);
        while (!text.empty() && (text.back() == '\n' || text.back() == '\r'))
            text.pop_back();
        auto task = given.command == Command::GroupRename ? core.renameGroup(id, std::move(text))
                                                          : core.describeGroup(id, std::move(text));
        co_return co_await task;
    }
    if (given.command == Command::GroupLeave) {
        auto task = core.leaveGroup(id);
        co_return co_await task;
    }
    if (given.command == Command::GroupRole) {
        auto personTask = findPerson(console, given.username);
        auto user = co_await personTask;
        if (!user)
            co_return Unexpected(std::move(user).error());
        const Role role = given.state == "owner" ? Role::Owner : given.state == "admin" ? Role::Admin : Role::Member;
        auto task = core.setRole(id, user->id, role);
        co_return co_await task;
    }
    auto usersTask = people(console);
    auto users = co_await usersTask;
    if (!users)
        co_return Unexpected(std::move(users).error());
    auto task = given.command == Command::GroupInvite ? core.inviteToGroup(id, std::move(*users))
                                                      : core.removeFromGroup(id, std::move(*users));
    co_return co_await task;
}

QCoro::Task<Exit> group(Console &console)
{
    auto findTask = console.catchUpAndFind();
    auto id = co_await findTask;
    if (!id)
        co_return console.fail(id.error());
    if (console.arguments.command == Command::GroupMembers) {
        auto listing = listMembers(console, *id);
        co_return co_await listing;
    }
    auto task = changeGroup(console, *id);
    auto done = co_await task;
    co_return done ? Exit::Done : console.fail(done.error());
}

QCoro::Task<Exit> ownProfile(Console &console)
{
    Client &core = console.core;
    auto task = console.arguments.displayName.empty() ? core.fetchUser(core.self().id)
                                                      : core.setDisplayName(console.arguments.displayName);
    auto user = co_await task;
    if (!user)
        co_return console.fail(user.error());
    console.output.profile(*user, {}, {});
    co_return Exit::Done;
}

QCoro::Task<Exit> profile(Console &console)
{
    Client &core = console.core;
    auto reached = co_await console.catchUp();
    if (!reached)
        co_return console.fail(reached.error());
    if (console.arguments.username.empty()) {
        auto own = ownProfile(console);
        co_return co_await own;
    }
    auto personTask = findPerson(console, console.arguments.username);
    auto known = co_await personTask;
    if (!known)
        co_return console.fail(known.error());
    auto fetchTask = core.fetchUser(known->id);
    auto user = co_await fetchTask;
    if (!user)
        co_return console.fail(user.error());
    auto sharedTask = core.sharedGroups(user->id);
    auto shared = co_await sharedTask;
    if (!shared)
        co_return console.fail(shared.error());
    console.output.profile(*user, core.isBlocked(user->id), *shared);
    co_return Exit::Done;
}

QCoro::Task<Exit> block(Console &console)
{
    auto reached = co_await console.catchUp();
    if (!reached)
        co_return console.fail(reached.error());
    auto personTask = findPerson(console, console.arguments.username);
    auto user = co_await personTask;
    if (!user)
        co_return console.fail(user.error());
    auto task = console.core.setBlocked(user->id, console.arguments.command == Command::Block);
    auto done = co_await task;
    co_return done ? Exit::Done : console.fail(done.error());
}

QCoro::Task<Exit> listBlocked(Console &console)
{
    if (!console.arguments.offline) {
        auto reached = co_await console.catchUp();
        if (!reached)
            co_return console.fail(reached.error());
    }
    const std::vector<UserId> ids = console.core.blocked();
    auto task = console.core.users(ids);
    auto users = co_await task;
    if (!users)
        co_return console.fail(users.error());
    for (const UserId &id : ids) {
        const auto found = std::find_if(users->begin(), users->end(), [&](const User &user) { return user.id == id; });
        console.output.profile(found == users->end() ? User{id, {}, {}, {}, {}} : *found, true, {});
    }
    co_return Exit::Done;
}

} // namespace

Answer<User> findPerson(Console &console, std::string name)
{
    Client &core = console.core;
    auto knownTask = core.knownUsers();
    auto known = co_await knownTask;
    if (!known)
        co_return Unexpected(std::move(known).error());
    const auto is = [&](const User &user) { return user.username == name || user.id.str() == name; };
    if (const auto found = std::find_if(known->begin(), known->end(), is); found != known->end())
        co_return *found;
    if (console.isLocal())
        co_return Unexpected(nobody("user"));
    auto findTask = core.findUsers(name);
    auto users = co_await findTask;
    if (!users)
        co_return Unexpected(std::move(users).error());
    if (const auto found = std::find_if(users->begin(), users->end(), is); found != users->end())
        co_return *found;
    co_return Unexpected(nobody("user"));
}

void Output::member(const Member &member, const User &user) const
{
    const char *role = member.role == Role::Owner ? "owner" : member.role == Role::Admin ? "admin" : "member";
    if (m_json) {
        auto json = protocol::encode(member);
        json["username"] = user.username;
        json["display_name"] = user.displayName;
        return line(json);
    }
    std::cout << member.user.str() << "  " << role << "  " << escapeForTerminal(user.username) << "  "
              << escapeForTerminal(user.displayName) << '\n';
}

void Output::profile(const User &user, std::optional<bool> blocked,
                     const std::optional<std::vector<ConversationId>> &shared) const
{
    if (m_json) {
        auto json = protocol::encode(user);
        if (blocked)
            json["blocked"] = *blocked;
        if (shared) {
            boost::json::array groups;
            for (const auto &id : *shared)
                groups.emplace_back(id.str());
            json["shared"] = std::move(groups);
        }
        return line(json);
    }
    std::cout << user.id.str() << "  " << escapeForTerminal(user.username) << "  "
              << escapeForTerminal(user.displayName);
    if (blocked.value_or(false))
        std::cout << "  blocked";
    for (const auto &id : shared.value_or(std::vector<ConversationId>()))
        std::cout << "  " << id.str();
    std::cout << std::endl;
}

bool concernsPeople(Command command)
{
    return command >= Command::GroupCreate && command <= Command::Blocked;
}

QCoro::Task<Exit> runPeople(Console &console)
{
    const Command command = console.arguments.command;
    auto task = command == Command::GroupCreate                            ? createGroup(console)
                : command == Command::Profile                              ? profile(console)
                : command == Command::Blocked                              ? listBlocked(console)
                : command == Command::Block || command == Command::Unblock ? block(console)
                                                                           : group(console);
    co_return co_await task;
}

} // namespace kith::cli
