// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/kithd/notify.h"

#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

namespace kith::server {

void notifyManager(const char *state)
{
    const char *name = std::getenv("NOTIFY_SOCKET");
    sockaddr_un address{};
    const std::size_t length = name ? std::strlen(name) : 0;
    if (length < 2 || length >= sizeof address.sun_path || (name[0] != '/' && name[0] != '@'))
        return;
    address.sun_family = AF_UNIX;
    std::memcpy(address.sun_path, name, length);
    if (name[0] == '@')
        address.sun_path[0] = '\0'; // abstract
    const int door = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (door < 0)
        return;
    // Not waiting: a manager that does not read must not hold the server.
    const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + length);
    ::sendto(door, state, std::strlen(state), MSG_NOSIGNAL | MSG_DONTWAIT, reinterpret_cast<sockaddr *>(&address),
             size);
    ::close(door);
}

} // namespace kith::server
