// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/kith-cli/avatar.h"

#include "app/kith-cli/people.h"
#include "core/client/avatars.h"
#include "core/client/errors.h"

#include <QFile>
#include <QSaveFile>

#include <iostream>

namespace kith::cli {

using client::Client;
using client::ClientErrorCode;

namespace {

client::ClientError fileError(exporting::ErrorCode code, const QString &detail)
{
    auto error = client::makeError(ClientErrorCode::File, detail);
    error.file = exporting::Error{code, detail.toStdString()};
    return error;
}

std::optional<QByteArray> readFile(const QString &path)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return std::nullopt;
    return file.read(client::kMaxAvatarBytes + 1); // one byte more is too many, and no more is needed to see it
}

client::Result<void> writeFile(const QString &path, const QByteArray &bytes, bool force)
{
    if (!force && QFile::exists(path))
        return Unexpected(fileError(exporting::ErrorCode::Exists, path));
    QSaveFile file(path);
    if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size() || !file.commit())
        return Unexpected(
            fileError(exporting::ErrorCode::Unwritable, path + QStringLiteral(": ") + file.errorString()));
    return {};
}

client::ClientError notOffered()
{
    return client::wireError(
        protocol::makeError(protocol::ErrorCode::UnsupportedOp, "this server takes no pictures", "avatar"));
}

/// Of a group, or the own one.
QCoro::Task<Exit> change(Console &console, std::optional<QByteArray> picture)
{
    Client &core = console.core;
    if (!core.offersAvatars())
        co_return console.fail(notOffered());
    if (console.arguments.target.empty()) {
        auto task = picture ? core.setOwnAvatar(*picture) : core.removeOwnAvatar();
        auto user = co_await task;
        if (!user)
            co_return console.fail(user.error());
        console.output.profile(*user, {}, {});
        co_return Exit::Done;
    }
    auto findTask = console.find(console.arguments.target);
    auto id = co_await findTask;
    if (!id)
        co_return console.fail(id.error());
    auto task = picture ? core.setGroupAvatar(*id, *picture) : core.removeGroupAvatar(*id);
    auto done = co_await task;
    co_return done ? Exit::Done : console.fail(done.error());
}

QCoro::Task<Exit> set(Console &console)
{
    auto picture = readFile(console.arguments.file);
    if (!picture)
        co_return console.usage("the file cannot be read");
    auto reached = co_await console.catchUp();
    if (!reached)
        co_return console.fail(reached.error());
    auto task = change(console, std::move(*picture));
    co_return co_await task;
}

QCoro::Task<Exit> clear(Console &console)
{
    auto reached = co_await console.catchUp();
    if (!reached)
        co_return console.fail(reached.error());
    auto task = change(console, std::nullopt);
    co_return co_await task;
}

/// Somebody's picture, as the server knows them now; else a conversation's.
Answer<std::string> pictureOf(Console &console)
{
    Client &core = console.core;
    auto personTask = findPerson(console, console.arguments.target);
    auto person = co_await personTask;
    if (person) {
        auto fetchTask = core.fetchUser(person->id);
        auto user = co_await fetchTask;
        if (!user)
            co_return Unexpected(std::move(user).error());
        co_return std::move(user->avatar);
    }
    auto findTask = console.find(console.arguments.target);
    auto id = co_await findTask;
    if (!id)
        co_return Unexpected(std::move(id).error());
    auto headTask = core.head(*id);
    auto head = co_await headTask;
    if (!head)
        co_return Unexpected(std::move(head).error());
    co_return *head ? (*head)->head.avatar : std::string();
}

QCoro::Task<Exit> save(Console &console)
{
    auto reached = co_await console.catchUp();
    if (!reached)
        co_return console.fail(reached.error());
    auto idTask = pictureOf(console);
    auto id = co_await idTask;
    if (!id)
        co_return console.fail(id.error());
    if (id->empty())
        co_return console.fail(
            client::wireError(protocol::makeError(protocol::ErrorCode::NotFound, "there is no picture", "avatar")));
    auto task = console.core.avatar(*id);
    auto picture = co_await task;
    if (!picture)
        co_return console.fail(picture.error());
    auto written = writeFile(console.arguments.file, *picture, console.arguments.force);
    if (!written)
        co_return console.fail(written.error());
    console.output.picture(*id, *picture);
    co_return Exit::Done;
}

} // namespace

void Output::picture(const std::string &id, const QByteArray &bytes) const
{
    const std::string type = client::pictureType(bytes);
    if (m_json)
        return line({{"avatar", id}, {"type", type}, {"bytes", static_cast<std::int64_t>(bytes.size())}});
    std::cout << type << "  " << bytes.size() << " bytes" << std::endl;
}

QCoro::Task<Exit> runAvatar(Console &console)
{
    const Command command = console.arguments.command;
    auto task = command == Command::AvatarSet     ? set(console)
                : command == Command::AvatarClear ? clear(console)
                                                  : save(console);
    co_return co_await task;
}

} // namespace kith::cli
