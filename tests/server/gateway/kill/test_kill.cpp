// SPDX-License-Identifier: GPL-3.0-or-later
// SIGKILL in the middle of a stream of sends: what was accepted is there once with its seq, and seqs have no gap.
#include "tests/server/gateway/server_process.h"

#include <map>
#include <random>
#include <set>

using namespace kith;
using namespace kith::test;

namespace {

constexpr int kRounds = 20;
constexpr int kPerFrame = 20;

std::string cidOf(int number)
{
    char text[40];
    std::snprintf(text, sizeof text, "00000000-0000-4000-8000-%012d", number);
    return text;
}

/// Calls `visit` with each envelope of a frame: ours are flat enough to be cut at the ops.
template <class Visitor>
void forEachEnvelope(const std::string &frame, Visitor visit)
{
    std::size_t at = frame.find("{\"op\":");
    while (at != std::string::npos) {
        const std::size_t next = frame.find("{\"op\":", at + 1);
        visit(std::string_view(frame).substr(at, next == std::string::npos ? next : next - at));
        at = next;
    }
}

} // namespace

class TestKill final : public QObject {
    Q_OBJECT
private slots:
    void sigkillDuringSends_losesNothingAccepted()
    {
        ServerProcess server;
        std::string receiver;
        std::map<std::string, std::int64_t> accepted; // cid → seq
        std::string conversation;
        std::mt19937 random(20'26);
        int sent = 0;
        for (int round = 0; round < kRounds; ++round) {
            QVERIFY(server.start());
            if (round == 0)
                server.account("receiver", &receiver);
            RawClient client;
            QVERIFY(server.logIn(client, server.account("sender")));
            // Killed at a random point of the stream: after so many answers of this round.
            const int killAfter = std::uniform_int_distribution<int>(1, 400)(random);
            int answers = 0;
            bool killed = false;
            while (!killed || client.connected()) {
                std::string frame = "[";
                for (int i = 0; i < kPerFrame; ++i) {
                    const std::string cid = cidOf(++sent);
                    frame += (i ? "," : "") + std::string("{\"op\":\"send\",\"id\":\"") + cid + "\",\"d\":{\"to\":\"" +
                             receiver + "\",\"cid\":\"" + cid + "\",\"kind\":\"text\",\"body\":\"m" +
                             std::to_string(sent) + "\"}}";
                }
                if (!client.sendText(frame + "]"))
                    break;
                RawFrame got = client.receive(5'000);
                if (got.opcode != 1)
                    break;
                forEachEnvelope(got.payload, [&](std::string_view envelope) {
                    if (envelope.find("\"accepted\"") == std::string_view::npos)
                        return;
                    accepted.emplace(jsonString(envelope, "id"), jsonInteger(envelope, "seq"));
                    conversation = jsonString(envelope, "conversation");
                    ++answers;
                });
                if (!killed && answers >= killAfter) {
                    server.signal(SIGKILL);
                    killed = true;
                }
            }
            QVERIFY(killed);
            QVERIFY(server.waitForExit(10'000));
        }
        QVERIFY2(accepted.size() > 100, "too few messages to mean anything");

        QVERIFY(server.start());
        RawClient client;
        QVERIFY(server.logIn(client, server.account("sender")));
        std::map<std::string, std::int64_t> stored;
        std::set<std::int64_t> seqs;
        std::string before;
        for (;;) {
            client.sendText("{\"op\":\"page\",\"id\":\"p\",\"d\":{\"conversation\":\"" + conversation +
                            "\",\"limit\":200" + before + "}}");
            std::string page;
            while (page.find("\"messages\"") == std::string::npos) {
                const RawFrame got = client.receive();
                QCOMPARE(got.opcode, 1);
                page = got.payload;
            }
            std::int64_t lowest = 0;
            std::size_t at = page.find("{\"seq\":");
            while (at != std::string::npos) {
                const std::size_t next = page.find("{\"seq\":", at + 1);
                const auto message = std::string_view(page).substr(at, next == std::string::npos ? next : next - at);
                const std::int64_t seq = jsonInteger(message, "seq");
                QVERIFY2(seqs.insert(seq).second, "a seq came twice");
                QVERIFY2(stored.emplace(jsonString(message, "cid"), seq).second, "a message is there twice");
                lowest = lowest == 0 ? seq : std::min(lowest, seq);
                at = next;
            }
            if (lowest <= 1)
                break;
            before = ",\"before\":" + std::to_string(lowest);
        }
        QCOMPARE(*seqs.begin(), std::int64_t(1));
        QCOMPARE(*seqs.rbegin(), static_cast<std::int64_t>(seqs.size())); // no gap
        for (const auto &[cid, seq] : accepted) {
            QVERIFY2(stored.count(cid), ("lost: " + cid).c_str());
            QCOMPARE(stored[cid], seq);
        }
        qInfo("%d rounds, %zu accepted, %zu stored", kRounds, accepted.size(), stored.size());
    }
};

QTEST_GUILESS_MAIN(TestKill)
#include "test_kill.moc"
