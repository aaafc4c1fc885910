// SPDX-License-Identifier: GPL-3.0-or-later
// From "Change picture" to a picture on the server: chosen, cut, made small, sent; each step away from the window's
// thread.
#pragma once

#ifndef Q_MOC_RUN // moc 6.4 stumbles over libstdc++
#include "core/client/client.h"
#include "core/client/file_transfer.h"
#include "ui/pictures/crop_dialog.h"
#include "ui/pictures/picture_codec.h"
#include "ui/theme/theme.h"
#endif

#include <QObject>
#include <QPointer>

namespace kith::ui {

class PictureEditor;

class PictureFlow final : public QObject {
    Q_OBJECT
public:
    /// Lives as long as the editor. No group: the own picture.
    PictureFlow(client::Client &client, const Theme &theme, PictureEditor *editor,
                std::optional<ConversationId> group = std::nullopt);
    ~PictureFlow() override;

    /// A file that was chosen: what the file dialog leads to.
    void useFile(const QString &path);
    CropDialog *cropDialog() const { return m_crop; }

private:
    void choose();
    void load(std::function<ChosenPicture()> read);
    void cut(const ChosenPicture &chosen);
    void send(const QImage &square);
    QCoro::Task<void> upload(QByteArray picture);
    QCoro::Task<void> remove();
    void finish(const std::optional<client::ClientError> &error);

    client::Client &m_client;
    const Theme &m_theme;
    PictureEditor *m_editor;
    std::optional<ConversationId> m_group;
    quint64 m_try = 0; // what an older one brings is dropped
    std::shared_ptr<client::UploadControl> m_control;
    QPointer<CropDialog> m_crop;
};

} // namespace kith::ui
