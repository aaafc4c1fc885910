// SPDX-License-Identifier: GPL-3.0-or-later
// A frame that a tester wrote, made fit to be sent beside the client's own.
#pragma once

#include "core/client/link.h"

#include <string>
#include <string_view>
#include <vector>

namespace kith::client {

struct RawFrame {
    std::vector<OutgoingEnvelope> envelopes;
    std::vector<std::string> ids; // of those that want an answer, as they are sent
};

/// An envelope or an array of them, otherwise Server with Malformed. Their ids get a prefix, so that no answer can be
/// taken for one to the client; what is shown of tokens and codes is "redacted". Nothing else is checked: what the
/// server says to nonsense is what a tester wants to see.
Result<RawFrame> rawFrame(std::string_view json);

} // namespace kith::client
