// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/client/downloader.h"

#include "core/base/logging.h"
#include "core/client/synchroniser.h"
#include "core/crypto/crypto.h"

#include <QLoggingCategory>

#include <algorithm>

namespace kith::client {

namespace {

Q_LOGGING_CATEGORY(lcDownload, kith::logging::kClient, QtWarningMsg)

constexpr std::string_view kSetting = "download";
constexpr std::string_view kOn = "on", kPaused = "paused";
constexpr milliseconds kLongestRest{100};   // after a page that took long: a slow link is not made much slower
constexpr milliseconds kTellInterval{100};  // between two signals: as often as eyes follow
constexpr milliseconds kSettle{50};         // what changes meanwhile is looked at in one go
constexpr std::size_t kPlacesPerTask = 100; // a window's read waits for no more than these

std::int64_t sizeOf(const history::Hole &hole)
{
    return hole.to.value() - hole.from.value() + 1;
}

} // namespace

Downloader::Downloader(HistoryService &history, Synchroniser &sync, Rpc &rpc, std::shared_ptr<const Clock> clock,
                       QObject *parent)
    : QObject(parent), m_history(history), m_sync(sync), m_rpc(rpc), m_clock(std::move(clock))
{
    m_rest.setSingleShot(true);
    m_rest.setTimerType(Qt::PreciseTimer); // a coarse one may end before the server's retry_after
    m_tell.setSingleShot(true);
    m_tell.setInterval(kTellInterval);
    connect(&m_rest, &QTimer::timeout, this, &Downloader::wake);
    connect(&m_tell, &QTimer::timeout, this, [this] {
        if (m_untold)
            emitChanged();
    });
    connect(&m_sync, &Synchroniser::headTouched, this, &Downloader::note);
    connect(&m_sync, &Synchroniser::coverageChanged, this, &Downloader::note);
    connect(&m_sync, &Synchroniser::catchUpChanged, this, [this] {
        m_surveyed = m_surveyed && !m_sync.caughtUp(); // heads may be new
    });
    // Queued: the synchroniser is in the middle of its own work when it tells.
    connect(&m_sync, &Synchroniser::catchUpChanged, this, &Downloader::wake, Qt::QueuedConnection);
}

void Downloader::open(bool remember)
{
    close();
    m_open = true;
    m_remember = m_loading = remember;
    if (remember)
        load(m_round);
}

void Downloader::close()
{
    ++m_round;
    m_open = m_busy = m_surveyed = m_counted = m_done = false;
    m_wish = Wish::Off;
    m_only.reset();
    m_places.clear();
    m_stale.clear();
    m_refused.clear();
    m_error.reset();
    m_current = {};
    m_rest.stop();
    tell();
}

QCoro::Task<> Downloader::load(std::uint64_t round)
{
    auto wishLater = m_history.run([](history::HistoryStore &store) { return store.setting(kSetting); });
    auto wish = co_await wishLater;
    // Somebody asked meanwhile, or nobody ever did.
    if (round != m_round || !std::exchange(m_loading, false) || !wish || !*wish)
        co_return;
    m_wish = **wish == kOn ? Wish::On : **wish == kPaused ? Wish::Paused : Wish::Off;
    wake();
}

void Downloader::set(Wish wish)
{
    m_wish = wish;
    m_loading = false;
    if (m_remember && !m_only) {
        auto kept = m_history.run([wish](history::HistoryStore &store) {
            return wish == Wish::Off ? store.removeSetting(kSetting)
                                     : store.setSetting(kSetting, wish == Wish::On ? kOn : kPaused);
        });
    }
    wake();
}

void Downloader::start(std::optional<ConversationId> only)
{
    if (!m_open)
        return;
    if (only && m_wish == Wish::On && !m_only && !m_error) { // it is part of what goes on
        m_refused.erase(*only);
        note(*only);
        return;
    }
    m_surveyed = m_counted = m_done = false;
    m_only = std::move(only);
    m_refused.clear();
    m_error.reset();
    set(Wish::On);
}

void Downloader::pause()
{
    if (m_wish == Wish::On)
        set(Wish::Paused);
}

void Downloader::resume()
{
    if (m_wish == Wish::Off)
        return;
    m_error.reset();
    set(Wish::On);
}

void Downloader::cancel()
{
    if (m_wish == Wish::Off)
        return;
    m_error.reset();
    m_current = {};
    set(Wish::Off);
    m_only.reset();
}

bool Downloader::mayAsk() const
{
    return m_open && m_wish == Wish::On && !m_error && m_rpc.online() && m_sync.caughtUp() && !m_sync.catchingUp();
}

void Downloader::wake()
{
    if (m_open && !m_busy && !m_rest.isActive() && (mustLook() || (mayAsk() && !m_done)))
        step(m_round);
    tell();
}

void Downloader::note(const ConversationId &conversation)
{
    if (m_wish == Wish::Off || (m_only && conversation != *m_only))
        return;
    m_stale.insert(conversation);
    if (!m_busy && !m_rest.isActive())
        m_rest.start(kSettle);
}

QCoro::Task<> Downloader::step(std::uint64_t round)
{
    m_busy = true;
    auto restLater = work(round);
    auto rest = co_await restLater;
    if (round != m_round)
        co_return;
    m_busy = false;
    if (rest || mustLook())
        m_rest.start(rest.value_or(kSettle));
    tell();
}

QCoro::Task<Downloader::Rest> Downloader::work(std::uint64_t round)
{
    auto lookedLater = look(round);
    auto looked = co_await lookedLater;
    if (round != m_round)
        co_return std::nullopt;
    if (!looked)
        co_return failed(looked.error());
    const Place *place = next();
    m_done = !place;
    m_current = place ? place->conversation : ConversationId();
    if (!place || !mayAsk())
        co_return std::nullopt;
    tell();
    const auto conversation = place->conversation;
    const auto hole = *newestHole(*place);
    PageQuery query;
    query.conversation = conversation;
    query.before = hole.to.next();
    query.limit = limits::kMaxPage;
    const auto began = m_clock->steady();
    auto fetchedLater = m_sync.fetchPage(query);
    auto fetched = co_await fetchedLater;
    if (round != m_round)
        co_return std::nullopt;
    if (!fetched)
        co_return afterFailure(conversation, hole, fetched.error());
    m_backoff.reset();
    m_stale.insert(conversation);
    auto againLater = look(round);
    auto again = co_await againLater;
    if (round != m_round)
        co_return std::nullopt;
    if (!again)
        co_return failed(again.error());
    const auto after = m_places.find(conversation);
    if (after != m_places.end() &&
        std::find(after->second.holes.begin(), after->second.holes.end(), hole) != after->second.holes.end()) {
        // Answered, and not a message of it came: it would be asked for ever.
        refuse(conversation, &hole,
               wireError(protocol::makeError(protocol::ErrorCode::NotFound, "the server has nothing there")));
    }
    const auto took = std::chrono::duration_cast<milliseconds>(m_clock->steady() - began);
    co_return std::clamp(took, milliseconds{0}, kLongestRest);
}

/// This computer could not do its part; an end that was asked for is no failure.
Downloader::Rest Downloader::failed(const ClientError &error)
{
    if (error.code != ClientErrorCode::Cancelled)
        m_error = error;
    return std::nullopt;
}

/// Reads from the history what is not known yet, or has changed since.
QCoro::Task<Result<void>> Downloader::look(std::uint64_t round)
{
    if (!m_surveyed) {
        // What changes from here on is noted and read again afterwards.
        m_surveyed = true;
        m_stale.clear();
        auto allLater = m_history.run([](history::HistoryStore &store) -> sql::Result<std::set<ConversationId>> {
            KITH_TRY_VALUE(heads, store.heads());
            std::set<ConversationId> ids;
            for (const auto &local : heads)
                ids.insert(local.head.conversation);
            return ids;
        });
        auto all = co_await allLater;
        if (round != m_round)
            co_return Result<void>{};
        if (!all) {
            m_surveyed = false;
            co_return Unexpected(std::move(all).error());
        }
        std::erase_if(m_places, [&](const auto &one) { return !all->contains(one.first); });
        m_stale.merge(*all);
    }
    while (!m_stale.empty()) {
        std::vector<ConversationId> asked;
        while (!m_stale.empty() && asked.size() < kPlacesPerTask)
            asked.push_back(std::move(m_stale.extract(m_stale.begin()).value()));
        if (m_only)
            std::erase_if(asked, [&](const auto &id) { return id != *m_only; });
        auto foundLater = m_history.run([asked](history::HistoryStore &store) -> sql::Result<std::vector<Place>> {
            std::vector<Place> places;
            for (const auto &id : asked) {
                KITH_TRY_VALUE(local, store.head(id));
                if (!local)
                    continue;
                KITH_TRY_VALUE(covered, store.coverage(id));
                std::int64_t forgotten = 0; // nobody asked for it again
                std::erase_if(covered.holes, [&](const history::Hole &hole) {
                    const bool away = covered.isForgotten(hole);
                    forgotten += away ? sizeOf(hole) : 0;
                    return away;
                });
                const auto &head = local->head;
                const auto last = head.last ? head.last->createdAt : Timestamp{};
                places.push_back({id, std::max(head.changedAt, last), head.removed || isArchive(id),
                                  covered.messagesHere, forgotten, std::move(covered.holes)});
            }
            return places;
        });
        auto found = co_await foundLater;
        if (round != m_round)
            co_return Result<void>{};
        if (!found) {
            m_surveyed = false;
            co_return Unexpected(std::move(found).error());
        }
        for (auto &place : *found) {
            auto &known = m_places[place.conversation];
            if (known.removed && !place.removed)
                m_refused.erase(place.conversation); // a member again
            known = std::move(place);
        }
    }
    if (m_only)
        std::erase_if(m_places, [&](const auto &one) { return one.first != *m_only; });
    m_counted = true;
    co_return Result<void>{};
}

Downloader::Rest Downloader::afterFailure(const ConversationId &conversation, const history::Hole &hole,
                                          const ClientError &error)
{
    if (error.code == ClientErrorCode::Cancelled || error.code == ClientErrorCode::Storage)
        return failed(error);
    if (isFinalRefusal(error)) {
        refuse(conversation, nullptr, error);
        return milliseconds{0};
    }
    if (error.code == ClientErrorCode::NotKith) { // an answer that nobody can read will be the same next time
        refuse(conversation, &hole, error);
        return milliseconds{0};
    }
    if (!m_rpc.online())
        return std::nullopt; // the next catch-up wakes it
    const milliseconds pause = m_backoff.next(crypto::randomUnit());
    return std::max(pause, milliseconds(error.wire ? error.wire->retryAfterMs : 0));
}

void Downloader::refuse(const ConversationId &conversation, const history::Hole *hole, const ClientError &error)
{
    qCWarning(lcDownload) << "a hole stays in" << QString::fromStdString(conversation.str()) << ":" << error.detail;
    auto &refusal = m_refused[conversation];
    if (hole)
        refusal.tops.insert(hole->to);
    else
        refusal.all = true;
    refusal.error = error;
}

bool Downloader::mayAskFor(const Place &place, const history::Hole &hole) const
{
    if (place.removed)
        return false; // the server answers members only
    const auto refused = m_refused.find(place.conversation);
    return refused == m_refused.end() || (!refused->second.all && !refused->second.tops.contains(hole.to));
}

const history::Hole *Downloader::newestHole(const Place &place) const
{
    for (auto hole = place.holes.rbegin(); hole != place.holes.rend(); ++hole)
        if (mayAskFor(place, *hole))
            return &*hole;
    return nullptr;
}

const Downloader::Place *Downloader::next() const
{
    // The one that was begun is finished: whoever looks at it sees it grow in one go.
    if (const auto current = m_places.find(m_current); current != m_places.end() && newestHole(current->second))
        return &current->second;
    const Place *best = nullptr;
    for (const auto &[id, place] : m_places)
        if ((!best || place.changedAt > best->changedAt) && newestHole(place))
            best = &place;
    return best;
}

DownloadProgress Downloader::progress() const
{
    DownloadProgress now;
    for (const auto &[id, place] : m_places) {
        std::int64_t missing = 0;
        for (const auto &hole : place.holes)
            (mayAskFor(place, hole) ? missing : now.messagesRefused) += sizeOf(hole);
        now.messagesHere += place.here;
        now.messagesForgotten += place.forgotten;
        now.messagesTotal += place.here + missing;
        if (place.here > 0 || !place.holes.empty()) {
            ++now.conversations;
            now.conversationsDone += missing == 0 ? 1 : 0;
        }
    }
    if (m_wish == Wish::Off)
        now.state = DownloadState::Off;
    else if (m_error)
        now.state = DownloadState::Failed;
    else if (m_wish == Wish::Paused)
        now.state = DownloadState::Paused;
    else if (m_surveyed && m_done && !m_sync.catchingUp())
        now.state = DownloadState::Done;
    else
        now.state = m_rpc.online() ? DownloadState::Running : DownloadState::Waiting;
    if (now.state == DownloadState::Running || now.state == DownloadState::Paused)
        now.current = m_current;
    now.counted = m_counted;
    for (const auto &[id, refusal] : m_refused)
        now.refused.push_back({id, refusal.error});
    now.error = m_error;
    return now;
}

void Downloader::tell()
{
    m_untold = true;
    if (!m_tell.isActive())
        m_tell.start(milliseconds{0});
}

void Downloader::emitChanged()
{
    m_untold = false;
    m_tell.start(kTellInterval);
    emit changed(progress());
}

} // namespace kith::client
