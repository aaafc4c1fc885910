// SPDX-License-Identifier: GPL-3.0-or-later
// Where a message is written: grows to eight lines, Enter sends, Shift+Enter breaks the line.
#pragma once

#include "ui/theme/theme.h"

#include <QPlainTextEdit>
#include <QTimer>
#include <QWidget>

class QLabel;
class QPushButton;
class QToolButton;

namespace kith::ui {

class ElidedLabel;
class MentionCompleter;

/// The text field: its height follows its lines; Enter is told, except while an input method composes.
class ComposerEdit final : public QPlainTextEdit {
    Q_OBJECT
public:
    explicit ComposerEdit(QWidget *parent = nullptr);
    void fitHeight();

signals:
    void submitted();
    void escaped();
    void upInEmpty();

protected:
    void focusInEvent(QFocusEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    void inputMethodEvent(QInputMethodEvent *event) override;
    void changeEvent(QEvent *event) override;

private:
    bool m_composing = false;
};

class Composer final : public QWidget {
    Q_OBJECT
public:
    explicit Composer(const Theme &theme, QWidget *parent = nullptr);

    /// Puts the draft of another conversation in; nothing is told as changed.
    void setDraft(const QString &text);
    QString text() const;
    /// Why nothing can be written here, and what would change that; empty: it can be.
    void setDisabledReason(const QString &reason, const QString &remedy = {});
    QPushButton *remedyButton() const { return m_remedy; }
    /// What the next message answers, shown above the text; an empty name takes it away.
    void setReply(const QString &name, const QString &text);
    bool isReplying() const;
    QWidget *replyBar() const { return m_reply; }
    void focusText();
    ComposerEdit *edit() const { return m_edit; }
    MentionCompleter *mentions() const { return m_mentions; }
    /// Tells a draft that still waits for its pause. Before another conversation is shown, and at the end.
    void flushDraft();

signals:
    void sendRequested(const QString &text);
    void draftChanged(const QString &text);
    void typed();
    void escaped(); // with no reply to give up
    void replyCancelled();
    void editLastRequested(); // ↑ in an empty text
    void remedyRequested();

protected:
    void changeEvent(QEvent *event) override;

private:
    void retranslate();
    void submit();
    void onTextChanged();

    const Theme &m_theme;
    ComposerEdit *m_edit;
    MentionCompleter *m_mentions;
    QToolButton *m_send;
    QWidget *m_reply;
    ElidedLabel *m_replyName;
    ElidedLabel *m_replyText;
    QToolButton *m_replyClose;
    QLabel *m_reason;
    QPushButton *m_remedy;
    QLabel *m_tooLong;
    QTimer m_draftTimer;
    bool m_setting = false;
};

} // namespace kith::ui
