// SPDX-License-Identifier: GPL-3.0-or-later
// The parts behind the Client's door and how they are wired.
#pragma once

#include "core/client/account.h"
#include "core/client/avatars.h"
#include "core/client/background.h"
#include "core/client/blocks.h"
#include "core/client/changes.h"
#include "core/client/client.h"
#include "core/client/credential_store.h"
#include "core/client/downloader.h"
#include "core/client/file_transfer.h"
#include "core/client/forgetter.h"
#include "core/client/history_service.h"
#include "core/client/network_watch.h"
#include "core/client/outbox.h"
#include "core/client/profile.h"
#include "core/client/recorder.h"
#include "core/client/session.h"
#include "core/client/synchroniser.h"

#include <QTimer>

#include <deque>
#include <functional>
#include <map>
#include <set>

namespace kith::client {

/// Stays when the history is wiped: it is about this computer.
inline constexpr std::string_view kProxySetting = "proxy";

struct Client::Impl {
    Impl(Client *client, ClientOptions given);
    ~Impl();

    void wire();
    void shutdown();
    QCoro::Task<Result<void>> open(std::optional<crypto::Secret> passphrase, bool anew = false);
    /// With a file that turns out to be damaged, or set aside: what can be had of it.
    QCoro::Task<Result<void>> openStore(bool anew);
    QCoro::Task<Result<history::Salvage>> repair();
    QCoro::Task<Result<void>> lock();
    LinkStatus linkStatus() const;

    // What changed in one event-loop turn is read back from the history and told once.
    void touchHead(const ConversationId &conversation);
    void touchMessages(const ConversationId &conversation, const std::vector<Seq> &seqs);
    QCoro::Task<> tellChanges();
    void scheduleTelling();
    QCoro::Task<> tellSettled(ConversationId conversation, ClientMessageId cid, Seq seq);
    QCoro::Task<Result<void>> change(ConversationId conversation, std::int64_t localId, history::ChangeKind kind,
                                     std::string body);
    QCoro::Task<Result<void>> arrange(ConversationId conversation, history::Arrangement what, std::int64_t value);
    QCoro::Task<> tellUnsent(ConversationId conversation, ClientMessageId cid);

    QCoro::Task<Result<exporting::Summary>> runExport(std::shared_ptr<ExportControl> control);
    void cancelExports();

    /// Finds out which proxy leads to that server and uses it from then on.
    QCoro::Task<Result<void>> route(QUrl server);
    QCoro::Task<> routeAgain();
    QCoro::Task<> connectSoon();

    void wantUsers(const std::vector<UserId> &ids);
    QCoro::Task<Result<void>> keepUser(User user);
    QCoro::Task<Result<User>> changeProfile(protocol::ProfilePatch patch);
    /// The picture's file id; it is in the cache then.
    QCoro::Task<Result<std::string>> uploadPicture(QByteArray picture, std::shared_ptr<UploadControl> control);
    QCoro::Task<Result<void>> changeGroupAvatar(ConversationId conversation, std::string id);
    QCoro::Task<> fetchUsers();

    void sendWatch();
    QCoro::Task<> watch();
    QCoro::Task<> endSession(ClientError reason);

    /// Ends with Unreachable when `ready` is not true in time.
    Later<void> waitUntil(std::function<bool()> ready, std::chrono::milliseconds deadline);
    void checkWaiters();

    Client *q;
    ClientOptions options;
    std::shared_ptr<const Clock> clock;

    Recorder recorder;
    Simulation simulation;

    // Destroyed from the bottom up: who uses the history goes before it, and the profile's lock is given back last.
    std::optional<Profile> profile;
    HistoryService history;
    Background files{"kith-files"}; // of exports
    Background routing{"kith-proxy"};
    CredentialStore credentials;
    Account account;
    Session session;
    NetworkWatch network;
    Synchroniser sync;
    Outbox outbox;
    Changes changes;
    Downloader downloader;
    Forgetter forgetter{history};
    Blocks blocks;
    FileTransfer transfer{account};
    Avatars avatars;

    ProxySettings proxy;
    std::uint64_t routes = 0, connects = 0; // asked for; an older answer is dropped
    bool opened = false, closed = false;
    crypto::Secret key; // of the open history, for new ways to have it
    bool repairing = false;
    int repairs = 0;                            // since the start: a disk that goes on damaging is not fought for ever
    std::optional<history::Salvage> repaired;   // not yet told
    std::optional<protocol::HelloPacket> hello; // of the present connection
    bool offersAvatars = false;                 // the server, when it last greeted
    std::set<ConversationId> touchedHeads;
    std::map<ConversationId, std::set<Seq>> touchedMessages;
    bool tellingQueued = false;

    std::set<UserId> knownUsers; // in the history, or not to be had
    std::deque<UserId> wantedUsers;
    bool fetchingUsers = false;

    std::vector<std::weak_ptr<ExportControl>> exports;

    std::vector<UserId> watched;
    std::map<UserId, Presence> presences;
    std::map<ConversationId, std::chrono::steady_clock::time_point> typed;
    std::shared_ptr<HistoryStop> searching; // the search under way, or the last one

    struct Waiter {
        std::uint64_t id;
        Promise<void> promise;
        std::function<bool()> ready;
    };
    std::vector<Waiter> waiters;
    Owed owed;
};

} // namespace kith::client
