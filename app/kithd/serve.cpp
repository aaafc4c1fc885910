// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/kithd/serve.h"

#include "app/kithd/environment.h"
#include "app/kithd/notify.h"
#include "core/base/logging.h"
#include "core/crypto/crypto.h"
#include "server/gateway/gateway.h"
#include "server/logic/services.h"
#include "server/ops/metrics.h"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <iostream>
#include <thread>
#include <unistd.h>

namespace kith::server {
namespace {

constexpr auto kDrainPatience = std::chrono::seconds(12);
constexpr int kExitWithinSeconds = 28; // of the 30 that DESIGN §6 allows

int fail(const std::string &what)
{
    log(LogLevel::Error, logging::kOps, what);
    return kFailed;
}

LogicSettings logicSettings(const Config &config)
{
    LogicSettings settings;
    switch (config.registration) {
    case RegistrationMode::Open:
        settings.registration = Registration::Open;
        break;
    case RegistrationMode::Invite:
        settings.registration = Registration::Invite;
        break;
    case RegistrationMode::Closed:
        settings.registration = Registration::Closed;
        break;
    }
    settings.passwordCost.operations = static_cast<unsigned long long>(config.passwordOperations);
    settings.passwordCost.memoryBytes = static_cast<std::size_t>(config.passwordMemoryKib) * 1024;
    settings.passwordThreads = static_cast<std::size_t>(config.passwordThreads);
    settings.passwordQueue = static_cast<std::size_t>(config.passwordQueue);
    settings.loginFailuresPerMinute = static_cast<int>(config.loginFailuresPerMinute);
    settings.registrationsPerMinute = static_cast<int>(config.registrationsPerMinute);
    settings.sendsPerSecond = static_cast<int>(config.sendsPerSecond);
    settings.maxFileBytes = config.maxFileBytes;
    settings.accessToken = std::chrono::seconds(config.accessTokenSeconds);
    settings.issuer = config.issuer;
    return settings;
}

Expected<GatewaySettings, std::string> gatewaySettings(const Config &config)
{
    GatewaySettings settings;
    KITH_TRY_VALUE(listen, parseHostPort(config.listen));
    settings.host = listen.host;
    settings.port = listen.port;
    if (config.opsListen.empty()) {
        settings.opsHost = "127.0.0.1";
        settings.opsPort = listen.port == 0 ? std::uint16_t{0} : static_cast<std::uint16_t>(listen.port + 1);
    } else if (config.opsListen != "off") {
        KITH_TRY_VALUE(ops, parseHostPort(config.opsListen));
        settings.opsHost = ops.host;
        settings.opsPort = ops.port;
    }
    settings.tlsCertificate = config.tlsCertificate;
    settings.tlsKey = config.tlsKey;
    settings.insecure = config.insecure;
    settings.threads = config.threads > 0 ? static_cast<std::size_t>(config.threads)
                                          : std::max<std::size_t>(1, std::thread::hardware_concurrency());
    settings.origins = config.origins;
    settings.queueBytes = static_cast<std::size_t>(config.queueBytes);
    settings.loginDeadline = config.loginDeadline;
    settings.silence = config.heartbeatSilence;
    settings.httpHeader = config.httpHeaderTimeout;
    settings.httpIdle = config.httpIdleTimeout;
    settings.slowReader = config.slowReader;
    settings.drainSpread = config.drainSpread;
    return settings;
}

/// By rename: a reader sees the whole file or none.
bool writeReadyFile(const std::string &path, const Endpoints &endpoints)
{
    const std::string text = "{\"listen\":\"" + endpoints.listen + "\",\"ops\":\"" + endpoints.ops +
                             "\",\"pid\":" + std::to_string(::getpid()) + "}\n";
    const std::string draft = path + ".new";
    const int file = ::open(draft.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    if (file < 0)
        return false;
    const bool written = ::write(file, text.data(), text.size()) == static_cast<ssize_t>(text.size());
    return ::close(file) == 0 && written && ::rename(draft.c_str(), path.c_str()) == 0;
}

sigset_t stopSignals()
{
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGINT);
    return signals;
}

/// A second signal, or a drain that hangs, ends the process. Commits are durable by themselves: nothing accepted is
/// lost.
void endFastOnSecondSignal()
{
    std::thread([] {
        const sigset_t signals = stopSignals();
        const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(kExitWithinSeconds);
        int got = -1;
        // Whoever stops and continues the process (a debugger, a frozen container) interrupts the wait.
        do {
            const auto left =
                std::max(std::chrono::nanoseconds(0), std::chrono::nanoseconds(end - std::chrono::steady_clock::now()));
            const timespec patience{static_cast<time_t>(left / std::chrono::seconds(1)),
                                    static_cast<long>((left % std::chrono::seconds(1)).count())};
            got = ::sigtimedwait(&signals, nullptr, &patience);
        } while (got < 0 && errno == EINTR);
        std::fputs(got > 0 ? "kithd: second signal\n" : "kithd: the drain took too long\n", stderr);
        ::_exit(kFailed);
    }).detach();
}

} // namespace

int serve(const Config &config)
{
    // Before the first thread, so that every thread inherits the mask and the signals wait for sigwait below.
    const sigset_t signals = stopSignals();
    ::pthread_sigmask(SIG_BLOCK, &signals, nullptr);
    hardenProcess();
    startLogging(config.logLevel);

    auto settings = gatewaySettings(config);
    if (!settings) {
        std::cerr << "kithd: " << settings.error() << '\n';
        return kUsage;
    }
    auto key = loadKey(config);
    if (!key)
        return fail(key.error());

    // Destroyed from the last to the first: connections and their sessions are gone before the services, those before
    // the store, and the gateway's threads outlive both, because services post to them.
    const SystemClock clock;
    Metrics metrics;
    Gateway gateway(*settings, metrics);
    auto store = openStore(config, *key, clock);
    if (!store)
        return fail(store.error());
    Services services(logicSettings(config), **store, gateway, clock, metrics, *key);
    auto endpoints = gateway.start(services);
    if (!endpoints)
        return fail(endpoints.error().detail);
    if (!config.readyFile.empty() && !writeReadyFile(config.readyFile, *endpoints)) {
        gateway.stop();
        return fail(config.readyFile + ": " + std::strerror(errno));
    }
    log(LogLevel::Info, logging::kOps, "serving",
        {{"listen", endpoints->listen},
         {"ops", endpoints->ops},
         {"version", KITH_VERSION},
         {"threads", gateway.count()}});
    notifyManager("READY=1");

    int signal = 0;
    ::sigwait(&signals, &signal);
    endFastOnSecondSignal();
    notifyManager("STOPPING=1");
    log(LogLevel::Info, logging::kOps, "stopping", {{"signal", signal}});
    services.drain();
    gateway.drain(kDrainPatience);
    gateway.stop();
    (*store)->close();
    if (!config.readyFile.empty())
        ::unlink(config.readyFile.c_str());
    log(LogLevel::Info, logging::kOps, "stopped");
    return kDone;
}

} // namespace kith::server
