// SPDX-License-Identifier: GPL-3.0-or-later
// A report for somebody who looks into a problem: versions, state, holes, the link's story, the wire's shape. It holds
// no message text, no name, no password, token or key, and nobody has to trust that: tests look for them in it.
#pragma once

#ifndef Q_MOC_RUN // moc 6.4 stumbles over libstdc++
#include "core/client/client.h"
#include "core/diagnostics/zip.h"
#endif

#include <QJsonObject>

namespace kith::diagnostics {

/// The members of the zip. `settings`: what a window knows of its own, no names in it. Without an open history what
/// stands in it is left out. `client` lives on until the task has ended.
QCoro::Task<std::vector<ZipMember>> collect(client::Client &client, QJsonObject settings);

/// collect() and writeZip(), which runs on a thread of its own.
QCoro::Task<client::Result<void>> exportTo(client::Client &client, QString file, QJsonObject settings);

} // namespace kith::diagnostics
