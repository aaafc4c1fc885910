// SPDX-License-Identifier: GPL-3.0-or-later
// The client core behind one door: profile, account, live link, history. Windows, kith-cli and tests stand on it.
#pragma once

#ifndef Q_MOC_RUN // moc 6.4 stumbles over libstdc++
#include "core/base/clock.h"
#include "core/client/days.h"
#include "core/client/export_control.h"
#include "core/client/proxy.h"
#include "core/client/recorder.h"
#include "core/client/search.h"
#include "core/client/simulation.h"
#include "core/client/storage.h"
#include "core/client/types.h"
#include "core/crypto/secret.h"
#include "core/history/salvage.h"
#include "core/history/types.h"
#include "core/protocol/http.h"
#include <QCoroTask>
#include <memory>
#endif

#include <QJsonObject>
#include <QObject>
#include <QUrl>

namespace kith::client {

class LogRing;
struct UploadControl;

struct ClientOptions {
    QString profileDir;                 // made with mode 0700 where it is missing
    std::optional<QUrl> server;         // overrides what the profile remembers
    std::optional<QString> keyFile;     // replaces the keyring
    std::optional<ProxySettings> proxy; // instead of what the profile remembers, for this run
    QString deviceName;                 // empty: host name
    bool keepDownloading = true;        // a download of everything goes on at the next start
    bool useKeyring = true;             // false: passphrase (tests, --no-keyring)
    std::shared_ptr<const Clock> clock; // null: the system's
    std::shared_ptr<const LogRing> log; // what a report quotes; may be null
};

/// All methods on the thread that made it (the GUI thread); none of them waits on disk or network: they give a task or
/// a future-like answer by signal. Strings are UTF-8 std::string in domain values, QString in errors.
class Client final : public QObject {
    Q_OBJECT
public:
    explicit Client(ClientOptions options, QObject *parent = nullptr);
    ~Client() override;

    // --- profile
    /// Locks the profile folder, finds the key (key file, keyring, passphrase file) and opens the history.
    /// PassphraseNeeded, KeyringLocked, KeyringAbsent, KeyMissing, ProfileInUse, Storage tell what stands in the way.
    QCoro::Task<Result<void>> open();
    /// After PassphraseNeeded (existing profile) or KeyringAbsent (new profile: this passphrase protects it from now
    /// on).
    QCoro::Task<Result<void>> openWithPassphrase(crypto::Secret passphrase);
    /// As the two above, but a history that cannot be read at all (Storage with WrongKey) is set aside for a new one.
    QCoro::Task<Result<void>> openAnew(std::optional<crypto::Secret> passphrase);
    bool isOpen() const;
    /// What was salvaged from a damaged history, by open() or at historyRepaired(): told once.
    std::optional<history::Salvage> takeRepair();
    /// Reads the whole history; a damaged one is repaired: see takeRepair().
    QCoro::Task<Result<void>> checkHistory();

    // --- account
    QUrl server() const;
    bool isLoggedIn() const;
    User self() const; // empty id while nobody is logged in
    /// Whose history is on this computer, after a log-out that kept it too. Empty id: nobody's.
    User owner() const;
    QString deviceId() const;
    QCoro::Task<Result<User>> registerAccount(QUrl server, std::string username, std::string password,
                                              std::string displayName);
    /// MfaRequired by the server: ask for a code and call again with it.
    QCoro::Task<Result<void>> login(QUrl server, std::string username, std::string password,
                                    std::optional<SecondFactorCode> code = std::nullopt);
    /// Tells the server where it can be reached, forgets the tokens; the history stays unless `forgetHistory`.
    QCoro::Task<Result<void>> logout(bool forgetHistory = false);
    QCoro::Task<Result<std::vector<User>>> findUsers(std::string query);

    // --- security of the account (PROTOCOL §2)
    QCoro::Task<Result<protocol::MfaReply>> mfa();
    QCoro::Task<Result<protocol::EnrollReply>> enrollMfa();
    /// The recovery codes, shown once.
    QCoro::Task<Result<std::vector<std::string>>> bindMfa(std::string secret, std::string code);
    QCoro::Task<Result<void>> unbindMfa(std::string password, std::string code);
    QCoro::Task<Result<std::vector<std::string>>> renewRecoveryCodes(std::string password, std::string code);
    QCoro::Task<Result<std::vector<Device>>> devices();
    QCoro::Task<Result<void>> revokeDevice(DeviceId device);
    QCoro::Task<Result<void>> changePassword(std::string before, std::string after);
    QCoro::Task<Result<std::vector<protocol::AccountEvent>>> accountEvents(int limit);
    /// Only if the server ended all of them; then here as well.
    QCoro::Task<Result<void>> logoutEverywhere();

    // --- security of the history on this computer
    QCoro::Task<Result<KeyWays>> keyWays();
    QCoro::Task<Result<void>> setPassphrase(crypto::Secret passphrase);
    QCoro::Task<Result<void>> removePassphrase();
    QCoro::Task<Result<std::string>> renewRecoveryKey();
    QCoro::Task<Result<void>> addKeyring();
    QCoro::Task<Result<void>> removeKeyring();
    /// Ends the link, closes the history and drops its key and the tokens from memory. open() comes back; where a
    /// passphrase protects the history it is asked for then, even if the keyring would answer.
    QCoro::Task<Result<void>> lock();

    // --- link
    /// HTTP calls and the link go through it. Kept in the history, encrypted; a link that is up is made anew.
    const ProxySettings &proxy() const;
    QCoro::Task<Result<void>> setProxy(ProxySettings proxy);
    /// Starts connecting when logged in, and keeps at it. Idempotent.
    void connectToServer();
    void disconnectFromServer();
    void reconnectNow(); // skips the backoff
    LinkStatus linkStatus() const;

    // --- reading (from the local store; never the network)
    QCoro::Task<Result<std::vector<history::LocalHead>>> heads();
    QCoro::Task<Result<std::optional<history::LocalHead>>> head(ConversationId conversation);
    QCoro::Task<Result<history::LocalPage>> page(PageQuery query);
    QCoro::Task<Result<std::vector<history::StoredMessage>>> unsent(ConversationId conversation);
    QCoro::Task<Result<std::vector<Receipt>>> receipts(ConversationId conversation);
    /// In pieces, so that nothing else waits for it. A search that is under way ends with Cancelled: it is stale.
    QCoro::Task<Result<SearchAnswer>> search(SearchRequest request);
    void cancelSearch();
    /// Everybody who was ever told to this computer.
    QCoro::Task<Result<std::vector<User>>> knownUsers();
    QCoro::Task<Result<history::Coverage>> coverage(ConversationId conversation);
    /// Of every conversation that is here, removed ones too.
    QCoro::Task<Result<std::vector<std::pair<ConversationId, history::Coverage>>>> coverages();
    /// What each conversation has here and takes on disk.
    QCoro::Task<Result<StorageReport>> storage();
    /// The days of a month that have messages here, and those that may have some that lack.
    QCoro::Task<Result<MessageMonth>> messageMonth(ConversationId conversation, QDate month);
    /// All days that have messages here, oldest first.
    QCoro::Task<Result<std::vector<MessageDay>>> messageDays(ConversationId conversation);
    /// Known users by id; unknown ones are fetched and announced by usersChanged.
    QCoro::Task<Result<std::vector<User>>> users(std::vector<UserId> ids);
    /// Writes what is here of a conversation, or of an archive, into a file: without the network, after a log-out too.
    /// NotFound; File; Cancelled: the file is then as it was before, or not there.
    QCoro::Task<Result<exporting::Summary>> exportConversation(exporting::Request request,
                                                               std::shared_ptr<ExportControl> control = nullptr);
    QCoro::Task<Result<std::optional<std::string>>> setting(std::string name);
    QCoro::Task<Result<void>> setSetting(std::string name, std::string value);

    // --- doing
    /// Which conversation is looked at: its newest page is fetched first, its holes are filled on sight.
    void setOpenConversation(std::optional<ConversationId> conversation);
    /// Stores message and job in one transaction; the answer is the optimistic message. Sent when the link allows.
    /// `mentions`: members whom the text names; at most limits::kMaxMentions, the server checks them.
    QCoro::Task<Result<history::StoredMessage>> send(ConversationId conversation, std::string body,
                                                     std::optional<Seq> replyTo = std::nullopt,
                                                     std::vector<UserId> mentions = {});
    /// Asks the server, all pages: in large groups nobody is told of each receipt.
    QCoro::Task<Result<MessageReceipts>> messageReceipts(ConversationId conversation, Seq seq);
    QCoro::Task<Result<void>> retrySend(ClientMessageId cid);
    QCoro::Task<Result<void>> discardSend(ClientMessageId cid);
    /// Shown at once, told to the server when the link allows, behind the message if that is not sent yet. `localId`:
    /// StoredMessage::localId. NotFound; TooLarge, Malformed for the text. A later refusal comes by changeRefused.
    QCoro::Task<Result<void>> edit(ConversationId conversation, std::int64_t localId, std::string body);
    QCoro::Task<Result<void>> recall(ConversationId conversation, std::int64_t localId);
    QCoro::Task<Result<void>> like(ConversationId conversation, std::int64_t localId, bool liked);
    /// A message of the local store.
    QCoro::Task<Result<std::optional<history::StoredMessage>>> message(ConversationId conversation, Seq seq);
    /// Everything up to seq was seen. Ignored if it does not move the cursor.
    void markRead(ConversationId conversation, Seq seq);
    /// Takes what the server took before `before` off this computer, of these conversations or of all: out of every
    /// page at once, off the disk when it is ready; a restart goes on with it. It does not come back by itself:
    /// fillHole() and downloadAll() of that conversation bring it. Needs no network.
    QCoro::Task<Result<Forgotten>> forget(std::vector<ConversationId> conversations, Timestamp before);
    /// What that would take, without doing it.
    QCoro::Task<Result<history::ForgetSurvey>> surveyForget(std::vector<ConversationId> conversations,
                                                            Timestamp before);
    ForgetProgress forgetProgress() const;
    /// Asks the server for (part of) a hole, nearest to `near` first. conversationChanged follows when it is filled.
    QCoro::Task<Result<void>> fillHole(ConversationId conversation, history::Hole hole, Seq near);
    /// Fills every hole, in the background, beside everything else; downloadChanged tells how far it is. On until it is
    /// paused or cancelled, over restarts too; of one conversation only in this run. Asked again, it tries again what
    /// the server refused. What was forgotten comes back only where its conversation alone is asked for.
    void downloadAll(std::optional<ConversationId> only = std::nullopt);
    void pauseDownload();
    void resumeDownload();
    void cancelDownload(); // what is here stays
    DownloadProgress downloadProgress() const;
    void sendTyping(ConversationId conversation); // throttled to one per 3 s
    void setDraft(ConversationId conversation, std::string text);
    /// The private conversation with that user; exists locally at once, on the server with its first message.
    QCoro::Task<Result<ConversationId>> openPrivate(User peer);
    QCoro::Task<Result<ConversationId>> createGroup(std::string name, std::vector<UserId> members);
    QCoro::Task<Result<void>> inviteToGroup(ConversationId conversation, std::vector<UserId> users);
    QCoro::Task<Result<void>> removeFromGroup(ConversationId conversation, std::vector<UserId> users);
    QCoro::Task<Result<void>> leaveGroup(ConversationId conversation);
    QCoro::Task<Result<void>> renameGroup(ConversationId conversation, std::string name);
    QCoro::Task<Result<void>> describeGroup(ConversationId conversation, std::string about);
    /// Only the owner may; Owner hands the group over, the owner becomes an admin.
    QCoro::Task<Result<void>> setRole(ConversationId conversation, UserId user, Role role);
    QCoro::Task<Result<void>> setMuted(ConversationId conversation, Timestamp until);
    /// These three on this computer only. Pinned conversations stand first; archived ones are out of the list until
    /// something new comes (never, while muted); marked as unread until it is opened.
    QCoro::Task<Result<void>> setPinned(ConversationId conversation, bool pinned);
    QCoro::Task<Result<void>> setShelved(ConversationId conversation, bool shelved);
    QCoro::Task<Result<void>> setMarkedUnread(ConversationId conversation, bool marked);
    QCoro::Task<Result<std::vector<Member>>> groupMembers(ConversationId conversation);
    struct MembersPage {
        std::vector<Member> members; // in the order of their ids
        std::vector<User> users;     // who they are, as far as the server tells or this computer knows
        bool more = false;
    };
    /// At most limits::kMaxPage of them. Asks the server; who they are is known here afterwards.
    QCoro::Task<Result<MembersPage>> membersPage(ConversationId conversation, std::optional<UserId> after);

    // --- people (client_people.cpp)
    /// As the server knows them now; usersChanged follows where that is news.
    QCoro::Task<Result<User>> fetchUser(UserId id);
    /// The groups that both are in, the most recently changed first. Asks the server.
    QCoro::Task<Result<std::vector<ConversationId>>> sharedGroups(UserId user);
    /// The own display name.
    QCoro::Task<Result<User>> setDisplayName(std::string name);
    QCoro::Task<Result<void>> setBlocked(UserId user, bool blocked);

    // --- pictures of people and groups (client_avatars.cpp)
    /// Whether the server takes them from us; as it said when it was last there.
    bool offersAvatars() const;
    /// A PNG or JPEG of at most kMaxAvatarBytes, as it is. TooLarge, Malformed; Cancelled by `control`.
    QCoro::Task<Result<void>> setGroupAvatar(ConversationId conversation, QByteArray picture,
                                             std::shared_ptr<UploadControl> control = nullptr);
    QCoro::Task<Result<void>> removeGroupAvatar(ConversationId conversation);
    QCoro::Task<Result<User>> setOwnAvatar(QByteArray picture, std::shared_ptr<UploadControl> control = nullptr);
    QCoro::Task<Result<User>> removeOwnAvatar();
    /// Somebody shows the picture of that id: avatarArrived brings it from this computer, or from the server as soon as
    /// that is possible.
    void wantAvatar(const std::string &id);
    /// The same for who waits, and not for ever.
    QCoro::Task<Result<QByteArray>> avatar(std::string id);

    /// As this computer was told last: without a network too.
    bool isBlocked(const UserId &user) const;
    std::vector<UserId> blocked() const;
    void watchPresence(std::vector<UserId> users);
    std::optional<Presence> presence(const UserId &user) const; // last told, nothing while unknown or offline

    struct Status {
        LinkStatus link;
        std::string epoch;
        std::int64_t conversations = 0, messages = 0, unsent = 0, failed = 0;
        std::vector<std::pair<ConversationId, history::Hole>> holes; // oldest first within a conversation
    };
    QCoro::Task<Result<Status>> status();
    /// Ready when the outbox is empty or only wedged items remain, or the time is over (Unreachable).
    QCoro::Task<Result<void>> flushOutbox(std::chrono::milliseconds deadline);
    /// Ready when the first catch-up after connecting is done.
    QCoro::Task<Result<void>> waitCaughtUp(std::chrono::milliseconds deadline);

    // --- for testers (client_testing.cpp)
    Recorder &recorder();
    const LogRing *log() const;
    /// A worse network, from now on.
    void simulate(const Simulation &simulation);
    Simulation simulation() const;
    /// The connection breaks, without a word to the server.
    void cutLink();
    /// Sends a frame as it is; the ids under which its answers come, in `frame` only. See raw_frame.h.
    Result<std::vector<std::string>> sendRaw(const QByteArray &json);
    QCoro::Task<Result<std::string>> cipherVersion();

signals:
    void simulationChanged();
    void linkStatusChanged(const kith::client::LinkStatus &status);
    void loggedOut(const kith::client::ClientError &reason);               // by the server: revoked, refresh refused
    void headsChanged(const std::vector<kith::history::LocalHead> &heads); // only those that changed
    /// Settled messages that are new, changed or recalled; unsent ones when they appear or change state.
    void messagesChanged(const kith::ConversationId &conversation,
                         const std::vector<kith::history::StoredMessage> &messages);
    /// `cid` became `message` (accepted): the same bubble, now with a seq.
    void messageSettled(const kith::ConversationId &conversation, const kith::ClientMessageId &cid,
                        const kith::history::StoredMessage &message);
    /// The server refused an edit, recall or like: the message is as it was before; an edit's text is in `change`.
    void changeRefused(const kith::ConversationId &conversation, const kith::history::PendingChange &change,
                       const kith::client::ClientError &error);
    void messageDiscarded(const kith::ConversationId &conversation, const kith::ClientMessageId &cid);
    /// Ranges or holes of this conversation changed (a page came in): visible pages may be read again.
    void coverageChanged(const kith::ConversationId &conversation);
    /// The history was damaged; what could be read is in a new one, and everything shown is to be read again.
    void historyRepaired();
    /// The server's data set is an older one: messages that it lost are kept in that conversation.
    void movedToArchive(const kith::ConversationId &archive);
    /// At most some 10 times a second.
    void downloadChanged(const kith::client::DownloadProgress &progress);
    void forgetChanged(const kith::client::ForgetProgress &progress);
    void receiptChanged(const kith::Receipt &receipt);
    void typing(const kith::ConversationId &conversation, const kith::UserId &user);
    void presenceChanged(const kith::Presence &presence);
    void usersChanged(const std::vector<kith::User> &users);
    void blockedChanged();
    void avatarArrived(const std::string &id, const QByteArray &picture);
    void storageFailed(const kith::client::ClientError &error); // disk full, damaged: shown, nothing lost
    /// Every frame as it passes, tokens redacted. `outgoing`: from here to the server.
    void frame(bool outgoing, const QByteArray &json);

private:
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

} // namespace kith::client
