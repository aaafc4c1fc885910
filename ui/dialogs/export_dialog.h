// SPDX-License-Identifier: GPL-3.0-or-later
// "Export": what of a conversation goes into which file, how far that is and what came of it. Shows what it is given
// and says what was asked for; export_controller.h does it.
#pragma once

#ifndef Q_MOC_RUN // moc 6.4 stumbles over libstdc++
#include "core/client/types.h"
#include "ui/theme/theme.h"
#endif

#include <QDate>
#include <QDialog>

class QButtonGroup;
class QDateEdit;
class QLabel;
class QPushButton;

namespace kith::ui {

class Choice;
class ElidedLabel;
class ProgressBar;

class ExportDialog final : public QDialog {
    Q_OBJECT
public:
    /// `name`: of the conversation.
    ExportDialog(const Theme &theme, const QString &name, QWidget *parent = nullptr);

    exporting::Format format() const;
    void setFormat(exporting::Format format);
    /// Both days are in it; invalid where there is no such end.
    QDate firstDay() const;
    QDate lastDay() const;
    void setPeriod(const QDate &first, const QDate &last);
    QString path() const { return m_path; }
    void setPath(const QString &path);

    void setProgress(const exporting::Progress &progress);
    void setDone(const exporting::Summary &summary);
    /// Cancelled is none: it can be asked for again.
    void setFailed(const client::ClientError &error);
    bool isRunning() const { return m_state == State::Running; }
    bool isDone() const { return m_state == State::Done; }

    QPushButton *exportButton() const { return m_export; }
    QPushButton *chooseButton() const { return m_choose; }
    QPushButton *closeButton() const { return m_close; }
    QPushButton *folderButton() const { return m_folder; }
    QString stateText() const;
    QString noteText() const;
    double part() const;

    /// While it runs, this cancels it; after that, the dialog closes.
    void reject() override;

signals:
    void formatChanged();
    void pathRequested();
    /// `replace`: it was said that a file of that name is there.
    void exportRequested(bool replace);
    void cancelRequested();
    void folderRequested();

private:
    enum class State { Asking, Running, Done };
    void setState(State state);
    void setNote(const QString &note, const QString &problem, const QString &detail = {});

    QString m_path;
    State m_state = State::Asking;
    bool m_exists = false; // the last answer: a file of that name is there
    QButtonGroup *m_format;
    QWidget *m_options;
    Choice *m_period;
    QWidget *m_days;
    QDateEdit *m_first;
    QDateEdit *m_last;
    ElidedLabel *m_file;
    QPushButton *m_choose;
    QWidget *m_progress;
    ElidedLabel *m_stateText;
    QLabel *m_percent;
    ProgressBar *m_bar;
    QLabel *m_note;
    QLabel *m_problem;
    QPushButton *m_export;
    QPushButton *m_folder;
    QPushButton *m_close;
};

} // namespace kith::ui
