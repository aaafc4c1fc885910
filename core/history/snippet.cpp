// SPDX-License-Identifier: GPL-3.0-or-later
// The part of a message that shows why it was found.
#include "core/history/impl.h"
#include "core/sql/cjk_tokenizer.h"

#include <algorithm>

namespace kith::history {
namespace {

struct Token {
    std::string text;
    std::size_t from = 0, to = 0;
};

std::vector<Token> tokensOf(std::string_view text)
{
    std::vector<Token> tokens;
    sql::tokenizeCjk(text, [&](std::string_view token, std::size_t from, std::size_t to) {
        tokens.push_back({std::string(token), from, to});
        return true;
    });
    return tokens;
}

bool matches(const std::vector<Token> &body, std::size_t at, const std::vector<Token> &phrase, bool open)
{
    if (at + phrase.size() > body.size())
        return false;
    for (std::size_t i = 0; i < phrase.size(); ++i) {
        const bool begins = open && i + 1 == phrase.size();
        const std::string &token = body[at + i].text;
        if (begins ? !token.starts_with(phrase[i].text) : token != phrase[i].text)
            return false;
    }
    return true;
}

bool continues(char byte)
{
    return (static_cast<unsigned char>(byte) & 0xc0) == 0x80;
}

/// `count` characters back from, or on from, a byte.
std::size_t back(std::string_view text, std::size_t at, std::size_t count)
{
    for (; at > 0 && count > 0; --count)
        for (--at; at > 0 && continues(text[at]);)
            --at;
    return at;
}
std::size_t on(std::string_view text, std::size_t at, std::size_t count)
{
    for (; at < text.size() && count > 0; --count)
        for (++at; at < text.size() && continues(text[at]);)
            ++at;
    return at;
}

} // namespace

bool isBeginning(std::string_view token)
{
    return std::count_if(token.begin(), token.end(), [](char c) { return !continues(c); }) >= 3;
}

namespace {

std::vector<SearchMark> findIn(const std::vector<Token> &tokens, const SearchQuery &query)
{
    std::vector<SearchMark> found;
    for (std::size_t p = 0; p < query.phrases.size(); ++p) {
        const auto phrase = tokensOf(query.phrases[p]);
        const bool open =
            query.lastOpen && p + 1 == query.phrases.size() && !phrase.empty() && isBeginning(phrase.back().text);
        for (std::size_t at = 0; !phrase.empty() && at < tokens.size(); ++at)
            if (matches(tokens, at, phrase, open))
                found.push_back({tokens[at].from, tokens[at + phrase.size() - 1].to});
    }
    std::sort(found.begin(), found.end(), [](const auto &a, const auto &b) { return a.from < b.from; });
    return found;
}

} // namespace

std::vector<SearchMark> findWords(std::string_view body, const SearchQuery &query)
{
    return findIn(tokensOf(body), query);
}

Snippet makeSnippet(std::string_view body, const SearchQuery &query, std::size_t most)
{
    const auto tokens = tokensOf(body);
    const std::vector<SearchMark> found = findIn(tokens, query); // in the body
    // A little of it before the first place, and no word cut where one begins near.
    std::size_t from = found.empty() ? 0 : back(body, found.front().from, most / 6);
    if (from > 0) {
        const auto whole = std::find_if(tokens.begin(), tokens.end(), [&](const Token &t) { return t.from >= from; });
        if (whole != tokens.end() && whole->from <= found.front().from)
            from = whole->from;
    }
    const std::size_t to = on(body, from, most);
    Snippet snippet;
    snippet.text = from > 0 ? "…" : "";
    const std::size_t lead = snippet.text.size();
    snippet.text += body.substr(from, to - from);
    for (char &c : snippet.text)
        if (c == '\n' || c == '\r' || c == '\t')
            c = ' ';
    if (to < body.size())
        snippet.text += "…";
    for (const auto &mark : found) {
        if (mark.from >= to)
            break;
        SearchMark shown{lead + mark.from - from, lead + std::min(mark.to, to) - from};
        if (!snippet.marks.empty() && shown.from <= snippet.marks.back().to)
            snippet.marks.back().to = std::max(snippet.marks.back().to, shown.to);
        else
            snippet.marks.push_back(shown);
    }
    return snippet;
}

} // namespace kith::history
