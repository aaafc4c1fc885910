// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/kith-cli/cli.h"

#include "app/kith-cli/download.h"
#include "app/kith-cli/interrupts.h"
#include "app/kith-cli/messages.h"
#include "app/kith-cli/output.h"
#include "app/kith-cli/security.h"
#include "core/client/client.h"
#include "core/client/errors.h"
#include "core/client/later.h"

#include <QCoreApplication>
#include <QEventLoop>
#include <QTimer>

#include <algorithm>
#include <iostream>
#include <iterator>

namespace kith::cli {

namespace {

using client::Client;
using client::ClientError;
using client::ClientErrorCode;
template <class T>
using Answer = QCoro::Task<client::Result<T>>;

constexpr auto kReach = std::chrono::seconds{15};

class Runner final {
public:
    explicit Runner(const Arguments &arguments)
        : m_arguments(arguments), m_output(arguments.json), m_client(optionsOf(arguments))
    {
    }

    Exit exec()
    {
        QEventLoop loop;
        bool done = false;
        QObject context;
        QCoro::connect(command(), &context, [&](Exit exit) {
            m_exit = exit;
            done = true;
            loop.quit();
        });
        if (!done)
            loop.exec();
        return m_exit;
    }

private:
    QCoro::Task<Exit> command()
    {
        auto opened = co_await open();
        if (!opened)
            co_return fail(opened.error());
        if (m_arguments.command == Command::Check)
            co_return co_await check();
        tellRepair();
        QObject::connect(&m_client, &client::Client::historyRepaired, &m_client, [this] { tellRepair(); });
        const bool needsSession = m_arguments.command != Command::Register && m_arguments.command != Command::Login &&
                                  m_arguments.command != Command::Status && !concernsKey(m_arguments.command) &&
                                  !m_arguments.offline;
        if (needsSession && !m_client.isLoggedIn())
            co_return fail(client::makeError(ClientErrorCode::NotLoggedIn, QStringLiteral("log in first")));
        switch (m_arguments.command) {
        case Command::Register:
            co_return co_await registerAccount();
        case Command::Login:
            co_return co_await login();
        case Command::Logout:
            co_return co_await logout();
        case Command::Whoami:
            m_output.user(m_client.self(), m_client.server().toString().toStdString(),
                          m_client.deviceId().toStdString());
            co_return Exit::Done;
        case Command::Conversations:
            co_return co_await conversations();
        case Command::Send:
            co_return co_await send();
        case Command::Edit:
        case Command::Recall:
        case Command::Like:
        case Command::Unlike:
            co_return co_await change();
        case Command::Receipts:
            co_return co_await receipts();
        case Command::History:
            co_return co_await history();
        case Command::Tail:
            co_return co_await tail();
        case Command::Status:
            co_return co_await status();
        case Command::Wire:
            co_return co_await wire();
        case Command::Check:
            break; // before anybody has to be logged in
        case Command::Download:
            co_return co_await download();
        case Command::MfaStatus:
        case Command::MfaEnroll:
        case Command::MfaBind:
        case Command::MfaUnbind:
        case Command::MfaRecoveryCodes:
        case Command::Devices:
        case Command::RevokeDevice:
        case Command::ChangePassword:
        case Command::Audit:
        case Command::KeyStatus:
        case Command::KeyPassphrase:
        case Command::KeyNoPassphrase:
        case Command::KeyRecovery:
        case Command::KeyKeyring:
        case Command::KeyNoKeyring:
            co_return co_await security();
        }
        co_return Exit::Usage;
    }

    Exit fail(const ClientError &error)
    {
        m_output.error(error);
        return exitFor(error);
    }

    /// Where the profile is protected by a passphrase, or there is no keyring to protect a new one, it is asked for.
    Answer<void> open()
    {
        auto task = m_arguments.startAnew ? m_client.openAnew({}) : m_client.open();
        auto opened = co_await task;
        if (opened || (opened.error().code != ClientErrorCode::PassphraseNeeded &&
                       opened.error().code != ClientErrorCode::KeyringAbsent))
            co_return opened;
#if defined(__unix__) || defined(__APPLE__)
        if (!::isatty(STDIN_FILENO))
            co_return opened; // standard input may carry the account's password: never mistake one for the other
#endif
        auto phrase = readPassword(opened.error().code == ClientErrorCode::PassphraseNeeded
                                       ? "Passphrase of this profile: "
                                       : "New passphrase for this profile: ");
        if (!phrase || phrase->empty())
            co_return opened;
        auto secret = crypto::Secret::take(std::move(*phrase));
        auto again = m_arguments.startAnew ? m_client.openAnew(std::move(secret))
                                           : m_client.openWithPassphrase(std::move(secret));
        co_return co_await again;
    }

    void tellRepair()
    {
        if (const auto repair = m_client.takeRepair())
            m_output.repaired(*repair);
    }

    QCoro::Task<Exit> check()
    {
        auto repaired = m_client.takeRepair();
        auto task = m_client.checkHistory();
        auto sound = co_await task;
        if (!sound)
            co_return fail(sound.error());
        if (auto now = m_client.takeRepair())
            repaired = std::move(now);
        m_output.checked(repaired);
        co_return Exit::Done;
    }

    QUrl server() const
    {
        return m_arguments.server ? QUrl(*m_arguments.server) : m_client.server();
    }

    QCoro::Task<Exit> registerAccount()
    {
        auto password = readPassword("Password: ");
        if (!password || server().isEmpty())
            co_return usage(password ? "no --server" : "no password");
        const auto name = m_arguments.displayName.empty() ? m_arguments.username : m_arguments.displayName;
        auto task = m_client.registerAccount(server(), m_arguments.username, *password, name);
        auto user = co_await task;
        if (!user)
            co_return fail(user.error());
        m_output.user(*user, server().toString().toStdString(), {});
        co_return Exit::Done;
    }

    QCoro::Task<Exit> login()
    {
        auto password = readPassword("Password: ");
        if (!password || server().isEmpty())
            co_return usage(password ? "no --server" : "no password");
        auto task = m_client.login(server(), m_arguments.username, *password);
        auto done = co_await task;
        if (!done && done.error().wire && done.error().wire->code == protocol::ErrorCode::MfaRequired) {
            const auto code = readPassword(m_arguments.recovery ? "Recovery code: " : "Code of the authenticator: ");
            if (!code)
                co_return fail(done.error());
            using Kind = client::SecondFactorCode::Kind;
            auto again =
                m_client.login(server(), m_arguments.username, *password,
                               client::SecondFactorCode{m_arguments.recovery ? Kind::RecoveryCode : Kind::Totp, *code});
            done = co_await again;
        }
        if (!done)
            co_return fail(done.error());
        m_output.user(m_client.self(), m_client.server().toString().toStdString(), m_client.deviceId().toStdString());
        co_return Exit::Done;
    }

    QCoro::Task<Exit> logout()
    {
        if (m_arguments.everywhere) {
            auto everywhere = m_client.logoutEverywhere();
            auto ended = co_await everywhere;
            if (!ended)
                co_return fail(ended.error());
        }
        auto task = m_client.logout(m_arguments.all);
        auto done = co_await task;
        co_return done ? Exit::Done : fail(done.error());
    }

    QCoro::Task<Exit> security()
    {
        auto task = runSecurity(m_arguments, m_client, m_output);
        auto done = co_await task;
        if (done)
            co_return Exit::Done;
        co_return done.error().code == ClientErrorCode::Cancelled ? usage("standard input ended too early")
                                                                  : fail(done.error());
    }

    Exit usage(const char *what)
    {
        std::cerr << "kith-cli: " << what << '\n';
        return Exit::Usage;
    }

    /// A script wants to know at once: the first attempt that fails ends it, there is no waiting for the next one.
    Answer<void> firstOf(QCoro::Task<client::Result<void>> task)
    {
        client::Promise<void> first;
        QObject context;
        const auto watch = [first](const client::LinkStatus &status) {
            if (status.phase == client::LinkPhase::Waiting || status.phase == client::LinkPhase::Offline)
                first.finish(Unexpected(client::makeError(ClientErrorCode::Unreachable, status.reason)));
            else if (status.phase == client::LinkPhase::LoggedOut)
                first.finish(Unexpected(client::makeError(ClientErrorCode::NotLoggedIn, status.reason)));
        };
        // Queued: the client is in the middle of its own work when it tells.
        QObject::connect(&m_client, &Client::linkStatusChanged, &context, watch, Qt::QueuedConnection);
        QCoro::connect(std::move(task), &context, [first](client::Result<void> result) { first.finish(result); });
        auto later = first.later();
        co_return co_await later;
    }

    Answer<void> catchUp()
    {
        m_client.connectToServer();
        auto task = firstOf(m_client.waitCaughtUp(kReach));
        co_return co_await task;
    }

    QCoro::Task<Exit> conversations()
    {
        if (!m_arguments.offline) {
            auto reached = co_await catchUp();
            if (!reached)
                co_return fail(reached.error());
        }
        auto task = m_client.heads();
        auto heads = co_await task;
        if (!heads)
            co_return fail(heads.error());
        for (const auto &head : *heads)
            m_output.conversation(head);
        co_return Exit::Done;
    }

    /// A conversation id, the name of the one group that is called so, or a username. The username is looked for among
    /// the known people first and asked of the server only when there is a link.
    Answer<ConversationId> find(std::string target)
    {
        const ConversationId id(target);
        if (conversationType(archivedFrom(id)))
            co_return id;
        auto headsTask = m_client.heads();
        auto heads = co_await headsTask;
        if (!heads)
            co_return Unexpected(std::move(heads).error());
        std::vector<ConversationId> groups;
        std::vector<UserId> peers;
        for (const auto &local : *heads) {
            if (local.head.type == ConversationType::Group && local.head.name == target)
                groups.push_back(local.head.conversation);
            if (auto peer = privatePeer(local.head.conversation, m_client.self().id))
                peers.push_back(*peer);
        }
        auto usersTask = m_client.users(peers);
        auto people = co_await usersTask;
        if (!people)
            co_return Unexpected(std::move(people).error());
        const auto byName = [&](const User &user) { return user.username == target; };
        auto person = std::find_if(people->begin(), people->end(), byName);
        std::optional<User> peer;
        if (person != people->end())
            peer = *person;
        if (!peer && groups.empty() && !m_arguments.offline) {
            auto findTask = m_client.findUsers(target);
            auto found = co_await findTask;
            if (!found)
                co_return Unexpected(std::move(found).error());
            person = std::find_if(found->begin(), found->end(), byName);
            if (person != found->end())
                peer = *person;
        }
        if (peer && groups.empty()) {
            auto openTask = m_client.openPrivate(*peer);
            co_return co_await openTask;
        }
        if (groups.size() == 1 && !peer)
            co_return groups.front();
        const bool several = peer || groups.size() > 1;
        co_return Unexpected(client::wireError(
            protocol::makeError(protocol::ErrorCode::NotFound,
                                several ? "several conversations have that name" : "nobody of that name", "to")));
    }

    /// find() after a catch-up, unless it is to be done without the network.
    Answer<ConversationId> catchUpAndFind()
    {
        if (!m_arguments.offline) {
            auto reached = co_await catchUp();
            if (!reached)
                co_return Unexpected(std::move(reached).error());
        }
        auto task = find(m_arguments.target);
        co_return co_await task;
    }

    QCoro::Task<Exit> download()
    {
        std::optional<ConversationId> only;
        if (!m_arguments.target.empty()) {
            auto findTask = catchUpAndFind();
            auto found = co_await findTask;
            if (!found)
                co_return fail(found.error());
            only = *found;
        } else if (auto reached = co_await catchUp(); !reached) {
            co_return fail(reached.error());
        }
        auto task = runDownload(m_client, m_output, only);
        auto done = co_await task;
        co_return done ? Exit::Done : fail(done.error());
    }

    /// Done when the server has confirmed it, or says no.
    QCoro::Task<Exit> change()
    {
        auto findTask = catchUpAndFind();
        auto conversation = co_await findTask;
        if (!conversation)
            co_return fail(conversation.error());
        auto task = runChange(m_client, m_arguments, *conversation,
                              m_arguments.command == Command::Edit ? wordsOrInput(m_arguments.words) : std::string());
        auto changed = co_await task;
        if (!changed)
            co_return fail(changed.error());
        m_output.message(*conversation, *changed, {});
        co_return Exit::Done;
    }

    /// The people that `--mention` names.
    Answer<std::vector<UserId>> mentioned()
    {
        std::vector<UserId> users;
        for (const auto &name : m_arguments.mentions) {
            auto findTask = find(name);
            auto chat = co_await findTask;
            if (!chat)
                co_return Unexpected(std::move(chat).error());
            if (const auto user = privatePeer(*chat, m_client.self().id))
                users.push_back(*user);
        }
        co_return users;
    }

    QCoro::Task<Exit> receipts()
    {
        auto findTask = catchUpAndFind();
        auto conversation = co_await findTask;
        if (!conversation)
            co_return fail(conversation.error());
        auto task = m_client.messageReceipts(*conversation, Seq(m_arguments.seq));
        auto found = co_await task;
        if (!found)
            co_return fail(found.error());
        m_output.receipts(*conversation, Seq(m_arguments.seq), *found);
        co_return Exit::Done;
    }

    QCoro::Task<Exit> send()
    {
        const std::string text = wordsOrInput(m_arguments.words);
        m_client.connectToServer();
        auto findTask = find(m_arguments.target);
        auto conversation = co_await findTask;
        if (!conversation)
            co_return fail(conversation.error());
        std::optional<ClientError> refusal;
        std::optional<history::StoredMessage> settled;
        ClientMessageId cid;
        QObject context;
        QObject::connect(
            &m_client, &Client::messageSettled, &context,
            [&](const ConversationId &, const ClientMessageId &which, const history::StoredMessage &message) {
                if (which == cid)
                    settled = message;
            });
        auto mentionTask = mentioned();
        auto mentions = co_await mentionTask;
        if (!mentions)
            co_return fail(mentions.error());
        const auto replyTo = m_arguments.seq > 0 ? std::optional(Seq(m_arguments.seq)) : std::nullopt;
        auto sendTask = m_client.send(*conversation, text, replyTo, *mentions);
        auto queued = co_await sendTask;
        if (!queued)
            co_return fail(queued.error());
        cid = queued->message.cid;
        auto flushTask = firstOf(m_client.flushOutbox(kDeliverDeadline));
        auto flushed = co_await flushTask;
        auto unsentTask = m_client.unsent(*conversation);
        auto unsent = co_await unsentTask;
        if (!unsent)
            co_return fail(unsent.error());
        for (const auto &one : *unsent) {
            if (one.message.cid != cid)
                continue;
            if (one.state == history::SendState::Failed) {
                const auto code = protocol::errorCodeFromName(one.failure).value_or(protocol::ErrorCode::Internal);
                co_return fail(client::wireError(protocol::makeError(code, "the server refused the message")));
            }
            // It stays in the outbox: the next connection sends it.
            co_return fail(flushed ? client::makeError(ClientErrorCode::Unreachable, QStringLiteral("still queued"))
                                   : flushed.error());
        }
        m_output.message(*conversation, settled ? *settled : *queued, {});
        co_return Exit::Done;
    }

    QCoro::Task<Exit> history()
    {
        auto findTask = catchUpAndFind();
        auto conversation = co_await findTask;
        if (!conversation)
            co_return fail(conversation.error());
        std::vector<kith::history::StoredMessage> shown;
        std::optional<history::Hole> hole;
        PageQuery query;
        query.conversation = *conversation;
        query.limit = m_arguments.limit;
        if (m_arguments.before)
            query.before = Seq(*m_arguments.before);
        // A page ends at a hole: it is fetched, and reading goes on behind it.
        for (int rounds = 0; static_cast<int>(shown.size()) < m_arguments.limit && rounds < 2 * m_arguments.limit;
             ++rounds) {
            query.limit = m_arguments.limit - static_cast<int>(shown.size());
            auto pageTask = m_client.page(query);
            auto page = co_await pageTask;
            if (!page)
                co_return fail(page.error());
            shown.insert(shown.end(), page->messages.begin(), page->messages.end());
            if (!page->messages.empty())
                query.before = page->messages.back().message.seq;
            hole = page->olderHole;
            if (static_cast<int>(shown.size()) >= m_arguments.limit || page->atFloor ||
                (!hole && page->messages.empty()))
                break;
            if (!hole)
                continue;
            if (m_arguments.offline)
                break;
            auto fillTask = m_client.fillHole(*conversation, *hole, hole->to);
            auto filled = co_await fillTask;
            if (!filled)
                co_return fail(filled.error());
        }
        std::reverse(shown.begin(), shown.end());
        const bool gap = hole && static_cast<int>(shown.size()) < m_arguments.limit;
        if (gap)
            m_output.hole(*conversation, *hole);
        std::vector<UserId> senders;
        for (const auto &one : shown)
            senders.push_back(one.message.sender);
        auto namesTask = m_client.users(senders);
        auto names = co_await namesTask;
        for (const auto &one : shown)
            m_output.message(*conversation, one, names ? nameOf(*names, one.message.sender) : std::string());
        if (!m_arguments.before) {
            auto unsentTask = m_client.unsent(*conversation);
            auto unsent = co_await unsentTask;
            if (unsent)
                for (const auto &one : *unsent)
                    m_output.message(*conversation, one, m_client.self().username);
        }
        co_return Exit::Done;
    }

    static std::string nameOf(const std::vector<User> &people, const UserId &id)
    {
        const auto found = std::find_if(people.begin(), people.end(), [&](const User &user) { return user.id == id; });
        return found == people.end() ? std::string() : found->username;
    }

    QCoro::Task<Exit> tail()
    {
        QObject context;
        auto start = fromUnixMs(std::numeric_limits<std::int64_t>::max());
        QObject::connect(&m_client, &Client::messagesChanged, &context,
                         [&](const ConversationId &conversation, const std::vector<history::StoredMessage> &messages) {
                             for (const auto &one : messages)
                                 if (one.state == history::SendState::Settled && one.message.createdAt >= start)
                                     m_output.message(conversation, one, {});
                         });
        auto reached = co_await catchUp();
        if (!reached)
            co_return fail(reached.error());
        start = {};
        co_return co_await untilInterrupted();
    }

    QCoro::Task<Exit> wire()
    {
        QObject context;
        QObject::connect(&m_client, &Client::frame, &context,
                         [&](bool outgoing, const QByteArray &json) { m_output.frame(outgoing, json); });
        m_client.connectToServer();
        co_return co_await untilInterrupted();
    }

    /// Ends by SIGINT, SIGTERM, `--for`, or because the server ended the session.
    QCoro::Task<Exit> untilInterrupted()
    {
        client::Promise<void> over;
        QObject context;
        QObject::connect(&m_client, &Client::loggedOut, &context,
                         [over](const ClientError &error) { over.finish(Unexpected(error)); });
        if (m_arguments.forSeconds > 0)
            QTimer::singleShot(std::chrono::seconds{m_arguments.forSeconds}, &context, [over] { over.finish({}); });
        onInterrupt(&context, [over] { over.finish({}); });
        auto ended = co_await over.later();
        co_return ended ? Exit::Done : fail(ended.error());
    }

    QCoro::Task<Exit> status()
    {
        if (!m_arguments.offline && m_client.isLoggedIn()) {
            auto reached = co_await catchUp();
            if (!reached)
                m_output.error(reached.error());
        }
        auto task = m_client.status();
        auto state = co_await task;
        if (!state)
            co_return fail(state.error());
        m_output.status(*state, m_client.self(), m_client.server().toString().toStdString());
        if (!m_client.isLoggedIn())
            co_return Exit::NotLoggedIn;
        co_return m_arguments.offline || state->link.phase == client::LinkPhase::Online ? Exit::Done
                                                                                        : Exit::Unreachable;
    }

    const Arguments &m_arguments;
    Output m_output;
    Exit m_exit = Exit::Failed;
    Client m_client;
};

} // namespace

Exit run(const Arguments &arguments)
{
    return Runner(arguments).exec();
}

} // namespace kith::cli
