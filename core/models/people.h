// SPDX-License-Identifier: GPL-3.0-or-later
// Names, initials and colours of users, shared by all models of one window; asks once for those it does not know.
#pragma once

#ifndef Q_MOC_RUN // moc 6.4 stumbles over libstdc++
#include "core/base/domain.h"

#include <set>
#include <unordered_map>
#include <vector>
#endif

#include <QObject>
#include <QString>

namespace kith::models {

/// Stable index into the eight sender colours.
int colourIndex(const std::string &id);
/// Of any model that shows people or conversations: file ids of the pictures on the row, one or several.
inline constexpr int kAvatarRole = 0x0100 + 100; // Qt::UserRole + 100

/// One or two letters for an avatar: the first letters of two words, or one ideograph.
QString initials(const QString &name);

class People final : public QObject {
    Q_OBJECT
public:
    using QObject::QObject;

    void setSelf(const User &self);
    const UserId &self() const { return m_self; }
    bool isSelf(const UserId &id) const { return id == m_self; }

    /// Display name, user name, or an empty text for somebody not known yet (who is then asked for).
    QString name(const UserId &id) const;
    /// As name(), and nobody is asked for.
    QString knownName(const UserId &id) const;
    /// The file id of their picture; empty: none, or not known.
    QString avatar(const UserId &id) const;
    bool isKnown(const UserId &id) const { return m_known.contains(id); }
    /// What is known of them: nothing is asked for, unknown ones are left out.
    std::vector<User> known(const std::vector<UserId> &ids) const;
    void put(const std::vector<User> &users);
    void clear();

signals:
    void changed();
    /// Unknown users, collected over one turn of the event loop. Each is asked for once.
    void wanted(const std::vector<kith::UserId> &ids) const;

private:
    void askFor(const UserId &id) const;

    UserId m_self;
    struct Known {
        QString name;
        User user;
    };
    std::unordered_map<UserId, Known> m_known;
    mutable std::set<UserId> m_asked;
    mutable std::vector<UserId> m_pending;
};

} // namespace kith::models
