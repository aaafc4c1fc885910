// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/client/client_impl.h"

#include <algorithm>

namespace kith::client {

Client::Impl::Impl(Client *client, ClientOptions given)
    : q(client), options(std::move(given)),
      clock(options.clock ? options.clock : std::make_shared<const SystemClock>()), recorder(clock),
      credentials(history, {options.profileDir, options.keyFile, options.useKeyring, {}, clock}),
      account(history, clock, options.deviceName), session(account, clock), sync(history, session),
      outbox(history, session, clock), changes(history, session, clock), downloader(history, sync, session, clock),
      blocks(history, session), avatars(history, transfer, clock)
{
    wire();
}

Client::Impl::~Impl() = default;

namespace {
constexpr int kMostRepairs = 3;
}

void Client::Impl::wire()
{
    QObject::connect(&account, &Account::called, &recorder, &Recorder::call);
    QObject::connect(&session, &Session::frame, &recorder, &Recorder::frame);
    QObject::connect(q, &Client::linkStatusChanged, &recorder, &Recorder::link);
    QObject::connect(&session, &Session::statusChanged, q, [this] {
        emit q->linkStatusChanged(linkStatus());
        checkWaiters();
    });
    QObject::connect(&session, &Session::welcomed, q, [this](const protocol::HelloPacket &welcome) {
        hello = welcome;
        offersAvatars =
            std::find(welcome.features.begin(), welcome.features.end(), kAvatarFeature) != welcome.features.end();
        avatars.setOnline(true);
        account.noteSelf(welcome.user);
        if (!welcome.user.id.empty())
            keepUser(welcome.user); // as another device may have left it
        sync.start(welcome);
        outbox.setSelf(welcome.user.id);
        outbox.wake();
        changes.wake();
        sendWatch();
        blocks.refresh();
    });
    QObject::connect(&session, &Session::left, q, [this] {
        hello.reset();
        sync.stop();
        outbox.stop();
        changes.stop();
        downloader.wake();
        avatars.setOnline(false);
        presences.clear();
    });
    QObject::connect(&network, &NetworkWatch::changed, q, [this] { routeAgain(); });
    QObject::connect(&session, &Session::pushed, &sync, &Synchroniser::push);
    QObject::connect(&session, &Session::pushed, q, [this](const protocol::Envelope &envelope) {
        if (envelope.op != protocol::Op::UserBlocked)
            return;
        if (auto packet = protocol::decode<protocol::BlockedPacket>(envelope.data))
            blocks.take(std::move(packet->users));
    });
    QObject::connect(&blocks, &Blocks::changed, q, &Client::blockedChanged);
    QObject::connect(&session, &Session::loggedOut, q, [this](const ClientError &reason) { endSession(reason); });
    QObject::connect(&session, &Session::frame, q, &Client::frame);
    QObject::connect(&history, &HistoryService::failed, q, [this](const ClientError &error) {
        if (error.sql && error.sql->code == sql::SqlErrorCode::Corrupt && opened && repairs < kMostRepairs)
            repair();
        else if (!repairing)
            emit q->storageFailed(error);
    });

    QObject::connect(&sync, &Synchroniser::catchUpChanged, q, [this] {
        emit q->linkStatusChanged(linkStatus());
        checkWaiters();
    });
    QObject::connect(&sync, &Synchroniser::headTouched, q, [this](const ConversationId &c) { touchHead(c); });
    QObject::connect(&sync, &Synchroniser::messagesStored, q,
                     [this](const ConversationId &c, const std::vector<Seq> &seqs) { touchMessages(c, seqs); });
    QObject::connect(
        &sync, &Synchroniser::ownMessageStored, q,
        [this](const ConversationId &c, const ClientMessageId &cid, Seq seq) { tellSettled(c, cid, seq); });
    QObject::connect(&sync, &Synchroniser::coverageChanged, q, &Client::coverageChanged);
    QObject::connect(&sync, &Synchroniser::movedToArchive, q, &Client::movedToArchive);
    QObject::connect(&sync, &Synchroniser::receiptStored, q, &Client::receiptChanged);
    QObject::connect(&sync, &Synchroniser::typingSeen, q, &Client::typing);
    QObject::connect(&sync, &Synchroniser::presenceSeen, q, [this](const Presence &presence) {
        presences[presence.user] = presence;
        emit q->presenceChanged(presence);
    });
    QObject::connect(&sync, &Synchroniser::usersSeen, q, [this](const std::vector<UserId> &ids) { wantUsers(ids); });

    QObject::connect(
        &outbox, &Outbox::accepted, q,
        [this](const ConversationId &c, const ClientMessageId &cid, const history::StoredMessage &message) {
            emit q->messageSettled(c, cid, message);
            touchHead(c);
            changes.wake(); // what was changed while it was on its way
        });
    QObject::connect(&outbox, &Outbox::refused, q, [this](const ConversationId &c, const ClientMessageId &cid) {
        tellUnsent(c, cid);
        touchHead(c);
    });
    QObject::connect(&changes, &Changes::settled, q, [this](const history::StoredMessage &message) {
        const std::vector<history::StoredMessage> news{message};
        emit q->messagesChanged(message.conversation, news);
        touchHead(message.conversation);
    });
    QObject::connect(&changes, &Changes::refused, q,
                     [this](const history::PendingChange &change, const ClientError &error) {
                         emit q->changeRefused(change.conversation, change, error);
                     });
    QObject::connect(&downloader, &Downloader::changed, q, &Client::downloadChanged);
    QObject::connect(&forgetter, &Forgetter::changed, q, &Client::forgetChanged);
    QObject::connect(&forgetter, &Forgetter::forgotten, q, [this](const ConversationId &c) {
        touchHead(c);
        downloader.note(c);
        emit q->coverageChanged(c);
    });
    QObject::connect(&avatars, &Avatars::arrived, q, &Client::avatarArrived);
    QObject::connect(&outbox, &Outbox::idle, q, [this] { checkWaiters(); });
}

void Client::Impl::shutdown()
{
    closed = true;
    avatars.close();
    transfer.close();
    downloader.close();
    forgetter.close();
    session.shutdown();
    sync.stop();
    outbox.stop();
    changes.stop();
    account.shutdown();
    credentials.shutdown();
    waiters.clear();
    owed.cancelAll();
    cancelExports();
    history.shutdown(); // writes what is queued
    files.shutdown();
    routing.shutdown();
}

QCoro::Task<Result<void>> Client::Impl::open(std::optional<crypto::Secret> passphrase, bool anew)
{
    if (opened)
        co_return Result<void>{};
    if (options.server) {
        // Checked here as well as at login: a stored session would otherwise send its token over plain HTTP.
        auto checked = checkedServer(*options.server);
        if (!checked)
            co_return Unexpected(std::move(checked).error());
        account.setServer(*checked);
    }
    if (!profile) {
        struct Found {
            std::optional<Profile> profile;
        };
        auto foundLater = history.perform([dir = options.profileDir]() -> Result<Found> {
            auto made = Profile::open(dir);
            if (!made)
                return Unexpected(std::move(made).error());
            return Found{std::move(*made)};
        });
        auto found = co_await foundLater;
        if (!found)
            co_return Unexpected(std::move(found).error());
        profile = std::move(found->profile);
    }
    auto existsLater = history.perform([this]() -> Result<bool> { return profile->databaseExists(); });
    auto exists = co_await existsLater;
    if (!exists)
        co_return Unexpected(std::move(exists).error());
    std::optional<Result<crypto::Secret>> found;
    if (passphrase) {
        auto task = credentials.obtainWithPassphrase(std::move(*passphrase), *exists);
        found.emplace(co_await task);
    } else {
        auto task = credentials.obtain(*exists);
        found.emplace(co_await task);
    }
    if (!*found)
        co_return Unexpected(std::move(*found).error());
    key = std::move(**found);
    crypto::wipeTraces(); // before threads are made that would inherit them
    auto openTask = openStore(anew);
    auto openedStore = co_await openTask;
    if (!openedStore) {
        key = {};
        co_return openedStore;
    }
    auto loaded = co_await account.load();
    if (!loaded)
        co_return loaded;
    if (options.proxy) {
        proxy = *options.proxy;
    } else {
        auto proxyLater = history.run([](history::HistoryStore &store) { return store.setting(kProxySetting); });
        auto kept = co_await proxyLater;
        if (!kept)
            co_return Unexpected(std::move(kept).error());
        proxy = *kept ? decodeProxy(**kept) : ProxySettings{};
    }
    route(account.server()); // not waited for: the system may ask a network that is not there
    auto blocksLater = blocks.load(account.self().id);
    co_await blocksLater;
    opened = true;
    downloader.open(options.keepDownloading);
    forgetter.open();
    avatars.open();
    if (account.isLoggedIn()) {
        sync.setSelf(account.self().id);
        outbox.setSelf(account.self().id);
        session.handle(event::SessionStarted{});
    }
    co_return Result<void>{};
}

QCoro::Task<Result<void>> Client::Impl::openStore(bool anew)
{
    const auto path = profile->databasePath().toStdString();
    auto openingLater = history.open(path, key.clone());
    auto first = co_await openingLater;
    if (first || !first.error().sql)
        co_return first;
    const auto code = first.error().sql->code;
    if (code != sql::SqlErrorCode::Corrupt && code != sql::SqlErrorCode::Truncated &&
        code != sql::SqlErrorCode::WrongKey)
        co_return first;
    auto repairLater = history.repair(path, key.clone());
    auto done = co_await repairLater;
    if (done) {
        ++repairs;
        repaired = std::move(*done);
        co_return Result<void>{};
    }
    // Not one page of it can be read with this key: whether it is to be given up is not ours to say.
    const bool unreadable = done.error().sql && done.error().sql->code == sql::SqlErrorCode::WrongKey;
    if (!anew || !unreadable)
        co_return unreadable ? first : Result<void>(Unexpected(std::move(done).error()));
    auto anewLater = history.startAnew(path, key.clone());
    auto aside = co_await anewLater;
    if (!aside)
        co_return Unexpected(std::move(aside).error());
    repaired = history::Salvage{0, 0, 0, std::move(*aside)};
    co_return Result<void>{};
}

QCoro::Task<Result<history::Salvage>> Client::Impl::repair()
{
    if (repairing)
        co_return Unexpected(makeError(ClientErrorCode::Cancelled, QStringLiteral("it is being repaired")));
    repairing = true;
    ++repairs;
    sync.stop();
    outbox.stop();
    changes.stop();
    auto laterDone = history.repair(profile->databasePath().toStdString(), key.clone());
    auto done = co_await laterDone;
    repairing = false;
    if (!done) {
        if (done.error().code != ClientErrorCode::Cancelled)
            emit q->storageFailed(done.error());
        co_return done;
    }
    if (!opened)
        co_return done; // locked meanwhile
    repaired = *done;
    emit q->historyRepaired();
    if (hello) {
        sync.start(*hello);
        outbox.wake();
        changes.wake();
    }
    co_return done;
}

LinkStatus Client::Impl::linkStatus() const
{
    auto status = session.status();
    status.catchingUp = sync.catchingUp();
    return status;
}

void Client::Impl::touchHead(const ConversationId &conversation)
{
    touchedHeads.insert(conversation);
    scheduleTelling();
}

void Client::Impl::touchMessages(const ConversationId &conversation, const std::vector<Seq> &seqs)
{
    touchedMessages[conversation].insert(seqs.begin(), seqs.end());
    scheduleTelling();
}

void Client::Impl::scheduleTelling()
{
    if (closed || std::exchange(tellingQueued, true))
        return;
    QMetaObject::invokeMethod(
        q, [this] { tellChanges(); }, Qt::QueuedConnection);
}

QCoro::Task<> Client::Impl::tellChanges()
{
    tellingQueued = false;
    struct Changed {
        std::vector<history::LocalHead> heads;
        std::map<ConversationId, std::vector<history::StoredMessage>> messages;
        std::vector<User> renewed;
    };
    auto changedLater = history.run([heads = std::exchange(touchedHeads, {}),
                                     messages = std::exchange(touchedMessages, {})](history::HistoryStore &store) {
        const auto read = [&]() -> sql::Result<Changed> {
            Changed found;
            for (const auto &[conversation, seqs] : messages) {
                for (const Seq seq : seqs) {
                    KITH_TRY_VALUE(message, store.message(conversation, seq));
                    if (message)
                        found.messages[conversation].push_back(std::move(*message));
                }
            }
            for (const auto &conversation : heads) {
                KITH_TRY_VALUE(head, store.head(conversation));
                if (head)
                    found.heads.push_back(std::move(*head));
            }
            KITH_TRY_VALUE(renewed, store.users(store.takeRenewedUsers()));
            found.renewed = std::move(renewed);
            return found;
        };
        return read();
    });
    auto changed = co_await changedLater;
    if (!changed)
        co_return;
    for (const auto &[conversation, messages] : changed->messages)
        emit q->messagesChanged(conversation, messages);
    if (!changed->renewed.empty())
        emit q->usersChanged(changed->renewed);
    if (!changed->heads.empty())
        emit q->headsChanged(changed->heads);
}

QCoro::Task<> Client::Impl::tellSettled(ConversationId conversation, ClientMessageId cid, Seq seq)
{
    auto messageLater =
        history.run([conversation, seq](history::HistoryStore &store) { return store.message(conversation, seq); });
    auto message = co_await messageLater;
    if (message && *message)
        emit q->messageSettled(conversation, cid, **message);
}

QCoro::Task<> Client::Impl::tellUnsent(ConversationId conversation, ClientMessageId cid)
{
    auto unsentLater = history.run([conversation](history::HistoryStore &store) { return store.unsent(conversation); });
    auto unsent = co_await unsentLater;
    if (!unsent)
        co_return;
    std::erase_if(*unsent, [&](const auto &one) { return one.message.cid != cid; });
    if (!unsent->empty())
        emit q->messagesChanged(conversation, *unsent);
}

void Client::Impl::wantUsers(const std::vector<UserId> &ids)
{
    for (const auto &id : ids)
        if (isValidUserId(id.str()) && !knownUsers.contains(id) &&
            std::find(wantedUsers.begin(), wantedUsers.end(), id) == wantedUsers.end())
            wantedUsers.push_back(id);
    if (!wantedUsers.empty() && !fetchingUsers)
        fetchUsers();
}

QCoro::Task<> Client::Impl::fetchUsers()
{
    fetchingUsers = true;
    while (!wantedUsers.empty() && !closed) {
        const UserId id = wantedUsers.front();
        wantedUsers.pop_front();
        auto hereLater = history.run([id](history::HistoryStore &store) { return store.users(std::span(&id, 1)); });
        auto here = co_await hereLater;
        if (!here)
            break;
        if (!here->empty()) {
            knownUsers.insert(id);
            continue;
        }
        auto fetchedLater = account.fetchUser(id);
        auto fetched = co_await fetchedLater;
        if (!fetched) {
            if (isFinalRefusal(fetched.error())) {
                knownUsers.insert(id); // there is nobody of that id: not asked again
                continue;
            }
            break; // no network: whoever shows up next asks again
        }
        auto keptLater = history.run(
            [user = *fetched](history::HistoryStore &store) { return store.putUsers(std::span(&user, 1)); });
        auto kept = co_await keptLater;
        if (!kept)
            break;
        knownUsers.insert(id);
        const std::vector<User> news{*fetched};
        emit q->usersChanged(news);
    }
    fetchingUsers = false;
    wantedUsers.clear();
}

void Client::Impl::sendWatch()
{
    if (!watched.empty() && session.online())
        watch();
}

QCoro::Task<> Client::Impl::watch()
{
    auto replyLater = call<protocol::WatchPresenceReply>(session, protocol::Op::WatchPresence,
                                                         protocol::WatchPresencePacket{watched});
    auto reply = co_await replyLater;
    if (!reply)
        co_return;
    for (const auto &state : reply->states) {
        presences[state.user] = state;
        emit q->presenceChanged(state);
    }
}

QCoro::Task<> Client::Impl::endSession(ClientError reason)
{
    auto forgotten = co_await account.forget();
    if (!forgotten && forgotten.error().code == ClientErrorCode::Cancelled)
        co_return;
    emit q->loggedOut(reason);
}

Later<void> Client::Impl::waitUntil(std::function<bool()> ready, std::chrono::milliseconds deadline)
{
    Promise<void> promise;
    if (closed) {
        promise.finish(Unexpected(cancelledError()));
        return promise.later();
    }
    if (ready()) {
        promise.finish({});
        return promise.later();
    }
    const auto id = owed.add(promise);
    waiters.push_back({id, promise, std::move(ready)});
    QTimer::singleShot(deadline, q, [this, id, promise] {
        if (!owed.settle(id))
            return;
        std::erase_if(waiters, [id](const Waiter &waiter) { return waiter.id == id; });
        auto reason = session.status().reason;
        promise.finish(Unexpected(makeError(
            ClientErrorCode::Unreachable, reason.isEmpty() ? QStringLiteral("not done in time") : std::move(reason))));
    });
    return promise.later();
}

void Client::Impl::checkWaiters()
{
    std::vector<Waiter> done;
    for (auto it = waiters.begin(); it != waiters.end();) {
        if (it->ready()) {
            done.push_back(std::move(*it));
            it = waiters.erase(it);
        } else {
            ++it;
        }
    }
    for (const auto &waiter : done) {
        // From the loop: whoever waits may close the client, and we are deep inside it here.
        QMetaObject::invokeMethod(
            q,
            [this, waiter] {
                if (owed.settle(waiter.id))
                    waiter.promise.finish({});
            },
            Qt::QueuedConnection);
    }
}

} // namespace kith::client
