// SPDX-License-Identifier: GPL-3.0-or-later
// What people mean by **bold**, `code` and ``` fences: the text without the signs, and what stands out in it.
#pragma once

#include <QString>

#include <vector>

namespace kith::models {

enum class MarkKind { Bold, Code, Block };

struct Mark {
    int start = 0; // in Markup::text, UTF-16 units
    int length = 0;
    MarkKind kind = MarkKind::Bold;

    bool operator==(const Mark &) const = default;
};

struct Markup {
    QString text;
    std::vector<Mark> marks; // in order; they do not overlap, but Bold may hold Code

    bool operator==(const Markup &) const = default;
};

/// Signs that have no partner, or hold nothing, stay as they were written. A block stands on lines of its own.
Markup readMarkup(const QString &source);

} // namespace kith::models
