// SPDX-License-Identifier: GPL-3.0-or-later
// A client core that is told what to do by lines on standard input, so that chaos.py can also kill it. Answers are
// lines on standard output, one for each command, in order.
//   chaos_client PROFILE SERVER USER       (password: the variable CHAOS_PASSWORD)
//   send CONVERSATION TEXT -> queued TEXT  (durable here)     read CONVERSATION -> read
//   edit CONVERSATION TEXT -> changed WORDS   recall CONVERSATION -> changed WORDS | nothing
//     (the newest own message, sent or not; WORDS: its first two, which an edit keeps)
//   settle -> settled | unsettled WHY      (caught up, nothing queued, no hole)
//   dump -> dump {"CONVERSATION":{"unread":0,"head":3,"messages":[[1,"sender","text"],…]}}
#include "core/client/client.h"
#include "tests/client/fake_rpc.h"

#include <QCoreApplication>
#include <QDir>
#include <QFile>
#include <QTest>
#include <QThread>

#include <algorithm>

#include <boost/json.hpp>

#include <cstdio>
#include <iostream>

using namespace kith;
using test::wait;

namespace {

using std::chrono::seconds;
constexpr auto kPatience = seconds{90};

void say(const std::string &line)
{
    std::printf("%s\n", line.c_str());
    std::fflush(stdout);
}

[[noreturn]] void give(const std::string &why)
{
    say("failed " + why);
    std::_Exit(1);
}

class Puppet final {
public:
    Puppet(const QString &profile, const QUrl &server, std::string user) : m_user(std::move(user))
    {
        client::ClientOptions options;
        options.profileDir = profile;
        options.keyFile = profile + QStringLiteral(".key");
        options.deviceName = QStringLiteral("chaos");
        m_client = std::make_unique<client::Client>(options);
        if (const auto opened = wait(m_client->open()); !opened)
            give("open " + opened.error().detail.toStdString());
        if (!m_client->isLoggedIn()) {
            const auto in = wait(m_client->login(server, m_user, qgetenv("CHAOS_PASSWORD").toStdString()));
            if (!in)
                give("login " + in.error().detail.toStdString());
        }
        m_client->connectToServer();
        say("opened " + m_client->self().id.str());
    }

    void obey(const std::string &line)
    {
        std::istringstream words(line);
        std::string command, conversation;
        words >> command;
        if (command == "settle")
            return settle();
        if (command == "dump")
            return dump();
        words >> conversation;
        const ConversationId id(conversation);
        if (command == "send") {
            std::string text;
            std::getline(words >> std::ws, text);
            const auto queued = wait(m_client->send(id, text));
            return say(queued ? "queued " + text : "refused " + queued.error().detail.toStdString());
        }
        if (command == "read") {
            const auto head = wait(m_client->head(id));
            if (head && *head)
                m_client->markRead(id, (*head)->head.headSeq);
            return say("read");
        }
        std::string text;
        std::getline(words >> std::ws, text);
        changeLast(id, command == "edit", text);
    }

private:
    static std::string firstTwo(const std::string &body)
    {
        const auto first = body.find(' ');
        return body.substr(0, body.find(' ', first == std::string::npos ? first : first + 1));
    }

    void changeLast(const ConversationId &id, bool edit, const std::string &text)
    {
        std::optional<history::StoredMessage> last;
        const auto unsent = wait(m_client->unsent(id));
        if (unsent && !unsent->empty())
            last = unsent->back();
        PageQuery query;
        query.conversation = id;
        query.limit = 50;
        const auto page = last ? client::Result<history::LocalPage>(history::LocalPage()) : wait(m_client->page(query));
        for (const auto &one : page ? page->messages : std::vector<history::StoredMessage>()) {
            if (one.message.sender == m_client->self().id && one.message.kind == MessageKind::Text && !last)
                last = one;
        }
        if (!last || last->message.recalled)
            return say("nothing");
        const std::string words = firstTwo(last->message.body);
        const auto done = edit ? wait(m_client->edit(id, last->localId, words + " " + text))
                               : wait(m_client->recall(id, last->localId));
        say(done ? "changed " + words : "refused");
    }

    void settle()
    {
        m_client->reconnectNow();
        if (const auto caught = wait(m_client->waitCaughtUp(kPatience)); !caught)
            return say("unsettled catch-up " + caught.error().detail.toStdString());
        if (const auto flushed = wait(m_client->flushOutbox(kPatience)); !flushed)
            return say("unsettled outbox " + flushed.error().detail.toStdString());
        const auto heads = wait(m_client->heads());
        if (!heads)
            return say("unsettled heads");
        for (const auto &local : *heads) {
            for (int rounds = 0; rounds < 200; ++rounds) {
                const auto covered = wait(m_client->coverage(local.head.conversation));
                if (!covered || covered->holes.empty())
                    break;
                const auto hole = covered->holes.back();
                (void)wait(m_client->fillHole(local.head.conversation, hole, hole.to));
            }
        }
        // Changes have no door of their own to wait at: they are done when no message is shown as changing.
        for (const auto &local : *heads) {
            PageQuery query;
            query.conversation = local.head.conversation;
            query.limit = 200;
            const bool done = QTest::qWaitFor(
                [&] {
                    const auto page = wait(m_client->page(query));
                    return page && std::none_of(page->messages.begin(), page->messages.end(),
                                                [](const auto &one) { return one.changing; });
                },
                60'000);
            if (!done)
                return say("unsettled change");
        }
        say("settled");
    }

    void dump()
    {
        boost::json::object all;
        const auto heads = wait(m_client->heads());
        for (const auto &local : heads ? *heads : std::vector<history::LocalHead>()) {
            boost::json::array messages;
            PageQuery query;
            query.conversation = local.head.conversation;
            query.limit = 200;
            for (;;) {
                const auto page = wait(m_client->page(query));
                if (!page || page->messages.empty())
                    break;
                for (const auto &one : page->messages)
                    messages.push_back({one.message.seq.value(), one.message.sender.str(), one.message.body});
                query.before = page->messages.back().message.seq;
            }
            all[local.head.conversation.str()] = {{"unread", local.head.unread},
                                                  {"head", local.head.headSeq.value()},
                                                  {"unsent", local.unsent + local.failed},
                                                  {"messages", std::move(messages)}};
        }
        say("dump " + boost::json::serialize(all));
    }

    std::string m_user;
    std::unique_ptr<client::Client> m_client;
};

} // namespace

int main(int argc, char **argv)
{
    QCoreApplication app(argc, argv);
    const auto arguments = QCoreApplication::arguments();
    if (arguments.size() != 4)
        return 2;
    Puppet puppet(arguments[1], QUrl(arguments[2]), arguments[3].toStdString());
    // Lines are read on a thread of their own: the client lives by this one's event loop.
    auto *reader = QThread::create([&] {
        for (std::string line; std::getline(std::cin, line);)
            QMetaObject::invokeMethod(
                &app, [&puppet, line] { puppet.obey(line); }, Qt::QueuedConnection);
        QMetaObject::invokeMethod(&app, &QCoreApplication::quit, Qt::QueuedConnection);
    });
    reader->start();
    const int status = QCoreApplication::exec();
    reader->wait();
    return status;
}
