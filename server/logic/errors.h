// SPDX-License-Identifier: GPL-3.0-or-later
// From the store's errors to those of the wire; the client gets a code and a sentence, the log the detail.
#pragma once

#include "core/protocol/errors.h"
#include "server/store/store.h"

#include <chrono>
#include <string>

namespace kith::server {

protocol::WireError wireError(StoreError error);
protocol::WireError rateLimited(std::chrono::milliseconds retryAfter);
protocol::WireError draining();
protocol::WireError overloaded();
/// Eight hexadecimal digits that find the log line of an answer.
std::string newTrace();

} // namespace kith::server
