// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/profiles.h"

#include <QCoreApplication>
#include <QDir>
#include <QFile>
#include <QProcess>
#include <QStandardPaths>

#include <algorithm>

namespace kith::ui {

namespace {
constexpr int kLongest = 40; // characters: below any file system's limit in UTF-8

QString cleaned(const QString &dir)
{
    const QString canonical = QDir(dir).canonicalPath(); // empty where it is not there yet
    return canonical.isEmpty() ? QDir::cleanPath(QDir(dir).absolutePath()) : canonical;
}
} // namespace

Profiles::Profiles(QString current, QString home, Launch launch)
    : m_current(cleaned(current)), m_home(QDir::cleanPath(home)), m_launch(std::move(launch))
{
}

QString Profiles::defaultHome()
{
    return QStandardPaths::writableLocation(QStandardPaths::GenericDataLocation) + QStringLiteral("/kith");
}

Profiles Profiles::ofUser(const QString &current)
{
    return {current, defaultHome(), [](const QStringList &arguments) {
                return QProcess::startDetached(QCoreApplication::applicationFilePath(), arguments);
            }};
}

bool Profiles::isGood(const QString &name)
{
    if (name.isEmpty() || name.size() > kLongest || name != name.trimmed() || name.startsWith(QLatin1Char('.')) ||
        name.endsWith(QLatin1Char('.'))) // Windows drops it
        return false;
    return std::all_of(name.begin(), name.end(), [](QChar c) {
        // Also of the systems that are stricter than this one; surrogates are parts of letters and pictures.
        return (c.isPrint() || c.isSurrogate()) && !QStringLiteral("/\\:*?\"<>|").contains(c);
    });
}

bool Profiles::isFree(const QString &name) const
{
    return !QFile::exists(others() + QLatin1Char('/') + name);
}

std::vector<ProfileEntry> Profiles::list() const
{
    std::vector<ProfileEntry> all{{QString(), m_home, cleaned(m_home) == m_current}};
    bool found = all.front().current;
    const QDir folder(others());
    for (const QString &name : folder.entryList(QDir::Dirs | QDir::NoDotAndDotDot)) {
        const QString dir = folder.filePath(name);
        all.push_back({name, dir, cleaned(dir) == m_current});
        found = found || all.back().current;
    }
    if (!found)
        all.push_back({QDir(m_current).dirName(), m_current, true});
    std::stable_sort(all.begin() + 1, all.end(), [](const ProfileEntry &a, const ProfileEntry &b) {
        return QString::localeAwareCompare(a.name, b.name) < 0;
    });
    return all;
}

std::optional<ProfileEntry> Profiles::add(const QString &name) const
{
    if (!isGood(name) || !isFree(name))
        return std::nullopt;
    const QString dir = others() + QLatin1Char('/') + name;
    if (!QDir().mkpath(dir))
        return std::nullopt;
    for (const QString &made : {others(), dir})
        QFile::setPermissions(made, QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);
    return ProfileEntry{name, dir, false};
}

bool Profiles::open(const ProfileEntry &profile) const
{
    return m_launch({QStringLiteral("--profile"), profile.dir});
}

} // namespace kith::ui
