// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/timeline/day_picker.h"

#include <QApplication>
#include <QSignalSpy>
#include <QToolButton>
#include <QtTest>

using namespace kith;
using namespace kith::ui;
using client::DayState;

class TestDayPicker final : public QObject {
    Q_OBJECT

    Theme m_theme;
    QWidget m_window;
    std::unique_ptr<DayPicker> m_picker;

    static client::MessageMonth month(const QDate &first, const QString &states)
    {
        client::MessageMonth made;
        for (int i = 0; i < first.daysInMonth(); ++i) {
            const QChar state = i < states.size() ? states.at(i) : QLatin1Char('.');
            made.days.push_back({first.addDays(i),
                                 state == QLatin1Char('x')   ? DayState::Here
                                 : state == QLatin1Char('o') ? DayState::Missing
                                                             : DayState::None,
                                 state == QLatin1Char('.') ? Seq() : Seq(i + 1)});
        }
        return made;
    }
    void show(const QDate &open, const QString &states, std::optional<QDate> earlier = {},
              std::optional<QDate> later = {})
    {
        m_picker = std::make_unique<DayPicker>(m_theme, open, &m_window);
        m_picker->setAttribute(Qt::WA_DeleteOnClose, false);
        m_picker->popup(QRect(m_window.mapToGlobal(QPoint(100, 40)), QSize(60, 24)));
        QVERIFY(QTest::qWaitForWindowExposed(m_picker.get()));
        client::MessageMonth made = month(QDate(open.year(), open.month(), 1), states);
        made.earlier = earlier;
        made.later = later;
        m_picker->setMonth(open, made, QDate(2024, 6, 20));
    }
    void press(Qt::Key key)
    {
        QWidget *focus = m_picker->focusWidget();
        QTest::keyClick(focus ? focus : m_picker.get(), key);
    }
    int focused() const
    {
        const auto *cell = qobject_cast<DayCell *>(m_picker->focusWidget());
        return cell ? cell->day().day.day() : 0;
    }

private slots:
    void initTestCase()
    {
        QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedKingdom)); // weeks begin on Monday
        m_theme.apply(*qApp, ThemeMode::Light);
        m_window.resize(400, 400);
        m_window.show();
        QVERIFY(QTest::qWaitForWindowExposed(&m_window));
    }
    void cleanup() { m_picker.reset(); }

    void onlyDaysWithMessages_canBeChosen()
    {
        show({2024, 6, 14}, QStringLiteral("x.o"));
        QVERIFY(m_picker->cellOf({2024, 6, 1})->isEnabled());
        QVERIFY(!m_picker->cellOf({2024, 6, 2})->isEnabled());
        QVERIFY(m_picker->cellOf({2024, 6, 3})->isEnabled());
        QVERIFY(!m_picker->cellOf({2024, 7, 1}));
        QSignalSpy chosen(m_picker.get(), &DayPicker::chosen);
        QTest::mouseClick(m_picker->cellOf({2024, 6, 2}), Qt::LeftButton);
        QCOMPARE(chosen.count(), 0);
        QTest::mouseClick(m_picker->cellOf({2024, 6, 3}), Qt::LeftButton);
        QCOMPARE(chosen.count(), 1);
        QCOMPARE(chosen.last().at(1).value<Seq>(), Seq(3));
        QVERIFY(!m_picker->isVisible());
    }

    void weekdays_areThoseOfTheLocale()
    {
        show({2024, 6, 14}, QStringLiteral("xxx")); // the 1st is a Saturday
        const QWidget *first = m_picker->cellOf({2024, 6, 1}), *monday = m_picker->cellOf({2024, 6, 3});
        QVERIFY(monday->x() < first->x());
        QVERIFY(monday->y() > first->y());
        QCOMPARE(monday->x(), m_picker->cellOf({2024, 6, 24})->x());
    }

    void keys_walkOverTheDaysThatCanBeChosen()
    {
        show({2024, 6, 14}, QStringLiteral("xx.....xx....x"));
        QCOMPARE(focused(), 14);
        press(Qt::Key_Left);
        QCOMPARE(focused(), 9);
        press(Qt::Key_Up);
        QCOMPARE(focused(), 2);
        press(Qt::Key_Down);
        QCOMPARE(focused(), 9);
        press(Qt::Key_Home);
        QCOMPARE(focused(), 1);
        press(Qt::Key_End);
        QCOMPARE(focused(), 14);
        QSignalSpy chosen(m_picker.get(), &DayPicker::chosen);
        press(Qt::Key_Return);
        QCOMPARE(chosen.count(), 1);
        QCOMPARE(chosen.last().at(0).toDate(), QDate(2024, 6, 14));
    }

    void overTheEdge_theNextMonthWithMessagesIsAskedFor()
    {
        show({2024, 6, 1}, QStringLiteral("x.x"), QDate(2023, 11, 7), QDate(2025, 2, 3));
        QSignalSpy asked(m_picker.get(), &DayPicker::monthRequested);
        press(Qt::Key_Left);
        QCOMPARE(asked.count(), 1);
        QCOMPARE(asked.last().first().toDate(), QDate(2023, 11, 1));
        m_picker->setMonth({2023, 11, 1}, month({2023, 11, 1}, QStringLiteral("x..x..x")), QDate(2024, 6, 20));
        QCOMPARE(focused(), 7); // the nearest to where one came from
        m_picker.reset();
        show({2024, 6, 1}, QStringLiteral("x.x"), QDate(2023, 11, 7), QDate(2025, 2, 3));
        QSignalSpy later(m_picker.get(), &DayPicker::monthRequested);
        press(Qt::Key_PageDown);
        QCOMPARE(later.last().first().toDate(), QDate(2025, 2, 1));
        QTest::mouseClick(m_picker->earlierButton(), Qt::LeftButton);
        QCOMPARE(later.last().first().toDate(), QDate(2023, 11, 1));
    }

    void noOtherMonth_itsArrowIsOff()
    {
        show({2024, 6, 1}, QStringLiteral("x"));
        QVERIFY(!m_picker->earlierButton()->isEnabled() && !m_picker->laterButton()->isEnabled());
        QSignalSpy asked(m_picker.get(), &DayPicker::monthRequested);
        press(Qt::Key_Left);
        press(Qt::Key_PageDown);
        QCOMPARE(asked.count(), 0);
    }

    void whatLacks_isSaid()
    {
        show({2024, 6, 1}, QStringLiteral("xo"));
        QVERIFY(m_picker->note().contains(QStringLiteral("nothing is on this computer")));
        QVERIFY(m_picker->cellOf({2024, 6, 2})->accessibleName().endsWith(QStringLiteral("not on this computer")));
        QVERIFY(m_picker->cellOf({2024, 6, 3})->accessibleName().endsWith(QStringLiteral("no messages")));
        m_picker.reset();
        show({2024, 6, 1}, QString());
        QCOMPARE(m_picker->note(), QStringLiteral("Nothing of this conversation is on this computer yet."));
        press(Qt::Key_Escape); // with no day to hold the focus too
        QVERIFY(!m_picker->isVisible());
    }

    void sizeStays_whateverTheMonth()
    {
        show({2024, 6, 1}, QStringLiteral("x")); // six rows of weeks
        const QSize size = m_picker->size();
        m_picker->setMonth({2021, 2, 1}, month({2021, 2, 1}, QString()), QDate(2024, 6, 20)); // four
        QCoreApplication::processEvents();
        QCOMPARE(m_picker->sizeHint(), size);
    }
};

QTEST_MAIN(TestDayPicker)
#include "test_day_picker.moc"
