// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/ops/demo.h"

#include "core/crypto/crypto.h"
#include "server/ops/demo_lines.h"

#include <algorithm>
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
constexpr std::array kPeople{Person{"lin", "Lin Wei 林薇"}, Person{"tom", "Tom Becker"},   Person{"maya", "Maya Ortiz"},
                             Person{"chenchen", "陈晨"},    Person{"priya", "Priya Nair"}, Person{"wanglei", "王磊"}};

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

    /// Appends without waiting, but for a first line that a later one answers by its seq.
    void exchange(const ConversationId &conversation, const std::vector<UserId> &speakers, const DemoExchange &lines,
                  Timestamp at)
    {
        DemoSlots slots([this](std::size_t below) { return pick(below); });
        std::size_t speaker = pick(speakers.size());
        std::optional<Seq> first;
        for (std::size_t i = 0; i < lines.size(); ++i) {
            std::string_view line = lines[i];
            const bool goesOn = line.front() == '+', answers = line.front() == '^';
            if (goesOn || answers)
                line.remove_prefix(1);
            if (i > 0 && !goesOn)
                speaker = (speaker + 1) % speakers.size();
            AppendMessage message;
            message.sender = speakers[speaker];
            if (const auto peer = privatePeer(conversation, message.sender))
                message.to = *peer;
            else
                message.conversation = conversation;
            message.cid = ClientMessageId(crypto::makeUuid());
            message.body = slots.fill(line);
            message.createdAt = at;
            if (answers)
                message.replyTo = first;
            at += goesOn ? std::chrono::seconds(8 + pick(20)) : std::chrono::seconds(20 + pick(160));
            ++m_sent;
            if (i == 0 && hasAnswer(lines)) {
                const auto said =
                    wait<Appended>([&](Reply<Appended> reply) { m_store.append(message, std::move(reply)); });
                if (said)
                    first = said->message.seq;
                else
                    m_failed = static_cast<int>(said.error()) + 1;
                m_done.fetch_add(1);
                continue;
            }
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
    static bool hasAnswer(const DemoExchange &lines)
    {
        return std::any_of(lines.begin(), lines.end(), [](std::string_view line) { return line.front() == '^'; });
    }

    Store &m_store;
    std::mt19937_64 m_random;
    std::int64_t m_sent = 0;
    std::atomic<std::int64_t> m_done{0};
    std::atomic<int> m_failed{0};
};

struct Place {
    ConversationId conversation;
    std::vector<UserId> speakers;
    const DemoTalk *talk;
    int exchanges;
    std::size_t newest; // which of the talk's newest exchanges
};

/// The same day between seven and twenty-one o'clock, UTC: people sleep.
Timestamp wakingHour(Timestamp at, Teller &teller)
{
    const auto day = std::chrono::floor<std::chrono::days>(at);
    return Timestamp(day) + std::chrono::minutes(7 * 60 + teller.pick(14 * 60));
}

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
        auto made = wait<GroupChanged>(
            [&](Reply<GroupChanged> reply) { store.createGroup(speakers.front(), name, others, std::move(reply)); });
        if (!made)
            return Unexpected(made.error());
        return Place{made->conversation, std::move(speakers), nullptr, 0, 0};
    };
    std::vector<Place> places;
    const auto add = [&](StoreResult<Place> place, const DemoTalk &talk, int exchanges) -> StoreResult<void> {
        if (!place)
            return Unexpected(place.error());
        place->talk = &talk;
        place->exchanges = exchanges;
        place->newest = static_cast<std::size_t>(
            std::count_if(places.begin(), places.end(), [&](const Place &other) { return other.talk == &talk; }));
        places.push_back(std::move(place).value());
        return {};
    };
    const auto pair = [&](std::size_t a, std::size_t b) {
        return StoreResult<Place>(Place{privateConversation(id(a), id(b)), {id(a), id(b)}, nullptr, 0, 0});
    };
    KITH_TRY(add(group("Sunday walks", {id(0), id(1), id(2), id(4)}), friendsTalk(), 160));
    KITH_TRY(add(group("产品讨论", {id(3), id(0), id(5)}), chineseWorkTalk(), 180));
    KITH_TRY(add(group("Kith release 发布", {id(1), id(0), id(3), id(4), id(5), id(2)}), workTalk(), 120));
    KITH_TRY(add(pair(0, 1), friendsTalk(), 200));
    KITH_TRY(add(pair(0, 3), chineseFriendsTalk(), 220));
    KITH_TRY(add(pair(0, 2), friendsTalk(), 60));
    KITH_TRY(add(pair(0, 4), workTalk(), 40));
    KITH_TRY(add(pair(0, 5), chineseWorkTalk(), 30));

    Teller teller(store, 20260101);
    const auto end = clock.now();
    const auto begin = end - std::chrono::hours(24 * 730);
    for (const auto &place : places) {
        const auto newest =
            end - std::chrono::minutes(15 + teller.pick(600)); // the newest exchange lies hours back at most
        for (int i = 0; i < place.exchanges; ++i)
            teller.exchange(place.conversation, place.speakers,
                            place.talk->everyday[teller.pick(place.talk->everyday.size())],
                            wakingHour(begin + (newest - begin) * i / place.exchanges, teller));
        teller.exchange(place.conversation, place.speakers,
                        place.talk->newest[place.newest % place.talk->newest.size()], newest);
    }
    KITH_TRY(teller.finish());
    world.messages = teller.sent();
    // Everybody has read nearly everything, their own words at least; some of the newest lines wait. Answers are liked.
    for (const auto &place : places) {
        const auto page = wait<Page>([&](Reply<Page> reply) {
            PageQuery query;
            query.conversation = place.conversation;
            query.limit = 8;
            store.page(place.speakers.front(), query, std::move(reply));
        });
        if (!page)
            return Unexpected(page.error());
        for (const auto &reader : place.speakers) {
            Seq upTo(page->headSeq.value() - static_cast<std::int64_t>(teller.pick(3)) * 2);
            for (const auto &message : page->messages)
                if (message.sender == reader)
                    upTo = std::max(upTo, message.seq);
            const auto moved = wait<CursorMoved>(
                [&](Reply<CursorMoved> reply) { store.moveRead(reader, place.conversation, upTo, std::move(reply)); });
            if (!moved)
                return Unexpected(moved.error());
            for (const auto &message : page->messages) {
                if (!message.replyTo || message.sender == reader)
                    continue;
                const auto liked = wait<Changed>([&](Reply<Changed> reply) {
                    store.like(reader, place.conversation, message.seq, true, std::move(reply));
                });
                if (!liked)
                    return Unexpected(liked.error());
            }
        }
    }
    return world;
}

} // namespace kith::server
