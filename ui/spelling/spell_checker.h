// SPDX-License-Identifier: GPL-3.0-or-later
// Tells which words are misspelt. Dictionaries are read and asked on a thread of their own; nothing here waits.
#pragma once

#include "ui/spelling/dictionary.h"

#include <QHash>
#include <QObject>
#include <QSet>
#include <QThread>
#include <QTimer>

#include <functional>

namespace kith::ui {

class SpellChecker final : public QObject {
    Q_OBJECT
public:
    enum class Verdict { Unknown, Right, Wrong };
    static constexpr int kMostOwnWords = 5000;

    explicit SpellChecker(QObject *parent);
    ~SpellChecker() override;

    /// Looks for dictionaries. Until then, and where there are none, every word is unknown and nothing is on offer.
    void start();
    QStringList languages() const; // that could be chosen
    /// A language, "off", or empty: that of the keyboard, the system or the window, whichever has a dictionary.
    void setChoice(const QString &choice);
    const QString &choice() const { return m_choice; }
    /// That of the dictionary in use; empty: none.
    const QString &language() const { return m_file.language; }
    QChar::Script script() const { return scriptOf(m_file.language); }

    /// An unknown word is asked for; changed() tells of the answer.
    Verdict verdict(const QString &word);
    using Suggestions = std::function<void(const QStringList &)>;
    void suggest(const QString &word, QObject *context, Suggestions then);

    QStringList ownWords() const { return m_own.values(); }
    void setOwnWords(const QStringList &words);
    void addWord(const QString &word);
    /// What was written is no longer here.
    void forget();

signals:
    void changed();
    void choiceChanged();
    void ownWordsChanged();

private:
    struct Worker;
    void chooseFile();
    void ask();

    QThread m_thread;
    Worker *m_worker = nullptr; // lives on the thread; null before start()
    QList<DictionaryFile> m_files;
    DictionaryFile m_file;
    QString m_choice;
    std::uint64_t m_run = 0; // answers for another dictionary, or of before forget(), are dropped by it
    QHash<QString, bool> m_known;
    QStringList m_asked, m_next; // on their way, and to be sent together
    QSet<QString> m_own;
    QTimer m_pause;
};

} // namespace kith::ui
