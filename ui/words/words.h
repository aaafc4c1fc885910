// SPDX-License-Identifier: GPL-3.0-or-later
// Typed causes, times and system messages turned into the reader's words.
#pragma once

#include "core/client/types.h"
#include "core/models/conversation_list.h"
#include "core/models/timeline_row.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QString>

#include <functional>

namespace kith::ui {

class Words final {
    Q_DECLARE_TR_FUNCTIONS(Words)
public:
    /// What happened, what was kept, what to do.
    static QString error(const client::ClientError &error);
    /// For a tooltip: the code and the detail, for testers.
    static QString errorDetail(const client::ClientError &error);
    /// Why a message was refused, by the wire name of its error code.
    static QString refusal(const std::string &code);

    static QString timeOfDay(const QDateTime &at);
    static QString listTime(const QDateTime &at, const QDate &today); // 14:03, yesterday, Mon, 3 May, 3 May 2024
    static QString day(const QDate &date, const QDate &today);
    /// In full, whatever day it is: "Saturday, 21 November 2026", "21 Nov 2026".
    static QString longDate(const QDate &date);
    static QString shortDate(const QDate &date);
    static QString full(const QDateTime &at);

    /// "Lin added Wei" from the JSON body of a system message; something readable for a body that is not understood.
    static QString system(const Message &message, const models::People &people);
    using NameOf = std::function<QString(const UserId &)>; // empty: not known
    static QString system(const Message &message, const UserId &self, const NameOf &nameOf);
    /// A row of the list as a screen reader says it.
    static QString spoken(const models::ConversationRow &row, const models::People &people);
    static QString preview(const models::ConversationRow &row, const models::People &people);
    static QString typing(const QStringList &names, bool group);
    static QString delivery(const models::TimelineRow &row);
    static QString presence(PresenceState state);
    static QString presence(const Presence &presence, const QDateTime &now); // with the time for somebody who is away
    static QString likes(qint64 count, bool own); // "♥ 3"; hollow where the reader's is not among them
    static QString members(qint64 count);
    static QString role(Role role);
    static QString hole(const models::TimelineRow &row); // what lacks there, and whether it can be had
    static QString dayAndTime(Timestamp at);
    static QString size(qint64 bytes);                     // "1.2 MB"
    static QString accountEvent(const std::string &event); // by its name in GET /v1/audit
    static QString name(const QString &known);             // stands in for somebody not known yet
    static QString name(const QString &known, bool archive);
    static QString name(const models::ConversationRow &row);
    static QString earlier(const QString &name); // what the server lost of a conversation
};

inline QDateTime toLocal(Timestamp t)
{
    return QDateTime::fromMSecsSinceEpoch(toUnixMs(t));
}

} // namespace kith::ui
