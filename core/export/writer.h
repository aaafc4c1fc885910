// SPDX-License-Identifier: GPL-3.0-or-later
// One of the three formats, as text that grows. No file, no history, no clock.
#pragma once

#include "core/export/phrases.h"
#include "core/export/reader.h"

namespace kith::exporting {

/// All that stands in the head of an export. What it points to outlives the writer.
struct Subject {
    Format format = Format::Json;
    Period period;
    Head head; // of the conversation
    bool archive = false;
    UserId self;
    Timestamp exportedAt{};
    std::int64_t messages = 0, missing = 0; // as counted before; the end says what it came to
    history::Coverage coverage;
    const People *people = nullptr;
    std::shared_ptr<const Phrases> phrases;
    std::function<LocalTime(Timestamp)> localTime;
};

class Writer {
public:
    explicit Writer(const Subject &subject) : m_subject(subject) {}
    Writer(const Writer &) = delete;
    Writer &operator=(const Writer &) = delete;
    virtual ~Writer() = default;

    virtual void begin() = 0;
    virtual void message(const Entry &entry) = 0;
    virtual void hole(const history::Hole &hole) = 0;
    /// After the last message of the server.
    virtual void unsent(const std::vector<Entry> &entries) = 0;
    virtual void end(const Summary &summary) = 0;
    /// What was written since.
    std::string take() { return std::exchange(m_out, {}); }

protected:
    Person person(const UserId &id) const;
    /// Fit to be shown.
    std::string nameOf(const UserId &id) const;
    std::string title() const;
    bool isOwn(const Message &message) const { return !m_subject.self.empty() && message.sender == m_subject.self; }
    /// What stands for the words of a message; recalled ones and system messages included.
    std::string words(const Message &message) const;
    std::string failure(const history::StoredMessage &stored) const;
    std::string periodLine() const; // empty for everything
    LocalTime local(Timestamp at) const { return m_subject.localTime(at); }
    const Phrases &say() const { return *m_subject.phrases; }

    const Subject &m_subject;
    std::string m_out;
};

std::unique_ptr<Writer> makeWriter(const Subject &subject);

std::unique_ptr<Writer> makeJsonWriter(const Subject &subject);
std::unique_ptr<Writer> makeHtmlWriter(const Subject &subject);
std::unique_ptr<Writer> makeTextWriter(const Subject &subject);

/// The style sheet with the colours of resources/themes/tokens.json, light and dark.
const std::string &styleSheet();

} // namespace kith::exporting
