// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sql/cjk_tokenizer.h"

#include "core/sql/error.h"

#include <sqlite3.h>

namespace kith::sql {
namespace {

struct Decoded {
    char32_t point = 0; // 0: not UTF-8
    std::size_t bytes = 1;
};

Decoded decodeAt(std::string_view text, std::size_t at)
{
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    const unsigned char first = byte(at);
    if (first < 0x80)
        return {first, 1};
    const std::size_t size = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : first >= 0xc2 ? 2 : 0;
    if (size == 0 || first > 0xf4 || at + size > text.size())
        return {};
    char32_t point = first & (0xffU >> (size + 1));
    for (std::size_t i = 1; i < size; ++i) {
        if ((byte(at + i) & 0xc0) != 0x80)
            return {};
        point = (point << 6) | (byte(at + i) & 0x3fU);
    }
    return {point, size};
}

void append(std::string &out, char32_t point)
{
    if (point < 0x80) {
        out += static_cast<char>(point);
    } else if (point < 0x800) {
        out += static_cast<char>(0xc0 | (point >> 6));
        out += static_cast<char>(0x80 | (point & 0x3f));
    } else if (point < 0x10000) {
        out += static_cast<char>(0xe0 | (point >> 12));
        out += static_cast<char>(0x80 | ((point >> 6) & 0x3f));
        out += static_cast<char>(0x80 | (point & 0x3f));
    } else {
        out += static_cast<char>(0xf0 | (point >> 18));
        out += static_cast<char>(0x80 | ((point >> 12) & 0x3f));
        out += static_cast<char>(0x80 | ((point >> 6) & 0x3f));
        out += static_cast<char>(0x80 | (point & 0x3f));
    }
}

bool within(char32_t c, char32_t from, char32_t to)
{
    return c >= from && c <= to;
}

bool isCjk(char32_t c)
{
    return within(c, 0x3040, 0x30ff) || within(c, 0x3400, 0x4dbf) || within(c, 0x4e00, 0x9fff) ||
           within(c, 0xac00, 0xd7a3) || within(c, 0xf900, 0xfaff) || within(c, 0x20000, 0x3ffff);
}

bool isWord(char32_t c)
{
    if (c < 0x80)
        return within(c, 'a', 'z') || within(c, 'A', 'Z') || within(c, '0', '9') || c == '_';
    // Beyond ASCII everything is a word but the blocks of punctuation, spaces, symbols and pictures.
    return !(within(c, 0x80, 0xbf) || c == 0xd7 || c == 0xf7 || within(c, 0x2000, 0x2bff) ||
             within(c, 0x3000, 0x303f) || within(c, 0xfe00, 0xfe6f) || within(c, 0xff01, 0xff0f) ||
             within(c, 0xff1a, 0xff20) || within(c, 0xff3b, 0xff40) || within(c, 0xff5b, 0xff65) ||
             within(c, 0xe000, 0xf8ff) || within(c, 0x1f000, 0x1faff) || within(c, 0xfff0, 0xffff));
}

char32_t fold(char32_t c)
{
    if (within(c, 'A', 'Z') || within(c, 0xc0, 0xde) || within(c, 0x391, 0x3ab) || within(c, 0x410, 0x42f))
        return c == 0xd7 ? c : c + 32;
    if (within(c, 0x400, 0x40f))
        return c + 80;
    if (within(c, 0x100, 0x17f) && !within(c, 0x138, 0x148) && c < 0x178 && c % 2 == 0)
        return c + 1;
    if (within(c, 0xff21, 0xff3a)) // full-width capitals
        return c - 0xff21 + 'a';
    if (within(c, 0xff41, 0xff5a))
        return c - 0xff41 + 'a';
    if (within(c, 0xff10, 0xff19))
        return c - 0xff10 + '0';
    return c;
}

int create(void *, const char **, int, Fts5Tokenizer **out)
{
    static int stateless;
    *out = reinterpret_cast<Fts5Tokenizer *>(&stateless);
    return SQLITE_OK;
}

void destroy(Fts5Tokenizer *) {}

int tokenize(Fts5Tokenizer *, void *context, int, const char *text, int size,
             int (*emit)(void *, int, const char *, int, int, int))
{
    int result = SQLITE_OK;
    tokenizeCjk(std::string_view(text, static_cast<std::size_t>(size)),
                [&](std::string_view token, std::size_t begin, std::size_t end) {
                    result = emit(context, 0, token.data(), static_cast<int>(token.size()), static_cast<int>(begin),
                                  static_cast<int>(end));
                    return result == SQLITE_OK;
                });
    return result;
}

} // namespace

void tokenizeCjk(std::string_view utf8, const std::function<bool(std::string_view, std::size_t, std::size_t)> &token)
{
    std::string word;
    std::size_t begin = 0;
    for (std::size_t at = 0; at < utf8.size();) {
        const auto [point, bytes] = decodeAt(utf8, at);
        const bool cjk = isCjk(point);
        if (cjk || !isWord(point)) {
            if (!word.empty() && !token(word, begin, at))
                return;
            word.clear();
            if (cjk && !token(utf8.substr(at, bytes), at, at + bytes))
                return;
        } else {
            if (word.empty())
                begin = at;
            append(word, fold(point));
        }
        at += bytes;
    }
    if (!word.empty())
        token(word, begin, utf8.size());
}

Result<void> registerCjkTokenizer(sqlite3 *db)
{
    // How to get FTS5's extension interface: https://sqlite.org/fts5.html#extending_fts5
    fts5_api *api = nullptr;
    sqlite3_stmt *statement = nullptr;
    if (const int result = sqlite3_prepare_v2(db, "SELECT fts5(?1)", -1, &statement, nullptr); result != SQLITE_OK)
        return Unexpected(lastError(db, result, "fts5"));
    sqlite3_bind_pointer(statement, 1, static_cast<void *>(&api), "fts5_api_ptr", nullptr);
    sqlite3_step(statement);
    sqlite3_finalize(statement);
    if (api == nullptr)
        return Unexpected(SqlError{SqlErrorCode::Misuse, "this SQLCipher has no FTS5", 0});
    fts5_tokenizer functions{&create, &destroy, &tokenize};
    if (const int result = api->xCreateTokenizer(api, "cjk", nullptr, &functions, nullptr); result != SQLITE_OK)
        return Unexpected(lastError(db, result, "cjk"));
    return {};
}

} // namespace kith::sql
