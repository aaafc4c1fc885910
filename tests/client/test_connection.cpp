// SPDX-License-Identifier: GPL-3.0-or-later
// Every transition of the connection reducer, and the rule that it draws backoff from the number it is given.
#include "core/client/connection.h"

#include <QTest>

using namespace kith;
using namespace kith::client;
using Action = ConnectionAction;
using std::chrono::milliseconds;

namespace {

template <class S>
bool is(const ConnectionStep &step)
{
    return std::holds_alternative<S>(step.state);
}

protocol::WireError wire(protocol::ErrorCode code)
{
    return protocol::makeError(code, "no");
}

std::vector<ConnectionState> allStates()
{
    return {client::LoggedOut{},        Offline{}, Connecting{freshBackoff()},         Greeting{freshBackoff()},
            Refreshing{freshBackoff()}, Online{},  Waiting{freshBackoff(), {}, {}, {}}};
}

} // namespace

class TestConnection final : public QObject {
    Q_OBJECT

private slots:
    void loggedOut_leavesByLoginOnly()
    {
        const ConnectionState state = client::LoggedOut{};
        QVERIFY(is<Offline>(reduce(state, event::SessionStarted{}, 0)));
        for (const ConnectionEvent &e :
             {ConnectionEvent(event::ConnectWanted{}), ConnectionEvent(event::ReconnectWanted{}),
              ConnectionEvent(event::Resumed{}), ConnectionEvent(event::SocketOpened{}),
              ConnectionEvent(event::SocketFailed{}), ConnectionEvent(event::SocketClosed{}),
              ConnectionEvent(event::TimerFired{}), ConnectionEvent(event::TokenRefreshed{}),
              ConnectionEvent(event::RefreshRefused{}), ConnectionEvent(event::DisconnectWanted{})}) {
            const auto step = reduce(state, e, 0);
            QVERIFY(is<client::LoggedOut>(step));
            QVERIFY(step.actions.empty());
        }
    }

    void logout_endsEveryState()
    {
        for (const auto &state : allStates()) {
            const auto step = reduce(state, event::SessionEnded{}, 0);
            QVERIFY(is<client::LoggedOut>(step));
            const bool hadSocket = std::holds_alternative<Connecting>(state) ||
                                   std::holds_alternative<Greeting>(state) || std::holds_alternative<Online>(state);
            QCOMPARE(!step.actions.empty() && step.actions.front() == Action::CloseSocket, hadSocket);
        }
    }

    void offline_connectsWhenAsked_notByItself()
    {
        const ConnectionState state = Offline{};
        auto step = reduce(state, event::ConnectWanted{}, 0);
        QVERIFY(is<Connecting>(step));
        QCOMPARE(step.actions, std::vector{Action::OpenSocket});
        QVERIFY(is<Connecting>(reduce(state, event::ReconnectWanted{}, 0)));
        QVERIFY(is<Offline>(reduce(state, event::Resumed{}, 0)));
        QVERIFY(is<Offline>(reduce(state, event::TimerFired{}, 0)));
    }

    void socketOpens_loginIsSent_helloMakesItOnline()
    {
        auto step = reduce(Connecting{freshBackoff()}, event::SocketOpened{}, 0);
        QVERIFY(is<Greeting>(step));
        QCOMPARE(step.actions, std::vector{Action::SendLogin});
        step = reduce(step.state, event::Welcomed{}, 0);
        QVERIFY(is<Online>(step));
        QCOMPARE(step.actions, std::vector{Action::StartSync});
    }

    void attemptsFail_delayGrowsTo20s_andJitterIsFull()
    {
        ConnectionState state = Connecting{freshBackoff()};
        std::vector<milliseconds> delays;
        for (int i = 0; i < 8; ++i) {
            auto step = reduce(state, event::SocketFailed{QStringLiteral("refused")}, 0.999999);
            QVERIFY(is<Waiting>(step));
            QCOMPARE(step.actions, (std::vector{Action::CloseSocket, Action::StartTimer}));
            delays.push_back(std::get<Waiting>(step.state).delay);
            state = reduce(step.state, event::TimerFired{}, 0).state;
            QVERIFY(std::holds_alternative<Connecting>(state));
        }
        QVERIFY(delays[0] <= milliseconds{1000} && delays[0] > milliseconds{900});
        QVERIFY(delays[1] > milliseconds{1900});
        QVERIFY(delays[7] <= milliseconds{20000} && delays[7] > milliseconds{19000});
        const auto low = reduce(Connecting{freshBackoff()}, event::SocketFailed{}, 0.0);
        QVERIFY(std::get<Waiting>(low.state).delay < milliseconds{50});
    }

    void onlineDrop_startsWithTheShortestDelay_andEndsRequests()
    {
        const auto step = reduce(Online{}, event::SocketFailed{QStringLiteral("reset")}, 0.5);
        QVERIFY(is<Waiting>(step));
        QCOMPARE(step.actions, (std::vector{Action::CloseSocket, Action::EndRequests, Action::StartTimer}));
        QVERIFY(std::get<Waiting>(step.state).delay <= milliseconds{1000});
    }

    void closeCodes_areRespected_data()
    {
        QTest::addColumn<int>("code");
        QTest::addColumn<int>("phase");
        QTest::newRow("4001 refreshes") << 4001 << int(LinkPhase::Connecting);
        QTest::newRow("4008 comes back") << 4008 << int(LinkPhase::Waiting);
        QTest::newRow("4010 comes back") << 4010 << int(LinkPhase::Waiting);
        QTest::newRow("4012 comes back") << 4012 << int(LinkPhase::Waiting);
        QTest::newRow("4029 comes back") << 4029 << int(LinkPhase::Waiting);
        QTest::newRow("1006 comes back") << 1006 << int(LinkPhase::Waiting);
        QTest::newRow("4500 stays away") << 4500 << int(LinkPhase::Offline);
        QTest::newRow("4504 stays away") << 4504 << int(LinkPhase::Offline);
        QTest::newRow("4501 ends the session") << 4501 << int(LinkPhase::LoggedOut);
    }
    void closeCodes_areRespected()
    {
        QFETCH(int, code);
        QFETCH(int, phase);
        const auto step = reduce(Online{}, event::SocketClosed{code, QStringLiteral("why"), {}}, 0.5);
        QCOMPARE(int(linkStatus(step.state).phase), phase);
        QCOMPARE(step.actions[0], Action::CloseSocket);
        QCOMPARE(step.actions[1], Action::EndRequests);
        if (code == 4001)
            QCOMPARE(step.actions.back(), Action::RefreshToken);
        if (code == 4501)
            QCOMPARE(step.actions.back(), Action::TellLoggedOut);
    }

    void draining_waitsAtLeastAsLongAsTheServerSays()
    {
        const auto step = reduce(Online{}, event::SocketClosed{4012, {}, milliseconds{4321}}, 0.1);
        QCOMPARE(std::get<Waiting>(step.state).delay, milliseconds{4321});
        QCOMPARE(linkStatus(step.state).closed, std::optional(protocol::CloseCode::Draining));
    }

    void expiredToken_isRefreshedOnce_thenWaits()
    {
        auto step = reduce(Greeting{freshBackoff()}, event::LoginRefused{wire(protocol::ErrorCode::TokenExpired)}, 0.5);
        QVERIFY(is<Refreshing>(step));
        QCOMPARE(step.actions, (std::vector{Action::CloseSocket, Action::RefreshToken}));
        step = reduce(step.state, event::TokenRefreshed{}, 0);
        QVERIFY(is<Connecting>(step));
        step = reduce(step.state, event::SocketOpened{}, 0);
        step = reduce(step.state, event::LoginRefused{wire(protocol::ErrorCode::Unauthenticated)}, 0.5);
        QVERIFY(is<Waiting>(step));
    }

    void refusedForAnotherReason_waitsAsLongAsTold()
    {
        auto error = wire(protocol::ErrorCode::Overloaded);
        error.retryAfterMs = 9000;
        const auto step = reduce(Greeting{freshBackoff()}, event::LoginRefused{error}, 0.1);
        QCOMPARE(std::get<Waiting>(step.state).delay, milliseconds{9000});
    }

    void refreshRefused_logsOutFromAnywhere_networkFailureNever()
    {
        for (const auto &state : allStates()) {
            const auto refused = reduce(state, event::RefreshRefused{}, 0);
            QVERIFY(is<client::LoggedOut>(refused));
            const auto failed = reduce(state, event::RefreshFailed{QStringLiteral("away")}, 0.5);
            if (!std::holds_alternative<client::LoggedOut>(state))
                QVERIFY(!is<client::LoggedOut>(failed));
        }
        QVERIFY(is<Waiting>(reduce(Refreshing{freshBackoff()}, event::RefreshFailed{}, 0.5)));
    }

    void tokenRefreshedWhileOnline_renewsInPlace()
    {
        const auto step = reduce(Online{}, event::TokenRefreshed{}, 0);
        QVERIFY(is<Online>(step));
        QCOMPARE(step.actions, std::vector{Action::RenewToken});
    }

    void wokeUp_reconnectsAtOnce()
    {
        auto step = reduce(Online{}, event::Resumed{}, 0.9);
        QVERIFY(is<Connecting>(step));
        QCOMPARE(step.actions, (std::vector{Action::CloseSocket, Action::EndRequests, Action::OpenSocket}));
        step = reduce(Waiting{freshBackoff(), milliseconds{30000}, {}, {}}, event::Resumed{}, 0.9);
        QVERIFY(is<Connecting>(step));
        QCOMPARE(step.actions, (std::vector{Action::StopTimer, Action::OpenSocket}));
    }

    void reconnectWanted_skipsTheWait_andDisturbsNoConnection()
    {
        const auto step = reduce(Waiting{freshBackoff(), milliseconds{30000}, {}, {}}, event::ReconnectWanted{}, 0);
        QVERIFY(is<Connecting>(step));
        QCOMPARE(step.actions, (std::vector{Action::StopTimer, Action::OpenSocket}));
        QVERIFY(is<Online>(reduce(Online{}, event::ReconnectWanted{}, 0)));
        QVERIFY(reduce(Online{}, event::ReconnectWanted{}, 0).actions.empty());
    }

    void disconnectWanted_stopsTrying()
    {
        for (const auto &state : allStates()) {
            const auto step = reduce(state, event::DisconnectWanted{}, 0);
            QVERIFY(is<Offline>(step) || std::holds_alternative<client::LoggedOut>(state));
        }
    }

    void lateSocketEvents_changeNothing()
    {
        for (const ConnectionState &state :
             {ConnectionState(Offline{}), ConnectionState(Waiting{freshBackoff(), {}, {}, {}}),
              ConnectionState(Refreshing{freshBackoff()})}) {
            QCOMPARE(reduce(state, event::SocketFailed{}, 0).state.index(), state.index());
            QCOMPARE(reduce(state, event::SocketClosed{4501, {}, {}}, 0).state.index(), state.index());
            QCOMPARE(reduce(state, event::SocketOpened{}, 0).state.index(), state.index());
            QCOMPARE(reduce(state, event::Welcomed{}, 0).state.index(), state.index());
        }
    }
};

QTEST_APPLESS_MAIN(TestConnection)
#include "test_connection.moc"
