// SPDX-License-Identifier: GPL-3.0-or-later
// The account calls of PROTOCOL §2: bodies, statuses, throttles, refresh rotation, revocation.
#include "core/base/limits.h"
#include "core/protocol/http.h"
#include "tests/server/logic/world.h"

#include <QTest>

using namespace kith;
using namespace kith::server;
using namespace kith::server::test;
using namespace std::chrono_literals;
using protocol::CloseCode;
using protocol::Op;

namespace {

constexpr const char *kPassword = "a quiet garden";

std::string codeOf(const HttpResponse &response)
{
    const auto error = protocol::decodeErrorBody(response.body);
    return error ? std::string(protocol::name(error->code)) : std::string("none");
}

std::string fieldOf(const HttpResponse &response)
{
    const auto error = protocol::decodeErrorBody(response.body);
    return error ? error->field : std::string();
}

boost::json::object registration(const std::string &username, const std::string &password = kPassword)
{
    return {{"username", username}, {"password", password}, {"display_name", "Name"}};
}

boost::json::object loginBody(const std::string &username, int device = 1, const std::string &password = kPassword)
{
    return {{"username", username},
            {"password", password},
            {"device", {{"id", deviceOf(device).str()}, {"name", "desk"}, {"platform", "linux"}}}};
}

struct LoggedIn {
    int status = 0;
    std::string access, refresh;
};

LoggedIn logIn(World &world, const std::string &username, int device = 1, const std::string &password = kPassword)
{
    const auto response = world.call("POST", "/v1/login", loginBody(username, device, password));
    const auto body = parse(response.body);
    return {response.status, text(body, "access_token"), text(body, "refresh_token")};
}

} // namespace

class TestLogicHttp final : public QObject {
    Q_OBJECT
private slots:
    void registration_answers201AndTheNameIsTakenAfterwards()
    {
        World world;
        const auto made = world.call("POST", "/v1/register", registration("Ada"));
        QCOMPARE(made.status, 201);
        const auto user = protocol::decode<protocol::UserReply>(parse(made.body));
        QVERIFY(user.has_value());
        QCOMPARE(user->user.username, std::string("ada"));
        const auto taken = world.call("POST", "/v1/register", registration("ADA"));
        QCOMPARE(taken.status, 409);
        QCOMPARE(codeOf(taken), std::string("forbidden"));
        QCOMPARE(fieldOf(taken), std::string("username"));
    }
    void badRegistrations_nameTheField()
    {
        World world;
        const auto common = world.call("POST", "/v1/register", registration("ada", "Password123"));
        QCOMPARE(common.status, 422);
        QCOMPARE(codeOf(common) + " " + fieldOf(common), std::string("malformed password"));
        const auto shortOne = world.call("POST", "/v1/register", registration("ada", "short"));
        QCOMPARE(shortOne.status, 400);
        QCOMPARE(fieldOf(shortOne), std::string("password"));
        QCOMPARE(fieldOf(world.call("POST", "/v1/register", registration("a b"))), std::string("username"));
        QCOMPARE(world.call("POST", "/v1/register").status, 400);
    }
    void closedRegistration_isForbidden()
    {
        for (const Registration mode : {Registration::Closed, Registration::Invite}) {
            LogicSettings settings = World::quickSettings();
            settings.registration = mode;
            World world(settings);
            const auto response = world.call("POST", "/v1/register", registration("ada"));
            QCOMPARE(response.status, 403);
            QCOMPARE(codeOf(response), std::string("forbidden"));
        }
    }
    void eleventhRegistrationInAMinute_isLimitedPerAddress()
    {
        World world;
        for (int i = 0; i < 10; ++i)
            QCOMPARE(world.call("POST", "/v1/register", registration("user" + std::to_string(i))).status, 201);
        const auto limited = world.call("POST", "/v1/register", registration("user10"));
        QCOMPARE(limited.status, 429);
        QCOMPARE(limited.headers.at("Retry-After"), std::string("6"));
        QCOMPARE(world.call("POST", "/v1/register", registration("user10"), {}, "198.51.100.1").status, 201);
    }
    void login_givesTokensThatOpenCallsAndTheSocket()
    {
        World world;
        world.call("POST", "/v1/register", registration("ada"));
        const auto response = world.call("POST", "/v1/login", loginBody("ADA"));
        QCOMPARE(response.status, 200);
        const auto reply = protocol::decode<protocol::TokenReply>(parse(response.body));
        QVERIFY(reply && reply->user && reply->device);
        QCOMPARE(reply->expiresInSeconds, 7200);
        QCOMPARE(reply->user->username, std::string("ada"));
        QCOMPARE(reply->device->id, deviceOf(1));
        QCOMPARE(world.call("GET", "/v1/me", {}, reply->accessToken).status, 200);
        const auto peer = std::make_shared<FakePeer>();
        const auto session = SocketSession::create(*world.services, peer, "192.0.2.7");
        session->receive(R"({"op":"login","id":"1","d":{"token":")" + reply->accessToken + R"("}})");
        world.settle();
        QVERIFY(session->loggedIn());
    }
    void wrongNameAndWrongPassword_areAnsweredAlike()
    {
        World world;
        world.call("POST", "/v1/register", registration("ada"));
        auto wrong = world.call("POST", "/v1/login", loginBody("ada", 1, "not her password"));
        auto unknown = world.call("POST", "/v1/login", loginBody("nobody", 2, "not her password"));
        QCOMPARE(wrong.status, 401);
        QCOMPARE(codeOf(wrong), std::string("invalid_credentials"));
        QCOMPARE(unknown.status, wrong.status);
        const auto message = [](const HttpResponse &r) { return protocol::decodeErrorBody(r.body)->message; };
        QCOMPARE(message(unknown), message(wrong));
    }
    void sixthFailure_isLimitedEvenWithTheRightPassword()
    {
        World world;
        world.call("POST", "/v1/register", registration("ada"));
        for (int i = 0; i < 5; ++i) // other devices and addresses do not help against one account
            QCOMPARE(world
                         .call("POST", "/v1/login", loginBody("ada", 10 + i, "wrong password"), {},
                               "198.51." + std::to_string(i) + ".1")
                         .status,
                     401);
        const auto limited = world.call("POST", "/v1/login", loginBody("ada"));
        QCOMPARE(limited.status, 429);
        QCOMPARE(codeOf(limited), std::string("rate_limited"));
        world.clock.advance(milliseconds(protocol::decodeErrorBody(limited.body)->retryAfterMs));
        QCOMPARE(logIn(world, "ada").status, 200);
        QCOMPARE(logIn(world, "ada").status, 200); // forgotten with the success
    }
    void failuresOfOneAddress_closeItsPrefixToAllAccounts()
    {
        World world;
        world.call("POST", "/v1/register", registration("ada"), {}, "198.51.100.1");
        for (int i = 0; i < 5; ++i)
            world.call("POST", "/v1/login", loginBody("user" + std::to_string(i), 10 + i), {}, "203.0.113.5");
        QCOMPARE(world.call("POST", "/v1/login", loginBody("ada"), {}, "203.0.113.99").status, 429);
        QCOMPARE(world.call("POST", "/v1/login", loginBody("ada"), {}, "203.0.114.99").status, 200);
    }
    void disabledAccount_isForbidden()
    {
        World world;
        world.call("POST", "/v1/register", registration("ada"));
        world.store.setDisabled(world.userOf("ada"), true, [](StoreResult<void>) {});
        QCOMPARE(world.call("POST", "/v1/login", loginBody("ada")).status, 403);
        QCOMPARE(world.call("POST", "/v1/login", loginBody("ada", 1, "wrong password")).status, 401);
    }
    void refresh_rotatesAndALostAnswerIsGivenAgain()
    {
        World world;
        world.call("POST", "/v1/register", registration("ada"));
        const auto first = logIn(world, "ada");
        const auto refresh = [&](const std::string &token) {
            return world.call("POST", "/v1/token/refresh", {{"refresh_token", token}});
        };
        const auto one = refresh(first.refresh);
        QCOMPARE(one.status, 200);
        const auto successor = text(parse(one.body), "refresh_token");
        QVERIFY(successor != first.refresh);
        world.clock.advance(30s);
        QCOMPARE(text(parse(refresh(first.refresh).body), "refresh_token"), successor);
        QCOMPARE(refresh(successor).status, 200);
        const auto peer = std::make_shared<FakePeer>();
        const auto session = SocketSession::create(*world.services, peer, "192.0.2.7");
        session->receive(R"({"op":"login","d":{"token":")" + first.access + R"("}})");
        world.settle();
        QVERIFY(session->loggedIn());
        world.clock.advance(1s);
        const auto reused = refresh(first.refresh);
        QCOMPARE(reused.status, 401);
        QCOMPARE(codeOf(reused), std::string("token_reused"));
        world.settle();
        QVERIFY(peer->closed() == CloseCode::Revoked);
        QCOMPARE(codeOf(world.call("GET", "/v1/me", {}, first.access)), std::string("unauthenticated"));
        QCOMPARE(codeOf(refresh("never seen")), std::string("unauthenticated"));
        QCOMPARE(refresh("").status, 400);
    }
    void callsWithoutAGoodToken_areRefused()
    {
        World world;
        world.call("POST", "/v1/register", registration("ada"));
        const auto session = logIn(world, "ada");
        for (const char *path : {"/v1/me", "/v1/devices", "/v1/users", "/v1/users/1"}) {
            QCOMPARE(codeOf(world.call("GET", path)), std::string("unauthenticated"));
            QCOMPARE(codeOf(world.call("GET", path, {}, session.access + "x")), std::string("unauthenticated"));
        }
        world.clock.advance(7200s);
        const auto expired = world.call("GET", "/v1/me", {}, session.access);
        QCOMPARE(expired.status, 401);
        QCOMPARE(codeOf(expired), std::string("token_expired"));
    }
    void newLoginOfADevice_endsItsEarlierSession()
    {
        World world;
        world.call("POST", "/v1/register", registration("ada"));
        const auto before = logIn(world, "ada");
        const auto peer = std::make_shared<FakePeer>();
        const auto session = SocketSession::create(*world.services, peer, "192.0.2.7");
        session->receive(R"({"op":"login","d":{"token":")" + before.access + R"("}})");
        world.settle();
        const auto after = logIn(world, "ada");
        QVERIFY(peer->closed() == CloseCode::LogInAgain);
        QCOMPARE(world.call("GET", "/v1/me", {}, before.access).status, 401);
        QCOMPARE(world.call("GET", "/v1/me", {}, after.access).status, 200);
    }
    void profile_isReadAndPatched()
    {
        World world;
        world.call("POST", "/v1/register", registration("ada"));
        const auto token = logIn(world, "ada").access;
        QCOMPARE(world.call("PATCH", "/v1/me", {{"display_name", "Ada L."}}, token).status, 200);
        const auto me = protocol::decode<protocol::UserReply>(parse(world.call("GET", "/v1/me", {}, token).body));
        QVERIFY(me.has_value());
        QCOMPARE(me->user.displayName, std::string("Ada L."));
        QCOMPARE(world.call("PATCH", "/v1/me", {{"display_name", 5}}, token).status, 400);
    }
    void logout_endsThisDeviceOrAll()
    {
        World world;
        world.call("POST", "/v1/register", registration("ada"));
        const auto desk = logIn(world, "ada", 1), phone = logIn(world, "ada", 2);
        const auto peer = std::make_shared<FakePeer>();
        const auto session = SocketSession::create(*world.services, peer, "192.0.2.7");
        session->receive(R"({"op":"login","d":{"token":")" + desk.access + R"("}})");
        world.settle();
        const auto out = world.call("POST", "/v1/logout", {}, desk.access);
        QCOMPARE(out.status, 204);
        QVERIFY(out.body.empty());
        QVERIFY(peer->closed() == CloseCode::Revoked);
        QCOMPARE(world.call("GET", "/v1/me", {}, desk.access).status, 401);
        QCOMPARE(world.call("GET", "/v1/me", {}, phone.access).status, 200);
        QCOMPARE(world.call("POST", "/v1/logout", {{"all", true}}, phone.access).status, 204);
        QCOMPARE(world.call("GET", "/v1/me", {}, phone.access).status, 401);
    }
    void newPassword_keepsThisDeviceAndRevokesTheOthers()
    {
        World world;
        world.call("POST", "/v1/register", registration("ada"));
        const auto desk = logIn(world, "ada", 1), phone = logIn(world, "ada", 2);
        const auto change = [&](const char *oldOne, const char *newOne) {
            return world.call("POST", "/v1/me/password", {{"old", oldOne}, {"new", newOne}}, desk.access);
        };
        QCOMPARE(codeOf(change("not my password", "another garden")), std::string("invalid_credentials"));
        const auto common = change(kPassword, "password123");
        QCOMPARE(common.status, 422);
        QCOMPARE(fieldOf(common), std::string("new"));
        QCOMPARE(change(kPassword, "another garden").status, 204);
        QCOMPARE(world.call("GET", "/v1/me", {}, desk.access).status, 200);
        QCOMPARE(world.call("GET", "/v1/me", {}, phone.access).status, 401);
        QCOMPARE(logIn(world, "ada", 2).status, 401);
        QCOMPARE(logIn(world, "ada", 2, "another garden").status, 200);
        for (int i = 0; i < 5; ++i)
            QCOMPARE(change("not my password", "a third garden").status, 401);
        QCOMPARE(change("another garden", "a third garden").status, 429);
    }
    void devices_areListedAndRevoked()
    {
        World world;
        world.call("POST", "/v1/register", registration("ada"));
        const auto desk = logIn(world, "ada", 1), phone = logIn(world, "ada", 2);
        const auto list =
            protocol::decode<protocol::DevicesReply>(parse(world.call("GET", "/v1/devices", {}, desk.access).body));
        QVERIFY(list && list->devices.size() == 2);
        QCOMPARE(world.call("DELETE", "/v1/devices/" + deviceOf(2).str(), {}, desk.access).status, 204);
        QCOMPARE(world.call("GET", "/v1/me", {}, phone.access).status, 401);
        QCOMPARE(world.call("DELETE", "/v1/devices/" + deviceOf(2).str(), {}, desk.access).status, 404);
        QCOMPARE(world.call("DELETE", "/v1/devices/nonsense", {}, desk.access).status, 404);
    }
    void users_areFoundAtMostTwenty()
    {
        World world;
        world.call("POST", "/v1/register", registration("ada"));
        const auto token = logIn(world, "ada").access;
        for (int i = 0; i < 30; ++i)
            world.userOf("user" + std::to_string(i));
        const auto found = protocol::decode<protocol::UsersReply>(
            parse(world.call("GET", "/v1/users", {}, token, "192.0.2.7", {{"query", "user"}}).body));
        QVERIFY(found && found->users.size() == 20);
        const auto id = found->users[0].id.str();
        QCOMPARE(world.call("GET", "/v1/users/" + id, {}, token).status, 200);
        QCOMPARE(world.call("GET", "/v1/users/1", {}, token).status, 404);
        QCOMPARE(world.call("GET", "/v1/users/me", {}, token).status, 404);
        QCOMPARE(world.call("GET", "/v1/users", {}, token, "192.0.2.7", {{"query", std::string(1000, 'x')}}).status,
                 413);
    }
    void otherPathsAndMethods_areNotFound()
    {
        World world;
        const std::vector<std::pair<std::string, std::string>> wrong{{"GET", "/"},
                                                                     {"GET", "/v1"},
                                                                     {"DELETE", "/v1/me"},
                                                                     {"GET", "/v1/login"},
                                                                     {"GET", "/v1/users/"},
                                                                     {"GET", "/v1/users/1/2"},
                                                                     {"GET", "/v1/mfa/enroll"},
                                                                     {"GET", "/v2/me"},
                                                                     {"DELETE", "/v1/devices/"}};
        for (const auto &[method, path] : wrong) {
            const auto response = world.call(method, path);
            QVERIFY2(response.status == 404, path.c_str());
            QCOMPARE(codeOf(response), std::string("not_found"));
        }
    }
    void draining_refusesLoginsAndRegistrations()
    {
        World world;
        world.services->drain();
        for (const char *path : {"/v1/login", "/v1/register"}) {
            const auto response = world.call("POST", path, loginBody("ada"));
            QCOMPARE(response.status, 503);
            QCOMPARE(codeOf(response), std::string("draining"));
        }
    }
    void storeErrors_becomeStatuses()
    {
        World world;
        world.call("POST", "/v1/register", registration("ada"));
        const auto token = logIn(world, "ada").access;
        world.store.failWith(StoreError::Unavailable);
        QCOMPARE(world.call("GET", "/v1/me", {}, token).status, 503);
        for (int i = 0; i < 10; ++i) // and are no guesses
            QCOMPARE(world.call("POST", "/v1/login", loginBody("ada")).status, 503);
        world.store.failWith(std::nullopt);
        QCOMPARE(logIn(world, "ada").status, 200);
    }
};

QTEST_APPLESS_MAIN(TestLogicHttp)
#include "test_logic_http.moc"
