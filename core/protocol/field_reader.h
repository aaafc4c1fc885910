// SPDX-License-Identifier: GPL-3.0-or-later
// Private to this room: strict typed reading of JSON fields that remembers the first error and the field's path.
#pragma once

#include "core/base/domain.h"
#include "core/base/limits.h"
#include "core/protocol/errors.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kith::protocol::detail {

/// The text must be valid UTF-8, which the JSON parser has made sure of.
std::size_t codePoints(std::string_view text);
/// C0 controls and DEL; with `allowLines`, tab and line breaks pass. NUL never does.
bool hasControl(std::string_view text, bool allowLines);
std::string trimmed(std::string_view text);
Decoded<boost::json::value> parseJson(std::string_view bytes, std::size_t maxBytes);

using Failure = std::optional<WireError>;

/// After the first failure the readers give empty values; finish() then gives the failure.
class FieldReader final {
public:
    FieldReader(const boost::json::object &object, std::string path, Failure &failure)
        : m_object(object), m_path(std::move(path)), m_failure(failure)
    {
    }

    bool has(std::string_view key) const { return find(key) != nullptr; }
    void fail(std::string_view key, std::string message, ErrorCode code = ErrorCode::Malformed);

    std::string text(std::string_view key, std::size_t maxBytes, bool allowLines = false);
    std::string anyText(std::string_view key, std::size_t maxBytes); // control characters and NUL too
    std::string textOr(std::string_view key, std::size_t maxBytes, bool allowLines = false);
    std::string label(std::string_view key, std::size_t maxChars); // trimmed, 1 … maxChars code points
    std::string body(std::string_view key);                        // at most limits::kMaxBodyBytes
    std::int64_t integer(std::string_view key, std::int64_t min = 0, std::int64_t max = kMaxWireInteger);
    std::int64_t integerOr(std::string_view key, std::int64_t fallback, std::int64_t min = 0,
                           std::int64_t max = kMaxWireInteger);
    bool boolean(std::string_view key);
    bool booleanOr(std::string_view key, bool fallback);
    Timestamp time(std::string_view key) { return fromUnixMs(integer(key)); }
    Timestamp timeOr(std::string_view key) { return fromUnixMs(integerOr(key, 0)); }
    Seq seq(std::string_view key, std::int64_t min = 0) { return Seq(integer(key, min)); }
    Rev rev(std::string_view key) { return Rev(integer(key)); }
    UserId user(std::string_view key);
    ConversationId conversation(std::string_view key);
    std::string uuid(std::string_view key);
    std::string file(std::string_view key); // file id, non-empty
    std::vector<UserId> users(std::string_view key, std::size_t min, std::size_t max);
    int limit(int fallback) { return static_cast<int>(integerOr("limit", fallback, 1, limits::kMaxPage)); }

    template <class Read>
    auto nested(std::string_view key, Read read) -> decltype(read(std::declval<FieldReader &>()))
    {
        if (const boost::json::value *value = required(key)) {
            if (const boost::json::object *object = value->if_object()) {
                FieldReader inner(*object, path(key), m_failure);
                return read(inner);
            }
            fail(key, "must be an object");
        }
        return {};
    }
    template <class Read>
    auto list(std::string_view key, std::size_t max, Read read)
        -> std::vector<decltype(read(std::declval<FieldReader &>()))>
    {
        std::vector<decltype(read(std::declval<FieldReader &>()))> out;
        const boost::json::array *array = arrayOf(key, 0, max);
        for (std::size_t i = 0; array && !m_failure && i < array->size(); ++i) {
            const boost::json::object *object = (*array)[i].if_object();
            const std::string place = std::string(key) + '.' + std::to_string(i);
            if (!object) {
                fail(place, "must be an object");
                break;
            }
            FieldReader inner(*object, path(place), m_failure);
            out.push_back(read(inner));
        }
        return out;
    }
    /// Runs `read` where the key is present.
    template <class Read>
    auto optional(std::string_view key, Read read) -> std::optional<decltype(read())>
    {
        if (!has(key))
            return std::nullopt;
        return read();
    }

    /// An array of at most `max` short strings; control characters pass with `anyText`.
    std::vector<std::string> texts(std::string_view key, std::size_t max, std::size_t maxBytes, bool anyText = false);
    const boost::json::array *arrayOf(std::string_view key, std::size_t min, std::size_t max);

private:
    const boost::json::value *find(std::string_view key) const;
    const boost::json::value *required(std::string_view key);
    std::string path(std::string_view key) const;

    const boost::json::object &m_object;
    std::string m_path;
    Failure &m_failure;
};

template <class Read>
auto decodeWith(const boost::json::object &object, std::string path, Read read)
    -> Decoded<decltype(read(std::declval<FieldReader &>()))>
{
    Failure failure;
    FieldReader reader(object, std::move(path), failure);
    auto value = read(reader);
    if (failure)
        return Unexpected(std::move(*failure));
    return value;
}

// Readers of the values that several packets hold (packets.cpp).
User readUser(FieldReader &r);
Device readDevice(FieldReader &r);
Message readMessage(FieldReader &r);
Head readHead(FieldReader &r);
Member readMember(FieldReader &r);
Presence readPresence(FieldReader &r);
boost::json::object encodePresence(const Presence &presence);

inline boost::json::string_view view(std::string_view text)
{
    return {text.data(), text.size()};
}
template <class T>
boost::json::array encodeAll(const std::vector<T> &values)
{
    boost::json::array out;
    out.reserve(values.size());
    for (const T &value : values)
        out.push_back(encode(value));
    return out;
}
boost::json::array encodeUsers(const std::vector<UserId> &users);

} // namespace kith::protocol::detail
