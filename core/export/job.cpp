// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/export/job.h"

namespace kith::exporting {

namespace {

Unexpected<Error> cancelledError()
{
    return Unexpected(Error{ErrorCode::Cancelled, {}});
}

} // namespace

Job::Job(Request request, Timestamp now)
    : m_request(std::move(request)), m_now(now), m_reader(m_request.conversation, m_request.period)
{
    if (!m_request.phrases)
        m_request.phrases = std::make_shared<Phrases>();
    if (!m_request.localTime)
        m_request.localTime = systemTime;
}

sql::Result<bool> Job::count(history::HistoryStore &store)
{
    if (!m_begun) {
        m_begun = true;
        KITH_TRY_VALUE(generation, store.generation());
        m_generation = generation;
        KITH_TRY(m_reader.begin(store));
        if (!m_reader.found())
            return true;
    }
    KITH_TRY_VALUE(done, m_reader.count(store));
    m_counted = done;
    return done;
}

sql::Result<Piece> Job::read(history::HistoryStore &store)
{
    KITH_TRY_VALUE(generation, store.generation());
    m_changed = generation != m_generation;
    if (m_changed || m_cancelled)
        return Piece(); // write() says so
    return m_reader.next(store);
}

Result<void> Job::open()
{
    auto file = OutputFile::create(m_request.path, m_request.replace);
    if (!file)
        return Unexpected(std::move(file).error());
    m_file.emplace(std::move(*file));
    m_subject = {m_request.format,        m_request.period,   m_reader.head().head,
                 m_reader.head().archive, m_reader.self(),    m_now,
                 m_reader.total(),        m_reader.missing(), m_reader.coverage(),
                 &m_reader.people(),      m_request.phrases,  m_request.localTime};
    m_writer = makeWriter(m_subject);
    m_writer->begin();
    return flush();
}

Result<void> Job::write(const Piece &piece)
{
    if (m_cancelled)
        return cancelledError();
    if (m_changed)
        return Unexpected(Error{ErrorCode::Changed, {}});
    if (piece.hole) {
        auto &holes = m_summary.holes;
        if (!holes.empty() && holes.back().to.next() == piece.hole->from)
            holes.back().to = piece.hole->to;
        else
            holes.push_back(*piece.hole);
        m_summary.missing += piece.hole->to.value() - piece.hole->from.value() + 1;
        m_writer->hole(*piece.hole);
    }
    if (piece.last) {
        m_summary.unsent = static_cast<std::int64_t>(piece.entries.size());
        m_writer->unsent(piece.entries);
    } else {
        m_summary.messages += static_cast<std::int64_t>(piece.entries.size());
        for (const auto &entry : piece.entries)
            m_writer->message(entry);
    }
    return flush();
}

Result<Summary> Job::finish()
{
    m_writer->end(m_summary);
    KITH_TRY(flush());
    KITH_TRY(m_file->sync());
    if (m_cancelled) // it may have waited long for the disk
        return cancelledError();
    KITH_TRY(m_file->commit());
    m_summary.bytes = m_file->size();
    m_summary.path = m_file->path();
    return m_summary;
}

Result<void> Job::flush()
{
    return m_file->write(m_writer->take());
}

Progress Job::progress() const
{
    return {m_summary.messages, m_reader.total(), m_counted};
}

} // namespace kith::exporting
