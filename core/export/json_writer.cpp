// SPDX-License-Identifier: GPL-3.0-or-later
// The schema is in docs/export.md; what is there stays there within a version.
#include "core/export/text.h"
#include "core/export/writer.h"

#include <algorithm>

namespace kith::exporting {
namespace {

constexpr std::string_view kTypes[] = {"private", "group", "room"};

std::string field(std::string_view name, std::string_view json)
{
    return '"' + std::string(name) + "\":" + std::string(json);
}
std::string flag(bool value)
{
    return value ? "true" : "false";
}

class JsonWriter final : public Writer {
public:
    using Writer::Writer;

    void begin() override
    {
        const auto &head = m_subject.head;
        const auto bound = [this](const std::optional<Timestamp> &at) { return at ? time(*at) : std::string("null"); };
        m_out += "{" + field("format", "\"kith-export\"") + "," + field("version", "1") + ",\n";
        m_out += field("exported_at", time(m_subject.exportedAt)) + ",\n";
        m_out +=
            field("conversation",
                  "{" + field("id", jsonString(head.conversation.str())) + "," +
                      field("type", jsonString(kTypes[static_cast<std::size_t>(head.type)])) + "," +
                      field("name", jsonString(head.name)) + "," + field("archive", flag(m_subject.archive)) + "," +
                      field("archive_of", m_subject.archive ? jsonString(archivedFrom(head.conversation).str())
                                                            : std::string("null")) +
                      "," + field("left", flag(head.removed)) + "}") +
            ",\n";
        m_out += field("self", m_subject.self.empty() ? std::string("null") : jsonString(m_subject.self.str())) + ",\n";
        m_out += field("period", "{" + field("from", bound(m_subject.period.from)) + "," +
                                     field("until", bound(m_subject.period.until)) + "}") +
                 ",\n";
        m_out += field("messages", "[");
    }
    void message(const Entry &entry) override
    {
        m_out += m_any ? ",\n" : "\n";
        m_any = true;
        m_out += spelled(entry);
    }
    void hole(const history::Hole &) override {} // all of them stand at the end
    void unsent(const std::vector<Entry> &entries) override
    {
        closeMessages();
        m_out += field("unsent", "[");
        for (std::size_t i = 0; i < entries.size(); ++i)
            m_out += (i > 0 ? ",\n" : "\n") + spelled(entries[i]);
        m_out += "],\n";
    }
    void end(const Summary &summary) override
    {
        closeMessages();
        m_out += field("people", "[");
        std::vector<const People::value_type *> sorted;
        for (const auto &one : *m_subject.people)
            sorted.push_back(&one);
        std::sort(sorted.begin(), sorted.end(), [](const auto *a, const auto *b) { return a->first < b->first; });
        for (std::size_t i = 0; i < sorted.size(); ++i)
            m_out += (i > 0 ? ",\n{" : "\n{") + field("id", jsonString(sorted[i]->first.str())) + "," +
                     field("username", textOrNull(sorted[i]->second.username)) + "," +
                     field("name", textOrNull(sorted[i]->second.name)) + "}";
        m_out += "],\n" + field("holes", "[");
        for (std::size_t i = 0; i < summary.holes.size(); ++i) {
            const auto &[from, to] = summary.holes[i];
            m_out += (i > 0 ? ",\n{" : "\n{") + field("from", std::to_string(from.value())) + "," +
                     field("to", std::to_string(to.value())) + "," +
                     field("messages", std::to_string(to.value() - from.value() + 1)) + "}";
        }
        m_out += "],\n" +
                 field("coverage", "{" + field("messages", std::to_string(summary.messages)) + "," +
                                       field("missing", std::to_string(summary.missing)) + "," +
                                       field("complete", flag(summary.missing == 0)) + "," +
                                       field("floor_seq", std::to_string(m_subject.coverage.floorSeq.value())) + "," +
                                       field("head_seq", std::to_string(m_subject.coverage.headSeq.value())) + "}");
        m_out += "}\n";
    }

private:
    std::string time(Timestamp at) const { return '"' + isoTime(local(at)) + '"'; }
    static std::string textOrNull(const std::string &text) { return text.empty() ? "null" : jsonString(text); }
    void closeMessages()
    {
        if (!std::exchange(m_closed, true))
            m_out += "],\n";
    }
    std::string spelled(const Entry &entry) const
    {
        const auto &m = entry.stored.message;
        std::string out = "{";
        const auto add = [&out](std::string_view name, const std::string &json) {
            out += (out.size() > 1 ? "," : "") + field(name, json);
        };
        if (m.seq) {
            add("seq", std::to_string(m.seq.value()));
            add("id", jsonString(m.id.str()));
        } else {
            add("cid", jsonString(m.cid.str()));
            add("state", entry.stored.state == history::SendState::Failed ? "\"refused\"" : "\"waiting\"");
            if (!entry.stored.failure.empty())
                add("failure", jsonString(entry.stored.failure));
        }
        add("sender", jsonString(m.sender.str()));
        add("sender_name", textOrNull(person(m.sender).name));
        add("at", time(m.createdAt));
        add("kind", jsonString(kindName(m.kind)));
        if (m.recalled)
            add("recalled", "true");
        else
            add("text", jsonString(m.body));
        if (m.replyTo)
            add("reply_to", std::to_string(m.replyTo->value()));
        if (!m.mentions.empty()) {
            std::string all;
            for (const auto &user : m.mentions)
                all += (all.empty() ? "{" : ",{") + field("id", jsonString(user.str())) + "," +
                       field("name", textOrNull(person(user).name)) + "}";
            add("mentions", "[" + all + "]");
        }
        if (m.file)
            add("file", jsonString(m.file->str()));
        if (m.editedAt)
            add("edited_at", time(*m.editedAt));
        if (m.likes > 0) {
            add("likes", std::to_string(m.likes));
            add("liked", flag(m.liked));
        }
        if (entry.stored.changing)
            add("unconfirmed", "true");
        return out + "}";
    }

    bool m_any = false, m_closed = false;
};

} // namespace

std::unique_ptr<Writer> makeJsonWriter(const Subject &subject)
{
    return std::make_unique<JsonWriter>(subject);
}

} // namespace kith::exporting
