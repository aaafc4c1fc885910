// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sql/page_scan.h"

#include "core/sql/big_endian.h"

#include <bit>
#include <cstring>

namespace kith::sql {
namespace {

constexpr std::int64_t kMaxPayload = 1024 * 1024; // no row of ours is near it; nonsense would be followed for ever
constexpr unsigned char kTableLeaf = 13, kIndexLeaf = 10, kIndexInterior = 2;

struct BrokenCell {};
template <class T>
using Parsed = Expected<T, BrokenCell>;

/// A position in bytes that nobody vouches for.
class Cursor final {
public:
    Cursor(std::string_view bytes, std::size_t at) : m_bytes(bytes), m_at(at) {}

    Parsed<std::string_view> take(std::size_t size)
    {
        if (m_at > m_bytes.size() || size > m_bytes.size() - m_at)
            return Unexpected(BrokenCell{});
        m_at += size;
        return m_bytes.substr(m_at - size, size);
    }
    Parsed<std::int64_t> varint()
    {
        std::uint64_t value = 0;
        for (int i = 0; i < 9; ++i) {
            KITH_TRY_VALUE(one, take(1));
            const auto byte = static_cast<unsigned char>(one[0]);
            if (i == 8)
                return static_cast<std::int64_t>(value << 8 | byte);
            value = value << 7 | (byte & 0x7f);
            if (byte < 0x80)
                break;
        }
        return static_cast<std::int64_t>(value);
    }
    std::size_t at() const { return m_at; }

private:
    std::string_view m_bytes;
    std::size_t m_at;
};

Parsed<Value> readValue(std::int64_t type, Cursor &body)
{
    static constexpr std::size_t kSizes[] = {0, 1, 2, 3, 4, 6, 8};
    if (type == 0)
        return Value();
    if (type >= 1 && type <= 6) {
        KITH_TRY_VALUE(bytes, body.take(kSizes[type]));
        const int shift = 64 - 8 * static_cast<int>(bytes.size());
        return Value(static_cast<std::int64_t>(bigEndian(bytes) << shift) >> shift); // sign extended
    }
    if (type == 7) {
        KITH_TRY_VALUE(bytes, body.take(8));
        return Value(std::bit_cast<double>(bigEndian(bytes)));
    }
    if (type == 8 || type == 9)
        return Value(type - 8);
    if (type < 12)
        return Unexpected(BrokenCell{});
    KITH_TRY_VALUE(bytes, body.take(static_cast<std::size_t>((type - 12) / 2)));
    return type % 2 == 0 ? Value(Blob{std::string(bytes)}) : Value(std::string(bytes));
}

Parsed<std::vector<Value>> readRecord(std::string_view payload)
{
    Cursor header(payload, 0);
    KITH_TRY_VALUE(headerSize, header.varint());
    if (headerSize < 1 || headerSize > static_cast<std::int64_t>(payload.size()))
        return Unexpected(BrokenCell{});
    Cursor body(payload, static_cast<std::size_t>(headerSize));
    std::vector<Value> values;
    while (header.at() < static_cast<std::size_t>(headerSize)) {
        KITH_TRY_VALUE(type, header.varint());
        KITH_TRY_VALUE(value, readValue(type, body));
        values.push_back(std::move(value));
    }
    return values;
}

class Scanner final {
public:
    Scanner(const PageSource &page, const std::function<Result<void>(const Cell &)> &take) : m_page(page), m_take(take)
    {
    }

    Result<PageScan> run(std::int64_t pages)
    {
        m_count.pages = pages;
        for (std::int64_t number = 1; number <= m_count.pages; ++number) {
            const auto bytes = m_page(number);
            const bool readable = bytes && bytes->size() == PageFile::kUsableBytes;
            m_count.unreadable += readable ? 0 : 1;
            if (readable)
                KITH_TRY(cells(*bytes, number == 1 ? 100 : 0));
        }
        return m_count;
    }

private:
    Result<void> cells(const std::string &bytes, std::size_t header)
    {
        const auto type = static_cast<unsigned char>(bytes[header]);
        if (type != kTableLeaf && type != kIndexLeaf && type != kIndexInterior)
            return {};
        const std::size_t array = header + (type == kIndexInterior ? 12 : 8);
        const std::uint64_t count = bigEndian(std::string_view(bytes).substr(header + 3, 2));
        for (std::uint64_t i = 0; i < count && array + 2 * i + 2 <= bytes.size(); ++i) {
            const auto at = bigEndian(std::string_view(bytes).substr(array + 2 * i, 2));
            auto cell = readCell(bytes, at, type);
            if (cell) {
                KITH_TRY(m_take(*cell));
            } else {
                ++m_count.broken;
            }
        }
        return {};
    }

    Parsed<Cell> readCell(std::string_view page, std::size_t at, unsigned char type)
    {
        Cursor cursor(page, at);
        if (type == kIndexInterior)
            KITH_TRY(cursor.take(4)); // the page on its left
        KITH_TRY_VALUE(size, cursor.varint());
        Cell cell;
        if (type == kTableLeaf) {
            KITH_TRY_VALUE(rowid, cursor.varint());
            cell.rowid = rowid;
        }
        if (size < 1 || size > kMaxPayload)
            return Unexpected(BrokenCell{});
        constexpr auto usable = static_cast<std::int64_t>(PageFile::kUsableBytes);
        const std::int64_t most = type == kTableLeaf ? usable - 35 : (usable - 12) * 64 / 255 - 23;
        const std::int64_t least = (usable - 12) * 32 / 255 - 23;
        std::int64_t here = size;
        if (size > most) {
            here = least + (size - least) % (usable - 4);
            if (here > most)
                here = least;
        }
        KITH_TRY_VALUE(local, cursor.take(static_cast<std::size_t>(here)));
        std::string payload(local);
        if (here < size) {
            KITH_TRY_VALUE(next, cursor.take(4));
            KITH_TRY(overflow(payload, static_cast<std::size_t>(size), bigEndian(next)));
        }
        KITH_TRY_VALUE(values, readRecord(payload));
        cell.values = std::move(values);
        return cell;
    }

    Parsed<void> overflow(std::string &payload, std::size_t size, std::uint64_t number)
    {
        while (payload.size() < size) { // ends: each page adds to it
            if (number < 2 || number > static_cast<std::uint64_t>(m_count.pages))
                return Unexpected(BrokenCell{});
            const auto bytes = m_page(static_cast<std::int64_t>(number));
            if (!bytes || bytes->size() != PageFile::kUsableBytes)
                return Unexpected(BrokenCell{});
            number = bigEndian(std::string_view(*bytes).substr(0, 4));
            payload.append(*bytes, 4, std::min(size - payload.size(), bytes->size() - 4));
        }
        return {};
    }

    const PageSource &m_page;
    const std::function<Result<void>(const Cell &)> &m_take;
    PageScan m_count;
};

} // namespace

Result<PageScan> scanPages(std::int64_t pages, const PageSource &page,
                           const std::function<Result<void>(const Cell &)> &take)
{
    return Scanner(page, take).run(pages);
}

} // namespace kith::sql
