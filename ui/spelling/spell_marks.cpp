// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/spelling/spell_marks.h"

#include <QActionGroup>
#include <QContextMenuEvent>
#include <QLocale>
#include <QMenu>
#include <QPlainTextEdit>
#include <QScreen>
#include <QTextBlock>
#include <QTextLayout>

#include <algorithm>

namespace kith::ui {

SpellMarks::SpellMarks(const Theme &theme, QPlainTextEdit &edit)
    : QObject(&edit), m_theme(theme), m_edit(edit), m_checker(this)
{
    m_soon.setSingleShot(true);
    m_soon.setInterval(0);
    connect(&m_soon, &QTimer::timeout, this, &SpellMarks::mark);
    const auto soon = [this] { m_soon.start(); };
    connect(&edit, &QPlainTextEdit::textChanged, this, [this] {
        m_edited = true;
        m_soon.start();
    });
    connect(&edit, &QPlainTextEdit::cursorPositionChanged, this, soon);
    connect(&m_checker, &SpellChecker::changed, this, soon);
    connect(&theme, &Theme::changed, this, soon);
    edit.installEventFilter(this);
    edit.setContextMenuPolicy(Qt::CustomContextMenu);
    connect(&edit, &QWidget::customContextMenuRequested, this,
            [this](const QPoint &at) { menu(at)->popup(m_edit.viewport()->mapToGlobal(at)); });
}

bool SpellMarks::isComposing() const
{
    const QTextLayout *layout = m_edit.textCursor().block().layout();
    return layout && !layout->preeditAreaText().isEmpty();
}

QStringList SpellMarks::marked() const
{
    QStringList words;
    for (const QTextEdit::ExtraSelection &one : m_edit.extraSelections())
        words << one.cursor.selectedText();
    return words;
}

void SpellMarks::mark()
{
    // What a method composes is not in the text, but on the screen it moves what stands behind it: the marks wait.
    if (isComposing())
        return m_edit.setExtraSelections({});
    const QTextCursor cursor = m_edit.textCursor();
    if (std::exchange(m_edited, false))
        m_typedAt = cursor.position();
    else if (m_typedAt != cursor.position())
        m_typedAt = -1;
    QList<QTextEdit::ExtraSelection> marks;
    if (!m_checker.language().isEmpty()) {
        const QString text = m_edit.toPlainText();
        QTextEdit::ExtraSelection mark;
        mark.format.setUnderlineStyle(QTextCharFormat::SpellCheckUnderline);
        mark.format.setUnderlineColor(m_theme[Token::Danger]);
        for (const models::SpellWord &word : models::spellWords(text, m_checker.script())) {
            const int end = word.start + word.length;
            const bool typing = m_edit.hasFocus() && m_typedAt > word.start && m_typedAt <= end;
            if (typing || m_checker.verdict(text.mid(word.start, word.length)) != SpellChecker::Verdict::Wrong)
                continue;
            mark.cursor = QTextCursor(m_edit.document());
            mark.cursor.setPosition(word.start);
            mark.cursor.setPosition(end, QTextCursor::KeepAnchor);
            marks << mark;
        }
    }
    if (!marks.isEmpty() || !m_edit.extraSelections().isEmpty())
        m_edit.setExtraSelections(marks);
}

models::SpellWord SpellMarks::wrongAt(int position) const
{
    for (const QTextEdit::ExtraSelection &one : m_edit.extraSelections()) {
        const int start = one.cursor.selectionStart(), end = one.cursor.selectionEnd();
        if (position >= start && position <= end)
            return {start, end - start};
    }
    return {};
}

QMenu *SpellMarks::menu(const QPoint &at)
{
    QMenu *menu = m_edit.createStandardContextMenu(at);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    models::SpellWord word = wrongAt(m_edit.cursorForPosition(at).position());
    // By the menu key it opens at the cursor.
    if (word.length == 0 && m_edit.cursorRect().adjusted(-space::kS, -space::kS, space::kS, space::kS).contains(at))
        word = wrongAt(m_edit.textCursor().position());
    if (word.length > 0)
        addSuggestions(*menu, word);
    addChoice(*menu);
    return menu;
}

void SpellMarks::addSuggestions(QMenu &menu, const models::SpellWord &word)
{
    const QString written = m_edit.toPlainText().mid(word.start, word.length);
    QAction *first = menu.actions().value(0);
    auto *looking = new QAction(tr("Looking for better words…"), &menu);
    looking->setEnabled(false);
    auto *add = new QAction(tr("Add “%1” to the dictionary").arg(written), &menu);
    connect(add, &QAction::triggered, this, [this, written] { m_checker.addWord(written); });
    menu.insertAction(first, looking);
    menu.insertAction(first, add);
    menu.insertSeparator(first);
    m_checker.suggest(written, &menu, [this, &menu, looking, add, word, written](const QStringList &words) {
        for (const QString &better : words) {
            auto *action = new QAction(better, &menu);
            QFont font = m_theme.nameFont();
            action->setFont(font);
            connect(action, &QAction::triggered, this, [this, word, written, better] {
                if (m_edit.toPlainText().mid(word.start, word.length) != written)
                    return; // it changed under the menu
                QTextCursor cursor(m_edit.document());
                cursor.setPosition(word.start);
                cursor.setPosition(word.start + word.length, QTextCursor::KeepAnchor);
                cursor.insertText(better); // one step of undo
            });
            menu.insertAction(looking, action);
        }
        if (words.isEmpty())
            looking->setText(tr("No better word is known"));
        else
            menu.removeAction(looking);
        menu.insertSeparator(add);
        if (menu.isVisible()) { // it grew, maybe past the edge
            const int bottom = menu.screen()->availableGeometry().bottom();
            if (menu.geometry().bottom() > bottom)
                menu.move(menu.x(), std::max(0, bottom - menu.height()));
        }
    });
}

void SpellMarks::addChoice(QMenu &menu)
{
    const QStringList languages = m_checker.languages();
    if (languages.isEmpty())
        return;
    menu.addSeparator();
    QMenu *choice = menu.addMenu(tr("Spelling"));
    auto *group = new QActionGroup(choice);
    const auto add = [&](const QString &words, const QString &value) {
        QAction *action = choice->addAction(words);
        action->setCheckable(true);
        action->setChecked(m_checker.choice() == value);
        action->setData(value);
        group->addAction(action);
    };
    const auto nameOf = [](const QString &language) {
        const QLocale locale(language);
        const QString own = locale.nativeLanguageName();
        return own.isEmpty() ? language : QStringLiteral("%1 (%2)").arg(own, locale.nativeTerritoryName());
    };
    add(tr("Off"), QStringLiteral("off"));
    const bool automatic = m_checker.choice().isEmpty() && !m_checker.language().isEmpty();
    add(automatic ? tr("Automatic: %1").arg(nameOf(m_checker.language())) : tr("Automatic"), {});
    choice->addSeparator();
    for (const QString &language : languages)
        add(nameOf(language), language);
    connect(group, &QActionGroup::triggered, this,
            [this](QAction *action) { m_checker.setChoice(action->data().toString()); });
}

bool SpellMarks::eventFilter(QObject *watched, QEvent *event)
{
    switch (event->type()) {
    case QEvent::InputMethod: // looked at after the field has it
    case QEvent::FocusIn:
    case QEvent::FocusOut:
        m_soon.start();
        break;
    default:
        break;
    }
    return QObject::eventFilter(watched, event);
}

} // namespace kith::ui
