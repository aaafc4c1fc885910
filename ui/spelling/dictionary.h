// SPDX-License-Identifier: GPL-3.0-or-later
// Hunspell's dictionaries of this computer, where the program was built with Hunspell. Blocking: for a worker.
#pragma once

#include <QChar>
#include <QList>
#include <QString>
#include <QStringList>

#include <memory>

namespace kith::ui {

struct DictionaryFile {
    QString language; // "en_US"
    QString stem;     // the path without .aff and .dic

    bool operator==(const DictionaryFile &) const = default;
};

/// Each once, by language; a second name of the same file is left out. Nothing without Hunspell.
QList<DictionaryFile> findDictionaries(const QStringList &folders);
/// Where Hunspell's dictionaries lie on this system, the user's own first.
QStringList dictionaryFolders();
/// The one for the first of `locales` ("de_AT", "en") that has one: the same country, then the language's main country,
/// then any. Null: none of them.
const DictionaryFile *chooseDictionary(const QList<DictionaryFile> &files, const QStringList &locales);
/// Which letters a language's words are made of.
QChar::Script scriptOf(const QString &language);

class Dictionary final {
public:
    /// Null where the files cannot be used.
    static std::unique_ptr<Dictionary> load(const DictionaryFile &file);
    ~Dictionary();

    bool knows(const QString &word);
    /// The likeliest first.
    QStringList suggest(const QString &word);

private:
    struct Hunspeller;
    explicit Dictionary(std::unique_ptr<Hunspeller> hunspell);
    std::unique_ptr<Hunspeller> m_hunspell;
};

} // namespace kith::ui
