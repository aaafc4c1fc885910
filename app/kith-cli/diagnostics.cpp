// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/diagnostics/diagnostics.h"

#include "app/kith-cli/wire.h"

namespace kith::cli {

QCoro::Task<Exit> runDiagnostics(Console &console)
{
    if (!console.arguments.offline && console.core.isLoggedIn()) {
        auto reaching = console.catchUp();
        if (auto reached = co_await reaching; !reached)
            console.output.error(reached.error());
    }
    auto task = diagnostics::exportTo(console.core, console.arguments.file, {});
    auto done = co_await task;
    co_return done ? Exit::Done : console.fail(done.error());
}

} // namespace kith::cli
