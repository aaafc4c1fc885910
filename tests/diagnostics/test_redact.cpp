// SPDX-License-Identifier: GPL-3.0-or-later
// What a person wrote leaves a frame; ids, numbers and the protocol's words stay. Every recorded transcript is tried.
#include "core/diagnostics/redact.h"

#include <QDirIterator>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

using namespace kith;
using diagnostics::redactFrame;

class TestRedact final : public QObject {
    Q_OBJECT

private slots:
    void message_keepsItsShapeOnly()
    {
        const auto made = redactFrame(
            R"({"op":"message","d":{"conversation":"p:1:22","rev":9,"message":{"seq":3,"id":"77","from":"22",
            "kind":"text","body":"会议在三点","created_at":1700000000000,"recalled":false,"likes":null}}})");
        QVERIFY2(made.find("会议") == std::string::npos, made.c_str());
        for (const char *stays : {R"("op":"message")", R"("conversation":"p:1:22")", R"("from":"22")", R"("id":"77")",
                                  R"("kind":"text")", R"("body":"<5>")", R"("seq":3)", "1700000000000", "null"})
            QVERIFY2(made.find(stays) != std::string::npos, (std::string(stays) + " in " + made).c_str());
    }

    void people_loseTheirNames()
    {
        const auto made = redactFrame(
            R"({"op":"hello","id":"login","d":{"user":{"id":"5","username":"ada","display_name":"Ada L."},
            "device":{"id":"8f14e45f-ceea-467f-a83b-6d5f2d1a9c11","name":"ada-laptop","platform":"linux"},
            "epoch":"8f14e45f-ceea-467f-a83b-6d5f2d1a9c12"}})");
        for (const char *gone : {"ada", "Ada", "linux"})
            QVERIFY2(made.find(gone) == std::string::npos, made.c_str());
        QVERIFY(made.find(R"("id":"login")") != std::string::npos);
        QVERIFY(made.find("9c11") != std::string::npos && made.find("9c12") != std::string::npos);
    }

    void textsInTheWrongPlace_goToo()
    {
        // A server that is wrong, or means ill, puts names where ids belong and into the names of fields.
        const auto made = redactFrame(
            R"({"op":"Ada Lovelace","id":"ada","d":{"conversation":"ada","user":"ada","kind":"ada","code":"ada",
            "ada":1,"epoch":"ada","users":["ada",["ada",{"ada":"ada"}]],"from":{"x":"ada"}}})");
        QVERIFY2(made.find("ada") == std::string::npos && made.find("Ada") == std::string::npos, made.c_str());
        QVERIFY(QJsonDocument::fromJson(QByteArray::fromStdString(made)).isObject());
        const auto twice = redactFrame(R"({"aaa":1,"bbb":2})"); // neither swallows the other
        QVERIFY2(twice.find(":1") != std::string::npos && twice.find(":2") != std::string::npos, twice.c_str());
    }

    void noJson_isItsLength()
    {
        QCOMPARE(redactFrame("my password"), std::string(R"({"unreadable":11})"));
        QCOMPARE(redactFrame(""), std::string(R"({"unreadable":0})"));
    }

    void home_isATilde()
    {
        QCOMPARE(diagnostics::redactHome("/home/ada/.local: denied to ada", "/home/ada", "ada"),
                 std::string("~/.local: denied to ~"));
        QCOMPARE(diagnostics::redactHome("plain", "", ""), std::string("plain"));
    }

    void everyTranscript_losesItsTexts()
    {
        int frames = 0, texts = 0;
        QDirIterator files(QStringLiteral(KITH_TEST_DATA "/protocol"), {QStringLiteral("*.jsonl")}, QDir::Files);
        while (files.hasNext()) {
            QFile file(files.next());
            QVERIFY(file.open(QIODevice::ReadOnly));
            while (!file.atEnd())
                visit(QJsonDocument::fromJson(file.readLine()).object(), frames, texts);
        }
        QVERIFY2(frames > 50 && texts > 50, qPrintable(QStringLiteral("%1 %2").arg(frames).arg(texts)));
    }

private:
    /// Every envelope below `value`, and every text in it that its own fields would call a person's.
    void visit(const QJsonValue &value, int &frames, int &texts)
    {
        if (value.isArray()) {
            for (const auto &one : value.toArray())
                visit(one, frames, texts);
            return;
        }
        if (!value.isObject())
            return;
        const QJsonObject object = value.toObject();
        if (object.contains(QStringLiteral("op")) || object.contains(QStringLiteral("code"))) {
            ++frames;
            const QByteArray bytes = QJsonDocument(object).toJson(QJsonDocument::Compact);
            const QByteArray made = QByteArray::fromStdString(redactFrame(bytes.toStdString()));
            QVERIFY(!QJsonDocument::fromJson(made).isNull());
            look(object, made, texts);
        }
        for (const auto &one : object)
            visit(one, frames, texts);
    }
    void look(const QJsonValue &value, const QByteArray &made, int &texts)
    {
        if (value.isArray())
            for (const auto &one : value.toArray())
                look(one, made, texts);
        if (!value.isObject())
            return;
        const QJsonObject object = value.toObject();
        for (auto it = object.begin(); it != object.end(); ++it) {
            look(it.value(), made, texts);
            static const QStringList people{QStringLiteral("body"),     QStringLiteral("name"),
                                            QStringLiteral("username"), QStringLiteral("display_name"),
                                            QStringLiteral("about"),    QStringLiteral("token"),
                                            QStringLiteral("password")};
            const QString text = it.value().toString();
            if (!people.contains(it.key()) || text.size() < 4)
                continue;
            ++texts;
            const QByteArray written = QJsonDocument(QJsonArray{text}).toJson(QJsonDocument::Compact).mid(1).chopped(1);
            QVERIFY2(!made.contains(written), made.constData());
        }
    }
};

QTEST_GUILESS_MAIN(TestRedact)
#include "test_redact.moc"
