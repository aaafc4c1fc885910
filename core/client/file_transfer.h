// SPDX-License-Identifier: GPL-3.0-or-later
// Small files to the server and from it: an upload goes on where a lost connection left it.
#pragma once

#ifndef Q_MOC_RUN // moc 6.4 stumbles over libstdc++
#include "core/client/file_calls.h"
#include "core/client/later.h"
#include <functional>
#include <memory>
#endif

#include <QObject>

namespace kith::client {

/// An upload under way, seen and steered by whoever asked for it. On the client's thread.
struct UploadControl {
    std::function<void(qint64 sent, qint64 size)> progressed;
    /// The answer is then Cancelled, at the latest after the piece that is on its way.
    void cancel() { cancelled = true; }

    bool cancelled = false;
};

class FileTransfer final : public QObject {
    Q_OBJECT
public:
    /// `pause`: before the first of the attempts after a failure, doubled each time.
    explicit FileTransfer(FileCalls &calls, std::chrono::milliseconds pause = std::chrono::seconds{1},
                          QObject *parent = nullptr);
    ~FileTransfer() override { close(); }

    /// The id of the file. All of it is in memory: made for pictures.
    QCoro::Task<Result<std::string>> upload(QByteArray bytes, std::string name, std::string mime,
                                            std::shared_ptr<UploadControl> control = nullptr);
    /// TooLarge where it has more than `most` bytes.
    QCoro::Task<Result<QByteArray>> download(std::string id, qint64 most);
    /// What waits ends with Cancelled. Calls under way are those of `calls`.
    void close() { m_owed.cancelAll(); }

    static constexpr qint64 kChunk = 256 * 1024;

private:
    Later<void> rest(std::chrono::milliseconds time);

    FileCalls &m_calls;
    std::chrono::milliseconds m_pause;
    Owed m_owed;
};

} // namespace kith::client
