// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/kith-cli/search.h"

#include "core/protocol/packets.h"

#include <QDateTime>

#include <boost/json/array.hpp>

#include <algorithm>
#include <iostream>

namespace kith::cli {

namespace {

std::string sentence(const history::SearchHint &hint)
{
    using Kind = history::SearchHint::Kind;
    switch (hint.kind) {
    case Kind::UnknownFilter:
        return "there is no filter " + hint.name + ": (in quotes it is searched for)";
    case Kind::NoValue:
        return hint.name + ": wants a value, without a space";
    case Kind::UnknownPerson:
        return "nobody here is called " + hint.value;
    case Kind::UnknownConversation:
        return "no conversation is called " + hint.value;
    case Kind::BadDate:
        return hint.value + " is no day: 2024-05-31, 2024-05, 2024, today, yesterday";
    case Kind::UnknownThing:
        return "has: knows links only: has:link";
    }
    return {};
}

std::string dayOf(Timestamp at)
{
    return QDateTime::fromMSecsSinceEpoch(toUnixMs(at)).date().toString(Qt::ISODate).toStdString();
}

std::string nameOf(const std::vector<User> &people, const UserId &id)
{
    const auto found = std::find_if(people.begin(), people.end(), [&](const User &user) { return user.id == id; });
    return found == people.end() ? std::string() : found->username;
}

} // namespace

void Output::hit(const history::SearchHit &hit, const std::string &senderName) const
{
    if (!m_json)
        return message(hit.message.conversation, hit.message, senderName);
    boost::json::array marks;
    for (const auto &mark : hit.snippet.marks)
        marks.push_back(boost::json::array{mark.from, mark.to});
    line({{"conversation", hit.message.conversation.str()},
          {"message", protocol::encode(hit.message.message)},
          {"snippet", hit.snippet.text},
          {"marks", std::move(marks)}});
}

void Output::reach(const history::SearchReach &reach, bool more) const
{
    if (m_json) {
        boost::json::object json{{"conversations", reach.conversations},
                                 {"messages", reach.messages},
                                 {"missing", reach.missing},
                                 {"lost", reach.lost},
                                 {"holes", reach.holes}};
        if (reach.since)
            json["since"] = toUnixMs(*reach.since);
        return line({{"searched", std::move(json)}, {"more", more}});
    }
    std::cerr << "searched " << reach.messages << " messages of " << reach.conversations << " conversations";
    if (reach.since)
        std::cerr << ", back to " << dayOf(*reach.since);
    if (reach.missing + reach.lost > 0)
        std::cerr << "; " << reach.missing + reach.lost << " are not on this computer (" << reach.holes << " holes"
                  << (reach.lost > 0 ? ", " + std::to_string(reach.lost) + " not to be had any more" : std::string())
                  << ')';
    std::cerr << (more ? "; there are more hits (--limit)" : "") << std::endl;
}

QCoro::Task<Exit> runSearch(Console &console)
{
    client::SearchRequest request;
    request.text = wordsOrInput(console.arguments.words) + ' '; // nobody is still typing the last word
    request.limit = console.arguments.limit;
    if (!console.arguments.target.empty()) {
        auto findTask = console.find(console.arguments.target);
        auto found = co_await findTask;
        if (!found)
            co_return console.fail(found.error());
        request.here = *found;
    }
    auto task = console.core.search(std::move(request));
    auto answer = co_await task;
    if (!answer)
        co_return console.fail(answer.error());
    for (const auto &hint : answer->hints)
        std::cerr << "kith-cli: " << escapeForTerminal(sentence(hint)) << std::endl;
    if (!answer->asked && answer->hints.empty())
        co_return console.usage("nothing to search for");
    auto namesTask = console.core.knownUsers();
    auto names = co_await namesTask;
    for (const auto &hit : answer->hits)
        console.output.hit(hit, names ? nameOf(*names, hit.message.message.sender) : std::string());
    console.output.reach(answer->reach, answer->more);
    co_return answer->hints.empty() ? Exit::Done : Exit::Usage;
}

} // namespace kith::cli
