// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/export/writer.h"

#include "core/export/text.h"

namespace kith::exporting {

std::unique_ptr<Writer> makeWriter(const Subject &subject)
{
    switch (subject.format) {
    case Format::Json:
        return makeJsonWriter(subject);
    case Format::Html:
        return makeHtmlWriter(subject);
    case Format::Text:
        return makeTextWriter(subject);
    }
    return nullptr;
}

Person Writer::person(const UserId &id) const
{
    const auto found = m_subject.people->find(id);
    return found == m_subject.people->end() ? Person() : found->second;
}

std::string Writer::nameOf(const UserId &id) const
{
    const auto name = cleanName(person(id).name);
    return name.empty() ? say().somebody() : name;
}

std::string Writer::title() const
{
    return say().title(m_subject.head.name.empty() ? m_subject.head.conversation.str() : cleanName(m_subject.head.name),
                       m_subject.archive);
}

std::string Writer::words(const Message &message) const
{
    if (message.recalled)
        return say().recalled();
    if (message.kind == MessageKind::System)
        return clean(say().system(
            message, [this](const UserId &id) { return cleanName(person(id).name); }, m_subject.self));
    const auto thing = say().attachment(message.kind);
    const auto text = clean(message.body);
    return thing.empty() || text.empty() ? thing + text : thing + ' ' + text;
}

std::string Writer::failure(const history::StoredMessage &stored) const
{
    return stored.state == history::SendState::Failed ? say().refused(stored.failure) : say().waiting();
}

std::string Writer::periodLine() const
{
    const auto &[from, until] = m_subject.period;
    if (!from && !until)
        return {};
    return say().period(from ? std::optional(local(*from)) : std::nullopt,
                        until ? std::optional(local(*until - milliseconds(1))) : std::nullopt);
}

} // namespace kith::exporting
