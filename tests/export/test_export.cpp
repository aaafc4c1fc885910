// SPDX-License-Identifier: GPL-3.0-or-later
// A real history written into real files: what is in them, and what they say is not.
#include "core/export/text.h"
#include "tests/export/export_fixture.h"

using namespace kith;
using namespace kith::test;

class TestExport final : public ExportFixture {
    Q_OBJECT

private slots:
    void init() { begin(); }

    void everythingHere_isInIt_oldestFirst_data()
    {
        QTest::addColumn<int>("count");
        for (const int count : {0, 1, 199, 200, 201, 1234})
            QTest::addRow("%d", count) << count;
    }
    void everythingHere_isInIt_oldestFirst()
    {
        QFETCH(int, count);
        if (count > 0)
            fill(1, count, count);
        const auto done = run(request(Format::Json));
        QVERIFY2(done, done ? "" : done.error().detail.c_str());
        QCOMPARE(done->messages, count);
        QCOMPARE(done->missing, 0);
        auto expected = test::down(count, 1);
        std::reverse(expected.begin(), expected.end());
        QVERIFY(seqsIn(json()) == expected);
        QVERIFY(holesIn(json()).empty());
        QCOMPARE(json().value(QStringLiteral("coverage")).toObject().value(QStringLiteral("complete")).toBool(), true);
        QCOMPARE(done->bytes, text().size());
        QCOMPARE(filesBeside(), QStringList{QStringLiteral("chat")});
        const auto allowed = QFile::permissions(m_out);
        QVERIFY(!(allowed & (QFile::ReadGroup | QFile::WriteGroup | QFile::ReadOther | QFile::WriteOther)));
    }

    void holes_areSaidInEachFormat()
    {
        fill(301, 400, 1000);
        fill(701, 900, 1000);
        const auto done = run(request(Format::Json));
        QVERIFY(done.has_value());
        QCOMPARE(done->messages, 300);
        QCOMPARE(done->missing, 700);
        const std::vector<std::pair<int, int>> expected{{1, 300}, {401, 700}, {901, 1000}};
        QVERIFY(holesIn(json()) == expected);
        const auto coverage = json().value(QStringLiteral("coverage")).toObject();
        QCOMPARE(coverage.value(QStringLiteral("missing")).toInt(), 700);
        QCOMPARE(coverage.value(QStringLiteral("head_seq")).toInt(), 1000);
        QVERIFY(!coverage.value(QStringLiteral("complete")).toBool(true));
        for (const auto format : {Format::Html, Format::Text}) {
            auto again = request(format);
            again.replace = true;
            QVERIFY(run(again).has_value());
            const auto page = text();
            QVERIFY(page.contains("300 messages. 700 messages were not on this computer"));
            // Where they are.
            const auto at = [&](const char *words) { return page.indexOf(words); };
            const auto gap = at("300 messages are not here: no. 401 to 700");
            QVERIFY(at("300 messages are not here: no. 1 to 300") >= 0);
            QVERIFY(gap > at("message 400") && gap < at("message 701"));
            QVERIFY(at("100 messages are not here: no. 901 to 1000") > at("message 900"));
        }
    }

    void messagesThatAreMore_areToldInJson()
    {
        put(test::message(1, kPeer, "a question"));
        auto answer = test::message(2, kMe, "an answer for @Cleo");
        answer.replyTo = Seq(1);
        answer.mentions = {kOther};
        answer.editedAt = test::at(60);
        answer.likes = 2;
        answer.liked = true;
        put(answer);
        auto gone = test::message(3);
        gone.recalled = true;
        put(gone);
        auto event = test::message(4, kMe, R"({"event":"invited","users":["3"]})");
        event.kind = MessageKind::System;
        put(event);
        KITH_VERIFY(
            store().enqueue(kChat, MessageKind::Text, "on its way", {}, {}, ClientMessageId("c-1"), test::at(90)));
        KITH_VERIFY(store().fail(ClientMessageId("c-1"), "blocked"));
        const auto done = run(request(Format::Json));
        QVERIFY(done.has_value());
        QCOMPARE(done->messages, 4);
        QCOMPARE(done->unsent, 1);
        const auto all = json();
        QCOMPARE(all.value(QStringLiteral("format")).toString(), QStringLiteral("kith-export"));
        QCOMPARE(all.value(QStringLiteral("version")).toInt(), 1);
        QCOMPARE(all.value(QStringLiteral("self")).toString(), QStringLiteral("1"));
        const auto messages = all.value(QStringLiteral("messages")).toArray();
        const auto second = messages.at(1).toObject();
        QCOMPARE(second.value(QStringLiteral("sender_name")).toString(), QStringLiteral("Ann"));
        QCOMPARE(second.value(QStringLiteral("reply_to")).toInt(), 1);
        QCOMPARE(second.value(QStringLiteral("at")).toString(), QStringLiteral("2023-11-15T00:13:22.000+02:00"));
        QCOMPARE(second.value(QStringLiteral("edited_at")).toString(), QStringLiteral("2023-11-15T00:14:20.000+02:00"));
        QCOMPARE(second.value(QStringLiteral("likes")).toInt(), 2);
        QVERIFY(second.value(QStringLiteral("liked")).toBool());
        const auto mentioned = second.value(QStringLiteral("mentions")).toArray().at(0).toObject();
        QCOMPARE(mentioned.value(QStringLiteral("name")).toString(), QStringLiteral("Cleo"));
        const auto third = messages.at(2).toObject();
        QVERIFY(third.value(QStringLiteral("recalled")).toBool());
        QVERIFY(!third.contains(QStringLiteral("text")));
        QCOMPARE(messages.at(3).toObject().value(QStringLiteral("kind")).toString(), QStringLiteral("system"));
        const auto unsent = all.value(QStringLiteral("unsent")).toArray().at(0).toObject();
        QCOMPARE(unsent.value(QStringLiteral("state")).toString(), QStringLiteral("refused"));
        QCOMPARE(unsent.value(QStringLiteral("failure")).toString(), QStringLiteral("blocked"));
        QCOMPARE(all.value(QStringLiteral("people")).toArray().size(), 3);

        auto again = request(Format::Html);
        again.replace = true;
        QVERIFY(run(again).has_value());
        const auto page = text();
        QVERIFY(page.contains("<article class=\"own\" id=\"m2\">"));
        QVERIFY(page.contains("<blockquote><a href=\"#m1\">"));
        QVERIFY(page.contains("Message recalled"));
        QVERIFY(page.contains("You added Cleo"));
        QVERIFY(page.contains("edited"));
        QVERIFY(page.contains("refused: blocked"));
        QVERIFY(page.contains("<h2><time datetime=\"2023-11-15\">15 November 2023</time></h2>"));
        again.format = Format::Text;
        QVERIFY(run(again).has_value());
        QVERIFY(
            text().contains("00:13  Ann (edited) ♥ 2\n    > Bob <b>:\n    > a question\n    an answer for @Cleo\n"));
        QVERIFY(text().contains("(Message recalled)"));
        QVERIFY(text().contains("00:13  * You added Cleo"));
    }

    void hostileWords_stayWords()
    {
        put(test::message(1, kPeer,
                          "<script>alert(1)</script> \"'& \x1b[2J \xe2\x80\xae"
                          "fdp.exe \xff https://a.example/?x=<b>\"y"));
        put(test::message(2, kPeer, "](javascript:alert(1)) http://b.example/.\nsecond line"));
        QVERIFY(run(request(Format::Html)).has_value());
        const auto page = text();
        QVERIFY(!page.contains("<script"));
        QVERIFY(page.contains("&lt;script&gt;alert(1)&lt;/script&gt; &quot;&#39;&amp; \xef\xbf\xbd[2J"));
        QVERIFY(page.contains("default-src 'none'"));
        // Where the direction is turned, it is turned inside of an element of its own.
        const auto turned = page.indexOf("\xe2\x80\xae");
        QVERIFY(turned > 0 && page.lastIndexOf("<div class=\"text\" dir=\"auto\">", turned) > 0);
        QCOMPARE(page.count("\xe2\x80\xae"), 1); // and not by a name
        QVERIFY(page.contains("<bdi>Bob &lt;b&gt;</bdi>"));
        QVERIFY(page.contains("<a href=\"https://a.example/?x=\" rel=\"noopener noreferrer\">"));
        QVERIFY(page.contains("<a href=\"http://b.example/\" rel"));
        QVERIFY(!page.contains("href=\"javascript"));
        QVERIFY(QString::fromUtf8(page).toUtf8() == page); // valid UTF-8

        auto again = request(Format::Text);
        again.replace = true;
        QVERIFY(run(again).has_value());
        QVERIFY(!text().contains('\x1b'));
        QVERIFY(text().contains("\n    second line\n"));

        again.format = Format::Json;
        QVERIFY(run(again).has_value());
        QVERIFY(!text().contains('\x1b') && !text().contains("\xe2\x80\xae"));
        const auto said = json().value(QStringLiteral("messages")).toArray().at(0).toObject();
        const auto words = said.value(QStringLiteral("text")).toString();
        QVERIFY(words.contains(QChar(0x1b)) && words.contains(QChar(0x202e))); // nothing was taken away
        QVERIFY(said.value(QStringLiteral("sender_name")).toString().contains(QChar(0x202e)));
    }

    void styleSheet_hasAllColoursItNames()
    {
        const auto &sheet = exporting::styleSheet();
        QVERIFY(sheet.find("prefers-color-scheme: dark") != std::string::npos);
        std::size_t named = 0;
        for (auto at = sheet.find("var("); at != std::string::npos; at = sheet.find("var(", at + 1), ++named) {
            const auto name = sheet.substr(at + 4, sheet.find(')', at) - at - 4);
            const auto first = sheet.find(name + ":#");
            QVERIFY2(first != std::string::npos && sheet.find(name + ":#", first + 1) != std::string::npos,
                     name.c_str());
        }
        QVERIFY(named > 20);
    }

    void period_takesItsMessages_andTheHolesThatMayHoldMore()
    {
        fill(101, 200, 1000);
        fill(401, 600, 1000);
        fill(801, 1000, 1000);
        const auto done = run(request(Format::Json, kChat, {test::at(500), test::at(551)}));
        QVERIFY(done.has_value());
        QCOMPARE(done->messages, 51);
        QVERIFY(holesIn(json()).empty()); // both neighbours are here
        auto expected = test::down(550, 500);
        std::reverse(expected.begin(), expected.end());
        QVERIFY(seqsIn(json()) == expected);
        const auto asked = json().value(QStringLiteral("period")).toObject();
        QCOMPARE(asked.value(QStringLiteral("from")).toString(), QStringLiteral("2023-11-15T00:21:40.000+02:00"));

        auto again = request(Format::Json, kChat, {test::at(550), test::at(700)});
        again.replace = true;
        const auto later = run(again);
        QVERIFY(later.has_value());
        QCOMPARE(later->messages, 51);
        QVERIFY((holesIn(json()) == std::vector<std::pair<int, int>>{{601, 800}}));
        again.period = {std::nullopt, test::at(50)};
        const auto early = run(again);
        QVERIFY(early.has_value());
        QCOMPARE(early->messages, 0);
        QVERIFY((holesIn(json()) == std::vector<std::pair<int, int>>{{1, 100}}));
    }

    void archive_isExportedAsWhatItIs()
    {
        fill(1, 20, 20);
        KITH_VERIFY(store().dropCursors());
        const Head heads[] = {test::head(kChat, 0)};
        KITH_VERIFY(store().applyHeads(heads));
        KITH_VERIFY(store().closeEpoch());
        auto other = test::message(1);
        other.id = MessageId("another");
        put(other);
        const auto archives = store().takeMoved();
        QCOMPARE(archives.size(), std::size_t{1});
        const auto done = run(request(Format::Json, archives.front()));
        QVERIFY(done.has_value());
        QCOMPARE(done->messages, 20);
        const auto head = json().value(QStringLiteral("conversation")).toObject();
        QVERIFY(head.value(QStringLiteral("archive")).toBool());
        QCOMPARE(head.value(QStringLiteral("archive_of")).toString(), QString::fromStdString(kChat.str()));
    }
};

QTEST_GUILESS_MAIN(TestExport)
#include "test_export.moc"
