// SPDX-License-Identifier: GPL-3.0-or-later
// How errors of the rooms below become the client's errors.
#pragma once

#include "core/client/types.h"

namespace kith::client {

ClientError makeError(ClientErrorCode code, QString detail);
ClientError wireError(protocol::WireError error);
ClientError sqlError(sql::SqlError error);
ClientError exportError(exporting::Error error);
ClientError cancelledError();

/// The server's no is about this request and will stay a no: sending it again unchanged is pointless.
bool isFinalRefusal(const ClientError &error);
/// The session itself is over: the refresh token is unknown, revoked or was used twice.
bool endsSession(const ClientError &error);
/// The access token is the reason: refresh it and ask again.
bool wantsRefresh(const ClientError &error);

template <class T>
Result<T> fromSql(sql::Result<T> &&result)
{
    if (!result)
        return Unexpected(sqlError(std::move(result).error()));
    if constexpr (std::is_void_v<T>)
        return {};
    else
        return std::move(result).value();
}

template <class T>
Result<T> fromExport(exporting::Result<T> &&result)
{
    if (!result)
        return Unexpected(exportError(std::move(result).error()));
    if constexpr (std::is_void_v<T>)
        return {};
    else
        return std::move(result).value();
}

template <class T>
Result<T> fromDecoded(protocol::Decoded<T> &&decoded)
{
    if (!decoded)
        return Unexpected(makeError(ClientErrorCode::NotKith, QString::fromStdString(decoded.error().message)));
    return std::move(decoded).value();
}

} // namespace kith::client
