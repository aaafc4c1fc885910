// SPDX-License-Identifier: GPL-3.0-or-later
// Emoji above the composer: those used last, by category, or found by typing. The search field has the keys, all of it
// works by them.
#pragma once

#ifndef Q_MOC_RUN // moc 6.4 stumbles over libstdc++
#include "core/models/emoji.h"
#endif
#include "ui/theme/theme.h"

#include <QFrame>

class QAbstractButton;
class QButtonGroup;
class QLabel;
class QLineEdit;
class QListView;
class QPlainTextEdit;

namespace kith::ui {

class ElidedLabel;

class EmojiPicker final : public QFrame {
    Q_OBJECT
public:
    EmojiPicker(const Theme &theme, QPlainTextEdit &edit, models::EmojiShelf &shelf);

    void open();
    /// The focus goes back to the text, if it was here.
    void close();
    void toggle();
    bool isOpen() const { return isVisible(); }

    QLineEdit *search() const { return m_search; }
    QListView *grid() const { return m_grid; }
    QButtonGroup *categories() const { return m_categories; }
    models::EmojiModel &model() { return m_model; }

signals:
    void used();

protected:
    void changeEvent(QEvent *event) override;
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    void build();
    void retranslate();
    void place();
    void showCategory(int id); // 0: used last, then Unicode's groups from 1
    void showFound();
    void fill(std::vector<int> shown);
    void showCurrent();
    void step(int cells);
    void stepCategory(int by);
    int columns() const;
    bool onKey(QKeyEvent &key);
    void insert(const QModelIndex &index, bool stay);

    const Theme &m_theme;
    QPlainTextEdit &m_edit;
    models::EmojiShelf &m_shelf;
    models::EmojiModel m_model;
    QLineEdit *m_search = nullptr;
    QAction *m_icon = nullptr;
    QButtonGroup *m_categories = nullptr;
    QListView *m_grid = nullptr;
    QLabel *m_none = nullptr;
    ElidedLabel *m_name = nullptr;
    int m_category = 0;
};

} // namespace kith::ui
