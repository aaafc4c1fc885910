// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/export/phrases.h"

#include "core/export/text.h"

#include <array>

namespace kith::exporting {

std::string Phrases::language() const
{
    return "en";
}

std::string Phrases::day(const LocalTime &at) const
{
    constexpr std::array<const char *, 12> months{"January",   "February", "March",    "April",
                                                  "May",       "June",     "July",     "August",
                                                  "September", "October",  "November", "December"};
    return std::to_string(at.day) + ' ' + months[static_cast<std::size_t>(at.month - 1)] + ' ' +
           std::to_string(at.year);
}

std::string Phrases::dayAndTime(const LocalTime &at) const
{
    return day(at) + ", " + hoursAndMinutes(at);
}

std::string Phrases::title(const std::string &name, bool archive) const
{
    return archive ? name + " (earlier)" : name;
}

std::string Phrases::exportedAt(const std::string &when) const
{
    return "Exported on " + when;
}

std::string Phrases::period(const std::optional<LocalTime> &first, const std::optional<LocalTime> &last) const
{
    if (first && last)
        return "From " + day(*first) + " to " + day(*last);
    return first ? "From " + day(*first) + " on" : "Up to " + day(*last);
}

std::string Phrases::messages(std::int64_t count) const
{
    return std::to_string(count) + (count == 1 ? " message" : " messages");
}

std::string Phrases::hole(const history::Hole &hole) const
{
    const auto count = hole.to.value() - hole.from.value() + 1;
    return messages(count) + (count == 1 ? " is" : " are") + " not here: no. " + std::to_string(hole.from.value()) +
           (count == 1 ? std::string() : " to " + std::to_string(hole.to.value()));
}

std::string Phrases::nothingMissing() const
{
    return "Nothing is missing.";
}

std::string Phrases::missing(std::int64_t count) const
{
    return messages(count) + (count == 1 ? " was" : " were") + " not on this computer; the gaps are marked.";
}

std::string Phrases::somebody() const
{
    return "Somebody";
}

std::string Phrases::recalled() const
{
    return "Message recalled";
}

std::string Phrases::edited() const
{
    return "edited";
}

std::string Phrases::unsentHeading() const
{
    return "Not sent";
}

std::string Phrases::waiting() const
{
    return "waiting to be sent";
}

std::string Phrases::refused(const std::string &failure) const
{
    return "refused: " + failure;
}

std::string Phrases::attachment(MessageKind kind) const
{
    switch (kind) {
    case MessageKind::Image:
        return "[image]";
    case MessageKind::File:
        return "[file]";
    case MessageKind::Gift:
        return "[gift]";
    case MessageKind::Text:
    case MessageKind::System:
        break;
    }
    return {};
}

std::string Phrases::quoteMissing() const
{
    return "a message that is not on this computer";
}

std::string Phrases::system(const Message &message, const NameOf &nameOf, const UserId &self) const
{
    const auto event = systemEvent(message);
    const auto named = [&](const UserId &id) {
        const auto name = nameOf(id);
        return id == self && !self.empty() ? std::string("you") : name.empty() ? somebody() : name;
    };
    auto who = named(message.sender);
    if (who == "you")
        who = "You";
    std::string whom;
    for (const auto &user : event.users)
        whom += (whom.empty() ? "" : ", ") + named(user);
    if (event.name == "created")
        return who + " created the group “" + event.title + "”";
    if (event.name == "renamed")
        return who + " renamed the group to “" + event.title + "”";
    if (event.name == "invited")
        return who + " added " + whom;
    if (event.name == "removed")
        return who + " removed " + whom;
    if (event.name == "left")
        return who + " left the group";
    if (event.name == "joined")
        return who + " joined the group";
    if (event.name == "role")
        return who + " changed the role of " + whom;
    return event.understood ? who + " changed the group" : message.body;
}

} // namespace kith::exporting
