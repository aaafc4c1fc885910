// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sql/page_file.h"

#include "core/sql/big_endian.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <array>
#include <filesystem>
#include <fstream>

#include <fcntl.h>
#include <unistd.h>

namespace kith::sql {
namespace {

constexpr std::size_t kSalt = 16, kIv = 16, kMac = 64, kKey = 32;
constexpr std::size_t kLogHeader = 32, kFrameHeader = 24;
constexpr unsigned char kMacSaltMask = 0x3a;
constexpr int kMacIterations = 2; // of PBKDF2, from a key that is random already

const unsigned char *bytesOf(std::string_view text)
{
    return reinterpret_cast<const unsigned char *>(text.data());
}

/// `size` bytes from `at`; fewer at the end of the file.
std::string readAt(std::ifstream &file, std::uint64_t at, std::size_t size)
{
    std::string bytes(size, '\0');
    file.clear();
    file.seekg(static_cast<std::streamoff>(at));
    file.read(bytes.data(), static_cast<std::streamsize>(size));
    bytes.resize(static_cast<std::size_t>(std::max<std::streamsize>(file.gcount(), 0)));
    return bytes;
}

class Cipher final {
public:
    explicit Cipher(const crypto::Secret &key) : m_key(key.clone()), m_macKey(kKey) {}

    bool useSalt(std::string_view salt)
    {
        if (salt.size() != kSalt)
            return false;
        std::array<unsigned char, kSalt> masked{};
        for (std::size_t i = 0; i < kSalt; ++i)
            masked[i] = static_cast<unsigned char>(salt[i]) ^ kMacSaltMask;
        return PKCS5_PBKDF2_HMAC(reinterpret_cast<const char *>(m_key.bytes().data()), static_cast<int>(kKey),
                                 masked.data(), static_cast<int>(kSalt), kMacIterations, EVP_sha512(),
                                 static_cast<int>(kKey), m_macKey.bytes().data()) == 1;
    }

    /// Nothing if it is not authentic.
    std::optional<std::string> open(std::int64_t number, std::string_view page) const
    {
        if (page.size() != PageFile::kPageBytes)
            return std::nullopt;
        const std::size_t skip = number == 1 ? kSalt : 0;
        const std::string_view sealed = page.substr(skip, PageFile::kUsableBytes - skip);
        std::string authentic(page.substr(skip, sealed.size() + kIv));
        for (int shift = 0; shift < 32; shift += 8)
            authentic += static_cast<char>(number >> shift);
        std::array<unsigned char, kMac> mac{};
        unsigned int size = 0;
        if (HMAC(EVP_sha512(), m_macKey.bytes().data(), static_cast<int>(kKey), bytesOf(authentic), authentic.size(),
                 mac.data(), &size) == nullptr ||
            CRYPTO_memcmp(mac.data(), page.data() + PageFile::kUsableBytes + kIv, kMac) != 0)
            return std::nullopt;
        const std::unique_ptr<EVP_CIPHER_CTX, decltype(&EVP_CIPHER_CTX_free)> context(EVP_CIPHER_CTX_new(),
                                                                                      &EVP_CIPHER_CTX_free);
        std::string plain(sealed.size(), '\0');
        int written = 0;
        if (!context ||
            EVP_DecryptInit_ex(context.get(), EVP_aes_256_cbc(), nullptr, m_key.bytes().data(),
                               bytesOf(page.substr(PageFile::kUsableBytes, kIv))) != 1 ||
            EVP_CIPHER_CTX_set_padding(context.get(), 0) != 1 ||
            EVP_DecryptUpdate(context.get(), reinterpret_cast<unsigned char *>(plain.data()), &written, bytesOf(sealed),
                              static_cast<int>(sealed.size())) != 1 ||
            written != static_cast<int>(sealed.size()))
            return std::nullopt;
        static constexpr std::string_view kHeader("SQLite format 3\0", kSalt); // where the salt lies in the file
        return number == 1 ? std::string(kHeader) + plain : plain;
    }

private:
    crypto::Secret m_key, m_macKey;
};

} // namespace

struct PageFile::Impl {
    std::ifstream file, log;
    Cipher cipher;
    std::int64_t inFile = 0, last = 0;
    std::map<std::int64_t, std::uint64_t> frames; // of committed pages: where in the log

    std::optional<std::string> readFromFile(std::int64_t number)
    {
        return cipher.open(number, readAt(file, static_cast<std::uint64_t>(number - 1) * kPageBytes, kPageBytes));
    }

    std::optional<std::string> read(std::int64_t number)
    {
        if (const auto frame = frames.find(number); frame != frames.end())
            if (auto page = cipher.open(number, readAt(log, frame->second, kPageBytes)))
                return page;
        return readFromFile(number);
    }

    bool anyIsAuthentic()
    {
        for (std::int64_t number = 1; number <= inFile; ++number)
            if (readFromFile(number))
                return true;
        return false;
    }

    /// What commits in the log replaced. A frame belongs to the log if it carries the header's salts; pages vouch for
    /// themselves, so SQLite's sums are not needed.
    void readLog()
    {
        const std::string header = readAt(log, 0, kLogHeader);
        if (header.size() != kLogHeader)
            return;
        const std::string_view salts = std::string_view(header).substr(16, 8);
        std::map<std::int64_t, std::uint64_t> open;
        for (std::uint64_t at = kLogHeader;; at += kFrameHeader + kPageBytes) {
            const std::string frame = readAt(log, at, kFrameHeader + kPageBytes);
            if (frame.size() != kFrameHeader + kPageBytes || std::string_view(frame).substr(8, 8) != salts)
                return;
            const auto number = static_cast<std::int64_t>(bigEndian(std::string_view(frame).substr(0, 4)));
            if (!cipher.open(number, std::string_view(frame).substr(kFrameHeader)))
                continue; // damaged: the page before it is better than none
            open[number] = at + kFrameHeader;
            if (const auto size = bigEndian(std::string_view(frame).substr(4, 4)); size != 0) {
                last = static_cast<std::int64_t>(size);
                for (const auto &[page, where] : open)
                    frames[page] = where;
                open.clear();
            }
        }
    }
};

PageFile::PageFile(std::unique_ptr<Impl> impl) : m_impl(std::move(impl)) {}
PageFile::PageFile(PageFile &&) noexcept = default;
PageFile::~PageFile() = default;

Result<PageFile> PageFile::open(const std::string &path, const crypto::Secret &key)
{
    if (key.size() != kKey)
        return Unexpected(SqlError{SqlErrorCode::Misuse, "a key has 32 bytes", 0});
    std::error_code failure;
    const auto size = std::filesystem::file_size(path, failure);
    auto impl = std::unique_ptr<Impl>(new Impl{
        std::ifstream(path, std::ios::binary), std::ifstream(path + "-wal", std::ios::binary), Cipher(key), 0, 0, {}});
    if (failure || !impl->file)
        return Unexpected(SqlError{SqlErrorCode::CannotOpen, path, 0});
    impl->inFile = static_cast<std::int64_t>(size / kPageBytes);
    impl->last = impl->inFile;
    std::ifstream kept(saltPath(path), std::ios::binary);
    const bool known = (impl->cipher.useSalt(readAt(impl->file, 0, kSalt)) && impl->anyIsAuthentic()) ||
                       (kept && impl->cipher.useSalt(readAt(kept, 0, kSalt)) && impl->anyIsAuthentic());
    if (!known)
        return Unexpected(SqlError{SqlErrorCode::WrongKey, "no page is authentic", 0});
    if (impl->log)
        impl->readLog();
    return PageFile(std::move(impl));
}

std::int64_t PageFile::pages() const
{
    return std::max(m_impl->last, m_impl->inFile);
}

std::optional<std::string> PageFile::page(std::int64_t number)
{
    return number < 1 || number > pages() ? std::nullopt : m_impl->read(number);
}

std::string saltPath(const std::string &path)
{
    return path + ".salt";
}

void keepSalt(const std::string &path)
{
    std::ifstream file(path, std::ios::binary), kept(saltPath(path), std::ios::binary);
    const std::string salt = file ? readAt(file, 0, kSalt) : std::string();
    if (salt.size() != kSalt || (kept && readAt(kept, 0, kSalt + 1) == salt))
        return;
    const std::string made = saltPath(path) + ".new";
    const int descriptor = ::open(made.c_str(), O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC, 0600);
    if (descriptor < 0)
        return;
    const bool written =
        ::write(descriptor, salt.data(), salt.size()) == static_cast<ssize_t>(salt.size()) && ::fsync(descriptor) == 0;
    ::close(descriptor);
    if (!written || ::rename(made.c_str(), saltPath(path).c_str()) != 0)
        ::unlink(made.c_str());
}

} // namespace kith::sql
