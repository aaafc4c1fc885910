// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/models/spelling.h"

#include <algorithm>

namespace kith::models {

namespace {

bool isApostrophe(QChar c)
{
    return c == u'\'' || c == u'\u2019';
}

/// Addresses, files, times, mentions: nothing in them is a word of a language.
bool isTechnical(QStringView token)
{
    if (token.startsWith(u'@') || token.startsWith(u'\uff20') || token.startsWith(u':') || token.startsWith(u'#'))
        return true;
    for (qsizetype i = 0; i < token.size(); ++i) {
        const QChar c = token[i];
        if (c.isDigit() || c == u'_' || c == u'/' || c == u'\\' || c == u'@' || c == u'=' || c == u'<')
            return true;
        const bool inside = i > 0 && i + 1 < token.size() && token[i - 1].isLetter() && token[i + 1].isLetter();
        if (inside && (c == u'.' || c == u':')) // example.org, main.cpp, std::move
            return true;
    }
    return token.contains(u"::");
}

bool isOddlyCased(QStringView word)
{
    const auto upper = std::count_if(word.begin() + 1, word.end(), [](QChar c) { return c.isUpper(); });
    return upper > 0;
}

void addWords(const QString &text, int from, int to, QChar::Script script, std::vector<SpellWord> &words)
{
    const auto isPart = [&](int i) {
        const QChar c = text.at(i);
        return (c.isLetter() && c.script() == script) || c.isMark() || c.unicode() == 0xad;
    };
    for (int i = from; i < to;) {
        if (!isPart(i)) {
            ++i;
            continue;
        }
        int end = i + 1;
        while (end < to && (isPart(end) || (isApostrophe(text.at(end)) && end + 1 < to && isPart(end + 1))))
            ++end;
        const QStringView word = QStringView(text).mid(i, end - i);
        if (word.size() > 1 && !isOddlyCased(word))
            words.push_back({i, end - i});
        i = end;
    }
}

void addLine(const QString &text, int from, int to, QChar::Script script, std::vector<SpellWord> &words)
{
    bool code = false;
    int begin = from; // of the token
    for (int i = from; i <= to; ++i) {
        const bool end = i == to;
        if (!end && text.at(i) != u'`' && !text.at(i).isSpace())
            continue;
        if (!code && i > begin && !isTechnical(QStringView(text).mid(begin, i - begin)))
            addWords(text, begin, i, script, words);
        if (!end && text.at(i) == u'`')
            code = !code;
        begin = i + 1;
    }
}

} // namespace

std::vector<SpellWord> spellWords(const QString &text, QChar::Script script)
{
    std::vector<SpellWord> words;
    bool fenced = false;
    const int size = static_cast<int>(text.size());
    for (int from = 0; from <= size;) {
        const qsizetype next = text.indexOf(u'\n', from);
        const int to = next < 0 ? size : static_cast<int>(next);
        if (QStringView(text).mid(from, to - from).trimmed().startsWith(u"```"))
            fenced = !fenced;
        else if (!fenced)
            addLine(text, from, to, script, words);
        from = to + 1;
    }
    return words;
}

} // namespace kith::models
