// SPDX-License-Identifier: GPL-3.0-or-later
// "Download everything": what is on this computer of each conversation, and the download of the rest. Shows what it is
// given and says what was asked for; download_controller.h does it.
#pragma once

#ifndef Q_MOC_RUN // moc 6.4 stumbles over libstdc++
#include "ui/dialogs/download_list.h"
#endif

#include <QDialog>

class QLabel;
class QListView;
class QPushButton;

namespace kith::ui {

class ProgressBar;

class DownloadDialog final : public QDialog {
    Q_OBJECT
public:
    explicit DownloadDialog(const Theme &theme, QWidget *parent = nullptr);

    /// With the sums of what is here while it is off, too.
    void setProgress(const client::DownloadProgress &progress, const QString &current);
    DownloadModel &model() { return m_model; }

    QPushButton *actionButton() const { return m_action; }
    QPushButton *stopButton() const { return m_stop; }
    QListView *list() const { return m_list; }
    QString stateText() const;
    double part() const;

signals:
    void startRequested();
    void pauseRequested();
    void resumeRequested();
    void stopRequested();

private:
    void press();
    void setHint(const QString &text);

    const Theme &m_theme;
    DownloadModel m_model;
    client::DownloadState m_state = client::DownloadState::Off;
    QLabel *m_mark;
    QLabel *m_stateText;
    QLabel *m_percent;
    ProgressBar *m_bar;
    QLabel *m_sums;
    QLabel *m_hint;
    QLabel *m_problem;
    QListView *m_list;
    QPushButton *m_action;
    QPushButton *m_stop;
    QPushButton *m_close;
};

} // namespace kith::ui
