// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/logic/one_by_one.h"

#include <atomic>
#include <memory>
#include <utility>

namespace kith::server {
namespace {

struct Run final : std::enable_shared_from_this<Run> {
    std::size_t count = 0, index = 0;
    std::function<void(std::size_t, std::function<void()>)> step;
    std::function<void()> done;

    void go()
    {
        while (index < count) {
            // Whoever comes second, the answer or the return of the call, goes on: so the stack stays flat.
            const auto met = std::make_shared<std::atomic<bool>>(false);
            step(index++, [self = shared_from_this(), met] {
                if (met->exchange(true))
                    self->go();
            });
            if (!met->exchange(true))
                return;
        }
        if (const auto last = std::exchange(done, nullptr))
            last();
    }
};

} // namespace

void oneByOne(std::size_t count, std::function<void(std::size_t, std::function<void()>)> step,
              std::function<void()> done)
{
    const auto run = std::make_shared<Run>();
    run->count = count;
    run->step = std::move(step);
    run->done = std::move(done);
    run->go();
}

} // namespace kith::server
