// SPDX-License-Identifier: GPL-3.0-or-later
// Files and avatars in the logic: ranges, headers, the body that comes in pieces, who is told of a new avatar.
#include "core/base/file_limits.h"
#include "core/crypto/crypto.h"
#include "core/crypto/sha256.h"
#include "server/logic/file_range.h"
#include "server/logic/transfer_gate.h"
#include "tests/pictures.h"
#include "tests/server/logic/world.h"

#include <QTest>

#include <algorithm>

using namespace kith;
using namespace kith::server;
using namespace kith::server::test;
using kith::test::smallPng;
using protocol::ErrorCode;
using protocol::Op;

namespace {

std::string shown(const RangeAnswer &answer)
{
    switch (answer.kind) {
    case RangeAnswer::Kind::Whole:
        return "whole";
    case RangeAnswer::Kind::Unsatisfiable:
        return "none";
    case RangeAnswer::Kind::Part:
        return std::to_string(answer.part.first) + "-" + std::to_string(answer.part.last);
    }
    return {};
}

std::string errorOf(const HttpResponse &response)
{
    const auto error = protocol::decodeErrorBody(response.body);
    return error ? std::string(protocol::name(error->code)) + " " + error->field : std::string("none");
}

/// World's clients with calls that carry headers and raw bytes.
struct Files {
    World world;
    Client ada{world, "ada"}, bob{world, "bob"}, cem{world, "cem"};

    Files()
    {
        for (Client *client : {&ada, &bob, &cem})
            client->logIn();
    }
    HttpResponse call(HttpRequest request)
    {
        std::optional<HttpResponse> answer;
        handleHttp(*world.services, std::move(request), [&](HttpResponse response) { answer = std::move(response); });
        world.settle();
        return answer.value_or(HttpResponse{0, "no answer", {}});
    }
    HttpRequest request(const Client &who, std::string method, std::string path)
    {
        HttpRequest made;
        made.method = std::move(method);
        made.path = std::move(path);
        made.bearer = who.token;
        made.address = "192.0.2.7";
        return made;
    }
    HttpResponse announce(const Client &who, const std::string &bytes, const std::string &mime)
    {
        return world.call("POST", "/v1/files",
                          {{"name", "a"},
                           {"size", bytes.size()},
                           {"mime", mime},
                           {"sha256", crypto::toHex(crypto::sha256(bytes))},
                           {"chunk", limits::kMaxFileChunk}},
                          who.token);
    }
    HttpResponse append(const Client &who, const std::string &id, std::optional<std::string> offset, std::string bytes)
    {
        HttpRequest made = request(who, "PATCH", "/v1/files/" + id);
        made.uploadOffset = std::move(offset);
        made.body = std::move(bytes);
        return call(std::move(made));
    }
    std::string upload(const Client &who, const std::string &bytes, const std::string &mime = "image/png")
    {
        const std::string id = text(parse(announce(who, bytes, mime).body), "id");
        return append(who, id, "0", bytes).status == 204 ? id : std::string();
    }
    /// All that the source of an answer gives; counts the pieces.
    std::string drain(const HttpResponse &response, int *pieces = nullptr)
    {
        std::string all;
        while (response.source && all.size() < response.source->size()) {
            std::string piece;
            response.source->next([&](std::string next) { piece = std::move(next); });
            world.settle();
            if (piece.empty())
                return "it broke off";
            all += piece;
            if (pieces)
                ++*pieces;
        }
        return all;
    }
    HttpResponse get(const Client &who, const std::string &id, std::optional<std::string> range = {},
                     std::optional<std::string> ifRange = {})
    {
        HttpRequest made = request(who, "GET", "/v1/files/" + id);
        made.range = std::move(range);
        made.ifRange = std::move(ifRange);
        return call(std::move(made));
    }
};

} // namespace

class TestLogicFiles final : public QObject {
    Q_OBJECT
private slots:
    void ranges_data()
    {
        QTest::addColumn<QString>("header");
        QTest::addColumn<QString>("answer");
        const auto row = [](const char *header, const char *answer) {
            QTest::newRow(header) << QString::fromLatin1(header) << QString::fromLatin1(answer);
        };
        row("bytes=0-0", "0-0");
        row("bytes=0-99", "0-99");
        row("bytes=0-100", "0-99");
        row("bytes=99-", "99-99");
        row("bytes=-1", "99-99");
        row("bytes=-100", "0-99");
        row("bytes=-101", "0-99");
        row("BYTES= 5-6 ", "5-6");
        row("bytes=5-99999999999999999999999", "5-99");
        row("bytes=-99999999999999999999999", "0-99");
        row("bytes=100-", "none");
        row("bytes=100-200", "none");
        row("bytes=99999999999999999999999-", "none");
        row("bytes=-0", "none");
        for (const char *ignored :
             {"", "bytes", "bytes=", "bytes=-", "bytes=6-5", "bytes=1-2,4-5", "bytes=a-b", "bytes=1", "bytes=+1-2",
              "bytes=--1", "bytes=1--2", "bytes=0x1-2", "items=1-2", "bytes=1 -2"})
            row(ignored, "whole");
    }
    void ranges()
    {
        QFETCH(QString, header);
        QFETCH(QString, answer);
        QCOMPARE(QString::fromStdString(shown(answerRange(header.toStdString(), 100))), answer);
    }
    void numbers_areDigitsAndFit()
    {
        QCOMPARE(wholeNumber("0"), std::optional<std::int64_t>(0));
        QCOMPARE(wholeNumber("007"), std::optional<std::int64_t>(7));
        QCOMPARE(wholeNumber("9007199254740991"), std::optional<std::int64_t>(9007199254740991));
        for (const char *bad :
             {"", "-1", "+1", " 1", "1 ", "1.0", "1e3", "0x1", "9007199254740992", "99999999999999999999", "1, 1"})
            QVERIFY2(!wholeNumber(bad), bad);
    }
    void hash_goesOnFromItsSavedState()
    {
        const std::string bytes = crypto::randomBytes(1000);
        for (const std::size_t cut : {0, 1, 55, 56, 63, 64, 65, 128, 999, 1000}) {
            crypto::Sha256 first;
            first.add(std::string_view(bytes).substr(0, cut));
            auto second = crypto::Sha256::restore(first.save());
            QVERIFY(second);
            second->add(std::string_view(bytes).substr(cut));
            QCOMPARE(second->digest(), crypto::sha256(bytes));
            QCOMPARE(second->digest(), crypto::sha256(bytes)); // asking changes nothing
        }
        QVERIFY(!crypto::Sha256::restore("") && !crypto::Sha256::restore(std::string(103, 'x')));
    }
    void gate_boundsEverybodyAndEachUser()
    {
        TransferGate gate(kUploadBounds);
        for (int i = 0; i < kUploadBounds.mostOfUser; ++i)
            QVERIFY(gate.enter(UserId("1")) == TransferGate::Answer::Entered);
        QVERIFY(gate.enter(UserId("1")) == TransferGate::Answer::TooManyOfUser);
        for (int i = kUploadBounds.mostOfUser; i < kUploadBounds.most; ++i)
            QVERIFY(gate.enter(UserId(std::to_string(100 + i))) == TransferGate::Answer::Entered);
        QVERIFY(gate.enter(UserId("2")) == TransferGate::Answer::Full);
        gate.leave(UserId("1"));
        QVERIFY(gate.enter(UserId("2")) == TransferGate::Answer::Entered);
        gate.leave(UserId("unknown"));
        QVERIFY(gate.enter(UserId("3")) == TransferGate::Answer::Full);
    }
    void admission_needsATokenAndEndsWithTheAnswer()
    {
        Files files;
        QVERIFY(isUpload("PATCH", "/v1/files/x") && !isUpload("POST", "/v1/files/x") && !isUpload("PATCH", "/v1/me"));
        QVERIFY(admitUpload(*files.world.services, "").error().code == ErrorCode::Unauthenticated);
        QVERIFY(admitUpload(*files.world.services, "x.y.z").error().code == ErrorCode::Unauthenticated);
        std::vector<std::shared_ptr<void>> passes;
        for (int i = 0; i < kUploadBounds.mostOfUser; ++i)
            passes.push_back(admitUpload(*files.world.services, files.ada.token).value());
        const auto refused = admitUpload(*files.world.services, files.ada.token);
        QVERIFY(!refused && refused.error().code == ErrorCode::RateLimited && refused.error().retryAfterMs > 0);
        passes.pop_back();
        QVERIFY(admitUpload(*files.world.services, files.ada.token).has_value());
        files.world.clock.advance(std::chrono::hours{3});
        QVERIFY(admitUpload(*files.world.services, files.bob.token).error().code == ErrorCode::TokenExpired);
    }
    void download_comesInPiecesWithItsHeaders()
    {
        Files files;
        const std::string bytes = crypto::randomBytes(3500);
        const std::string id = files.upload(files.ada, bytes, "text/plain");
        const auto whole = files.get(files.ada, id);
        QCOMPARE(whole.status, 200);
        QVERIFY(whole.body.empty());
        QCOMPARE(whole.source->size(), std::uint64_t(3500));
        int pieces = 0;
        QVERIFY(files.drain(whole, &pieces) == bytes);
        QCOMPARE(pieces, 4);
        const std::string tag = '"' + crypto::toHex(crypto::sha256(bytes)) + '"';
        QCOMPARE(whole.headers.at("ETag"), tag);
        QCOMPARE(whole.headers.at("Content-Type"), std::string("text/plain"));
        QCOMPARE(whole.headers.at("Cache-Control"), std::string("private"));
        const auto part = files.get(files.ada, id, "bytes=900-2100");
        QCOMPARE(part.status, 206);
        QCOMPARE(part.headers.at("Content-Range"), std::string("bytes 900-2100/3500"));
        QVERIFY(files.drain(part) == bytes.substr(900, 1201));
        QCOMPARE(files.get(files.ada, id, "bytes=1-2", tag).status, 206);
        QCOMPARE(files.get(files.ada, id, "bytes=1-2", "\"other\"").status, 200);
        const auto none = files.get(files.ada, id, "bytes=3500-");
        QCOMPARE(none.status, 416);
        QCOMPARE(none.headers.at("Content-Range"), std::string("bytes */3500"));
    }
    void rightLostDuringADownload_endsIt()
    {
        Files files;
        const std::string id =
            files.upload(files.ada, smallPng(1, kith::test::pngChunk("sPLT", std::string(5000, 'x'))));
        QVERIFY(files.world.call("PATCH", "/v1/me", {{"avatar", id}}, files.ada.token).status == 200);
        const auto answer = files.get(files.bob, id);
        QCOMPARE(answer.status, 200);
        std::string first;
        answer.source->next([&](std::string piece) { first = std::move(piece); });
        files.world.settle();
        QVERIFY(!first.empty());
        files.world.call("PATCH", "/v1/me", {{"avatar", ""}}, files.ada.token);
        QCOMPARE(files.drain(answer), std::string("it broke off"));
    }
    void downloads_areBoundedForEachUser()
    {
        Files files;
        const std::string id = files.upload(files.ada, smallPng(1));
        QVERIFY(files.world.call("PATCH", "/v1/me", {{"avatar", id}}, files.ada.token).status == 200);
        std::vector<HttpResponse> open;
        for (int i = 0; i < kDownloadBounds.mostOfUser; ++i) {
            open.push_back(files.get(files.ada, id));
            QCOMPARE(open.back().status, 200);
        }
        const auto refused = files.get(files.ada, id);
        QCOMPARE(refused.status, 429);
        const auto error = protocol::decodeErrorBody(refused.body);
        QVERIFY(error && error->code == ErrorCode::RateLimited && error->retryAfterMs == 1000);
        QCOMPARE(files.call(files.request(files.ada, "HEAD", "/v1/files/" + id)).status, 200); // carries nothing
        QCOMPARE(files.get(files.bob, id).status, 200);
        open.pop_back(); // its last byte is sent, or its connection gone
        QCOMPARE(files.get(files.ada, id).status, 200);
        QCOMPARE(files.get(files.ada, "00000000-0000-4000-8000-000000000000").status, 404); // holds no place
        QCOMPARE(files.get(files.ada, id).status, 200);
    }
    void avatarChanges_areLimitedForEachAccount()
    {
        Files files;
        const auto change = [&](const Client &who, const std::string &avatar) {
            return files.world.call("PATCH", "/v1/me", {{"avatar", avatar}}, who.token);
        };
        for (int i = 0; i < kAvatarChangesPerHour; ++i)
            QCOMPARE(change(files.ada, "").status, 200);
        const auto refused = change(files.ada, "");
        QCOMPARE(refused.status, 429);
        const auto error = protocol::decodeErrorBody(refused.body);
        QVERIFY(error && error->code == ErrorCode::RateLimited);
        QVERIFY(error->retryAfterMs > 0 && error->retryAfterMs <= 180'000);
        QCOMPARE(files.world.call("PATCH", "/v1/me", {{"display_name", "Ada"}}, files.ada.token).status, 200);
        QCOMPARE(change(files.bob, "").status, 200);
        files.world.clock.advance(std::chrono::minutes{3});
        QCOMPARE(change(files.ada, "").status, 200);
        QCOMPARE(change(files.ada, "").status, 429);
    }
    void groupsAvatarChanges_areLimitedForAllItsAdmins()
    {
        Files files;
        const auto created =
            files.ada.ask(Op::ConversationCreate, {{"name", "Garden"}, {"members", {files.bob.user.str()}}});
        const auto group = protocol::decode<protocol::ConversationPacket>(created.data)->head.conversation.str();
        files.ada.ask(Op::ConversationRole,
                      {{"conversation", group}, {"user", files.bob.user.str()}, {"role", "admin"}});
        const boost::json::object none{{"conversation", group}, {"avatar", ""}};
        for (int i = 0; i < kAvatarChangesPerHour; ++i) // who is not in it uses nothing of it up
            QVERIFY(files.cem.askForError(Op::ConversationUpdate, none) != ErrorCode::RateLimited);
        QVERIFY(files.cem.askForError(Op::ConversationUpdate, none) == ErrorCode::RateLimited);
        for (int i = 0; i < kAvatarChangesPerHour; ++i)
            QVERIFY((i % 2 == 0 ? files.ada : files.bob).ask(Op::ConversationUpdate, none).op == Op::Ok);
        QVERIFY(files.ada.askForError(Op::ConversationUpdate, none) == ErrorCode::RateLimited);
        QVERIFY(files.bob.askForError(Op::ConversationUpdate, none) == ErrorCode::RateLimited);
        QVERIFY(files.bob.ask(Op::ConversationUpdate, {{"conversation", group}, {"name", "Yard"}}).op == Op::Ok);
        QCOMPARE(files.world.call("PATCH", "/v1/me", {{"avatar", ""}}, files.ada.token).status, 200); // ten of her own
    }
    void smallPieces_areRefused()
    {
        Files files;
        const auto announced = [&](std::int64_t size, std::int64_t chunk) {
            return files.world.call("POST", "/v1/files",
                                    {{"name", "a"},
                                     {"size", size},
                                     {"mime", "text/plain"},
                                     {"sha256", crypto::toHex(crypto::sha256(std::to_string(size)))},
                                     {"chunk", chunk}},
                                    files.ada.token);
        };
        QCOMPARE(announced(5000, 4095).status, 400);
        QCOMPARE(errorOf(announced(5000, 4095)), std::string("malformed chunk"));
        QCOMPARE(errorOf(announced(10, 9)), std::string("malformed chunk"));
        QCOMPARE(announced(10, 10).status, 201);
        const std::string id = text(parse(announced(5000, 4096).body), "id");
        QCOMPARE(errorOf(files.append(files.ada, id, "0", std::string(4095, 'x'))), std::string("malformed chunk"));
        QCOMPARE(files.append(files.ada, id, "0", std::string(4096, 'x')).status, 204);
        QCOMPARE(files.append(files.ada, id, "4096", "").status, 204);
    }
    void head_tellsWhereToGoOnAndThenWhatIsThere()
    {
        Files files;
        const std::string bytes = smallPng(1, kith::test::pngChunk("tEXt", std::string(9000, 'x')));
        const std::string id = text(parse(files.announce(files.ada, bytes, "image/png").body), "id");
        files.append(files.ada, id, "0", bytes.substr(0, 5000));
        const auto half = files.call(files.request(files.ada, "HEAD", "/v1/files/" + id));
        QCOMPARE(half.headers.at("Upload-Offset"), std::string("5000"));
        QVERIFY(!half.source && !half.headers.contains("ETag"));
        QCOMPARE(files.get(files.ada, id).status, 404);
        QCOMPARE(files.append(files.ada, id, "5000", bytes.substr(5000)).status, 204);
        const auto whole = files.call(files.request(files.ada, "HEAD", "/v1/files/" + id));
        QCOMPARE(whole.headers.at("Upload-Offset"), std::to_string(bytes.size()));
        QCOMPARE(whole.headers.at("Upload-Length"), std::to_string(bytes.size()));
        QCOMPARE(whole.source->size(), std::uint64_t(smallPng(1).size())); // Content-Length is that of GET
    }
    void refusals_nameWhatIsWrong()
    {
        Files files;
        const std::string bytes = "some text";
        const std::string id = text(parse(files.announce(files.ada, bytes, "text/plain").body), "id");
        QCOMPARE(errorOf(files.append(files.ada, id, std::nullopt, bytes)), std::string("malformed Upload-Offset"));
        QCOMPARE(errorOf(files.append(files.ada, id, "-1", bytes)), std::string("malformed Upload-Offset"));
        QCOMPARE(errorOf(files.append(files.ada, id, "0, 0", bytes)), std::string("malformed Upload-Offset"));
        const auto conflict = files.append(files.ada, id, "3", bytes);
        QCOMPARE(conflict.status, 409);
        QCOMPARE(errorOf(conflict), std::string("version_conflict Upload-Offset"));
        QCOMPARE(conflict.headers.at("Upload-Offset"), std::string("0"));
        QCOMPARE(files.append(files.ada, id, "0", bytes + "x").status, 413);
        QCOMPARE(files.append(files.bob, id, "0", bytes).status, 404);
        const auto wrong = files.append(files.ada, id, "0", "same size");
        QCOMPARE(wrong.status, 422);
        QCOMPARE(errorOf(wrong), std::string("malformed sha256"));
        QCOMPARE(errorOf(files.world.call("POST", "/v1/files", {{"name", "a"}}, files.ada.token)),
                 std::string("malformed size"));
        const std::string fake = text(parse(files.announce(files.ada, bytes, "image/jpeg").body), "id");
        QCOMPARE(errorOf(files.append(files.ada, fake, "0", bytes)), std::string("malformed mime"));
        for (const char *odd : {"..", "x", "00000000-0000-4000-8000-00000000000", "0", "%00"}) {
            QCOMPARE(files.get(files.ada, odd).status, 404);
            QCOMPARE(files.append(files.ada, odd, "0", bytes).status, 404);
        }
    }
    void settings_lowerTheLimit()
    {
        LogicSettings settings = World::quickSettings();
        settings.maxFileBytes = 8;
        World world(settings);
        Client ada(world, "ada");
        const auto refused = world.call(
            "POST", "/v1/files",
            {{"name", "a"}, {"size", 9}, {"mime", "text/plain"}, {"sha256", std::string(64, 'a')}, {"chunk", 1}},
            ada.token);
        QCOMPARE(refused.status, 413);
        QCOMPARE(errorOf(refused), std::string("too_large size"));
    }
    void groupsAvatar_goesToItsMembersAsAHead()
    {
        Files files;
        const auto created =
            files.ada.ask(Op::ConversationCreate, {{"name", "Garden"}, {"members", {files.bob.user.str()}}});
        const auto group = protocol::decode<protocol::ConversationPacket>(created.data)->head.conversation;
        const std::string badge = files.upload(files.ada, smallPng(2)),
                          note = files.upload(files.ada, "x", "text/plain");
        files.ada.pushes();
        files.bob.pushes();
        const auto refused = files.ada.ask(Op::ConversationUpdate, {{"conversation", group.str()}, {"avatar", note}});
        const auto error = protocol::decode<protocol::WireError>(refused.data);
        QVERIFY(error && error->code == ErrorCode::Malformed);
        QCOMPARE(error->field, std::string("d.avatar"));
        QVERIFY(files.ada.askForError(Op::ConversationUpdate, {{"conversation", group.str()}, {"avatar", "none"}}) ==
                ErrorCode::NotFound);
        QCOMPARE(files.bob.names(), std::string());
        QVERIFY(files.ada.ask(Op::ConversationUpdate, {{"conversation", group.str()}, {"avatar", badge}}).op == Op::Ok);
        const auto pushes = files.bob.pushes();
        QCOMPARE(pushes.size(), std::size_t(1));
        const auto head = protocol::decode<protocol::ConversationPacket>(pushes[0].data);
        QVERIFY(head);
        QCOMPARE(head->head.avatar, badge);
        QCOMPARE(files.get(files.bob, badge).status, 200);
        QCOMPARE(files.get(files.cem, badge).status, 404);
    }
    void hello_saysAvatars()
    {
        Files files;
        Client dora(files.world, "dora");
        const auto hello = protocol::decode<protocol::HelloPacket>(dora.ask(Op::Login, {{"token", dora.token}}).data);
        QVERIFY(hello && std::find(hello->features.begin(), hello->features.end(), "avatars") != hello->features.end());
    }
};

QTEST_GUILESS_MAIN(TestLogicFiles)
#include "test_logic_files.moc"
