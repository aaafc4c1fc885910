// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/conformance/suite_files.h"

#include "core/base/file_limits.h"
#include "core/crypto/crypto.h"
#include "tests/pictures.h"

#include <future>
#include <random>

namespace kith::server::test {

using namespace std::chrono_literals;
using kith::test::pngChunk;
using kith::test::smallPng;
using Outcome = FileAppended::Outcome;

#define IS_OUTCOME(appended, expected)                                                                                 \
    QCOMPARE(static_cast<int>((appended).outcome), static_cast<int>(Outcome::expected))

NewFile FileSuite::announcement(const UserId &owner, const std::string &bytes, const std::string &mime)
{
    return {
        owner, "a name", mime, static_cast<std::int64_t>(bytes.size()), crypto::sha256(bytes), limits::kMaxFileChunk};
}

std::string FileSuite::download(const UserId &reader, const FileId &file, std::int64_t from)
{
    const auto state = store().file(reader, file);
    std::string all;
    while (state && state->complete && from + static_cast<std::int64_t>(all.size()) < state->keptSize) {
        auto piece = store().readFile(reader, file, from + static_cast<std::int64_t>(all.size()));
        if (!piece || piece->empty())
            return "it broke off: " + why(piece);
        all += *piece;
    }
    return all;
}

std::int64_t FileSuite::sweepAll(int *steps)
{
    std::int64_t files = 0;
    for (;;) {
        const auto swept = store().sweepFiles();
        if (!swept)
            return -1;
        files += swept->files;
        if (steps)
            ++*steps;
        if (!swept->more)
            return files;
    }
}

void FileSuite::announcedAgain_goesOnWhereItStands()
{
    const UserId tom = makeUser("tom");
    const std::string bytes = crypto::randomBytes(10'000);
    MUST(first, store().createFile(announcement(tom, bytes)));
    QVERIFY(isValidUuid(first.id.str()));
    QCOMPARE(first.offset, 0);
    MUST(taken, store().appendFile(tom, first.id, 0, bytes.substr(0, 5000)));
    IS_OUTCOME(taken, Taken);
    QCOMPARE(taken.offset, 5000);
    MUST(again, store().createFile(announcement(tom, bytes)));
    QVERIFY(again.id == first.id);
    QCOMPARE(again.offset, 5000);
    MUST(state, store().file(tom, first.id));
    QCOMPARE(state.offset, 5000);
    QCOMPARE(state.size, 10'000);
    QVERIFY(!state.complete);
    MUST(otherType, store().createFile(announcement(tom, bytes, "image/gif")));
    QVERIFY(otherType.id != first.id);
    MUST(done, store().appendFile(tom, first.id, 5000, bytes.substr(5000)));
    IS_OUTCOME(done, Complete);
    MUST(after, store().createFile(announcement(tom, bytes))); // complete: nothing to go on with
    QVERIFY(after.id != first.id);
}

void FileSuite::othersUploads_areNotFound()
{
    const UserId tom = makeUser("tom"), lin = makeUser("lin");
    const std::string bytes = "some bytes";
    MUST(file, store().createFile(announcement(tom, bytes)));
    MUST_FAIL(store().appendFile(lin, file.id, 0, bytes), StoreError::NotFound);
    MUST_FAIL(store().file(lin, file.id), StoreError::NotFound);
    MUST_FAIL(store().readFile(tom, file.id, 0), StoreError::NotFound); // not complete
    MUST_DO(store().appendFile(tom, file.id, 0, bytes));
    QCOMPARE(download(tom, file.id), bytes);
    MUST_FAIL(store().file(lin, file.id), StoreError::NotFound);
    MUST_FAIL(store().readFile(lin, file.id, 0), StoreError::NotFound);
    for (const char *unknown : {"", "x", "../x", "00000000-0000-4000-8000-000000000000"}) {
        MUST_FAIL(store().file(tom, FileId(unknown)), StoreError::NotFound);
        MUST_FAIL(store().appendFile(tom, FileId(unknown), 0, bytes), StoreError::NotFound);
    }
    MUST_FAIL(store().createFile(announcement(UserId("4711"), bytes)), StoreError::NotFound);
    MUST_FAIL(store().readFile(tom, file.id, static_cast<std::int64_t>(bytes.size())), StoreError::NotFound);
    MUST_FAIL(store().readFile(tom, file.id, -1), StoreError::NotFound);
}

void FileSuite::appendsOfAnySize_giveTheSameBytes()
{
    const UserId tom = makeUser("tom");
    std::mt19937 random(6);
    constexpr auto least = static_cast<std::size_t>(limits::kLeastFileChunk);
    for (int round = 0; round < 12; ++round) {
        const std::size_t size = std::uniform_int_distribution<std::size_t>(1, 1'500'000)(random);
        const std::string bytes = crypto::randomBytes(size);
        // From the smallest to whole chunks: rounds differ in what their appends look like.
        const int most = round % 3 == 0 ? 5'000 : round % 3 == 1 ? 200'000 : static_cast<int>(limits::kMaxFileChunk);
        MUST(file, store().createFile(announcement(tom, bytes)));
        std::size_t at = 0;
        int appends = 0;
        while (at < size && ++appends < 300) {
            const auto part = std::uniform_int_distribution<std::size_t>(least, static_cast<std::size_t>(most))(random);
            MUST(taken, store().appendFile(tom, file.id, static_cast<std::int64_t>(at), bytes.substr(at, part)));
            at = std::min(at + part, size);
            QCOMPARE(taken.offset, static_cast<std::int64_t>(at));
        }
        while (at < size) {
            MUST_DO(store().appendFile(tom, file.id, static_cast<std::int64_t>(at),
                                       bytes.substr(at, static_cast<std::size_t>(limits::kMaxFileChunk))));
            at = std::min(at + static_cast<std::size_t>(limits::kMaxFileChunk), size);
        }
        QVERIFY(download(tom, file.id) == bytes);
        const auto from = std::uniform_int_distribution<std::size_t>(0, size - 1)(random);
        QVERIFY(download(tom, file.id, static_cast<std::int64_t>(from)) == bytes.substr(from));
    }
}

void FileSuite::restart_losesNothingThatWasTaken()
{
    const UserId tom = makeUser("tom");
    const std::string bytes = crypto::randomBytes(900'001); // no whole block of the hash
    MUST(file, store().createFile(announcement(tom, bytes)));
    MUST_DO(store().appendFile(tom, file.id, 0, bytes.substr(0, 300'007)));
    reopen();
    MUST(state, store().file(tom, file.id));
    QCOMPARE(state.offset, 300'007);
    MUST_DO(store().appendFile(tom, file.id, 300'007, bytes.substr(300'007, 300'000)));
    reopen();
    MUST(done, store().appendFile(tom, file.id, 600'007, bytes.substr(600'007)));
    IS_OUTCOME(done, Complete);
    reopen();
    QVERIFY(download(tom, file.id) == bytes);
    MUST(complete, store().file(tom, file.id));
    QVERIFY(complete.complete);
    QCOMPARE(complete.keptSha256, crypto::sha256(bytes));
    QCOMPARE(complete.keptSize, 900'001);
    QCOMPARE(complete.offset, 900'001);
}

void FileSuite::wrongOffsetOrTooMuch_takesNothing()
{
    const UserId tom = makeUser("tom");
    const std::string bytes = crypto::randomBytes(10'000);
    NewFile wanted = announcement(tom, bytes);
    wanted.chunk = 6000;
    MUST(file, store().createFile(wanted));
    const auto refused = [&](std::int64_t offset, std::size_t size, Outcome outcome) {
        const auto done = store().appendFile(tom, file.id, offset, std::string(size, 'x'));
        return done && done->outcome == outcome && done->offset == 0;
    };
    QVERIFY(refused(1, 10, Outcome::WrongOffset));
    QVERIFY(refused(-1, 10, Outcome::WrongOffset));
    QVERIFY(refused(kMaxWireInteger, 10, Outcome::WrongOffset));
    QVERIFY(refused(0, 6001, Outcome::TooMuch));
    QVERIFY(refused(0, 10'001, Outcome::TooMuch));
    MUST(nothing, store().appendFile(tom, file.id, 0, ""));
    IS_OUTCOME(nothing, Taken);
    MUST_DO(store().appendFile(tom, file.id, 0, bytes.substr(0, 6000)));
    MUST(rest, store().appendFile(tom, file.id, 6000, bytes.substr(6000) + "x"));
    IS_OUTCOME(rest, TooMuch);
    QCOMPARE(rest.offset, 6000);
    MUST(done, store().appendFile(tom, file.id, 6000, bytes.substr(6000)));
    IS_OUTCOME(done, Complete);
    MUST(late, store().appendFile(tom, file.id, 6000, bytes.substr(6000))); // its answer was lost
    IS_OUTCOME(late, WrongOffset);
    QCOMPARE(late.offset, 10'000);
    MUST(empty, store().appendFile(tom, file.id, 10'000, ""));
    IS_OUTCOME(empty, Complete);
    QCOMPARE(download(tom, file.id), bytes);
}

void FileSuite::otherBytesThanAnnounced_beginAgain()
{
    const UserId tom = makeUser("tom");
    const std::string bytes = crypto::randomBytes(500'000);
    MUST(file, store().createFile(announcement(tom, bytes)));
    std::string other = bytes;
    other[250'000] = static_cast<char>(other[250'000] ^ 1);
    MUST_DO(store().appendFile(tom, file.id, 0, other.substr(0, 400'000)));
    MUST(wrong, store().appendFile(tom, file.id, 400'000, other.substr(400'000)));
    IS_OUTCOME(wrong, WrongHash);
    QCOMPARE(wrong.offset, 0);
    MUST(state, store().file(tom, file.id));
    QCOMPARE(state.offset, 0);
    QVERIFY(!state.complete);
    MUST_DO(store().appendFile(tom, file.id, 0, bytes.substr(0, 400'000)));
    MUST(right, store().appendFile(tom, file.id, 400'000, bytes.substr(400'000)));
    IS_OUTCOME(right, Complete);
    QVERIFY(download(tom, file.id) == bytes);
}

void FileSuite::sameBytesOfTwo_bothMustSendThem()
{
    const UserId tom = makeUser("tom"), lin = makeUser("lin");
    const std::string bytes = crypto::randomBytes(300'000);
    const FileId his = uploadFile(tom, bytes);
    MUST(hers, store().createFile(announcement(lin, bytes)));
    QVERIFY(hers.id != his);
    QCOMPARE(hers.offset, 0);
    MUST_FAIL(store().readFile(lin, hers.id, 0), StoreError::NotFound);
    MUST_DO(store().appendFile(lin, hers.id, 0, bytes));
    QVERIFY(download(lin, hers.id) == bytes);
    QVERIFY(download(tom, his) == bytes);
    const FileId again = uploadFile(tom, bytes);
    QVERIFY(again != his);
    QVERIFY(download(tom, again) == bytes);
}

void FileSuite::parallelAppendsAtOneOffset_oneIsTaken()
{
    const UserId tom = makeUser("tom");
    const std::string bytes = crypto::randomBytes(2'000'000);
    MUST(file, store().createFile(announcement(tom, bytes)));
    std::int64_t at = 0;
    while (at < 2'000'000) {
        constexpr int kAtOnce = 4;
        std::vector<std::future<StoreResult<FileAppended>>> answers;
        for (int i = 0; i < kAtOnce; ++i) {
            auto done = std::make_shared<std::promise<StoreResult<FileAppended>>>();
            answers.push_back(done->get_future());
            // Different lengths: what was planned for one must not end up behind another.
            store().async().appendFile(tom, file.id, at,
                                       bytes.substr(static_cast<std::size_t>(at), 300'000 + 70'000u * i),
                                       [done](auto result) { done->set_value(std::move(result)); });
        }
        for (auto &answer : answers) {
            QVERIFY(answer.wait_for(30s) == std::future_status::ready);
            QVERIFY(answer.get().has_value());
        }
        MUST(state, store().file(tom, file.id));
        QVERIFY(state.offset > at);
        at = state.offset;
    }
    QVERIFY(download(tom, file.id) == bytes);
}

void FileSuite::pictures_loseTheirMetadata()
{
    const UserId tom = makeUser("tom");
    const std::string bare = smallPng(1);
    const std::string told =
        smallPng(1, pngChunk("tEXt", "Tom at home" + std::string(9000, 'x')) + pngChunk("eXIf", "MM GPS"));
    const std::size_t half = told.size() / 2;
    MUST(file, store().createFile(announcement(tom, told, "image/png")));
    MUST_DO(store().appendFile(tom, file.id, 0, told.substr(0, half)));
    MUST(done, store().appendFile(tom, file.id, static_cast<std::int64_t>(half), told.substr(half)));
    IS_OUTCOME(done, Complete);
    QCOMPARE(done.offset, static_cast<std::int64_t>(told.size()));
    MUST(state, store().file(tom, file.id));
    QCOMPARE(state.size, static_cast<std::int64_t>(told.size()));
    QCOMPARE(state.offset, state.size);
    QCOMPARE(state.keptSize, static_cast<std::int64_t>(bare.size()));
    QCOMPARE(state.keptSha256, crypto::sha256(bare));
    QVERIFY(download(tom, file.id) == bare);
    const FileId text = uploadFile(tom, told, "application/octet-stream"); // not announced as a picture
    QVERIFY(download(tom, text) == told);
}

void FileSuite::falsePicture_isRefusedAndGone()
{
    const UserId tom = makeUser("tom");
    for (const char *mime : {"image/png", "image/jpeg"}) {
        const std::string bytes = "GIF89a is neither";
        MUST(file, store().createFile(announcement(tom, bytes, mime)));
        MUST(done, store().appendFile(tom, file.id, 0, bytes));
        IS_OUTCOME(done, NotAPicture);
        MUST_FAIL(store().file(tom, file.id), StoreError::NotFound);
    }
}

void FileSuite::avatar_mustBeAnOwnCompletePicture()
{
    const UserId tom = makeUser("tom"), lin = makeUser("lin");
    const ConversationId group = makeGroup(tom, {lin});
    MUST_DO(store().setRole(tom, group, lin, Role::Admin));
    const auto tries = [&](const UserId &user, const std::string &avatar) {
        const auto profile = store().updateProfile(user, {}, avatar);
        const auto asGroup = store().updateGroup(user, group, {{}, {}, avatar});
        const auto error = [](const auto &result) { return result ? -1 : static_cast<int>(result.error()); };
        return error(profile) == error(asGroup) ? error(profile) : -2;
    };
    const FileId his = makePicture(tom, 1), hers = makePicture(lin, 2);
    MUST(half, store().createFile(announcement(tom, smallPng(3), "image/png")));
    const FileId text = uploadFile(tom, "text");
    std::string large = smallPng(4, pngChunk("iCCP", std::string(limits::kMaxAvatarBytes, 'x')));
    const FileId tooLarge = uploadFile(tom, large, "image/png");
    const int noSuchFile = static_cast<int>(StoreError::NoSuchFile),
              notAnAvatar = static_cast<int>(StoreError::NotAnAvatar);
    QCOMPARE(tries(tom, "face"), noSuchFile);
    QCOMPARE(tries(tom, hers.str()), noSuchFile);
    QCOMPARE(tries(tom, half.id.str()), notAnAvatar);
    QCOMPARE(tries(tom, text.str()), notAnAvatar);
    QCOMPARE(tries(tom, tooLarge.str()), notAnAvatar);
    MUST(unchanged, store().user(tom));
    QCOMPARE(unchanged.avatar, std::string());
    QCOMPARE(tries(tom, his.str()), -1);
    // What another admin has set stays with the next change of something else.
    MUST_DO(store().updateGroup(lin, group, {"New", {}, his.str()}));
    MUST(head, store().head(lin, group));
    QCOMPARE(head.avatar, his.str());
    QCOMPARE(tries(tom, ""), -1);
    MUST(without, store().head(lin, group));
    QCOMPARE(without.avatar, std::string());
}

void FileSuite::avatarOfAUser_isReadByAll()
{
    const UserId tom = makeUser("tom"), lin = makeUser("lin");
    const FileId face = makePicture(tom, 7);
    QVERIFY(!isThere(lin, face));
    MUST_DO(store().updateProfile(tom, {}, face.str()));
    QCOMPARE(download(lin, face), smallPng(7));
    MUST_DO(store().updateProfile(tom, {}, makePicture(tom, 8).str()));
    QVERIFY(!isThere(lin, face));
    QVERIFY(isThere(tom, face));
    MUST_FAIL(store().readFile(lin, face, 0), StoreError::NotFound);
}

void FileSuite::avatarOfAGroup_isReadByItsMembers()
{
    const UserId tom = makeUser("tom"), lin = makeUser("lin"), maya = makeUser("maya"), stranger = makeUser("stranger");
    const ConversationId group = makeGroup(tom, {lin, maya});
    const FileId badge = makePicture(tom, 9);
    MUST_DO(store().updateGroup(tom, group, {{}, {}, badge.str()}));
    QCOMPARE(download(lin, badge), smallPng(9));
    QVERIFY(!isThere(stranger, badge));
    MUST_DO(store().removeMembers(lin, group, {lin})); // leaves
    QVERIFY(!isThere(lin, badge));
    MUST_FAIL(store().readFile(lin, badge, 0), StoreError::NotFound);
    MUST_DO(store().removeMembers(tom, group, {maya}));
    QVERIFY(!isThere(maya, badge));
    MUST_DO(store().addMembers(tom, group, {lin}));
    QVERIFY(isThere(lin, badge));
    MUST_DO(store().updateGroup(tom, group, {{}, {}, ""}));
    QVERIFY(!isThere(lin, badge));
}

void FileSuite::unusedFiles_goAfterADay()
{
    const UserId tom = makeUser("tom");
    const std::string bytes = crypto::randomBytes(300'000);
    MUST(half, store().createFile(announcement(tom, bytes)));
    const FileId whole = uploadFile(tom, "whole");
    clock.advance(20h);
    MUST_DO(store().appendFile(tom, half.id, 0, bytes.substr(0, 200'000)));
    clock.advance(5h);
    QCOMPARE(sweepAll(), 1); // the whole one: 25 h without a use
    QVERIFY(!isThere(tom, whole));
    QVERIFY(isThere(tom, half.id));
    clock.advance(20h); // 25 h after its append
    QCOMPARE(sweepAll(), 1);
    QVERIFY(!isThere(tom, half.id));
    MUST(fresh, store().createFile(announcement(tom, bytes)));
    QCOMPARE(fresh.offset, 0);
    QVERIFY(fresh.id != half.id);
}

void FileSuite::usedFiles_stayAndGoADayAfterTheirUseEnds()
{
    const UserId tom = makeUser("tom"), lin = makeUser("lin");
    const ConversationId group = makeGroup(tom, {lin});
    const FileId face = makePicture(tom, 1), badge = makePicture(tom, 2);
    MUST_DO(store().updateProfile(tom, {}, face.str()));
    MUST_DO(store().updateGroup(tom, group, {{}, {}, badge.str()}));
    for (int day = 0; day < 3; ++day) {
        clock.advance(25h);
        QCOMPARE(sweepAll(), 0);
    }
    QCOMPARE(download(lin, face), smallPng(1));
    QCOMPARE(download(lin, badge), smallPng(2));
    MUST_DO(store().updateProfile(tom, {}, ""));
    MUST_DO(store().updateGroup(tom, group, {{}, {}, ""}));
    clock.advance(23h);
    QCOMPARE(sweepAll(), 0);
    QVERIFY(isThere(tom, face));
    clock.advance(2h);
    QCOMPARE(sweepAll(), 2);
    QVERIFY(!isThere(tom, face) && !isThere(tom, badge));
}

void FileSuite::sharedBytes_stayWhileSomebodyHasThem()
{
    const UserId tom = makeUser("tom"), lin = makeUser("lin");
    const FileId his = makePicture(tom, 5), hers = makePicture(lin, 5);
    MUST_DO(store().updateProfile(lin, {}, hers.str()));
    clock.advance(25h);
    QCOMPARE(sweepAll(), 1);
    QVERIFY(!isThere(tom, his));
    QCOMPARE(download(tom, hers), smallPng(5));
    MUST_DO(store().updateProfile(lin, {}, ""));
    clock.advance(25h);
    QCOMPARE(sweepAll(), 1);
    const FileId again = makePicture(tom, 5); // the bytes were gone and are here again
    QCOMPARE(download(tom, again), smallPng(5));
}

void FileSuite::sweep_isDoneInSmallSteps()
{
    const UserId tom = makeUser("tom");
    uploadFile(tom, crypto::randomBytes(8 * 1024 * 1024));
    clock.advance(25h);
    int steps = 0;
    QCOMPARE(sweepAll(&steps), 1);
    QVERIFY2(steps >= 8, "a step removed more than a mebibyte");
    steps = 0;
    QCOMPARE(sweepAll(&steps), 0);
    QCOMPARE(steps, 1);
}

void FileSuite::tooManyUploadsOrBytes_areRefused()
{
    const UserId tom = makeUser("tom"), lin = makeUser("lin");
    std::vector<FileId> uploads;
    for (int i = 0; i < limits::kMaxUnfinishedUploads; ++i) {
        MUST(file, store().createFile(announcement(tom, "upload " + std::to_string(i))));
        uploads.push_back(file.id);
    }
    MUST_FAIL(store().createFile(announcement(tom, "one more")), StoreError::TooManyFiles);
    MUST(known, store().createFile(announcement(tom, "upload 3"))); // goes on
    QVERIFY(known.id == uploads[3]);
    MUST_DO(store().appendFile(tom, uploads[0], 0, "upload 0"));
    MUST_DO(store().createFile(announcement(tom, "one more")));

    NewFile large = announcement(lin, "x");
    large.size = limits::kMaxFileBytes;
    for (const char *hash : {"a", "b"}) {
        large.sha256 = crypto::sha256(hash);
        MUST_DO(store().createFile(large));
    }
    large.sha256 = crypto::sha256("c");
    MUST_FAIL(store().createFile(large), StoreError::TooManyFiles); // 300 of 256 MiB
    clock.advance(25h);
    sweepAll();
    MUST_DO(store().createFile(large));
}

void FileSuite::smallPieces_areRefusedButForTheLast()
{
    const UserId tom = makeUser("tom");
    const std::string bytes = crypto::randomBytes(5000);
    MUST(file, store().createFile(announcement(tom, bytes)));
    MUST(small, store().appendFile(tom, file.id, 0, bytes.substr(0, 4095)));
    IS_OUTCOME(small, TooLittle);
    QCOMPARE(small.offset, 0);
    MUST(enough, store().appendFile(tom, file.id, 0, bytes.substr(0, 4096)));
    IS_OUTCOME(enough, Taken);
    MUST(rest, store().appendFile(tom, file.id, 4096, bytes.substr(4096)));
    IS_OUTCOME(rest, Complete);
    QCOMPARE(download(tom, file.id), bytes);
}

void FileSuite::wrongHashes_fillTheQuotaAndNotTheDisk()
{
    const UserId tom = makeUser("tom");
    const std::int64_t rooms = limits::kMaxUnusedFileBytes / limits::kLeastFileWeight;
    const std::string bytes = crypto::randomBytes(8192);
    std::int64_t stored = 0; // first halves; each stands for a mebibyte
    bool full = false;
    for (int round = 0; round < 4 * rooms && !full; ++round) {
        NewFile lie = announcement(tom, bytes);
        lie.sha256 = crypto::sha256(std::to_string(round));
        const auto file = store().createFile(lie);
        full = !file;
        if (full)
            QVERIFY(file.error() == StoreError::TooManyFiles);
        for (int again = 0; !full && again <= limits::kMaxWrongHashes; ++again) {
            const auto first = store().appendFile(tom, file->id, 0, bytes.substr(0, 4096));
            if (!first) // gone: announce the next one
                break;
            ++stored;
            MUST(wrong, store().appendFile(tom, file->id, 4096, bytes.substr(4096)));
            IS_OUTCOME(wrong, WrongHash);
        }
    }
    QVERIFY2(full, "it went on for ever");
    QVERIFY2(stored <= rooms, std::to_string(stored).c_str());
    QVERIFY(sweepAll() >= 0);
    MUST_DO(store().createFile(announcement(tom, bytes)));
}

void FileSuite::thirdWrongHash_endsTheUpload()
{
    const UserId tom = makeUser("tom");
    const std::string bytes = "the announced", other = "the other one";
    MUST(file, store().createFile(announcement(tom, bytes)));
    for (int i = 0; i < limits::kMaxWrongHashes; ++i) {
        QVERIFY(isThere(tom, file.id));
        MUST(wrong, store().appendFile(tom, file.id, 0, other));
        IS_OUTCOME(wrong, WrongHash);
    }
    MUST_FAIL(store().appendFile(tom, file.id, 0, bytes), StoreError::NotFound);
    MUST(again, store().createFile(announcement(tom, bytes)));
    QVERIFY(again.id != file.id);
}

/// Both are planned at one offset; whichever is written first, bytes that were taken stay.
void FileSuite::staleRestart_takesNothingAway()
{
    const UserId tom = makeUser("tom");
    int taken = 0;
    for (int round = 0; round < 100; ++round) {
        const std::string bytes = crypto::randomBytes(300'000);
        const std::string mime = round % 2 == 0 ? "text/plain" : "image/png"; // restarted, or thrown away
        std::string wrong = bytes;
        if (round % 2 == 0)
            wrong[0] = static_cast<char>(wrong[0] ^ 1);
        MUST(file, store().createFile(announcement(tom, bytes, mime)));
        std::promise<StoreResult<FileAppended>> part, whole;
        store().async().appendFile(tom, file.id, 0, bytes.substr(0, 100'000),
                                   [&](auto result) { part.set_value(std::move(result)); });
        store().async().appendFile(tom, file.id, 0, wrong, [&](auto result) { whole.set_value(std::move(result)); });
        const auto first = part.get_future().get(), second = whole.get_future().get();
        if (!first || first->outcome != Outcome::Taken)
            continue;
        ++taken;
        const auto state = store().file(tom, file.id);
        QVERIFY2(state && state->offset == first->offset, "what was taken is gone");
        MUST_DO(second);
        clock.advance(25h);
        QVERIFY(sweepAll() >= 0);
    }
    QVERIFY(taken > 0);
}

void FileSuite::expiredUploads_goAlthoughDroppedOnesWait()
{
    const UserId tom = makeUser("tom"), lin = makeUser("lin");
    MUST(half, store().createFile(announcement(lin, crypto::randomBytes(10'000))));
    clock.advance(25h);
    const std::string bytes = crypto::randomBytes(5 * 1024 * 1024);
    NewFile lie = announcement(tom, bytes);
    lie.sha256 = crypto::sha256("other");
    MUST(file, store().createFile(lie));
    for (std::size_t at = 0; at < bytes.size(); at += 1024 * 1024)
        MUST_DO(store().appendFile(tom, file.id, static_cast<std::int64_t>(at), bytes.substr(at, 1024 * 1024)));
    MUST(step, store().sweepFiles());
    QCOMPARE(step.files, 1);
    QVERIFY(step.more);
    QVERIFY(!isThere(lin, half.id));
}

void FileSuite::emptyGroups_keepNoAvatar()
{
    const UserId tom = makeUser("tom"), lin = makeUser("lin");
    const FileId badge = makePicture(tom, 1);
    const ConversationId group = makeGroup(tom, {lin});
    MUST_DO(store().updateGroup(tom, group, {{}, {}, badge.str()}));
    MUST_DO(store().removeMembers(tom, group, {tom}));
    clock.advance(25h);
    QCOMPARE(sweepAll(), 0); // lin sees it
    QVERIFY(isThere(lin, badge));
    MUST_DO(store().removeMembers(lin, group, {lin}));
    clock.advance(23h);
    QCOMPARE(sweepAll(), 0);
    clock.advance(2h);
    QCOMPARE(sweepAll(), 1);
    QVERIFY(!isThere(tom, badge));
}

void FileSuite::filesInUse_areBoundedToo()
{
    const UserId tom = makeUser("tom");
    for (std::int64_t i = 0; i < limits::kMaxOwnFiles; ++i) {
        const FileId badge = makePicture(tom, static_cast<std::uint8_t>(i));
        QVERIFY(!badge.str().empty());
        MUST_DO(store().updateGroup(tom, makeGroup(tom, {}), {{}, {}, badge.str()}));
    }
    MUST_FAIL(store().createFile(announcement(tom, "one more")), StoreError::TooManyFiles);
    MUST_DO(store().createFile(announcement(makeUser("lin"), "one more")));
}

} // namespace kith::server::test
