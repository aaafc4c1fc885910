// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/client/search.h"

#include <QDateTime>
#include <QString>

#include <algorithm>

namespace kith::client {

using history::SearchFilterKind;
using history::SearchHint;

namespace {

QString folded(const std::string &text)
{
    return QString::fromStdString(text).normalized(QString::NormalizationForm_KC).toCaseFolded();
}

/// Exact names first; only where nothing has that name, those that contain it.
template <class Item, class Id, class Names>
std::vector<Id> named(const std::vector<Item> &items, const std::string &value, Id (*id)(const Item &), Names names)
{
    const QString wanted = folded(value);
    std::vector<Id> exact, near;
    for (const auto &item : items) {
        bool is = false, has = false;
        for (const std::string &name : names(item)) {
            const QString known = folded(name);
            is = is || known == wanted;
            has = has || known.contains(wanted);
        }
        if (is)
            exact.push_back(id(item));
        else if (has)
            near.push_back(id(item));
    }
    return exact.empty() ? near : exact;
}

std::optional<QDate> dayOf(const std::string &value, const QDate &today)
{
    const QString word = folded(value);
    if (word == QLatin1String("today") || word == QStringLiteral("今天"))
        return today;
    if (word == QLatin1String("yesterday") || word == QStringLiteral("昨天"))
        return today.addDays(-1);
    const auto day = history::parseSearchDay(value);
    return day ? std::optional(QDate(day->year, std::max(1, day->month), std::max(1, day->day))) : std::nullopt;
}

Timestamp startOf(const QDate &day)
{
    return fromUnixMs(day.startOfDay().toMSecsSinceEpoch());
}

class Resolver final {
public:
    Resolver(const std::vector<User> &people, const std::vector<history::LocalHead> &heads, const UserId &self,
             const QDate &today, ResolvedSearch &out)
        : m_people(people), m_heads(heads), m_self(self), m_today(today), m_out(out)
    {
    }

    void use(const history::SearchFilter &filter)
    {
        switch (filter.kind) {
        case SearchFilterKind::From:
            return from(filter);
        case SearchFilterKind::In:
            return in(filter);
        case SearchFilterKind::Before:
        case SearchFilterKind::After:
            return day(filter);
        case SearchFilterKind::Has:
            break;
        }
        const QString thing = folded(filter.value);
        for (const char *name : {"link", "links", "url", "链接", "网址"})
            if (thing == QString::fromUtf8(name)) {
                m_out.query.hasLink = true;
                return;
            }
        refuse(SearchHint::Kind::UnknownThing, filter);
    }

private:
    void from(const history::SearchFilter &filter)
    {
        const QString word = folded(filter.value);
        std::vector<UserId> found;
        if (word == QLatin1String("me") || word == QStringLiteral("我"))
            found.push_back(m_self);
        else
            found = named<User, UserId>(
                m_people, filter.value.starts_with('@') ? filter.value.substr(1) : filter.value,
                [](const User &user) { return user.id; },
                [](const User &user) {
                    return std::vector{user.username, user.displayName};
                });
        if (found.empty())
            return refuse(SearchHint::Kind::UnknownPerson, filter);
        m_out.query.from.insert(m_out.query.from.end(), found.begin(), found.end());
    }

    void in(const history::SearchFilter &filter)
    {
        const auto names = [this](const history::LocalHead &local) {
            std::vector<std::string> all{local.head.conversation.str(), local.head.name};
            if (const auto peer = privatePeer(archivedFrom(local.head.conversation), m_self))
                for (const auto &user : m_people)
                    if (user.id == *peer)
                        all.insert(all.end(), {user.username, user.displayName});
            return all;
        };
        const auto found = named<history::LocalHead, ConversationId>(
            m_heads, filter.value, [](const history::LocalHead &local) { return local.head.conversation; }, names);
        if (found.empty())
            return refuse(SearchHint::Kind::UnknownConversation, filter);
        m_out.query.in.insert(m_out.query.in.end(), found.begin(), found.end());
    }

    void day(const history::SearchFilter &filter)
    {
        const auto date = dayOf(filter.value, m_today);
        if (!date)
            return refuse(SearchHint::Kind::BadDate, filter);
        const Timestamp at = startOf(*date);
        auto &query = m_out.query; // said twice: both hold
        if (filter.kind == SearchFilterKind::Before)
            query.before = query.before ? std::min(*query.before, at) : at;
        else
            query.notBefore = query.notBefore ? std::max(*query.notBefore, at) : at;
    }

    void refuse(SearchHint::Kind kind, const history::SearchFilter &filter)
    {
        m_out.hints.push_back({kind, std::string(history::searchFilterName(filter.kind)), filter.value});
        m_out.possible = false;
    }

    const std::vector<User> &m_people;
    const std::vector<history::LocalHead> &m_heads;
    const UserId &m_self;
    const QDate &m_today;
    ResolvedSearch &m_out;
};

} // namespace

ResolvedSearch resolveSearch(const SearchRequest &request, const std::vector<User> &people,
                             const std::vector<history::LocalHead> &heads, const UserId &self, const QDate &today)
{
    // As bodies are stored.
    const auto text = QString::fromStdString(request.text).normalized(QString::NormalizationForm_C).toStdString();
    auto typed = history::parseSearch(text);
    ResolvedSearch resolved;
    resolved.query.phrases = std::move(typed.phrases);
    resolved.query.lastOpen = typed.lastOpen;
    resolved.query.below = request.below;
    resolved.query.limit = request.limit;
    resolved.hints = std::move(typed.hints);
    Resolver resolver(people, heads, self, today, resolved);
    for (const auto &filter : typed.filters)
        resolver.use(filter);
    return resolved;
}

} // namespace kith::client
