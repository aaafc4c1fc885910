// SPDX-License-Identifier: GPL-3.0-or-later
// Which words of what is being written a dictionary may judge: no code, addresses, names of people or numbers.
#pragma once

#include <QChar>
#include <QString>

#include <vector>

namespace kith::models {

struct SpellWord {
    int start = 0; // UTF-16 units
    int length = 0;

    bool operator==(const SpellWord &) const = default;
};

/// In order. `script` is the dictionary's: words of others are not its business. Left out are fenced and `spanned` code
/// (the span may still be open), addresses and file names, @mentions, :emoji: names, what holds digits, and
/// abbreviations and names in CAPITALS or camelCase.
std::vector<SpellWord> spellWords(const QString &text, QChar::Script script);

} // namespace kith::models
