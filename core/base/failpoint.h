// SPDX-License-Identifier: GPL-3.0-or-later
// Named points at which the chaos tests let this process die or stand still; in a release build they are nothing.
#pragma once

#ifdef KITH_FAILPOINTS

namespace kith::failpoint {

/// If the environment says KITH_FAIL_AT="name:n" (n from 1) and this is the n-th time that any thread passes that
/// point, the process ends with SIGKILL; with "name:n:stop" it stops with SIGSTOP. The variable is read once; without
/// it this costs one comparison.
void pass(const char *name) noexcept;

} // namespace kith::failpoint

/// All names are in tests/chaos/points.txt, which a test compares with the sources: each stands at one place.
#define KITH_FAILPOINT(name) ::kith::failpoint::pass(name)

#else

#define KITH_FAILPOINT(name) static_cast<void>(0)

#endif
