// SPDX-License-Identifier: GPL-3.0-or-later
// A zip archive of a few texts, by libarchive.
#pragma once

#include "core/base/clock.h"
#include "core/client/types.h"

#include <QByteArray>
#include <QString>

#include <vector>

namespace kith::diagnostics {

struct ZipMember {
    QString name;
    QByteArray bytes;
};

/// Replaces `file` when all of it is written; readable by its owner only. Storage with the system's words otherwise.
/// Waits on the disk.
client::Result<void> writeZip(const QString &file, const std::vector<ZipMember> &members, Timestamp at);

} // namespace kith::diagnostics
