// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/store/embedded/rows.h"

#include "core/crypto/crypto.h"

#include <algorithm>
#include <charconv>

namespace kith::server::embedded {
namespace {

constexpr std::size_t kUuidBytes = 16;
constexpr std::size_t kUuidChars = 36;
constexpr std::size_t kDigestBytes = 16;

/// Before a cid that is not a UUID in lower case: so long that no such cid has the size of a packed UUID.
constexpr std::string_view kTextMark("\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 16);

std::string marked(const std::string &text)
{
    return std::string(kTextMark) + text;
}

bool isDash(std::size_t position)
{
    return position == 8 || position == 13 || position == 18 || position == 23;
}

int hexValue(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/// Length of the code point that begins with this byte; 1 for bytes that begin none.
std::size_t codePointBytes(char first)
{
    const auto byte = static_cast<unsigned char>(first);
    return byte < 0xc0 ? 1 : byte < 0xe0 ? 2 : byte < 0xf0 ? 3 : 4;
}

char32_t foldedCodePoint(char32_t c)
{
    if ((c >= U'A' && c <= U'Z') || (c >= 0xc0 && c <= 0xde && c != 0xd7) || (c >= 0x391 && c <= 0x3a9) ||
        (c >= 0x410 && c <= 0x42f))
        return c + 32;
    if (c >= 0x400 && c <= 0x40f)
        return c + 80;
    if ((c >= 0x100 && c <= 0x137) || (c >= 0x14a && c <= 0x177))
        return c | 1; // Latin Extended-A: capitals are even here …
    if ((c >= 0x139 && c <= 0x148) || (c >= 0x179 && c <= 0x17e))
        return c + (c & 1); // … and odd there
    return c;
}

/// Length before the content, so that no two lists of fields give the same bytes.
void addField(std::string &bytes, std::string_view field)
{
    bytes += std::to_string(field.size());
    bytes += ':';
    bytes += field;
}

} // namespace

std::int64_t number(const UserId &id)
{
    const std::string &text = id.str();
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    return error == std::errc() && end == text.data() + text.size() && value > 0 ? value : 0;
}

UserId userId(std::int64_t value)
{
    return UserId(std::to_string(value));
}

std::string packCid(const ClientMessageId &cid)
{
    const std::string &text = cid.str();
    if (text.size() != kUuidChars)
        return marked(text);
    std::string bytes;
    bytes.reserve(kUuidBytes);
    int high = -1;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (isDash(i)) {
            if (text[i] != '-')
                return marked(text);
            continue;
        }
        const int value = hexValue(text[i]);
        if (value < 0)
            return marked(text);
        if (high < 0) {
            high = value;
        } else {
            bytes += static_cast<char>(high << 4 | value);
            high = -1;
        }
    }
    return bytes;
}

ClientMessageId unpackCid(std::string_view packed)
{
    if (packed.size() != kUuidBytes)
        return ClientMessageId(std::string(packed.substr(std::min(packed.size(), kTextMark.size()))));
    const std::string hex = crypto::toHex(packed);
    std::string text;
    text.reserve(kUuidChars);
    for (const char c : hex) {
        if (isDash(text.size()))
            text += '-';
        text += c;
    }
    return ClientMessageId(std::move(text));
}

std::optional<std::string> packUsers(const std::vector<UserId> &users)
{
    if (users.empty())
        return std::nullopt;
    std::string packed;
    for (const UserId &user : users) {
        if (!packed.empty())
            packed += ',';
        packed += user.str();
    }
    return packed;
}

std::vector<UserId> unpackUsers(std::string_view packed)
{
    std::vector<UserId> users;
    while (!packed.empty()) {
        const auto comma = packed.find(',');
        users.emplace_back(std::string(packed.substr(0, comma)));
        packed = comma == std::string_view::npos ? std::string_view() : packed.substr(comma + 1);
    }
    return users;
}

std::string digestOf(const AppendMessage &message)
{
    std::string bytes;
    bytes.reserve(message.body.size() + 64);
    addField(bytes, std::to_string(static_cast<int>(message.kind)));
    addField(bytes, message.body);
    addField(bytes, message.replyTo ? std::to_string(message.replyTo->value()) : std::string());
    addField(bytes, packUsers(message.mentions).value_or(std::string()));
    addField(bytes, message.file ? message.file->str() : std::string());
    return crypto::sha256(bytes).substr(0, kDigestBytes);
}

std::string shortened(std::string_view utf8, std::size_t codePoints)
{
    std::size_t end = 0;
    for (std::size_t i = 0; i < codePoints && end < utf8.size(); ++i)
        end += codePointBytes(utf8[end]);
    return std::string(utf8.substr(0, std::min(end, utf8.size())));
}

std::string folded(std::string_view utf8)
{
    std::string text;
    text.reserve(utf8.size());
    for (std::size_t i = 0; i < utf8.size();) {
        const std::size_t size = std::min(codePointBytes(utf8[i]), utf8.size() - i);
        if (size == 1) {
            const char c = utf8[i];
            text += c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
        } else if (size == 2) {
            const char32_t c = foldedCodePoint(static_cast<char32_t>((utf8[i] & 0x1f) << 6 | (utf8[i + 1] & 0x3f)));
            text += static_cast<char>(0xc0 | c >> 6);
            text += static_cast<char>(0x80 | (c & 0x3f));
        } else {
            text += utf8.substr(i, size);
        }
        i += size;
    }
    return text;
}

std::string afterPrefix(std::string_view prefix)
{
    return std::string(prefix) + "\xf4\x8f\xbf\xbf"; // U+10FFFF, which is not a character
}

User userFrom(const sql::Statement &row)
{
    User user;
    user.id = userId(row.integer(0));
    user.username = row.text(1);
    user.displayName = row.text(2);
    user.avatar = row.text(3);
    user.createdAt = fromUnixMs(row.integer(4));
    return user;
}

StoredMessage messageFrom(const sql::Statement &row)
{
    StoredMessage stored;
    stored.row = row.integer(0);
    stored.conversation = row.integer(1);
    stored.bornRev = Rev(row.integer(3));
    stored.rev = Rev(row.integer(4));
    stored.sender = row.integer(6);
    Message &message = stored.message;
    message.seq = Seq(row.integer(2));
    message.id = MessageId(std::to_string(row.integer(5)));
    message.sender = userId(stored.sender);
    message.kind = static_cast<MessageKind>(row.integer(8));
    if (message.kind != MessageKind::System) // nobody sent those by a cid of their own
        message.cid = unpackCid(row.blob(7));
    message.createdAt = fromUnixMs(row.integer(9));
    message.recalled = row.integer(10) != 0;
    message.likes = row.integer(11);
    if (!row.isNull(12))
        message.editedAt = fromUnixMs(row.integer(12));
    if (!row.isNull(13))
        message.replyTo = Seq(row.integer(13));
    if (!row.isNull(14))
        message.mentions = unpackUsers(row.text(14));
    if (!row.isNull(15))
        message.file = FileId(row.text(15));
    message.body = row.text(16);
    return stored;
}

Message visibleTo(const UserId &reader, StoredMessage &&stored)
{
    Message message = std::move(stored.message);
    if (message.sender != reader)
        message.cid = {};
    return message;
}

} // namespace kith::server::embedded
