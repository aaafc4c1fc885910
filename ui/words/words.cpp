// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/words/words.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QLocale>

namespace kith::ui {

QString Words::timeOfDay(const QDateTime &at)
{
    return at.toString(QStringLiteral("HH:mm"));
}

QString Words::listTime(const QDateTime &at, const QDate &today)
{
    const QDate date = at.date();
    if (date == today)
        return timeOfDay(at);
    if (date == today.addDays(-1))
        return tr("Yesterday");
    if (date > today.addDays(-7) && date < today)
        return QLocale().toString(date, QStringLiteral("ddd"));
    //: Short date in the list, this year (Qt date format)
    return QLocale().toString(date, date.year() == today.year() ? tr("d MMM") : tr("d MMM yyyy", "with year"));
}

QString Words::day(const QDate &date, const QDate &today)
{
    if (date == today)
        return tr("Today");
    if (date == today.addDays(-1))
        return tr("Yesterday");
    //: Day separator (Qt date format)
    return QLocale().toString(date,
                              date.year() == today.year() ? tr("dddd, d MMMM") : tr("dddd, d MMMM yyyy", "with year"));
}

QString Words::longDate(const QDate &date)
{
    return QLocale().toString(date, tr("dddd, d MMMM yyyy", "with year"));
}

QString Words::shortDate(const QDate &date)
{
    return QLocale().toString(date, tr("d MMM yyyy", "with year"));
}

QString Words::likes(qint64 count, bool own)
{
    return QStringLiteral("%1 %2").arg(own ? QStringLiteral("♥") : QStringLiteral("♡")).arg(count);
}

QString Words::size(qint64 bytes)
{
    return QLocale().formattedDataSize(bytes, bytes < 1'000'000 ? 0 : 1, QLocale::DataSizeSIFormat);
}

QString Words::dayAndTime(Timestamp at)
{
    const QDateTime local = toLocal(at);
    return day(local.date(), QDate::currentDate()) + QLatin1Char(' ') + timeOfDay(local);
}

QString Words::full(const QDateTime &at)
{
    return tr("%1, %2", "date, time").arg(longDate(at.date()), at.toString(QStringLiteral("HH:mm:ss")));
}

QString Words::name(const QString &known)
{
    return known.isEmpty() ? tr("Somebody") : known;
}

QString Words::name(const QString &known, bool archive)
{
    return archive ? earlier(name(known)) : name(known);
}

QString Words::name(const models::ConversationRow &row)
{
    return name(row.name, row.head.archive);
}

QString Words::earlier(const QString &name)
{
    return tr("%1 (earlier)", "what the server lost of a conversation").arg(name);
}

QString Words::system(const Message &message, const models::People &people)
{
    return system(message, people.self(), [&people](const UserId &id) { return people.name(id); });
}

QString Words::system(const Message &message, const UserId &self, const NameOf &nameOf)
{
    const QString body = QString::fromStdString(message.body);
    const QJsonObject object = QJsonDocument::fromJson(body.toUtf8()).object();
    const QString event = object.value(QLatin1String("event")).toString();
    const bool byMe = message.sender == self;
    const QString who = name(nameOf(message.sender));
    QStringList names;
    bool me = false;
    const QJsonArray users = object.value(QLatin1String("users")).toArray();
    for (const QJsonValue &user : users) {
        const UserId id(user.toString().toStdString());
        if (id == self)
            me = true;
        else
            names << name(nameOf(id));
    }
    if (me)
        names.prepend(tr("you"));
    const QString whom = names.join(tr(", ", "between names"));
    const QString title = object.value(QLatin1String("name")).toString();
    if (event == QLatin1String("created"))
        return byMe ? tr("You created the group “%1”").arg(title) : tr("%1 created the group “%2”").arg(who, title);
    if (event == QLatin1String("renamed"))
        return byMe ? tr("You renamed the group to “%1”").arg(title)
                    : tr("%1 renamed the group to “%2”").arg(who, title);
    if (event == QLatin1String("invited"))
        return byMe ? tr("You added %1").arg(whom) : tr("%1 added %2").arg(who, whom);
    if (event == QLatin1String("removed"))
        return byMe ? tr("You removed %1").arg(whom) : tr("%1 removed %2").arg(who, whom);
    if (event == QLatin1String("left"))
        return byMe ? tr("You left the group") : tr("%1 left the group").arg(who);
    if (event == QLatin1String("joined"))
        return byMe ? tr("You joined the group") : tr("%1 joined the group").arg(who);
    if (event == QLatin1String("role"))
        return byMe ? tr("You changed the role of %1").arg(whom) : tr("%1 changed the role of %2").arg(who, whom);
    return object.isEmpty() ? body : tr("%1 changed the group").arg(who);
}

QString Words::preview(const models::ConversationRow &row, const models::People &people)
{
    const Message *m = nullptr;
    bool own = row.lastOwn;
    if (row.head.lastUnsent) {
        m = &row.head.lastUnsent->message;
        own = true;
    } else if (row.head.head.last) {
        m = &*row.head.head.last;
    }
    if (!m)
        return tr("No messages yet");
    if (m->kind == MessageKind::System)
        return system(*m, people);
    const QString text = m->recalled ? tr("Message recalled")
                                     : models::readMarkup(QString::fromStdString(m->body).left(200)).text.simplified();
    const bool group = row.head.head.type != ConversationType::Private;
    if (own)
        return tr("You: %1").arg(text);
    return group ? tr("%1: %2").arg(name(row.lastSender), text) : text;
}

QString Words::spoken(const models::ConversationRow &row, const models::People &people)
{
    const bool group = row.head.head.type != ConversationType::Private;
    QStringList parts{name(row)};
    if (row.head.head.unread > 0)
        parts << tr("%n unread message(s)", nullptr, static_cast<int>(row.head.head.unread));
    else if (row.head.markedUnread)
        parts << tr("marked as unread");
    if (row.head.mentioned)
        parts << tr("mentions you");
    if (row.head.failed > 0)
        parts << tr("%n message(s) not sent", nullptr, static_cast<int>(row.head.failed));
    if (row.isPinned())
        parts << tr("pinned");
    if (row.muted)
        parts << tr("muted");
    if (!group && !row.head.archive && row.presence != PresenceState::Offline)
        parts << presence(row.presence);
    if (!row.typing.isEmpty())
        parts << typing(row.typing, group);
    else if (!row.head.draft.empty())
        parts << tr("Draft: %1").arg(QString::fromStdString(row.head.draft).simplified().left(200));
    else
        parts << preview(row, people);
    if (row.time != Timestamp{})
        parts << listTime(toLocal(row.time), QDate::currentDate());
    return parts.join(QStringLiteral(", "));
}

QString Words::typing(const QStringList &names, bool group)
{
    if (names.isEmpty())
        return {};
    if (!group || names.size() > 3)
        return group ? tr("%n people are typing…", nullptr, static_cast<int>(names.size())) : tr("typing…");
    if (names.size() == 1)
        return tr("%1 is typing…").arg(name(names.first()));
    return tr("%1 are typing…").arg(names.join(tr(", ", "between names")));
}

QString Words::delivery(const models::TimelineRow &row)
{
    using models::Delivery;
    switch (row.delivery) {
    case Delivery::None:
        return {};
    case Delivery::Sending:
        return tr("Waiting to be sent");
    case Delivery::Failed:
        return tr("Not sent. %1").arg(refusal(row.stored.failure));
    case Delivery::Accepted:
    case Delivery::Delivered:
    case Delivery::Read:
        break;
    }
    if (row.group) {
        if (row.readers > 0)
            return tr("Read by %1 of %2").arg(row.readers).arg(row.others);
        if (row.receivers > 0)
            return tr("Delivered to %1 of %2").arg(row.receivers).arg(row.others);
        return tr("Sent");
    }
    return row.delivery == Delivery::Read        ? tr("Read")
           : row.delivery == Delivery::Delivered ? tr("Delivered")
                                                 : tr("Sent");
}

QString Words::presence(PresenceState state)
{
    switch (state) {
    case PresenceState::Online:
        return tr("online");
    case PresenceState::Away:
        return tr("away");
    case PresenceState::Offline:
        return tr("offline");
    }
    return {};
}

QString Words::presence(const Presence &presence, const QDateTime &now)
{
    if (presence.state == PresenceState::Online || presence.lastSeen == Timestamp{})
        return Words::presence(presence.state);
    const QDateTime seen = toLocal(presence.lastSeen);
    const QDate today = now.date();
    const QString time = timeOfDay(seen);
    if (seen.date() == today)
        return tr("last seen today at %1").arg(time);
    if (seen.date() == today.addDays(-1))
        return tr("last seen yesterday at %1").arg(time);
    return tr("last seen on %1").arg(day(seen.date(), today));
}

QString Words::members(qint64 count)
{
    return tr("%n member(s)", nullptr, static_cast<int>(count));
}

QString Words::role(Role role)
{
    switch (role) {
    case Role::Owner:
        return tr("Owner");
    case Role::Admin:
        return tr("Admin");
    case Role::Member:
        return {};
    }
    return {};
}

QString Words::hole(const models::TimelineRow &row)
{
    using models::HoleKind;
    const int count = static_cast<int>(row.hole.to.value() - row.hole.from.value() + 1);
    switch (row.holeKind) {
    case HoleKind::Left:
        return tr("%n message(s) are not on this computer: you are no longer a member", nullptr, count);
    case HoleKind::Archived:
        return tr("%n message(s) are not on this computer, and the server no longer has them", nullptr, count);
    case HoleKind::Loadable:
        break;
    }
    return row.busy ? tr("Loading %n message(s)…", nullptr, count)
                    : tr("%n message(s) are not on this computer", nullptr, count);
}

} // namespace kith::ui
