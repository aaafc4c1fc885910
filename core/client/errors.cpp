// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/client/errors.h"

namespace kith::client {

using protocol::ErrorCode;
using protocol::Retry;

ClientError makeError(ClientErrorCode code, QString detail)
{
    ClientError error;
    error.code = code;
    error.detail = std::move(detail);
    return error;
}

ClientError wireError(protocol::WireError wire)
{
    ClientError error;
    error.code = ClientErrorCode::Server;
    error.detail = QString::fromStdString(wire.message);
    error.wire = std::move(wire);
    return error;
}

ClientError sqlError(sql::SqlError sql)
{
    ClientError error;
    error.code = ClientErrorCode::Storage;
    error.detail = QString::fromStdString(sql.detail);
    error.sql = std::move(sql);
    return error;
}

ClientError exportError(exporting::Error file)
{
    if (file.code == exporting::ErrorCode::Cancelled)
        return makeError(ClientErrorCode::Cancelled, QStringLiteral("cancelled"));
    ClientError error = makeError(ClientErrorCode::File, QString::fromStdString(file.detail));
    error.file = std::move(file);
    return error;
}

ClientError cancelledError()
{
    return makeError(ClientErrorCode::Cancelled, QStringLiteral("the client is closing"));
}

bool isFinalRefusal(const ClientError &error)
{
    if (error.code != ClientErrorCode::Server || !error.wire || wantsRefresh(error))
        return false;
    return error.wire->retry == Retry::No || error.wire->retry == Retry::New;
}

bool endsSession(const ClientError &error)
{
    return error.code == ClientErrorCode::Server && error.wire &&
           (error.wire->code == ErrorCode::Unauthenticated || error.wire->code == ErrorCode::TokenReused ||
            error.wire->code == ErrorCode::TokenExpired);
}

bool wantsRefresh(const ClientError &error)
{
    return error.code == ClientErrorCode::Server && error.wire &&
           (error.wire->code == ErrorCode::TokenExpired || error.wire->code == ErrorCode::Unauthenticated);
}

} // namespace kith::client
