// SPDX-License-Identifier: GPL-3.0-or-later
// A file that is there whole or not at all.
#pragma once

#include "core/export/types.h"

#include <string_view>

namespace kith::exporting {

/// Written beside its place as NAME.kith-part, which only its owner may read, and moved there at the end. What a
/// process that was killed left under that name is used again by the next export to NAME; two at once exclude each
/// other. No method throws; all wait for the disk.
class OutputFile final {
public:
    /// Exists unless `replace`; Unwritable, Busy.
    static Result<OutputFile> create(const std::string &path, bool replace);
    OutputFile(OutputFile &&other) noexcept;
    OutputFile &operator=(OutputFile &&) = delete;
    /// Takes the part away unless it was committed.
    ~OutputFile();

    /// DiskFull, Unwritable. Buffered.
    Result<void> write(std::string_view text);
    /// To the disk: the bytes, before the name says that they are there.
    Result<void> sync();
    /// Exists where a file of that name came meanwhile.
    Result<void> commit();
    std::int64_t size() const { return m_size; }
    const std::string &path() const { return m_path; }
    static std::string partOf(const std::string &path) { return path + ".kith-part"; }

private:
    OutputFile(std::string path, bool replace, int descriptor);
    Result<void> flush();

    std::string m_path, m_buffer;
    bool m_replace = false;
    int m_descriptor = -1;
    std::int64_t m_size = 0;
};

} // namespace kith::exporting
