// SPDX-License-Identifier: GPL-3.0-or-later
// The server's 256-bit key: DIR/kithd.key, --key-file or the environment (DESIGN §8).
#pragma once

#include "core/base/expected.h"
#include "core/crypto/secret.h"

#include <string>

namespace kith::server {

enum class KeyFileError {
    Missing,     // no such file, and a database is there already: a new key would not open it
    Permissions, // readable by the group or by others, or not a regular file of ours
    Malformed,   // not 64 hexadecimal characters
    Io,          // cannot be read or made
};

struct KeyFailure {
    KeyFileError error = KeyFileError::Io;
    std::string detail; // a sentence with the path, never the key
};

/// Reads 64 hexadecimal characters (one trailing newline allowed).
Expected<crypto::Secret, KeyFailure> parseKey(std::string_view text, std::string_view where);
Expected<crypto::Secret, KeyFailure> readKeyFile(const std::string &path);

struct MadeKey {
    crypto::Secret key;
    bool made = false; // now, for the first time
};
/// Reads the file, or makes it with mode 0600 where there is none and `mayMake`.
Expected<MadeKey, KeyFailure> readOrMakeKeyFile(const std::string &path, bool mayMake);

} // namespace kith::server
