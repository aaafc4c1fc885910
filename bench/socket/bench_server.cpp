// SPDX-License-Identifier: GPL-3.0-or-later
#include "bench/socket/bench_server.h"

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <netinet/in.h>
#include <sstream>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

namespace kith::bench {

void give_up(const std::string &why)
{
    std::fprintf(stderr, "bench: %s\n", why.c_str());
    std::exit(1);
}

namespace {

/// Below the ports that connections get by themselves: one of those that call while nobody listens would get the
/// server's own port now and then, meet itself, and keep it.
std::string freeEndpoint()
{
    constexpr int kFirst = 20'000, kCount = 10'000;
    static int next = ::getpid(); // the next call must not get the same one
    for (int i = 0; i < kCount; ++i) {
        const int port = kFirst + next++ % kCount;
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(static_cast<std::uint16_t>(port));
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        const int probe = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        const bool free = ::bind(probe, reinterpret_cast<const sockaddr *>(&address), sizeof address) == 0;
        ::close(probe);
        if (free)
            return "127.0.0.1:" + std::to_string(port);
    }
    give_up("no free port");
}

} // namespace

const char *BenchServer::wideSettings()
{
    return "[accounts]\npassword_operations = 1\npassword_memory_kib = 8\npassword_queue = 1000\n"
           "registrations_per_minute = 1000000\n[messages]\nsends_per_second = 10000000\n"
           "[gateway]\nheartbeat_silence_ms = 600000\nlogin_deadline_ms = 600000\nqueue_bytes = 16777216\n";
}

BenchServer::BenchServer(const std::string &settings)
{
    char folder[] = "/tmp/kith-bench-XXXXXX";
    if (!::mkdtemp(folder))
        give_up("no temporary folder");
    m_folder = folder;
    std::ofstream(m_folder + "/kithd.toml") << settings;
    m_listen = m_reached = freeEndpoint();
    start();
}

void BenchServer::start(Door door)
{
    const char *binary = std::getenv("KITHD");
    if (!binary)
        give_up("set KITHD to the kithd binary (./dev bench does)");
    const std::string ready = m_folder + "/ready.json", log = m_folder + "/log", config = m_folder + "/kithd.toml",
                      data = m_folder + "/data", listen = door == Door::Back ? freeEndpoint() : m_listen;
    std::error_code ignored;
    std::filesystem::remove(ready, ignored);
    m_pid = ::fork();
    if (m_pid == 0) {
        ::prctl(PR_SET_PDEATHSIG, SIGKILL); // a bench that gives up leaves no server behind
        ::dup2(::open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600), 2);
        ::execl(binary, binary, "serve", "--config", config.c_str(), "--data", data.c_str(), "--listen", listen.c_str(),
                "--insecure", "--ready-file", ready.c_str(), static_cast<char *>(nullptr));
        ::_exit(127);
    }
    std::string address;
    for (int i = 0; i < 5000 && address.empty(); ++i) {
        std::this_thread::sleep_for(std::chrono::milliseconds(2));
        std::ifstream file(ready);
        const std::string text{std::istreambuf_iterator<char>(file), {}};
        address = test::jsonString(text, "listen");
        if (::waitpid(m_pid, nullptr, WNOHANG) == m_pid)
            give_up("kithd did not start, see " + log);
    }
    if (address.empty())
        give_up("kithd did not get ready, see " + log);
    m_reached = address;
}

void BenchServer::kill()
{
    if (m_pid <= 0)
        return;
    ::kill(m_pid, SIGKILL);
    ::waitpid(m_pid, nullptr, 0);
    m_pid = -1;
}

BenchServer::~BenchServer()
{
    kill();
    std::error_code ignored;
    std::filesystem::remove_all(m_folder, ignored);
}

BenchServer::Account BenchServer::account(const std::string &name) const
{
    const std::string names = R"({"username":")" + name + R"(","password":"a long enough passphrase",)";
    test::httpCall(m_reached, "POST", "/v1/register", names + R"("display_name":")" + name + "\"}");
    // A device each: logins that run side by side on one device are counted as guesses.
    char device[40];
    std::snprintf(device, sizeof device, "6f1ed002-ab5a-4d3c-9f52-%012zx",
                  std::hash<std::string>{}(name)&0xffff'ffff'ffff);
    const auto answer =
        test::httpCall(m_reached, "POST", "/v1/login",
                       names + R"("device":{"id":")" + device + R"(","name":"bench","platform":"cli"}})");
    const auto user = answer.body.find("\"user\"");
    if (answer.status != 200 || user == std::string::npos)
        give_up("login of " + name + " was answered " + std::to_string(answer.status) + " " + answer.body);
    return {test::jsonString(std::string_view(answer.body).substr(user), "id"),
            test::jsonString(answer.body, "access_token")};
}

test::RawClient BenchServer::socket(const Account &account, const std::string &source) const
{
    test::RawClient client;
    if (!client.connect(m_reached, false, source) || client.upgrade().find(" 101") == std::string::npos)
        give_up("no socket");
    client.sendText(R"({"op":"login","id":"l","d":{"token":")" + account.token + "\"}}");
    if (client.receive().payload.find("hello") == std::string::npos)
        give_up("no hello");
    return client;
}

long long residentBytes(pid_t pid)
{
    std::ifstream file("/proc/" + std::to_string(pid) + "/statm");
    long long total = 0;
    long long resident = 0;
    file >> total >> resident;
    return resident * ::sysconf(_SC_PAGESIZE);
}

double cpuSeconds(pid_t pid)
{
    std::ifstream file("/proc/" + std::to_string(pid) + "/stat");
    const std::string text{std::istreambuf_iterator<char>(file), {}};
    std::istringstream fields(text.substr(std::min(text.rfind(')') + 1, text.size())));
    std::string skipped;
    for (int i = 0; i < 11; ++i) // state … cmajflt: utime and stime are fields 14 and 15 of the line
        fields >> skipped;
    double user = 0, kernel = 0;
    fields >> user >> kernel;
    return (user + kernel) / static_cast<double>(::sysconf(_SC_CLK_TCK));
}

void raiseDescriptorLimit()
{
    rlimit files{};
    ::getrlimit(RLIMIT_NOFILE, &files);
    files.rlim_cur = files.rlim_max;
    ::setrlimit(RLIMIT_NOFILE, &files);
}

double secondsSince(SteadyClock::time_point start)
{
    return std::chrono::duration<double>(SteadyClock::now() - start).count();
}

double percentile(std::vector<double> &values, double part)
{
    std::sort(values.begin(), values.end());
    return values.empty() ? 0
                          : values[std::min(values.size() - 1,
                                            static_cast<std::size_t>(part * static_cast<double>(values.size())))];
}

std::string uuidOf(int number)
{
    char text[40];
    std::snprintf(text, sizeof text, "00000000-0000-4000-8000-%012d", number);
    return text;
}

Sink::Sink(std::string marker) : m_marker(std::move(marker)), m_epoll(::epoll_create1(EPOLL_CLOEXEC)) {}
Sink::~Sink()
{
    ::close(m_epoll);
}

void Sink::add(int descriptor)
{
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.u64 = m_peers.size();
    ::epoll_ctl(m_epoll, EPOLL_CTL_ADD, descriptor, &event);
    m_peers.push_back({descriptor, {}, false});
}

double Sink::run(double timeout)
{
    const auto start = SteadyClock::now();
    std::size_t left = m_peers.size();
    std::vector<char> buffer(256 * 1024);
    std::vector<epoll_event> events(1024);
    constexpr std::size_t kTail = 1024; // the marker lies in the last envelope
    while (left > 0 && secondsSince(start) < timeout) {
        const int ready = ::epoll_wait(m_epoll, events.data(), static_cast<int>(events.size()), 100);
        for (int i = 0; i < ready; ++i) {
            Peer &peer = m_peers[events[static_cast<std::size_t>(i)].data.u64];
            const ssize_t count = ::recv(peer.descriptor, buffer.data(), buffer.size(), MSG_DONTWAIT);
            if (count <= 0) {
                if (count == 0)
                    give_up("a connection was closed under load");
                continue;
            }
            m_bytes += count;
            const auto size = static_cast<std::size_t>(count);
            const std::size_t last = std::min(size, kTail);
            peer.tail.append(buffer.data() + size - last, last);
            if (!peer.done && peer.tail.find(m_marker) != std::string::npos) {
                peer.done = true;
                --left;
            }
            if (peer.tail.size() > kTail)
                peer.tail.erase(0, peer.tail.size() - kTail);
        }
    }
    return left == 0 ? secondsSince(start) : -1;
}

} // namespace kith::bench
