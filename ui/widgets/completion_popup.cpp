// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/completion_popup.h"

#include "ui/widgets/list_row.h"

#include <QKeyEvent>
#include <QListView>
#include <QPlainTextEdit>
#include <QVBoxLayout>

#include <algorithm>

namespace kith::ui {

namespace {
constexpr int kWidth = 320, kMostRows = 6;
}

CompletionPopup::CompletionPopup(QPlainTextEdit &edit)
    : QObject(&edit), m_edit(edit), m_frame(new QFrame(&edit)), m_list(new QListView(m_frame))
{
    m_frame->setObjectName(QStringLiteral("Popup"));
    m_frame->setAttribute(Qt::WA_StyledBackground);
    auto *column = new QVBoxLayout(m_frame);
    column->setContentsMargins(space::kXs, space::kXs, space::kXs, space::kXs);
    column->addWidget(m_list);
    m_list->setFocusPolicy(Qt::NoFocus);
    makeRowList(*m_list);
    m_frame->hide();
    m_edit.installEventFilter(this);
    connect(&m_edit, &QPlainTextEdit::textChanged, this, &CompletionPopup::update);
    connect(&m_edit, &QPlainTextEdit::cursorPositionChanged, this, &CompletionPopup::update);
    connect(m_list, &QListView::clicked, this, [this](const QModelIndex &index) {
        m_list->setCurrentIndex(index);
        choose();
    });
}

CompletionPopup::~CompletionPopup()
{
    delete m_frame;
}

void CompletionPopup::show(QAbstractItemModel &model, QAbstractItemDelegate *delegate, int rowHeight)
{
    m_list->setModel(&model);
    m_list->setItemDelegate(delegate);
    m_rowHeight = rowHeight;
}

bool CompletionPopup::isOffering() const
{
    return m_frame->isVisible();
}

void CompletionPopup::hide()
{
    m_start = -1;
    m_frame->hide();
}

bool CompletionPopup::mayOffer(int start)
{
    if (start != m_refused)
        m_refused = -1;
    return start >= 0 && start != m_refused && m_edit.hasFocus() && !m_edit.textCursor().hasSelection();
}

void CompletionPopup::offer(int start)
{
    m_start = start;
    m_list->setCurrentIndex(m_list->model()->index(0, 0));
    place();
}

void CompletionPopup::place()
{
    QWidget *window = m_edit.window();
    if (m_frame->parentWidget() != window)
        m_frame->setParent(window);
    const int rows = std::min(m_list->model()->rowCount(), kMostRows);
    const int width = std::min(kWidth, m_edit.width());
    const int height = rows * m_rowHeight + 2 * space::kXs + 2;
    QTextCursor at(m_edit.document());
    at.setPosition(m_start);
    const QPoint caret = m_edit.viewport()->mapTo(window, m_edit.cursorRect(at).topLeft());
    const QPoint field = m_edit.mapTo(window, QPoint(0, 0));
    const int x = std::clamp(caret.x() - space::kL, field.x(), field.x() + m_edit.width() - width);
    m_frame->setGeometry(x, field.y() - height - space::kXs, width, height);
    m_list->setAccessibleName(accessibleName());
    m_frame->show();
    m_frame->raise();
}

void CompletionPopup::step(int rows)
{
    const int count = m_list->model()->rowCount();
    const int row = (m_list->currentIndex().row() + rows + count) % count;
    m_list->setCurrentIndex(m_list->model()->index(row, 0));
    m_list->scrollTo(m_list->currentIndex());
}

void CompletionPopup::choose()
{
    const QModelIndex index = m_list->currentIndex();
    if (!index.isValid() || m_start < 0)
        return;
    const QString words = take(index.row());
    QTextCursor cursor = m_edit.textCursor();
    const int end = cursor.position();
    cursor.setPosition(m_start);
    cursor.setPosition(end, QTextCursor::KeepAnchor);
    cursor.insertText(words); // one step of undo
    m_edit.setTextCursor(cursor);
    hide();
}

bool CompletionPopup::onKey(int key)
{
    switch (key) {
    case Qt::Key_Up:
        step(-1);
        return true;
    case Qt::Key_Down:
        step(1);
        return true;
    case Qt::Key_Return:
    case Qt::Key_Enter:
    case Qt::Key_Tab:
        choose();
        return true;
    case Qt::Key_Escape:
        m_refused = m_start;
        hide();
        return true;
    default:
        return false;
    }
}

bool CompletionPopup::eventFilter(QObject *watched, QEvent *event)
{
    switch (event->type()) {
    case QEvent::FocusOut:
    case QEvent::Hide:
        hide();
        break;
    case QEvent::Resize:
    case QEvent::Move:
        if (isOffering())
            place();
        break;
    case QEvent::ShortcutOverride: // its keys are not the window's while it offers
    case QEvent::KeyPress: {
        const auto *key = static_cast<QKeyEvent *>(event);
        if (!isOffering() || (key->modifiers() & ~Qt::KeypadModifier) != Qt::NoModifier)
            break;
        if (event->type() == QEvent::KeyPress)
            return onKey(key->key());
        if (key->key() == Qt::Key_Escape || key->key() == Qt::Key_Up || key->key() == Qt::Key_Down)
            event->accept();
        break;
    }
    default:
        break;
    }
    return QObject::eventFilter(watched, event);
}

} // namespace kith::ui
