// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/store/embedded/engine.h"

namespace kith::server::embedded {

StoreError Engine::failed(const sql::SqlError &error)
{
    m_spoiled = error.code == sql::SqlErrorCode::DiskFull ? StoreError::DiskFull : StoreError::Unavailable;
    if (m_onError)
        m_onError(error);
    return *m_spoiled;
}

} // namespace kith::server::embedded
