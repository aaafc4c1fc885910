// SPDX-License-Identifier: GPL-3.0-or-later
// The real window over a history that is on this computer, with no network: to a day and back, found words in bubbles.
#include "core/history/history.h"
#include "tests/ui/desk.h"
#include "ui/find/find_controller.h"
#include "ui/shell/day_controller.h"
#include "ui/timeline/day_picker.h"

#include <QApplication>
#include <QLineEdit>
#include <QTemporaryDir>
#include <QtTest>

using namespace kith;
using test::Desk;
using ui::DayPicker;

namespace {
const ConversationId kGroup("g:1");
constexpr std::int64_t kCount = 3000;

crypto::Secret keyOf(const QString &profile)
{
    QFile file(profile + QStringLiteral(".key"));
    return file.open(QIODevice::ReadOnly) ? crypto::Secret::take(QByteArray::fromHex(file.readAll()).toStdString())
                                          : crypto::Secret();
}

/// 20 messages a day from 1 January 2024 on, none in March; 1501 … 1900 are on the server only.
QDateTime timeOf(std::int64_t seq)
{
    QDate day = QDate(2024, 1, 1).addDays((seq - 1) / 20);
    if (day >= QDate(2024, 3, 1))
        day = day.addDays(31);
    return {day, QTime(8, 0).addSecs(static_cast<int>((seq - 1) % 20) * 600)};
}
} // namespace

class TestDaysWindow final : public QObject {
    Q_OBJECT

    QTemporaryDir m_dir;
    ui::Theme m_theme;
    ui::Languages m_languages;
    std::unique_ptr<Desk> m_desk;

    ui::TimelineView &view() { return *m_desk->chat().timeline(); }
    DayPicker *picker() { return m_desk->window().controller().days().picker(); }
    void press(Qt::Key key, Qt::KeyboardModifiers modifiers = {})
    {
        m_desk->window().activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(&m_desk->window()));
        QWidget *focus = QApplication::focusWidget();
        QTest::keyClick(focus ? focus : &m_desk->window(), key, modifiers);
    }
    void pressInPicker(Qt::Key key)
    {
        QTest::keyClick(picker()->focusWidget() ? picker()->focusWidget() : static_cast<QWidget *>(picker()), key);
    }
    bool inSight(std::int64_t seq)
    {
        const int row = m_desk->timeline().indexOfSeq(Seq(seq));
        return row >= 0 && !view().rowRect(row).isEmpty();
    }
    void write(history::HistoryStore &store)
    {
        store.setSelf(UserId("1"));
        std::vector<User> people(2);
        people[0] = {UserId("1"), "lin", "Lin", {}, {}};
        people[1] = {UserId("2"), "mara", "Mara", {}, {}};
        QVERIFY(store.putUsers(people).has_value());
        Head head;
        head.conversation = kGroup;
        head.type = ConversationType::Group;
        head.name = "Everything";
        head.members = 2;
        head.headSeq = head.readSeq = Seq(kCount);
        head.headRev = Rev(kCount);
        head.changedAt = fromUnixMs(timeOf(kCount).toMSecsSinceEpoch());
        QVERIFY(store.applyHeads(std::vector<Head>{head}).has_value());
        for (const auto &[from, to] : {std::pair<std::int64_t, std::int64_t>(1, 1500), {1901, kCount}}) {
            PageQuery query;
            query.conversation = kGroup;
            query.before = Seq(to + 1);
            Page page{{}, Seq(kCount), Rev(kCount), Seq(1)};
            for (std::int64_t seq = to; seq >= from; --seq) {
                Message one;
                one.seq = Seq(seq);
                one.id = MessageId("m" + std::to_string(seq));
                one.sender = UserId(seq % 3 == 0 ? "1" : "2");
                one.body = seq % 500 == 7 ? "A cup of tea, 绿茶, at nine" : "message " + std::to_string(seq);
                one.createdAt = fromUnixMs(timeOf(seq).toMSecsSinceEpoch());
                if (seq == kCount - 3)
                    one.replyTo = Seq(40);
                page.messages.push_back(std::move(one));
            }
            QVERIFY(store.applyPage(query, page).has_value());
        }
        QVERIFY(store
                    .setSetting("account", R"({"server":"http://127.0.0.1:9","user":{"id":"1","username":"lin",)"
                                           R"("display_name":"Lin","avatar":"","created_at":0},"access":"a",)"
                                           R"("refresh":"b","issued":1750000000000,"expires":4102444800000})")
                    .has_value());
        QVERIFY(store.setSetting("device.id", "test").has_value());
    }

private slots:
    void initTestCase()
    {
        m_theme.apply(*qApp, ui::ThemeMode::Light);
        m_languages.apply(*qApp, m_theme, QStringLiteral("en"));
        const QString profile = m_dir.filePath(QStringLiteral("lin"));
        m_desk = std::make_unique<Desk>(m_theme, m_languages, profile); // makes the key
        m_desk.reset();
        QVERIFY(QDir().mkpath(profile));
        {
            auto store =
                history::HistoryStore::open((profile + QStringLiteral("/history.db")).toStdString(), keyOf(profile));
            QVERIFY(store.has_value());
            write(*store);
        }
        m_desk = std::make_unique<Desk>(m_theme, m_languages, profile);
        m_desk->window().start({});
        QTRY_VERIFY_WITH_TIMEOUT(m_desk->window().isChatting(), 20000);
        m_desk->window().controller().openConversation(kGroup);
        QTRY_VERIFY(inSight(kCount));
    }
    void cleanupTestCase() { m_desk.reset(); }
    void init()
    {
        view().scrollToNewest();
        QTRY_VERIFY(view().isAtNewest() && inSight(kCount));
    }

    void keys_leadToTheFirstMessageOfADay()
    {
        press(Qt::Key_J, Qt::ControlModifier);
        QTRY_VERIFY(picker() && picker()->cellOf(timeOf(kCount).date()));
        const QDate last = timeOf(kCount).date();
        QCOMPARE(picker()->month(), QDate(last.year(), last.month(), 1));
        QTRY_VERIFY(picker()->cellOf(last)->hasFocus());
        pressInPicker(Qt::Key_PageUp);
        QTRY_COMPARE(picker()->month(), QDate(last.year(), last.month(), 1).addMonths(-1));
        pressInPicker(Qt::Key_End);
        const auto *cell = qobject_cast<ui::DayCell *>(picker()->focusWidget());
        QVERIFY(cell);
        const QDate day = cell->day().day;
        pressInPicker(Qt::Key_Return);
        QTRY_VERIFY(!picker());
        std::int64_t first = 1;
        while (timeOf(first).date() != day)
            ++first;
        QTRY_VERIFY(inSight(first));
        const int row = m_desk->timeline().indexOfSeq(Seq(first));
        QCOMPARE(m_desk->timeline().row(row - 1).kind, models::RowKind::Day);
        QVERIFY(!view().rowRect(row - 1).isEmpty());
    }

    void monthWithout_isSkipped()
    {
        m_desk->timeline().jumpTo(Seq(1));
        QTRY_VERIFY(inSight(1));
        m_desk->window().controller().goToDay();
        QTRY_VERIFY(picker() && picker()->cellOf({2024, 1, 1}));
        pressInPicker(Qt::Key_PageDown);
        QTRY_COMPARE(picker()->month(), QDate(2024, 2, 1));
        pressInPicker(Qt::Key_PageDown);
        QTRY_COMPARE(picker()->month(), QDate(2024, 4, 1));
        pressInPicker(Qt::Key_Escape);
        QTRY_VERIFY(!picker());
    }

    void dayThatLacks_showsTheHole()
    {
        m_desk->window().controller().goToDay();
        QTRY_VERIFY(picker() && picker()->isVisible());
        const QDate lacking = timeOf(1700).date();
        emit picker()->monthRequested(QDate(lacking.year(), lacking.month(), 1));
        QTRY_VERIFY(picker()->cellOf(lacking));
        QCOMPARE(picker()->cellOf(lacking)->day().state, client::DayState::Missing);
        QVERIFY(picker()->note().contains(QStringLiteral("nothing is on this computer")));
        QTest::mouseClick(picker()->cellOf(lacking), Qt::LeftButton);
        QTRY_VERIFY(m_desk->timeline().indexOfSeq(Seq(1700)) >= 0);
        const int row = m_desk->timeline().indexOfSeq(Seq(1700));
        QCOMPARE(m_desk->timeline().row(row).hole, (history::Hole{Seq(1501), Seq(1900)}));
        QVERIFY(!view().rowRect(row).isEmpty());
        QVERIFY(inSight(1500) && inSight(1901));
    }

    void dayPill_opensTheCalendarThere()
    {
        m_desk->timeline().jumpTo(Seq(401));
        QTRY_VERIFY(inSight(401));
        const int pill = m_desk->timeline().indexOfSeq(Seq(401)) - 1;
        QCOMPARE(m_desk->timeline().row(pill).kind, models::RowKind::Day);
        QTest::mouseClick(view().viewport(), Qt::LeftButton, {},
                          view().layoutOf(pill).chip.center().toPoint() + view().rowRect(pill).topLeft());
        QTRY_VERIFY(picker() && picker()->cellOf(timeOf(401).date()));
        QTRY_VERIFY(picker()->cellOf(timeOf(401).date())->hasFocus());
        picker()->close();
    }

    void reply_altLeftLeadsBack()
    {
        const int row = m_desk->timeline().indexOfSeq(Seq(kCount - 3));
        QVERIFY(row >= 0);
        view().goToSource(row);
        QTRY_VERIFY(inSight(40));
        press(Qt::Key_Left, Qt::AltModifier);
        QTRY_VERIFY(inSight(kCount - 3));
        QVERIFY(!view().canGoBack());
    }

    void foundWords_areMarkedInTheirBubbleUntilTheSearchIsClosed()
    {
        press(Qt::Key_F, Qt::ControlModifier);
        auto &panel = m_desk->window().finder().panel();
        panel.edit()->setText(QStringLiteral("tea"));
        QTRY_VERIFY(m_desk->window().finder().hits().rowCount() > 2);
        emit panel.chosen(2);
        const Seq hit = m_desk->window().finder().hits().row(2).seq;
        QTRY_VERIFY(inSight(hit.value()));
        const auto marks = [&] {
            return view().foundIn(m_desk->timeline().row(m_desk->timeline().indexOfSeq(hit))).size();
        };
        QCOMPARE(marks(), std::size_t(1));
        panel.edit()->setText(QStringLiteral("tea "));
        QCOMPARE(marks(), std::size_t(0)); // something else is looked for now
        QTRY_VERIFY(m_desk->window().finder().hits().rowCount() > 2 && panel.isShowingHits());
        emit panel.chosen(2);
        QTRY_COMPARE(marks(), std::size_t(1));
        m_desk->window().finder().close();
        QCOMPARE(marks(), std::size_t(0));
    }
};

QTEST_MAIN(TestDaysWindow)
#include "test_days_window.moc"
