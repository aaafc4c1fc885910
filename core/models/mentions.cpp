// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/models/mentions.h"

#include <algorithm>
#include <array>
#include <set>

namespace kith::models {

namespace {

constexpr int kLongestTyped = 40;

bool isAt(QChar c)
{
    return c == QLatin1Char('@') || c.unicode() == 0xff20; // also as a Chinese input method writes it
}

bool isHan(QChar c)
{
    return c.script() == QChar::Script_Han;
}

/// Chinese is written without spaces; elsewhere a letter before an @ makes it an address.
bool mayStandAfter(const QString &text, qsizetype at)
{
    return at == 0 || !text.at(at - 1).isLetterOrNumber() || isHan(text.at(at - 1));
}

bool endsThere(const QString &text, qsizetype end)
{
    return end >= text.size() || !text.at(end).isLetterOrNumber() || isHan(text.at(end)) || isHan(text.at(end - 1));
}

/// Better is less; nothing: no match.
std::optional<int> rank(const User &user, const QString &typed)
{
    const QString name = shownName(user);
    if (name.startsWith(typed, Qt::CaseInsensitive))
        return 0;
    for (qsizetype space = name.indexOf(QLatin1Char(' ')); space >= 0;
         space = name.indexOf(QLatin1Char(' '), space + 1))
        if (QStringView(name).mid(space + 1).startsWith(typed, Qt::CaseInsensitive))
            return 1;
    if (QString::fromStdString(user.username).startsWith(typed, Qt::CaseInsensitive))
        return 2;
    // Within a Chinese name every character begins something.
    if (!typed.isEmpty() && isHan(typed.at(0)) && name.contains(typed))
        return 3;
    return std::nullopt;
}

} // namespace

QString shownName(const User &user)
{
    return QString::fromStdString(user.displayName.empty() ? user.username : user.displayName);
}

std::vector<Mention> findMentions(const QString &text, const std::vector<User> &people,
                                  const std::map<QString, UserId> &chosen)
{
    std::vector<Mention> found;
    for (qsizetype at = 0; at < text.size(); ++at) {
        if (!isAt(text.at(at)) || !mayStandAfter(text, at))
            continue;
        qsizetype length = 0;
        QString named;
        std::set<UserId> users;
        const auto consider = [&](const QString &name, const UserId &user) {
            if (name.isEmpty() || name.size() < length || !endsThere(text, at + 1 + name.size()) ||
                QStringView(text).mid(at + 1, name.size()).compare(name, Qt::CaseInsensitive) != 0)
                return;
            if (name.size() > length)
                users.clear();
            length = name.size();
            named = name;
            users.insert(user);
        };
        for (const User &user : people) {
            consider(shownName(user), user.id);
            consider(QString::fromStdString(user.username), user.id);
        }
        if (users.empty())
            continue;
        UserId user = *users.begin();
        if (users.size() > 1) {
            const auto picked = chosen.find(named);
            if (picked == chosen.end() || !users.contains(picked->second))
                continue;
            user = picked->second;
        }
        found.push_back({static_cast<int>(at), static_cast<int>(length) + 1, user});
        at += length;
    }
    return found;
}

std::optional<MentionQuery> mentionAt(const QString &text, int cursor)
{
    for (int at = cursor - 1; at >= 0 && cursor - at <= kLongestTyped; --at) {
        const QChar c = text.at(at);
        if (isAt(c)) {
            if (!mayStandAfter(text, at))
                return std::nullopt;
            return MentionQuery{at, text.mid(at + 1, cursor - at - 1)};
        }
        if (c == QLatin1Char('\n') || c == QChar::LineSeparator)
            break;
    }
    return std::nullopt;
}

std::vector<User> matchPeople(const std::vector<User> &people, const QString &typed, std::size_t most)
{
    std::array<std::vector<const User *>, 4> ranked;
    if (!typed.startsWith(QLatin1Char(' ')))
        for (const User &user : people)
            if (const auto at = rank(user, typed))
                ranked[static_cast<std::size_t>(*at)].push_back(&user);
    std::vector<User> out;
    for (const auto &users : ranked)
        for (const User *user : users)
            if (out.size() < most)
                out.push_back(*user);
    return out;
}

} // namespace kith::models
