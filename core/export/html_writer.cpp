// SPDX-License-Identifier: GPL-3.0-or-later
// One page that needs nothing else and runs nothing. Words of people are escaped, and kept apart from their
// surroundings where they run from right to left (dir=auto isolates, as bdi does).
#include "core/base/sender_colour.h"
#include "core/export/text.h"
#include "core/export/writer.h"

namespace kith::exporting {
namespace {

constexpr std::size_t kQuoteBytes = 240;

class HtmlWriter final : public Writer {
public:
    using Writer::Writer;

    void begin() override
    {
        m_out +=
            "<!DOCTYPE html>\n<html lang=\"" + htmlEscaped(say().language()) +
            "\">\n<head>\n<meta charset=\"utf-8\">\n"
            "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; "
            "base-uri 'none'; form-action 'none'\">\n"
            "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
            "<meta name=\"color-scheme\" content=\"light dark\">\n<title>" +
            htmlEscaped(title()) + "</title>\n<style>\n" + styleSheet() + "</style>\n</head>\n<body>\n<header>\n<h1>" +
            isolated(title()) + "</h1>\n" + paragraph(say().exportedAt(say().dayAndTime(local(m_subject.exportedAt))));
        if (const auto line = periodLine(); !line.empty())
            m_out += paragraph(line);
        m_out += paragraph(sums(m_subject.messages, m_subject.missing)) + "</header>\n<main>\n";
    }
    void hole(const history::Hole &hole) override
    {
        m_out += "<p class=\"hole\">" + htmlEscaped(say().hole(hole)) + "</p>\n";
    }
    void message(const Entry &entry) override
    {
        openDay(entry.stored.message);
        write(entry, {});
    }
    void unsent(const std::vector<Entry> &entries) override
    {
        closeDay();
        if (entries.empty())
            return;
        m_out += "<section>\n<h2>" + htmlEscaped(say().unsentHeading()) + "</h2>\n";
        for (const auto &entry : entries)
            write(entry, "<p class=\"failed\">" + htmlEscaped(failure(entry.stored)) + "</p>");
        m_out += "</section>\n";
    }
    void end(const Summary &summary) override
    {
        closeDay();
        m_out += "</main>\n<footer>\n" + paragraph(sums(summary.messages, summary.missing)) +
                 "</footer>\n</body>\n</html>\n";
    }

private:
    static std::string isolated(const std::string &text) { return "<bdi>" + htmlEscaped(text) + "</bdi>"; }
    static std::string paragraph(const std::string &text) { return "<p>" + htmlEscaped(text) + "</p>\n"; }
    std::string sums(std::int64_t messages, std::int64_t missing) const
    {
        return say().messages(messages) + ". " + (missing > 0 ? say().missing(missing) : say().nothingMissing());
    }
    void closeDay()
    {
        if (m_day)
            m_out += "</section>\n";
        m_day.reset();
    }
    void openDay(const Message &message)
    {
        const auto now = local(message.createdAt);
        if (m_day && m_day->sameDay(now))
            return;
        closeDay();
        m_day = now;
        m_out +=
            "<section>\n<h2><time datetime=\"" + isoDay(now) + "\">" + htmlEscaped(say().day(now)) + "</time></h2>\n";
    }
    std::string quoted(const Quote &quote) const
    {
        if (!quote.message)
            return "<blockquote>" + htmlEscaped(say().quoteMissing()) + "</blockquote>\n";
        return "<blockquote><a href=\"#m" + std::to_string(quote.seq.value()) + "\"><span class=\"who\">" +
               isolated(nameOf(quote.message->sender)) + "</span><br><span dir=\"auto\">" +
               htmlEscaped(shortened(words(*quote.message), kQuoteBytes)) + "</span></a></blockquote>\n";
    }
    void write(const Entry &entry, const std::string &below)
    {
        const auto &m = entry.stored.message;
        const auto at = local(m.createdAt);
        const std::string id = m.seq ? " id=\"m" + std::to_string(m.seq.value()) + '"' : std::string();
        const std::string time =
            "<time datetime=\"" + isoTime(at) + "\">" + htmlEscaped(hoursAndMinutes(at)) + "</time>";
        if (m.kind == MessageKind::System) {
            m_out += "<p class=\"event\"" + id + "><span dir=\"auto\">" + htmlEscaped(words(m)) + "</span> · " + time +
                     "</p>\n";
            return;
        }
        m_out += (isOwn(m) ? "<article class=\"own\"" : "<article") + id + ">\n<header class=\"who s" +
                 std::to_string(senderColour(m.sender.str())) + "\">" + isolated(nameOf(m.sender)) + "</header>\n";
        if (entry.quote)
            m_out += quoted(*entry.quote);
        m_out += m.recalled ? "<div class=\"gone\">" + htmlEscaped(words(m)) + "</div>\n"
                            : "<div class=\"text\" dir=\"auto\">" + htmlLinked(words(m)) + "</div>\n";
        m_out += below + "<p class=\"marks\">" +
                 (m.likes > 0 ? (m.liked ? "♥ " : "♡ ") + std::to_string(m.likes) + " · " : std::string()) +
                 (m.editedAt ? htmlEscaped(say().edited()) + " · " : std::string()) + time + "</p>\n</article>\n";
    }

    std::optional<LocalTime> m_day;
};

} // namespace

std::unique_ptr<Writer> makeHtmlWriter(const Subject &subject)
{
    return std::make_unique<HtmlWriter>(subject);
}

} // namespace kith::exporting
