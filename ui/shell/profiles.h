// SPDX-License-Identifier: GPL-3.0-or-later
// The profiles of this user on this computer: a folder each, an account each, a process each.
#pragma once

#include <QObject>
#include <QString>
#include <QStringList>

#include <functional>
#include <optional>
#include <vector>

namespace kith::ui {

/// Names are those of folders, typed by the user when a profile is added: they are seen without unlocking anything.
/// Whose account it is lies in the encrypted history of that profile alone.
struct ProfileEntry {
    QString name; // empty: the one that is used without --profile
    QString dir;
    bool current = false;

    bool operator==(const ProfileEntry &) const = default;
};

class Profiles final {
public:
    using Launch = std::function<bool(const QStringList &arguments)>;

    /// `current`: the folder of this process. `home`: that of the first profile; the others lie in a folder beside it.
    Profiles(QString current, QString home, Launch launch);
    /// As the program does it: with the user's folders, and itself.
    static Profiles ofUser(const QString &current);
    static QString defaultHome();

    /// The first one, those that were added by name, and the current one if it is elsewhere.
    std::vector<ProfileEntry> list() const;
    /// Nothing where the name cannot be that of a folder, or there is one.
    std::optional<ProfileEntry> add(const QString &name) const;
    bool isFree(const QString &name) const;
    static bool isGood(const QString &name);
    /// Its window comes to the front, or its process starts.
    bool open(const ProfileEntry &profile) const;

private:
    QString others() const { return m_home + QStringLiteral("-profiles"); }

    QString m_current, m_home;
    Launch m_launch;
};

} // namespace kith::ui
