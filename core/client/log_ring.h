// SPDX-License-Identifier: GPL-3.0-or-later
// The last lines of the process's log, in memory: a report can hold them, and nothing is written to disk.
#pragma once

#include "core/base/clock.h"

#include <QByteArray>
#include <QString>
#include <QtGlobal>

#include <deque>
#include <mutex>
#include <vector>

namespace kith::client {

struct LogLine {
    Timestamp at{};
    QtMsgType type = QtWarningMsg;
    QByteArray category;
    QString text; // of our own categories, which hold no message text; of others its length only
};

/// Takes over Qt's message handler while it lives; one at a time. What was printed before is printed still. Any thread.
class LogRing final {
public:
    static constexpr std::size_t kMostLines = 2000;

    LogRing();
    ~LogRing();
    LogRing(const LogRing &) = delete;
    LogRing &operator=(const LogRing &) = delete;

    std::vector<LogLine> lines() const;

private:
    static void handle(QtMsgType type, const QMessageLogContext &context, const QString &text);

    QtMessageHandler m_before = nullptr;
    bool m_printInfo = false;
    mutable std::mutex m_mutex;
    std::deque<LogLine> m_lines;
};

} // namespace kith::client
