// SPDX-License-Identifier: GPL-3.0-or-later
// Reads of files, and the reading part of an append.
#include "core/base/file_limits.h"
#include "core/crypto/crypto.h"
#include "core/crypto/sha256.h"
#include "server/store/embedded/reader.h"
#include "server/store/embedded/rows.h"
#include "server/store/picture.h"

#include <algorithm>

namespace kith::server::embedded {
namespace {

// The owner, and of a complete one those who see it as an avatar: of anybody, or of a group that they are in.
#define KITH_MAY_READ                                                                                                  \
    "(f.owner = ?2 OR (f.complete = 1 AND (EXISTS (SELECT 1 FROM users u WHERE u.avatar = f.wire AND u.avatar <> '') " \
    "OR EXISTS (SELECT 1 FROM conversations g JOIN members m ON m.conversation = g.id AND m.user = ?2 AND m.removed "  \
    "= 0 WHERE g.avatar = f.wire AND g.avatar <> ''))))"

struct Upload {
    std::int64_t file = 0, content = 0, size = 0, chunk = 0, taken = 0;
    bool complete = false;
    std::string mime, sha256, state;
};

Upload uploadFrom(const sql::Statement &row)
{
    return {row.integer(0),      row.integer(1), row.integer(2), row.integer(3), row.integer(4),
            row.integer(5) != 0, row.text(6),    row.blob(7),    row.blob(8)};
}

} // namespace

StoreResult<FilePlan> Reader::planAppend(const UserId &owner, const FileId &file, std::int64_t offset,
                                         std::string_view bytes)
{
    using Outcome = FileAppended::Outcome;
    KITH_TRY_VALUE(found, m_engine.one("SELECT id, content, size, chunk, taken, complete, mime, sha256, state FROM "
                                       "files WHERE wire = ?1 AND owner = ?2",
                                       uploadFrom, file.str(), number(owner)));
    if (!found)
        return Unexpected(StoreError::NotFound);
    const Upload &upload = *found;
    FilePlan plan;
    plan.offset = plan.from = upload.taken;
    plan.file = upload.file;
    plan.content = upload.content;
    plan.size = upload.size;
    plan.owner = number(owner);
    const auto length = static_cast<std::int64_t>(bytes.size());
    if (offset != upload.taken) {
        plan.outcome = Outcome::WrongOffset;
        return plan;
    }
    if (length > upload.size - offset || length > upload.chunk) {
        plan.outcome = Outcome::TooMuch;
        return plan;
    }
    if (length == 0) {
        plan.outcome = upload.complete ? Outcome::Complete : Outcome::Taken;
        return plan;
    }
    const bool last = offset + length == upload.size;
    if (!last && length < limits::kLeastFileChunk) {
        plan.outcome = Outcome::TooLittle;
        return plan;
    }
    auto hash = upload.taken == 0 ? std::optional(crypto::Sha256()) : crypto::Sha256::restore(upload.state);
    if (!hash)
        return Unexpected(StoreError::Unavailable); // never written so
    for (std::int64_t start = 0; start < length; start += kPieceBytes) {
        const std::int64_t end = std::min(start + kPieceBytes, length);
        hash->add(bytes.substr(static_cast<std::size_t>(start), static_cast<std::size_t>(end - start)));
        plan.steps.push_back({offset + start, offset + end, hash->save()});
    }
    plan.offset = offset + length;
    if (!last)
        return plan;
    plan.outcome = Outcome::Complete;
    plan.sha256 = hash->digest();
    if (plan.sha256 != upload.sha256) {
        plan.outcome = Outcome::WrongHash;
        plan.offset = 0;
        plan.steps.clear();
        return plan;
    }
    const auto kind = pictureKind(upload.mime);
    if (!kind || upload.size > limits::kMaxPictureBytes)
        return plan;
    KITH_TRY_VALUE(whole, allPieces(upload.content));
    whole.append(bytes);
    auto kept = withoutMetadata(*kind, whole);
    if (!kept) {
        plan.outcome = Outcome::NotAPicture;
        plan.steps.clear();
    } else if (*kept != whole) {
        plan.replaced = true;
        plan.sha256 = crypto::sha256(*kept);
        plan.kept = std::move(*kept);
        plan.steps.erase(plan.steps.begin(), plan.steps.end() - 1); // what came is not stored any more
        plan.steps.front().start = offset;
    }
    return plan;
}

StoreResult<std::string> Reader::allPieces(std::int64_t content)
{
    std::string whole;
    KITH_TRY(m_engine.each(
        "SELECT bytes FROM file_pieces WHERE content = ?1 ORDER BY start",
        [&](const sql::Statement &row) { whole += row.blob(0); }, content));
    return whole;
}

StoreResult<FileState> Reader::file(const UserId &reader, const FileId &file)
{
    KITH_TRY_VALUE(found, m_engine.one(
                              "SELECT f.owner, f.mime, f.size, f.taken, f.complete, c.size, c.sha256 FROM files f "
                              "JOIN file_contents c ON c.id = f.content WHERE f.wire = ?1 AND " KITH_MAY_READ,
                              [&](const sql::Statement &row) {
                                  FileState state{file,           userId(row.integer(0)), row.text(1),
                                                  row.integer(2), row.integer(3),         row.integer(4) != 0};
                                  if (state.complete) {
                                      state.keptSize = row.integer(5);
                                      state.keptSha256 = row.blob(6);
                                  }
                                  return state;
                              },
                              file.str(), number(reader)));
    if (!found)
        return Unexpected(StoreError::NotFound);
    return std::move(*found);
}

StoreResult<std::string> Reader::readFile(const UserId &reader, const FileId &file, std::int64_t offset)
{
    KITH_TRY_VALUE(content, m_engine.number(
                                "SELECT f.content FROM files f WHERE f.wire = ?1 AND f.complete = 1 AND " KITH_MAY_READ,
                                file.str(), number(reader)));
    if (!content || offset < 0)
        return Unexpected(StoreError::NotFound);
    KITH_TRY_VALUE(piece, m_engine.one(
                              "SELECT start, bytes FROM file_pieces WHERE content = ?1 AND start <= ?2 ORDER BY start "
                              "DESC LIMIT 1",
                              [&](const sql::Statement &row) {
                                  std::string bytes = row.blob(1);
                                  const auto skipped = static_cast<std::size_t>(offset - row.integer(0));
                                  bytes.erase(0, std::min(skipped, bytes.size()));
                                  return bytes;
                              },
                              *content, offset));
    if (!piece || piece->empty())
        return Unexpected(StoreError::NotFound);
    return std::move(*piece);
}

} // namespace kith::server::embedded
