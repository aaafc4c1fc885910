// SPDX-License-Identifier: GPL-3.0-or-later
// Small real pictures, made without a library: 1 × 1 pixel PNG with whatever chunks a test wants in it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace kith::test {

inline std::string big32(std::uint32_t value)
{
    std::string out;
    for (int shift = 24; shift >= 0; shift -= 8)
        out += static_cast<char>(value >> shift & 0xff);
    return out;
}

inline std::uint32_t pngCrc(std::string_view bytes)
{
    std::uint32_t crc = 0xffffffffu;
    for (const char c : bytes) {
        crc ^= static_cast<unsigned char>(c);
        for (int bit = 0; bit < 8; ++bit)
            crc = (crc & 1) != 0 ? 0xedb88320u ^ (crc >> 1) : crc >> 1;
    }
    return ~crc;
}

inline std::string pngChunk(const std::string &type, const std::string &data = {})
{
    return big32(static_cast<std::uint32_t>(data.size())) + type + data + big32(pngCrc(type + data));
}

/// One pixel of that colour; `before` and `after` the pixels stand further chunks.
inline std::string smallPng(std::uint8_t red, const std::string &before = {}, const std::string &after = {})
{
    const std::string row{'\0', static_cast<char>(red), 'g', 'b'}; // filter, then the pixel
    std::uint32_t a = 1, b = 0;                                    // Adler-32 (RFC 1950)
    for (const char c : row) {
        a = (a + static_cast<unsigned char>(c)) % 65521;
        b = (b + a) % 65521;
    }
    // A deflate block that is stored as it is (RFC 1951 §3.2.4).
    const std::string pixels = std::string("\x78\x01\x01\x04\x00\xfb\xff", 7) + row + big32(b << 16 | a);
    return std::string("\x89PNG\r\n\x1a\n", 8) +
           pngChunk("IHDR", big32(1) + big32(1) + std::string("\x08\x02\0\0\0", 5)) + before +
           pngChunk("IDAT", pixels) + after + pngChunk("IEND");
}

} // namespace kith::test
