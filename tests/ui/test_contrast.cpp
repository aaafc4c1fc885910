// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/theme/theme.h"

#include <QtTest>

using namespace kith::ui;

class TestContrast final : public QObject {
    Q_OBJECT
private slots:
    void everyToken_isAColour()
    {
        for (const bool dark : {false, true}) {
            const Tokens tokens = Tokens::load(dark);
            for (int i = 0; i < kTokenCount; ++i)
                QVERIFY2(tokens[static_cast<Token>(i)].isValid(), Tokens::name(static_cast<Token>(i)));
            for (const QColor &sender : tokens.senders)
                QVERIFY(sender.isValid());
        }
    }

    void contrast_isThatOfWcag()
    {
        QCOMPARE(qRound(contrast(QColor("black"), QColor("white")) * 10), 210);
        QCOMPARE(qRound(contrast(QColor("white"), QColor("white")) * 10), 10);
    }

    void words_standOutOnTheirGround_data()
    {
        QTest::addColumn<int>("ink");
        QTest::addColumn<int>("ground");
        using T = Token;
        const std::vector<std::pair<T, std::vector<T>>> pairs{
            {T::Text, {T::Window, T::Surface, T::Sidebar, T::BubbleOwn, T::BubbleOther, T::Selection, T::Hover}},
            {T::Muted, {T::Window, T::Surface, T::Sidebar, T::BubbleOwn, T::BubbleOther, T::Hover}},
            {T::Link, {T::Window, T::Surface, T::Sidebar, T::BubbleOwn, T::BubbleOther}},
            {T::Danger, {T::Window, T::Surface, T::DangerGround}},
            {T::TickRead, {T::Sidebar}},
            {T::OnAccent, {T::Accent, T::AccentHover}},
            {T::OnNotice, {T::Notice}},
            {T::OnFound, {T::Found}},
            {T::OnBadgeMuted, {T::BadgeMuted}}};
        for (const auto &[ink, grounds] : pairs) {
            for (const T ground : grounds)
                QTest::addRow("%s on %s", Tokens::name(ink), Tokens::name(ground))
                    << static_cast<int>(ink) << static_cast<int>(ground);
        }
    }
    void words_standOutOnTheirGround()
    {
        QFETCH(int, ink);
        QFETCH(int, ground);
        for (const bool dark : {false, true}) {
            const Tokens t = Tokens::load(dark);
            const double got = contrast(t[static_cast<Token>(ink)], t[static_cast<Token>(ground)]);
            QVERIFY2(got >= 4.5, qPrintable(QStringLiteral("%1: %2").arg(dark ? "dark" : "light").arg(got)));
        }
    }

    void senders_standOutOnBubbleAndAvatar()
    {
        for (const bool dark : {false, true}) {
            const Tokens t = Tokens::load(dark);
            for (int i = 0; i < kSenderColours; ++i) {
                const QColor &ink = t.senders[static_cast<std::size_t>(i)];
                // Names stand on others' bubbles; in quotes also on the own bubble.
                for (const QColor &ground : {t[Token::BubbleOther], t[Token::BubbleOwn], t.senderGround(i)}) {
                    const double got = contrast(ink, ground);
                    QVERIFY2(got >= 4.5, qPrintable(QStringLiteral("%1 sender %2 on %3: %4")
                                                        .arg(dark ? "dark" : "light")
                                                        .arg(i)
                                                        .arg(ground.name())
                                                        .arg(got)));
                }
            }
        }
    }

    void marks_areSeen()
    {
        // What is not words needs 3 : 1 (WCAG 2.1, 1.4.11).
        for (const bool dark : {false, true}) {
            const Tokens t = Tokens::load(dark);
            for (const Token ground : {Token::Window, Token::Surface, Token::Sidebar}) {
                QVERIFY(contrast(t[Token::Focus], t[ground]) >= 3);
                QVERIFY2(
                    contrast(t[Token::Control], t[ground]) >= 3,
                    qPrintable(
                        QStringLiteral("%1 %2").arg(Tokens::name(ground)).arg(contrast(t[Token::Control], t[ground]))));
            }
            QVERIFY(contrast(t[Token::TickRead], t[Token::BubbleOwn]) >= 3);
            // Words that were found: their ground is another one than the bubble's, at a glance in either theme.
            for (const Token ground : {Token::BubbleOwn, Token::BubbleOther})
                QVERIFY(contrast(t[Token::Found], t[ground]) >= (dark ? 3 : 1.15));
            QVERIFY(contrast(t[Token::Online], t[Token::Sidebar]) >= 3);
        }
    }
};

QTEST_MAIN(TestContrast)
#include "test_contrast.moc"
