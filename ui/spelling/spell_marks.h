// SPDX-License-Identifier: GPL-3.0-or-later
// Underlines misspelt words of a text field, and offers better ones in its menu. The document itself is not touched:
// what an input method composes, the steps of undo and who listens for changes know nothing of it.
#pragma once

#ifndef Q_MOC_RUN // moc 6.4 stumbles over libstdc++
#include "core/models/spelling.h"
#endif
#include "ui/spelling/spell_checker.h"
#include "ui/theme/theme.h"

#include <QObject>
#include <QTimer>

class QMenu;
class QPlainTextEdit;

namespace kith::ui {

class SpellMarks final : public QObject {
    Q_OBJECT
public:
    SpellMarks(const Theme &theme, QPlainTextEdit &edit);

    SpellChecker &checker() { return m_checker; }
    /// The words that are underlined.
    QStringList marked() const;
    /// The field's own menu and what belongs to the word there; `at` in the viewport. Deletes itself when closed.
    QMenu *menu(const QPoint &at);

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    void mark();
    bool isComposing() const;
    /// The underlined word there, of length 0 if none.
    models::SpellWord wrongAt(int position) const;
    void addSuggestions(QMenu &menu, const models::SpellWord &word);
    void addChoice(QMenu &menu);

    const Theme &m_theme;
    QPlainTextEdit &m_edit;
    SpellChecker m_checker;
    QTimer m_soon; // once for all that happens in one turn
    bool m_edited = false;
    int m_typedAt = -1; // the cursor, while the word before it is being written
};

} // namespace kith::ui
