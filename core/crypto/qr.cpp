// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/crypto/qr.h"

#include <qrencode.h>
#include <zlib.h>

#include <cstdint>
#include <memory>

namespace kith::crypto {
namespace {

constexpr int kQuietModules = 4;
constexpr std::size_t kMostText = 2000; // a QR code of level M holds 2,331 bytes

struct FreeCode {
    void operator()(QRcode *code) const { QRcode_free(code); }
};

std::string bigEndian(std::uint32_t value)
{
    return {static_cast<char>(value >> 24), static_cast<char>(value >> 16), static_cast<char>(value >> 8),
            static_cast<char>(value)};
}

/// PNG (ISO/IEC 15948) §5.3: length, type, data, checksum of the last two.
std::string chunk(const char *type, const std::string &data)
{
    const std::string body = type + data;
    const auto crc = crc32(0, reinterpret_cast<const Bytef *>(body.data()), static_cast<uInt>(body.size()));
    return bigEndian(static_cast<std::uint32_t>(data.size())) + body + bigEndian(static_cast<std::uint32_t>(crc));
}

/// One bit a pixel, 1 is white; each row begins with its filter, 0.
std::string rows(const QRcode &code, int pixels)
{
    const int side = (code.width + 2 * kQuietModules) * pixels;
    std::string out;
    for (int y = 0; y < side; ++y) {
        std::string row(static_cast<std::size_t>(side + 7) / 8, '\xff');
        const int moduleY = y / pixels - kQuietModules;
        for (int x = 0; x < side; ++x) {
            const int moduleX = x / pixels - kQuietModules;
            const bool inside = moduleX >= 0 && moduleY >= 0 && moduleX < code.width && moduleY < code.width;
            if (inside && (code.data[moduleY * code.width + moduleX] & 1) != 0) {
                char &byte = row[static_cast<std::size_t>(x) / 8];
                byte = static_cast<char>(byte & ~(0x80 >> (x % 8)));
            }
        }
        out += '\0';
        out += row;
    }
    return out;
}

} // namespace

Result<std::string> qrPng(std::string_view text, int pixels)
{
    if (text.empty() || text.size() > kMostText || pixels < 1 || pixels > 32)
        return Unexpected(CryptoError::BadInput);
    const std::unique_ptr<QRcode, FreeCode> code(QRcode_encodeData(
        static_cast<int>(text.size()), reinterpret_cast<const unsigned char *>(text.data()), 0, QR_ECLEVEL_M));
    if (!code)
        return Unexpected(CryptoError::BadInput);
    const std::string raw = rows(*code, pixels);
    uLongf size = compressBound(static_cast<uLong>(raw.size()));
    std::string packed(size, '\0');
    if (compress(reinterpret_cast<Bytef *>(packed.data()), &size, reinterpret_cast<const Bytef *>(raw.data()),
                 static_cast<uLong>(raw.size())) != Z_OK)
        return Unexpected(CryptoError::OutOfMemory);
    packed.resize(size);
    const auto side = static_cast<std::uint32_t>((code->width + 2 * kQuietModules) * pixels);
    // Depth 1, greyscale, deflate, filter method 0, no interlace.
    const std::string header = bigEndian(side) + bigEndian(side) + std::string("\x01\x00\x00\x00\x00", 5);
    return "\x89PNG\r\n\x1a\n" + chunk("IHDR", header) + chunk("IDAT", packed) + chunk("IEND", {});
}

} // namespace kith::crypto
