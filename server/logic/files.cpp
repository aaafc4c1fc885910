// SPDX-License-Identifier: GPL-3.0-or-later
// The calls of PROTOCOL §6: uploads that can go on, and downloads that are streamed. Names of files are not logged.
#include "core/base/file_limits.h"
#include "core/base/logging.h"
#include "core/crypto/crypto.h"
#include "core/protocol/http_files.h"
#include "server/logic/errors.h"
#include "server/logic/file_range.h"
#include "server/logic/http_call.h"
#include "server/ops/log.h"
#include "server/ops/metrics.h"

#include <algorithm>

namespace kith::server::files {

using protocol::ErrorCode;
using protocol::makeError;

namespace {

constexpr const char *kOffset = "Upload-Offset";
constexpr const char *kLength = "Upload-Length";
constexpr int kUnprocessable = 422;

/// Nothing after the error was answered: an id that cannot be one gets the same answer as one that is not there.
std::optional<FileId> fileOf(const HttpCallPtr &call)
{
    std::string id = call->lastSegment();
    if (isValidUuid(id))
        return FileId(std::move(id));
    call->fail(StoreError::NotFound);
    return std::nullopt;
}

std::string quotedTag(const FileState &file)
{
    return '"' + crypto::toHex(file.keptSha256) + '"';
}

/// Bytes `first` to `last` of a file, read from the store a piece at a time. The reader's right is looked at with each.
class FileSource final : public BodySource, public std::enable_shared_from_this<FileSource> {
public:
    FileSource(CorePtr core, UserId reader, FileId file, ByteRange range, std::shared_ptr<void> pass)
        : m_pass(std::move(pass)), m_core(std::move(core)), m_reader(std::move(reader)), m_file(std::move(file)),
          m_next(range.first), m_last(range.last), m_size(static_cast<std::uint64_t>(range.last - range.first + 1))
    {
    }
    std::uint64_t size() const override { return m_size; }
    void next(std::function<void(std::string)> take) override
    {
        m_core->store.readFile(m_reader, m_file, m_next,
                               [self = shared_from_this(), take = std::move(take)](StoreResult<std::string> bytes) {
                                   take(bytes ? self->passed(std::move(*bytes)) : std::string());
                               });
    }

private:
    std::string passed(std::string bytes)
    {
        const auto left = static_cast<std::size_t>(m_last - m_next + 1);
        if (bytes.size() > left)
            bytes.resize(left);
        m_next += static_cast<std::int64_t>(bytes.size());
        m_core->metrics.fileBytesSent(bytes.size());
        return bytes;
    }

    const std::shared_ptr<void> m_pass; // of the gate; none for HEAD
    const CorePtr m_core;
    const UserId m_reader;
    const FileId m_file;
    std::int64_t m_next;
    const std::int64_t m_last;
    const std::uint64_t m_size;
};

void appended(const HttpCallPtr &call, const Claims &who, std::size_t bytes, const FileAppended &done)
{
    using Outcome = FileAppended::Outcome;
    const std::map<std::string, std::string> headers{{kOffset, std::to_string(done.offset)}};
    switch (done.outcome) {
    case Outcome::Complete:
        if (bytes > 0) {
            call->core()->metrics.fileStored();
            log(LogLevel::Info, logging::kLogic, "file stored",
                {{"user", who.user.str()}, {"file", call->lastSegment()}, {"bytes", done.offset}});
        }
        [[fallthrough]];
    case Outcome::Taken:
        call->core()->metrics.fileBytesReceived(bytes);
        return call->respond({204, {}, headers});
    case Outcome::WrongOffset:
        return call->fail(makeError(ErrorCode::VersionConflict, "not where the upload stands", kOffset), 0, headers);
    case Outcome::TooMuch:
        return call->fail(makeError(ErrorCode::TooLarge, "more than the announced size or chunk"), 0, headers);
    case Outcome::TooLittle:
        return call->fail(makeError(ErrorCode::Malformed, "a piece too small, and not the last", "chunk"), 0, headers);
    case Outcome::WrongHash:
        return call->fail(makeError(ErrorCode::Malformed, "not the bytes that were announced: begin again", "sha256"),
                          kUnprocessable, headers);
    case Outcome::NotAPicture:
        return call->fail(makeError(ErrorCode::Malformed, "not a picture of this type", "mime"), kUnprocessable);
    }
}

std::map<std::string, std::string> headersOf(const FileState &file)
{
    return {{"Content-Type", file.mime},
            {"ETag", quotedTag(file)},
            {"Accept-Ranges", "bytes"},
            {"Cache-Control", "private"},
            // Nothing that somebody uploaded runs as a page of this server.
            {"Content-Disposition", "attachment"}};
}

void send(const HttpCallPtr &call, const UserId &reader, const FileState &file, std::shared_ptr<void> pass)
{
    using Kind = RangeAnswer::Kind;
    HttpResponse response{200, {}, headersOf(file)};
    const HttpRequest &request = call->request();
    RangeAnswer range;
    // If-Range: the rest only of the bytes whose beginning the other side has (RFC 9110 §13.1.5).
    if (request.range && (!request.ifRange || *request.ifRange == quotedTag(file)))
        range = answerRange(*request.range, file.keptSize);
    const std::string size = std::to_string(file.keptSize);
    ByteRange bytes{0, file.keptSize - 1};
    if (range.kind == Kind::Unsatisfiable)
        return call->fail(makeError(ErrorCode::Malformed, "no such part of the file", "Range"), 416,
                          {{"Content-Range", "bytes */" + size}});
    if (range.kind == Kind::Part) {
        bytes = range.part;
        response.status = 206;
        response.headers["Content-Range"] =
            "bytes " + std::to_string(bytes.first) + '-' + std::to_string(bytes.last) + '/' + size;
    }
    response.source = std::make_shared<FileSource>(call->core(), reader, file.id, bytes, std::move(pass));
    call->respond(std::move(response));
}

} // namespace

void create(const HttpCallPtr &call, const Claims &claims)
{
    auto request = call->decodeBody<protocol::FileRequest>();
    if (!request)
        return;
    if (request->size > call->core()->settings.maxFileBytes)
        return call->fail(makeError(ErrorCode::TooLarge, "larger than this server takes", "size"));
    if (request->chunk < std::min(request->size, limits::kLeastFileChunk))
        return call->fail(makeError(ErrorCode::Malformed, "pieces too small", "chunk"));
    auto hash = crypto::fromHex(request->sha256);
    if (!hash)
        return call->fail(makeError(ErrorCode::Malformed, "not hexadecimal", "sha256"));
    call->core()->store.createFile({claims.user, std::move(request->name), std::move(request->mime), request->size,
                                    std::move(*hash), request->chunk},
                                   [call](StoreResult<FileState> file) {
                                       if (!file)
                                           return call->fail(file.error());
                                       call->created(protocol::encode(protocol::FileReply{file->id, file->offset}));
                                   });
}

void append(const HttpCallPtr &call, const Claims &claims)
{
    const auto file = fileOf(call);
    if (!file)
        return;
    const auto &header = call->request().uploadOffset;
    const auto offset = header ? wholeNumber(*header) : std::nullopt;
    if (!offset)
        return call->fail(makeError(ErrorCode::Malformed, "must say where the bytes belong", kOffset));
    std::string bytes = call->takeBody();
    const std::size_t size = bytes.size();
    call->core()->store.appendFile(claims.user, *file, *offset, std::move(bytes),
                                   [call, claims, size](StoreResult<FileAppended> done) {
                                       if (!done)
                                           return call->fail(done.error());
                                       appended(call, claims, size, *done);
                                   });
}

void head(const HttpCallPtr &call, const Claims &claims)
{
    const auto id = fileOf(call);
    if (!id)
        return;
    call->core()->store.file(claims.user, *id, [call, claims](StoreResult<FileState> file) {
        if (!file)
            return call->fail(file.error());
        HttpResponse response{200, {}, {}};
        if (file->complete) {
            response.headers = headersOf(*file);
            response.source = std::make_shared<FileSource>(call->core(), claims.user, file->id,
                                                           ByteRange{0, file->keptSize - 1}, nullptr);
        }
        response.headers[kOffset] = std::to_string(file->offset);
        response.headers[kLength] = std::to_string(file->size);
        call->respond(std::move(response));
    });
}

void get(const HttpCallPtr &call, const Claims &claims)
{
    const auto id = fileOf(call);
    if (!id)
        return;
    const auto &gate = call->core()->downloads;
    if (gate->enter(claims.user) != TransferGate::Answer::Entered)
        return call->fail(rateLimited(std::chrono::seconds{1}));
    auto pass = gate->pass(claims.user);
    call->core()->store.file(claims.user, *id, [call, claims, pass](StoreResult<FileState> file) {
        if (!file)
            return call->fail(file.error());
        if (!file->complete)
            return call->fail(StoreError::NotFound);
        send(call, claims.user, *file, pass);
    });
}

} // namespace kith::server::files
