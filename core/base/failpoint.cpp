// SPDX-License-Identifier: GPL-3.0-or-later
// Compiled only with KITH_FAILPOINTS.
#include "core/base/failpoint.h"

#include <atomic>
#include <csignal>
#include <cstdlib>
#include <string>

namespace kith::failpoint {
namespace {

struct Appointment {
    std::string name; // empty: nothing happens here
    long passage = 0;
    bool stop = false;
};

const Appointment &appointment()
{
    static const Appointment kAppointment = [] {
        Appointment made;
        const char *text = std::getenv("KITH_FAIL_AT");
        const std::string spelled = text == nullptr ? "" : text;
        if (const auto colon = spelled.find(':'); colon != std::string::npos) {
            made.name = spelled.substr(0, colon);
            made.passage = std::strtol(spelled.c_str() + colon + 1, nullptr, 10);
            made.stop = spelled.ends_with(":stop");
        }
        return made;
    }();
    return kAppointment;
}

} // namespace

void pass(const char *name) noexcept
{
    const Appointment &due = appointment();
    if (due.name.empty() || due.name != name)
        return;
    static std::atomic<long> passed{0};
    if (passed.fetch_add(1) + 1 != due.passage)
        return;
#ifdef SIGSTOP
    if (due.stop) {
        std::raise(SIGSTOP); // of the whole process, until somebody sends SIGCONT
        return;
    }
#endif
#ifdef SIGKILL
    std::raise(SIGKILL); // of the whole process: no destructor, no flush, as when the power goes
#endif
    std::_Exit(137);
}

} // namespace kith::failpoint
