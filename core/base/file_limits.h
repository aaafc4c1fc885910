// SPDX-License-Identifier: GPL-3.0-or-later
// Limits of files (PROTOCOL §6), each with its reason. Beside limits.h, which nearly everything includes.
#pragma once

#include <chrono>
#include <cstdint>

namespace kith::limits {

inline constexpr std::int64_t kMaxFileBytes = 100 * 1024 * 1024;  // §6; a setting of the server may lower or raise it
inline constexpr std::int64_t kMaxFileChunk = 1024 * 1024;        // §6: bytes of one PATCH, which is held in memory
inline constexpr std::int64_t kMaxAvatarBytes = 1024 * 1024;      // §6: everybody who sees the face fetches it
inline constexpr std::int64_t kMaxPictureBytes = kMaxAvatarBytes; // up to here metadata is taken out of PNG and JPEG
// Each append is a transaction: smaller ones, but for the last, would cost a hundred times their bytes on the disk.
inline constexpr std::int64_t kLeastFileChunk = 4096;
inline constexpr std::uint32_t kMaxPictureSide = 4096; // pixels: what shows it needs four bytes for each
inline constexpr int kMaxJpegScans = 64;               // encoders make ten; each costs a pass over the whole picture
inline constexpr int kMaxWrongHashes = 3;              // of one upload, then it is gone
inline constexpr std::size_t kMaxFileNameChars = 255;  // what file systems take
inline constexpr std::size_t kMaxMimeBytes = 127;      // twice the longest registered one in use
inline constexpr int kMaxUnfinishedUploads = 20;       // of one user
inline constexpr std::int64_t kMaxUnusedFileBytes = 256 * 1024 * 1024; // of one user, what nothing refers to
// Of one user, with what is referred to: who has many groups gives each a picture.
inline constexpr std::int64_t kMaxOwnFileBytes = 512 * 1024 * 1024;
inline constexpr std::int64_t kMaxOwnFiles = 200;
// A file counts as at least so much: it bounds the rows, not only the bytes.
inline constexpr std::int64_t kLeastFileWeight = 1024 * 1024;
inline constexpr auto kUnusedFile = std::chrono::hours{24}; // after its last use it goes

} // namespace kith::limits
