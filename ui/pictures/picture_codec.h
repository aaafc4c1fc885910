// SPDX-License-Identifier: GPL-3.0-or-later
// Pictures out of bytes and back. Slow: for a worker's thread. Never crashes or grows on what it does not understand.
#pragma once

#include <QByteArray>
#include <QImage>
#include <QString>

namespace kith::ui {

inline constexpr int kPictureSide = 512; // of what is sent: twice what any window shows

/// What a server gave: PNG or JPEG of at most 4096 × 4096. The middle of it, a square of this side, on white where it
/// is seen through; null where it cannot be read.
QImage decodePicture(const QByteArray &bytes, int side);

enum class PictureProblem {
    None,
    CannotRead, // no such file, no permission
    NoPicture,  // of no kind that is known here, or damaged
    TooLarge,   // to be held in memory
};

/// What somebody chose, the way up that its camera noted, at most 2048 on either side.
struct ChosenPicture {
    QImage image;
    PictureProblem problem = PictureProblem::None;
};
ChosenPicture readPicture(const QString &path);
ChosenPicture readPicture(QByteArray bytes);
/// "*.png", "*.jpg" … of what can be read here.
QStringList pictureSuffixes();

/// A PNG where that is small, else a JPEG; under 1 MiB for kPictureSide, and nothing of the file it came from is in it.
QByteArray encodePicture(const QImage &square);

} // namespace kith::ui
