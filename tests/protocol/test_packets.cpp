// SPDX-License-Identifier: GPL-3.0-or-later
// Every packet and every body, by one table and to every depth: what is whole decodes and encodes to itself; a field
// that is missing, of another type, too long or unknown is treated as the text says, and the error names its path.
#include "tests/protocol/packet_table.h"

#include <QTest>

using namespace kith;
using namespace kith::protocol;
using kith::protocol::test::Field;
using kith::protocol::test::Row;
namespace json = boost::json;

namespace {

std::string told(const Row &one, const Field &field, const json::value &value, const Decoded<json::object> &back)
{
    return std::string(one.name) + ", " + field.path + " = " + json::serialize(value).substr(0, 80) + ": " +
           (back ? "taken" : std::string(name(back.error().code)) + " at " + back.error().field);
}

/// One value of every kind of JSON, and those numbers that are none of ours.
std::vector<json::value> wrongFor(const json::value &right)
{
    std::vector<json::value> wrong{json::object{{"a", 1}}, json::array{json::array{}}, "\x01?", 1.5, 7, true};
    std::erase_if(wrong, [&](const json::value &one) { return one.kind() == right.kind(); });
    if (right.is_int64()) {
        for (const json::value &number : {json::value(-1), json::value(kMaxWireInteger + 1), json::value(INT64_MIN),
                                          json::value(UINT64_MAX), json::value(1e3), json::value("3")})
            wrong.push_back(number);
    } else if (right.is_string()) {
        std::erase_if(wrong, [](const json::value &one) { return one.is_string(); });
    }
    return wrong;
}

} // namespace

class TestPackets final : public QObject {
    Q_OBJECT

    void rows()
    {
        QTest::addColumn<int>("index");
        for (std::size_t i = 0; i < test::table().size(); ++i)
            QTest::newRow(test::table()[i].name) << int(i);
    }
    static const Row &current()
    {
        QFETCH(int, index);
        return test::table()[std::size_t(index)];
    }

private slots:
    void whole_comesBackAsItWas_data() { rows(); }
    void whole_comesBackAsItWas()
    {
        const Row &one = current();
        const auto back = one.roundTrip(one.example());
        QVERIFY2(back.has_value(), back ? "" : (back.error().field + " " + back.error().message).c_str());
        QVERIFY2(*back == one.example(), json::serialize(*back).c_str()); // whatever the order of keys
    }

    void missingField_isNamedWhereItIsRequired_data() { rows(); }
    void missingField_isNamedWhereItIsRequired()
    {
        const Row &one = current();
        for (const Field &field : test::fieldsOf(one)) {
            if (!field.inObject)
                continue;
            for (const bool asNull : {false, true}) { // null says "not set", as leaving it out does
                const auto back = one.roundTrip(asNull ? test::with(one, field, nullptr) : test::without(one, field));
                QVERIFY2(back.has_value() != field.isRequired, told(one, field, nullptr, back).c_str());
                if (!back) {
                    QVERIFY2(back.error().code == ErrorCode::Malformed, told(one, field, nullptr, back).c_str());
                    // Of conversation and to there must be one: the first of them is named.
                    QCOMPARE(back.error().field, one.prefix + (field.path == "to" ? "conversation" : field.path));
                }
            }
        }
    }

    void wrongTypeOrNumber_isNamed_data() { rows(); }
    void wrongTypeOrNumber_isNamed()
    {
        const Row &one = current();
        for (const Field &field : test::fieldsOf(one)) {
            for (const json::value &wrong : wrongFor(json::value(one.example()).at_pointer(field.pointer))) {
                const auto back = one.roundTrip(test::with(one, field, wrong));
                QVERIFY2(!back && back.error().code == ErrorCode::Malformed, told(one, field, wrong, back).c_str());
                QVERIFY2(back.error().field == one.prefix + field.path, told(one, field, wrong, back).c_str());
            }
            if (!field.inObject) { // in a list, null is no item
                const auto back = one.roundTrip(test::with(one, field, nullptr));
                QVERIFY2(!back && back.error().field == one.prefix + field.path,
                         told(one, field, nullptr, back).c_str());
            }
        }
    }

    void noText_isWithoutEnd_data() { rows(); }
    void noText_isWithoutEnd()
    {
        const Row &one = current();
        for (const Field &field : test::fieldsOf(one)) {
            if (!json::value(one.example()).at_pointer(field.pointer).is_string())
                continue;
            const json::value endless(std::string(std::size_t{1} << 20, 'a'));
            const auto back = one.roundTrip(test::with(one, field, endless));
            QVERIFY2(!back, told(one, field, endless, back).c_str());
            QVERIFY2(back.error().field == one.prefix + field.path, told(one, field, endless, back).c_str());
            // A number in place of a message must not carry the bytes back to their sender or into a log.
            QVERIFY(back.error().message.size() < 300);
        }
    }

    void noList_isWithoutEnd_data() { rows(); }
    void noList_isWithoutEnd()
    {
        const Row &one = current();
        for (const Field &field : test::fieldsOf(one)) {
            const json::value whole = one.example();
            const auto *right = whole.at_pointer(field.pointer).if_array();
            if (!right)
                continue;
            json::array endless;
            for (int i = 0; i < 10001; ++i) // more than any list may have
                endless.push_back(right->front());
            const auto back = one.roundTrip(test::with(one, field, endless));
            QVERIFY2(!back && back.error().code == ErrorCode::TooLarge, told(one, field, endless, back).c_str());
            QVERIFY2(back.error().field == one.prefix + field.path, told(one, field, endless, back).c_str());
        }
    }

    void controlCharacters_areForTextsOfSeveralLinesOnly_data() { rows(); }
    void controlCharacters_areForTextsOfSeveralLinesOnly()
    {
        const Row &one = current();
        // Compared, never shown: what was claimed at a login. A word of a newer server: its features and errors.
        const std::string name = one.name;
        const bool claims = name == "POST login" || name == "POST mfa/bind" || name == "POST mfa/unbind";
        const std::set<std::string> claimable{"username", "password", "totp", "recovery_code", "secret", "code"};
        for (const Field &field : test::fieldsOf(one)) {
            if (!json::value(one.example()).at_pointer(field.pointer).is_string())
                continue;
            const bool claimed =
                (claims && claimable.contains(field.path)) || field.path == "old" || field.key == "features";
            const bool lines =
                field.key == "body" || field.key == "about" || (field.path == "message" && name == "error");
            const auto taken = [&](const char *text, std::size_t size) {
                return one.roundTrip(test::with(one, field, json::string(text, size))).has_value();
            };
            QVERIFY2(taken("a\0b", 3) == claimed, (one.name + (": NUL in " + field.path)).c_str());
            QVERIFY2(taken("a\nb", 3) == (claimed || lines), (one.name + (": a line in " + field.path)).c_str());
        }
    }

    void unknownFields_areIgnoredAtEveryDepth_data() { rows(); }
    void unknownFields_areIgnoredAtEveryDepth()
    {
        const Row &one = current();
        std::function<void(json::value &)> fill = [&](json::value &value) {
            if (auto *object = value.if_object()) {
                for (auto &entry : *object)
                    fill(entry.value());
                (*object)["of_version_2"] = json::object{{"deep", json::array{1, 2, 3}}};
            } else if (auto *array = value.if_array()) {
                for (auto &item : *array)
                    fill(item);
            }
        };
        json::value more = one.example();
        fill(more);
        const auto back = one.roundTrip(more.as_object());
        QVERIFY2(back.has_value(), back ? "" : back.error().field.c_str());
        QVERIFY2(*back == one.example(), json::serialize(*back).c_str());
    }

    void words_areThoseOfTheText_data()
    {
        QTest::addColumn<QByteArray>("key");
        QTest::addColumn<QByteArrayList>("words");
        QTest::newRow("kind") << QByteArray("kind") << QByteArrayList{"text", "image", "file", "system", "gift"};
        QTest::newRow("type") << QByteArray("type") << QByteArrayList{"private"}; // of the example's id
        QTest::newRow("role") << QByteArray("role") << QByteArrayList{"member", "admin", "owner"};
        QTest::newRow("state") << QByteArray("state") << QByteArrayList{"online", "away", "offline"};
    }
    void words_areThoseOfTheText()
    {
        QFETCH(QByteArray, key);
        QFETCH(QByteArrayList, words);
        int tried = 0;
        for (const Row &one : test::table()) {
            for (const Field &field : test::fieldsOf(one)) {
                if (field.key != key.toStdString() || field.path == "target.kind")
                    continue;
                const bool isSend = std::string(one.name).starts_with("send");
                for (const QByteArray &word : words) {
                    const bool refused =
                        isSend && (word == "system" || (word == "text" && one.example()["body"] == ""));
                    const auto back = one.roundTrip(test::with(one, field, word.constData()));
                    QVERIFY2(back.has_value() != refused, told(one, field, word.constData(), back).c_str());
                    ++tried;
                }
                for (const char *bad : {"", "Text", "nonsense", "text "}) {
                    const auto back = one.roundTrip(test::with(one, field, bad));
                    QVERIFY2(!back && back.error().field == one.prefix + field.path,
                             told(one, field, bad, back).c_str());
                }
            }
        }
        QVERIFY(tried > 0);
    }

    void head_typeIsThatOfItsId()
    {
        for (const auto &[id, type] : {std::pair{"p:7:8", "private"}, {"g:5", "group"}, {"r:aB3xY9", "room"}}) {
            for (const char *said : {"private", "group", "room"}) {
                auto head = json::parse(HEAD).as_object();
                head["conversation"] = id;
                head["type"] = said;
                const auto back = decode<Head>(head);
                QVERIFY2(back.has_value() == (std::string(said) == type), said);
                if (!back)
                    QCOMPARE(back.error().field, std::string("d.type"));
            }
        }
    }

    void ids_haveOneSpelling()
    {
        for (const char *bad : {"", "0", "01", "-1", "1 ", "abc", "1.0", "99999999999999999999"}) {
            const auto back = decode<UserPacket>(json::object{{"user", bad}});
            QVERIFY2(!back && back.error().code == ErrorCode::Malformed && back.error().field == "d.user", bad);
        }
        for (const char *bad : {"p:8:7", "p:7:7", "p:7", "g:", "x:1", "g:0", "p:7:8:9", "r:12345", "r:1234é", ""}) {
            const auto back = decode<ReadPacket>(json::object{{"conversation", bad}, {"seq", 1}});
            QVERIFY2(!back && back.error().code == ErrorCode::Malformed && back.error().field == "d.conversation", bad);
        }
    }

    void ack_isAListOfCursors()
    {
        const auto list =
            json::parse(R"([{"conversation":"g:5","seq":3},{"conversation":"p:7:8","seq":0}])").as_array();
        const auto acks = decodeAck(list);
        QVERIFY(acks.has_value());
        QCOMPARE(acks->size(), size_t(2));
        QCOMPARE(json::serialize(encodeAck(*acks)), json::serialize(list));
        QVERIFY(decodeAck({})->empty());
        for (const auto &[bad, field] :
             {std::pair{R"([{"conversation":"g:5","seq":3},{"conversation":"g:5"}])", "d.1.seq"},
              {R"([{"conversation":"g","seq":3}])", "d.0.conversation"},
              {R"([{"seq":3}])", "d.0.conversation"},
              {R"([{"conversation":"g:5","seq":-1}])", "d.0.seq"},
              {"[7]", "d.0"},
              {"[null]", "d.0"}}) {
            const auto back = decodeAck(json::parse(bad).as_array());
            QVERIFY2(!back && back.error().code == ErrorCode::Malformed, bad);
            QCOMPARE(back.error().field, std::string(field));
        }
    }

    void login_takesWhatRegistrationWouldNot()
    {
        const auto login = [](std::string name, std::string password) {
            return decode<LoginRequest>({{"username", std::move(name)},
                                         {"password", std::move(password)},
                                         {"device", {{"id", UUID}, {"name", "d"}, {"platform", "cli"}}}});
        };
        const auto folded = login("Ada", "short");
        QVERIFY(folded.has_value());
        QCOMPARE(folded->username, std::string("ada"));
        QCOMPARE(folded->password, std::string("short"));
        QVERIFY(login("", "").has_value());
        QVERIFY(login("ада@example", "p").has_value());
        QVERIFY(login("a\tb\n", std::string("p\0q\x7f", 4)).has_value());
        QCOMPARE(login("a", std::string("p\0q", 3))->password.size(), size_t(3));
        QVERIFY(decode<PasswordRequest>(json::object{{"old", "\n"}, {"new", "12345678"}}).has_value());
    }
};

QTEST_APPLESS_MAIN(TestPackets)
#include "test_packets.moc"
