// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/client/file_transfer.h"

#include "core/base/backoff.h"
#include "core/client/errors.h"
#include "core/crypto/crypto.h"
#include "core/protocol/http.h"
#include "core/protocol/http_files.h"

#include <QCryptographicHash>
#include <QTimer>
#include <QUrl>

#include <algorithm>

namespace kith::client {

namespace {

constexpr int kMostFailures = 6; // in a row: some half a minute with the pauses between them
using std::chrono::milliseconds;
constexpr auto kMostPause = std::chrono::seconds{16};

QString pathOf(const std::string &id)
{
    return QStringLiteral("/v1/files/") + QString::fromLatin1(QUrl::toPercentEncoding(QString::fromStdString(id)));
}

bool mayPass(const ClientError &error)
{
    return error.code == ClientErrorCode::Unreachable ||
           (error.code == ClientErrorCode::Server && !isFinalRefusal(error));
}

Result<protocol::FileReply> beginningOf(const QByteArray &answer)
{
    auto object = fromDecoded(protocol::parseObject({answer.data(), static_cast<std::size_t>(answer.size())},
                                                    static_cast<std::size_t>(FileCall{}.most)));
    if (!object)
        return Unexpected(std::move(object).error());
    return fromDecoded(protocol::decode<protocol::FileReply>(*object));
}

/// An upload as far as it is known here.
struct Upload {
    QByteArray bytes;
    boost::json::object description;
    std::string id;               // empty: the server does not know of it yet
    std::optional<qint64> offset; // nothing: the server is to be asked

    FileCall next() const
    {
        FileCall call;
        if (id.empty()) {
            call.method = "POST";
            call.path = QStringLiteral("/v1/files");
            call.body = description;
            return call;
        }
        call.path = pathOf(id);
        call.method = offset ? "PATCH" : "HEAD";
        call.offset = offset;
        if (offset)
            call.bytes = bytes.mid(*offset, FileTransfer::kChunk);
        return call;
    }
    /// What `answer` to next() means; an error is the server's last word.
    Result<void> take(const FileAnswer &answer)
    {
        if (answer.refused) {
            if (!id.empty() && answer.status == 404) { // a HEAD's answer has no body to say it in
                offset.reset();
                id.clear(); // begun too long ago, or by a server that was restored: from the beginning
                return {};
            }
            if (answer.status != 409)
                return mayPass(*answer.refused) ? Result<void>{} : Unexpected(*answer.refused);
            offset = answer.offset; // a piece had arrived though its answer had not
        } else if (id.empty()) {
            auto begun = beginningOf(answer.bytes);
            if (!begun)
                return Unexpected(std::move(begun).error());
            id = begun->id.str();
            offset = begun->offset;
        } else {
            offset = answer.offset;
        }
        if (offset && (*offset < 0 || *offset > bytes.size()))
            return Unexpected(makeError(ClientErrorCode::NotKith, QStringLiteral("an offset beyond the file")));
        return {};
    }
    bool isDone() const { return !id.empty() && offset == bytes.size(); }
};

} // namespace

FileTransfer::FileTransfer(FileCalls &calls, std::chrono::milliseconds pause, QObject *parent)
    : QObject(parent), m_calls(calls), m_pause(pause)
{
}

Later<void> FileTransfer::rest(std::chrono::milliseconds time)
{
    Promise<void> promise;
    const auto id = m_owed.add(promise);
    QTimer::singleShot(time, this, [this, id, promise] {
        if (m_owed.settle(id))
            promise.finish({});
    });
    return promise.later();
}

QCoro::Task<Result<std::string>> FileTransfer::upload(QByteArray bytes, std::string name, std::string mime,
                                                      std::shared_ptr<UploadControl> control)
{
    const auto sum = QCryptographicHash::hash(bytes, QCryptographicHash::Sha256).toHex();
    Upload upload;
    upload.description = protocol::encode(protocol::FileRequest{
        std::move(name), static_cast<std::int64_t>(bytes.size()), std::move(mime), sum.toStdString(), kChunk});
    upload.bytes = std::move(bytes);
    Backoff backoff(m_pause, kMostPause);
    std::optional<ClientError> last;
    qint64 furthest = -1;
    for (int failures = 0; failures < kMostFailures;) {
        if (control && control->cancelled)
            co_return Unexpected(cancelledError());
        auto call = upload.next();
        const bool asks = call.method == "HEAD";
        auto task = m_calls.transfer(std::move(call));
        auto answer = co_await task;
        if (!answer && !mayPass(answer.error()))
            co_return Unexpected(std::move(answer).error());
        if (answer) {
            auto taken = upload.take(*answer);
            if (!taken)
                co_return Unexpected(std::move(taken).error());
        } else {
            upload.offset.reset(); // the piece may have arrived or not
        }
        if (control && control->cancelled)
            co_return Unexpected(cancelledError());
        if (upload.offset && control && control->progressed)
            control->progressed(*upload.offset, upload.bytes.size());
        if (upload.isDone())
            co_return std::move(upload.id);
        if (asks && answer && !answer->refused && upload.offset)
            continue; // neither a step nor a failure
        if (answer && !answer->refused && upload.offset && *upload.offset > furthest) {
            furthest = *upload.offset;
            failures = 0;
            backoff.reset();
            continue;
        }
        // Also where the server answers and nothing goes on, or does not say how far it is.
        ++failures;
        if (!answer)
            last = answer.error();
        else if (answer->refused)
            last = answer->refused;
        const bool corrected = answer && answer->status == 409 && upload.offset;
        if (corrected)
            continue;
        auto pause = backoff.next(crypto::randomUnit());
        if (last && last->wire)
            pause = std::max(pause, std::min<milliseconds>(milliseconds(last->wire->retryAfterMs), kMostPause));
        auto waiting = rest(pause);
        auto rested = co_await waiting;
        if (!rested)
            co_return Unexpected(std::move(rested).error());
    }
    co_return Unexpected(
        last.value_or(makeError(ClientErrorCode::Unreachable, QStringLiteral("the upload does not go on"))));
}

QCoro::Task<Result<QByteArray>> FileTransfer::download(std::string id, qint64 most)
{
    FileCall call;
    call.method = "GET";
    call.path = pathOf(id);
    call.most = most;
    auto task = m_calls.transfer(std::move(call));
    auto answer = co_await task;
    if (!answer)
        co_return Unexpected(std::move(answer).error());
    if (answer->refused)
        co_return Unexpected(std::move(*answer->refused));
    co_return std::move(answer->bytes);
}

} // namespace kith::client
