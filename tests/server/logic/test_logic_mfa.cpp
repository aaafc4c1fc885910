// SPDX-License-Identifier: GPL-3.0-or-later
// Second factors at the account calls: enrolment, binding, login, recovery, throttling, and the account's own log.
#include "core/base/limits.h"
#include "core/crypto/totp.h"
#include "core/protocol/http.h"
#include "tests/server/logic/world.h"

#include <QByteArray>
#include <QTest>

using namespace kith;
using namespace kith::server;
using namespace kith::server::test;
using namespace std::chrono_literals;

namespace {

constexpr const char *kPassword = "a quiet garden";

std::string codeOf(const HttpResponse &response)
{
    const auto error = protocol::decodeErrorBody(response.body);
    return error ? std::string(protocol::name(error->code)) : std::string("none");
}

std::string brief(const HttpResponse &response)
{
    return std::to_string(response.status) + " " + codeOf(response);
}

/// One person with an authenticator.
struct Person {
    explicit Person(World &w, std::string n = "ada") : world(w), name(std::move(n))
    {
        world.call("POST", "/v1/register", {{"username", name}, {"password", kPassword}, {"display_name", "Ada"}});
        access = text(parse(logIn(1).body), "access_token");
    }

    HttpResponse logIn(int device, const std::string &field = {}, const std::string &code = {},
                       const std::string &password = kPassword)
    {
        boost::json::object body{{"username", name},
                                 {"password", password},
                                 {"device", {{"id", deviceOf(device).str()}, {"name", "desk"}, {"platform", "linux"}}}};
        if (!field.empty())
            body[field] = code;
        return world.call("POST", "/v1/login", body);
    }
    HttpResponse post(const std::string &path, boost::json::object body = {})
    {
        return world.call("POST", path, std::move(body), access);
    }
    std::string enroll() { return secret = text(parse(post("/v1/mfa/enroll").body), "secret"); }
    HttpResponse bind(const std::string &code) { return post("/v1/mfa/bind", {{"secret", secret}, {"code", code}}); }
    /// What the authenticator shows `steps` from now.
    std::string code(int steps = 0) const
    {
        const auto now = std::chrono::duration_cast<std::chrono::seconds>(world.clock.now().time_since_epoch());
        return *crypto::totpCode(*crypto::fromBase32(secret), crypto::totpStepAt(now) + steps);
    }
    std::string wrongCode() const
    {
        for (int i = 0;; ++i) {
            const std::string one = std::to_string(100000 + i);
            if (one != code(-1) && one != code() && one != code(1))
                return one;
        }
    }
    /// Enrolled and bound; the code that bound it is over.
    std::vector<std::string> turnOn()
    {
        enroll();
        const auto body = parse(bind(code()).body);
        std::vector<std::string> codes;
        for (const auto &one : body.at("recovery_codes").as_array())
            codes.emplace_back(one.as_string());
        world.clock.advance(60s);
        return codes;
    }
    std::string events()
    {
        std::string out;
        const auto body = parse(world.call("GET", "/v1/audit", {}, access).body);
        for (const auto &event : body.at("events").as_array())
            out += std::string(event.as_object().at("event").as_string()) + " ";
        return out;
    }

    World &world;
    std::string name, access, secret;
};

LogicSettings generous()
{
    LogicSettings settings = World::quickSettings();
    settings.loginFailuresPerMinute = 1000;
    return settings;
}

} // namespace

class TestLogicMfa final : public QObject {
    Q_OBJECT
private slots:
    void enroll_givesSecretUriAndPicture()
    {
        World world(generous());
        Person ada(world);
        const auto response = ada.post("/v1/mfa/enroll");
        QCOMPARE(response.status, 200);
        const auto body = parse(response.body);
        const std::string secret = text(body, "secret");
        QCOMPARE(crypto::fromBase32(secret)->size(), crypto::kTotpSecretBytes);
        QCOMPARE(text(body, "otpauth_uri"), crypto::otpauthUri("Kith", "ada", secret));
        QVERIFY(QByteArray::fromBase64(QByteArray::fromStdString(text(body, "qr_png"))).startsWith("\x89PNG"));
        QCOMPARE(body.at("expires_in").as_int64(), 900);
        QVERIFY(ada.enroll() != secret); // each its own
    }
    void bind_hasAnErrorForEachReason()
    {
        World world(generous());
        Person ada(world);
        ada.secret = "MZXW6YTBOJRGC6TQMZXW6YTBOJRGC6TQ";
        QCOMPARE(brief(ada.bind(ada.code())), std::string("409 mfa_not_enrolled"));
        const std::string first = ada.enroll();
        const std::string second = ada.enroll();
        ada.secret = first;
        QCOMPARE(brief(ada.bind(ada.code())), std::string("409 mfa_secret_mismatch"));
        for (const char *nonsense : {"", "not base32!", "MZXW6", "🔑"}) {
            ada.secret = nonsense;
            QCOMPARE(brief(ada.bind("123456")), std::string("409 mfa_secret_mismatch"));
        }
        ada.secret = second;
        for (const std::string &wrong : {ada.wrongCode(), ada.code(-2), ada.code(2), std::string(), std::string("abc")})
            QCOMPARE(brief(ada.bind(wrong)), std::string("401 mfa_invalid"));
        QCOMPARE(brief(ada.post("/v1/mfa/bind", {{"secret", second}})), std::string("400 malformed"));
        world.clock.advance(limits::kMfaEnrolment);
        QCOMPARE(brief(ada.bind(ada.code())), std::string("409 mfa_not_enrolled"));
        QCOMPARE(ada.logIn(2).status, 200); // nothing is bound
    }
    void bind_givesTenRecoveryCodesAndTheSameAgainForAMinute()
    {
        World world(generous());
        Person ada(world);
        ada.enroll();
        const std::string code = ada.code();
        const auto first = ada.bind(code);
        QCOMPARE(first.status, 200);
        QCOMPARE(parse(first.body).at("recovery_codes").as_array().size(), std::size_t(10));
        world.clock.advance(59s);
        QCOMPARE(ada.bind(code).body, first.body);
        QCOMPARE(brief(ada.bind(ada.wrongCode())), std::string("409 mfa_not_enrolled"));
        const std::string secret = ada.secret;
        ada.secret = "MZXW6YTBOJRGC6TQMZXW6YTBOJRGC6TQ";
        QCOMPARE(brief(ada.bind(code)), std::string("409 mfa_not_enrolled"));
        ada.secret = secret;
        world.clock.advance(1s);
        QCOMPARE(brief(ada.bind(code)), std::string("409 mfa_not_enrolled"));
        QCOMPARE(brief(ada.post("/v1/mfa/enroll")), std::string("409 forbidden")); // turn it off first
        const auto state = parse(world.call("GET", "/v1/mfa", {}, ada.access).body);
        QVERIFY(state.at("enabled").as_bool());
        QCOMPARE(state.at("recovery_codes_left").as_int64(), 10);
    }
    void login_asksForTheCodeOnlyAfterTheRightPassword()
    {
        World world(generous());
        Person ada(world);
        ada.turnOn();
        QCOMPARE(brief(ada.logIn(2, {}, {}, "wrong password")), std::string("401 invalid_credentials"));
        QCOMPARE(brief(ada.logIn(2, "totp", ada.code(), "wrong password")), std::string("401 invalid_credentials"));
        QCOMPARE(brief(ada.logIn(2)), std::string("401 mfa_required"));
        QCOMPARE(brief(ada.logIn(2, "totp", ada.wrongCode())), std::string("401 mfa_invalid"));
        QCOMPARE(brief(ada.logIn(2, "totp", "")), std::string("401 mfa_invalid"));
        QCOMPARE(ada.logIn(2, "totp", ada.code().substr(0, 3) + " " + ada.code().substr(3)).status, 200);
    }
    void code_isGoodOnceAndOneStepToEitherSide()
    {
        World world(generous());
        Person ada(world);
        ada.enroll();
        const std::string used = ada.code();
        ada.bind(used);
        QCOMPARE(brief(ada.logIn(2, "totp", used)), std::string("401 mfa_invalid")); // the bind used it up
        world.clock.advance(90s);
        QCOMPARE(brief(ada.logIn(2, "totp", ada.code(-2))), std::string("401 mfa_invalid"));
        QCOMPARE(brief(ada.logIn(2, "totp", ada.code(2))), std::string("401 mfa_invalid"));
        QCOMPARE(ada.logIn(2, "totp", ada.code(-1)).status, 200);
        QCOMPARE(ada.logIn(3, "totp", ada.code(1)).status, 200);
        QCOMPARE(brief(ada.logIn(4, "totp", ada.code())), std::string("401 mfa_invalid")); // older than the last one
        world.clock.advance(60s);
        QCOMPARE(ada.logIn(4, "totp", ada.code()).status, 200);
    }
    void recoveryCode_isGoodOnceHoweverItIsTyped()
    {
        World world(generous());
        Person ada(world);
        const auto codes = ada.turnOn();
        std::string typed;
        for (const char c : codes[0])
            if (c != '-')
                typed += static_cast<char>(std::toupper(c));
        QCOMPARE(ada.logIn(2, "recovery_code", " " + typed).status, 200);
        QCOMPARE(brief(ada.logIn(2, "recovery_code", codes[0])), std::string("401 mfa_invalid"));
        QCOMPARE(brief(ada.logIn(2, "recovery_code", "aaaa-bbbb-cccc-dddd")), std::string("401 mfa_invalid"));
        Person bob(world, "bob");
        bob.turnOn();
        QCOMPARE(brief(bob.logIn(2, "recovery_code", codes[1])), std::string("401 mfa_invalid")); // hers, not his
        QCOMPARE(ada.logIn(2, "recovery_code", codes[1]).status, 200);
        QCOMPARE(parse(world.call("GET", "/v1/mfa", {}, bob.access).body).at("recovery_codes_left").as_int64(), 10);
    }
    void unbind_needsPasswordAndCode()
    {
        World world(generous());
        Person ada(world);
        const auto off = [&](const std::string &password, const std::string &code) {
            return brief(ada.post("/v1/mfa/unbind", {{"password", password}, {"code", code}}));
        };
        QCOMPARE(off(kPassword, "123456"), std::string("409 mfa_not_enrolled"));
        const auto codes = ada.turnOn();
        QCOMPARE(off("wrong", ada.code()), std::string("401 invalid_credentials"));
        QCOMPARE(off(kPassword, ada.wrongCode()), std::string("401 mfa_invalid"));
        QCOMPARE(off(kPassword, ada.code()), std::string("204 none"));
        QCOMPARE(ada.logIn(2).status, 200);
        const auto others = ada.turnOn();
        QCOMPARE(off(kPassword, codes[0]), std::string("401 mfa_invalid")); // of the time before
        QCOMPARE(off(kPassword, others[0]), std::string("204 none"));       // the telephone is lost
    }
    void newRecoveryCodes_needTheSameProof()
    {
        World world(generous());
        Person ada(world);
        const auto codes = ada.turnOn();
        QCOMPARE(brief(ada.post("/v1/mfa/recovery-codes", {{"password", kPassword}, {"code", ada.wrongCode()}})),
                 std::string("401 mfa_invalid"));
        const auto answer = ada.post("/v1/mfa/recovery-codes", {{"password", kPassword}, {"code", ada.code()}});
        QCOMPARE(answer.status, 200);
        QCOMPARE(brief(ada.logIn(2, "recovery_code", codes[3])), std::string("401 mfa_invalid"));
        const auto fresh = parse(answer.body).at("recovery_codes").as_array();
        QCOMPARE(ada.logIn(2, "recovery_code", std::string(fresh.at(3).as_string())).status, 200);
    }
    void guessesAtCodes_areThrottledPerAccountAndGrow()
    {
        World world;
        Person ada(world);
        ada.turnOn();
        const auto guess = [&](int device) { return ada.logIn(device, "totp", ada.wrongCode()); };
        for (int i = 0; i < 5; ++i)
            QCOMPARE(brief(guess(10 + i)), std::string("401 mfa_invalid")); // from another device each time
        const auto refused = guess(20);
        QCOMPARE(brief(refused), std::string("429 rate_limited"));
        const auto first = protocol::decodeErrorBody(refused.body)->retryAfterMs;
        QVERIFY(first > 0 && first <= 15'000);
        QCOMPARE(brief(ada.logIn(21, "totp", ada.code())), std::string("429 rate_limited")); // the right one as well
        world.clock.advance(15s);
        QCOMPARE(brief(guess(22)), std::string("401 mfa_invalid"));
        const auto again = protocol::decodeErrorBody(guess(23).body)->retryAfterMs;
        QVERIFY2(again > 15'000 && again <= 30'000, std::to_string(again).c_str());
        world.clock.advance(30s);
        QCOMPARE(ada.logIn(24, "totp", ada.code()).status, 200);
    }
    void guessesAtCodes_areNotForgottenAfterAMinute()
    {
        World world;
        Person ada(world);
        ada.turnOn();
        for (int i = 0; i < 4; ++i)
            QCOMPARE(brief(ada.logIn(10 + i, "totp", ada.wrongCode())), std::string("401 mfa_invalid"));
        world.clock.advance(120s);
        QCOMPARE(brief(ada.logIn(20, "totp", ada.wrongCode())), std::string("401 mfa_invalid"));
        QCOMPARE(brief(ada.logIn(21, "totp", ada.wrongCode())), std::string("429 rate_limited"));
        world.clock.advance(15s);
        QCOMPARE(ada.logIn(22, "totp", ada.code()).status, 200);
        for (int i = 0; i < 4; ++i) // the right one forgives
            QCOMPARE(brief(ada.logIn(30 + i, "totp", ada.wrongCode())), std::string("401 mfa_invalid"));
    }
    void wrongPasswords_areNoGuessesAtCodes()
    {
        World world;
        Person ada(world);
        ada.turnOn();
        for (int i = 0; i < 4; ++i)
            QCOMPARE(brief(ada.post("/v1/mfa/unbind", {{"password", "not hers at all"}, {"code", "000000"}})),
                     std::string("401 invalid_credentials"));
        for (int i = 0; i < 4; ++i)
            QCOMPARE(brief(ada.logIn(10 + i, "totp", ada.wrongCode())), std::string("401 mfa_invalid"));
        QCOMPARE(ada.logIn(20, "totp", ada.code()).status, 200);
    }
    void refusalForAnotherReason_doesNotForgiveGuesses()
    {
        World world;
        Person ada(world);
        ada.turnOn();
        for (int i = 0; i < 4; ++i)
            QCOMPARE(brief(ada.logIn(10 + i, "totp", ada.wrongCode())), std::string("401 mfa_invalid"));
        // A well-formed recovery code goes to the store, which refuses for a reason that says nothing about the code.
        world.store.failWith({StoreError::TooManyDevices}, "openSession");
        QCOMPARE(brief(ada.logIn(20, "recovery_code", "0000-0000-0000-0000")), std::string("403 forbidden"));
        world.store.failWith({});
        QCOMPARE(brief(ada.logIn(21, "totp", ada.wrongCode())), std::string("429 rate_limited"));
    }
    void passwordChangedDuringALogin_endsTheLogin()
    {
        World world(generous());
        Person ada(world);
        QCOMPARE(brief(ada.post("/v1/me/password", {{"old", kPassword}, {"new", "another quiet garden"}})),
                 std::string("204 none"));
        QCOMPARE(brief(ada.logIn(2)), std::string("401 invalid_credentials"));
        QCOMPARE(ada.logIn(2, {}, {}, "another quiet garden").status, 200);
    }
    void secretOfOneServer_isNothingToAnother()
    {
        World one(generous());
        const crypto::Secret secret = crypto::Secret::random(20);
        SecondFactors mine(crypto::Secret::random(32), one.clock), other(crypto::Secret::random(32), one.clock);
        const UserId ada("1"), bob("2");
        const std::string pending = mine.sealPending(ada, secret);
        QVERIFY(mine.openPending(ada, pending).equals(secret));
        QVERIFY(mine.openPending(bob, pending).empty()); // of another account
        QVERIFY(mine.openBound(ada, pending).empty());   // of another place
        QVERIFY(other.openPending(ada, pending).empty());
        QVERIFY(pending.find(std::string(secret.view())) == std::string::npos);
        QVERIFY(!mine.shown(ada, pending, "123456"));
    }
    void audit_tellsWhatHappenedAndNoSecret()
    {
        World world(generous());
        Person ada(world);
        const auto codes = ada.turnOn();
        ada.logIn(2, {}, {}, "wrong password");
        ada.logIn(2, "totp", ada.wrongCode());
        ada.logIn(2, "recovery_code", codes[0]);
        ada.logIn(3, "totp", ada.code());
        world.call("DELETE", "/v1/devices/" + deviceOf(3).str(), {}, ada.access);
        QCOMPARE(ada.events(),
                 std::string("device_revoked login login_recovery_code login_code_failed login_failed mfa_bound login "
                             "registered "));
        const std::string all = world.call("GET", "/v1/audit", {}, ada.access).body;
        QVERIFY(all.find("192.0.2.x") != std::string::npos);
        for (const std::string &secret : {std::string("192.0.2.7"), ada.secret, codes[0], std::string(kPassword)})
            QVERIFY2(all.find(secret) == std::string::npos, secret.c_str());
        const auto page = parse(world.call("GET", "/v1/audit", {}, ada.access, "192.0.2.7", {{"limit", "2"}}).body);
        QCOMPARE(page.at("events").as_array().size(), std::size_t(2));
        QVERIFY(page.at("more").as_bool());
        for (const char *wrong : {"0", "201", "x", "", "-1", "99999999999999999999"})
            QCOMPARE(brief(world.call("GET", "/v1/audit", {}, ada.access, "192.0.2.7", {{"limit", wrong}})),
                     std::string("400 malformed"));
        Person bob(world, "bob");
        QCOMPARE(bob.events(), std::string("login registered ")); // everybody sees their own
    }
};

QTEST_APPLESS_MAIN(TestLogicMfa)
#include "test_logic_mfa.moc"
