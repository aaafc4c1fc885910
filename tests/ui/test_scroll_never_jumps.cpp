// SPDX-License-Identifier: GPL-3.0-or-later
// Whatever happens to a conversation, the line that somebody reads stays where it is: random messages, edits, recalls,
// likes, names, receipts, pages, holes and sizes over the real window model and view.
//   KITH_SEED=n      that one only (a failure says which)
//   KITH_STEPS=n     so many steps instead of 400
#include "tests/ui/fake_source.h"
#include "ui/timeline/timeline_view.h"

#include <QApplication>
#include <QRandomGenerator>
#include <QtTest>

#include <random>

using namespace kith;
using namespace kith::ui;
using models::RowKind;

namespace {

const ConversationId kConversation("g:1");
constexpr std::int64_t kStart = 1'700'000'000'000;

/// A history whose holes are filled as the real one's: a page at the end or around the place that was asked for.
class HoleySource final : public models::TimelineSource {
public:
    test::FakeSource here;
    std::map<Seq, history::StoredMessage> elsewhere; // on the server only
    std::function<void()> filled;

    QCoro::Task<client::Result<history::LocalPage>> page(PageQuery query) override
    {
        return here.page(std::move(query));
    }
    QCoro::Task<client::Result<std::vector<history::StoredMessage>>> unsent(ConversationId id) override
    {
        return here.unsent(std::move(id));
    }
    QCoro::Task<client::Result<std::vector<Receipt>>> receipts(ConversationId id) override
    {
        return here.receipts(std::move(id));
    }
    QCoro::Task<client::Result<void>> fillHole(ConversationId, history::Hole hole, Seq near) override
    {
        bring(hole, near, 20);
        co_return client::Result<void>();
    }
    void bring(const history::Hole &hole, Seq near, int most)
    {
        const std::int64_t from = hole.from.value(), to = hole.to.value();
        std::int64_t low = std::clamp(near.value() - most / 2, from, std::max(from, to - most + 1));
        if (near <= hole.from)
            low = from;
        for (std::int64_t seq = low; seq <= std::min(to, low + most - 1); ++seq) {
            const auto found = elsewhere.find(Seq(seq));
            if (found == elsewhere.end())
                continue;
            here.messages[Seq(seq)] = found->second;
            elsewhere.erase(found);
        }
    }
};

std::string words(std::mt19937 &random, std::size_t most)
{
    static const char *const kSome[]{"tea",
                                     "the lighthouse",
                                     "明天",
                                     "下午三点见",
                                     "a-rather-long-word-without-any-space",
                                     "ok",
                                     "https://kith.example/a/b",
                                     "**bold**",
                                     "`code`",
                                     "\n",
                                     "👍",
                                     "שלום"};
    std::string text;
    for (std::size_t i = 0, n = 1 + random() % most; i < n; ++i)
        text += std::string(i ? " " : "") + kSome[random() % std::size(kSome)];
    return text;
}

class Story final {
public:
    explicit Story(unsigned seed) : m_random(seed)
    {
        m_theme.apply(*qApp, ThemeMode::Light);
        std::vector<User> users;
        for (const char *id : {"1", "2", "3"}) {
            User u;
            u.id = UserId(id);
            u.displayName = std::string("Person ") + id;
            users.push_back(u);
        }
        m_people.put(users);
        m_people.setSelf(users.front());
        const int messages = 30 + below(1500);
        for (int i = 0; i < messages; ++i)
            append();
        for (int holes = below(4); holes > 0; --holes)
            makeHole();
        m_window = std::make_unique<models::TimelineWindow>(m_source, m_people);
        m_view = std::make_unique<TimelineView>(m_theme, *m_window, m_people);
        m_view->resize(700, 600);
        history::LocalHead head;
        head.head.conversation = kConversation;
        head.head.type = ConversationType::Group;
        head.head.members = 3;
        head.head.headSeq = m_source.here.head;
        head.head.unread = below(3) == 0 ? below(messages) : 0;
        head.head.readSeq = Seq(m_source.here.head.value() - head.head.unread);
        m_window->open(head);
        m_view->show();
        settle();
    }

    /// Empty where the line stayed.
    QString step()
    {
        const Reading before = read();
        const bool moved = act();
        settle();
        if (const QString wrong = wrongWords(); !wrong.isEmpty())
            return m_did + QStringLiteral(": ") + wrong;
        if (moved) {
            m_line.reset();
            return {};
        }
        return check(before);
    }
    const QString &did() const { return m_did; }

private:
    struct Spot {
        QString key;
        int at = -1; // character of a text taller than what is before the next message, -1: the row's top
        int y = 0;
    };
    struct Reading {
        bool atNewest = false;
        std::vector<Spot> spots; // the line that is read, then those that would take its place
    };

    int below(int n) { return n <= 0 ? 0 : static_cast<int>(m_random() % static_cast<unsigned>(n)); }
    int height() const { return m_view->viewport()->height(); }

    void settle()
    {
        for (int i = 0; i < 12; ++i)
            QCoreApplication::processEvents();
    }

    history::StoredMessage make(std::int64_t seq)
    {
        static const char *const kWho[]{"1", "2", "3"};
        m_clock += below(12) == 0 ? 40'000'000 : below(200'000);
        return test::makeMessage(seq, kWho[below(3)], words(m_random, below(40) == 0 ? 300 : 12), kStart + m_clock);
    }
    Seq append()
    {
        const Seq seq(m_source.here.head.value() + 1);
        m_source.here.messages[seq] = make(seq.value());
        m_source.here.head = seq;
        return seq;
    }
    void makeHole()
    {
        const std::int64_t head = m_source.here.head.value();
        const std::int64_t from = 1 + below(static_cast<int>(head)), to = std::min(head, from + below(200));
        for (std::int64_t seq = from; seq <= to; ++seq) {
            if (const auto found = m_source.here.messages.find(Seq(seq)); found != m_source.here.messages.end()) {
                m_source.elsewhere[Seq(seq)] = found->second;
                m_source.here.messages.erase(found);
            }
        }
    }
    history::StoredMessage *anyHere()
    {
        if (m_source.here.messages.empty())
            return nullptr;
        // Mostly one in sight, or near it.
        if (below(4) != 0 && m_window->rowCount() > 0) {
            const auto &placed = m_view->placed();
            const int row = below(2) == 0 && !placed.empty()
                                ? placed[static_cast<std::size_t>(below(static_cast<int>(placed.size())))].row
                                : below(m_window->rowCount());
            const auto found = m_source.here.messages.find(m_window->row(row).seq());
            if (found != m_source.here.messages.end())
                return &found->second;
        }
        auto it = m_source.here.messages.begin();
        std::advance(it, below(static_cast<int>(m_source.here.messages.size())));
        return &it->second;
    }
    void tell(const history::StoredMessage &message) { m_window->applyMessages(kConversation, {message}); }

    /// True where the reader moved.
    bool act()
    {
        switch (below(20)) {
        case 0:
        case 1: {
            std::vector<history::StoredMessage> fresh;
            for (int n = 1 + below(5); n > 0; --n)
                fresh.push_back(m_source.here.messages.at(append()));
            m_did = QStringLiteral("%1 new messages").arg(fresh.size());
            m_window->applyMessages(kConversation, fresh);
            return false;
        }
        case 2: { // a push that leaves a gap below it
            const std::int64_t gap = m_source.here.head.value() + 1;
            append();
            const Seq fresh = append();
            m_source.elsewhere[Seq(gap)] = m_source.here.messages.at(Seq(gap));
            m_source.here.messages.erase(Seq(gap));
            m_did = QStringLiteral("a message behind a gap");
            tell(m_source.here.messages.at(fresh));
            return false;
        }
        case 3:
        case 4:
            if (auto *m = anyHere(); m && !m->message.recalled) {
                m->message.body = words(m_random, below(10) == 0 ? 200 : 30);
                m->message.editedAt = m->message.createdAt;
                m_did = QStringLiteral("edit of %1").arg(m->message.seq.value());
                tell(*m);
            }
            return false;
        case 5:
            if (auto *m = anyHere()) {
                m->message.recalled = true;
                m->message.body.clear();
                m_did = QStringLiteral("recall of %1").arg(m->message.seq.value());
                tell(*m);
            }
            return false;
        case 6:
            if (auto *m = anyHere()) {
                m->message.likes = below(4);
                m_did = QStringLiteral("likes of %1").arg(m->message.seq.value());
                tell(*m);
            }
            return false;
        case 7: {
            User u;
            u.id = UserId(std::to_string(1 + below(3)));
            u.displayName = words(m_random, 6);
            m_did = QStringLiteral("a name");
            m_people.put({u});
            return false;
        }
        case 8:
            m_did = QStringLiteral("a receipt");
            m_window->applyReceipt({kConversation, UserId("2"), m_source.here.head, m_source.here.head});
            return false;
        case 9:
            m_did = QStringLiteral("another width");
            m_view->resize(220 + below(900), m_view->height());
            return false;
        case 10:
            m_did = QStringLiteral("another height");
            m_view->resize(m_view->width(), 200 + below(900));
            return false;
        case 11: {
            m_did = QStringLiteral("older page");
            m_window->needOlder();
            return false;
        }
        case 12:
            m_did = QStringLiteral("newer page");
            m_window->needNewer();
            return false;
        case 13:
            if (!m_source.elsewhere.empty()) {
                auto it = m_source.elsewhere.begin();
                std::advance(it, below(static_cast<int>(m_source.elsewhere.size())));
                const Seq near = it->first;
                m_did = QStringLiteral("what lacked around %1").arg(near.value());
                m_source.bring({Seq(1), m_source.here.head}, near, 1 + below(40));
                m_window->applyCoverage(kConversation);
            }
            return false;
        case 14: {
            m_did = QStringLiteral("an own message");
            history::StoredMessage mine = make(0);
            mine.message.sender = UserId("1");
            mine.message.seq = Seq();
            mine.message.cid = ClientMessageId("c-" + std::to_string(++m_cid));
            mine.state = below(5) == 0 ? history::SendState::Failed : history::SendState::Sending;
            mine.failure = mine.state == history::SendState::Failed ? "blocked" : "";
            m_mine.push_back(mine);
            tell(mine);
            return false;
        }
        case 15:
            if (!m_mine.empty()) {
                history::StoredMessage mine = m_mine.front();
                m_mine.erase(m_mine.begin());
                if (below(3) == 0) {
                    m_did = QStringLiteral("an own message discarded");
                    m_window->applyDiscarded(kConversation, mine.message.cid);
                    return false;
                }
                m_did = QStringLiteral("an own message accepted");
                const Seq seq = append();
                mine.state = history::SendState::Settled;
                mine.failure.clear();
                mine.message.seq = seq;
                m_source.here.messages[seq] = mine;
                m_window->applySettled(kConversation, mine.message.cid, mine);
            }
            return false;
        case 16: {
            m_did = QStringLiteral("a jump");
            m_window->jumpTo(Seq(1 + below(static_cast<int>(m_source.here.head.value()))));
            return true;
        }
        case 17:
            if (below(3) == 0) {
                m_did = QStringLiteral("to the newest");
                m_view->scrollToNewest();
                return true;
            }
            [[fallthrough]];
        case 18:
        case 19:
            m_did = QStringLiteral("scrolling");
            m_view->scrollBy(below(3000) - 1700);
            return true;
        }
        return false;
    }

    /// Every row in sight shows what its message says now.
    QString wrongWords() const
    {
        int expected = 0;
        bool first = true;
        for (const TimelineView::Placed &p : m_view->placed()) {
            if (!first && p.top != expected)
                return QStringLiteral("row %1 at %2, not below the one before it (%3)")
                    .arg(p.row)
                    .arg(p.top)
                    .arg(expected);
            first = false;
            expected = p.top + p.height;
            const models::TimelineRow &row = m_window->row(p.row);
            const RowLayout &layout = m_view->layoutOf(p.row);
            if (layout.height != p.height)
                return QStringLiteral("row %1 is %2 high and placed as %3").arg(p.row).arg(layout.height).arg(p.height);
            if (row.kind != RowKind::Message)
                continue;
            QString said = row.stored.message.recalled ? QStringLiteral("This message was recalled") : row.words.text;
            said.replace(QLatin1Char('\n'), QChar::LineSeparator);
            if (layout.plain() != said)
                return QStringLiteral("shows “%1” for “%2”").arg(layout.plain(), said);
            if (const auto known = m_source.here.messages.find(row.seq());
                known != m_source.here.messages.end() && known->second.message.recalled != row.stored.message.recalled)
                return QStringLiteral("%1 is shown as it was before its recall").arg(row.seq().value());
        }
        return {};
    }

    int lineTop(const RowLayout &layout, int at) const
    {
        if (at < 0 || !layout.text)
            return 0;
        const auto line = layout.text->lineForTextPosition(std::min(at, static_cast<int>(layout.plain().size())));
        return static_cast<int>(std::lround(layout.textAt.y() + line.y()));
    }

    Reading read()
    {
        Reading reading;
        reading.atNewest = m_view->isAtNewest();
        std::optional<Spot> inText;
        for (const TimelineView::Placed &p : m_view->placed()) {
            const models::TimelineRow &row = m_window->row(p.row);
            if (row.kind != RowKind::Message || p.top + p.height <= 0 || p.top >= height())
                continue;
            if (p.top >= 0) {
                if (reading.spots.empty() && p.top >= height() / 2 && inText)
                    reading.spots.push_back(*inText);
                reading.spots.push_back({row.key, -1, p.top});
                continue;
            }
            const RowLayout &layout = m_view->layoutOf(p.row);
            for (int i = 0; layout.text && i < layout.text->lineCount() && !inText; ++i) {
                const int at = layout.text->lineAt(i).textStart();
                if (const int y = p.top + lineTop(layout, at); y >= 0 && y < height())
                    inText = Spot{row.key, at, y};
            }
        }
        if (reading.spots.empty() && inText)
            reading.spots.push_back(*inText);
        // Within a long text it stays the same word, also where a width broke the lines elsewhere.
        if (!reading.atNewest && !reading.spots.empty() && reading.spots.front().at >= 0) {
            if (m_line && m_line->key == reading.spots.front().key)
                reading.spots.front() = *m_line;
            m_line = reading.spots.front();
        } else {
            m_line.reset();
        }
        return reading;
    }

    QString check(const Reading &before)
    {
        const auto &placed = m_view->placed();
        if (placed.empty())
            return before.spots.empty() ? QString() : m_did + QStringLiteral(": nothing is in sight any more");
        const int count = m_window->rowCount();
        const int end = placed.back().top + placed.back().height;
        const bool atEnd = placed.back().row == count - 1 && end == height() - 12;
        const bool atStart = placed.front().row == 0 && placed.front().top >= 8;
        if (before.atNewest) {
            if (!m_view->isAtNewest() || !(atEnd || (atStart && end <= height() - 12)))
                return m_did + QStringLiteral(": it was at the newest end and is not");
            return {};
        }
        for (const Spot &spot : before.spots) {
            const int row = m_window->indexOfKey(spot.key);
            if (row < 0)
                continue;
            const RowLayout &layout = m_view->layoutOf(row);
            const QRect rect = m_view->rowRect(row);
            if (rect.isNull()) {
                if (spot.y >= height())
                    return {}; // the view became lower than that
                return QStringLiteral("%1: %2 (at %3) is out of sight").arg(m_did, spot.key).arg(spot.y);
            }
            const int y = rect.top() + lineTop(layout, spot.at);
            if (m_line)
                m_line->y = y;
            if (std::abs(y - spot.y) <= 1 || (atEnd && y > spot.y) || (atStart && y < spot.y))
                return {};
            return QStringLiteral("%1: %2/%3 went from %4 to %5 (height %6, end %7, %8 rows)")
                .arg(m_did, spot.key)
                .arg(spot.at)
                .arg(spot.y)
                .arg(y)
                .arg(height())
                .arg(end)
                .arg(count);
        }
        return {};
    }

    std::mt19937 m_random;
    HoleySource m_source;
    Theme m_theme;
    models::People m_people;
    std::unique_ptr<models::TimelineWindow> m_window;
    std::unique_ptr<TimelineView> m_view;
    std::vector<history::StoredMessage> m_mine; // not sent yet
    std::optional<Spot> m_line;                 // within a long text
    std::int64_t m_clock = 0;
    int m_cid = 0;
    QString m_did;
};

} // namespace

class TestScrollNeverJumps final : public QObject {
    Q_OBJECT
private slots:
    void whateverHappens_theLineReadStays_data()
    {
        QTest::addColumn<unsigned>("seed");
        if (const QByteArray given = qgetenv("KITH_SEED"); !given.isEmpty()) {
            QTest::addRow("seed %s", given.constData()) << given.toUInt();
            return;
        }
        for (unsigned seed = 1; seed <= 30; ++seed)
            QTest::addRow("seed %u", seed) << seed;
        const unsigned fresh = QRandomGenerator::system()->generate();
        QTest::addRow("seed %u (new)", fresh) << fresh;
    }
    void whateverHappens_theLineReadStays()
    {
        QFETCH(unsigned, seed);
        const int steps = qEnvironmentVariableIsSet("KITH_STEPS") ? qEnvironmentVariableIntValue("KITH_STEPS") : 400;
        Story story(seed);
        for (int i = 0; i < steps; ++i) {
            const QString wrong = story.step();
            QVERIFY2(wrong.isEmpty(),
                     qPrintable(QStringLiteral("KITH_SEED=%1, step %2: %3").arg(seed).arg(i).arg(wrong)));
        }
        qInfo("KITH_SEED=%u: the line stayed over %d steps", seed, steps);
    }
};

QTEST_MAIN(TestScrollNeverJumps)
#include "test_scroll_never_jumps.moc"
