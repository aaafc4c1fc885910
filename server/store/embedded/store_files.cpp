// SPDX-License-Identifier: GPL-3.0-or-later
// The calls about files. An append is planned by a reader and then written in steps, each posted when the one before is
// durable: between two of them messages have their turn.
#include "server/store/embedded/store_impl.h"

namespace kith::server {

using embedded::FilePlan;
using embedded::FileStep;
using embedded::Lane;
using embedded::Reader;
using embedded::ReadLane;
using embedded::Writer;
using Outcome = FileAppended::Outcome;

namespace embedded {

/// Kept by the job that is under way.
struct Append {
    std::string bytes;
    std::int64_t offset = 0; // of the first of them in the file
    FilePlan plan;
    std::size_t next = 0; // of plan.steps
    Reply<FileAppended> reply;

    std::string_view bytesOf(const FileStep &step) const
    {
        return std::string_view(bytes).substr(static_cast<std::size_t>(step.start - offset),
                                              static_cast<std::size_t>(step.end - step.start));
    }
    StoreResult<FileAppended> write(Writer &w) const
    {
        if (plan.outcome == Outcome::WrongHash)
            return w.restartFile(plan);
        if (plan.outcome == Outcome::NotAPicture)
            return w.dropFile(plan);
        const FileStep &step = plan.steps[next];
        if (plan.outcome == Outcome::Complete && next + 1 == plan.steps.size())
            return w.completeFile(plan, step, bytesOf(step));
        return w.takePiece(plan, step, bytesOf(step));
    }
};

} // namespace embedded

namespace {

using AppendPtr = std::shared_ptr<embedded::Append>;

template <class Impl>
void writeNext(Impl &impl, const AppendPtr &append)
{
    const bool hasSteps = append->next < append->plan.steps.size();
    const std::size_t bytes = append->plan.replaced ? append->plan.kept.size()
                              : hasSteps            ? embedded::kPieceBytes
                                                    : std::size_t{0};
    impl.template write<FileAppended>(
        [&impl, append](StoreResult<FileAppended> done) {
            ++append->next;
            if (done && done->outcome == Outcome::Taken && append->next < append->plan.steps.size())
                return writeNext(impl, append);
            append->reply(std::move(done));
        },
        [append](Writer &w) { return append->write(w); }, bytes, Lane::Bulk);
}

} // namespace

void EmbeddedStore::createFile(NewFile file, Reply<FileState> reply)
{
    m_impl->write<FileState>(std::move(reply), [file = std::move(file)](Writer &w) { return w.createFile(file); });
}

void EmbeddedStore::appendFile(UserId owner, FileId file, std::int64_t offset, std::string bytes,
                               Reply<FileAppended> reply)
{
    const auto append = std::make_shared<embedded::Append>();
    append->bytes = std::move(bytes);
    append->offset = offset;
    append->reply = std::move(reply);
    m_impl->read<FilePlan>(
        [impl = m_impl.get(), append](StoreResult<FilePlan> plan) {
            if (!plan)
                return append->reply(Unexpected(plan.error()));
            append->plan = std::move(*plan);
            const bool writes = !append->plan.steps.empty() || append->plan.outcome == Outcome::WrongHash ||
                                append->plan.outcome == Outcome::NotAPicture;
            if (!writes)
                return append->reply(FileAppended{append->plan.outcome, append->plan.offset});
            writeNext(*impl, append);
        },
        [append, owner = std::move(owner), file = std::move(file)](Reader &r) {
            return r.planAppend(owner, file, append->offset, append->bytes);
        },
        ReadLane::Files);
}

void EmbeddedStore::file(UserId reader, FileId file, Reply<FileState> reply)
{
    m_impl->read<FileState>(std::move(reply), [reader = std::move(reader), file = std::move(file)](Reader &r) {
        return r.file(reader, file);
    });
}

void EmbeddedStore::readFile(UserId reader, FileId file, std::int64_t offset, Reply<std::string> reply)
{
    m_impl->read<std::string>(
        std::move(reply),
        [reader = std::move(reader), file = std::move(file), offset](Reader &r) {
            return r.readFile(reader, file, offset);
        },
        ReadLane::Files);
}

void EmbeddedStore::sweepFiles(Reply<FilesSwept> reply)
{
    m_impl->write<FilesSwept>(
        [impl = m_impl.get(), reply = std::move(reply)](StoreResult<FilesSwept> swept) {
            if (swept)
                swept->atOnce = swept->more && impl->writes->bulkIdle();
            reply(std::move(swept));
        },
        [](Writer &w) { return w.sweepFiles(); }, 0, Lane::Bulk);
}

} // namespace kith::server
