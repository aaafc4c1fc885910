// SPDX-License-Identifier: GPL-3.0-or-later
// An export under way, seen and steered by whoever asked for it. On the client's thread.
#pragma once

#include "core/export/types.h"

#include <functional>
#include <memory>

namespace kith::exporting {
class Job;
}

namespace kith::client {

struct ExportControl {
    std::function<void(const exporting::Progress &)> progressed; // at most some 10 times a second

    /// The answer is then Cancelled, unless the file was whole already.
    void cancel();

    bool cancelled = false;
    std::shared_ptr<exporting::Job> job; // while it runs
};

} // namespace kith::client
