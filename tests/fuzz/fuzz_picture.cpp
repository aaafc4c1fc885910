// SPDX-License-Identifier: GPL-3.0-or-later
// Any bytes are no picture, or become a shorter one that stays as it is when it comes again. The first byte chooses the
// kind, so that one corpus serves both.
#include "server/store/picture.h"

#include <cstdint>
#include <cstdlib>

using namespace kith::server;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *bytes, std::size_t size)
{
    if (size == 0)
        return 0;
    const std::string_view picture(reinterpret_cast<const char *>(bytes) + 1, size - 1);
    const PictureKind kind = bytes[0] == 'p' ? PictureKind::Png : PictureKind::Jpeg;
    const auto kept = withoutMetadata(kind, picture);
    if (kept && (kept->size() > picture.size() || withoutMetadata(kind, *kept) != kept))
        std::abort();
    return 0;
}
