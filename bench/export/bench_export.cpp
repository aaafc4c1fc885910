// SPDX-License-Identifier: GPL-3.0-or-later
// A conversation of many messages into a file of each format: time, size, and the peak of memory of a process that does
// nothing else (the history's page cache of 64 MB is in it).
//   bench_export [messages, default 1000000]
#include "core/export/job.h"

#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>

using namespace kith;
using exporting::Format;
using exporting::Job;

namespace {

const ConversationId kGroup("g:1");

template <class R>
auto must(R result)
{
    if (!result) {
        std::fprintf(stderr, "bench_export: %s\n", result.error().detail.c_str());
        std::exit(1);
    }
    if constexpr (!std::is_void_v<typename R::value_type>)
        return std::move(*result);
}

double secondsSince(std::chrono::steady_clock::time_point begin)
{
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

void fill(history::HistoryStore &store, std::int64_t count)
{
    std::vector<User> people;
    for (int i = 1; i <= 50; ++i)
        people.push_back({UserId(std::to_string(i)), "user" + std::to_string(i), "User " + std::to_string(i), {}, {}});
    must(store.putUsers(people));
    for (std::int64_t top = count; top > 0; top -= 1000) {
        PageQuery query;
        query.conversation = kGroup;
        query.before = Seq(top + 1);
        Page page{{}, Seq(count), Rev(count), Seq(1)};
        for (std::int64_t seq = top; seq > std::max<std::int64_t>(0, top - 1000); --seq) {
            Message one;
            one.seq = Seq(seq);
            one.id = MessageId("m" + std::to_string(seq));
            one.sender = UserId(std::to_string(1 + seq % 50));
            one.body = seq % 2 == 0
                           ? "the river meeting is at nine, bring bread & a draft of no. " + std::to_string(seq)
                           : "明天早上九点在河边见面，请带上面包和草稿 " + std::to_string(seq);
            if (seq % 10 == 0)
                one.replyTo = Seq(seq - 7);
            one.createdAt = fromUnixMs(1'500'000'000'000 + seq * 60'000);
            page.messages.push_back(std::move(one));
        }
        must(store.applyPage(query, page));
    }
}

void run(const std::string &folder, const crypto::Secret &key, Format format, const char *name)
{
    auto store = must(history::HistoryStore::open(folder + "/history.db", key));
    exporting::Request request;
    request.conversation = kGroup;
    request.format = format;
    request.path = folder + "/out";
    request.replace = true;
    const auto begin = std::chrono::steady_clock::now();
    Job job(request, fromUnixMs(1'800'000'000'000));
    while (!must(job.count(store))) {
    }
    must(job.open());
    double longest = 0;
    for (bool last = false; !last;) {
        const auto reading = std::chrono::steady_clock::now();
        const auto piece = must(job.read(store));
        longest = std::max(longest, secondsSince(reading));
        last = piece.last;
        must(job.write(piece));
    }
    const auto written = secondsSince(begin);
    const auto done = must(job.finish());
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    std::printf("%-5s %9lld messages  %7.1f MB  %6.2f s, of these %5.2f s for the disk  longest read %6.2f ms  "
                "peak %ld MB\n",
                name, static_cast<long long>(done.messages), static_cast<double>(done.bytes) / 1e6, secondsSince(begin),
                secondsSince(begin) - written, longest * 1000, usage.ru_maxrss / 1024);
    std::fflush(stdout);
}

} // namespace

int main(int argc, char **argv)
{
    const std::int64_t count = argc > 1 ? std::atoll(argv[1]) : 1'000'000;
    std::string folder = (std::filesystem::temp_directory_path() / "bench_export-XXXXXX").string();
    if (!mkdtemp(folder.data()))
        return 1;
    const auto key = crypto::Secret::random(32);
    const auto apart = [](const auto &work) { // a process each: peaks of memory never sink
        const auto child = fork();
        if (child == 0) {
            work();
            std::_Exit(0);
        }
        int status = 1;
        waitpid(child, &status, 0);
        return status == 0;
    };
    bool fine = apart([&] {
        fill(*std::make_unique<history::HistoryStore>(must(history::HistoryStore::open(folder + "/history.db", key))),
             count);
    });
    for (const auto &[format, name] : {std::pair(Format::Json, "json"), {Format::Html, "html"}, {Format::Text, "txt"}})
        fine = fine && apart([&, which = format, what = name] { run(folder, key, which, what); });
    std::filesystem::remove_all(folder);
    return fine ? 0 : 1;
}
