// SPDX-License-Identifier: GPL-3.0-or-later
// "On this computer": what is here of each conversation and takes which space, the download of the rest, and the way to
// forget what is old. Shows what it is given and says what was asked for; download_controller.h does it.
#pragma once

#ifndef Q_MOC_RUN // moc 6.4 stumbles over libstdc++
#include "ui/dialogs/download_list.h"
#endif

#include <QDialog>

class QLabel;
class QListView;
class QPushButton;

namespace kith::ui {

class IconLabel;

class ProgressBar;

class DownloadDialog final : public QDialog {
    Q_OBJECT
public:
    explicit DownloadDialog(const Theme &theme, QWidget *parent = nullptr);

    /// With the sums of what is here while it is off, too.
    void setProgress(const client::DownloadProgress &progress, const QString &current);
    /// Of the history's file, exact.
    void setSize(qint64 fileBytes, qint64 emptyBytes);
    DownloadModel &model() { return m_model; }
    /// Makes it the chosen row, now or when it is there.
    void choose(const ConversationId &conversation);
    void showMenu(const QModelIndex &index, const QPoint &global);

    QPushButton *actionButton() const { return m_action; }
    QPushButton *stopButton() const { return m_stop; }
    QPushButton *forgetButton() const { return m_forget; }
    QListView *list() const { return m_list; }
    QString sizeText() const;
    QString stateText() const;
    double part() const;

signals:
    void startRequested();
    void pauseRequested();
    void resumeRequested();
    void stopRequested();
    /// Of this conversation alone, what was forgotten too.
    void downloadRequested(const kith::ConversationId &conversation);
    /// Empty: of all.
    void forgetRequested(const kith::ConversationId &conversation);

private:
    void press();
    void chooseWanted();
    void setHint(const QString &text);

    const Theme &m_theme;
    DownloadModel m_model;
    client::DownloadState m_state = client::DownloadState::Off;
    ConversationId m_wanted; // to be chosen
    QLabel *m_size;
    IconLabel *m_mark;
    QLabel *m_stateText;
    QLabel *m_percent;
    ProgressBar *m_bar;
    QLabel *m_sums;
    QLabel *m_hint;
    QLabel *m_problem;
    QListView *m_list;
    QPushButton *m_action;
    QPushButton *m_stop;
    QPushButton *m_forget;
    QPushButton *m_close;
};

} // namespace kith::ui
