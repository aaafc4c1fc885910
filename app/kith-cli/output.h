// SPDX-License-Identifier: GPL-3.0-or-later
// What kith-cli prints: plain lines for people, one JSON object a line for scripts.
#pragma once

#include "app/kith-cli/cli.h"
#include "core/client/client.h"

#include <boost/json/object.hpp>

#include <QByteArray>

#include <iosfwd>
#include <string>
#include <vector>

namespace kith::cli {

class Output final {
public:
    explicit Output(bool json) : m_json(json) {}

    void user(const User &user, const std::string &server, const std::string &device) const;
    void conversation(const history::LocalHead &head) const;
    /// These two: people.cpp.
    void member(const Member &member, const User &user) const;
    /// `blocked` and `shared` are left out where they are not known.
    void profile(const User &user, std::optional<bool> blocked,
                 const std::optional<std::vector<ConversationId>> &shared) const;
    void picture(const std::string &id, const QByteArray &bytes) const; // avatar.cpp
    void message(const ConversationId &conversation, const history::StoredMessage &message,
                 const std::string &senderName) const;
    /// One that waits or was refused, with its cid.
    void unsent(const history::StoredMessage &message) const;
    /// search.cpp: as message(), in JSON with the snippet and the bytes of it that were looked for.
    void hit(const history::SearchHit &hit, const std::string &senderName) const;
    /// What was searched; for people on standard error.
    void reach(const history::SearchReach &reach, bool more) const;
    void day(const ConversationId &conversation, const client::MessageDay &day) const;
    void hole(const ConversationId &conversation, const history::Hole &hole) const;
    void status(const client::Client::Status &status, const User &self, const std::string &server) const;
    /// How far it is goes to standard error; `over`: how it ended, on standard output.
    void download(const client::DownloadProgress &progress, bool over) const;
    /// On standard error.
    void exporting(const exporting::Progress &progress) const;
    void exported(const ConversationId &conversation, const exporting::Summary &summary) const;
    /// These three: coverage.cpp.
    void coverage(const client::ConversationStorage &one) const;
    void storage(const client::StorageReport &report) const;
    /// `would`: it was only asked.
    void forgotten(const client::Forgotten &done, bool would) const;
    void receipts(const ConversationId &conversation, Seq seq, const client::MessageReceipts &receipts) const;
    /// On standard error: it is said beside whatever the command prints.
    void repaired(const history::Salvage &salvage) const;
    void checked(const std::optional<history::Salvage> &salvage) const;
    void frame(bool outgoing, const QByteArray &json) const;
    void mfa(const protocol::MfaReply &state) const;
    void enrolment(const protocol::EnrollReply &enrolment) const;
    void codes(const std::vector<std::string> &codes) const;
    void device(const Device &device, bool here) const;
    void event(const protocol::AccountEvent &event) const;
    void key(const client::KeyWays &ways) const;
    void recoveryKey(const std::string &words) const;
    /// The error's code and its sentence, on standard error.
    void error(const client::ClientError &error) const;

private:
    void line(const boost::json::object &json) const;
    bool m_json;
};

/// Wire name of the code for the server's errors, a name of the same style for the client's own.
std::string errorName(const client::ClientError &error);
Exit exitFor(const client::ClientError &error);

} // namespace kith::cli
