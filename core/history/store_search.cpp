// SPDX-License-Identifier: GPL-3.0-or-later
// Search (docs/decisions/0003): by the index where words are looked for, else down the messages themselves.
#include "core/history/impl.h"
#include "core/sql/cjk_tokenizer.h"

#include <algorithm>

namespace kith::history {
namespace {

// Hits of the index that are looked at in one piece: what waits behind it on the store's thread waits some 10 ms.
constexpr std::int64_t kPiece = 6'000;
// Messages of one step down from the newest.
constexpr std::int64_t kStep = 2'000;
// A walk for a frequent word that finds no page in so many steps gives way to the whole index: other filters make its
// hits rare.
constexpr int kMostSteps = 40;
// Rows this near to each other are asked of the index in one go.
constexpr std::int64_t kNear = 200;

/// In the words of FTS5, made of the tokenizer's own tokens: no query language of the user's text gets through.
/// Nothing: the text has no word in it.
std::optional<std::string> matchOf(const SearchQuery &query)
{
    std::string match;
    const auto also = [&match](const std::string &part) { match += (match.empty() ? "" : " AND ") + part; };
    for (std::size_t i = 0; i < query.phrases.size(); ++i) {
        std::string phrase, last;
        sql::tokenizeCjk(query.phrases[i], [&](std::string_view token, std::size_t, std::size_t) {
            phrase += (phrase.empty() ? "" : " ") + std::string(token);
            last = token;
            return true;
        });
        if (phrase.empty())
            continue; // punctuation: it says nothing
        const bool open = query.lastOpen && i + 1 == query.phrases.size() && isBeginning(last);
        also('"' + phrase + '"' + (open ? " *" : ""));
    }
    if (match.empty() && !query.phrases.empty())
        return std::nullopt;
    if (query.hasLink)
        also("(\"http\" OR \"https\")");
    return match;
}

/// Whether row `m` is a hit, apart from the words, as an SQL expression with parameters from ?10 on.
std::string conditionOf(const SearchQuery &query)
{
    std::string sql = "(m.seq IS NOT NULL AND m.recalled=0 AND m.kind<>?10";
    int at = 10;
    const auto list = [&](const char *column, std::size_t count) {
        sql += std::string(" AND ") + column + " IN (";
        for (std::size_t i = 0; i < count; ++i)
            sql += (i ? ",?" : "?") + std::to_string(++at);
        sql += ')';
    };
    if (!query.from.empty())
        list("m.sender", query.from.size());
    if (!query.in.empty())
        list("m.conversation", query.in.size());
    if (query.notBefore)
        sql += " AND m.created_at>=?" + std::to_string(++at);
    if (query.before)
        sql += " AND m.created_at<?" + std::to_string(++at);
    if (query.hasLink)
        sql += " AND (instr(lower(m.body),'http://')>0 OR instr(lower(m.body),'https://')>0)";
    if (query.below) {
        sql += " AND (m.created_at,m.id)<(?" + std::to_string(at + 1) + ",?" + std::to_string(at + 2) + ')';
        at += 2;
    }
    return sql + ')';
}

void bindCondition(sql::Statement &s, const SearchRun &run)
{
    const SearchQuery &query = run.query;
    int at = 10;
    s.bind(at, static_cast<std::int64_t>(MessageKind::System));
    for (const auto &user : query.from)
        s.bind(++at, user.str());
    for (const auto conversation : run.conversations)
        s.bind(++at, conversation);
    if (query.notBefore)
        s.bind(++at, toUnixMs(*query.notBefore));
    if (query.before)
        s.bind(++at, toUnixMs(*query.before));
    if (query.below) {
        s.bind(++at, toUnixMs(query.below->at));
        s.bind(++at, query.below->localId);
    }
}

void keep(SearchRun &run, const SearchPlace &place)
{
    const auto newest = std::greater<>();
    const auto most = static_cast<std::size_t>(run.query.limit) + 1;
    if (run.best.size() == most && place < run.best.front())
        return;
    run.best.push_back(place);
    std::push_heap(run.best.begin(), run.best.end(), newest);
    if (run.best.size() > most) {
        std::pop_heap(run.best.begin(), run.best.end(), newest);
        run.best.pop_back();
    }
}

} // namespace

Result<SearchRun> HistoryStore::beginSearch(SearchQuery query)
{
    SearchRun run;
    const auto match = matchOf(query);
    run.match = match.value_or(std::string());
    run.phase = run.match.empty() ? SearchRun::Phase::Walk : SearchRun::Phase::Probe;
    std::vector<ConversationId> known;
    for (const auto &id : query.in) {
        KITH_TRY_VALUE(key, m_impl->key(id, false));
        if (key == 0)
            continue;
        run.conversations.push_back(key);
        known.push_back(id);
    }
    run.over = query.isEmpty() || query.limit < 1 || !match || (known.empty() && !query.in.empty());
    query.in = std::move(known);
    run.query = std::move(query);
    return run;
}

Result<void> HistoryStore::continueSearch(SearchRun &run)
{
    if (run.over)
        return {};
    return run.phase == SearchRun::Phase::Walk ? m_impl->walkDown(run) : m_impl->readIndex(run);
}

Result<void> HistoryStore::Impl::readIndex(SearchRun &run)
{
    KITH_TRY_VALUE(look,
                   db.prepare("SELECT m.id,m.created_at," + conditionOf(run.query) +
                              " FROM (SELECT rowid AS row FROM messages_fts WHERE messages_fts MATCH ?1 AND rowid>?2 "
                              "ORDER BY rowid LIMIT ?3) f CROSS JOIN messages m ON m.id=f.row"));
    look.bind(1, run.match).bind(2, run.last ? run.last->localId : std::int64_t{0}).bind(3, kPiece);
    bindCondition(look, run);
    std::int64_t rows = 0;
    for (;; ++rows) {
        KITH_TRY_VALUE(row, look.step());
        if (!row)
            break;
        run.last = SearchPlace{fromUnixMs(look.integer(1)), look.integer(0)};
        if (look.integer(2) != 0)
            keep(run, *run.last);
    }
    if (rows < kPiece) {
        run.over = true;
    } else if (run.phase == SearchRun::Phase::Probe) {
        run.phase = SearchRun::Phase::Walk;
        run.last.reset();
        run.best.clear();
    }
    return {};
}

Result<void> HistoryStore::Impl::walkDown(SearchRun &run)
{
    const SearchQuery &query = run.query;
    const bool byTime = run.conversations.empty();
    KITH_TRY_VALUE(step, nextStep(run));
    std::vector<std::int64_t> rows;
    for (const auto &one : step)
        if (!byTime || query.from.empty() ||
            std::find(query.from.begin(), query.from.end(), one.sender) != query.from.end())
            rows.push_back(one.id);
    std::sort(rows.begin(), rows.end());
    if (!run.match.empty())
        KITH_TRY(keepMatching(run.match, rows));
    std::vector<SearchPlace> hits;
    {
        KITH_TRY_VALUE(look,
                       db.prepare("SELECT m.id,m.created_at," + conditionOf(query) + " FROM messages m WHERE m.id=?1"));
        for (const auto id : rows) {
            look.bind(1, id);
            bindCondition(look, run);
            KITH_TRY_VALUE(row, look.step());
            if (row && look.integer(2) != 0)
                hits.push_back({fromUnixMs(look.integer(1)), look.integer(0)});
            look.reset();
        }
    }
    for (const auto &hit : hits)
        keep(run, hit);
    run.inWalk += static_cast<std::int64_t>(hits.size());
    ++run.steps;
    const bool old = byTime && query.notBefore && run.last && run.last->at < *query.notBefore;
    if (static_cast<std::int64_t>(step.size()) < kStep || run.inWalk > query.limit || old) {
        // Below it there is nothing newer than what is found.
        run.last.reset();
        run.inWalk = 0;
        run.over = byTime || ++run.walk == run.conversations.size();
    } else if (!run.match.empty() && run.steps >= kMostSteps) {
        run.phase = SearchRun::Phase::Whole;
        run.last.reset();
        run.best.clear();
    }
    return {};
}

Result<std::vector<HistoryStore::Impl::Stepped>> HistoryStore::Impl::nextStep(SearchRun &run)
{
    const SearchQuery &query = run.query;
    std::vector<Stepped> step;
    if (!run.conversations.empty()) { // within a conversation the order of numbers is the order of time
        const std::int64_t conversation = run.conversations[run.walk];
        std::int64_t below = run.last ? run.last->localId : kMaxWireInteger;
        if (!run.last && query.below) {
            KITH_TRY_VALUE(get,
                           db.cached("SELECT seq FROM messages WHERE id=? AND conversation=? AND seq IS NOT NULL"));
            get->bind(1, query.below->localId).bind(2, conversation);
            KITH_TRY_VALUE(row, get->step());
            below = row ? get->integer(0) : below;
        }
        KITH_TRY_VALUE(
            get, db.cached("SELECT id,seq FROM messages WHERE conversation=? AND seq<? ORDER BY seq DESC LIMIT ?"));
        get->bind(1, conversation).bind(2, below).bind(3, kStep);
        for (;;) {
            KITH_TRY_VALUE(row, get->step());
            if (!row)
                return step;
            step.push_back({get->integer(0), {}});
            run.last = SearchPlace{{}, get->integer(1)};
        }
    }
    SearchPlace below = run.last ? *run.last : query.below.value_or(SearchPlace{fromUnixMs(kMaxWireInteger), 0});
    if (query.before && *query.before <= below.at)
        below = {*query.before, 0};
    KITH_TRY_VALUE(get,
                   db.cached("SELECT id,created_at,sender FROM messages INDEXED BY messages_by_time WHERE "
                             "created_at<=?1 AND (created_at<?1 OR id<?2) ORDER BY created_at DESC,id DESC LIMIT ?3"));
    get->bind(1, toUnixMs(below.at)).bind(2, below.localId).bind(3, kStep);
    for (;;) {
        KITH_TRY_VALUE(row, get->step());
        if (!row)
            return step;
        step.push_back({get->integer(0), UserId(get->text(2))});
        run.last = SearchPlace{fromUnixMs(get->integer(1)), get->integer(0)};
    }
}

Result<void> HistoryStore::Impl::keepMatching(const std::string &match, std::vector<std::int64_t> &rows)
{
    std::vector<std::int64_t> matching;
    KITH_TRY_VALUE(look,
                   db.cached("SELECT rowid FROM messages_fts WHERE messages_fts MATCH ? AND rowid BETWEEN ? AND ?"));
    for (std::size_t from = 0, to = 0; from < rows.size(); from = to) {
        for (to = from + 1; to < rows.size() && rows[to] - rows[to - 1] <= kNear;)
            ++to;
        look->bind(1, match).bind(2, rows[from]).bind(3, rows[to - 1]);
        for (;;) {
            KITH_TRY_VALUE(row, look->step());
            if (!row)
                break;
            if (std::binary_search(rows.begin() + static_cast<std::ptrdiff_t>(from),
                                   rows.begin() + static_cast<std::ptrdiff_t>(to), look->integer(0)))
                matching.push_back(look->integer(0));
        }
        look->reset();
    }
    rows = std::move(matching);
    return {};
}

Result<SearchPage> HistoryStore::finishSearch(SearchRun &&run)
{
    SearchPage page;
    std::sort(run.best.begin(), run.best.end(), std::greater<>());
    page.more = run.best.size() > static_cast<std::size_t>(run.query.limit);
    if (page.more)
        run.best.pop_back();
    for (const auto &place : run.best) {
        KITH_TRY_VALUE(get, m_impl->db.cached(selectMessages("WHERE m.id=?")));
        get->bind(1, place.localId);
        KITH_TRY_VALUE(found, m_impl->rows(*get));
        for (auto &one : found) {
            if (one.message.recalled)
                continue; // by a change that waits
            KITH_TRY_VALUE(key, m_impl->key(one.conversation, false));
            KITH_TRY_VALUE(forgotten, m_impl->isForgotten(key, one.message.seq.value()));
            if (forgotten)
                continue; // its row waits to be deleted
            Snippet snippet = makeSnippet(one.message.body, run.query);
            page.hits.push_back({std::move(one), std::move(snippet)});
        }
    }
    return page;
}

Result<SearchPage> HistoryStore::search(const SearchQuery &query)
{
    KITH_TRY_VALUE(run, beginSearch(query));
    while (!run.over)
        KITH_TRY(continueSearch(run));
    return finishSearch(std::move(run));
}

Result<SearchReach> HistoryStore::searchReach(std::span<const ConversationId> in)
{
    struct Place {
        ConversationId id;
        bool removed = false;
    };
    std::vector<Place> places;
    {
        KITH_TRY_VALUE(all, m_impl->db.cached("SELECT name,removed FROM conversations"));
        for (;;) {
            KITH_TRY_VALUE(row, all->step());
            if (!row)
                break;
            Place place{ConversationId(all->text(0)), all->integer(1) != 0};
            if (in.empty() || std::find(in.begin(), in.end(), place.id) != in.end())
                places.push_back(std::move(place));
        }
    }
    SearchReach reach;
    for (const auto &place : places) {
        KITH_TRY_VALUE(covered, coverage(place.id));
        ++reach.conversations;
        reach.messages += covered.messagesHere;
        reach.holes += static_cast<std::int64_t>(covered.holes.size());
        for (const auto &hole : covered.holes)
            (place.removed || isArchive(place.id) ? reach.lost : reach.missing) +=
                hole.to.value() - hole.from.value() + 1;
        KITH_TRY_VALUE(oldest,
                       m_impl->db.cached("SELECT created_at FROM messages WHERE conversation=(SELECT id FROM "
                                         "conversations WHERE name=?) AND seq IS NOT NULL ORDER BY seq LIMIT 1"));
        oldest->bind(1, place.id.str());
        KITH_TRY_VALUE(row, oldest->step());
        if (!row)
            continue;
        const Timestamp at = fromUnixMs(oldest->integer(0));
        reach.since = reach.since ? std::min(*reach.since, at) : at;
    }
    return reach;
}

} // namespace kith::history
