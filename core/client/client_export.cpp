// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/client/client_impl.h"

#include "core/client/errors.h"
#include "core/export/job.h"

#include <QElapsedTimer>

namespace kith::client {

using exporting::Job;
using exporting::Summary;

namespace {

constexpr qint64 kBetweenProgressMs = 100;

class Teller final {
public:
    explicit Teller(std::shared_ptr<ExportControl> control) : m_control(std::move(control)) {}
    void tell(bool now)
    {
        if (!m_control->progressed || (!now && m_last.isValid() && !m_last.hasExpired(kBetweenProgressMs)))
            return;
        m_last.start();
        m_control->progressed(m_control->job->progress());
    }

private:
    std::shared_ptr<ExportControl> m_control;
    QElapsedTimer m_last;
};

} // namespace

void ExportControl::cancel()
{
    cancelled = true;
    if (job)
        job->cancel();
}

QCoro::Task<Result<Summary>> Client::Impl::runExport(std::shared_ptr<ExportControl> control)
{
    const auto job = control->job;
    Teller teller(control);
    for (bool counted = false; !counted;) {
        auto counting = history.run([job](history::HistoryStore &store) { return job->count(store); });
        auto done = co_await counting;
        if (!done)
            co_return Unexpected(std::move(done).error());
        if (job->cancelled())
            co_return Unexpected(cancelledError());
        counted = *done;
    }
    if (!job->found())
        co_return Unexpected(wireError(protocol::makeError(protocol::ErrorCode::NotFound,
                                                           "no such conversation on this computer", "conversation")));
    teller.tell(true);
    // Here the history's thread answers the windows: what waits for another disk does so elsewhere.
    auto opening = files.perform([job] { return fromExport(job->open()); });
    auto ready = co_await opening;
    if (!ready)
        co_return Unexpected(std::move(ready).error());
    for (bool last = false; !last;) {
        auto reading = history.run([job](history::HistoryStore &store) { return job->read(store); });
        auto piece = co_await reading;
        if (!piece)
            co_return Unexpected(std::move(piece).error());
        last = piece->last;
        auto writing = files.perform([job, read = std::move(*piece)] { return fromExport(job->write(read)); });
        auto written = co_await writing;
        if (!written)
            co_return Unexpected(std::move(written).error());
        teller.tell(last);
    }
    auto finishing = files.perform([job] { return fromExport(job->finish()); });
    co_return co_await finishing;
}

QCoro::Task<Result<Summary>> Client::exportConversation(exporting::Request request,
                                                        std::shared_ptr<ExportControl> control)
{
    auto *impl = m_impl.get();
    if (!control)
        control = std::make_shared<ExportControl>();
    control->job = std::make_shared<Job>(std::move(request), impl->clock->now());
    if (control->cancelled)
        control->job->cancel();
    std::erase_if(impl->exports, [](const auto &one) { return one.expired(); });
    impl->exports.push_back(control);
    auto running = impl->runExport(control);
    auto done = co_await running;
    if (!done) { // nothing is left of it when whoever asked hears that it failed
        auto leaving = impl->files.perform([job = control->job]() -> Result<void> {
            job->abandon();
            return {};
        });
        (void)co_await leaving;
    }
    control->job.reset();
    co_return done;
}

void Client::Impl::cancelExports()
{
    for (const auto &one : std::exchange(exports, {}))
        if (const auto control = one.lock())
            control->cancel();
}

} // namespace kith::client
