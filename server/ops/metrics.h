// SPDX-License-Identifier: GPL-3.0-or-later
// Counters, gauges and histograms of kithd, shown at /metrics in Prometheus' text format. Thread-safe.
#pragma once

#include <memory>
#include <string>
#include <string_view>

namespace kith::server {

class Metrics final {
public:
    Metrics();
    ~Metrics();

    void connectionOpened();
    void connectionClosed(int closeCode);
    void packetReceived(std::string_view op);
    void packetRefused(std::string_view errorCode);
    void messageAccepted(double seconds);                  // receive to durable
    void pushed(std::size_t envelopes, std::size_t bytes); // one frame written
    void dropped(std::string_view weight);
    void httpAnswered(std::string_view method, int status, double seconds);
    void fileBytesReceived(std::size_t bytes);     // durable
    void fileBytesSent(std::size_t bytes);         // handed to connections
    void fileStored();                             // complete and verified
    void filesRemoved(std::int64_t files);         // swept: unused or given up
    void commit(std::size_t rows, double seconds); // one group commit of the store

    std::string text() const;

private:
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

} // namespace kith::server
