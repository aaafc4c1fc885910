// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/composer.h"

#include "core/base/limits.h"
#include "ui/spelling/spell_marks.h"
#include "ui/theme/icons.h"
#include "ui/widgets/elided_label.h"
#include "ui/widgets/emoji_completer.h"
#include "ui/widgets/emoji_paint.h"
#include "ui/widgets/emoji_picker.h"
#include "ui/widgets/mention_completer.h"

#include <QAbstractTextDocumentLayout>
#include <QEvent>
#include <QHBoxLayout>
#include <QInputMethodEvent>
#include <QKeyEvent>
#include <QLabel>
#include <QPushButton>
#include <QScrollBar>
#include <QStyle>
#include <QTextBlock>
#include <QToolButton>

#include <cmath>

namespace kith::ui {

namespace {
constexpr int kMostLines = 8;
constexpr int kDraftPauseMs = 600; // a draft is written when the fingers rest,
constexpr int kDraftMostMs = 2000; // and now and then where they do not
} // namespace

ComposerEdit::ComposerEdit(QWidget *parent) : QPlainTextEdit(parent)
{
    setTabChangesFocus(true);
    setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setLineWrapMode(QPlainTextEdit::WidgetWidth);
    setWordWrapMode(QTextOption::WrapAtWordBoundaryOrAnywhere);
    connect(document()->documentLayout(), &QAbstractTextDocumentLayout::documentSizeChanged, this,
            &ComposerEdit::fitHeight);
    fitHeight();
}

void ComposerEdit::fitHeight()
{
    int lines = 0;
    for (QTextBlock block = document()->begin(); block.isValid(); block = block.next())
        lines += std::max(1, block.lineCount());
    const int shown = std::clamp(lines, 1, kMostLines);
    const int line = static_cast<int>(std::ceil(QFontMetricsF(font()).lineSpacing()));
    setFixedHeight(shown * line + static_cast<int>(document()->documentMargin() * 2) + space::kS + 2);
    setVerticalScrollBarPolicy(lines > kMostLines ? Qt::ScrollBarAsNeeded : Qt::ScrollBarAlwaysOff);
    if (lines <= kMostLines)
        verticalScrollBar()->setValue(0); // it followed the caret while there was less room
}

void ComposerEdit::focusInEvent(QFocusEvent *event)
{
    // The caret says enough to somebody who clicked or opened a conversation; the ring is for those who walk by Tab.
    const bool keys = event->reason() == Qt::TabFocusReason || event->reason() == Qt::BacktabFocusReason;
    if (property("keyboardFocus").toBool() != keys) {
        setProperty("keyboardFocus", keys);
        style()->unpolish(this);
        style()->polish(this);
    }
    QPlainTextEdit::focusInEvent(event);
}

void ComposerEdit::keyPressEvent(QKeyEvent *event)
{
    const bool enter = event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter;
    const auto modifiers = event->modifiers() & (Qt::ShiftModifier | Qt::ControlModifier | Qt::AltModifier);
    if (enter && !m_composing && modifiers == (m_withControl ? Qt::ControlModifier : Qt::NoModifier)) {
        emit submitted();
        return;
    }
    if (enter && !m_composing && modifiers == Qt::ControlModifier) { // Qt's own editor has no use for it
        textCursor().insertBlock();
        ensureCursorVisible();
        return;
    }
    if (event->key() == Qt::Key_Escape) {
        emit escaped();
        return;
    }
    if (event->key() == Qt::Key_Up && event->modifiers() == Qt::NoModifier && toPlainText().isEmpty()) {
        emit upInEmpty();
        return;
    }
    QPlainTextEdit::keyPressEvent(event);
}

void ComposerEdit::inputMethodEvent(QInputMethodEvent *event)
{
    m_composing = !event->preeditString().isEmpty();
    QPlainTextEdit::inputMethodEvent(event);
}

void ComposerEdit::resizeEvent(QResizeEvent *event)
{
    QPlainTextEdit::resizeEvent(event);
    fitHeight();
}

void ComposerEdit::changeEvent(QEvent *event)
{
    QPlainTextEdit::changeEvent(event);
    if (event->type() == QEvent::FontChange)
        fitHeight();
}

Composer::Composer(const Theme &theme, QWidget *parent) : QWidget(parent), m_theme(theme)
{
    setObjectName(QStringLiteral("Composer"));
    setAttribute(Qt::WA_StyledBackground);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(space::kL, space::kM, space::kL, space::kM);
    column->setSpacing(space::kXs);
    auto *row = new QHBoxLayout;
    row->setSpacing(space::kS);
    m_edit = new ComposerEdit(this);
    m_mentions = new MentionCompleter(theme, *m_edit);
    m_spelling = new SpellMarks(theme, *m_edit);
    m_shelf = makeEmojiShelf();
    m_emoji = new EmojiCompleter(theme, *m_edit, *m_shelf);
    m_picker = new EmojiPicker(theme, *m_edit, *m_shelf);
    m_faces = new QToolButton(this);
    m_faces->setIconSize(QSize(20, 20));
    m_faces->setFixedSize(m_edit->height(), m_edit->height());
    m_faces->setFocusPolicy(Qt::TabFocus);
    m_send = new QToolButton(this);
    m_send->setObjectName(QStringLiteral("Send"));
    m_send->setIconSize(QSize(20, 20));
    m_send->setFixedSize(44, m_edit->height());
    m_send->setFocusPolicy(Qt::TabFocus);
    row->addWidget(m_edit, 1);
    row->addWidget(m_faces, 0, Qt::AlignBottom);
    row->addWidget(m_send, 0, Qt::AlignBottom);
    m_reply = new QWidget(this);
    m_reply->setObjectName(QStringLiteral("ReplyBar"));
    m_reply->setAttribute(Qt::WA_StyledBackground);
    auto *reply = new QHBoxLayout(m_reply);
    reply->setContentsMargins(space::kM, space::kXs, space::kXs, space::kXs);
    reply->setSpacing(space::kS);
    auto *words = new QVBoxLayout;
    words->setSpacing(0);
    m_replyName = new ElidedLabel(m_reply);
    m_replyName->setObjectName(QStringLiteral("ReplyName"));
    m_replyText = new ElidedLabel(m_reply);
    m_replyText->setObjectName(QStringLiteral("Muted"));
    words->addWidget(m_replyName);
    words->addWidget(m_replyText);
    reply->addLayout(words, 1);
    m_replyClose = new QToolButton(m_reply);
    m_replyClose->setIconSize(QSize(16, 16));
    m_replyClose->setFocusPolicy(Qt::TabFocus);
    reply->addWidget(m_replyClose, 0, Qt::AlignVCenter);
    m_reply->hide();
    column->addWidget(m_reply);
    m_reason = new QLabel(this);
    m_reason->setObjectName(QStringLiteral("Muted"));
    m_reason->setAlignment(Qt::AlignCenter);
    m_reason->setWordWrap(true);
    m_reason->setMinimumHeight(36);
    m_reason->hide();
    m_remedy = new QPushButton(this);
    m_remedy->hide();
    m_tooLong = new QLabel(this);
    m_tooLong->setObjectName(QStringLiteral("FieldError"));
    m_tooLong->hide();
    column->addLayout(row);
    column->addWidget(m_tooLong);
    auto *disabled = new QHBoxLayout;
    disabled->setSpacing(space::kM);
    disabled->addWidget(m_reason, 1);
    disabled->addWidget(m_remedy, 0, Qt::AlignVCenter);
    column->addLayout(disabled);
    m_draftTimer.setSingleShot(true);
    connect(&m_draftTimer, &QTimer::timeout, this, [this] { emit draftChanged(text()); });
    connect(m_edit, &QPlainTextEdit::textChanged, this, &Composer::onTextChanged);
    connect(m_edit, &ComposerEdit::submitted, this, &Composer::submit);
    connect(m_edit, &ComposerEdit::escaped, this, [this] {
        if (isReplying())
            emit replyCancelled();
        else
            emit escaped();
    });
    connect(m_edit, &ComposerEdit::upInEmpty, this, &Composer::editLastRequested);
    connect(m_replyClose, &QToolButton::clicked, this, &Composer::replyCancelled);
    connect(m_send, &QToolButton::clicked, this, &Composer::submit);
    connect(m_remedy, &QPushButton::clicked, this, &Composer::remedyRequested);
    connect(m_faces, &QToolButton::clicked, this, &Composer::toggleEmoji);
    connect(m_picker, &EmojiPicker::used, this, &Composer::emojiUsed);
    connect(m_emoji, &EmojiCompleter::used, this, &Composer::emojiUsed);
    connect(&theme, &Theme::changed, this, &Composer::retranslate);
    setFocusProxy(m_edit);
    retranslate();
    onTextChanged();
}

Composer::~Composer()
{
    delete m_picker; // shows what the shelf holds
}

void Composer::setDraft(const QString &text)
{
    m_draftTimer.stop();
    m_setting = true;
    m_edit->setPlainText(text);
    m_edit->moveCursor(QTextCursor::End);
    m_setting = false;
    m_draftTimer.stop();
}

QString Composer::text() const
{
    return m_edit->toPlainText();
}

void Composer::setDisabledReason(const QString &reason, const QString &remedy)
{
    m_reason->setText(reason);
    m_reason->setVisible(!reason.isEmpty());
    m_remedy->setText(remedy);
    m_remedy->setVisible(!remedy.isEmpty());
    m_edit->setVisible(reason.isEmpty());
    m_faces->setVisible(reason.isEmpty());
    m_send->setVisible(reason.isEmpty());
}

bool Composer::isWritable() const
{
    return m_reason->text().isEmpty();
}

void Composer::setReply(const QString &name, const QString &text)
{
    m_replyName->setFullText(name);
    m_replyText->setFullText(text.simplified());
    m_reply->setVisible(!name.isEmpty());
}

bool Composer::isReplying() const
{
    return !m_reply->isHidden();
}

void Composer::setSendWithControl(bool on)
{
    m_edit->setSendWithControl(on);
    retranslate();
}

void Composer::focusText()
{
    m_edit->setFocus(Qt::OtherFocusReason);
}

EmojiPicker *Composer::picker() const
{
    return m_picker;
}

void Composer::toggleEmoji()
{
    if (m_edit->isVisible())
        m_picker->toggle();
}

void Composer::flushDraft()
{
    if (!m_draftTimer.isActive())
        return;
    m_draftTimer.stop();
    emit draftChanged(text());
}

void Composer::changeEvent(QEvent *event)
{
    if (event->type() == QEvent::LanguageChange)
        retranslate();
    QWidget::changeEvent(event);
}

void Composer::retranslate()
{
    m_edit->setPlaceholderText(tr("Write a message"));
    m_edit->setAccessibleName(tr("Message"));
    m_faces->setIcon(icon(QStringLiteral("emoji"), m_theme[Token::Muted]));
    m_faces->setToolTip(tr("Emoji (Ctrl+E)"));
    m_faces->setAccessibleName(tr("Emoji"));
    m_send->setToolTip(m_edit->sendsWithControl() ? tr("Send (Ctrl+Enter)") : tr("Send (Enter)"));
    m_send->setAccessibleName(tr("Send"));
    m_send->setIcon(icon(QStringLiteral("send"), m_theme[Token::OnAccent], m_theme[Token::Muted]));
    m_replyClose->setIcon(icon(QStringLiteral("close"), m_theme[Token::Muted]));
    m_replyClose->setToolTip(tr("Cancel (Esc)"));
    m_replyClose->setAccessibleName(tr("Cancel"));
    m_tooLong->setText(tr("Too long for one message: send it in parts."));
}

void Composer::submit()
{
    const QString words = text().trimmed();
    if (words.isEmpty() || !m_send->isEnabled())
        return;
    setDraft({});
    emit draftChanged({});
    emit sendRequested(words);
}

void Composer::onTextChanged()
{
    const QString words = text();
    const bool tooLong = words.toUtf8().size() > static_cast<qsizetype>(limits::kMaxBodyBytes);
    m_tooLong->setVisible(tooLong);
    m_send->setEnabled(!tooLong && !words.trimmed().isEmpty());
    if (m_setting)
        return;
    if (!m_draftTimer.isActive())
        m_undrafted.start();
    m_draftTimer.start(static_cast<int>(std::clamp<qint64>(kDraftMostMs - m_undrafted.elapsed(), 0, kDraftPauseMs)));
    if (!words.isEmpty())
        emit typed();
}

} // namespace kith::ui
