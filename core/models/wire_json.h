// SPDX-License-Identifier: GPL-3.0-or-later
// Frames as a tester reads them: what is in one at a glance, laid out over lines, as a command line.
#pragma once

#ifndef Q_MOC_RUN // moc 6.4 stumbles over libstdc++
#include <QByteArray>
#include <QString>
#include <QStringList>
#endif

namespace kith::models {

/// The `op` and `id` of each envelope, read without taking the frame apart: a page may be a megabyte.
struct FrameSummary {
    QStringList ops, ids; // as many as there are, in order
};
FrameSummary summarise(const QByteArray &frame);

/// The same bytes over lines and indented, in the order of the wire; at most `mostBytes` of them. Never fails: what is
/// no JSON comes out in one piece.
QString prettyJson(const QByteArray &json, qsizetype mostBytes);

/// A line for a POSIX shell that sends this frame.
QString commandLine(const QByteArray &frame);

} // namespace kith::models
