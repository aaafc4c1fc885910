// SPDX-License-Identifier: GPL-3.0-or-later
// The words of an export that is made for people. English here; a window brings its own language.
#pragma once

#include "core/export/types.h"

namespace kith::exporting {

/// Used on the thread that writes. UTF-8, without mark-up: whoever writes it escapes it.
class Phrases {
public:
    /// Empty for somebody not known.
    using NameOf = std::function<std::string(const UserId &)>;

    virtual ~Phrases() = default;
    virtual std::string language() const; // as in BCP 47
    virtual std::string day(const LocalTime &at) const;
    virtual std::string dayAndTime(const LocalTime &at) const;
    virtual std::string title(const std::string &name, bool archive) const;
    virtual std::string exportedAt(const std::string &when) const;
    /// `last` is in it. Either may be missing.
    virtual std::string period(const std::optional<LocalTime> &first, const std::optional<LocalTime> &last) const;
    virtual std::string messages(std::int64_t count) const;
    virtual std::string hole(const history::Hole &hole) const;
    virtual std::string nothingMissing() const;
    virtual std::string missing(std::int64_t count) const;
    virtual std::string somebody() const;
    virtual std::string recalled() const;
    virtual std::string edited() const;
    virtual std::string unsentHeading() const;
    virtual std::string waiting() const;
    virtual std::string refused(const std::string &failure) const; // wire name of the error
    virtual std::string attachment(MessageKind kind) const;
    virtual std::string quoteMissing() const; // what a message answers is not on this computer
    virtual std::string system(const Message &message, const NameOf &nameOf, const UserId &self) const;
};

} // namespace kith::exporting
