// SPDX-License-Identifier: GPL-3.0-or-later
// The calls about files (PROTOCOL §6) as whoever is logged in; tests put a fake behind them.
#pragma once

#include "core/client/types.h"

#include <QByteArray>
#include <QCoroTask>

#include <boost/json/object.hpp>

namespace kith::client {

struct FileCall {
    QByteArray method;
    QString path;                            // encoded
    std::optional<boost::json::object> body; // of a POST
    std::optional<qint64> offset{};          // of a PATCH: where `bytes` belong
    QByteArray bytes{};
    qint64 most = 64 * 1024; // an answer with more bytes is refused
};

/// What a server said, a refusal too: that may carry where an upload stands.
struct FileAnswer {
    int status = 0;
    QByteArray bytes;
    std::optional<qint64> offset, length; // Upload-Offset, Upload-Length
    std::optional<ClientError> refused{}; // of a status that is none of 2xx
};

class FileCalls {
public:
    virtual ~FileCalls() = default;
    /// An error: nobody answered, or somebody who is no Kith server.
    virtual QCoro::Task<Result<FileAnswer>> transfer(FileCall call) = 0;
};

} // namespace kith::client
