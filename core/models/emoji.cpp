// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/models/emoji.h"

#include "core/models/name_match.h"

#include <QLocale>

#include <algorithm>

namespace kith::models {

namespace {
constexpr QChar kBar = u'|';

bool isHan(QChar c)
{
    return c.script() == QChar::Script_Han;
}

QString withoutSelectors(QString emoji)
{
    return emoji.remove(QChar(0xfe0f));
}

int wordScore(const Emoji &emoji, const QString &word)
{
    const QString &terms = emoji.terms;
    const qsizetype nameEnd = terms.indexOf(kBar, 1);
    const qsizetype namesEnd = emoji.nameZh.isEmpty() ? nameEnd : terms.indexOf(kBar, nameEnd + 1);
    int best = 0;
    for (qsizetype at = terms.indexOf(word); at >= 0; at = terms.indexOf(word, at + 1)) {
        const qsizetype end = at + word.size();
        const bool begins = terms.at(at - 1) == kBar; // the first sign is a bar
        const bool whole = begins && terms.at(end) == kBar;
        const bool inName = at < namesEnd;
        int score = 0;
        if (whole)
            score = inName ? 7 : 6;
        else if (begins)
            score = inName ? 5 : 3;
        else if (terms.at(at - 1) == u' ' || isHan(word.front()))
            score = terms.at(end) == kBar || terms.at(end) == u' ' ? 4 : 2; // Chinese has no gaps between words
        else if (word.size() > 2)
            score = 1;
        best = std::max(best, score);
    }
    if (best == 0 && word.size() > 2) { // "thumbsup"
        QString name = terms.mid(1, nameEnd - 1);
        if (name.remove(u' ').startsWith(word))
            best = 4;
    }
    return best;
}
} // namespace

EmojiTable readEmoji(const QByteArray &tsv)
{
    EmojiTable table;
    const QString text = QString::fromUtf8(tsv);
    for (const QStringView line : QStringView(text).split(u'\n', Qt::SkipEmptyParts)) {
        if (line.startsWith(u'#'))
            continue;
        const auto cells = line.split(u'\t');
        if (cells.size() == 2 && cells[0] == QStringLiteral("@")) {
            table.groups << cells[1].toString();
        } else if (cells.size() == 4 && !cells[0].isEmpty() && !cells[1].isEmpty() && !cells[3].isEmpty() &&
                   !table.groups.isEmpty()) {
            table.emoji.push_back({cells[0].toString(), cells[1].toString(), cells[2].toString(),
                                   kBar + cells[3].toString() + kBar, static_cast<int>(table.groups.size()) - 1});
        }
    }
    return table;
}

int emojiScore(const Emoji &emoji, const QStringList &words)
{
    int sum = 0;
    for (const QString &word : words) {
        const int score = wordScore(emoji, word);
        if (score == 0)
            return 0;
        sum += score;
    }
    return sum;
}

std::optional<EmojiQuery> emojiAt(const QString &text, int position)
{
    constexpr int kLeast = 2, kMost = 32; // letters
    int start = position;
    const auto counts = [](QChar c) { return c.isLetterOrNumber() || c == u'_' || c == u'+' || c == u'-'; };
    while (start > 0 && position - start <= kMost && counts(text.at(start - 1)))
        --start;
    if (start == 0 || text.at(start - 1) != u':')
        return {};
    const QString typed = text.mid(start, position - start);
    const int least = typed.isEmpty() || isHan(typed.front()) ? 1 : kLeast;
    if (typed.size() < least || (start > 1 && !text.at(start - 2).isSpace()))
        return {};
    return EmojiQuery{start - 1, typed};
}

EmojiTable &EmojiShelf::table()
{
    if (!m_table) {
        m_table = readEmoji(m_load());
        m_known.assign(m_table->emoji.size(), -1);
        for (std::size_t i = 0; i < m_table->emoji.size(); ++i)
            m_index.insert(withoutSelectors(m_table->emoji[i].text), static_cast<int>(i));
    }
    return *m_table;
}

bool EmojiShelf::isDrawable(int index)
{
    signed char &known = m_known[static_cast<std::size_t>(index)];
    if (known < 0) {
        QString &text = table().emoji[static_cast<std::size_t>(index)].text;
        const QString form = m_form(text);
        known = form.isEmpty() ? 0 : 1;
        if (known)
            text = form;
    }
    return known == 1;
}

std::vector<int> EmojiShelf::group(int group)
{
    std::vector<int> all;
    for (int i = 0; i < static_cast<int>(table().emoji.size()); ++i)
        if (at(i).group == group && isDrawable(i))
            all.push_back(i);
    return all;
}

std::vector<int> EmojiShelf::recent()
{
    std::vector<int> all;
    for (const QString &text : m_recent)
        if (const int index = indexOf(text); index >= 0 && isDrawable(index))
            all.push_back(index);
    return all;
}

std::vector<int> EmojiShelf::find(const QString &typed, std::size_t most)
{
    QString plain = foldName(typed);
    plain.replace(u'_', u' ').remove(kBar);
    const QStringList words = plain.split(u' ', Qt::SkipEmptyParts);
    std::vector<std::pair<int, int>> found; // score, index
    if (!words.isEmpty())
        for (int i = 0; i < static_cast<int>(table().emoji.size()); ++i)
            if (const int score = emojiScore(at(i), words))
                found.emplace_back(score, i);
    std::stable_sort(found.begin(), found.end(), [](const auto &a, const auto &b) { return a.first > b.first; });
    std::vector<int> best;
    for (const auto &[score, index] : found) {
        if (best.size() >= most)
            break;
        if (isDrawable(index))
            best.push_back(index);
    }
    return best;
}

int EmojiShelf::indexOf(const QString &text)
{
    table();
    return m_index.value(withoutSelectors(text), -1);
}

void EmojiShelf::setRecentTexts(const QStringList &texts)
{
    m_recent = texts.mid(0, kMostRecent);
}

void EmojiShelf::use(int index)
{
    const QString text = at(index).text;
    m_recent.removeAll(text);
    m_recent.prepend(text);
    if (m_recent.size() > kMostRecent)
        m_recent.removeLast();
}

int EmojiModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_shown.size());
}

QVariant EmojiModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const Emoji &emoji = m_shelf.at(at(index.row()));
    switch (role) {
    case Qt::DisplayRole:
        return emoji.text;
    case NameRole:
    case Qt::AccessibleTextRole: // a reader would say the sign otherwise, or nothing
        return QLocale().language() == QLocale::Chinese && !emoji.nameZh.isEmpty() ? emoji.nameZh : emoji.name;
    default:
        return {};
    }
}

void EmojiModel::reset(std::vector<int> shown)
{
    beginResetModel();
    m_shown = std::move(shown);
    endResetModel();
}

} // namespace kith::models
