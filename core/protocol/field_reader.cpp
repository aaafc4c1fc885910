// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/protocol/field_reader.h"

#include <boost/json/parse.hpp>

#include <algorithm>

namespace kith::protocol::detail {

namespace json = boost::json;

std::size_t codePoints(std::string_view text)
{
    return static_cast<std::size_t>(
        std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

bool hasControl(std::string_view text, bool allowLines)
{
    return std::any_of(text.begin(), text.end(), [allowLines](char c) {
        const bool line = c == '\n' || c == '\r' || c == '\t';
        return (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) && !(allowLines && line);
    });
}

std::string trimmed(std::string_view text)
{
    constexpr std::string_view kBlank = " \t\r\n";
    const auto first = text.find_first_not_of(kBlank);
    if (first == std::string_view::npos)
        return {};
    return std::string(text.substr(first, text.find_last_not_of(kBlank) - first + 1));
}

Decoded<json::value> parseJson(std::string_view bytes, std::size_t maxBytes)
{
    if (bytes.size() > maxBytes)
        return Unexpected(makeError(ErrorCode::TooLarge, "larger than " + std::to_string(maxBytes) + " bytes"));
    json::parse_options options;
    options.max_depth = limits::kMaxJsonDepth;
    json::error_code error;
    json::value root = json::parse(view(bytes), error, {}, options);
    if (error)
        return Unexpected(makeError(ErrorCode::Malformed, "not JSON: " + error.message()));
    return Decoded<json::value>(std::move(root));
}

const json::value *FieldReader::find(std::string_view key) const
{
    const json::value *value = m_object.if_contains(view(key));
    return value && !value->is_null() ? value : nullptr; // null says "not set", as leaving it out does
}

const json::value *FieldReader::required(std::string_view key)
{
    const json::value *value = find(key);
    if (!value)
        fail(key, "is missing");
    return value;
}

std::string FieldReader::path(std::string_view key) const
{
    return m_path.empty() ? std::string(key) : m_path + '.' + std::string(key);
}

void FieldReader::fail(std::string_view key, std::string message, ErrorCode code)
{
    if (!m_failure)
        m_failure = makeError(code, path(key) + ' ' + message, path(key));
}

std::string FieldReader::anyText(std::string_view key, std::size_t maxBytes)
{
    const json::value *value = required(key);
    if (!value)
        return {};
    const json::string *string = value->if_string();
    if (!string) {
        fail(key, "must be a string");
        return {};
    }
    if (string->size() > maxBytes) {
        fail(key, "is longer than " + std::to_string(maxBytes) + " bytes", ErrorCode::TooLarge);
        return {};
    }
    return std::string(string->data(), string->size());
}

std::string FieldReader::text(std::string_view key, std::size_t maxBytes, bool allowLines)
{
    std::string out = anyText(key, maxBytes);
    if (hasControl(out, allowLines)) {
        fail(key, "holds control characters");
        return {};
    }
    return out;
}

std::string FieldReader::textOr(std::string_view key, std::size_t maxBytes, bool allowLines)
{
    return has(key) ? text(key, maxBytes, allowLines) : std::string();
}

std::string FieldReader::label(std::string_view key, std::size_t maxChars)
{
    constexpr std::size_t kLongestBeforeTrim = 4096; // blanks around a name cost nothing, but not without end
    std::string out = trimmed(text(key, kLongestBeforeTrim));
    if (out.empty())
        fail(key, "must not be empty");
    else if (codePoints(out) > maxChars)
        fail(key, "is longer than " + std::to_string(maxChars) + " characters", ErrorCode::TooLarge);
    return out;
}

std::string FieldReader::body(std::string_view key)
{
    std::string out = anyText(key, limits::kMaxBodyBytes);
    if (out.find('\0') != std::string::npos) {
        fail(key, "holds U+0000");
        return {};
    }
    return out;
}

std::int64_t FieldReader::integer(std::string_view key, std::int64_t min, std::int64_t max)
{
    const json::value *value = required(key);
    if (!value)
        return min;
    const std::int64_t *number = value->if_int64();
    if (!number || *number < min || *number > max) {
        fail(key, "must be an integer from " + std::to_string(min) + " to " + std::to_string(max));
        return min;
    }
    return *number;
}

std::int64_t FieldReader::integerOr(std::string_view key, std::int64_t fallback, std::int64_t min, std::int64_t max)
{
    return has(key) ? integer(key, min, max) : fallback;
}

bool FieldReader::boolean(std::string_view key)
{
    const json::value *value = required(key);
    const bool *flag = value ? value->if_bool() : nullptr;
    if (!flag)
        fail(key, "must be true or false");
    return flag && *flag;
}

bool FieldReader::booleanOr(std::string_view key, bool fallback)
{
    return has(key) ? boolean(key) : fallback;
}

UserId FieldReader::user(std::string_view key)
{
    std::string out = text(key, 64);
    if (!isValidUserId(out))
        fail(key, "must be a decimal id");
    return UserId(std::move(out));
}

ConversationId FieldReader::conversation(std::string_view key)
{
    ConversationId out(text(key, 64));
    if (!conversationType(out))
        fail(key, "must be a conversation id");
    return out;
}

std::string FieldReader::uuid(std::string_view key)
{
    std::string out = text(key, 64);
    if (!isValidUuid(out))
        fail(key, "must be a UUID");
    return out;
}

std::string FieldReader::file(std::string_view key)
{
    std::string out = text(key, 64);
    if (out.empty())
        fail(key, "must not be empty");
    return out;
}

const json::array *FieldReader::arrayOf(std::string_view key, std::size_t min, std::size_t max)
{
    const json::value *value = required(key);
    const json::array *array = value ? value->if_array() : nullptr;
    if (!array)
        fail(key, "must be an array");
    else if (array->size() > max)
        fail(key, "has more than " + std::to_string(max) + " items", ErrorCode::TooLarge);
    else if (array->size() < min)
        fail(key, "must not be empty");
    else
        return array;
    return nullptr;
}

std::vector<std::string> FieldReader::texts(std::string_view key, std::size_t max, std::size_t maxBytes, bool anyText)
{
    std::vector<std::string> out;
    const json::array *array = arrayOf(key, 0, max);
    for (std::size_t i = 0; array && i < array->size(); ++i) {
        const json::string *string = (*array)[i].if_string();
        if (!string || string->size() > maxBytes || (!anyText && hasControl(*string, false))) {
            fail(std::string(key) + '.' + std::to_string(i), "must be a short string");
            return {};
        }
        out.emplace_back(string->data(), string->size());
    }
    return out;
}

std::vector<UserId> FieldReader::users(std::string_view key, std::size_t min, std::size_t max)
{
    std::vector<UserId> out;
    const json::array *array = arrayOf(key, min, max);
    for (std::size_t i = 0; array && i < array->size(); ++i) {
        const json::string *string = (*array)[i].if_string();
        std::string id = string ? std::string(string->data(), string->size()) : std::string();
        if (!isValidUserId(id)) {
            fail(std::string(key) + '.' + std::to_string(i), "must be a decimal id");
            return {};
        }
        out.emplace_back(std::move(id));
    }
    return out;
}

json::array encodeUsers(const std::vector<UserId> &users)
{
    json::array out;
    out.reserve(users.size());
    for (const UserId &user : users)
        out.emplace_back(user.str());
    return out;
}

} // namespace kith::protocol::detail
