// SPDX-License-Identifier: GPL-3.0-or-later
// Takes the metadata out of PNG and JPEG files without touching a pixel: where a picture was taken, with what and when
// is nobody's business. Strict: what does not parse to its end is no picture. Pure, for every store alike.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace kith::server {

enum class PictureKind { Png, Jpeg };

/// Of a MIME type in lower case; nothing for what is neither.
std::optional<PictureKind> pictureKind(std::string_view mime);

/// The same picture with nothing in it but what is needed to show it; nothing if the bytes are not a whole one of that
/// kind, or one that is work to show: limits::kMaxPictureSide, limits::kMaxJpegScans. Never longer than what came; of
/// its own result it gives the same again. PNG (ISO/IEC 15948): keeps the critical chunks and those ancillary ones that
/// say how pixels look; every CRC is checked. JPEG (ITU-T T.81): keeps JFIF (without its thumbnail), the ICC profile
/// and Adobe's colour transform; drops the other APPn and COM. Whatever follows the picture's end goes.
std::optional<std::string> withoutMetadata(PictureKind kind, std::string_view bytes);

} // namespace kith::server
