// SPDX-License-Identifier: GPL-3.0-or-later
// Bodies of POST /v1/files (PROTOCOL §6). PATCH and GET carry raw bytes.
#pragma once

#include "core/base/domain.h"
#include "core/protocol/packets.h"

#include <string>

namespace kith::protocol {

struct FileRequest {
    std::string name;
    std::int64_t size = 0;  // bytes; above the server's limit it answers too_large
    std::string mime;       // type/subtype in lower case, without parameters
    std::string sha256;     // 64 hexadecimal digits in lower case
    std::int64_t chunk = 0; // the most bytes that one PATCH will carry
    bool operator==(const FileRequest &) const = default;
};
struct FileReply {
    FileId id;
    std::int64_t offset = 0; // where to go on
    bool operator==(const FileReply &) const = default;
};

boost::json::object encode(const FileRequest &);
boost::json::object encode(const FileReply &);

} // namespace kith::protocol
