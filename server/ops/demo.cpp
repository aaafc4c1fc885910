// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/ops/demo.h"

#include "core/crypto/crypto.h"

#include <array>
#include <atomic>
#include <future>
#include <random>

namespace kith::server {
namespace {

struct Person {
    const char *username;
    const char *name;
};
constexpr std::array kPeople{Person{"lin", "Lin Wei 林薇"},    Person{"tom", "Tom Becker"}, Person{"maya", "Maya Ortiz"},
                             Person{"chenchen", "陈晨"}, Person{"priya", "Priya Nair"},
                             Person{"wanglei", "王磊"}};

using Lines = std::vector<const char *>; // turns of one exchange, spoken in rotation

const std::vector<Lines> kEnglish{
    {"Did the train make it on time?", "Eight minutes late, which counts as early here.", "Ha. Coffee before the meeting?",
     "Yes please. The place by the bridge?", "See you there at nine."},
    {"I pushed the draft. Could you read section two?", "Reading now.",
     "It is good. I would move the figures up front.", "Agreed, people skip straight to them anyway."},
    {"The photos from Sunday are lovely.", "Thank you! The light was kind to us.", "Send me the one with the dog?",
     "Tonight, when I am back at the computer."},
    {"Anyone else hearing the drill upstairs?", "Since seven.", "They said one more week.", "They said that in March."},
    {"Dinner on Friday?", "I can bring the salad.", "I will bring everybody's favourite excuse: bread.",
     "Bread is never an excuse.", "Then it is settled. Seven o'clock."},
    {"Build is green again.", "What was it?", "A clock that ran backwards.", "It happens to the best of clocks."},
    {"Happy birthday!", "Thank you, that is so kind of you.", "Did you get the parcel?", "Yes. It is perfect, and far too much."},
};
const std::vector<Lines> kChinese{
    {"今天下班一起走吗？", "可以，六点半楼下见。", "好的，我带伞，听说要下雨。", "太好了，我正好没带。"},
    {"昨天的会议纪要发了吗？", "刚发到群里，你看一下第三点。", "看到了，没问题。", "那我就按这个写方案。"},
    {"周末去爬山怎么样？", "好主意，去香山还是百望山？", "香山人太多，去百望山吧。", "行，早上八点出发。", "我来准备水和点心。"},
    {"这家面馆真不错。", "我说过吧！下次带你去另一家。", "一言为定。"},
    {"新版本测试得怎么样？", "整体很稳，搜索快了很多。", "中文两个字的词也能搜到了？", "能，几毫秒就出来。"},
    {"妈妈问你中秋回不回家。", "回，票已经买好了。", "那我告诉她，她一定很高兴。"},
};

template <class T>
StoreResult<T> wait(const std::function<void(Reply<T>)> &call)
{
    std::promise<StoreResult<T>> promise;
    auto future = promise.get_future();
    call([&promise](StoreResult<T> result) { promise.set_value(std::move(result)); });
    return future.get();
}

/// Appends without waiting for each: the group commit takes them together.
class Teller final {
public:
    Teller(Store &store, std::uint64_t seed) : m_store(store), m_random(seed) {}

    void exchange(const ConversationId &conversation, const std::vector<UserId> &speakers, const Lines &lines, Timestamp at)
    {
        const std::size_t first = pick(speakers.size());
        for (std::size_t i = 0; i < lines.size(); ++i) {
            AppendMessage message;
            message.sender = speakers[(first + i) % speakers.size()];
            if (const auto peer = privatePeer(conversation, message.sender))
                message.to = *peer;
            else
                message.conversation = conversation;
            message.cid = ClientMessageId(crypto::makeUuid());
            message.body = lines[i];
            message.createdAt = at;
            at += std::chrono::seconds(20 + pick(160));
            ++m_sent;
            m_store.append(std::move(message), [this](StoreResult<Appended> result) {
                if (!result)
                    m_failed = static_cast<int>(result.error()) + 1;
                m_done.fetch_add(1);
                m_done.notify_all();
            });
            for (auto done = m_done.load(); m_sent - done > 512; done = m_done.load())
                m_done.wait(done);
        }
    }
    StoreResult<void> finish()
    {
        for (auto done = m_done.load(); done < m_sent; done = m_done.load())
            m_done.wait(done);
        if (const int failed = m_failed.load())
            return Unexpected(static_cast<StoreError>(failed - 1));
        return {};
    }
    std::size_t pick(std::size_t below) { return static_cast<std::size_t>(m_random() % below); }
    std::int64_t sent() const { return m_sent; }

private:
    Store &m_store;
    std::mt19937_64 m_random;
    std::int64_t m_sent = 0;
    std::atomic<std::int64_t> m_done{0};
    std::atomic<int> m_failed{0};
};

struct Place {
    ConversationId conversation;
    std::vector<UserId> speakers;
    const std::vector<Lines> *lines;
    int exchanges;
};

} // namespace

StoreResult<DemoWorld> makeDemoWorld(Store &store, const Clock &clock, const std::string &passwordHash)
{
    DemoWorld world;
    for (const auto &person : kPeople) {
        auto made = wait<User>([&](Reply<User> reply) {
            store.createUser({person.username, passwordHash, person.name}, std::move(reply));
        });
        if (!made && made.error() == StoreError::UsernameTaken) {
            world.existed = true;
            return world;
        }
        if (!made)
            return Unexpected(made.error());
        world.people.push_back(std::move(made).value());
    }
    const auto id = [&](std::size_t i) { return world.people[i].id; };
    const auto group = [&](const char *name, std::vector<UserId> speakers) -> StoreResult<Place> {
        const std::vector<UserId> others(speakers.begin() + 1, speakers.end());
        auto made = wait<GroupChanged>([&](Reply<GroupChanged> reply) {
            store.createGroup(speakers.front(), name, others, std::move(reply));
        });
        if (!made)
            return Unexpected(made.error());
        return Place{made->conversation, std::move(speakers), nullptr, 0};
    };
    std::vector<Place> places;
    const auto add = [&](StoreResult<Place> place, const std::vector<Lines> &lines, int exchanges) -> StoreResult<void> {
        if (!place)
            return Unexpected(place.error());
        place->lines = &lines;
        place->exchanges = exchanges;
        places.push_back(std::move(place).value());
        return {};
    };
    const auto pair = [&](std::size_t a, std::size_t b) {
        return StoreResult<Place>(Place{privateConversation(id(a), id(b)), {id(a), id(b)}, nullptr, 0});
    };
    KITH_TRY(add(group("Sunday walks", {id(0), id(1), id(2), id(4)}), kEnglish, 160));
    KITH_TRY(add(group("产品讨论", {id(3), id(0), id(5)}), kChinese, 180));
    KITH_TRY(add(group("Kith release 发布", {id(1), id(0), id(3), id(4), id(5), id(2)}), kEnglish, 120));
    KITH_TRY(add(pair(0, 1), kEnglish, 200));
    KITH_TRY(add(pair(0, 3), kChinese, 220));
    KITH_TRY(add(pair(0, 2), kEnglish, 60));
    KITH_TRY(add(pair(0, 4), kEnglish, 40));
    KITH_TRY(add(pair(0, 5), kChinese, 30));

    Teller teller(store, 20260101);
    const auto end = clock.now();
    const auto begin = end - std::chrono::hours(24 * 730);
    for (const auto &place : places) {
        auto last = end - std::chrono::minutes(10 + teller.pick(600)); // the newest exchange ends within the last hours
        for (int i = 0; i < place.exchanges; ++i) {
            const auto at = begin + (last - begin) * (i + 1) / place.exchanges;
            teller.exchange(place.conversation, place.speakers, (*place.lines)[teller.pick(place.lines->size())], at);
        }
    }
    KITH_TRY(teller.finish());
    world.messages = teller.sent();
    // Everybody has read nearly everything; some of the newest lines wait.
    for (const auto &place : places) {
        const auto page = wait<Page>([&](Reply<Page> reply) {
            PageQuery query;
            query.conversation = place.conversation;
            query.limit = 1;
            store.page(place.speakers.front(), query, std::move(reply));
        });
        if (!page)
            return Unexpected(page.error());
        for (const auto &reader : place.speakers) {
            const Seq upTo(page->headSeq.value() - static_cast<std::int64_t>(teller.pick(3)) * 2);
            const auto moved = wait<CursorMoved>([&](Reply<CursorMoved> reply) {
                store.moveRead(reader, place.conversation, upTo, std::move(reply));
            });
            if (!moved)
                return Unexpected(moved.error());
        }
    }
    return world;
}

} // namespace kith::server
