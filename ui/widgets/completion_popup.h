// SPDX-License-Identifier: GPL-3.0-or-later
// A list above a text field that offers ends for what is being typed. The field keeps the focus.
#pragma once

#include "ui/theme/theme.h"

#include <QFrame>
#include <QObject>
#include <QPointer>

class QAbstractItemDelegate;
class QAbstractItemModel;
class QListView;
class QPlainTextEdit;

namespace kith::ui {

/// Made for inheritance: who derives says what is offered (offer() from update()) and what is put in.
class CompletionPopup : public QObject {
    Q_OBJECT
public:
    ~CompletionPopup() override; // the list belongs to the window that the field stands in

    bool isOffering() const;
    QListView *list() const { return m_list; }
    void hide();

protected:
    explicit CompletionPopup(QPlainTextEdit &edit);
    /// Once, in the constructor of who derives: the model is a member there.
    void show(QAbstractItemModel &model, QAbstractItemDelegate *delegate, int rowHeight);

    /// The text or the cursor changed.
    virtual void update() = 0;
    /// What stands in the place of the text from where offer() said to the cursor. One step of undo.
    virtual QString take(int row) = 0;
    virtual QString accessibleName() const = 0;

    /// Whether anything may be offered for what begins at `start`: not after Esc, nor without focus, nor beside a
    /// selection. -1: nothing begins.
    bool mayOffer(int start);
    void offer(int start); // the model's rows
    bool eventFilter(QObject *watched, QEvent *event) override;
    QPlainTextEdit &edit() const { return m_edit; }

private:
    void place();
    void step(int rows);
    void choose();
    bool onKey(int key);

    QPlainTextEdit &m_edit;
    QPointer<QFrame> m_frame; // the window's child
    QListView *m_list;
    int m_rowHeight = 0;
    int m_start = -1;   // of what is completed
    int m_refused = -1; // Esc was pressed for what begins there
};

} // namespace kith::ui
