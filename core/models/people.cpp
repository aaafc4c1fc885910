// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/models/people.h"

#include "core/base/sender_colour.h"
#include "core/models/mentions.h"

#include <QMetaObject>
#include <QStringList>

namespace kith::models {

int colourIndex(const std::string &id)
{
    return senderColour(id);
}

QString initials(const QString &name)
{
    const QStringList words = name.split(QLatin1Char(' '), Qt::SkipEmptyParts);
    if (words.isEmpty())
        return {};
    const auto first = [](const QString &word) {
        for (qsizetype i = 0; i < word.size(); ++i) {
            const bool pair = word.at(i).isHighSurrogate() && i + 1 < word.size();
            if (pair || word.at(i).isLetterOrNumber())
                return word.mid(i, pair ? 2 : 1);
        }
        return QString();
    };
    const QString head = first(words.first());
    if (!head.isEmpty() && (head.at(0).script() == QChar::Script_Han || head.size() > 1))
        return head;
    const QString tail = words.size() > 1 ? first(words.last()) : QString();
    const bool mixed = !tail.isEmpty() && tail.at(0).script() == QChar::Script_Han;
    return (mixed ? head : head + tail).toUpper();
}

void People::setSelf(const User &self)
{
    m_self = self.id;
    if (!self.id.empty())
        put({self});
}

QString People::name(const UserId &id) const
{
    if (const auto found = m_known.find(id); found != m_known.end())
        return found->second.name;
    askFor(id);
    return {};
}

QString People::knownName(const UserId &id) const
{
    const auto found = m_known.find(id);
    return found == m_known.end() ? QString() : found->second.name;
}

QString People::avatar(const UserId &id) const
{
    const auto found = m_known.find(id);
    return found == m_known.end() ? QString() : QString::fromStdString(found->second.user.avatar);
}

std::vector<User> People::known(const std::vector<UserId> &ids) const
{
    std::vector<User> users;
    for (const UserId &id : ids)
        if (const auto found = m_known.find(id); found != m_known.end())
            users.push_back(found->second.user);
    return users;
}

void People::put(const std::vector<User> &users)
{
    bool any = false;
    for (const User &user : users) {
        Known &known = m_known[user.id];
        any = any || known.user != user || known.name.isEmpty();
        known = {shownName(user), user};
    }
    if (any)
        emit changed();
}

void People::clear()
{
    m_self = UserId();
    m_known.clear();
    m_asked.clear();
    m_pending.clear();
    emit changed();
}

void People::askFor(const UserId &id) const
{
    if (id.empty() || !m_asked.insert(id).second)
        return;
    m_pending.push_back(id);
    if (m_pending.size() > 1)
        return;
    QMetaObject::invokeMethod(
        const_cast<People *>(this),
        [this] {
            const std::vector<UserId> ids = std::exchange(m_pending, {});
            if (!ids.empty())
                emit wanted(ids);
        },
        Qt::QueuedConnection);
}

} // namespace kith::models
