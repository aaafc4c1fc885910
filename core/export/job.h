// SPDX-License-Identifier: GPL-3.0-or-later
// One export: what is read from the history goes into a file, piece by piece.
#pragma once

#include "core/export/output_file.h"
#include "core/export/writer.h"

#include <atomic>

namespace kith::exporting {

/// In turn, never at once: count() until it is done, open(), then read() and write() until the last piece, finish().
/// The calls with a store belong to its thread, the others to one that may wait for a disk. Never holds more than a
/// piece and the people who speak in it. Taken away early, it leaves no file.
class Job final {
public:
    Job(Request request, Timestamp now);

    /// True when all is counted. False for found(): there is no such conversation here.
    sql::Result<bool> count(history::HistoryStore &store);
    bool found() const { return m_reader.found(); }
    sql::Result<Piece> read(history::HistoryStore &store);

    Result<void> open();
    Result<void> write(const Piece &piece);
    Result<Summary> finish();
    /// Removes what was written.
    void abandon() { m_file.reset(); }

    /// From any thread: what is under way ends with Cancelled.
    void cancel() { m_cancelled = true; }
    bool cancelled() const { return m_cancelled; }
    Progress progress() const;

private:
    Result<void> flush();

    Request m_request;
    Timestamp m_now;
    Reader m_reader;
    bool m_begun = false, m_counted = false, m_changed = false;
    std::int64_t m_generation = 0;
    Subject m_subject;
    std::optional<OutputFile> m_file;
    std::unique_ptr<Writer> m_writer;
    Summary m_summary;
    std::atomic<bool> m_cancelled = false;
};

} // namespace kith::exporting
