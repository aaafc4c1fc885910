// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/diagnostics/zip.h"

#include "core/client/errors.h"

#include <QFile>
#include <QSaveFile>

#include <archive.h>
#include <archive_entry.h>

#include <memory>

namespace kith::diagnostics {

namespace {

struct Closes {
    void operator()(archive *writer) const { archive_write_free(writer); }
    void operator()(archive_entry *entry) const { archive_entry_free(entry); }
};

client::ClientError failure(const QString &why)
{
    return client::makeError(client::ClientErrorCode::Storage, why);
}

la_ssize_t append(archive *writer, void *file, const void *bytes, size_t size)
{
    auto &out = *static_cast<QSaveFile *>(file);
    const qint64 written = out.write(static_cast<const char *>(bytes), static_cast<qint64>(size));
    if (written < 0)
        archive_set_error(writer, EIO, "%s", out.errorString().toUtf8().constData());
    return written;
}

} // namespace

client::Result<void> writeZip(const QString &path, const std::vector<ZipMember> &members, Timestamp at)
{
    QSaveFile file(path);
    if (!file.open(QIODevice::WriteOnly))
        return Unexpected(failure(file.errorString()));
    file.setPermissions(QFile::ReadOwner | QFile::WriteOwner);
    const std::unique_ptr<archive, Closes> writer(archive_write_new());
    const auto good = [&](int answer) { return answer == ARCHIVE_OK || answer == ARCHIVE_WARN; };
    const auto why = [&] { return failure(QString::fromUtf8(archive_error_string(writer.get()))); };
    if (!good(archive_write_set_format_zip(writer.get())) ||
        // Names of members are ASCII, but say so: no locale is asked.
        !good(archive_write_set_options(writer.get(), "zip:hdrcharset=UTF-8")) ||
        !good(archive_write_open(writer.get(), &file, nullptr, &append, nullptr)))
        return Unexpected(why());
    const std::unique_ptr<archive_entry, Closes> entry(archive_entry_new());
    for (const auto &member : members) {
        archive_entry_clear(entry.get());
        archive_entry_set_pathname_utf8(entry.get(), member.name.toUtf8().constData());
        archive_entry_set_size(entry.get(), member.bytes.size());
        archive_entry_set_filetype(entry.get(), AE_IFREG);
        archive_entry_set_perm(entry.get(), 0600);
        archive_entry_set_mtime(entry.get(), toUnixMs(at) / 1000, 0);
        const auto size = static_cast<std::size_t>(member.bytes.size());
        if (!good(archive_write_header(writer.get(), entry.get())) ||
            archive_write_data(writer.get(), member.bytes.constData(), size) != static_cast<la_ssize_t>(size))
            return Unexpected(why());
    }
    if (!good(archive_write_close(writer.get())))
        return Unexpected(why());
    if (!file.commit())
        return Unexpected(failure(file.errorString()));
    return {};
}

} // namespace kith::diagnostics
