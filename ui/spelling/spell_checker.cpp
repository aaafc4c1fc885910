// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/spelling/spell_checker.h"

#include <QGuiApplication>
#include <QInputMethod>
#include <QLocale>
#include <QPointer>

namespace kith::ui {

namespace {
constexpr int kMostKnown = 20000; // words; a long message has some thousand
constexpr int kMostSuggestions = 5;
const QString kOff = QStringLiteral("off");
} // namespace

/// Everything of it happens on the thread.
struct SpellChecker::Worker final : QObject {
    DictionaryFile file;
    std::unique_ptr<Dictionary> dictionary;

    Dictionary *use(const DictionaryFile &wanted)
    {
        if (!(wanted == file)) {
            file = wanted;
            dictionary = wanted.stem.isEmpty() ? nullptr : Dictionary::load(wanted);
        }
        return dictionary.get();
    }
};

SpellChecker::SpellChecker(QObject *parent) : QObject(parent)
{
    m_pause.setSingleShot(true);
    m_pause.setInterval(0); // all words of a text go together
    connect(&m_pause, &QTimer::timeout, this, &SpellChecker::ask);
}

SpellChecker::~SpellChecker()
{
    m_thread.quit();
    m_thread.wait();
}

void SpellChecker::start()
{
    if (m_worker)
        return;
    m_worker = new Worker;
    m_worker->moveToThread(&m_thread);
    connect(&m_thread, &QThread::finished, m_worker, &QObject::deleteLater);
    m_thread.setObjectName(QStringLiteral("kith-spelling"));
    m_thread.start(QThread::LowPriority);
    connect(QGuiApplication::inputMethod(), &QInputMethod::localeChanged, this, &SpellChecker::chooseFile);
    QMetaObject::invokeMethod(m_worker, [this] {
        QList<DictionaryFile> files = findDictionaries(dictionaryFolders());
        // The destructor waits for this thread: `this` is there, and what is queued to it goes with it.
        QMetaObject::invokeMethod(
            this,
            [this, files = std::move(files)] {
                m_files = files;
                chooseFile();
            },
            Qt::QueuedConnection);
    });
}

QStringList SpellChecker::languages() const
{
    QStringList all;
    for (const DictionaryFile &file : m_files)
        all << file.language;
    return all;
}

void SpellChecker::setChoice(const QString &choice)
{
    if (choice == m_choice)
        return;
    m_choice = choice;
    chooseFile();
    emit choiceChanged();
}

void SpellChecker::chooseFile()
{
    const DictionaryFile *file = nullptr;
    if (m_choice != kOff) {
        QStringList locales;
        if (!m_choice.isEmpty())
            locales << m_choice;
        locales << QGuiApplication::inputMethod()->locale().name() << QLocale::system().uiLanguages()
                << QLocale().name();
        file = chooseDictionary(m_files, locales);
    }
    const DictionaryFile chosen = file ? *file : DictionaryFile();
    if (chosen == m_file)
        return;
    m_file = chosen;
    forget();
    if (m_file.stem.isEmpty() && m_worker) // what it held is not needed any more
        QMetaObject::invokeMethod(m_worker, [worker = m_worker] { worker->use({}); });
    emit changed();
}

SpellChecker::Verdict SpellChecker::verdict(const QString &word)
{
    if (m_file.language.isEmpty())
        return Verdict::Unknown;
    if (m_own.contains(word))
        return Verdict::Right;
    if (const auto known = m_known.constFind(word); known != m_known.constEnd())
        return *known ? Verdict::Right : Verdict::Wrong;
    if (!m_asked.contains(word) && !m_next.contains(word)) {
        m_next << word;
        m_pause.start();
    }
    return Verdict::Unknown;
}

void SpellChecker::ask()
{
    if (!m_worker || m_next.isEmpty() || m_file.stem.isEmpty())
        return;
    m_asked << m_next;
    QMetaObject::invokeMethod(m_worker,
                              [this, worker = m_worker, file = m_file, run = m_run, words = std::exchange(m_next, {})] {
                                  Dictionary *dictionary = worker->use(file);
                                  QHash<QString, bool> answers;
                                  for (const QString &word : words)
                                      answers.insert(word, !dictionary || dictionary->knows(word));
                                  QMetaObject::invokeMethod(
                                      this,
                                      [this, run, answers = std::move(answers)] {
                                          if (run != m_run)
                                              return;
                                          if (m_known.size() > kMostKnown)
                                              m_known.clear();
                                          m_known.insert(answers);
                                          m_asked.removeIf([&](const QString &word) { return answers.contains(word); });
                                          emit changed();
                                      },
                                      Qt::QueuedConnection);
                              });
}

void SpellChecker::suggest(const QString &word, QObject *context, Suggestions then)
{
    if (!m_worker || m_file.stem.isEmpty())
        return;
    const QPointer<QObject> alive(context);
    QMetaObject::invokeMethod(m_worker, [this, worker = m_worker, file = m_file, word, alive, then = std::move(then)] {
        Dictionary *dictionary = worker->use(file);
        QStringList words = dictionary ? dictionary->suggest(word).mid(0, kMostSuggestions) : QStringList();
        QMetaObject::invokeMethod(
            this,
            [alive, words = std::move(words), then] {
                if (alive)
                    then(words);
            },
            Qt::QueuedConnection);
    });
}

void SpellChecker::setOwnWords(const QStringList &words)
{
    m_own = QSet<QString>(words.begin(), words.end());
    emit changed();
}

void SpellChecker::addWord(const QString &word)
{
    if (word.isEmpty() || m_own.size() >= kMostOwnWords)
        return;
    m_own.insert(word);
    emit ownWordsChanged();
    emit changed();
}

void SpellChecker::forget()
{
    ++m_run;
    m_known.clear();
    m_asked.clear();
    m_next.clear();
}

} // namespace kith::ui
