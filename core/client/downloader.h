// SPDX-License-Identifier: GPL-3.0-or-later
// Downloads everything: asks for one page of a hole after the other until no conversation has one.
#pragma once

#ifndef Q_MOC_RUN // moc 6.4 stumbles over libstdc++
#include "core/base/backoff.h"
#include "core/base/clock.h"
#include "core/base/limits.h"
#include "core/client/history_service.h"
#include "core/client/rpc.h"
#include "core/client/types.h"
#include <QCoroTask>
#include <map>
#include <optional>
#include <set>
#include <vector>
#endif

#include <QObject>
#include <QTimer>

namespace kith::client {

class Synchroniser;

/// The most recently changed conversation first, each from its newest hole downwards, one request at a time. It asks
/// only while the link is up and the catch-up is done, and rests after a page as long as the page took, so that
/// everything else finds link and disk free. What is left to do is found again from the ranges of the history: only
/// the wish itself (on, paused) is kept over a restart.
class Downloader final : public QObject {
    Q_OBJECT
public:
    Downloader(HistoryService &history, Synchroniser &sync, Rpc &rpc, std::shared_ptr<const Clock> clock,
               QObject *parent = nullptr);

    /// The history is open: goes on as an earlier run left it. `remember` false: neither reads nor keeps the wish.
    void open(bool remember);
    /// The history is about to close: nothing is asked or stored any more.
    void close();

    /// Of one conversation only: for this run of the program, and beside the download of everything where that is on.
    /// What was refused or failed before is asked again.
    void start(std::optional<ConversationId> only);
    void pause();
    void resume();
    void cancel();
    /// The link came or went.
    void wake();
    DownloadProgress progress() const;
    /// Something of it was stored or taken away.
    void note(const ConversationId &conversation);

signals:
    /// At most every kTellInterval.
    void changed(const kith::client::DownloadProgress &progress);

private:
    enum class Wish { Off, On, Paused };
    struct Place { // one conversation as the history has it
        ConversationId conversation;
        Timestamp changedAt{};
        bool removed = false; // or kept from a data set that the server lost: it has none of it
        std::int64_t here = 0, forgotten = 0;
        std::vector<history::Hole> holes; // oldest first, without what was forgotten
    };
    struct Refusal { // not asked again until the user starts anew
        bool all = false;
        std::set<Seq> tops; // of single holes
        ClientError error;  // the last one
    };
    using Rest = std::optional<milliseconds>; // until the next step; nothing: until somebody wakes it

    QCoro::Task<> load(std::uint64_t round);
    QCoro::Task<> step(std::uint64_t round);
    QCoro::Task<Rest> work(std::uint64_t round);
    QCoro::Task<Result<void>> look(std::uint64_t round);
    Rest failed(const ClientError &error);
    Rest afterFailure(const ConversationId &conversation, const history::Hole &hole, const ClientError &error);
    void refuse(const ConversationId &conversation, const history::Hole *hole, const ClientError &error);
    const history::Hole *newestHole(const Place &place) const; // that may still be asked for
    const Place *next() const;
    bool mayAsk() const;
    bool mustLook() const { return m_wish != Wish::Off && !m_error && (!m_surveyed || !m_stale.empty()); }
    void set(Wish wish);
    bool mayAskFor(const Place &place, const history::Hole &hole) const;
    void tell();
    void emitChanged();

    HistoryService &m_history;
    Synchroniser &m_sync;
    Rpc &m_rpc;
    std::shared_ptr<const Clock> m_clock;
    Wish m_wish = Wish::Off;
    bool m_open = false, m_remember = false;
    std::optional<ConversationId> m_only;
    std::uint64_t m_round = 0; // of open histories; a step of an older one ends without a word
    bool m_busy = false, m_loading = false;
    bool m_surveyed = false, m_counted = false, m_done = false;
    std::map<ConversationId, Place> m_places;
    std::set<ConversationId> m_stale; // places that changed since they were read
    std::map<ConversationId, Refusal> m_refused;
    std::optional<ClientError> m_error;
    ConversationId m_current;
    Backoff m_backoff{limits::kReconnectFirst, limits::kReconnectCeiling};
    QTimer m_rest, m_tell;
    bool m_untold = false;
};

} // namespace kith::client
