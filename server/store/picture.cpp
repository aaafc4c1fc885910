// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/store/picture.h"

#include "core/base/file_limits.h"

#include <algorithm>
#include <array>
#include <cstdint>

namespace kith::server {
namespace {

constexpr std::string_view kPngSignature("\x89PNG\r\n\x1a\n", 8);

std::uint32_t at(std::string_view bytes, std::size_t place)
{
    return static_cast<unsigned char>(bytes[place]);
}
std::uint32_t big16(std::string_view bytes, std::size_t place)
{
    return at(bytes, place) << 8 | at(bytes, place + 1);
}
std::uint32_t big32(std::string_view bytes, std::size_t place)
{
    return big16(bytes, place) << 16 | big16(bytes, place + 2);
}

/// CRC-32 of PNG (ISO/IEC 15948 annex D).
std::uint32_t crc32(std::string_view bytes)
{
    static const auto kTable = [] {
        std::array<std::uint32_t, 256> table{};
        for (std::uint32_t i = 0; i < 256; ++i) {
            std::uint32_t value = i;
            for (int bit = 0; bit < 8; ++bit)
                value = (value & 1) != 0 ? 0xedb88320u ^ (value >> 1) : value >> 1;
            table[i] = value;
        }
        return table;
    }();
    std::uint32_t crc = 0xffffffffu;
    for (const char c : bytes)
        crc = kTable[(crc ^ static_cast<unsigned char>(c)) & 0xff] ^ (crc >> 8);
    return ~crc;
}

bool isSide(std::uint32_t pixels)
{
    return pixels != 0 && pixels <= limits::kMaxPictureSide;
}

bool isOneOf(std::string_view type, std::string_view list) // "IHDR PLTE"
{
    for (std::size_t i = 0; i + 4 <= list.size(); i += 5)
        if (list.substr(i, 4) == type)
            return true;
    return false;
}

std::optional<std::string> strippedPng(std::string_view bytes)
{
    constexpr std::string_view kCritical = "IHDR PLTE IDAT IEND";
    // How pixels look, and APNG's frames; the rest (text, eXIf, tIME, whatever a program adds of its own) goes.
    constexpr std::string_view kShown = "tRNS cHRM gAMA iCCP sBIT sRGB cICP bKGD hIST pHYs sPLT acTL fcTL fdAT";
    constexpr std::size_t kAround = 12; // length, type and CRC
    if (!bytes.starts_with(kPngSignature))
        return std::nullopt;
    std::string out(kPngSignature);
    out.reserve(bytes.size());
    std::size_t place = kPngSignature.size();
    bool first = true, hasPixels = false;
    while (bytes.size() - place >= kAround) {
        const std::size_t length = big32(bytes, place);
        if (length > bytes.size() - place - kAround)
            return std::nullopt;
        const std::string_view type = bytes.substr(place + 4, 4);
        const bool letters = std::all_of(type.begin(), type.end(),
                                         [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); });
        if (!letters || crc32(bytes.substr(place + 4, 4 + length)) != big32(bytes, place + 8 + length))
            return std::nullopt;
        if (first != (type == "IHDR"))
            return std::nullopt;
        if (first && (length != 13 || !isSide(big32(bytes, place + 8)) || !isSide(big32(bytes, place + 12))))
            return std::nullopt;
        const bool critical = (type[0] & 0x20) == 0;
        if (critical && !isOneOf(type, kCritical))
            return std::nullopt;
        if (critical || isOneOf(type, kShown))
            out += bytes.substr(place, kAround + length);
        hasPixels = hasPixels || (type == "IDAT" && length != 0);
        first = false;
        place += kAround + length;
        if (type == "IEND")
            return length == 0 && hasPixels ? std::optional(std::move(out)) : std::nullopt;
    }
    return std::nullopt;
}

/// Markers of T.81 table B.1.
constexpr std::uint32_t kSoi = 0xd8, kEoi = 0xd9, kSos = 0xda, kCom = 0xfe, kApp0 = 0xe0, kApp2 = 0xe2, kApp14 = 0xee,
                        kApp15 = 0xef;

bool isFrame(std::uint32_t marker) // SOF0 … SOF15
{
    return marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc;
}

/// Tables, frames, restart interval and scans: what a decoder needs.
bool isForDecoding(std::uint32_t marker)
{
    return (marker >= 0xc0 && marker <= 0xcf && marker != 0xc8) || (marker >= kSos && marker <= 0xdf);
}

/// What of an application segment stays, with its marker and length; empty: nothing.
std::string keptOfApplication(std::uint32_t marker, std::string_view segment)
{
    constexpr std::string_view kJfif("JFIF\0", 5), kIcc("ICC_PROFILE\0", 12), kAdobe("Adobe", 5);
    constexpr std::size_t kJfifHeader = 16; // with its length; then comes a thumbnail
    const std::string_view data = segment.substr(2);
    std::string out{'\xff', static_cast<char>(marker)};
    if (marker == kApp0 && data.starts_with(kJfif) && segment.size() >= kJfifHeader) {
        out += segment.substr(0, kJfifHeader);
        out[2] = 0;
        out[3] = static_cast<char>(kJfifHeader);
        out[2 + kJfifHeader - 2] = out[2 + kJfifHeader - 1] = 0; // no thumbnail
        return out;
    }
    const bool kept = (marker == kApp2 && data.starts_with(kIcc)) || (marker == kApp14 && data.starts_with(kAdobe));
    return kept ? out.append(segment) : std::string();
}

/// Where the coded data of a scan that begins at `place` ends: at a marker that is no restart.
std::size_t scanEnd(std::string_view bytes, std::size_t place)
{
    for (; place + 1 < bytes.size(); ++place) {
        if (at(bytes, place) != 0xff)
            continue;
        const std::uint32_t next = at(bytes, place + 1);
        if (next == 0 || (next >= 0xd0 && next <= 0xd7))
            ++place;
        else if (next != 0xff)
            return place;
    }
    return bytes.size();
}

std::optional<std::string> strippedJpeg(std::string_view bytes)
{
    if (bytes.size() < 4 || at(bytes, 0) != 0xff || at(bytes, 1) != kSoi)
        return std::nullopt;
    std::string out(bytes.substr(0, 2));
    out.reserve(bytes.size());
    std::size_t place = 2;
    bool hasFrame = false;
    int scans = 0;
    while (bytes.size() - place >= 2) {
        if (at(bytes, place) != 0xff)
            return std::nullopt;
        const std::uint32_t marker = at(bytes, place + 1);
        if (marker == 0xff) { // a fill byte
            ++place;
            continue;
        }
        if (marker == kEoi) {
            out += bytes.substr(place, 2);
            return scans > 0 ? std::optional(std::move(out)) : std::nullopt;
        }
        if (bytes.size() - place < 4)
            return std::nullopt;
        const std::size_t length = big16(bytes, place + 2); // with its own two bytes
        if (length < 2 || length > bytes.size() - place - 2)
            return std::nullopt;
        const std::string_view segment = bytes.substr(place + 2, length);
        std::size_t end = place + 2 + length;
        if (isForDecoding(marker)) {
            if (isFrame(marker)) {
                // Length, precision, height, width, components: a height that comes later (DNL) is not taken.
                if (hasFrame || length < 8 || !isSide(big16(segment, 3)) || !isSide(big16(segment, 5)))
                    return std::nullopt;
                hasFrame = true;
            }
            if (marker == kSos) {
                if (!hasFrame || ++scans > limits::kMaxJpegScans)
                    return std::nullopt;
                end = scanEnd(bytes, end);
            }
            out += bytes.substr(place, end - place);
        } else if (marker >= kApp0 && marker <= kApp15) {
            out += keptOfApplication(marker, segment);
        } else if (marker != kCom) {
            return std::nullopt;
        }
        place = end;
    }
    return std::nullopt;
}

} // namespace

std::optional<PictureKind> pictureKind(std::string_view mime)
{
    if (mime == "image/png")
        return PictureKind::Png;
    if (mime == "image/jpeg")
        return PictureKind::Jpeg;
    return std::nullopt;
}

std::optional<std::string> withoutMetadata(PictureKind kind, std::string_view bytes)
{
    switch (kind) {
    case PictureKind::Png:
        return strippedPng(bytes);
    case PictureKind::Jpeg:
        return strippedJpeg(bytes);
    }
    return std::nullopt;
}

} // namespace kith::server
