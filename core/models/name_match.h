// SPDX-License-Identifier: GPL-3.0-or-later
// How well a name fits what somebody types: by its words, their beginnings and initials, and for Chinese by pinyin.
#pragma once

#include <QString>
#include <QStringList>

namespace kith::models {

/// Pinyin without tones, by ICU (docs/decisions/0010). A character has its most usual reading, and as a family name its
/// own, so there may be several of each.
struct Pinyin {
    QStringList full;     // "weizihan"
    QStringList initials; // "wzh"
};
/// Empty for a name without Chinese characters.
Pinyin pinyinOf(const QString &name);

/// Whether pinyinOf() answers at once. ICU needs some 100 ms to make its rules ready: the first question begins that on
/// a thread of its own.
bool isPinyinReady();

/// What typed text is compared with, made once per name.
struct NameKeys {
    QStringList names; // lower case, without accents
    QStringList initials;
    QStringList pinyin;
    QStringList pinyinInitials;
};
NameKeys nameKeys(const QStringList &names);

/// As names are made comparable: lower case, no accents, single spaces.
QString foldName(const QString &text);

/// 0: it does not fit. Exact before beginning before beginning of a word before part before letters in their order;
/// a name's own letters before its pinyin. `typed` is folded.
int nameScore(const NameKeys &keys, const QString &typed);

} // namespace kith::models
