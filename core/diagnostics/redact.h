// SPDX-License-Identifier: GPL-3.0-or-later
// What is left of a frame in a report: its shape, numbers, ids and the protocol's own words. Everything that a person
// wrote is replaced by its length.
#pragma once

#include <string>
#include <string_view>

namespace kith::diagnostics {

/// One line of JSON. A text stays only where its field is known to hold an id or a word of the protocol and it has that
/// form; a field's name only if the protocol has it. All else becomes "<12>", twelve characters. Bytes that are not
/// JSON become {"unreadable": their count}.
std::string redactFrame(std::string_view json);

/// A sentence of the log or of an error: the home folder and the user's name in it become "~".
std::string redactHome(std::string text, std::string_view home, std::string_view login);

} // namespace kith::diagnostics
