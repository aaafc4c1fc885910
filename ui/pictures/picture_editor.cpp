// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pictures/picture_editor.h"

#include "ui/theme/icons.h"
#include "ui/widgets/avatar.h"
#include "ui/widgets/notice.h"
#include "ui/widgets/progress_bar.h"
#include "ui/words/words.h"

#include <QApplication>
#include <QBuffer>
#include <QClipboard>
#include <QDropEvent>
#include <QHBoxLayout>
#include <QImage>
#include <QKeyEvent>
#include <QLabel>
#include <QMimeData>
#include <QMouseEvent>
#include <QPushButton>
#include <QUrl>

namespace kith::ui {

namespace {

bool holdsPicture(const QMimeData &data)
{
    return data.hasImage() || (data.hasUrls() && data.urls().size() == 1 && data.urls().first().isLocalFile());
}

} // namespace

PictureEditor::PictureEditor(const Theme &theme, AvatarWidget *face, QWidget *parent) : QWidget(parent), m_face(face)
{
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed); // a long list above or below takes nothing of it
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(space::kS);
    auto *row = new QHBoxLayout;
    row->setSpacing(space::kS);
    m_change = new QPushButton(tr("Change picture…"), this);
    m_remove = new QPushButton(tr("Remove picture"), this);
    m_cancel = new QPushButton(tr("Cancel"), this);
    for (QPushButton *button : {m_change, m_remove, m_cancel}) {
        button->setObjectName(QStringLiteral("Link"));
        button->setAutoDefault(false);
        button->installEventFilter(this);
    }
    row->addWidget(m_change);
    row->addWidget(m_remove);
    row->addStretch();
    column->addLayout(row);
    m_progress = new QWidget(this);
    auto *progress = new QHBoxLayout(m_progress);
    progress->setContentsMargins(0, 0, 0, 0);
    progress->setSpacing(space::kM);
    auto *words = new QLabel(tr("Sending the picture…"), m_progress);
    words->setObjectName(QStringLiteral("Muted"));
    m_bar = new ProgressBar(theme, m_progress);
    m_bar->setAccessibleName(words->text());
    progress->addWidget(words);
    progress->addWidget(m_bar, 1);
    progress->addWidget(m_cancel);
    column->addWidget(m_progress);
    m_problem = makeErrorBox(this);
    column->addWidget(m_problem);
    m_face->setAcceptDrops(true);
    m_face->installEventFilter(this);
    connect(m_change, &QPushButton::clicked, this, &PictureEditor::fileRequested);
    connect(m_remove, &QPushButton::clicked, this, &PictureEditor::removeRequested);
    connect(m_cancel, &QPushButton::clicked, this, &PictureEditor::cancelRequested);
    refresh();
}

void PictureEditor::refresh()
{
    const bool had = m_change->hasFocus() || m_remove->hasFocus() || m_cancel->hasFocus();
    setVisible(m_allowed && (m_offered || m_isBusy)); // what is under way has its end shown
    m_change->setVisible(!m_isBusy);
    m_change->setText(m_has ? tr("Change picture…") : tr("Choose a picture…"));
    m_remove->setVisible(!m_isBusy && m_has);
    m_progress->setVisible(m_isBusy);
    m_face->setCursor(isReady() ? Qt::PointingHandCursor : Qt::ArrowCursor);
    m_face->setToolTip(isReady() ? m_change->text() : QString());
    if (had) // the button that was pressed is gone: who works by keys stays here
        (m_isBusy ? m_cancel : m_change)->setFocus(Qt::OtherFocusReason);
    emit resized();
}

void PictureEditor::setOffered(bool offered)
{
    if (m_offered == offered)
        return;
    m_offered = offered;
    refresh();
}

void PictureEditor::setAllowed(bool allowed)
{
    if (m_allowed == allowed)
        return;
    m_allowed = allowed;
    refresh();
}

void PictureEditor::setHasPicture(bool has)
{
    if (m_has == has)
        return;
    m_has = has;
    refresh();
}

void PictureEditor::setBusy(std::optional<double> part)
{
    if (part)
        m_bar->setPart(*part);
    m_bar->setQuiet(!part);
    if (m_isBusy == part.has_value())
        return;
    m_isBusy = part.has_value();
    if (m_isBusy)
        m_problem->hide();
    refresh();
}

void PictureEditor::showProblem(const QString &problem, const QString &detail)
{
    m_problem->setText(problem);
    m_problem->setToolTip(detail);
    m_problem->setVisible(!problem.isEmpty());
    emit resized();
}

void PictureEditor::showError(const client::ClientError &error)
{
    showProblem(tr("The picture was not changed. %1").arg(Words::error(error)), Words::errorDetail(error));
}

QString PictureEditor::problemText() const
{
    return m_problem->isHidden() ? QString() : m_problem->text();
}

bool PictureEditor::take(const QMimeData &given)
{
    if (!isReady() || !holdsPicture(given))
        return false;
    if (given.hasUrls() && given.urls().size() == 1 && given.urls().first().isLocalFile()) {
        emit fileDropped(given.urls().first().toLocalFile());
        return true;
    }
    QByteArray bytes;
    QBuffer buffer(&bytes);
    buffer.open(QIODevice::WriteOnly);
    if (!qvariant_cast<QImage>(given.imageData()).save(&buffer, "BMP")) // in memory, as it is
        return false;
    emit imageDropped(bytes);
    return true;
}

bool PictureEditor::eventFilter(QObject *watched, QEvent *event)
{
    const bool face = watched == m_face;
    switch (event->type()) {
    case QEvent::DragEnter: {
        auto *drag = static_cast<QDragEnterEvent *>(event);
        if (face && isReady() && holdsPicture(*drag->mimeData())) {
            drag->acceptProposedAction();
            return true;
        }
        break;
    }
    case QEvent::Drop: {
        auto *drop = static_cast<QDropEvent *>(event);
        if (face && take(*drop->mimeData())) {
            drop->acceptProposedAction();
            return true;
        }
        break;
    }
    case QEvent::MouseButtonRelease:
        if (face && isReady() && static_cast<QMouseEvent *>(event)->button() == Qt::LeftButton &&
            m_face->rect().contains(static_cast<QMouseEvent *>(event)->pos())) {
            emit fileRequested();
            return true;
        }
        break;
    case QEvent::KeyPress:
        if (!face && static_cast<QKeyEvent *>(event)->matches(QKeySequence::Paste)) {
            const QMimeData *pasted = QApplication::clipboard()->mimeData();
            if (pasted && !take(*pasted))
                showProblem(tr("There is no picture in the clipboard."));
            return true;
        }
        break;
    default:
        break;
    }
    return QWidget::eventFilter(watched, event);
}

} // namespace kith::ui
