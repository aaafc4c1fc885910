// SPDX-License-Identifier: GPL-3.0-or-later
// A QR code as a PNG file, for the otpauth:// URI of an enrolment.
#pragma once

#include "core/crypto/crypto.h"

#include <string>
#include <string_view>

namespace kith::crypto {

/// Dark on white whatever the theme around it, with the quiet zone of 4 modules that ISO/IEC 18004 asks for; each
/// module is `pixels` wide (1 to 32). BadInput: more than a QR code holds.
Result<std::string> qrPng(std::string_view text, int pixels = 6);

} // namespace kith::crypto
