// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/emoji_picker.h"

#include "ui/theme/icons.h"
#include "ui/widgets/elided_label.h"
#include "ui/widgets/emoji_paint.h"
#include "ui/widgets/list_row.h"

#include <QAction>
#include <QButtonGroup>
#include <QGuiApplication>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QListView>
#include <QPainter>
#include <QPlainTextEdit>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>

namespace kith::ui {

namespace {
constexpr int kColumns = 9, kRows = 6, kBar = 12, kTab = 36;
constexpr int kWidth = kColumns * EmojiDelegate::kCell + kBar + 3 * space::kS + 2;
constexpr int kHeight = 40 + kTab + kRows * EmojiDelegate::kCell + 28 + 3 * space::kXs + 2 * space::kS + 2;
constexpr std::size_t kMostFound = 200; // more are found by another letter
// One of each of Unicode's groups, in its order.
constexpr const char16_t *kSamples[] = {u"🙂", u"👋", u"🐻", u"☕", u"🚲", u"⚽", u"💡", u"❤️", u"🏳️"};

/// A button with an emoji on it; marked while its category is shown.
class CategoryButton final : public QToolButton {
public:
    CategoryButton(const Theme &theme, QString sample, QWidget *parent)
        : QToolButton(parent), m_theme(theme), m_sample(std::move(sample))
    {
        setCheckable(true);
        setFixedSize(kTab, kTab);
        setFocusPolicy(Qt::NoFocus); // Tab in the search field walks through them
    }

protected:
    void paintEvent(QPaintEvent *) override
    {
        QPainter painter(this);
        painter.setRenderHint(QPainter::Antialiasing);
        if (isChecked() || underMouse()) {
            painter.setPen(Qt::NoPen);
            painter.setBrush(m_theme[isChecked() ? Token::Selection : Token::Hover]);
            painter.drawRoundedRect(QRectF(rect()).adjusted(2, 2, -2, -2), 8, 8);
        }
        painter.setPen(m_theme[Token::Text]);
        constexpr int kPixels = 18;
        if (m_sample.isEmpty())
            paintIcon(painter, QStringLiteral("clock"), QRectF(8, 8, kTab - 16, kTab - 16),
                      m_theme[isChecked() ? Token::Text : Token::Muted]);
        else
            paintEmoji(painter, rect(), m_sample, kPixels);
    }

private:
    const Theme &m_theme;
    QString m_sample;
};
} // namespace

EmojiPicker::EmojiPicker(const Theme &theme, QPlainTextEdit &edit, models::EmojiShelf &shelf)
    : QFrame(&edit), m_theme(theme), m_edit(edit), m_shelf(shelf), m_model(shelf, this)
{
    hide();
    setObjectName(QStringLiteral("Popup"));
    setAttribute(Qt::WA_StyledBackground);
    edit.installEventFilter(this);
}

void EmojiPicker::build()
{
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(space::kS, space::kS, space::kS, space::kS);
    column->setSpacing(space::kXs);
    m_search = new QLineEdit(this);
    m_search->setObjectName(QStringLiteral("Search"));
    m_search->setFixedHeight(40);
    m_icon = m_search->addAction(QIcon(), QLineEdit::LeadingPosition);
    m_search->installEventFilter(this);
    auto *tabs = new QHBoxLayout;
    tabs->setSpacing(0);
    m_categories = new QButtonGroup(this);
    for (int id = 0; id <= m_shelf.groupCount(); ++id) {
        const bool known = id > 0 && id <= static_cast<int>(std::size(kSamples));
        auto *button = new CategoryButton(m_theme, known ? QString::fromUtf16(kSamples[id - 1]) : QString(), this);
        m_categories->addButton(button, id);
        tabs->addWidget(button);
        tabs->addStretch();
    }
    connect(m_categories, &QButtonGroup::idClicked, this, [this](int id) {
        m_search->clear();
        showCategory(id);
    });
    m_grid = new QListView(this);
    makeRowList(*m_grid);
    m_grid->setModel(&m_model);
    m_grid->setItemDelegate(new EmojiDelegate(m_theme, EmojiDelegate::Shape::Cell, this));
    m_grid->setViewMode(QListView::IconMode);
    m_grid->setMovement(QListView::Static);
    m_grid->setResizeMode(QListView::Adjust);
    m_grid->setGridSize(QSize(EmojiDelegate::kCell, EmojiDelegate::kCell));
    m_grid->setFocusPolicy(Qt::NoFocus);
    connect(m_grid, &QListView::clicked, this, [this](const QModelIndex &index) {
        insert(index, QGuiApplication::keyboardModifiers() & Qt::ShiftModifier);
    });
    connect(m_grid, &QListView::entered, m_grid, &QListView::setCurrentIndex); // its name is told below
    connect(m_grid->selectionModel(), &QItemSelectionModel::currentChanged, this, &EmojiPicker::showCurrent);
    m_none = new QLabel(this);
    m_none->setObjectName(QStringLiteral("Muted"));
    m_none->setAlignment(Qt::AlignCenter);
    m_none->setWordWrap(true);
    m_name = new ElidedLabel(this);
    m_name->setObjectName(QStringLiteral("Muted"));
    m_name->setFixedHeight(28);
    m_name->setContentsMargins(space::kXs, 0, space::kXs, 0);
    column->addWidget(m_search);
    column->addLayout(tabs);
    column->addWidget(m_grid, 1);
    column->addWidget(m_none, 1);
    column->addWidget(m_name);
    connect(m_search, &QLineEdit::textChanged, this, &EmojiPicker::showFound);
    connect(&m_theme, &Theme::changed, this, &EmojiPicker::retranslate);
    retranslate();
}

void EmojiPicker::open()
{
    if (!m_search)
        build();
    m_search->clear();
    place();
    show();
    raise();
    showCategory(m_shelf.recent().empty() ? 1 : 0);
    m_search->setFocus(Qt::ShortcutFocusReason);
}

void EmojiPicker::close()
{
    if (!isOpen())
        return;
    const bool had = m_search->hasFocus();
    hide();
    if (had)
        m_edit.setFocus(Qt::OtherFocusReason);
}

void EmojiPicker::toggle()
{
    if (isOpen())
        close();
    else
        open();
}

void EmojiPicker::place()
{
    QWidget *window = m_edit.window();
    if (parentWidget() != window) {
        setParent(window);
        window->installEventFilter(this);
    }
    const QPoint field = m_edit.mapTo(window, QPoint(0, 0));
    const int right = std::min(field.x() + m_edit.width() + kTab, window->width() - space::kS);
    const int width = std::min(kWidth, window->width() - 2 * space::kS);
    const int height = std::min(kHeight, field.y() - 2 * space::kXs);
    setGeometry(std::max(space::kS, right - width), field.y() - height - space::kXs, width, height);
}

void EmojiPicker::showCategory(int id)
{
    m_category = id;
    if (QAbstractButton *button = m_categories->button(id))
        button->setChecked(true);
    fill(id == 0 ? m_shelf.recent() : m_shelf.group(id - 1));
}

void EmojiPicker::showFound()
{
    if (!isOpen())
        return;
    if (m_search->text().trimmed().isEmpty())
        return showCategory(m_category);
    m_categories->setExclusive(false); // what is found is of all of them
    if (QAbstractButton *button = m_categories->checkedButton())
        button->setChecked(false);
    m_categories->setExclusive(true);
    fill(m_shelf.find(m_search->text(), kMostFound));
}

void EmojiPicker::fill(std::vector<int> shown)
{
    const bool any = !shown.empty();
    m_model.reset(std::move(shown));
    m_grid->setVisible(any);
    m_none->setVisible(!any);
    m_none->setText(m_search->text().trimmed().isEmpty() ? tr("What you use appears here.")
                                                         : tr("No emoji is called so."));
    m_grid->scrollToTop();
    m_grid->setCurrentIndex(m_model.index(0));
    showCurrent();
}

void EmojiPicker::showCurrent()
{
    const QModelIndex index = m_grid->currentIndex();
    const QString name = index.data(models::EmojiModel::NameRole).toString();
    m_name->setFullText(name);
    m_search->setAccessibleDescription(name); // the focus stays here: a reader says what the arrows reached
}

int EmojiPicker::columns() const
{
    // The view decides how many fit.
    const int first = m_grid->visualRect(m_model.index(0)).top();
    int count = 1;
    while (count < m_model.rowCount() && m_grid->visualRect(m_model.index(count)).top() == first)
        ++count;
    return count;
}

void EmojiPicker::step(int cells)
{
    const int count = m_model.rowCount(), now = m_grid->currentIndex().row();
    if (count == 0)
        return;
    int row = now + cells;
    if (std::abs(cells) > 1 && (row < 0 || row >= count)) // in the last row but not above its end; else it stays
        row = row < 0 ? (std::abs(cells) > columns() ? 0 : now)
                      : (now / columns() < (count - 1) / columns() ? count - 1 : now);
    m_grid->setCurrentIndex(m_model.index(std::clamp(row, 0, count - 1)));
    m_grid->scrollTo(m_grid->currentIndex());
}

void EmojiPicker::stepCategory(int by)
{
    const int count = static_cast<int>(m_categories->buttons().size());
    const int id = (m_category + by + count) % count;
    m_category = id;
    if (m_search->text().isEmpty())
        showCategory(id);
    else
        m_search->clear(); // shows it
}

bool EmojiPicker::onKey(QKeyEvent &key)
{
    const bool control = key.modifiers() & Qt::ControlModifier;
    switch (key.key()) {
    case Qt::Key_Escape:
        close();
        return true;
    case Qt::Key_E:
        if (control)
            close();
        return control;
    case Qt::Key_Return:
    case Qt::Key_Enter:
        insert(m_grid->currentIndex(), key.modifiers() & Qt::ShiftModifier);
        return true;
    case Qt::Key_Left:
        step(-1);
        return true;
    case Qt::Key_Right:
        step(1);
        return true;
    case Qt::Key_Up:
        step(-columns());
        return true;
    case Qt::Key_Down:
        step(columns());
        return true;
    case Qt::Key_PageUp:
        step(-columns() * (kRows - 1));
        return true;
    case Qt::Key_PageDown:
        step(columns() * (kRows - 1));
        return true;
    case Qt::Key_Tab:
        stepCategory(1);
        return true;
    case Qt::Key_Backtab:
        stepCategory(-1);
        return true;
    default:
        return false;
    }
}

void EmojiPicker::insert(const QModelIndex &index, bool stay)
{
    if (!index.isValid())
        return;
    const int emoji = m_model.at(index.row());
    QTextCursor cursor = m_edit.textCursor();
    // A step of undo of its own: Qt joins what is typed one behind the other unless the formats differ.
    QTextCharFormat own;
    own.setProperty(QTextFormat::UserProperty, true);
    cursor.beginEditBlock();
    cursor.insertText(m_shelf.at(emoji).text, own);
    cursor.endEditBlock();
    cursor.setCharFormat({});
    m_edit.setTextCursor(cursor);
    m_edit.ensureCursorVisible();
    m_shelf.use(emoji);
    emit used();
    if (!stay)
        close();
}

bool EmojiPicker::eventFilter(QObject *watched, QEvent *event)
{
    if (watched == &m_edit) {
        switch (event->type()) {
        case QEvent::ShortcutOverride: {
            // Ctrl+E is "end of line" of text fields on X11; End does the same.
            const auto *key = static_cast<QKeyEvent *>(event);
            if (key->key() != Qt::Key_E || key->modifiers() != Qt::ControlModifier)
                break;
            event->ignore();
            return true;
        }
        case QEvent::Hide: // another page is shown; the focus is its
            hide();
            break;
        case QEvent::Resize:
        case QEvent::Move:
            if (isOpen())
                place();
            break;
        default:
            break;
        }
        return QFrame::eventFilter(watched, event);
    }
    if (watched == m_search) {
        if (event->type() == QEvent::KeyPress)
            return onKey(*static_cast<QKeyEvent *>(event)) || QFrame::eventFilter(watched, event);
        if (event->type() == QEvent::ShortcutOverride) {
            const int key = static_cast<QKeyEvent *>(event)->key();
            if (key == Qt::Key_Escape ||
                (key == Qt::Key_E && static_cast<QKeyEvent *>(event)->modifiers() == Qt::ControlModifier))
                event->accept(); // not the window's while this is open
        }
        // Somebody went on elsewhere. The menu of the field itself, or another window, is no reason.
        if (event->type() == QEvent::FocusOut) {
            const Qt::FocusReason reason = static_cast<QFocusEvent *>(event)->reason();
            if (reason != Qt::PopupFocusReason && reason != Qt::ActiveWindowFocusReason)
                hide();
        }
    } else if (event->type() == QEvent::Resize && isOpen()) {
        place();
    }
    return QFrame::eventFilter(watched, event);
}

void EmojiPicker::changeEvent(QEvent *event)
{
    if (event->type() == QEvent::LanguageChange && m_search)
        retranslate();
    QFrame::changeEvent(event);
}

void EmojiPicker::retranslate()
{
    m_icon->setIcon(icon(QStringLiteral("search"), m_theme[Token::Muted]));
    m_search->setPlaceholderText(tr("Find an emoji"));
    m_search->setAccessibleName(tr("Find an emoji"));
    m_grid->setAccessibleName(tr("Emoji"));
    const QString names[] = {tr("Used last"),      tr("Smileys"),
                             tr("People"),         tr("Animals and nature"),
                             tr("Food and drink"), tr("Travel and places"),
                             tr("Activities"),     tr("Objects"),
                             tr("Symbols"),        tr("Flags")};
    for (int id = 0; id < static_cast<int>(std::size(names)); ++id) {
        if (QAbstractButton *button = m_categories->button(id)) {
            button->setToolTip(names[id]);
            button->setAccessibleName(names[id]);
        }
    }
    showCurrent();
}

} // namespace kith::ui
