// SPDX-License-Identifier: GPL-3.0-or-later
// A window of copied rows over one conversation's local history, paged in both directions as the view asks.
#pragma once

#ifndef Q_MOC_RUN // moc 6.4 stumbles over libstdc++
#include "core/models/people.h"
#include "core/models/timeline_row.h"
#include "core/models/timeline_source.h"

#include <map>
#include <set>
#endif

#include <QAbstractListModel>
#include <QHash>

namespace kith::models {

/// Rows are in order of time, oldest first: days, the unread divider, messages, holes, then what is not sent yet.
/// Every change is told as inserted, removed and changed ranges, so that a view can keep its anchor where it is.
class TimelineWindow final : public QAbstractListModel {
    Q_OBJECT
public:
    enum Role { KindRole = Qt::UserRole + 1, KeyRole, SeqRole };

    TimelineWindow(TimelineSource &source, People &people, QObject *parent = nullptr);

    int rowCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;
    const TimelineRow &row(int index) const { return m_rows.at(static_cast<std::size_t>(index)); }
    int indexOfKey(const QString &key) const { return m_index.value(key, -1); }
    int indexOfSeq(Seq seq) const; // -1 if it is not in the window

    /// Starts with the message `at` where one is given, else with the first unread one in sight, else with the newest.
    void open(const history::LocalHead &head, Seq at = {});
    void close();
    const ConversationId &conversation() const { return m_head.head.conversation; }
    const history::LocalHead &head() const { return m_head; }
    bool isGroup() const { return m_head.head.type != ConversationType::Private; }
    bool isLoaded() const { return m_loaded; }
    bool isLoading() const { return m_olderBusy || m_newerBusy || (!m_loaded && !conversation().empty()); }
    bool atNewest() const { return m_atHead; }
    bool atOldest() const { return m_atFloor; }
    Seq floorSeq() const { return m_floor; }
    Seq headSeq() const { return m_head.head.headSeq; }

    // --- what the view asks for
    void needOlder();
    void needNewer();
    void jumpTo(Seq seq);
    void jumpToNewest();
    /// A hole came into sight or was clicked (`again`): it is asked for once, or again after the link came back; what
    /// was forgotten only by a click, what nobody gives never. Its newer end first, or where somebody reads on from
    /// below its older one.
    void fillHole(const history::Hole &hole, bool again, bool fromOlder = false);
    /// What is read now is not taken out of the window, however much comes in.
    void keep(Seq from, Seq to);
    /// The reader went on: a message that was jumped to and is still missing need not be shown when it comes.
    void forgetWanted() { m_wanted = Seq(); }

    // --- what the client tells
    void applyHead(const history::LocalHead &head);
    void applyMessages(const ConversationId &id, const std::vector<history::StoredMessage> &messages);
    void applySettled(const ConversationId &id, const ClientMessageId &cid, const history::StoredMessage &message);
    void applyDiscarded(const ConversationId &id, const ClientMessageId &cid);
    void applyCoverage(const ConversationId &id);
    void applyReceipt(const Receipt &receipt);
    void setOnline(bool online);

signals:
    /// The first page after open() or a jump is here; `at` is the row to show, or nothing for the newest end.
    void positioned(const QString &key);
    /// All insertions, removals and changes that belong together were told: between them the rows are not what anybody
    /// should look at.
    void rebuilt();
    void loadingChanged();
    void headChanged();

private:
    static constexpr int kPage = 60;
    /// A window is kept near this size: enough for some screens in both directions, small enough to derive in a frame.
    static constexpr std::size_t kMost = 360;
    /// What comes in at the newest end one by one is cut off at the other now and then, not each time.
    static constexpr std::size_t kMostLive = kMost + 2 * kPage;

    QCoro::Task<void> load(PageQuery query, QString target, bool first);
    QCoro::Task<void> loadAtHole(PageQuery query, history::Hole hole, QString target);
    void showLoaded(const QString &target, Seq around);
    QCoro::Task<void> loadEdge(bool older);
    QCoro::Task<void> refill(std::vector<history::Hole> holes);
    QCoro::Task<void> askHole(history::Hole hole, Seq near);
    void showWanted();
    void merge(const history::LocalPage &page);
    void noteEdges(const history::LocalPage &page, bool older, bool newer);
    void trim(bool newerSide, std::size_t most);
    void dropForgotten();
    using HoleKey = std::pair<Seq, Seq>;
    void rebuild();
    void clear();
    Delivery delivery(const history::StoredMessage &stored) const;
    HoleKind holeKind() const;

    TimelineSource &m_source;
    People &m_people;
    history::LocalHead m_head;
    std::map<Seq, history::StoredMessage> m_settled;
    std::vector<history::StoredMessage> m_unsent;
    std::map<UserId, Receipt> m_receipts;
    std::optional<history::Hole> m_olderHole, m_newerHole;
    std::optional<Seq> m_unreadAfter;
    std::set<HoleKey> m_askedHoles, m_busyHoles;
    Seq m_sightFrom, m_sightTo; // what is read; none: nobody looks
    Seq m_wanted;               // jumped to, and not here yet
    Seq m_floor{1};
    std::vector<TimelineRow> m_rows;
    QHash<QString, int> m_index;
    int m_names = 0;             // how often names became known
    std::uint64_t m_request = 0; // answers of an older number are dropped
    bool m_atHead = false, m_atFloor = false, m_loaded = false;
    bool m_olderBusy = false, m_newerBusy = false, m_refillBusy = false, m_refillAgain = false;
    bool m_online = true;
};

} // namespace kith::models
