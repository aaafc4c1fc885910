// SPDX-License-Identifier: GPL-3.0-or-later
// The words of an export in the language of the windows.
#pragma once

#include "core/export/phrases.h"

#include <QCoreApplication>

namespace kith::ui {

/// Used on the thread that writes: translating is safe there, and nothing else is touched.
class ExportPhrases final : public exporting::Phrases {
    Q_DECLARE_TR_FUNCTIONS(ExportPhrases)
public:
    std::string language() const override;
    std::string day(const exporting::LocalTime &at) const override;
    std::string dayAndTime(const exporting::LocalTime &at) const override;
    std::string title(const std::string &name, bool archive) const override;
    std::string exportedAt(const std::string &when) const override;
    std::string period(const std::optional<exporting::LocalTime> &first,
                       const std::optional<exporting::LocalTime> &last) const override;
    std::string messages(std::int64_t count) const override;
    std::string hole(const history::Hole &hole) const override;
    std::string nothingMissing() const override;
    std::string missing(std::int64_t count) const override;
    std::string somebody() const override;
    std::string recalled() const override;
    std::string edited() const override;
    std::string unsentHeading() const override;
    std::string waiting() const override;
    std::string refused(const std::string &failure) const override;
    std::string attachment(MessageKind kind) const override;
    std::string quoteMissing() const override;
    std::string system(const Message &message, const NameOf &nameOf, const UserId &self) const override;
};

} // namespace kith::ui
