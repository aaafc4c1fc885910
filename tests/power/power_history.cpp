// SPDX-License-Identifier: GPL-3.0-or-later
// The client's history before and after a loss of power; driven by power_history.py.
//   work FOLDER [digests]   a fixed sequence of calls; after each one a line "done <words>": what its user was told
//   reopen FOLDER           opens and closes: recovery, migration, checkpoint
//   old FOLDER              a history as the first migration made it, with messages
//   ruined FOLDER           a history with a damaged page, and a log that was not moved into it
//   salvage FOLDER          a new history out of it
//   verify FOLDER           what is there: "digest …", a line for each message, "sound"; status 1 where it is damaged
//   rescue FOLDER           the same, out of a damaged one if need be
#include "core/history/history.h"
#include "core/history/salvage.h"

#include <unistd.h>

#include <cstdio>
#include <fstream>
#include <iostream>
#include <sstream>

namespace kith::history {
std::span<const sql::Migration> migrations(); // compiled into kith_history; here for the old schema alone
}

namespace kith {
namespace {

using history::HistoryStore;
using sql::Result;

const UserId kMe("1"), kPeer("2");
const ConversationId kChat("p:1:2"), kGroup("g:7"), kNew("g:8");

sql::SqlError broken(std::string what)
{
    return {sql::SqlErrorCode::Corrupt, std::move(what), 0};
}

crypto::Secret key()
{
    return crypto::Secret::copyOf("0123456789abcdef0123456789abcdef");
}

std::string fileIn(const std::string &folder)
{
    return folder + "/history.db";
}

Timestamp at(std::int64_t seq)
{
    return fromUnixMs(1'700'000'000'000 + seq * 1000);
}

Message message(std::int64_t seq, const UserId &sender = kPeer, std::string body = {})
{
    Message m;
    m.seq = Seq(seq);
    m.id = MessageId("m" + std::to_string(seq));
    m.sender = sender;
    m.body = body.empty() ? "消息 number" + std::to_string(seq) + std::string(static_cast<std::size_t>(seq % 40), 'x')
                          : std::move(body);
    m.createdAt = at(seq);
    return m;
}

Page page(std::int64_t from, std::int64_t to, std::int64_t headSeq, std::size_t more = 0)
{
    Page made{{}, Seq(headSeq), Rev(headSeq), Seq(1)};
    for (auto seq = to; seq >= from; --seq) {
        made.messages.push_back(message(seq));
        made.messages.back().body += std::string(more, 'y');
    }
    return made;
}

Head head(const ConversationId &id, std::int64_t headSeq)
{
    Head h;
    h.conversation = id;
    h.type = id == kChat ? ConversationType::Private : ConversationType::Group;
    h.name = "Somebody";
    h.members = 2;
    h.headSeq = Seq(headSeq);
    h.headRev = Rev(headSeq);
    h.changedAt = at(headSeq);
    h.last = message(headSeq);
    return h;
}

/// All that the tables hold, in their order, as one number (FNV-1a).
Result<std::uint64_t> digest(sql::Database &db)
{
    std::uint64_t hash = 14695981039346656037U;
    const auto add = [&hash](std::string_view bytes) {
        for (const unsigned char byte : bytes)
            hash = (hash ^ byte) * 1099511628211U;
    };
    // quote() tells NULL, '' and 0 apart.
    for (const auto &[table, columns] :
         {std::pair{"settings", "name,value"}, std::pair{"users", "id,username,display_name"},
          std::pair{"conversations", "id,name,title,head_seq,head_rev,floor_seq,known_rev,read_seq,confirmed_read,"
                                     "acked_seq,unread,draft,last_seq,last_body,last_recalled,removed"},
          std::pair{"messages",
                    "id,conversation,seq,server_id,cid,sender,body,created_at,edited_at,recalled,likes,liked,"
                    "state,failure"},
          std::pair{"ranges", "conversation,from_seq,to_seq"},
          std::pair{"receipts", "conversation,user,delivered_seq,read_seq"},
          std::pair{"forgotten", "conversation,below,todo"},
          std::pair{"changes", "id,conversation,message,kind,body"}}) {
        std::string all(columns), each;
        std::istringstream split(all);
        for (std::string column; std::getline(split, column, ',');)
            each += (each.empty() ? "quote(" : "||'|'||quote(") + column + ")";
        KITH_TRY_VALUE(get, db.prepare("SELECT " + each + " FROM " + table + " ORDER BY 1"));
        add(table);
        for (;;) {
            KITH_TRY_VALUE(row, get.step());
            if (!row)
                break;
            add(get.text(0));
            add("\n");
        }
    }
    return hash;
}

class Work {
public:
    Work(std::string folder, bool digests) : m_folder(std::move(folder)), m_digests(digests) {}

    Result<void> open()
    {
        KITH_TRY_VALUE(opened, HistoryStore::open(fileIn(m_folder), key()));
        m_store.emplace(std::move(opened));
        m_store->setSelf(kMe);
        // So that checkpoints come often, and inside commits as they do in a long session.
        return m_store->database().execute("PRAGMA wal_autocheckpoint=60");
    }

    Result<void> all()
    {
        KITH_TRY(open());
        KITH_TRY(told("open"));
        KITH_TRY(start());
        KITH_TRY(outbox());
        KITH_TRY(changes());
        m_store.reset(); // the last connection: checkpoint, the log is removed
        KITH_TRY(open());
        KITH_TRY(told("open"));
        for (int i = 0; i < 6; ++i)
            KITH_TRY(day(i));
        return rest();
    }

private:
    Result<void> told(const std::string &words)
    {
        std::string line = "done " + words;
        if (m_digests) {
            KITH_TRY_VALUE(sum, digest(m_store->database()));
            line += " = " + std::to_string(sum);
        }
        line += '\n';
        return ::write(1, line.data(), line.size()) > 0 ? Result<void>() : Unexpected(broken("nobody listens"));
    }
    Result<void> enqueue(const std::string &cid, const ConversationId &to = kChat)
    {
        KITH_TRY(m_store->enqueue(to, MessageKind::Text, "sent as " + cid, {}, {}, ClientMessageId(cid), at(900)));
        return told("enqueue " + cid);
    }
    Result<void> accept(const std::string &cid, std::int64_t seq)
    {
        KITH_TRY(m_store->accept(ClientMessageId(cid), kChat, Seq(seq), Rev(seq), MessageId("m" + std::to_string(seq)),
                                 at(seq)));
        return told("accept " + cid + " " + std::to_string(seq));
    }
    Result<void> live(std::int64_t seq)
    {
        KITH_TRY(m_store->applyLive(kChat, message(seq), Rev(seq)));
        return told("live " + std::to_string(seq));
    }

    Result<void> start()
    {
        KITH_TRY(m_store->setSetting("device", "the device"));
        KITH_TRY(told("setting device"));
        KITH_TRY(
            m_store->putUsers(std::vector{User{kMe, "me", "I", "", at(1)}, User{kPeer, "peer", "They", "", at(2)}}));
        KITH_TRY(told("users"));
        KITH_TRY(m_store->applyHeads(std::vector{head(kChat, 200), head(kGroup, 60)}));
        KITH_TRY(told("heads"));
        KITH_TRY(m_store->applyPage({kChat, {}, {}, {}, 30}, page(171, 200, 200)));
        KITH_TRY(told("page"));
        KITH_TRY(m_store->applyPage({kChat, Seq(171), {}, {}, 30}, page(141, 170, 200)));
        KITH_TRY(told("page"));
        KITH_TRY(m_store->applyPage({kChat, {}, {}, Seq(50), 20}, page(41, 60, 200))); // between two holes
        KITH_TRY(told("page"));
        KITH_TRY(m_store->applyPage({kGroup, {}, {}, {}, 60}, page(1, 60, 60, 700)));
        KITH_TRY(told("page"));
        KITH_TRY(live(201));
        KITH_TRY(live(205)); // detached: 202 … 204 are a hole
        KITH_TRY(m_store->applyPage({kChat, {}, Seq(201), {}, 3}, page(202, 204, 205)));
        return told("page");
    }

    Result<void> outbox()
    {
        for (const std::string cid : {"c1", "c2", "c3", "c4"})
            KITH_TRY(enqueue(cid));
        KITH_TRY(accept("c1", 206));
        KITH_TRY(m_store->fail(ClientMessageId("c2"), "blocked"));
        KITH_TRY(told("fail c2"));
        KITH_TRY(m_store->retry(ClientMessageId("c2")));
        KITH_TRY(told("retry c2"));
        KITH_TRY(m_store->discard(ClientMessageId("c3")));
        KITH_TRY(told("discard c3"));
        KITH_TRY(accept("c2", 207));
        KITH_TRY(enqueue("c5", kGroup));
        KITH_TRY(m_store->setDraft(kChat, "half a thought"));
        KITH_TRY(told("draft"));
        KITH_TRY(m_store->setDraft(kNew, "to somebody new")); // a conversation that is not there yet
        return told("draft");
    }

    Result<void> changes()
    {
        const auto change = [&](std::int64_t seq, history::ChangeKind kind, std::string_view body) -> Result<void> {
            KITH_TRY_VALUE(found, m_store->message(kChat, Seq(seq)));
            if (!found)
                return Unexpected(broken("a message of this program's own is not there"));
            KITH_TRY(m_store->change(kChat, found->localId, kind, body, true, at(950)));
            return told("change " + std::to_string(seq));
        };
        KITH_TRY(change(206, history::ChangeKind::Edit, "编辑 after the fact"));
        KITH_TRY(change(207, history::ChangeKind::Recall, ""));
        KITH_TRY(change(199, history::ChangeKind::Like, ""));
        for (int i = 0; i < 2; ++i) {
            KITH_TRY_VALUE(due, m_store->dueChanges(1));
            KITH_TRY(m_store->settleChange(due.at(0).id, i == 0, at(960)));
            KITH_TRY(told("settle"));
        }
        KITH_TRY(m_store->applyChange(kChat, message(180, kPeer, "changed by them 甲"), Rev(208)));
        KITH_TRY(told("changed"));
        Message gone = message(181, kPeer, "-");
        gone.recalled = true;
        gone.body.clear();
        KITH_TRY(m_store->applyChanges(kChat, std::vector{gone, message(208)}, Rev(208), Rev(210), true));
        return told("changes");
    }

    /// What comes again and again.
    Result<void> day(int i)
    {
        const std::int64_t seq = 209 + 2 * i;
        const std::string cid = "d" + std::to_string(i);
        KITH_TRY(enqueue(cid));
        KITH_TRY(live(seq));
        KITH_TRY(accept(cid, seq + 1));
        KITH_TRY(m_store->moveRead(kChat, Seq(seq)));
        KITH_TRY(told("read"));
        KITH_TRY(m_store->applyReceipt({kChat, kPeer, Seq(seq), Seq(seq - 1)}));
        KITH_TRY(told("receipt"));
        KITH_TRY(m_store->setDraft(kGroup, std::string(static_cast<std::size_t>(i * 900), 'd')));
        return told("draft");
    }

    Result<void> rest()
    {
        KITH_TRY(m_store->confirmRead(kChat, Seq(210)));
        KITH_TRY(told("confirm"));
        KITH_TRY(m_store->markAcked(std::vector{Receipt{kChat, kMe, Seq(210), Seq(210)}}));
        KITH_TRY(told("acked"));
        KITH_TRY(m_store->removeSetting("device"));
        KITH_TRY(told("setting gone"));
        KITH_TRY(m_store->dropCursors());
        KITH_TRY(told("epoch"));
        KITH_TRY(m_store->applyPage({kChat, {}, {}, {}, 20}, page(201, 220, 220)));
        KITH_TRY(told("page"));
        return forget();
    }

    /// Each piece is one call: nothing between two of them is ever there.
    Result<void> forget()
    {
        KITH_TRY_VALUE(touched, m_store->forget(std::vector{kChat, kGroup}, at(205)));
        KITH_TRY(told("forget " + std::to_string(touched.size())));
        for (;;) {
            KITH_TRY_VALUE(step, m_store->continueForget());
            KITH_TRY(told("piece " + std::to_string(step.removed)));
            if (step.phase == history::ForgetPhase::None)
                break;
        }
        m_store.reset();
        return {};
    }

    std::string m_folder;
    bool m_digests;
    std::optional<HistoryStore> m_store;
};

Result<void> makeRuined(const std::string &folder)
{
    constexpr int kPage = 4096, kDamaged = 12; // the newest writes do not touch it: the log does not repair it
    KITH_TRY(Work(folder, false).all());
    KITH_TRY_VALUE(store, HistoryStore::open(fileIn(folder), key()));
    store.setSelf(kMe);
    for (const std::string cid : {"log1", "log2"})
        KITH_TRY(
            store.enqueue(kChat, MessageKind::Text, "in the log alone, " + cid, {}, {}, ClientMessageId(cid), at(970)));
    {
        std::fstream file(fileIn(folder), std::ios::in | std::ios::out | std::ios::binary);
        file.seekp((kDamaged - 1) * kPage + 100) << "somebody else's bytes";
    }
    ::_exit(0); // as killed: the log stays
}

Result<void> makeOld(const std::string &folder)
{
    KITH_TRY_VALUE(db, sql::Database::open(fileIn(folder), key()));
    KITH_TRY(sql::migrate(db, history::migrations().first(1)));
    return db.execute("INSERT INTO conversations(id,name,head_seq,head_rev) VALUES(1,'p:1:2',40,40);"
                      "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n WHERE i<40) INSERT INTO messages("
                      "conversation,seq,server_id,cid,sender,kind,body,mentions,created_at,recalled,likes,liked,state) "
                      "SELECT 1,i,'m'||i,'','2',0,'old 旧 '||i,'',i,0,0,0,0 FROM n;"
                      "INSERT INTO messages_fts(rowid,body) SELECT id,body FROM messages;"
                      "INSERT INTO ranges VALUES(1,1,40)");
}

/// Every claimed range is here, ranges neither touch nor overlap, and the index agrees with the messages.
Result<void> judge(HistoryStore &store)
{
    auto &db = store.database();
    KITH_TRY(db.integrityCheck());
    KITH_TRY_VALUE(foreign, db.scalar("SELECT count(*) FROM pragma_foreign_key_check"));
    KITH_TRY_VALUE(lacking,
                   db.scalar("SELECT count(*) FROM ranges r WHERE r.to_seq-r.from_seq+1 <> (SELECT count(*) FROM "
                             "messages m WHERE m.conversation=r.conversation AND m.seq BETWEEN r.from_seq AND "
                             "r.to_seq)"));
    KITH_TRY_VALUE(touching,
                   db.scalar("SELECT count(*) FROM ranges a JOIN ranges b ON a.conversation=b.conversation AND "
                             "a.from_seq<b.from_seq AND b.from_seq<=a.to_seq+1"));
    KITH_TRY_VALUE(beyond, db.scalar("SELECT count(*) FROM ranges r JOIN conversations c ON c.id=r.conversation WHERE "
                                     "r.to_seq>c.head_seq OR r.from_seq>r.to_seq"));
    KITH_TRY_VALUE(orphans, db.scalar("SELECT count(*) FROM changes WHERE message NOT IN (SELECT id FROM messages)"));
    if (foreign + lacking + touching + beyond + orphans != 0)
        return Unexpected(broken("rows disagree: " + std::to_string(foreign) + " foreign keys, " +
                                 std::to_string(lacking) + " ranges that lack messages, " + std::to_string(touching) +
                                 " that touch, " + std::to_string(beyond) + " beyond the head, " +
                                 std::to_string(orphans) + " changes of no message"));
    // FTS5 compares with the whole content table, and messages that are unsent or recalled are not indexed: without
    // them, for a moment.
    KITH_TRY_VALUE(aside, sql::Transaction::begin(db));
    KITH_TRY(db.execute("DELETE FROM messages WHERE seq IS NULL OR body=''"));
    return db.execute("INSERT INTO messages_fts(messages_fts,rank) VALUES('integrity-check',1)");
}

Result<void> verify(const std::string &folder)
{
    KITH_TRY_VALUE(store, HistoryStore::open(fileIn(folder), key()));
    store.setSelf(kMe);
    KITH_TRY_VALUE(sum, digest(store.database()));
    std::cout << "digest " << sum << '\n';
    {
        KITH_TRY_VALUE(get, store.database().prepare("SELECT coalesce(seq,0),cid,body FROM messages ORDER BY id"));
        for (;;) {
            KITH_TRY_VALUE(row, get.step());
            if (!row)
                break;
            std::cout << "message " << get.integer(0) << ' ' << (get.text(1).empty() ? "-" : get.text(1)) << ' '
                      << get.text(2) << '\n';
        }
    }
    KITH_TRY(judge(store));
    // It is not only readable: life goes on.
    KITH_TRY(store.enqueue(kChat, MessageKind::Text, "after the loss", {}, {}, ClientMessageId("after"), at(990)));
    KITH_TRY(judge(store));
    std::cout << "sound\n";
    return {};
}

Result<void> rescue(const std::string &folder)
{
    const auto sound = [&]() -> Result<void> {
        KITH_TRY_VALUE(store, HistoryStore::open(fileIn(folder), key()));
        return judge(store);
    };
    if (!sound())
        KITH_TRY(history::salvage(fileIn(folder), key()));
    return verify(folder);
}

Result<void> run(const std::string &what, const std::string &folder, bool digests)
{
    if (what == "work")
        return Work(folder, digests).all();
    if (what == "old")
        return makeOld(folder);
    if (what == "ruined")
        return makeRuined(folder);
    if (what == "salvage") {
        KITH_TRY(history::salvage(fileIn(folder), key()));
        return {};
    }
    if (what == "rescue")
        return rescue(folder);
    if (what == "verify")
        return verify(folder);
    KITH_TRY(HistoryStore::open(fileIn(folder), key()));
    return {};
}

} // namespace
} // namespace kith

int main(int argc, char **argv)
{
    if (argc < 3)
        return 2;
    const auto done = kith::run(argv[1], argv[2], argc > 3);
    if (done)
        return 0;
    std::cerr << argv[1] << ": error " << static_cast<int>(done.error().code) << ", " << done.error().detail << '\n';
    return 1;
}
