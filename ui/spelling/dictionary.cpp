// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/spelling/dictionary.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QLocale>
#include <QSet>
#include <QStandardPaths>
#include <QStringConverter>

#include <algorithm>

#ifdef KITH_HAS_HUNSPELL
#include <hunspell.hxx>
#endif

namespace kith::ui {

#ifdef KITH_HAS_HUNSPELL
struct Dictionary::Hunspeller {
    Hunspeller(const QByteArray &aff, const QByteArray &dic)
        : hunspell(aff.constData(), dic.constData()), encode(hunspell.get_dict_encoding().c_str()),
          decode(hunspell.get_dict_encoding().c_str())
    {
    }
    Hunspell hunspell;
    QStringEncoder encode; // dictionaries have encodings of their own
    QStringDecoder decode;
};
#else
struct Dictionary::Hunspeller {};
#endif

Dictionary::Dictionary(std::unique_ptr<Hunspeller> hunspell) : m_hunspell(std::move(hunspell)) {}
Dictionary::~Dictionary() = default;

#ifdef KITH_HAS_HUNSPELL

namespace {
/// As dictionaries write it.
QString plain(QString word)
{
    return word.replace(u'\u2019', u'\'').remove(QChar(0xad)).normalized(QString::NormalizationForm_C);
}

} // namespace

QList<DictionaryFile> findDictionaries(const QStringList &folders)
{
    QList<DictionaryFile> found;
    QSet<QString> languages, files;
    for (const QString &folder : folders) {
        QFileInfoList entries = QDir(folder).entryInfoList({QStringLiteral("*.dic")}, QDir::Files, QDir::Name);
        // The file before its other names: de_AT may be a link to de_DE.
        std::stable_partition(entries.begin(), entries.end(), [](const QFileInfo &i) { return !i.isSymLink(); });
        for (const QFileInfo &entry : entries) {
            const QString stem = entry.path() + u'/' + entry.completeBaseName();
            const QString language = entry.completeBaseName().replace(u'-', u'_');
            const bool known = QLocale(language).language() != QLocale::C; // hyph_… and the like are none
            if (!known || !QFile::exists(stem + QStringLiteral(".aff")) || languages.contains(language) ||
                files.contains(entry.canonicalFilePath()))
                continue;
            languages.insert(language);
            files.insert(entry.canonicalFilePath());
            found.append({language, stem});
        }
    }
    std::sort(found.begin(), found.end(), [](const auto &a, const auto &b) { return a.language < b.language; });
    return found;
}

std::unique_ptr<Dictionary> Dictionary::load(const DictionaryFile &file)
{
    const QByteArray aff = QFile::encodeName(file.stem + QStringLiteral(".aff"));
    const QByteArray dic = QFile::encodeName(file.stem + QStringLiteral(".dic"));
    if (!QFileInfo(QFile::decodeName(aff)).isReadable() || !QFileInfo(QFile::decodeName(dic)).isReadable())
        return nullptr;
    auto made = std::make_unique<Hunspeller>(aff, dic);
    if (!made->encode.isValid() || !made->decode.isValid())
        return nullptr;
    return std::unique_ptr<Dictionary>(new Dictionary(std::move(made)));
}

bool Dictionary::knows(const QString &word)
{
    const QByteArray bytes = m_hunspell->encode(plain(word));
    if (m_hunspell->encode.hasError()) {
        m_hunspell->encode.resetState();
        return true; // written with letters of which it knows nothing
    }
    return m_hunspell->hunspell.spell(bytes.toStdString());
}

QStringList Dictionary::suggest(const QString &word)
{
    const QByteArray bytes = m_hunspell->encode(plain(word));
    QStringList words;
    for (const std::string &one : m_hunspell->hunspell.suggest(bytes.toStdString()))
        words << m_hunspell->decode(QByteArrayView(one.data(), static_cast<qsizetype>(one.size())));
    return words;
}

#else

QList<DictionaryFile> findDictionaries(const QStringList &)
{
    return {};
}
std::unique_ptr<Dictionary> Dictionary::load(const DictionaryFile &)
{
    return nullptr;
}
bool Dictionary::knows(const QString &)
{
    return true;
}
QStringList Dictionary::suggest(const QString &)
{
    return {};
}

#endif

QStringList dictionaryFolders()
{
    return QStandardPaths::locateAll(QStandardPaths::GenericDataLocation, QStringLiteral("hunspell"),
                                     QStandardPaths::LocateDirectory);
}

const DictionaryFile *chooseDictionary(const QList<DictionaryFile> &files, const QStringList &locales)
{
    const auto named = [&](const QString &language) {
        return std::find_if(files.begin(), files.end(), [&](const auto &file) { return file.language == language; });
    };
    for (QString locale : locales) {
        locale.replace(u'-', u'_');
        const QLocale wanted(locale);
        if (wanted.language() == QLocale::C)
            continue;
        for (const QString &name : {locale, wanted.name(), QLocale(wanted.language()).name()})
            if (const auto file = named(name); file != files.end())
                return &*file;
        for (const DictionaryFile &file : files)
            if (QLocale(file.language).language() == wanted.language())
                return &file;
    }
    return nullptr;
}

QChar::Script scriptOf(const QString &language)
{
    switch (QLocale(language).script()) {
    case QLocale::CyrillicScript:
        return QChar::Script_Cyrillic;
    case QLocale::GreekScript:
        return QChar::Script_Greek;
    case QLocale::HebrewScript:
        return QChar::Script_Hebrew;
    case QLocale::ArabicScript:
        return QChar::Script_Arabic;
    case QLocale::ArmenianScript:
        return QChar::Script_Armenian;
    case QLocale::GeorgianScript:
        return QChar::Script_Georgian;
    case QLocale::DevanagariScript:
        return QChar::Script_Devanagari;
    case QLocale::KoreanScript:
        return QChar::Script_Hangul;
    default: // of the many others most dictionaries are of this one
        return QChar::Script_Latin;
    }
}

} // namespace kith::ui
