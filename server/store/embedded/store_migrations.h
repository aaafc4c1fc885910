// SPDX-License-Identifier: GPL-3.0-or-later
// The schema of the embedded store, step by step: resources/migrations/server.
#pragma once

#include "core/sql/sql.h"

#include <span>

namespace kith::server::embedded {

/// Compiled in by kith_embed_sql().
std::span<const sql::Migration> migrations();

} // namespace kith::server::embedded
