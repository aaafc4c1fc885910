// SPDX-License-Identifier: GPL-3.0-or-later
// "Forget older messages": of which conversation and how old, what that would take, how far it is and what came of it.
// Shows what it is given and says what was asked for; forget_controller.h does it.
#pragma once

#ifndef Q_MOC_RUN // moc 6.4 stumbles over libstdc++
#include "core/client/storage.h"
#include "core/client/types.h"
#include "ui/theme/theme.h"
#endif

#include <QDate>
#include <QDialog>

class QDateEdit;
class QLabel;
class QPushButton;

namespace kith::ui {

class Choice;
class ElidedLabel;
class ProgressBar;

class ForgetDialog final : public QDialog {
    Q_OBJECT
public:
    /// `name`: of the conversation that it is about at first; empty: of all.
    ForgetDialog(const Theme &theme, const QString &name, QWidget *parent = nullptr);

    bool isOfAll() const;
    /// The first day that stays.
    QDate keepFrom() const;
    void setKeepFrom(const QDate &day);

    /// What it would take; `counted` false: that is being looked for.
    void setSurvey(const history::ForgetSurvey &survey, bool counted);
    void setProgress(const client::ForgetProgress &progress);
    void setDone(const client::Forgotten &done);
    void setFailed(const client::ClientError &error);
    bool isDone() const { return m_state == State::Done; }

    Choice *ageChoice() const { return m_age; }
    QPushButton *forgetButton() const { return m_forget; }
    QPushButton *closeButton() const { return m_close; }
    QString surveyText() const;
    QString noteText() const;

signals:
    void choiceChanged();
    void forgetRequested();

protected:
    void showEvent(QShowEvent *event) override;

private:
    enum class State { Asking, Running, Done };
    void setState(State state);
    void setNote(const QString &note, const QString &problem, const QString &detail = {});
    void follow();

    State m_state = State::Asking;
    bool m_hasOne; // a conversation can be chosen
    QWidget *m_options;
    Choice *m_scope;
    Choice *m_age;
    QDateEdit *m_day;
    QLabel *m_survey;
    QWidget *m_progress;
    ElidedLabel *m_stateText;
    ProgressBar *m_bar;
    QLabel *m_note;
    QLabel *m_problem;
    QPushButton *m_forget;
    QPushButton *m_close;
};

} // namespace kith::ui
