// SPDX-License-Identifier: GPL-3.0-or-later
// Taking old messages off this computer (docs/decisions/0013): at once for whoever reads, then piece by piece from
// disk.
#include "core/history/impl.h"

#include <algorithm>
#include <filesystem>

namespace kith::history {
namespace {

constexpr std::string_view kPhaseSetting = "history.forget";
// What waits behind one piece on the store's thread waits some milliseconds.
constexpr std::int64_t kRows = 200;
constexpr std::int64_t kIndexPages = 64;
constexpr std::int64_t kEmptyPages = 256;
// Messages of each end of a conversation that its footprint is told from.
constexpr std::int64_t kSample = 60;
// Of a message, beside its words: ids, times, its rows in three indexes.
constexpr double kRowBytes = 160;
// Its words lie in the message and, as positions, twice in the index.
constexpr double kTimesBody = 1.8;

struct Phase {
    ForgetPhase phase;
    std::string_view name;
};
constexpr Phase kPhases[] = {{ForgetPhase::Rows, "rows"}, {ForgetPhase::Index, "index"}, {ForgetPhase::Space, "space"}};

std::string_view nameOf(ForgetPhase phase)
{
    for (const Phase &one : kPhases)
        if (one.phase == phase)
            return one.name;
    return {};
}

ForgetPhase phaseOf(const std::optional<std::string> &name)
{
    for (const Phase &one : kPhases)
        if (name == one.name)
            return one.phase;
    return ForgetPhase::None;
}

std::int64_t sizeOf(const std::string &path)
{
    std::error_code error;
    const auto size = std::filesystem::file_size(path, error);
    return error ? 0 : static_cast<std::int64_t>(size);
}

struct Owner {
    bool archive = false, removed = false;
    std::int64_t floor = 1;
};

Result<Owner> ownerOf(sql::Database &db, std::int64_t key)
{
    KITH_TRY_VALUE(get, db.cached("SELECT instr(name,'#')>0,removed,floor_seq FROM conversations WHERE id=?"));
    get->bind(1, key);
    KITH_TRY_VALUE(row, get->step());
    return row ? Owner{get->integer(0) != 0, get->integer(1) != 0, get->integer(2)} : Owner{};
}

} // namespace

Result<std::int64_t> HistoryStore::Impl::keptFrom(std::int64_t conversation)
{
    if (noForgotten)
        return std::int64_t{0};
    KITH_TRY_VALUE(get, db.cached("SELECT below FROM forgotten WHERE conversation=?"));
    get->bind(1, conversation);
    KITH_TRY_VALUE(row, get->step());
    return row ? get->integer(0) : std::int64_t{0};
}

Result<bool> HistoryStore::Impl::isForgotten(std::int64_t conversation, std::int64_t seq)
{
    KITH_TRY_VALUE(from, keptFrom(conversation));
    if (seq >= from)
        return false;
    KITH_TRY_VALUE(range, rangeOf(conversation, seq));
    return !range;
}

Result<std::int64_t> HistoryStore::Impl::cutAt(std::int64_t conversation, Timestamp before)
{
    const auto isOlder = [&](std::int64_t seq) -> Result<bool> {
        KITH_TRY_VALUE(get, db.cached("SELECT created_at FROM messages WHERE conversation=? AND seq=?"));
        get->bind(1, conversation).bind(2, seq);
        KITH_TRY_VALUE(row, get->step());
        return row && get->integer(0) < toUnixMs(before);
    };
    std::vector<std::pair<std::int64_t, std::int64_t>> ranges;
    {
        KITH_TRY_VALUE(get, db.cached("SELECT from_seq,to_seq FROM ranges WHERE conversation=? ORDER BY from_seq"));
        get->bind(1, conversation);
        for (;;) {
            KITH_TRY_VALUE(row, get->step());
            if (!row)
                break;
            ranges.emplace_back(get->integer(0), get->integer(1));
        }
    }
    // The server's time runs with its seqs. What is in a hole has no time here: it is no older than what is above it.
    std::int64_t cut = 0;
    for (auto [low, high] : ranges) {
        KITH_TRY_VALUE(whole, isOlder(high));
        if (whole) {
            cut = high + 1;
            continue;
        }
        const std::int64_t first = low;
        while (low < high) {
            const std::int64_t middle = low + (high - low) / 2;
            KITH_TRY_VALUE(older, isOlder(middle));
            (older ? low : high) = older ? middle + 1 : middle;
        }
        return low > first ? low : cut;
    }
    return cut;
}

Result<ForgetSurvey> HistoryStore::surveyForget(std::span<const ConversationId> ids, Timestamp before)
{
    auto &db = m_impl->db;
    ForgetSurvey survey;
    for (const auto &id : ids) {
        KITH_TRY_VALUE(key, m_impl->key(id, false));
        KITH_TRY_VALUE(cut, m_impl->cutAt(key, before));
        KITH_TRY_VALUE(owner, ownerOf(db, key));
        const auto below = [&](std::int64_t end) -> Result<std::int64_t> {
            KITH_TRY_VALUE(get, db.cached("SELECT coalesce(sum(min(to_seq+1,?2)-from_seq),0) FROM ranges WHERE "
                                          "conversation=?1 AND from_seq<?2"));
            get->bind(1, key).bind(2, end);
            KITH_TRY_VALUE(row, get->step());
            return row ? get->integer(0) : std::int64_t{0};
        };
        KITH_TRY_VALUE(all, below(cut));
        std::int64_t stay = 0;
        {
            KITH_TRY_VALUE(get, db.cached("SELECT count(DISTINCT m.seq) FROM changes h JOIN messages m ON m.id="
                                          "h.message WHERE h.conversation=?1 AND m.seq<?2"));
            get->bind(1, key).bind(2, cut);
            KITH_TRY_VALUE(row, get->step());
            stay = row ? get->integer(0) : 0;
        }
        if (all <= stay)
            continue;
        KITH_TRY_VALUE(underFloor, below(std::min(cut, owner.floor)));
        ++survey.conversations;
        survey.messages += all - stay;
        survey.forGood += owner.archive || owner.removed ? all - stay : std::min(underFloor, all - stay);
    }
    return survey;
}

Result<std::vector<ConversationId>> HistoryStore::forget(std::span<const ConversationId> ids, Timestamp before)
{
    auto &db = m_impl->db;
    KITH_TRY_VALUE(transaction, sql::Transaction::begin(db));
    std::vector<ConversationId> touched;
    for (const auto &id : ids) {
        KITH_TRY_VALUE(key, m_impl->key(id, false));
        KITH_TRY_VALUE(cut, m_impl->cutAt(key, before));
        if (cut == 0)
            continue;
        touched.push_back(id);
        std::vector<std::int64_t> waiting; // for the server to take a change of theirs: the change is not sent without
        {
            KITH_TRY_VALUE(get, db.cached("SELECT DISTINCT m.seq FROM changes h JOIN messages m ON m.id=h.message "
                                          "WHERE h.conversation=?1 AND m.seq<?2"));
            get->bind(1, key).bind(2, cut);
            for (;;) {
                KITH_TRY_VALUE(row, get->step());
                if (!row)
                    break;
                waiting.push_back(get->integer(0));
            }
        }
        KITH_TRY(subtract(db, "ranges", key, 0, cut - 1));
        KITH_TRY(subtract(db, "suspects", key, 0, cut - 1));
        for (const auto seq : waiting)
            KITH_TRY(m_impl->claim(key, seq, seq));
        KITH_TRY_VALUE(mark, db.cached("INSERT INTO forgotten VALUES(?1,?2,?2) ON CONFLICT(conversation) DO UPDATE SET "
                                       "below=max(below,?2),todo=max(todo,?2)"));
        KITH_TRY(mark->bind(1, key).bind(2, cut).run());
        m_impl->noForgotten = false;
        // The line of the list is a piece of a message too. Its time stays: the conversation keeps its place.
        KITH_TRY_VALUE(line, db.cached("UPDATE conversations SET last_seq=0,last_id='',last_sender='',last_kind=0,"
                                       "last_body='',last_recalled=0 WHERE id=?1 AND last_seq<?2 AND NOT EXISTS "
                                       "(SELECT 1 FROM ranges r WHERE r.conversation=?1 AND last_seq BETWEEN "
                                       "r.from_seq AND r.to_seq)"));
        KITH_TRY(line->bind(1, key).bind(2, cut).run());
        // Nobody has what an archive had.
        KITH_TRY_VALUE(floor, db.cached("UPDATE conversations SET floor_seq=max(floor_seq,?2) WHERE id=?1 AND "
                                        "instr(name,'#')>0"));
        KITH_TRY(floor->bind(1, key).bind(2, cut).run());
    }
    if (!touched.empty())
        KITH_TRY(setSetting(kPhaseSetting, nameOf(ForgetPhase::Rows)));
    KITH_TRY(transaction.commit());
    return touched;
}

Result<ForgetStep> HistoryStore::continueForget()
{
    auto &db = m_impl->db;
    KITH_TRY_VALUE(name, setting(kPhaseSetting));
    const ForgetPhase phase = phaseOf(name);
    const auto goOn = [&](ForgetPhase next) -> Result<ForgetStep> {
        KITH_TRY(setSetting(kPhaseSetting, nameOf(next)));
        return ForgetStep{next, 0};
    };
    switch (phase) {
    case ForgetPhase::None:
        return ForgetStep{};
    case ForgetPhase::Rows: {
        KITH_TRY_VALUE(transaction, sql::Transaction::begin(db));
        KITH_TRY_VALUE(step, m_impl->deleteRows());
        if (step.phase != ForgetPhase::Rows) {
            // All segments of the index become one, in pieces: the words that are only marked as deleted stay behind.
            KITH_TRY(db.execute("INSERT INTO messages_fts(messages_fts,rank) VALUES('merge',-" +
                                std::to_string(kIndexPages) + ")"));
            KITH_TRY(setSetting(kPhaseSetting, nameOf(step.phase)));
        }
        KITH_TRY(transaction.commit());
        return step;
    }
    case ForgetPhase::Index: {
        KITH_TRY_VALUE(before, db.scalar("SELECT total_changes()"));
        KITH_TRY(db.execute("INSERT INTO messages_fts(messages_fts,rank) VALUES('merge'," +
                            std::to_string(kIndexPages) + ")"));
        KITH_TRY_VALUE(after, db.scalar("SELECT total_changes()"));
        if (after - before >=
            2) // less: FTS5's own sign that nothing is left to do (sqlite.org/fts5.html#the_merge_command)
            return ForgetStep{ForgetPhase::Index, 0};
        return goOn(ForgetPhase::Space);
    }
    case ForgetPhase::Space: {
        KITH_TRY_VALUE(empty, db.scalar("PRAGMA freelist_count"));
        KITH_TRY_VALUE(way, db.scalar("PRAGMA auto_vacuum")); // 2: it can; files of the first versions cannot
        if (empty > 0 && way == 2) {
            KITH_TRY(db.execute("PRAGMA incremental_vacuum(" + std::to_string(kEmptyPages) + ")"));
            return ForgetStep{ForgetPhase::Space, 0};
        }
        KITH_TRY(removeSetting(kPhaseSetting));
        // The file still has the pages as they were, and the log an older form of them.
        KITH_TRY(db.scalar("PRAGMA wal_checkpoint(TRUNCATE)"));
        return ForgetStep{};
    }
    }
    return ForgetStep{};
}

Result<ForgetStep> HistoryStore::Impl::deleteRows()
{
    std::int64_t conversation = 0, todo = 0;
    {
        KITH_TRY_VALUE(get, db.cached("SELECT conversation,todo FROM forgotten WHERE todo>0 LIMIT 1"));
        KITH_TRY_VALUE(row, get->step());
        if (!row)
            return ForgetStep{ForgetPhase::Index, 0};
        conversation = get->integer(0);
        todo = get->integer(1);
    }
    std::vector<std::pair<std::int64_t, std::string>> rows;
    {
        KITH_TRY_VALUE(get, db.cached("SELECT m.id,m.body FROM messages m WHERE m.conversation=?1 AND m.seq<?2 AND NOT "
                                      "EXISTS (SELECT 1 FROM ranges r WHERE r.conversation=?1 AND r.from_seq<=m.seq "
                                      "AND r.to_seq>=m.seq) ORDER BY m.seq LIMIT ?3"));
        get->bind(1, conversation).bind(2, todo).bind(3, kRows);
        for (;;) {
            KITH_TRY_VALUE(row, get->step());
            if (!row)
                break;
            rows.emplace_back(get->integer(0), get->text(1));
        }
    }
    for (const auto &[id, body] : rows) {
        if (!body.empty()) {
            KITH_TRY_VALUE(drop, db.cached("INSERT INTO messages_fts(messages_fts,rowid,body) VALUES('delete',?,?)"));
            KITH_TRY(drop->bindAll(id, body).run());
        }
        KITH_TRY_VALUE(remove, db.cached("DELETE FROM messages WHERE id=?"));
        KITH_TRY(remove->bind(1, id).run());
    }
    if (static_cast<std::int64_t>(rows.size()) < kRows) {
        KITH_TRY_VALUE(done, db.cached("UPDATE forgotten SET todo=0 WHERE conversation=?"));
        KITH_TRY(done->bind(1, conversation).run());
        KITH_TRY(db.execute("DELETE FROM forgotten WHERE below=0 AND todo=0"));
    }
    return ForgetStep{ForgetPhase::Rows, static_cast<std::int64_t>(rows.size())};
}

Result<void> HistoryStore::wantAgain(const ConversationId &id, Seq from)
{
    KITH_TRY_VALUE(transaction, sql::Transaction::begin(m_impl->db));
    KITH_TRY_VALUE(key, m_impl->key(id, false));
    KITH_TRY_VALUE(set, m_impl->db.cached("UPDATE forgotten SET below=CASE WHEN ?2<=1 THEN 0 ELSE min(below,?2) END "
                                          "WHERE conversation=?1"));
    KITH_TRY(set->bind(1, key).bind(2, from.value()).run());
    KITH_TRY(m_impl->db.execute("DELETE FROM forgotten WHERE below=0 AND todo=0"));
    return transaction.commit();
}

Result<Footprint> HistoryStore::footprint(const ConversationId &id)
{
    Footprint print;
    KITH_TRY_VALUE(key, m_impl->key(id, false));
    std::int64_t from = 0, here = 0;
    {
        KITH_TRY_VALUE(get, m_impl->db.cached("SELECT min(from_seq),coalesce(sum(to_seq-from_seq+1),0) FROM ranges "
                                              "WHERE conversation=?"));
        get->bind(1, key);
        KITH_TRY_VALUE(row, get->step());
        if (!row || get->isNull(0))
            return print;
        from = get->integer(0);
        here = get->integer(1);
    }
    double bytes = 0, messages = 0;
    for (const auto *const end : {"SELECT created_at,octet_length(body) FROM messages WHERE conversation=?1 AND "
                                  "seq>=?2 ORDER BY seq LIMIT ?3",
                                  "SELECT created_at,octet_length(body) FROM messages WHERE conversation=?1 AND "
                                  "seq>=?2 ORDER BY seq DESC LIMIT ?3"}) {
        KITH_TRY_VALUE(get, m_impl->db.cached(end));
        get->bind(1, key).bind(2, from).bind(3, kSample);
        for (;;) {
            KITH_TRY_VALUE(row, get->step());
            if (!row)
                break;
            if (!print.oldest)
                print.oldest = fromUnixMs(get->integer(0));
            bytes += static_cast<double>(get->integer(1));
            ++messages;
        }
    }
    if (messages > 0)
        print.weight = static_cast<double>(here) * (kRowBytes + kTimesBody * bytes / messages);
    return print;
}

Result<FileSize> HistoryStore::fileSize()
{
    const std::string &path = m_impl->db.path();
    KITH_TRY_VALUE(empty, m_impl->db.scalar("PRAGMA freelist_count"));
    KITH_TRY_VALUE(page, m_impl->db.scalar("PRAGMA page_size"));
    return FileSize{sizeOf(path) + sizeOf(path + "-wal"), empty * page};
}

} // namespace kith::history
