// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/ops/metrics.h"

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

#include <functional>
#include <mutex>
#include <shared_mutex>
#include <unordered_map>

namespace kith::server {
namespace {

using prometheus::BuildCounter;
using prometheus::BuildGauge;
using prometheus::BuildHistogram;

/// 100 µs to 5 s: a group commit is about 1 ms, a password hash about 100 ms.
const prometheus::Histogram::BucketBoundaries kSeconds{0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025,
                                                       0.05,   0.1,     0.25,   0.5,   1,      2.5,   5};
const prometheus::Histogram::BucketBoundaries kRows{1, 2, 4, 8, 16, 32, 64, 128, 256};

/// Label values come from our own tables, but an op that a peer made up must not grow the registry without end.
constexpr std::size_t kMaxLabelValues = 128;

struct TextHash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
};

/// Counters of one family by one label, looked up without building a label map on every event.
class ByLabel final {
public:
    ByLabel(prometheus::Family<prometheus::Counter> &family, std::string label)
        : m_family(family), m_label(std::move(label))
    {
    }
    void increment(std::string_view value)
    {
        {
            const std::shared_lock lock(m_mutex);
            if (const auto found = m_counters.find(value); found != m_counters.end()) {
                found->second->Increment();
                return;
            }
        }
        const std::unique_lock lock(m_mutex);
        const std::string kept(m_counters.size() < kMaxLabelValues ? value : std::string_view("other"));
        auto &counter = m_counters[kept];
        if (!counter)
            counter = &m_family.Add({{m_label, kept}});
        counter->Increment();
    }

private:
    prometheus::Family<prometheus::Counter> &m_family;
    std::string m_label;
    std::shared_mutex m_mutex;
    std::unordered_map<std::string, prometheus::Counter *, TextHash, std::equal_to<>> m_counters;
};

} // namespace

struct Metrics::Impl {
    std::shared_ptr<prometheus::Registry> registry = std::make_shared<prometheus::Registry>();

    prometheus::Counter &counter(const char *name, const char *help)
    {
        return BuildCounter().Name(name).Help(help).Register(*registry).Add({});
    }
    prometheus::Family<prometheus::Counter> &family(const char *name, const char *help)
    {
        return BuildCounter().Name(name).Help(help).Register(*registry);
    }
    prometheus::Histogram &histogram(const char *name, const char *help,
                                     const prometheus::Histogram::BucketBoundaries &bounds)
    {
        return BuildHistogram().Name(name).Help(help).Register(*registry).Add({}, bounds);
    }

    prometheus::Gauge &connections =
        BuildGauge().Name("kithd_connections").Help("Open sockets").Register(*registry).Add({});
    prometheus::Counter &opened = counter("kithd_connections_opened_total", "Sockets ever upgraded");
    ByLabel closed{family("kithd_connections_closed_total", "Sockets that ended, by close code"), "code"};
    ByLabel packets{family("kithd_packets_total", "Packets of clients, by op"), "op"};
    ByLabel refused{family("kithd_packets_refused_total", "Packets answered with an error, by its code"), "code"};
    ByLabel dropped{family("kithd_dropped_total", "Envelopes dropped before a slow reader, by weight"), "weight"};
    ByLabel http{family("kithd_http_requests_total", "HTTPS calls answered, by method and status"), "call"};
    prometheus::Counter &envelopes = counter("kithd_pushed_envelopes_total", "Envelopes written to sockets");
    prometheus::Counter &frames = counter("kithd_pushed_frames_total", "Frames written to sockets");
    prometheus::Counter &bytes = counter("kithd_pushed_bytes_total", "Bytes of the frames written to sockets");
    prometheus::Counter &rows = counter("kithd_commit_rows_total", "Rows made durable");
    prometheus::Counter &fileBytesIn = counter("kithd_file_bytes_received_total", "Bytes of uploads made durable");
    prometheus::Counter &fileBytesOut = counter("kithd_file_bytes_sent_total", "Bytes of files handed to connections");
    prometheus::Counter &filesStored = counter("kithd_files_stored_total", "Uploads that were completed and verified");
    prometheus::Counter &filesRemoved =
        counter("kithd_files_removed_total", "Files and unfinished uploads removed because nothing used them");
    prometheus::Histogram &accepted =
        histogram("kithd_message_accepted_seconds", "From the packet to the durable message", kSeconds);
    prometheus::Histogram &httpSeconds = histogram("kithd_http_seconds", "From the request to its answer", kSeconds);
    prometheus::Histogram &commitSeconds = histogram("kithd_commit_seconds", "One group commit", kSeconds);
    prometheus::Histogram &commitRows = histogram("kithd_commit_rows", "Rows in one group commit", kRows);
};

Metrics::Metrics() : m_impl(std::make_unique<Impl>()) {}
Metrics::~Metrics() = default;

void Metrics::connectionOpened()
{
    m_impl->connections.Increment();
    m_impl->opened.Increment();
}

void Metrics::connectionClosed(int closeCode)
{
    m_impl->connections.Decrement();
    m_impl->closed.increment(std::to_string(closeCode));
}

void Metrics::packetReceived(std::string_view op)
{
    m_impl->packets.increment(op);
}
void Metrics::packetRefused(std::string_view errorCode)
{
    m_impl->refused.increment(errorCode);
}
void Metrics::messageAccepted(double seconds)
{
    m_impl->accepted.Observe(seconds);
}

void Metrics::pushed(std::size_t envelopes, std::size_t bytes)
{
    m_impl->envelopes.Increment(static_cast<double>(envelopes));
    m_impl->frames.Increment();
    m_impl->bytes.Increment(static_cast<double>(bytes));
}

void Metrics::dropped(std::string_view weight)
{
    m_impl->dropped.increment(weight);
}

void Metrics::httpAnswered(std::string_view method, int status, double seconds)
{
    m_impl->http.increment(std::string(method) + " " + std::to_string(status));
    m_impl->httpSeconds.Observe(seconds);
}

void Metrics::fileBytesReceived(std::size_t bytes)
{
    m_impl->fileBytesIn.Increment(static_cast<double>(bytes));
}
void Metrics::fileBytesSent(std::size_t bytes)
{
    m_impl->fileBytesOut.Increment(static_cast<double>(bytes));
}
void Metrics::fileStored()
{
    m_impl->filesStored.Increment();
}
void Metrics::filesRemoved(std::int64_t files)
{
    m_impl->filesRemoved.Increment(static_cast<double>(files));
}

void Metrics::commit(std::size_t rows, double seconds)
{
    m_impl->rows.Increment(static_cast<double>(rows));
    m_impl->commitRows.Observe(static_cast<double>(rows));
    m_impl->commitSeconds.Observe(seconds);
}

std::string Metrics::text() const
{
    return prometheus::TextSerializer().Serialize(m_impl->registry->Collect());
}

} // namespace kith::server
