// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/kith-cli/security.h"

#include "core/client/errors.h"

#include <QByteArray>
#include <QSaveFile>

namespace kith::cli {

namespace {

using client::Client;
using client::ClientErrorCode;
using Done = client::Result<void>;

/// Two secrets, read in that order.
struct Secrets {
    std::string first, second;
};

std::optional<Secrets> readSecrets(const char *first, const char *second)
{
    auto one = readPassword(first);
    auto two = one ? readPassword(second) : std::nullopt;
    if (!two)
        return std::nullopt;
    return Secrets{std::move(*one), std::move(*two)};
}

client::ClientError noInput()
{
    return client::makeError(ClientErrorCode::Cancelled, {});
}

/// Private to its owner: whoever has the picture has the second factor.
Done writePicture(const QString &path, const std::string &base64)
{
    QSaveFile file(path);
    const auto png = QByteArray::fromBase64(QByteArray::fromStdString(base64));
    const bool written = file.open(QIODevice::WriteOnly) &&
                         file.setPermissions(QFileDevice::ReadOwner | QFileDevice::WriteOwner) &&
                         file.write(png) == png.size() && file.commit();
    if (!written)
        return Unexpected(
            client::makeError(ClientErrorCode::Storage, path + QStringLiteral(": ") + file.errorString()));
    return {};
}

QCoro::Task<Done> mfaStatus(Client &client, const Output &output)
{
    auto task = client.mfa();
    auto state = co_await task;
    if (!state)
        co_return Unexpected(std::move(state).error());
    output.mfa(*state);
    co_return Done{};
}

QCoro::Task<Done> enroll(Client &client, const Output &output, QString picture)
{
    auto task = client.enrollMfa();
    auto enrolment = co_await task;
    if (!enrolment)
        co_return Unexpected(std::move(enrolment).error());
    if (!picture.isEmpty())
        if (auto written = writePicture(picture, enrolment->qrPng); !written)
            co_return written;
    output.enrolment(*enrolment);
    co_return Done{};
}

QCoro::Task<Done> printCodes(QCoro::Task<client::Result<std::vector<std::string>>> task, const Output &output)
{
    auto codes = co_await task;
    if (!codes)
        co_return Unexpected(std::move(codes).error());
    output.codes(*codes);
    co_return Done{};
}

QCoro::Task<Done> devices(Client &client, const Output &output)
{
    auto task = client.devices();
    auto list = co_await task;
    if (!list)
        co_return Unexpected(std::move(list).error());
    for (const auto &device : *list)
        output.device(device, device.id.str() == client.deviceId().toStdString());
    co_return Done{};
}

QCoro::Task<Done> audit(Client &client, const Output &output, int limit)
{
    auto task = client.accountEvents(limit);
    auto events = co_await task;
    if (!events)
        co_return Unexpected(std::move(events).error());
    for (const auto &event : *events)
        output.event(event);
    co_return Done{};
}

QCoro::Task<Done> keyStatus(Client &client, const Output &output)
{
    auto task = client.keyWays();
    auto ways = co_await task;
    if (!ways)
        co_return Unexpected(std::move(ways).error());
    output.key(*ways);
    co_return Done{};
}

QCoro::Task<Done> recoveryKey(Client &client, const Output &output)
{
    auto task = client.renewRecoveryKey();
    auto words = co_await task;
    if (!words)
        co_return Unexpected(std::move(words).error());
    output.recoveryKey(*words);
    co_return Done{};
}

} // namespace

bool concernsKey(Command command)
{
    switch (command) {
    case Command::KeyStatus:
    case Command::KeyPassphrase:
    case Command::KeyNoPassphrase:
    case Command::KeyRecovery:
    case Command::KeyKeyring:
    case Command::KeyNoKeyring:
        return true;
    default:
        return false;
    }
}

QCoro::Task<Done> runSecurity(const Arguments &arguments, Client &client, const Output &output)
{
    switch (arguments.command) {
    case Command::MfaStatus:
        return mfaStatus(client, output);
    case Command::MfaEnroll:
        return enroll(client, output, arguments.file);
    case Command::MfaBind:
        if (auto typed = readSecrets("Secret: ", "Code of the authenticator: "))
            return printCodes(client.bindMfa(typed->first, typed->second), output);
        break;
    case Command::MfaUnbind:
        if (auto typed = readSecrets("Password: ", "Code or recovery code: "))
            return client.unbindMfa(typed->first, typed->second);
        break;
    case Command::MfaRecoveryCodes:
        if (auto typed = readSecrets("Password: ", "Code or recovery code: "))
            return printCodes(client.renewRecoveryCodes(typed->first, typed->second), output);
        break;
    case Command::Devices:
        return devices(client, output);
    case Command::RevokeDevice:
        return client.revokeDevice(DeviceId(arguments.device));
    case Command::ChangePassword:
        if (auto typed = readSecrets("Old password: ", "New password: "))
            return client.changePassword(typed->first, typed->second);
        break;
    case Command::Audit:
        return audit(client, output, arguments.limit);
    case Command::KeyStatus:
        return keyStatus(client, output);
    case Command::KeyPassphrase:
        if (auto typed = readPassword("New passphrase for this profile: "); typed && !typed->empty())
            return client.setPassphrase(crypto::Secret::take(std::move(*typed)));
        break;
    case Command::KeyNoPassphrase:
        return client.removePassphrase();
    case Command::KeyRecovery:
        return recoveryKey(client, output);
    case Command::KeyKeyring:
        return client.addKeyring();
    case Command::KeyNoKeyring:
        return client.removeKeyring();
    default:
        break;
    }
    return [](client::ClientError error) -> QCoro::Task<Done> { co_return Unexpected(std::move(error)); }(noInput());
}

} // namespace kith::cli
