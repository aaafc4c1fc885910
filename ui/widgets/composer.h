// SPDX-License-Identifier: GPL-3.0-or-later
// Where a message is written: grows to eight lines, Enter sends, Shift+Enter breaks the line.
#pragma once

#include "ui/theme/theme.h"

#include <QElapsedTimer>
#include <QPlainTextEdit>
#include <QPointer>
#include <QTimer>
#include <QWidget>

#include <memory>

class QLabel;
class QPushButton;
class QToolButton;

namespace kith::models {
class EmojiShelf;
}

namespace kith::ui {

class ElidedLabel;
class EmojiCompleter;
class EmojiPicker;
class MentionCompleter;
class SpellMarks;

/// The text field: its height follows its lines; Enter is told, except while an input method composes.
class ComposerEdit final : public QPlainTextEdit {
    Q_OBJECT
public:
    explicit ComposerEdit(QWidget *parent = nullptr);
    void fitHeight();
    /// Ctrl+Enter sends and Enter begins a new line; else the other way round. Shift+Enter never sends.
    void setSendWithControl(bool on) { m_withControl = on; }
    bool sendsWithControl() const { return m_withControl; }

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
    bool m_withControl = false;
};

class Composer final : public QWidget {
    Q_OBJECT
public:
    explicit Composer(const Theme &theme, QWidget *parent = nullptr);
    ~Composer() override;

    /// Puts the draft of another conversation in; nothing is told as changed.
    void setDraft(const QString &text);
    QString text() const;
    /// Why nothing can be written here, and what would change that; empty: it can be.
    void setDisabledReason(const QString &reason, const QString &remedy = {});
    bool isWritable() const;
    QPushButton *remedyButton() const { return m_remedy; }
    /// What the next message answers, shown above the text; an empty name takes it away.
    void setReply(const QString &name, const QString &text);
    bool isReplying() const;
    QWidget *replyBar() const { return m_reply; }
    void focusText();
    void setSendWithControl(bool on);
    ComposerEdit *edit() const { return m_edit; }
    MentionCompleter *mentions() const { return m_mentions; }
    models::EmojiShelf &emoji() const { return *m_shelf; }
    SpellMarks *spelling() const { return m_spelling; }
    EmojiPicker *picker() const;
    EmojiCompleter *emojiCompleter() const { return m_emoji; }
    QToolButton *emojiButton() const { return m_faces; }
    /// Opens the picker, or closes it. Nothing where nothing can be written.
    void toggleEmoji();
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
    void emojiUsed(); // those used last are others now

protected:
    void changeEvent(QEvent *event) override;

private:
    void retranslate();
    void submit();
    void onTextChanged();

    const Theme &m_theme;
    ComposerEdit *m_edit;
    MentionCompleter *m_mentions;
    SpellMarks *m_spelling;
    std::unique_ptr<models::EmojiShelf> m_shelf;
    EmojiCompleter *m_emoji;
    QPointer<EmojiPicker> m_picker; // the window's child once it was open
    QToolButton *m_faces;
    QToolButton *m_send;
    QWidget *m_reply;
    ElidedLabel *m_replyName;
    ElidedLabel *m_replyText;
    QToolButton *m_replyClose;
    QLabel *m_reason;
    QPushButton *m_remedy;
    QLabel *m_tooLong;
    QTimer m_draftTimer;
    QElapsedTimer m_undrafted; // since the oldest change that no draft holds
    bool m_setting = false;
};

} // namespace kith::ui
