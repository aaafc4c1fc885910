// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/kith-cli/output.h"

#include "app/kith-cli/cli.h"
#include "core/protocol/packets.h"

#include <QDateTime>

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

#include <iostream>

namespace kith::cli {

namespace {

std::string_view stateName(history::SendState state)
{
    switch (state) {
    case history::SendState::Settled:
        return "settled";
    case history::SendState::Sending:
        return "sending";
    case history::SendState::Failed:
        return "failed";
    }
    return {};
}

std::string_view phaseName(client::LinkPhase phase)
{
    switch (phase) {
    case client::LinkPhase::LoggedOut:
        return "logged_out";
    case client::LinkPhase::Offline:
        return "offline";
    case client::LinkPhase::Connecting:
        return "connecting";
    case client::LinkPhase::Online:
        return "online";
    case client::LinkPhase::Waiting:
        return "waiting";
    }
    return {};
}

std::string_view downloadName(client::DownloadState state)
{
    switch (state) {
    case client::DownloadState::Off:
        return "off";
    case client::DownloadState::Running:
        return "running";
    case client::DownloadState::Waiting:
        return "waiting";
    case client::DownloadState::Paused:
        return "paused";
    case client::DownloadState::Done:
        return "done";
    case client::DownloadState::Failed:
        return "failed";
    }
    return {};
}

std::string fileErrorName(const client::ClientError &error)
{
    using exporting::ErrorCode;
    switch (error.file ? error.file->code : ErrorCode::Unwritable) {
    case ErrorCode::Exists:
        return "file_exists";
    case ErrorCode::DiskFull:
        return "disk_full";
    case ErrorCode::Busy:
        return "file_busy";
    case ErrorCode::Changed:
        return "history_changed";
    case ErrorCode::Unwritable:
    case ErrorCode::Cancelled: // has a code of its own
        break;
    }
    return "file_unwritable";
}

std::string when(Timestamp time)
{
    return QDateTime::fromMSecsSinceEpoch(toUnixMs(time)).toString(Qt::ISODate).toStdString();
}

} // namespace

std::string errorName(const client::ClientError &error)
{
    using client::ClientErrorCode;
    switch (error.code) {
    case ClientErrorCode::Unreachable:
        return "unreachable";
    case ClientErrorCode::Proxy:
        return "proxy";
    case ClientErrorCode::Tls:
        return "tls";
    case ClientErrorCode::NotKith:
        return "not_kith";
    case ClientErrorCode::Server:
        return error.wire ? std::string(protocol::name(error.wire->code)) : "internal";
    case ClientErrorCode::NotLoggedIn:
        return "not_logged_in";
    case ClientErrorCode::Storage:
        return "storage";
    case ClientErrorCode::ProfileInUse:
        return "profile_in_use";
    case ClientErrorCode::KeyringLocked:
        return "keyring_locked";
    case ClientErrorCode::KeyringAbsent:
        return "keyring_absent";
    case ClientErrorCode::KeyringUnavailable:
        return "keyring_unavailable";
    case ClientErrorCode::KeyringSlow:
        return "keyring_slow";
    case ClientErrorCode::KeyMissing:
        return "key_missing";
    case ClientErrorCode::PassphraseNeeded:
        return "passphrase_needed";
    case ClientErrorCode::PassphraseWrong:
        return "passphrase_wrong";
    case ClientErrorCode::UnlockThrottled:
        return "unlock_throttled";
    case ClientErrorCode::KeyFileBad:
        return "key_file_bad";
    case ClientErrorCode::InsecureRefused:
        return "insecure_refused";
    case ClientErrorCode::File:
        return fileErrorName(error);
    case ClientErrorCode::Cancelled:
        return "cancelled";
    }
    return "failed";
}

Exit exitFor(const client::ClientError &error)
{
    using client::ClientErrorCode;
    switch (error.code) {
    case ClientErrorCode::Unreachable:
    case ClientErrorCode::Proxy:
    case ClientErrorCode::Tls:
    case ClientErrorCode::NotKith:
        return Exit::Unreachable;
    case ClientErrorCode::NotLoggedIn:
        return Exit::NotLoggedIn;
    case ClientErrorCode::InsecureRefused:
        return Exit::Usage;
    case ClientErrorCode::Server:
        return error.wire && error.wire->code == protocol::ErrorCode::Unauthenticated ? Exit::NotLoggedIn
                                                                                      : Exit::Failed;
    case ClientErrorCode::Storage:
    case ClientErrorCode::ProfileInUse:
    case ClientErrorCode::KeyringLocked:
    case ClientErrorCode::KeyringAbsent:
    case ClientErrorCode::KeyringUnavailable:
    case ClientErrorCode::KeyringSlow:
    case ClientErrorCode::KeyMissing:
    case ClientErrorCode::PassphraseNeeded:
    case ClientErrorCode::PassphraseWrong:
    case ClientErrorCode::UnlockThrottled:
    case ClientErrorCode::KeyFileBad:
    case ClientErrorCode::File:
    case ClientErrorCode::Cancelled:
        break;
    }
    return Exit::Failed;
}

void Output::line(const boost::json::object &json) const
{
    std::cout << boost::json::serialize(json) << std::endl;
}

void Output::user(const User &user, const std::string &server, const std::string &device) const
{
    if (m_json) {
        boost::json::object json{{"user", protocol::encode(user)}, {"server", server}};
        if (!device.empty())
            json["device"] = device;
        return line(json);
    }
    std::cout << user.id.str() << "  @" << escapeForTerminal(user.username) << "  "
              << escapeForTerminal(user.displayName) << "  " << server << std::endl;
}

void Output::conversation(const history::LocalHead &local) const
{
    if (m_json) {
        auto json = protocol::encode(local.head);
        json["known_rev"] = local.knownRev.value();
        json["unsent"] = local.unsent;
        json["failed"] = local.failed;
        if (local.pinnedAt != Timestamp{})
            json["pinned_at"] = toUnixMs(local.pinnedAt);
        json["archived"] = local.shelved;
        json["marked_unread"] = local.markedUnread;
        json["mentioned"] = local.mentioned;
        return line(json);
    }
    std::cout << local.head.conversation.str() << "  " << escapeForTerminal(local.head.name);
    if (local.head.unread > 0)
        std::cout << "  (" << local.head.unread << (local.mentioned ? " @" : "") << ')';
    else if (local.markedUnread)
        std::cout << "  (*)";
    if (local.pinnedAt != Timestamp{})
        std::cout << "  [pinned]";
    if (local.shelved)
        std::cout << "  [archived]";
    if (local.head.last)
        std::cout << "  " << escapeForTerminal(local.head.last->body);
    std::cout << std::endl;
}

void Output::message(const ConversationId &conversation, const history::StoredMessage &stored,
                     const std::string &senderName) const
{
    const auto &message = stored.message;
    if (m_json) {
        boost::json::object json{{"conversation", conversation.str()},
                                 {"message", protocol::encode(message)},
                                 {"state", std::string(stateName(stored.state))}};
        if (!stored.failure.empty())
            json["failure"] = stored.failure;
        return line(json);
    }
    std::cout << conversation.str() << '#';
    if (message.seq)
        std::cout << message.seq.value();
    else
        std::cout << stateName(stored.state);
    std::cout << "  " << when(message.createdAt) << "  "
              << escapeForTerminal(senderName.empty() ? message.sender.str() : senderName) << ": "
              << (message.recalled ? std::string("(recalled)") : escapeForTerminal(message.body)) << std::endl;
}

void Output::unsent(const history::StoredMessage &stored) const
{
    const auto &message = stored.message;
    if (m_json)
        return line({{"conversation", stored.conversation.str()},
                     {"cid", message.cid.str()},
                     {"state", std::string(stateName(stored.state))},
                     {"failure", stored.failure},
                     {"created_at", toUnixMs(message.createdAt)},
                     {"body", message.body}});
    std::cout << message.cid.str() << "  " << stored.conversation.str() << "  " << when(message.createdAt) << "  "
              << stateName(stored.state);
    if (!stored.failure.empty())
        std::cout << " (" << escapeForTerminal(stored.failure) << ')';
    std::cout << ": " << escapeForTerminal(message.body) << std::endl;
}

void Output::day(const ConversationId &conversation, const client::MessageDay &day) const
{
    const std::string date = day.day.toString(Qt::ISODate).toStdString();
    if (m_json)
        return line({{"conversation", conversation.str()}, {"day", date}, {"seq", day.at.value()}});
    std::cout << date << "  from " << conversation.str() << '#' << day.at.value() << std::endl;
}

void Output::hole(const ConversationId &conversation, const history::Hole &hole) const
{
    if (m_json)
        return line({{"conversation", conversation.str()},
                     {"hole", boost::json::object{{"from", hole.from.value()}, {"to", hole.to.value()}}}});
    std::cout << conversation.str() << "  … " << hole.from.value() << '-' << hole.to.value()
              << " are not on this computer" << std::endl;
}

void Output::status(const client::Client::Status &status, const User &self, const std::string &server) const
{
    if (m_json) {
        boost::json::array missing;
        for (const auto &[conversation, hole] : status.holes)
            missing.push_back(
                {{"conversation", conversation.str()}, {"from", hole.from.value()}, {"to", hole.to.value()}});
        return line({{"link", std::string(phaseName(status.link.phase))},
                     {"catching_up", status.link.catchingUp},
                     {"reason", status.link.reason.toStdString()},
                     {"server", server},
                     {"user", self.username},
                     {"epoch", status.epoch},
                     {"conversations", status.conversations},
                     {"messages", status.messages},
                     {"unsent", status.unsent},
                     {"failed", status.failed},
                     {"holes", status.holes.size()},
                     {"missing", std::move(missing)}});
    }
    std::cout << "link           " << phaseName(status.link.phase) << '\n'
              << "server         " << server << '\n'
              << "user           " << escapeForTerminal(self.username) << '\n'
              << "epoch          " << escapeForTerminal(status.epoch) << '\n'
              << "conversations  " << status.conversations << '\n'
              << "messages       " << status.messages << '\n'
              << "outbox         " << status.unsent << " waiting, " << status.failed << " refused\n"
              << "holes          " << status.holes.size() << std::endl;
    for (const auto &[conversation, missing] : status.holes)
        hole(conversation, missing);
}

void Output::download(const client::DownloadProgress &progress, bool over) const
{
    auto &to = over ? std::cout : std::cerr;
    if (m_json) {
        boost::json::array refused;
        for (const auto &[conversation, why] : progress.refused)
            refused.push_back({{"conversation", conversation.str()}, {"error", errorName(why)}});
        boost::json::object json{{"state", std::string(downloadName(progress.state))},
                                 {"messages_here", progress.messagesHere},
                                 {"messages_total", progress.messagesTotal},
                                 {"messages_refused", progress.messagesRefused},
                                 {"messages_forgotten", progress.messagesForgotten},
                                 {"conversations_done", progress.conversationsDone},
                                 {"conversations", progress.conversations},
                                 {"refused", std::move(refused)}};
        if (!progress.current.empty())
            json["conversation"] = progress.current.str();
        to << boost::json::serialize(json) << std::endl;
        return;
    }
    to << downloadName(progress.state) << "  " << progress.messagesHere << " of " << progress.messagesTotal
       << " messages, " << progress.conversationsDone << " of " << progress.conversations << " conversations";
    if (progress.messagesRefused > 0)
        to << ", " << progress.messagesRefused << " messages are not to be had";
    if (progress.messagesForgotten > 0)
        to << ", " << progress.messagesForgotten << " were forgotten";
    if (!progress.current.empty())
        to << "  " << progress.current.str();
    to << std::endl;
}

void Output::exporting(const exporting::Progress &progress) const
{
    if (m_json)
        std::cerr << boost::json::serialize(
                         boost::json::object{{"messages", progress.done}, {"messages_total", progress.total}})
                  << std::endl;
    else
        std::cerr << progress.done << " of " << progress.total << " messages" << std::endl;
}

void Output::exported(const ConversationId &conversation, const exporting::Summary &summary) const
{
    if (m_json) {
        boost::json::array holes;
        for (const auto &[from, to] : summary.holes)
            holes.push_back({{"from", from.value()}, {"to", to.value()}});
        return line({{"conversation", conversation.str()},
                     {"file", summary.path},
                     {"bytes", summary.bytes},
                     {"messages", summary.messages},
                     {"unsent", summary.unsent},
                     {"missing", summary.missing},
                     {"holes", std::move(holes)}});
    }
    std::cout << summary.messages << " messages in " << summary.path;
    if (summary.unsent > 0)
        std::cout << ", and " << summary.unsent << " not sent";
    if (summary.missing > 0)
        std::cout << "; " << summary.missing << " are not on this computer";
    std::cout << std::endl;
    for (const auto &one : summary.holes)
        hole(conversation, one);
}

void Output::receipts(const ConversationId &conversation, Seq seq, const client::MessageReceipts &receipts) const
{
    if (!m_json) {
        std::cout << conversation.str() << ' ' << seq.value() << ": received by " << receipts.deliveredCount
                  << ", read by " << receipts.readCount << '\n';
        return;
    }
    boost::json::array read, delivered;
    for (const auto &user : receipts.readBy)
        read.emplace_back(user.str());
    for (const auto &user : receipts.deliveredTo)
        delivered.emplace_back(user.str());
    line({{"conversation", conversation.str()},
          {"seq", seq.value()},
          {"read_count", receipts.readCount},
          {"delivered_count", receipts.deliveredCount},
          {"read_by", std::move(read)},
          {"delivered_to", std::move(delivered)}});
}

void Output::repaired(const history::Salvage &salvage) const
{
    std::cerr << "kith-cli: the history was damaged; " << salvage.messages << " messages were saved into a new one ("
              << salvage.unsent << " of them unsent), " << salvage.unreadable
              << " pages could not be read; the damaged file is " << escapeForTerminal(salvage.aside) << '\n';
}

void Output::checked(const std::optional<history::Salvage> &salvage) const
{
    if (m_json) {
        boost::json::object json{{"sound", !salvage.has_value()}};
        if (salvage)
            json["repaired"] = {{"messages", salvage->messages},
                                {"unsent", salvage->unsent},
                                {"unreadable_pages", salvage->unreadable},
                                {"damaged_file", salvage->aside}};
        line(json);
    } else if (salvage) {
        repaired(*salvage);
    } else {
        std::cout << "the history is sound\n";
    }
}

void Output::frame(bool outgoing, const QByteArray &json) const
{
    // The frame is JSON already; control characters inside strings are escaped there, and it holds no line break.
    std::cout << R"({"direction":")" << (outgoing ? "out" : "in") << R"(","frame":)" << json.toStdString() << '}'
              << std::endl;
}

void Output::mfa(const protocol::MfaReply &state) const
{
    if (m_json)
        return line(protocol::encode(state));
    if (!state.enabled)
        std::cout << "off" << std::endl;
    else
        std::cout << "on since " << when(state.boundAt) << ", " << state.recoveryCodesLeft << " recovery codes left"
                  << std::endl;
}

void Output::enrolment(const protocol::EnrollReply &enrolment) const
{
    if (m_json)
        return line(protocol::encode(enrolment));
    std::cout << "secret   " << enrolment.secret << '\n'
              << "uri      " << enrolment.otpauthUri << '\n'
              << "expires  in " << enrolment.expiresInSeconds << " s" << std::endl;
}

void Output::codes(const std::vector<std::string> &codes) const
{
    if (m_json)
        return line(protocol::encode(protocol::RecoveryCodesReply{codes}));
    for (const auto &code : codes)
        std::cout << escapeForTerminal(code) << std::endl;
}

void Output::device(const Device &device, bool here) const
{
    if (m_json) {
        auto json = protocol::encode(device);
        json["this"] = here;
        return line(json);
    }
    std::cout << device.id.str() << (here ? " *" : "  ") << ' ' << escapeForTerminal(device.name) << "  "
              << escapeForTerminal(device.platform) << "  " << when(device.lastSeen) << "  "
              << escapeForTerminal(device.address) << std::endl;
}

void Output::event(const protocol::AccountEvent &event) const
{
    if (m_json)
        return line({{"id", event.id},
                     {"event", event.event},
                     {"at", toUnixMs(event.at)},
                     {"device", event.device},
                     {"address", event.address}});
    std::cout << when(event.at) << "  " << escapeForTerminal(event.event) << "  " << escapeForTerminal(event.address)
              << "  " << escapeForTerminal(event.device) << std::endl;
}

void Output::key(const client::KeyWays &ways) const
{
    if (m_json)
        return line({{"key_file", ways.keyFile},
                     {"keyring", ways.keyring},
                     {"passphrase", ways.passphrase},
                     {"recovery_key", ways.recoveryKey}});
    const auto yes = [](bool way) { return way ? "yes" : "no"; };
    std::cout << "key file      " << yes(ways.keyFile) << '\n'
              << "keyring       " << yes(ways.keyring) << '\n'
              << "passphrase    " << yes(ways.passphrase) << '\n'
              << "recovery key  " << yes(ways.recoveryKey) << std::endl;
}

void Output::recoveryKey(const std::string &words) const
{
    if (m_json)
        return line({{"recovery_key", words}});
    std::cout << words << std::endl;
}

void Output::error(const client::ClientError &error) const
{
    const auto detail = error.detail.toStdString();
    if (m_json) {
        boost::json::object json{{"code", errorName(error)}, {"message", detail}};
        if (error.wire && !error.wire->field.empty())
            json["field"] = error.wire->field;
        if (error.wire && error.wire->retryAfterMs > 0)
            json["retry_after_ms"] = error.wire->retryAfterMs;
        if (error.retryAfter.count() > 0)
            json["retry_after_ms"] = error.retryAfter.count();
        std::cerr << boost::json::serialize(boost::json::object{{"error", json}}) << std::endl;
        return;
    }
    std::cerr << "kith-cli: " << errorName(error);
    if (!detail.empty())
        std::cerr << ": " << escapeForTerminal(detail);
    std::cerr << std::endl;
}

} // namespace kith::cli
