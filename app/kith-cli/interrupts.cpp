// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/kith-cli/interrupts.h"

#include <QSocketNotifier>

#include <csignal>

#if defined(__unix__) || defined(__APPLE__)
#include <unistd.h>
#endif

namespace kith::cli {

#if defined(__unix__) || defined(__APPLE__)

namespace {

int g_pipe[2] = {-1, -1};

void tell(int signal)
{
    std::signal(signal, SIG_DFL);
    const char byte = 1;
    [[maybe_unused]] const auto written = ::write(g_pipe[1], &byte, 1);
}

} // namespace

void onInterrupt(QObject *context, std::function<void()> told)
{
    if (::pipe(g_pipe) != 0)
        return;
    auto *notifier = new QSocketNotifier(g_pipe[0], QSocketNotifier::Read, context);
    QObject::connect(notifier, &QSocketNotifier::activated, context, [told = std::move(told), notifier] {
        notifier->setEnabled(false);
        told();
    });
    std::signal(SIGINT, tell);
    std::signal(SIGTERM, tell);
}

#else

void onInterrupt(QObject *, std::function<void()>)
{
    // The console ends the process: every page that was stored is stored whole.
}

#endif

} // namespace kith::cli
