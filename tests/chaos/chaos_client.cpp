// SPDX-License-Identifier: GPL-3.0-or-later
// A client core that is told what to do by lines on standard input, so that chaos.py can also kill it. Answers are
// lines on standard output, one for each command, in order.
//   chaos_client PROFILE SERVER USER       (password: the variable CHAOS_PASSWORD; its intervals pass CHAOS_HASTE times
//   as fast) send CONVERSATION TEXT
//     queued TEXT: it is durable here
//   reply CONVERSATION N TEXT, like CONVERSATION N        (the N-th newest; like: the other way round)
//     target SEQ, then as send; target SEQ on|off, then changed | refused; or nothing
//   edit CONVERSATION TEXT, recall CONVERSATION           (the newest own message, sent or not)
//     target WORDS, then changed | refused; or nothing    (WORDS: its first two, which an edit keeps)
//   read CONVERSATION
//     read
//   see CONVERSATION TEXT                                 (waits for a message that begins so)
//     seen | unseen
//   settle                                                (caught up, nothing queued, no hole)
//     settled | unsettled WHY
//   dump
//     dump {"CONVERSATION":{"unread":0,"unsent":0,"peer":[delivered,read],"messages":[[seq,"sender","text",likes,
//     liked,reply_to],…]}}
// A target is announced before anything is done to it: one that dies in between may have done it.
#include "core/client/client.h"
#include "tests/client/fake_rpc.h"

#include <QCoreApplication>
#include <QDir>
#include <QFile>
#include <QTest>
#include <QThread>
#include <QTime>

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

/// The time of day as it is, but intervals pass faster: nobody has to wait 75 s for a silence.
class HastyClock final : public Clock {
public:
    explicit HastyClock(int haste) : m_haste(haste) {}
    Timestamp now() const override { return m_system.now(); }
    std::chrono::steady_clock::time_point steady() const override
    {
        return m_start + (m_system.steady() - m_start) * m_haste;
    }

private:
    SystemClock m_system;
    int m_haste;
    std::chrono::steady_clock::time_point m_start = m_system.steady();
};

class Puppet final {
public:
    Puppet(const QString &profile, const QUrl &server, std::string user) : m_user(std::move(user))
    {
        client::ClientOptions options;
        options.profileDir = profile;
        options.keyFile = profile + QStringLiteral(".key");
        options.deviceName = QStringLiteral("chaos");
        options.clock = std::make_shared<HastyClock>(std::max(1, qEnvironmentVariableIntValue("CHAOS_HASTE")));
        m_client = std::make_unique<client::Client>(options);
        if (const auto opened = wait(m_client->open()); !opened)
            give("open " + opened.error().detail.toStdString());
        if (!m_client->isLoggedIn()) {
            const auto in = wait(m_client->login(server, m_user, qgetenv("CHAOS_PASSWORD").toStdString()));
            if (!in)
                give("login " + in.error().detail.toStdString());
        }
        if (qEnvironmentVariableIsSet("CHAOS_KEEP")) // the log is kept
            QObject::connect(m_client.get(), &client::Client::frame, m_client.get(),
                             [](bool outgoing, const QByteArray &json) {
                                 std::fprintf(stderr, "%s %s %s\n",
                                              qPrintable(QTime::currentTime().toString(QStringLiteral("hh:mm:ss.zzz"))),
                                              outgoing ? ">" : "<", json.constData());
                             });
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
        if (command == "read") {
            const auto head = wait(m_client->head(id));
            if (head && *head)
                m_client->markRead(id, (*head)->head.headSeq);
            return say("read");
        }
        std::size_t which = 0;
        if (command == "like" || command == "reply")
            words >> which;
        std::string text;
        std::getline(words >> std::ws, text);
        if (command == "send")
            return send(id, text, std::nullopt);
        if (command == "reply")
            return reply(id, which, text);
        if (command == "see")
            return see(id, text);
        if (command == "like")
            return likeOne(id, which);
        changeLast(id, command == "edit", text);
    }

private:
    static std::string firstTwo(const std::string &body)
    {
        const auto first = body.find(' ');
        return body.substr(0, body.find(' ', first == std::string::npos ? first : first + 1));
    }

    void send(const ConversationId &id, const std::string &text, std::optional<Seq> replyTo)
    {
        const auto queued = wait(m_client->send(id, text, replyTo));
        say(queued ? "queued " + text : "refused " + queued.error().detail.toStdString());
    }

    void reply(const ConversationId &id, std::size_t which, const std::string &text)
    {
        const auto target = settledOne(id, which);
        if (!target)
            return say("nothing");
        say("target " + std::to_string(target->message.seq.value()));
        send(id, text, target->message.seq);
    }

    void changeLast(const ConversationId &id, bool edit, const std::string &text)
    {
        std::optional<history::StoredMessage> last;
        const auto unsent = wait(m_client->unsent(id));
        if (unsent && !unsent->empty())
            last = unsent->back();
        if (!last) {
            for (auto &one : newest(id))
                if (one.message.sender == m_client->self().id && one.message.kind == MessageKind::Text && !last)
                    last = std::move(one);
        }
        if (!last || last->message.recalled)
            return say("nothing");
        const std::string words = firstTwo(last->message.body);
        say("target " + words);
        const auto done = edit ? wait(m_client->edit(id, last->localId, words + " " + text))
                               : wait(m_client->recall(id, last->localId));
        say(done ? "changed" : "refused");
    }

    std::vector<history::StoredMessage> newest(const ConversationId &id)
    {
        PageQuery query;
        query.conversation = id;
        query.limit = 50;
        auto page = wait(m_client->page(query));
        return page ? std::move(page->messages) : std::vector<history::StoredMessage>();
    }

    /// The n-th newest text that the server has and nobody took back.
    std::optional<history::StoredMessage> settledOne(const ConversationId &id, std::size_t which)
    {
        auto all = newest(id);
        std::erase_if(all, [](const auto &one) {
            return one.message.kind != MessageKind::Text || one.message.recalled || !one.message.seq;
        });
        return which < all.size() ? std::optional(std::move(all[which])) : std::nullopt;
    }

    void likeOne(const ConversationId &id, std::size_t which)
    {
        const auto one = settledOne(id, which);
        if (!one)
            return say("nothing");
        const bool liked = one->message.liked;
        say("target " + std::to_string(one->message.seq.value()) + (liked ? " off" : " on"));
        const auto done = wait(m_client->like(id, one->localId, !liked));
        say(done ? "changed" : "refused");
    }

    void see(const ConversationId &id, const std::string &text)
    {
        const bool here = QTest::qWaitFor(
            [&] {
                const auto all = newest(id);
                return std::any_of(all.begin(), all.end(),
                                   [&](const auto &one) { return one.message.body.starts_with(text); });
            },
            static_cast<int>(std::chrono::milliseconds(kPatience).count()));
        say(here ? "seen" : "unseen");
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
                    messages.push_back({one.message.seq.value(), one.message.sender.str(), one.message.body,
                                        one.message.likes, one.message.liked,
                                        one.message.replyTo.value_or(Seq{}).value()});
                query.before = page->messages.back().message.seq;
            }
            const auto peer = local.head.peer.value_or(PeerCursors{});
            all[local.head.conversation.str()] = {{"unread", local.head.unread},
                                                  {"peer", {peer.deliveredSeq.value(), peer.readSeq.value()}},
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
