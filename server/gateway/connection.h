// SPDX-License-Identifier: GPL-3.0-or-later
// Where an accepted TCP socket goes; the two stream types are compiled in one file each.
#pragma once

#include "server/gateway/net.h"

namespace kith::server::gateway {

struct Door;
class IoThread;

enum class Entrance { Public, Ops };

void startPlainConnection(Door &door, IoThread &thread, TcpSocket socket, Entrance entrance);
void startTlsConnection(Door &door, IoThread &thread, TcpSocket socket, Entrance entrance);

} // namespace kith::server::gateway
