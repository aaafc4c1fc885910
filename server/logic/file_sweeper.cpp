// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/logic/file_sweeper.h"

#include "core/base/logging.h"
#include "server/ops/log.h"
#include "server/ops/metrics.h"

namespace kith::server {

FileSweeper::FileSweeper(Store &store, Metrics &metrics) : m_store(store), m_metrics(metrics) {}

void FileSweeper::tick()
{
    const bool look = ++m_ticks % kLookEvery == 0;
    if ((!look && !m_state->more) || m_state->asked.exchange(true))
        return;
    step(m_store, m_metrics, m_state);
}

void FileSweeper::step(Store &store, Metrics &metrics, const std::shared_ptr<State> &state)
{
    // Metrics outlive the store, which answers before it closes, and refuses the next step then.
    store.sweepFiles([&store, &metrics, state](StoreResult<FilesSwept> swept) {
        if (swept && swept->files > 0) {
            metrics.filesRemoved(swept->files);
            log(LogLevel::Info, logging::kLogic, "unused files removed", {{"files", swept->files}});
        }
        if (swept && swept->atOnce)
            return step(store, metrics, state);
        state->more = swept && swept->more; // after a failure: at the next look
        state->asked = false;
    });
}

} // namespace kith::server
