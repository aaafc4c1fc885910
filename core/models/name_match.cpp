// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/models/name_match.h"

#include <unicode/translit.h>

#include <algorithm>
#include <chrono>
#include <future>
#include <memory>

namespace kith::models {
namespace {

/// Not thread-safe, and some milliseconds to make: one of each for the thread of the windows.
class Readings final {
public:
    explicit Readings(const char *id)
    {
        UErrorCode status = U_ZERO_ERROR;
        m_rules.reset(icu::Transliterator::createInstance(icu::UnicodeString(id) + "; Latin-ASCII; Lower",
                                                          UTRANS_FORWARD, status));
        if (U_FAILURE(status))
            m_rules.reset(); // ICU built without these data: names are then found by their own characters only
    }
    QString of(const QString &text) const
    {
        if (!m_rules)
            return {};
        icu::UnicodeString string(reinterpret_cast<const char16_t *>(text.utf16()), static_cast<int32_t>(text.size()));
        m_rules->transliterate(string);
        return QString::fromUtf16(string.getBuffer(), string.length()).simplified();
    }

private:
    std::unique_ptr<icu::Transliterator> m_rules;
};

QStringList characters(const QString &text)
{
    QStringList all;
    for (qsizetype i = 0; i < text.size(); ++i) {
        const bool pair = text.at(i).isHighSurrogate() && i + 1 < text.size();
        all << text.mid(i, pair ? 2 : 1);
        i += pair ? 1 : 0;
    }
    return all;
}

bool isHan(const QString &character)
{
    const bool pair = character.size() == 2;
    return QChar::script(pair ? QChar::surrogateToUcs4(character.at(0), character.at(1)) : character.at(0).unicode()) ==
           QChar::Script_Han;
}

QString initialsOf(const QStringList &words)
{
    QString letters;
    for (const QString &word : words)
        if (!word.isEmpty())
            letters += word.at(0);
    return letters;
}

/// The letters of `typed` in their order, the first at the beginning of a word: how many others stand between, or -1.
int gaps(const QString &name, const QString &typed)
{
    int best = -1;
    for (qsizetype start = 0; start < name.size(); ++start) {
        if (name.at(start) != typed.at(0) || (start > 0 && name.at(start - 1).isLetterOrNumber()))
            continue;
        qsizetype at = start + 1;
        qsizetype i = 1;
        for (; i < typed.size() && at < name.size(); ++at)
            i += name.at(at) == typed.at(i) ? 1 : 0;
        const int between = static_cast<int>(at - start - typed.size());
        if (i == typed.size() && (best < 0 || between < best))
            best = between;
    }
    return best;
}

bool beginsWord(const QString &name, const QString &part)
{
    for (qsizetype at = name.indexOf(part); at >= 0; at = name.indexOf(part, at + 1))
        if (at == 0 || !name.at(at - 1).isLetterOrNumber())
            return true;
    return false;
}

/// Each word of what is typed begins one of the name's, in any order.
bool beginsWords(const QString &name, const QString &typed)
{
    const QStringList parts = typed.split(QLatin1Char(' '));
    return parts.size() > 1 &&
           std::all_of(parts.begin(), parts.end(), [&](const QString &part) { return beginsWord(name, part); });
}

int score(const QString &name, const QString &typed)
{
    if (name == typed)
        return 1000;
    if (name.startsWith(typed))
        return 900;
    if (beginsWord(name, typed) || beginsWords(name, typed))
        return 800;
    if (name.contains(typed))
        return 600;
    const int between = typed.size() > 1 ? gaps(name, typed) : -1;
    return between < 0 ? 0 : std::max(100, 400 - 10 * between);
}

struct BothReadings {
    Readings usual{"Han-Latin"}, asName{"Han-Latin/Names"};
};

const BothReadings &readings()
{
    static const BothReadings both;
    return both;
}

} // namespace

bool isPinyinReady()
{
    // Ends before the program does: the rules are not destroyed while they are made.
    static const std::future<void> making = std::async(std::launch::async, [] { readings(); });
    return making.wait_for(std::chrono::seconds{0}) == std::future_status::ready;
}

Pinyin pinyinOf(const QString &name)
{
    const QStringList all = characters(name);
    if (std::none_of(all.begin(), all.end(), isHan))
        return {};
    const auto &[usual, asName] = readings();
    Pinyin pinyin;
    const auto add = [](QStringList &list, const QString &text) {
        if (!text.isEmpty() && !list.contains(text))
            list << text;
    };
    const QString bare = QString(name).remove(QLatin1Char(' '));
    for (const Readings *readings : {&usual, &asName}) {
        // As a whole the rules know some words; one by one each character surely is a syllable of its own.
        const QString whole = readings->of(name);
        add(pinyin.full, QString(whole).remove(QLatin1Char(' ')));
        QStringList syllables;
        for (const QString &character : characters(bare))
            syllables << readings->of(character);
        add(pinyin.full, syllables.join(QString()));
        add(pinyin.initials, initialsOf(syllables));
        const QStringList words = whole.split(QLatin1Char(' '));
        if (words.size() == syllables.size())
            add(pinyin.initials, initialsOf(words));
    }
    return pinyin;
}

QString foldName(const QString &text)
{
    QString folded;
    for (const QChar c : text.normalized(QString::NormalizationForm_KD).toCaseFolded())
        if (!c.isMark())
            folded += c;
    return folded.simplified();
}

NameKeys nameKeys(const QStringList &names)
{
    NameKeys keys;
    for (const QString &name : names) {
        const QString folded = foldName(name);
        if (folded.isEmpty())
            continue;
        keys.names << folded;
        if (const QStringList words = folded.split(QLatin1Char(' ')); words.size() > 1)
            keys.initials << initialsOf(words);
        const Pinyin pinyin = pinyinOf(name);
        keys.pinyin << pinyin.full;
        keys.pinyinInitials << pinyin.initials;
    }
    return keys;
}

int nameScore(const NameKeys &keys, const QString &typed)
{
    if (typed.isEmpty())
        return 1;
    int best = 0;
    const QString joined = QString(typed).remove(QLatin1Char(' '));
    for (const QString &name : keys.names)
        best = std::max(best, score(name, typed));
    for (const QString &initials : keys.initials)
        best = std::max(best, initials == joined ? 780 : initials.startsWith(joined) && joined.size() > 1 ? 700 : 0);
    for (const QString &initials : keys.pinyinInitials)
        best = std::max(best, initials == joined                               ? 850
                              : initials.startsWith(joined)                    ? 760
                              : initials.contains(joined) && joined.size() > 1 ? 500
                                                                               : 0);
    for (const QString &full : keys.pinyin) {
        const int fits = score(full, joined);
        best = std::max(best, fits >= 600 ? fits - 90 : fits > 0 ? fits - 50 : 0);
    }
    return best;
}

} // namespace kith::models
