// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/words/export_phrases.h"

#include "core/export/text.h"
#include "ui/words/words.h"

#include <QLocale>

#include <algorithm>

namespace kith::ui {

using exporting::LocalTime;

namespace {

/// What plural forms can be chosen by.
int plural(std::int64_t count)
{
    return static_cast<int>(std::min<std::int64_t>(count, 1'000'000'000));
}

} // namespace

std::string ExportPhrases::language() const
{
    return QLocale().bcp47Name().toStdString();
}

std::string ExportPhrases::day(const LocalTime &at) const
{
    return Words::day(QDate(at.year, at.month, at.day), {}).toStdString();
}

std::string ExportPhrases::dayAndTime(const LocalTime &at) const
{
    return day(at) + ' ' + exporting::hoursAndMinutes(at);
}

std::string ExportPhrases::title(const std::string &name, bool archive) const
{
    return archive ? Words::earlier(QString::fromStdString(name)).toStdString() : name;
}

std::string ExportPhrases::exportedAt(const std::string &when) const
{
    return tr("Exported on %1", "date and time").arg(QString::fromStdString(when)).toStdString();
}

std::string ExportPhrases::period(const std::optional<LocalTime> &first, const std::optional<LocalTime> &last) const
{
    const auto from = first ? QString::fromStdString(day(*first)) : QString();
    const auto to = last ? QString::fromStdString(day(*last)) : QString();
    return (first && last ? tr("From %1 to %2", "days").arg(from, to)
            : first       ? tr("From %1 on", "day").arg(from)
                          : tr("Up to %1", "day").arg(to))
        .toStdString();
}

std::string ExportPhrases::messages(std::int64_t count) const
{
    return tr("%Ln message(s)", nullptr, plural(count)).toStdString();
}

std::string ExportPhrases::hole(const history::Hole &hole) const
{
    if (hole.from == hole.to)
        return tr("One message is not here: no. %1").arg(hole.from.value()).toStdString();
    return tr("%Ln message(s) are not here: no. %1 to %2", nullptr, plural(hole.to.value() - hole.from.value() + 1))
        .arg(hole.from.value())
        .arg(hole.to.value())
        .toStdString();
}

std::string ExportPhrases::nothingMissing() const
{
    return tr("Nothing is missing.").toStdString();
}

std::string ExportPhrases::missing(std::int64_t count) const
{
    return tr("%Ln message(s) were not on this computer; the gaps are marked.", nullptr, plural(count)).toStdString();
}

std::string ExportPhrases::somebody() const
{
    return Words::name(QString()).toStdString();
}

std::string ExportPhrases::recalled() const
{
    return tr("Message recalled").toStdString();
}

std::string ExportPhrases::edited() const
{
    return tr("edited").toStdString();
}

std::string ExportPhrases::unsentHeading() const
{
    return tr("Not sent").toStdString();
}

std::string ExportPhrases::waiting() const
{
    return tr("Waiting to be sent").toStdString();
}

std::string ExportPhrases::refused(const std::string &failure) const
{
    return tr("Not sent. %1").arg(Words::refusal(failure)).toStdString();
}

std::string ExportPhrases::attachment(MessageKind kind) const
{
    switch (kind) {
    case MessageKind::Image:
        return tr("[Picture]").toStdString();
    case MessageKind::File:
        return tr("[File]").toStdString();
    case MessageKind::Gift:
        return tr("[Gift]").toStdString();
    case MessageKind::Text:
    case MessageKind::System:
        break;
    }
    return {};
}

std::string ExportPhrases::quoteMissing() const
{
    return tr("A message that is not on this computer").toStdString();
}

std::string ExportPhrases::system(const Message &message, const NameOf &nameOf, const UserId &self) const
{
    return Words::system(message, self, [&](const UserId &id) { return QString::fromStdString(nameOf(id)); })
        .toStdString();
}

} // namespace kith::ui
