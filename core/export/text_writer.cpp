// SPDX-License-Identifier: GPL-3.0-or-later
// Plain text to read and to search with the tools of the system. Words of people stand in lines of their own: what
// turns their direction ends with the line (UAX #9, paragraphs).
#include "core/export/text.h"
#include "core/export/writer.h"

namespace kith::exporting {
namespace {

constexpr std::size_t kQuoteBytes = 160;

/// Each line behind `margin`.
std::string indented(std::string_view text, std::string_view margin)
{
    std::string out;
    for (;;) {
        const auto end = text.find('\n');
        out += margin;
        out += text.substr(0, end);
        out += '\n';
        if (end == std::string_view::npos)
            return out;
        text.remove_prefix(end + 1);
    }
}

class TextWriter final : public Writer {
public:
    using Writer::Writer;

    void begin() override
    {
        m_out += title() + '\n' + say().exportedAt(say().dayAndTime(local(m_subject.exportedAt))) + '\n';
        if (const auto line = periodLine(); !line.empty())
            m_out += line + '\n';
        m_out += sums(m_subject.messages, m_subject.missing);
    }
    void hole(const history::Hole &hole) override { m_out += "\n--- " + say().hole(hole) + " ---\n"; }
    void message(const Entry &entry) override
    {
        const auto now = local(entry.stored.message.createdAt);
        if (!m_day || !m_day->sameDay(now))
            m_out += "\n=== " + say().day(now) + " ===\n";
        m_day = now;
        write(entry, {});
    }
    void unsent(const std::vector<Entry> &entries) override
    {
        if (!entries.empty())
            m_out += "\n=== " + say().unsentHeading() + " ===\n";
        for (const auto &entry : entries)
            write(entry, " (" + failure(entry.stored) + ')');
    }
    void end(const Summary &summary) override { m_out += '\n' + sums(summary.messages, summary.missing); }

private:
    std::string sums(std::int64_t messages, std::int64_t missing) const
    {
        return say().messages(messages) + ". " + (missing > 0 ? say().missing(missing) : say().nothingMissing()) + '\n';
    }
    void write(const Entry &entry, const std::string &behind)
    {
        const auto &m = entry.stored.message;
        const auto time = hoursAndMinutes(local(m.createdAt));
        if (m.kind == MessageKind::System) {
            m_out += '\n' + time + "  * " + cleanName(words(m)) + '\n';
            return;
        }
        m_out += '\n' + time + "  " + nameOf(m.sender);
        if (m.editedAt)
            m_out += " (" + say().edited() + ')';
        if (m.likes > 0)
            m_out += (m.liked ? " ♥ " : " ♡ ") + std::to_string(m.likes);
        m_out += behind + '\n';
        if (entry.quote && !entry.quote->message)
            m_out += "    > " + say().quoteMissing() + '\n';
        else if (entry.quote)
            m_out += indented(nameOf(entry.quote->message->sender) + ":\n" +
                                  shortened(words(*entry.quote->message), kQuoteBytes),
                              "    > ");
        m_out += indented(m.recalled ? '(' + words(m) + ')' : words(m), "    ");
    }

    std::optional<LocalTime> m_day;
};

} // namespace

std::unique_ptr<Writer> makeTextWriter(const Subject &subject)
{
    return std::make_unique<TextWriter>(subject);
}

} // namespace kith::exporting
