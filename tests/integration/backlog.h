// SPDX-License-Identifier: GPL-3.0-or-later
// Forty conversations of one reader, and thousands of messages that other people write while the reader is away.
#pragma once

#include "core/base/domain.h"
#include "tests/server/gateway/raw_client.h"

#include <map>
#include <string>
#include <vector>

namespace kith::test {

/// Thirty groups and ten private conversations. Blocks on its sockets: for the time in which nobody measures.
class Backlog final {
public:
    static constexpr int kGroups = 30, kPrivate = 10, kConversations = kGroups + kPrivate;
    static constexpr int kMessages = 5000;

    /// `endpoint`: host:port of a kithd without TLS. The first writer owns the groups and writes in them.
    Backlog(std::string endpoint, std::string reader, std::string password);

    /// Registers the reader and the writers, makes the conversations and writes `each` messages into each.
    bool prepare(int each);
    /// Writes kMessages over all conversations, 13 to 900 in each. False where one was not accepted.
    bool fill();
    /// One message, now, by the conversation's writer.
    bool write(int number, const std::string &body);
    /// How many messages fill() writes into the conversation of that number.
    static int share(int number);
    ConversationId id(int number) const { return ConversationId(conversation(number)); }
    /// What the server says of the reader's conversations, asked on a socket of another device.
    std::map<ConversationId, Head> heads();
    const std::string &failure() const { return m_failure; }

private:
    struct Account {
        std::string id, token;
    };
    struct Job {
        std::size_t writer = 0;
        std::string conversation, body;
    };
    bool failed(std::string why);
    Account account(const std::string &name, bool make);
    RawClient socket(const Account &account);
    static std::size_t writerOf(int number);
    std::string conversation(int number) const;
    bool write(const std::vector<Job> &jobs);

    std::string m_endpoint, m_readerName, m_password, m_failure;
    Account m_reader;
    std::vector<Account> m_writers;
    std::vector<std::string> m_groups;
    int m_written = 0; // for cids
};

} // namespace kith::test
