// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/diagnostics/diagnostics.h"

#include "core/client/log_ring.h"
#include "core/diagnostics/redact.h"

#include <QCoreApplication>
#include <QCoroFuture>
#include <QDateTime>
#include <QDir>
#include <QFileInfo>
#include <QJsonArray>
#include <QJsonDocument>
#include <QLocale>
#include <QPromise>
#include <QSslSocket>
#include <QSysInfo>
#include <QThreadPool>

#include <openssl/crypto.h>

#include <deque>

namespace kith::diagnostics {

using client::Client;

namespace {

constexpr const char *kAbout = R"(What is in this report, and what is not

about.json       versions of Kith and its libraries, the system
settings.json    how the program is set
state.json       account and device by their ids; per conversation its id, cursors, ranges and holes; counts
connection.json  the last 200 changes of the connection: when, what, why
wire.jsonl       the last frames and calls. Texts are replaced by their length, "<12>"; ids, numbers and the
                 protocol's own words are left
log.txt          the program's last lines of log

There is no message text in it, no name of a person, group or device, no password, token, code or key.
The server's address is in it. Read it before you give it away: it is plain text.
)";

QByteArray text(const QJsonObject &json)
{
    return QJsonDocument(json).toJson();
}

QString when(Timestamp at)
{
    return QDateTime::fromMSecsSinceEpoch(toUnixMs(at)).toUTC().toString(Qt::ISODateWithMs);
}

QString cleaned(const QString &words)
{
    return QString::fromStdString(redactHome(words.toStdString(), QDir::homePath().toStdString(),
                                             QFileInfo(QDir::homePath()).fileName().toStdString()));
}

QString phaseName(client::LinkPhase phase)
{
    switch (phase) {
    case client::LinkPhase::LoggedOut:
        return QStringLiteral("logged out");
    case client::LinkPhase::Offline:
        return QStringLiteral("offline");
    case client::LinkPhase::Connecting:
        return QStringLiteral("connecting");
    case client::LinkPhase::Online:
        return QStringLiteral("online");
    case client::LinkPhase::Waiting:
        return QStringLiteral("waiting");
    }
    return {};
}

QJsonObject linkJson(const client::LinkStatus &status)
{
    QJsonObject json{{QStringLiteral("phase"), phaseName(status.phase)},
                     {QStringLiteral("catching_up"), status.catchingUp}};
    if (status.retryIn.count() > 0)
        json[QStringLiteral("retry_in_ms")] = qint64{status.retryIn.count()};
    if (!status.reason.isEmpty())
        json[QStringLiteral("reason")] = cleaned(status.reason);
    if (status.closed)
        json[QStringLiteral("close_code")] = static_cast<int>(*status.closed);
    return json;
}

QJsonObject aboutJson(const std::string &cipher)
{
    return {
        {QStringLiteral("made_at"), QDateTime::currentDateTimeUtc().toString(Qt::ISODateWithMs)},
        {QStringLiteral("kith"), QStringLiteral(KITH_VERSION)},
        {QStringLiteral("program"), QCoreApplication::applicationName()},
        {QStringLiteral("qt"), QString::fromLatin1(qVersion())},
        {QStringLiteral("qt_built_with"), QStringLiteral(QT_VERSION_STR)},
        {QStringLiteral("sqlcipher"), QString::fromStdString(cipher)},
        {QStringLiteral("openssl"), QString::fromLatin1(OpenSSL_version(OPENSSL_VERSION))},
        {QStringLiteral("tls"), QSslSocket::sslLibraryVersionString()},
        {QStringLiteral("system"), QSysInfo::prettyProductName()},
        {QStringLiteral("kernel"), QSysInfo::kernelType() + QLatin1Char(' ') + QSysInfo::kernelVersion()},
        {QStringLiteral("cpu"), QSysInfo::currentCpuArchitecture()},
        {QStringLiteral("locale"), QLocale::system().name()},
        {QStringLiteral("utc_offset_s"), QDateTime::currentDateTime().offsetFromUtc()},
    };
}

template <class Runs>
QJsonArray runsJson(const Runs &runs)
{
    QJsonArray json;
    for (const auto &run : runs)
        json << QJsonArray{qint64{run.from.value()}, qint64{run.to.value()}};
    return json;
}

QJsonObject conversationJson(const history::LocalHead &local, const history::Coverage *coverage)
{
    const Head &head = local.head;
    QJsonObject json{{QStringLiteral("id"), QString::fromStdString(head.conversation.str())},
                     {QStringLiteral("members"), qint64{head.members}},
                     {QStringLiteral("head_seq"), qint64{head.headSeq.value()}},
                     {QStringLiteral("head_rev"), qint64{head.headRev.value()}},
                     {QStringLiteral("known_rev"), qint64{local.knownRev.value()}},
                     {QStringLiteral("read_seq"), qint64{head.readSeq.value()}},
                     {QStringLiteral("unread"), qint64{head.unread}},
                     {QStringLiteral("changed_at"), when(head.changedAt)},
                     {QStringLiteral("unsent"), qint64{local.unsent}},
                     {QStringLiteral("failed"), qint64{local.failed}},
                     {QStringLiteral("removed"), head.removed},
                     {QStringLiteral("archive"), local.archive}};
    if (coverage) {
        json[QStringLiteral("messages_here")] = qint64{coverage->messagesHere};
        json[QStringLiteral("floor_seq")] = qint64{coverage->floorSeq.value()};
        json[QStringLiteral("ranges")] = runsJson(coverage->ranges);
        json[QStringLiteral("holes")] = runsJson(coverage->holes);
    }
    return json;
}

QJsonObject downloadJson(const client::DownloadProgress &progress)
{
    QJsonArray refused;
    for (const auto &one : progress.refused)
        refused << QString::fromStdString(one.conversation.str());
    return {{QStringLiteral("state"), static_cast<int>(progress.state)},
            {QStringLiteral("messages_here"), qint64{progress.messagesHere}},
            {QStringLiteral("messages_total"), qint64{progress.messagesTotal}},
            {QStringLiteral("messages_refused"), qint64{progress.messagesRefused}},
            {QStringLiteral("refused"), refused}};
}

QByteArray connectionText(const client::Recorder &recorder)
{
    QJsonArray changes;
    for (const auto &change : recorder.changes()) {
        QJsonObject json = linkJson(change.status);
        json[QStringLiteral("at")] = when(change.at);
        changes << json;
    }
    return text({{QStringLiteral("changes"), changes}});
}

QByteArray wireText(const std::deque<client::WireEntry> &entries)
{
    using Kind = client::WireEntry::Kind;
    QByteArray lines;
    for (const auto &entry : entries) {
        QJsonObject json{{QStringLiteral("at"), when(entry.at)}, {QStringLiteral("bytes"), entry.bytes}};
        if (entry.kind == Kind::Http) {
            json[QStringLiteral("http")] = QString::fromLatin1(entry.method) + QLatin1Char(' ') + entry.path;
            json[QStringLiteral("status")] = entry.status;
            json[QStringLiteral("took_ms")] = qint64{entry.took.count()};
            lines += QJsonDocument(json).toJson(QJsonDocument::Compact) + '\n';
            continue;
        }
        json[QStringLiteral("direction")] = entry.kind == Kind::Sent ? QStringLiteral("out") : QStringLiteral("in");
        // Not through QJsonValue: its order of fields would not be the wire's.
        QByteArray line = QJsonDocument(json).toJson(QJsonDocument::Compact);
        line.chop(1);
        const std::string_view frame(entry.json.constData(), static_cast<std::size_t>(entry.json.size()));
        lines += line + ",\"frame\":" + QByteArray::fromStdString(redactFrame(frame)) + "}\n";
    }
    return lines;
}

QByteArray logText(const std::vector<client::LogLine> &lines)
{
    constexpr const char *kTypes[] = {"debug", "warning", "critical", "fatal", "info"};
    QByteArray made;
    for (const auto &line : lines)
        made += when(line.at).toLatin1() + ' ' + kTypes[line.type] + ' ' + line.category + ": " +
                cleaned(line.text).toUtf8() + '\n';
    return made;
}

} // namespace

QCoro::Task<std::vector<ZipMember>> collect(Client &client, QJsonObject settings)
{
    auto cipherTask = client.cipherVersion();
    auto cipher = co_await cipherTask;
    auto statusTask = client.status();
    auto status = co_await statusTask;
    auto headsTask = client.heads();
    auto heads = co_await headsTask;
    auto coveragesTask = client.coverages();
    auto coverages = co_await coveragesTask;
    auto waysTask = client.keyWays();
    auto ways = co_await waysTask;

    QJsonObject state{{QStringLiteral("history_open"), client.isOpen()},
                      {QStringLiteral("logged_in"), client.isLoggedIn()},
                      {QStringLiteral("user"), QString::fromStdString(client.self().id.str())},
                      {QStringLiteral("device"), client.deviceId()},
                      {QStringLiteral("server"), client.server().toString(QUrl::RemoveUserInfo)},
                      {QStringLiteral("link"), linkJson(client.linkStatus())},
                      {QStringLiteral("simulated"), client.simulation().on()},
                      {QStringLiteral("download"), downloadJson(client.downloadProgress())}};
    if (status) {
        state[QStringLiteral("epoch")] = QString::fromStdString(status->epoch);
        state[QStringLiteral("messages")] = qint64{status->messages};
        state[QStringLiteral("unsent")] = qint64{status->unsent};
        state[QStringLiteral("failed")] = qint64{status->failed};
        state[QStringLiteral("holes")] = static_cast<qint64>(status->holes.size());
    }
    if (heads) {
        QJsonArray conversations;
        for (const auto &head : *heads) {
            const history::Coverage *covered = nullptr;
            if (coverages)
                for (const auto &[id, one] : *coverages)
                    if (id == head.head.conversation)
                        covered = &one;
            conversations << conversationJson(head, covered);
        }
        state[QStringLiteral("conversations")] = conversations;
    }
    if (ways)
        settings[QStringLiteral("key")] = QJsonObject{{QStringLiteral("file"), ways->keyFile},
                                                      {QStringLiteral("keyring"), ways->keyring},
                                                      {QStringLiteral("passphrase"), ways->passphrase},
                                                      {QStringLiteral("recovery_key"), ways->recoveryKey}};
    const auto lines = client.log() ? client.log()->lines() : std::vector<client::LogLine>();
    std::vector<ZipMember> members;
    members.push_back({QStringLiteral("README.txt"), kAbout});
    members.push_back({QStringLiteral("about.json"), text(aboutJson(cipher.value_or(std::string())))});
    members.push_back({QStringLiteral("settings.json"), text(settings)});
    members.push_back({QStringLiteral("state.json"), text(state)});
    members.push_back({QStringLiteral("connection.json"), connectionText(client.recorder())});
    members.push_back({QStringLiteral("log.txt"), logText(lines)});
    co_return members;
}

QCoro::Task<client::Result<void>> exportTo(Client &client, QString file, QJsonObject settings)
{
    auto collecting = collect(client, std::move(settings));
    auto members = co_await collecting;
    // Up to 16 MB of frames to read and write: neither the window's thread nor the history's waits for that.
    const auto promise = std::make_shared<QPromise<client::Result<void>>>();
    auto future = promise->future();
    QThreadPool::globalInstance()->start(
        [promise, file, members = std::move(members), wire = client.recorder().wire()]() mutable {
            promise->start();
            members.push_back({QStringLiteral("wire.jsonl"), wireText(wire)});
            promise->addResult(
                writeZip(file, members, std::chrono::time_point_cast<milliseconds>(std::chrono::system_clock::now())));
            promise->finish();
        });
    co_return co_await future;
}

} // namespace kith::diagnostics
