// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pictures/picture_flow.h"

#include "ui/pictures/picture_editor.h"

#include <QFileDialog>
#include <QStandardPaths>
#include <QThreadPool>

#include <utility>

namespace kith::ui {

namespace {

/// `work` on a thread of the pool, `then` with what it gives on this one, if `context` still lives.
template <class Work, class Then>
void away(QObject *context, Work work, Then then)
{
    // Known on this thread only: another may not look at a QPointer.
    auto *bridge = new QObject;
    const QPointer<QObject> alive(context);
    QThreadPool::globalInstance()->start([bridge, alive, work = std::move(work), then = std::move(then)]() mutable {
        auto result = work();
        QMetaObject::invokeMethod(
            bridge,
            [bridge, alive = std::move(alive), then = std::move(then), result = std::move(result)]() mutable {
                bridge->deleteLater();
                if (alive)
                    then(std::move(result));
            },
            Qt::QueuedConnection);
    });
}

} // namespace

PictureFlow::PictureFlow(client::Client &client, const Theme &theme, PictureEditor *editor,
                         std::optional<ConversationId> group)
    : QObject(editor), m_client(client), m_theme(theme), m_editor(editor), m_group(std::move(group))
{
    connect(editor, &PictureEditor::fileRequested, this, &PictureFlow::choose);
    connect(editor, &PictureEditor::fileDropped, this, &PictureFlow::useFile);
    connect(editor, &PictureEditor::imageDropped, this,
            [this](const QByteArray &bytes) { load([bytes] { return readPicture(bytes); }); });
    connect(editor, &PictureEditor::removeRequested, this, [this] { remove(); });
    connect(editor, &PictureEditor::cancelRequested, this, [this] { finish({}); });
    editor->setOffered(client.offersAvatars());
    connect(&client, &client::Client::linkStatusChanged, this,
            [this] { m_editor->setOffered(m_client.offersAvatars()); });
}

PictureFlow::~PictureFlow()
{
    if (m_control)
        m_control->cancel();
}

void PictureFlow::choose()
{
    auto *dialog = new QFileDialog(m_editor->window(), tr("Choose a picture"),
                                   QStandardPaths::writableLocation(QStandardPaths::PicturesLocation),
                                   tr("Pictures (%1)").arg(pictureSuffixes().join(QLatin1Char(' '))));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::ExistingFile);
    connect(dialog, &QFileDialog::fileSelected, this, &PictureFlow::useFile);
    dialog->open();
}

void PictureFlow::useFile(const QString &path)
{
    load([path] { return readPicture(path); });
}

void PictureFlow::load(std::function<ChosenPicture()> read)
{
    m_editor->showProblem({});
    away(this, std::move(read), [this, now = ++m_try](ChosenPicture chosen) {
        if (now == m_try)
            cut(chosen);
    });
}

void PictureFlow::cut(const ChosenPicture &chosen)
{
    switch (chosen.problem) {
    case PictureProblem::CannotRead:
        return m_editor->showProblem(tr("That file cannot be read."));
    case PictureProblem::NoPicture:
        return m_editor->showProblem(tr("That file is no picture that can be read here."));
    case PictureProblem::TooLarge:
        return m_editor->showProblem(tr("That picture is too large to be opened here."));
    case PictureProblem::None:
        break;
    }
    if (m_crop)
        m_crop->reject();
    m_crop = new CropDialog(m_theme, chosen.image, m_editor->window());
    connect(m_crop, &CropDialog::chosen, this, &PictureFlow::send);
    m_crop->open();
}

void PictureFlow::send(const QImage &square)
{
    m_editor->setBusy(0);
    away(
        this, [square] { return encodePicture(square); },
        [this, now = ++m_try](QByteArray picture) {
            if (now == m_try)
                upload(std::move(picture));
        });
}

QCoro::Task<void> PictureFlow::upload(QByteArray picture)
{
    const QPointer<PictureFlow> alive(this);
    const auto now = m_try;
    auto control = std::make_shared<client::UploadControl>();
    control->progressed = [alive, now](qint64 sent, qint64 size) {
        if (alive && now == alive->m_try)
            alive->m_editor->setBusy(size > 0 ? double(sent) / double(size) : 0);
    };
    m_control = control;
    std::optional<client::ClientError> error;
    if (m_group) {
        auto task = m_client.setGroupAvatar(*m_group, std::move(picture), control);
        auto done = co_await task;
        if (!done)
            error = done.error();
    } else {
        auto task = m_client.setOwnAvatar(std::move(picture), control);
        auto done = co_await task;
        if (!done)
            error = done.error();
    }
    if (alive && now == m_try)
        finish(error);
}

QCoro::Task<void> PictureFlow::remove()
{
    const QPointer<PictureFlow> alive(this);
    const auto now = ++m_try;
    m_editor->showProblem({});
    m_editor->setBusy(1);
    std::optional<client::ClientError> error;
    if (m_group) {
        auto task = m_client.removeGroupAvatar(*m_group);
        auto done = co_await task;
        if (!done)
            error = done.error();
    } else {
        auto task = m_client.removeOwnAvatar();
        auto done = co_await task;
        if (!done)
            error = done.error();
    }
    if (alive && now == m_try)
        finish(error);
}

/// Done, given up or failed.
void PictureFlow::finish(const std::optional<client::ClientError> &error)
{
    ++m_try;
    if (m_control)
        m_control->cancel(); // means nothing to one that is over
    m_control.reset();
    m_editor->setBusy({});
    if (error && error->code != client::ClientErrorCode::Cancelled)
        m_editor->showError(*error);
}

} // namespace kith::ui
