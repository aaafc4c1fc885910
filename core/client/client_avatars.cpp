// SPDX-License-Identifier: GPL-3.0-or-later
// Pictures of people and groups: set, taken away, shown.
#include "core/client/client_impl.h"

namespace kith::client {

bool Client::offersAvatars() const
{
    return m_impl->offersAvatars && isLoggedIn();
}

QCoro::Task<Result<std::string>> Client::Impl::uploadPicture(QByteArray picture, std::shared_ptr<UploadControl> control)
{
    const std::string type = pictureType(picture);
    if (type.empty())
        co_return Unexpected(
            wireError(protocol::makeError(protocol::ErrorCode::Malformed, "neither PNG nor JPEG", "avatar")));
    if (picture.size() > kMaxAvatarBytes)
        co_return Unexpected(wireError(protocol::makeError(protocol::ErrorCode::TooLarge, "over 1 MiB", "avatar")));
    // What the file was called on this computer is nobody's business.
    auto task = transfer.upload(picture, type == "image/png" ? "picture.png" : "picture.jpeg", type, control);
    auto id = co_await task;
    if (id && control && control->cancelled)
        co_return Unexpected(cancelledError());
    if (id)
        avatars.keep(*id, picture);
    co_return id;
}

QCoro::Task<Result<void>> Client::Impl::changeGroupAvatar(ConversationId conversation, std::string id)
{
    protocol::UpdateConversationPacket packet;
    packet.conversation = std::move(conversation);
    packet.avatar = std::move(id);
    return callForOk(session, protocol::Op::ConversationUpdate, std::move(packet));
}

QCoro::Task<Result<void>> Client::setGroupAvatar(ConversationId conversation, QByteArray picture,
                                                 std::shared_ptr<UploadControl> control)
{
    auto *impl = m_impl.get();
    auto upload = impl->uploadPicture(std::move(picture), std::move(control));
    auto id = co_await upload;
    if (!id)
        co_return Unexpected(std::move(id).error());
    auto task = impl->changeGroupAvatar(std::move(conversation), std::move(*id));
    co_return co_await task;
}

QCoro::Task<Result<void>> Client::removeGroupAvatar(ConversationId conversation)
{
    return m_impl->changeGroupAvatar(std::move(conversation), {});
}

QCoro::Task<Result<User>> Client::setOwnAvatar(QByteArray picture, std::shared_ptr<UploadControl> control)
{
    auto *impl = m_impl.get();
    auto upload = impl->uploadPicture(std::move(picture), std::move(control));
    auto id = co_await upload;
    if (!id)
        co_return Unexpected(std::move(id).error());
    protocol::ProfilePatch patch;
    patch.avatar = std::move(*id);
    auto task = impl->changeProfile(std::move(patch));
    co_return co_await task;
}

QCoro::Task<Result<User>> Client::removeOwnAvatar()
{
    protocol::ProfilePatch patch;
    patch.avatar = std::string();
    return m_impl->changeProfile(std::move(patch));
}

void Client::wantAvatar(const std::string &id)
{
    m_impl->avatars.want(id);
}

QCoro::Task<Result<QByteArray>> Client::avatar(std::string id)
{
    return m_impl->avatars.get(std::move(id));
}

} // namespace kith::client
