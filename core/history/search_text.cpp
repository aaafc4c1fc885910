// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/history/search_text.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>

namespace kith::history {
namespace {

struct Name {
    std::string_view text;
    SearchFilterKind kind;
};
constexpr std::array<Name, 12> kNames{{{"from", SearchFilterKind::From},
                                       {"in", SearchFilterKind::In},
                                       {"before", SearchFilterKind::Before},
                                       {"after", SearchFilterKind::After},
                                       {"has", SearchFilterKind::Has},
                                       {"来自", SearchFilterKind::From},
                                       {"发送者", SearchFilterKind::From},
                                       {"会话", SearchFilterKind::In},
                                       {"在", SearchFilterKind::In},
                                       {"早于", SearchFilterKind::Before},
                                       {"晚于", SearchFilterKind::After},
                                       {"包含", SearchFilterKind::Has}}};

std::string lower(std::string_view text)
{
    std::string out(text);
    for (char &c : out)
        if (c >= 'A' && c <= 'Z')
            c = static_cast<char>(c - 'A' + 'a');
    return out;
}

class Reader final {
public:
    explicit Reader(std::string_view text) : m_text(text) {}

    bool skipSpace()
    {
        while (!m_text.empty()) {
            if (const auto n = spaceHere(); n > 0)
                m_text.remove_prefix(n);
            else
                return true;
        }
        return false;
    }

    /// What stands in quotes that begin here; without a closing one, all the rest.
    std::optional<std::string> quoted()
    {
        static constexpr std::pair<std::string_view, std::string_view> kQuotes[] = {
            {"\"", "\""}, {"“", "”"}, {"「", "」"}, {"„", "“"}, {"«", "»"}};
        for (const auto &[open, close] : kQuotes) {
            if (!m_text.starts_with(open))
                continue;
            m_text.remove_prefix(open.size());
            const auto end = std::min(m_text.find(close), m_text.find('"'));
            std::string inside(m_text.substr(0, end));
            m_text.remove_prefix(end == std::string_view::npos ? m_text.size()
                                                               : end + (m_text[end] == '"' ? 1 : close.size()));
            return inside;
        }
        return std::nullopt;
    }

    std::string word()
    {
        std::size_t at = 0;
        const std::string_view all = m_text;
        while (!m_text.empty() && spaceHere() == 0) {
            m_text.remove_prefix(1);
            ++at;
        }
        return std::string(all.substr(0, at));
    }

    /// `name:` here, and what it is; nothing where what follows is a word. The colon is taken.
    struct Label {
        std::string name;
        std::optional<SearchFilterKind> kind;
    };
    std::optional<Label> label()
    {
        std::size_t end = 0;
        while (end < m_text.size() && m_text[end] != ':' && !colonAt(end) && spaceAt(end) == 0 && m_text[end] != '"')
            ++end;
        const std::size_t colon = colonAt(end);
        if (end == 0 || colon == 0)
            return std::nullopt;
        const std::string_view name = m_text.substr(0, end), rest = m_text.substr(end + colon);
        const std::string folded = lower(name);
        const auto *known = std::find_if(kNames.begin(), kNames.end(), [&](const Name &n) { return n.text == folded; });
        const bool letters = std::all_of(folded.begin(), folded.end(), [](char c) { return c >= 'a' && c <= 'z'; });
        // One letter is a drive or an abbreviation, other scripts put colons into sentences, // makes an address.
        if (known == kNames.end() && (!letters || name.size() < 2 || rest.starts_with("//")))
            return std::nullopt;
        Label found{std::string(name), known == kNames.end() ? std::nullopt : std::optional(known->kind)};
        m_text = rest;
        return found;
    }

    bool atEnd() const { return m_text.empty(); }

private:
    std::size_t spaceAt(std::size_t at) const
    {
        const auto rest = m_text.substr(at);
        if (rest.starts_with(' ') || rest.starts_with('\t') || rest.starts_with('\n') || rest.starts_with('\r'))
            return 1;
        return rest.starts_with("\u3000") ? 3 : rest.starts_with("\u00a0") ? 2 : 0;
    }
    std::size_t spaceHere() const { return spaceAt(0); }
    std::size_t colonAt(std::size_t at) const
    {
        const auto rest = at < m_text.size() ? m_text.substr(at) : std::string_view();
        return rest.starts_with(':') ? 1 : rest.starts_with("：") ? 3 : 0;
    }

    std::string_view m_text;
};

} // namespace

SearchText parseSearch(std::string_view text)
{
    SearchText parsed;
    Reader reader(text);
    while (reader.skipSpace()) {
        parsed.lastOpen = false;
        if (auto phrase = reader.quoted()) {
            parsed.phrases.push_back(std::move(*phrase));
            continue;
        }
        const auto label = reader.label();
        if (!label) {
            parsed.phrases.push_back(reader.word());
            parsed.lastOpen = reader.atEnd();
            continue;
        }
        auto inQuotes = reader.quoted();
        std::string value = inQuotes ? std::move(*inQuotes) : reader.word();
        if (!label->kind)
            parsed.hints.push_back({SearchHint::Kind::UnknownFilter, label->name, std::move(value)});
        else if (value.empty())
            parsed.hints.push_back({SearchHint::Kind::NoValue, label->name, {}});
        else
            parsed.filters.push_back({*label->kind, std::move(value)});
    }
    std::erase_if(parsed.phrases, [](const std::string &phrase) { return phrase.empty(); });
    return parsed;
}

std::optional<SearchDay> parseSearchDay(std::string_view text)
{
    std::array<int, 3> parts{};
    std::size_t count = 0;
    for (const char *at = text.data(), *end = at + text.size(); at != end;) {
        if (count == parts.size())
            return std::nullopt;
        const auto [stop, error] = std::from_chars(at, end, parts[count]);
        if (error != std::errc() || parts[count] <= 0)
            return std::nullopt;
        ++count;
        at = stop;
        if (at == end)
            break;
        if ((*at != '-' && *at != '/' && *at != '.') || at + 1 == end)
            return std::nullopt;
        ++at;
    }
    const SearchDay day{parts[0], parts[1], parts[2]};
    if (count == 0 || day.year < 1970 || day.year > 9999)
        return std::nullopt;
    const std::chrono::year_month_day date{std::chrono::year(day.year),
                                           std::chrono::month(static_cast<unsigned>(count > 1 ? day.month : 1)),
                                           std::chrono::day(static_cast<unsigned>(count > 2 ? day.day : 1))};
    return date.ok() ? std::optional(day) : std::nullopt;
}

std::string_view searchFilterName(SearchFilterKind kind)
{
    return std::find_if(kNames.begin(), kNames.end(), [&](const Name &n) { return n.kind == kind; })->text;
}

} // namespace kith::history
