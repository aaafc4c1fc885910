// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/mention_completer.h"

#include "core/base/limits.h"
#include "ui/widgets/list_row.h"

#include <QFrame>
#include <QKeyEvent>
#include <QListView>
#include <QPlainTextEdit>
#include <QVBoxLayout>

#include <algorithm>

namespace kith::ui {

namespace {
constexpr int kWidth = 320, kMostRows = 6, kRow = 48;
constexpr std::size_t kMostOffered = 50; // who is not among these is found by one letter more
} // namespace

MentionCompleter::MentionCompleter(const Theme &theme, QPlainTextEdit &edit)
    : QObject(&edit), m_theme(theme), m_edit(edit), m_frame(new QFrame(&edit)), m_list(new QListView(m_frame))
{
    m_frame->setObjectName(QStringLiteral("Popup"));
    m_frame->setAttribute(Qt::WA_StyledBackground);
    auto *column = new QVBoxLayout(m_frame);
    column->setContentsMargins(space::kXs, space::kXs, space::kXs, space::kXs);
    column->addWidget(m_list);
    m_list->setModel(&m_found);
    m_list->setItemDelegate(new PersonDelegate(theme, PersonDelegate::Size::Compact, this));
    m_list->setFocusPolicy(Qt::NoFocus);
    makeRowList(*m_list);
    m_frame->hide();
    m_edit.installEventFilter(this);
    connect(&m_edit, &QPlainTextEdit::textChanged, this, &MentionCompleter::update);
    connect(&m_edit, &QPlainTextEdit::cursorPositionChanged, this, &MentionCompleter::update);
    connect(m_list, &QListView::clicked, this, [this](const QModelIndex &index) {
        m_list->setCurrentIndex(index);
        choose();
    });
}

MentionCompleter::~MentionCompleter()
{
    delete m_frame;
}

void MentionCompleter::setPeople(std::vector<User> people)
{
    if (people == m_people)
        return;
    m_people = std::move(people);
    update();
}

std::vector<UserId> MentionCompleter::mentionsIn(const QString &text) const
{
    std::vector<UserId> users;
    for (const models::Mention &mention :
         models::findMentions(text.normalized(QString::NormalizationForm_C), m_people, m_chosen))
        if (users.size() < limits::kMaxMentions && std::find(users.begin(), users.end(), mention.user) == users.end())
            users.push_back(mention.user);
    return users;
}

bool MentionCompleter::isOffering() const
{
    return m_frame->isVisible();
}

void MentionCompleter::hide()
{
    m_start = -1;
    m_frame->hide();
}

void MentionCompleter::update()
{
    const QString text = m_edit.toPlainText();
    const std::optional<models::MentionQuery> query = models::mentionAt(text, m_edit.textCursor().position());
    if (!query || query->start != m_refused)
        m_refused = -1;
    if (text.contains(QLatin1Char('@')) || text.contains(QChar(0xff20)))
        emit wanted();
    if (!query || query->start == m_refused || !m_edit.hasFocus() || m_edit.textCursor().hasSelection())
        return hide();
    std::vector<User> matches = models::matchPeople(m_people, query->typed, kMostOffered);
    if (matches.empty())
        return hide();
    m_start = query->start;
    m_found.reset(std::move(matches));
    m_list->setCurrentIndex(m_found.index(0));
    place();
}

void MentionCompleter::place()
{
    QWidget *window = m_edit.window();
    if (m_frame->parentWidget() != window)
        m_frame->setParent(window);
    const int rows = std::min(m_found.rowCount(), kMostRows);
    const int width = std::min(kWidth, m_edit.width());
    const int height = rows * m_theme.row(kRow) + 2 * space::kXs + 2;
    QTextCursor at(m_edit.document());
    at.setPosition(m_start);
    const QPoint caret = m_edit.viewport()->mapTo(window, m_edit.cursorRect(at).topLeft());
    const QPoint field = m_edit.mapTo(window, QPoint(0, 0));
    const int x = std::clamp(caret.x() - space::kL, field.x(), field.x() + m_edit.width() - width);
    m_frame->setGeometry(x, field.y() - height - space::kXs, width, height);
    m_list->setAccessibleName(tr("People to mention"));
    m_frame->show();
    m_frame->raise();
}

void MentionCompleter::step(int rows)
{
    const int count = m_found.rowCount();
    const int row = (m_list->currentIndex().row() + rows + count) % count;
    m_list->setCurrentIndex(m_found.index(row));
    m_list->scrollTo(m_list->currentIndex());
}

void MentionCompleter::choose()
{
    const QModelIndex index = m_list->currentIndex();
    if (!index.isValid() || m_start < 0)
        return;
    const User user = m_found.user(index.row());
    const QString name = models::shownName(user);
    m_chosen[name] = user.id;
    QTextCursor cursor = m_edit.textCursor();
    const int end = cursor.position();
    cursor.setPosition(m_start);
    cursor.setPosition(end, QTextCursor::KeepAnchor);
    cursor.insertText(QLatin1Char('@') + name + QLatin1Char(' ')); // one step of undo
    m_edit.setTextCursor(cursor);
    hide();
}

bool MentionCompleter::onKey(int key)
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

bool MentionCompleter::eventFilter(QObject *watched, QEvent *event)
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
