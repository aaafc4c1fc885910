// SPDX-License-Identifier: GPL-3.0-or-later
// Writes of files: uploads piece by piece, contents that are stored once, and the sweep.
#include "core/base/file_limits.h"
#include "core/crypto/crypto.h"
#include "server/store/embedded/rows.h"
#include "server/store/embedded/writer.h"
#include "server/store/picture.h"

#include <algorithm>

namespace kith::server::embedded {
namespace {

using Outcome = FileAppended::Outcome;

// Of one step of the sweep, which messages may have to wait for.
constexpr std::int64_t kSweptBytes = 1024 * 1024;
constexpr std::int64_t kSweptRows = 500;
constexpr std::int64_t kSweptFiles = 64;

#define KITH_REFERRED_TO(wire)                                                                                         \
    "(EXISTS (SELECT 1 FROM users u WHERE u.avatar = " wire " AND u.avatar <> '') OR EXISTS (SELECT 1 FROM "           \
    "conversations g WHERE g.avatar = " wire " AND g.avatar <> ''))"

} // namespace

StoreResult<FileState> Writer::createFile(const NewFile &file)
{
    const std::int64_t owner = number(file.owner), ms = now();
    KITH_TRY_VALUE(ownerUsable, usable(owner));
    if (!ownerUsable)
        return Unexpected(StoreError::NotFound);
    FileState state{{}, file.owner, file.mime, file.size};
    std::int64_t key = 0;
    KITH_TRY(m_engine.each(
        "SELECT id, wire, taken FROM files WHERE owner = ?1 AND sha256 = ?2 AND size = ?3 AND mime = ?4 AND complete = "
        "0 LIMIT 1",
        [&](const sql::Statement &row) {
            key = row.integer(0);
            state.id = FileId(row.text(1));
            state.offset = row.integer(2);
        },
        owner, Blob{file.sha256}, file.size, file.mime));
    if (key != 0) {
        KITH_TRY(m_engine.run("UPDATE files SET name = ?2, chunk = ?3, used_ms = ?4 WHERE id = ?1", key, file.name,
                              file.chunk, ms));
        return state;
    }
    KITH_TRY_VALUE(held, holdings(owner));
    const std::int64_t weight = std::max(file.size, limits::kLeastFileWeight);
    if (held.unfinished >= limits::kMaxUnfinishedUploads || held.unused + weight > limits::kMaxUnusedFileBytes ||
        held.files >= limits::kMaxOwnFiles || held.bytes + weight > limits::kMaxOwnFileBytes)
        return Unexpected(StoreError::TooManyFiles);
    KITH_TRY_VALUE(content, freshContent());
    state.id = FileId(crypto::makeUuid());
    KITH_TRY(m_engine.run("INSERT INTO files (wire, owner, content, name, mime, size, sha256, chunk, used_ms) VALUES "
                          "(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
                          state.id.str(), owner, content, file.name, file.mime, file.size, Blob{file.sha256},
                          file.chunk, ms));
    return state;
}

StoreResult<Writer::FileHoldings> Writer::holdings(std::int64_t owner)
{
    FileHoldings held;
    KITH_TRY(m_engine.each(
        "SELECT count(*), coalesce(sum(max(f.size, ?2)), 0), coalesce(sum(f.complete = 0), 0), coalesce(sum(CASE "
        "WHEN " KITH_REFERRED_TO("f.wire") " THEN 0 ELSE max(f.size, ?2) END), 0) FROM files f WHERE f.owner = ?1",
        [&](const sql::Statement &row) {
            held = {row.integer(0), row.integer(1), row.integer(2), row.integer(3)};
        },
        owner, limits::kLeastFileWeight));
    KITH_TRY_VALUE(dropped, m_engine.number("SELECT coalesce(sum(max(size, ?2)), 0) FROM file_contents WHERE dropped = "
                                            "1 AND owner = ?1",
                                            owner, limits::kLeastFileWeight));
    held.unused += dropped.value_or(0);
    return held;
}

StoreResult<std::int64_t> Writer::freshContent()
{
    KITH_TRY(m_engine.run("INSERT INTO file_contents DEFAULT VALUES"));
    return m_engine.database().lastInsertId();
}

/// Somebody else went on with the upload since the plan was made: what to answer. Nothing: it is as it was.
StoreResult<std::optional<FileAppended>> Writer::changedSince(const FilePlan &plan, std::int64_t offset)
{
    std::optional<FileAppended> changed;
    bool there = false;
    KITH_TRY(m_engine.each(
        "SELECT content, taken, complete FROM files WHERE id = ?1",
        [&](const sql::Statement &row) {
            there = true;
            if (row.integer(0) != plan.content || row.integer(1) != offset || row.integer(2) != 0)
                changed = FileAppended{Outcome::WrongOffset, row.integer(1)};
        },
        plan.file));
    if (!there)
        return Unexpected(StoreError::NotFound);
    return changed;
}

/// Goes into the last row where both are small: a client that sends byte by byte does not get a row for each.
StoreResult<void> Writer::storeBytes(std::int64_t content, std::int64_t start, std::string_view bytes)
{
    std::int64_t before = -1, length = 0;
    KITH_TRY(m_engine.each(
        "SELECT start, length(bytes) FROM file_pieces WHERE content = ?1 ORDER BY start DESC LIMIT 1",
        [&](const sql::Statement &row) {
            before = row.integer(0);
            length = row.integer(1);
        },
        content));
    if (before < 0 || length + static_cast<std::int64_t>(bytes.size()) > kSmallPiece)
        return m_engine.run("INSERT INTO file_pieces (content, start, bytes) VALUES (?1, ?2, ?3)", content, start,
                            Blob{bytes});
    std::string joined;
    KITH_TRY(m_engine.each(
        "SELECT bytes FROM file_pieces WHERE content = ?1 AND start = ?2",
        [&](const sql::Statement &row) { joined = row.blob(0); }, content, before));
    joined += bytes;
    return m_engine.run("UPDATE file_pieces SET bytes = ?3 WHERE content = ?1 AND start = ?2", content, before,
                        Blob{joined});
}

StoreResult<FileAppended> Writer::takePiece(const FilePlan &plan, const FileStep &step, std::string_view bytes)
{
    KITH_TRY_VALUE(changed, changedSince(plan, step.start));
    if (changed)
        return *changed;
    KITH_TRY(storeBytes(plan.content, step.start, bytes));
    KITH_TRY(m_engine.run("UPDATE files SET taken = ?2, state = ?3, used_ms = ?4 WHERE id = ?1", plan.file, step.end,
                          Blob{step.state}, now()));
    return FileAppended{Outcome::Taken, step.end};
}

StoreResult<FileAppended> Writer::completeFile(const FilePlan &plan, const FileStep &step, std::string_view bytes)
{
    KITH_TRY_VALUE(changed, changedSince(plan, step.start));
    if (changed)
        return *changed;
    KITH_TRY_VALUE(known, m_engine.number("SELECT id FROM file_contents WHERE sha256 = ?1", Blob{plan.sha256}));
    std::int64_t content = plan.content;
    const bool other = known || plan.replaced;
    if (other) {
        if (known) {
            content = *known;
        } else {
            KITH_TRY_VALUE(fresh, freshContent());
            content = fresh;
            for (std::int64_t start = 0; start < static_cast<std::int64_t>(plan.kept.size()); start += kPieceBytes)
                KITH_TRY(storeBytes(content, start,
                                    std::string_view(plan.kept).substr(static_cast<std::size_t>(start),
                                                                       static_cast<std::size_t>(kPieceBytes))));
        }
    } else {
        KITH_TRY(storeBytes(content, step.start, bytes));
    }
    if (!known)
        KITH_TRY(m_engine.run("UPDATE file_contents SET sha256 = ?2, size = ?3 WHERE id = ?1", content,
                              Blob{plan.sha256},
                              plan.replaced ? static_cast<std::int64_t>(plan.kept.size()) : plan.size));
    KITH_TRY(m_engine.run("UPDATE files SET content = ?2, taken = size, complete = 1, state = NULL, used_ms = ?3 WHERE "
                          "id = ?1",
                          plan.file, content, now()));
    if (other)
        KITH_TRY(dropContent(plan.content, plan.owner, step.start));
    return FileAppended{Outcome::Complete, plan.size};
}

/// Who never sends what was announced must not fill the disk: what was sent in vain counts until it is swept, and
/// without room for it the upload has to be announced again.
StoreResult<FileAppended> Writer::restartFile(const FilePlan &plan)
{
    KITH_TRY_VALUE(changed, changedSince(plan, plan.from));
    if (changed)
        return *changed;
    std::int64_t content = plan.content;
    if (plan.from > 0) { // else nothing of it was stored
        KITH_TRY_VALUE(fresh, freshContent());
        content = fresh;
    }
    KITH_TRY(m_engine.run("UPDATE files SET content = ?2, taken = 0, state = NULL, wrong = wrong + 1, used_ms = ?3 "
                          "WHERE id = ?1",
                          plan.file, content, now()));
    if (content != plan.content)
        KITH_TRY(dropContent(plan.content, plan.owner, plan.from));
    KITH_TRY_VALUE(wrong, m_engine.number("SELECT wrong FROM files WHERE id = ?1", plan.file));
    KITH_TRY_VALUE(held, holdings(plan.owner));
    if (wrong.value_or(0) >= limits::kMaxWrongHashes || held.unused > limits::kMaxUnusedFileBytes) {
        KITH_TRY(m_engine.run("DELETE FROM files WHERE id = ?1", plan.file));
        KITH_TRY(dropContent(content, plan.owner, 0));
    }
    return FileAppended{Outcome::WrongHash, 0};
}

StoreResult<FileAppended> Writer::dropFile(const FilePlan &plan)
{
    KITH_TRY_VALUE(changed, changedSince(plan, plan.from));
    if (changed)
        return *changed;
    KITH_TRY(m_engine.run("DELETE FROM files WHERE id = ?1", plan.file));
    KITH_TRY(dropContent(plan.content, plan.owner, plan.from));
    return FileAppended{Outcome::NotAPicture, 0};
}

StoreResult<void> Writer::dropContent(std::int64_t content, std::int64_t owner, std::int64_t bytes)
{
    KITH_TRY_VALUE(pieces, m_engine.number("SELECT 1 FROM file_pieces WHERE content = ?1 LIMIT 1", content));
    if (!pieces)
        return m_engine.run("DELETE FROM file_contents WHERE id = ?1", content);
    return m_engine.run("UPDATE file_contents SET sha256 = NULL, dropped = 1, owner = ?2, size = ?3 WHERE id = ?1",
                        content, owner, bytes);
}

StoreResult<void> Writer::releaseContent(std::int64_t content, std::int64_t owner, std::int64_t bytes)
{
    KITH_TRY_VALUE(other, m_engine.number("SELECT 1 FROM files WHERE content = ?1 LIMIT 1", content));
    if (other)
        return {};
    return dropContent(content, owner, bytes);
}

StoreResult<void> Writer::checkAvatar(const UserId &user, const std::string &file)
{
    if (file.empty())
        return {};
    bool own = false, fits = false;
    KITH_TRY(m_engine.each(
        "SELECT f.owner, f.complete, f.mime, c.size FROM files f JOIN file_contents c ON c.id = f.content WHERE f.wire "
        "= ?1",
        [&](const sql::Statement &row) {
            own = row.integer(0) == number(user);
            fits = row.integer(1) != 0 && pictureKind(row.text(2)) && row.integer(3) <= limits::kMaxAvatarBytes;
        },
        file));
    if (!own)
        return Unexpected(StoreError::NoSuchFile);
    if (!fits)
        return Unexpected(StoreError::NotAnAvatar);
    return {};
}

StoreResult<void> Writer::touchFile(const std::string &file)
{
    return m_engine.run("UPDATE files SET used_ms = ?2 WHERE wire = ?1", file, now());
}

StoreResult<bool> Writer::sweepDropped()
{
    constexpr std::int64_t kAtOnce = 64;
    std::int64_t rows = 0, bytes = 0;
    while (rows < kSweptRows && bytes < kSweptBytes) {
        KITH_TRY_VALUE(dropped, m_engine.number("SELECT id FROM file_contents WHERE dropped = 1 LIMIT 1"));
        if (!dropped)
            return rows > 0;
        std::int64_t last = -1, seen = 0;
        KITH_TRY(m_engine.each(
            "SELECT start, length(bytes) FROM file_pieces WHERE content = ?1 ORDER BY start LIMIT ?2",
            [&](const sql::Statement &row) {
                last = row.integer(0);
                bytes += row.integer(1);
                ++rows;
                ++seen;
                return bytes < kSweptBytes;
            },
            *dropped, kAtOnce));
        if (last >= 0)
            KITH_TRY(m_engine.run("DELETE FROM file_pieces WHERE content = ?1 AND start <= ?2", *dropped, last));
        if (seen < kAtOnce && bytes < kSweptBytes) {
            KITH_TRY(m_engine.run("DELETE FROM file_contents WHERE id = ?1", *dropped));
            ++rows;
        }
    }
    return true;
}

/// Both kinds in each step: many dropped contents must not keep expired uploads alive.
StoreResult<FilesSwept> Writer::sweepFiles()
{
    FilesSwept swept;
    KITH_TRY_VALUE(dropped, sweepDropped());
    struct Candidate {
        std::int64_t file, content, owner, bytes;
        bool referred;
    };
    std::vector<Candidate> candidates;
    const std::int64_t ms = now();
    const std::int64_t unusedSince = ms - milliseconds(limits::kUnusedFile).count();
    KITH_TRY(m_engine.each(
        "SELECT f.id, f.content, f.owner, f.taken, " KITH_REFERRED_TO("f.wire") " FROM files f WHERE f.used_ms <= ?1 "
                                                                                "ORDER BY f.used_ms LIMIT ?2",
        [&](const sql::Statement &row) {
            candidates.push_back({row.integer(0), row.integer(1), row.integer(2), row.integer(3), row.integer(4) != 0});
        },
        unusedSince, kSweptFiles));
    for (const Candidate &one : candidates) {
        if (one.referred) { // in use: it is looked at again in a day
            KITH_TRY(m_engine.run("UPDATE files SET used_ms = ?2 WHERE id = ?1", one.file, ms));
            continue;
        }
        KITH_TRY(m_engine.run("DELETE FROM files WHERE id = ?1", one.file));
        KITH_TRY(releaseContent(one.content, one.owner, one.bytes));
        ++swept.files;
    }
    swept.more = dropped || !candidates.empty();
    return swept;
}

} // namespace kith::server::embedded
