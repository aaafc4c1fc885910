// SPDX-License-Identifier: GPL-3.0-or-later
// Files of the store in memory.
#include "core/base/file_limits.h"
#include "core/crypto/crypto.h"
#include "server/store/picture.h"
#include "tests/server/logic/memory_store.h"

#include <algorithm>

namespace kith::server::test {

MemoryStore::StoredFile *MemoryStore::readable(const UserId &reader, const FileId &id)
{
    const auto found = m_files.find(id);
    if (found == m_files.end())
        return nullptr;
    StoredFile &file = found->second;
    const bool isFace = std::any_of(m_users.begin(), m_users.end(),
                                    [&](const auto &one) { return one.second.user.avatar == id.str(); });
    const bool isBadge = std::any_of(m_conversations.begin(), m_conversations.end(), [&](const auto &one) {
        return one.second.avatar == id.str() && one.second.members.contains(reader);
    });
    return file.announced.owner == reader || (file.complete && (isFace || isBadge)) ? &file : nullptr;
}

std::optional<StoreError> MemoryStore::refusedAvatar(const UserId &user, const std::optional<std::string> &avatar,
                                                     const std::string &current)
{
    if (!avatar || avatar->empty() || *avatar == current)
        return std::nullopt;
    const auto found = m_files.find(FileId(*avatar));
    if (found == m_files.end() || found->second.announced.owner != user)
        return StoreError::NoSuchFile;
    const StoredFile &file = found->second;
    const bool fits = file.complete && pictureKind(file.announced.mime) &&
                      static_cast<std::int64_t>(file.bytes.size()) <= limits::kMaxAvatarBytes;
    return fits ? std::nullopt : std::optional(StoreError::NotAnAvatar);
}

void MemoryStore::createFile(NewFile file, Reply<FileState> reply)
{
    answer<FileState>(std::move(reply), [&]() -> StoreResult<FileState> {
        int unfinished = 0;
        for (auto &[id, known] : m_files) {
            if (known.complete || known.announced.owner != file.owner)
                continue;
            if (known.announced.sha256 == file.sha256 && known.announced.size == file.size &&
                known.announced.mime == file.mime)
                return FileState{id, file.owner, file.mime, file.size, static_cast<std::int64_t>(known.bytes.size())};
            ++unfinished;
        }
        if (unfinished >= limits::kMaxUnfinishedUploads)
            return Unexpected(StoreError::TooManyFiles);
        const FileId id(crypto::makeUuid());
        m_files[id].announced = file;
        return FileState{id, file.owner, file.mime, file.size};
    });
}

void MemoryStore::appendFile(UserId owner, FileId id, std::int64_t offset, std::string bytes, Reply<FileAppended> reply)
{
    using Outcome = FileAppended::Outcome;
    answer<FileAppended>(std::move(reply), [&]() -> StoreResult<FileAppended> {
        const auto found = m_files.find(id);
        if (found == m_files.end() || found->second.announced.owner != owner)
            return Unexpected(StoreError::NotFound);
        StoredFile &file = found->second;
        const std::int64_t size = file.announced.size;
        const auto taken = file.complete ? size : static_cast<std::int64_t>(file.bytes.size());
        const auto length = static_cast<std::int64_t>(bytes.size());
        if (offset != taken)
            return FileAppended{Outcome::WrongOffset, taken};
        if (length > size - taken || length > file.announced.chunk)
            return FileAppended{Outcome::TooMuch, taken};
        if (length > 0 && length < limits::kLeastFileChunk && taken + length < size)
            return FileAppended{Outcome::TooLittle, taken};
        file.bytes += bytes;
        if (taken + length < size)
            return FileAppended{Outcome::Taken, taken + length};
        if (length == 0)
            return FileAppended{Outcome::Complete, size};
        if (crypto::sha256(file.bytes) != file.announced.sha256) {
            file.bytes.clear();
            return FileAppended{Outcome::WrongHash, 0};
        }
        if (const auto kind = pictureKind(file.announced.mime); kind && size <= limits::kMaxPictureBytes) {
            auto kept = withoutMetadata(*kind, file.bytes);
            if (!kept) {
                m_files.erase(found);
                return FileAppended{Outcome::NotAPicture, 0};
            }
            file.bytes = std::move(*kept);
        }
        file.complete = true;
        return FileAppended{Outcome::Complete, size};
    });
}

void MemoryStore::file(UserId reader, FileId id, Reply<FileState> reply)
{
    answer<FileState>(std::move(reply), [&]() -> StoreResult<FileState> {
        const StoredFile *file = readable(reader, id);
        if (!file)
            return Unexpected(StoreError::NotFound);
        const auto kept = static_cast<std::int64_t>(file->bytes.size());
        FileState state{id, file->announced.owner, file->announced.mime, file->announced.size, kept, file->complete};
        if (file->complete) {
            state.offset = state.size;
            state.keptSize = kept;
            state.keptSha256 = crypto::sha256(file->bytes);
        }
        return state;
    });
}

void MemoryStore::readFile(UserId reader, FileId id, std::int64_t offset, Reply<std::string> reply)
{
    answer<std::string>(std::move(reply), [&]() -> StoreResult<std::string> {
        constexpr std::size_t kPiece = 1000; // small, so that tests see several
        const StoredFile *file = readable(reader, id);
        if (!file || !file->complete || offset < 0 || offset >= static_cast<std::int64_t>(file->bytes.size()))
            return Unexpected(StoreError::NotFound);
        return file->bytes.substr(static_cast<std::size_t>(offset), kPiece);
    });
}

void MemoryStore::sweepFiles(Reply<FilesSwept> reply)
{
    answer<FilesSwept>(std::move(reply), [] { return StoreResult<FilesSwept>(FilesSwept{}); });
}

} // namespace kith::server::test
