// SPDX-License-Identifier: GPL-3.0-or-later
// Under a face that may be changed: change, remove, how far that is and what went wrong.
#pragma once

#ifndef Q_MOC_RUN // moc 6.4 stumbles over libstdc++
#include "core/client/types.h"
#include "ui/theme/theme.h"
#endif

#include <QWidget>

class QLabel;
class QMimeData;
class QPushButton;

namespace kith::ui {

class AvatarWidget;
class ProgressBar;

class PictureEditor final : public QWidget {
    Q_OBJECT
public:
    /// `face` takes clicks and pictures that are dropped on it; the buttons take pasted ones too.
    PictureEditor(const Theme &theme, AvatarWidget *face, QWidget *parent = nullptr);

    /// Whether the server takes pictures, and whether the reader may set this one: without both nothing is there.
    void setOffered(bool offered);
    void setAllowed(bool allowed);
    void setHasPicture(bool has);
    /// 0 … 1 while something is under way; nothing: it is over.
    void setBusy(std::optional<double> part);
    void showProblem(const QString &problem, const QString &detail = {});
    void showError(const client::ClientError &error);
    bool isBusy() const { return m_isBusy; }

    QPushButton *changeButton() const { return m_change; }
    QPushButton *removeButton() const { return m_remove; }
    QPushButton *cancelButton() const { return m_cancel; }
    QString problemText() const;

signals:
    void fileRequested();
    void fileDropped(const QString &path);
    void imageDropped(const QByteArray &bytes);
    void removeRequested();
    void cancelRequested();
    /// It takes more or less room than before.
    void resized();

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    bool take(const QMimeData &data);
    bool isReady() const { return m_offered && m_allowed && !m_isBusy; }
    void refresh();

    AvatarWidget *m_face;
    QPushButton *m_change;
    QPushButton *m_remove;
    QWidget *m_progress;
    ProgressBar *m_bar;
    QPushButton *m_cancel;
    QLabel *m_problem;
    bool m_offered = false, m_allowed = true, m_has = false, m_isBusy = false;
};

} // namespace kith::ui
