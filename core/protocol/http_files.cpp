// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/protocol/http_files.h"

#include "core/base/file_limits.h"
#include "core/protocol/field_reader.h"

namespace kith::protocol {

namespace json = boost::json;
using detail::FieldReader;

namespace {

/// A token of RFC 9110 in lower case, which is all that registered types need; it goes into a header as it is.
bool isToken(std::string_view text)
{
    constexpr std::string_view kAllowed = "abcdefghijklmnopqrstuvwxyz0123456789!#$&-^_.+";
    return !text.empty() && text.find_first_not_of(kAllowed) == std::string_view::npos;
}

std::string mime(FieldReader &r)
{
    std::string out = r.text("mime", limits::kMaxMimeBytes);
    const auto slash = out.find('/');
    if (slash == std::string::npos || !isToken(std::string_view(out).substr(0, slash)) ||
        !isToken(std::string_view(out).substr(slash + 1)))
        r.fail("mime", "must be type/subtype in lower case");
    return out;
}

std::string hash(FieldReader &r)
{
    std::string out = r.text("sha256", 64);
    if (out.size() != 64 || out.find_first_not_of("0123456789abcdef") != std::string::npos)
        r.fail("sha256", "must be 64 hexadecimal digits in lower case");
    return out;
}

} // namespace

json::object encode(const FileRequest &v)
{
    return {{"name", v.name}, {"size", v.size}, {"mime", v.mime}, {"sha256", v.sha256}, {"chunk", v.chunk}};
}
template <>
Decoded<FileRequest> decode<FileRequest>(const json::object &d)
{
    return detail::decodeWith(d, "", [](FieldReader &r) {
        return FileRequest{r.label("name", limits::kMaxFileNameChars), r.integer("size", 1), mime(r), hash(r),
                           r.integer("chunk", 1, limits::kMaxFileChunk)};
    });
}

json::object encode(const FileReply &v)
{
    return {{"id", v.id.str()}, {"offset", v.offset}};
}
template <>
Decoded<FileReply> decode<FileReply>(const json::object &d)
{
    return detail::decodeWith(d, "", [](FieldReader &r) {
        return FileReply{FileId(r.file("id")), r.integer("offset")};
    });
}

} // namespace kith::protocol
