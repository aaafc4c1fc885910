// SPDX-License-Identifier: GPL-3.0-or-later
// Dialogs have room for what comes into them after they were shown; a draft does not wait for a pause; words and dates
// are those of the language and the country.
#include "ui/desktop/tray.h"
#include "ui/dialogs/confirm_dialog.h"
#include "ui/dialogs/forget_dialog.h"
#include "ui/dialogs/profile_card.h"
#include "ui/dialogs/shortcuts_dialog.h"
#include "ui/dialogs/text_dialog.h"
#include "ui/shell/languages.h"
#include "ui/widgets/composer.h"
#include "ui/widgets/field.h"
#include "ui/words/words.h"

#include <QApplication>
#include <QCheckBox>
#include <QElapsedTimer>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QPushButton>
#include <QScrollBar>
#include <QSignalSpy>
#include <QTest>
#include <QToolButton>
#include <QVBoxLayout>

using namespace kith;

namespace {

/// What of the dialog has less room than it needs; empty: all have enough.
QString cramped(QDialog &dialog)
{
    QStringList names;
    for (QWidget *child : dialog.findChildren<QWidget *>()) {
        auto *label = qobject_cast<QLabel *>(child);
        if (!child->isVisible() || (!label && !qobject_cast<QPushButton *>(child)))
            continue;
        const int needed =
            label && label->wordWrap() ? label->heightForWidth(label->width()) : child->sizeHint().height();
        if (child->height() < needed || !dialog.rect().contains(QRect(child->mapTo(&dialog, QPoint()), child->size())))
            names << QStringLiteral("%1 (%2 of %3 high)")
                         .arg(label ? label->text() : qobject_cast<QPushButton *>(child)->text())
                         .arg(child->height())
                         .arg(needed);
    }
    return names.join(QStringLiteral(" | "));
}

} // namespace

class TestDialogs final : public QObject {
    Q_OBJECT

    ui::Theme m_theme;
    ui::Languages m_languages;

private slots:
    void initTestCase()
    {
        m_theme.apply(*qApp, ui::ThemeMode::Light);
        m_languages.apply(*qApp, m_theme, QStringLiteral("en"));
    }
    void cleanup() { m_languages.apply(*qApp, m_theme, QStringLiteral("en")); }

    void forgetting_hasRoomForItsWarning_whenTheSurveyComes()
    {
        ui::ForgetDialog dialog(m_theme, QStringLiteral("Walks"));
        dialog.setAttribute(Qt::WA_DeleteOnClose, false);
        dialog.show();
        QTRY_COMPARE(cramped(dialog), QString());
        history::ForgetSurvey survey;
        survey.messages = 123'456;
        survey.forGood = 1200;
        survey.conversations = 12;
        dialog.setSurvey(survey, true);
        QTRY_COMPARE(cramped(dialog), QString());
        QVERIFY(!dialog.noteText().isEmpty());
        const int tall = dialog.height();
        dialog.setSurvey({}, true);
        QTRY_VERIFY(dialog.height() < tall);
        QTRY_COMPARE(cramped(dialog), QString());
    }

    void card_showsTheGroups_thatComeAfterIt()
    {
        User user;
        user.id = UserId("u1");
        user.username = "maya";
        user.displayName = "Maya Ortiz";
        ui::ProfileCard card(m_theme, user, false);
        card.setAttribute(Qt::WA_DeleteOnClose, false);
        card.show();
        QTRY_COMPARE(cramped(card), QString());
        card.setGroups({{ConversationId("g:1"), QStringLiteral("Sunday walks")},
                        {ConversationId("g:2"), QStringLiteral("Kith release")}});
        const auto buttons = card.groupButtons();
        QCOMPARE(buttons.size(), 2);
        QTRY_VERIFY(buttons.at(0)->isVisible() && buttons.at(1)->isVisible());
        QTRY_COMPARE(cramped(card), QString());
    }

    void fieldError_doesNotLieOverTheField()
    {
        ui::TextDialog dialog(m_theme, QStringLiteral("Add"), QStringLiteral("Name"), QStringLiteral("Open"));
        dialog.setAttribute(Qt::WA_DeleteOnClose, false);
        dialog.setHint(QStringLiteral("Each account has a profile of its own: its window, its history and its key."));
        dialog.show();
        QVERIFY(QTest::qWaitForWindowExposed(&dialog));
        dialog.submit();
        QVERIFY(dialog.field()->hasError());
        QTRY_COMPARE(cramped(dialog), QString());
    }

    void asking_enterAndEscapeDoNothing_theOptionSaysWhatItMeans()
    {
        auto *dialog = new ui::ConfirmDialog(m_theme, QStringLiteral("Log out?"), QStringLiteral("It stays."),
                                             QStringLiteral("Log out"));
        dialog->setAttribute(Qt::WA_DeleteOnClose, false);
        dialog->setOption(QStringLiteral("Delete it"), QStringLiteral("All that is here is deleted, drafts as well."));
        QSignalSpy confirmed(dialog, &ui::ConfirmDialog::confirmed);
        dialog->show();
        QVERIFY(QTest::qWaitForWindowExposed(dialog));
        dialog->option()->click();
        QTRY_COMPARE(cramped(*dialog), QString());
        QTest::keyClick(dialog, Qt::Key_Return);
        QVERIFY(!dialog->isVisible());
        QCOMPARE(confirmed.count(), 0);
        dialog->show();
        dialog->actionButton()->click();
        QCOMPARE(confirmed.count(), 1);
        QCOMPARE(confirmed.at(0).at(0).toBool(), true);
        delete dialog;
    }

    void shortcuts_fitTheScreen_atEverySize()
    {
        for (const int percent : {100, 150}) {
            m_theme.setTextSize(*qApp, percent);
            auto *dialog = new ui::ShortcutsDialog(false);
            dialog->show();
            QVERIFY(QTest::qWaitForWindowExposed(dialog));
            QVERIFY2(dialog->height() <= dialog->screen()->availableGeometry().height(),
                     qPrintable(QString::number(percent)));
            dialog->close();
        }
        m_theme.setTextSize(*qApp, 100);
    }

    void password_isShownByKeysToo()
    {
        ui::Field field(m_theme, ui::Field::Kind::Password);
        field.setText(QStringLiteral("secret"));
        field.show();
        QVERIFY(QTest::qWaitForWindowActive(&field));
        field.edit()->setFocus();
        QTest::keyClick(field.edit(), Qt::Key_Tab);
        auto *eye = qobject_cast<QToolButton *>(QApplication::focusWidget());
        QVERIFY(eye && eye->accessibleName() == QStringLiteral("Show"));
        QTest::keyClick(eye, Qt::Key_Space);
        QCOMPARE(field.edit()->echoMode(), QLineEdit::Normal);
        QCOMPARE(eye->accessibleName(), QStringLiteral("Hide"));
    }

    void draft_isToldWhileSomebodyWritesWithoutAPause()
    {
        ui::Composer composer(m_theme);
        composer.show();
        QSignalSpy drafts(&composer, &ui::Composer::draftChanged);
        QElapsedTimer time;
        time.start();
        // Nobody pauses for as long as the timer waits; it is told all the same.
        while (drafts.isEmpty() && time.elapsed() < 20'000) {
            QTest::keyClick(composer.edit(), Qt::Key_A);
            QCoreApplication::processEvents(QEventLoop::AllEvents, 5);
        }
        QVERIFY(!drafts.isEmpty());
        QVERIFY(drafts.at(0).at(0).toString().size() > 10);
    }

    void draft_ofSeveralLines_isSeenFromItsFirst()
    {
        QWidget window;
        window.resize(500, 400);
        auto *column = new QVBoxLayout(&window);
        auto *composer = new ui::Composer(m_theme, &window);
        column->addStretch();
        column->addWidget(composer);
        window.show();
        QVERIFY(QTest::qWaitForWindowExposed(&window));
        composer->setDraft(QStringLiteral("one\ntwo\nthree\nfour\nfive\nsix\nseven"));
        QTRY_VERIFY(composer->edit()->height() > 100);
        QTRY_COMPARE(composer->edit()->verticalScrollBar()->value(), 0);
    }

    void undo_takesBackWhatWasTyped_notWhatAnotherConversationHad()
    {
        ui::Composer composer(m_theme);
        composer.show();
        composer.setDraft(QStringLiteral("of another"));
        composer.setDraft(QStringLiteral("see you"));
        QTest::keyClicks(composer.edit(), QStringLiteral(" soon"));
        QCOMPARE(composer.text(), QStringLiteral("see you soon"));
        QTest::keyClick(composer.edit(), Qt::Key_Z, Qt::ControlModifier);
        QCOMPARE(composer.text(), QStringLiteral("see you"));
        QTest::keyClick(composer.edit(), Qt::Key_Z, Qt::ControlModifier);
        QCOMPARE(composer.text(), QStringLiteral("see you"));
        QTest::keyClick(composer.edit(), Qt::Key_Z, Qt::ControlModifier | Qt::ShiftModifier);
        QCOMPARE(composer.text(), QStringLiteral("see you soon"));
    }

    void unread_isSeenOnTheTraysIcon()
    {
        const auto picture = [this](qint64 unread) { return ui::badgedIcon(unread, m_theme).pixmap(22, 22).toImage(); };
        QVERIFY(!picture(0).isNull());
        QVERIFY(picture(0) != picture(1));
        QVERIFY(picture(1) != picture(2));
        QCOMPARE(picture(100), picture(5000)); // 99+
    }

    void chinese_alsoInTheMenusOfFields()
    {
        m_languages.apply(*qApp, m_theme, QStringLiteral("zh_CN"));
        QVERIFY(QCoreApplication::translate("QWidgetTextControl", "&Copy") != QStringLiteral("&Copy"));
    }

    void dates_areWrittenInOneWay()
    {
        const QDate day(2024, 5, 21);
        QCOMPARE(ui::Words::shortDate(day), QStringLiteral("21 May 2024"));
        QCOMPARE(ui::Words::longDate(day), QStringLiteral("Tuesday, 21 May 2024"));
        QVERIFY(ui::Words::full(day.startOfDay()).startsWith(ui::Words::longDate(day)));
        m_languages.apply(*qApp, m_theme, QStringLiteral("zh_CN"));
        QCOMPARE(ui::Words::longDate(day).left(9), QStringLiteral("2024年5月21日").left(9));
        QCOMPARE(QLocale().language(), QLocale::Chinese);
    }
};

QTEST_MAIN(TestDialogs)
#include "test_dialogs.moc"
