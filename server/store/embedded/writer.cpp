// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/store/embedded/writer.h"

#include "server/store/embedded/rows.h"

#include <algorithm>

namespace kith::server::embedded {

StoreResult<std::unique_ptr<Writer>> Writer::make(Engine engine, const Clock &clock, WriterRules rules)
{
    // Ids only grow, so the newest row of each table has its largest.
    KITH_TRY_VALUE(message, engine.number("SELECT message_id FROM messages ORDER BY id DESC LIMIT 1"));
    KITH_TRY_VALUE(user, engine.number("SELECT max(id) FROM users"));
    const std::int64_t highest =
        std::max(message.value_or(0), user.value_or(0)); // a group's is below its first notice's
    const std::int64_t lastMs = highest == 0 ? 0 : toUnixMs(IdGenerator::timeOf(highest));
    return std::unique_ptr<Writer>(new Writer(std::move(engine), clock, rules, highest, lastMs));
}

Writer::Writer(Engine engine, const Clock &clock, WriterRules rules, std::int64_t highestId, std::int64_t lastMs)
    : m_engine(std::move(engine)), m_clock(clock), m_rules(rules), m_ids(rules.node, highestId), m_lastMs(lastMs)
{
}

std::int64_t Writer::now()
{
    m_lastMs = std::max(m_lastMs, toUnixMs(m_clock.now()));
    return m_lastMs;
}

StoreResult<void> Writer::begin()
{
    return m_engine.run("BEGIN IMMEDIATE");
}

StoreResult<void> Writer::commit()
{
    KITH_TRY(saveCursors());
    return m_engine.run("COMMIT");
}

void Writer::rollback()
{
    // After some errors (a full disk) SQLite has rolled back by itself; then this fails, which is as good.
    (void)m_engine.database().execute("ROLLBACK");
    m_engine.clearSpoiled();
    m_cache.clear();
    m_moved.clear();
}

StoreResult<void> Writer::setMeta(std::string_view name, const std::string &value)
{
    return m_engine.run("INSERT INTO meta (name, value) VALUES (?1, ?2) "
                        "ON CONFLICT (name) DO UPDATE SET value = excluded.value",
                        name, value);
}

StoreResult<ConversationState *> Writer::load(const ConversationId &id)
{
    if (auto *known = m_cache.find(id))
        return known;
    KITH_TRY(saveCursors()); // what is read here must be the newest
    KITH_TRY_VALUE(state, m_engine.one(
                              "SELECT id, type, name, avatar, about, head_seq, head_rev, changed_ms, "
                              "members_version FROM conversations WHERE wire = ?1",
                              [&](const sql::Statement &row) {
                                  ConversationState s;
                                  s.key = row.integer(0);
                                  s.id = id;
                                  s.type = static_cast<ConversationType>(row.integer(1));
                                  s.name = row.text(2);
                                  s.avatar = row.text(3);
                                  s.about = row.text(4);
                                  s.headSeq = Seq(row.integer(5));
                                  s.headRev = Rev(row.integer(6));
                                  s.changedMs = row.integer(7);
                                  s.membersVersion = row.integer(8);
                                  return s;
                              },
                              id.str()));
    if (!state)
        return nullptr;
    KITH_TRY(m_engine.each(
        "SELECT user, role, joined_ms, read_seq, delivered_seq FROM members WHERE conversation = ?1 AND removed = 0 "
        "ORDER "
        "BY user",
        [&](const sql::Statement &row) {
            state->members.push_back(
                {row.integer(0), static_cast<Role>(row.integer(1)), row.integer(2), row.integer(3), row.integer(4)});
        },
        state->key));
    if (state->type == ConversationType::Private) {
        if (state->members.size() != 2)
            return Unexpected(StoreError::Unavailable); // never written so
        for (int i = 0; i < 2; ++i) {
            KITH_TRY_VALUE(isBlocking, blocks(state->members[i].user, state->members[1 - i].user));
            KITH_TRY_VALUE(isUsable, usable(state->members[i].user));
            state->blocks[i] = isBlocking;
            state->disabled[i] = !isUsable;
        }
    }
    state->renewList();
    return m_cache.put(std::move(*state));
}

StoreResult<Writer::Actor> Writer::actor(const UserId &user, const ConversationId &conversation)
{
    KITH_TRY_VALUE(state, load(conversation));
    if (!state)
        return Unexpected(StoreError::NotFound);
    auto *member = state->find(number(user));
    if (!member)
        return Unexpected(StoreError::NotMember);
    return Actor{state, member};
}

StoreResult<bool> Writer::blocks(std::int64_t user, std::int64_t other)
{
    KITH_TRY_VALUE(found, m_engine.number("SELECT 1 FROM blocks WHERE user = ?1 AND other = ?2", user, other));
    return found.has_value();
}

StoreResult<bool> Writer::usable(std::int64_t user)
{
    KITH_TRY_VALUE(disabled, m_engine.number("SELECT disabled FROM users WHERE id = ?1", user));
    return disabled == 0;
}

} // namespace kith::server::embedded
