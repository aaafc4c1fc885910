// SPDX-License-Identifier: GPL-3.0-or-later
#include "bench/scroll/world.h"

#include "core/crypto/crypto.h"

#include <QFile>

#include <cstdio>
#include <cstdlib>
#include <random>

namespace kith::bench {

namespace {

constexpr std::int64_t kPiece = 1000, kMinute = 60'000, kSmall = 39;

template <class R>
auto must(R result)
{
    if (!result) {
        std::fprintf(stderr, "bench_scroll: %s\n", result.error().detail.c_str());
        std::exit(1);
    }
    if constexpr (!std::is_void_v<typename R::value_type>)
        return std::move(*result);
}

/// What people write: mostly a line, sometimes a paragraph, half Chinese; links, code and bold in between.
std::string words(std::mt19937_64 &random)
{
    static const char *const kEnglish[]{
        "the river",  "a meeting at nine", "bread",  "yes", "maybe tomorrow", "see https://kith.example/photos/",
        "**really**", "`git pull`",        "photos", "👍"};
    static const char *const kHan[]{"明天", "早上九点", "在河边见", "带上面包", "好的",
                                    "草稿", "周末爬山", "晚安",     "，",       "。"};
    std::string text;
    const bool han = random() % 2 == 0;
    const std::size_t count = random() % 30 == 0 ? 30 + random() % 60 : 1 + random() % 8;
    for (std::size_t i = 0; i < count; ++i)
        text += han ? kHan[random() % std::size(kHan)]
                    : std::string(i ? " " : "") + kEnglish[random() % std::size(kEnglish)];
    return text;
}

void fill(history::HistoryStore &store, const ConversationId &id, std::int64_t count, std::int64_t lastAt,
          std::mt19937_64 &random)
{
    for (std::int64_t top = count; top > 0; top -= kPiece) {
        PageQuery query;
        query.conversation = id;
        query.before = Seq(top + 1);
        Page page{{}, Seq(count), Rev(count), Seq(1)};
        for (std::int64_t seq = top; seq > std::max<std::int64_t>(0, top - kPiece); --seq) {
            Message one;
            one.seq = Seq(seq);
            one.id = MessageId(id.str() + "." + std::to_string(seq));
            one.sender = UserId(std::to_string(1 + random() % 20));
            one.body = words(random);
            if (seq % 10 == 0)
                one.replyTo = Seq(seq - 7);
            one.likes = seq % 25 == 0 ? 2 : 0;
            one.createdAt = fromUnixMs(lastAt - (count - seq) * kMinute);
            page.messages.push_back(std::move(one));
        }
        must(store.applyPage(query, page));
    }
}

} // namespace

crypto::Secret keyOf(const QString &profile)
{
    QFile file(profile + QStringLiteral(".key"));
    if (!file.open(QIODevice::ReadOnly))
        std::exit(1);
    return crypto::Secret::take(QByteArray::fromHex(file.readAll()).toStdString());
}

history::HistoryStore openWorld(const QString &profile)
{
    return must(history::HistoryStore::open((profile + QStringLiteral("/history.db")).toStdString(), keyOf(profile)));
}

void makeWorld(const QString &profile, std::int64_t messages)
{
    QFile key(profile + QStringLiteral(".key"));
    if (!key.open(QIODevice::WriteOnly, QFile::ReadOwner | QFile::WriteOwner))
        std::exit(1);
    key.write(QByteArray::fromStdString(crypto::toHex(crypto::randomBytes(crypto::kKeyBytes))));
    key.close();
    auto store = openWorld(profile);
    store.setSelf(UserId("1"));
    std::vector<User> people;
    for (int i = 1; i <= 20; ++i)
        people.push_back({UserId(std::to_string(i)), "user" + std::to_string(i), "User " + std::to_string(i), {}, {}});
    must(store.putUsers(people));
    std::mt19937_64 random(7);
    const std::int64_t now = 1'750'000'000'000;
    for (std::int64_t i = 0; i <= kSmall; ++i) {
        const ConversationId id = i == 0 ? kBig : ConversationId("g:" + std::to_string(100 + i));
        Head head;
        head.conversation = id;
        head.type = ConversationType::Group;
        head.name = i == 0 ? "Everything" : "Group " + std::to_string(i);
        head.members = 20;
        head.headSeq = Seq(i == 0 ? messages : 50);
        head.headRev = Rev(head.headSeq.value());
        head.readSeq = head.headSeq;
        head.changedAt = fromUnixMs(now - i * kMinute);
        must(store.applyHeads(std::vector<Head>{head}));
        fill(store, id, head.headSeq.value(), now - i * kMinute, random);
    }
    // Logged in at a server that is not there: what is painted comes from this computer.
    must(store.setSetting("account",
                          R"({"server":"http://127.0.0.1:9","user":{"id":"1","username":"user1",)"
                          R"("display_name":"User 1","avatar":"","created_at":0},"access":"a","refresh":"b",)"
                          R"("issued":1750000000000,"expires":4102444800000})"));
    must(store.setSetting("device.id", "bench"));
    must(store.setSetting("history.owner", "1 user1"));
    must(store.setSetting("open_conversation", kBig.str()));
}

} // namespace kith::bench
