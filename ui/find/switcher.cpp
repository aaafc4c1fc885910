// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/find/switcher.h"

#include "ui/pictures/pictures.h"
#include "ui/theme/icons.h"
#include "ui/widgets/avatar.h"
#include "ui/widgets/list_row.h"
#include "ui/words/words.h"

#include <QAction>
#include <QApplication>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QListView>
#include <QPainter>
#include <QVBoxLayout>

#include <algorithm>

namespace kith::ui {

namespace {
constexpr int kRow = 52, kAvatar = 36, kWidth = 520, kTop = 72, kRows = 8;
}

QSize SwitcherDelegate::sizeHint(const QStyleOptionViewItem &, const QModelIndex &) const
{
    return {kRow, m_theme.row(kRow)};
}

QString SwitcherDelegate::detail(const models::SwitcherRow &row) const
{
    if (row.archive)
        return tr("kept on this computer");
    if (row.removed)
        return tr("left");
    if (row.group)
        return tr("group");
    return row.person ? QLatin1Char('@') + QString::fromStdString(row.person->username) : QString();
}

void SwitcherDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    const auto row = index.data(models::SwitcherModel::RowRole).value<models::SwitcherRow>();
    QPainter &p = *painter;
    p.save();
    p.setRenderHint(QPainter::Antialiasing);
    const QRect frame = rowFrame(option);
    const bool selected = option.state & QStyle::State_Selected;
    const QColor ground = paintRowGround(p, option, m_theme, Token::Surface);
    const QRect avatar(frame.left() + space::kS, frame.center().y() - kAvatar / 2 + 1, kAvatar, kAvatar);
    paintAvatar(p, avatar, row.name, row.colour, m_theme, row.avatar);
    if (row.presence == PresenceState::Online)
        paintOnlineDot(p, avatar, ground, m_theme);
    int right = frame.right() - space::kM;
    if (row.unread > 0) {
        const QRectF badge = paintUnreadBadge(p, right + 1, frame.center().y() + 1, row.unread, row.muted, m_theme);
        right = static_cast<int>(badge.left()) - space::kS;
    }
    const int left = avatar.right() + 1 + space::kM;
    const QFontMetrics names(m_theme.nameFont()), small(m_theme.smallFont());
    const QString more = detail(row);
    // The name has the right of way; what is told about it gets what is left, and nothing rather than a stump.
    const QString name = names.elidedText(Words::name(row.name, row.archive), Qt::ElideRight, right - left);
    const int nameWidth = names.horizontalAdvance(name);
    const QRect line(left, frame.top(), right - left, frame.height());
    p.setFont(m_theme.nameFont());
    p.setPen(m_theme[Token::Text]);
    p.drawText(line, Qt::AlignLeft | Qt::AlignVCenter, name);
    const int room = right - left - nameWidth - space::kS;
    if (!more.isEmpty() && room > 48) {
        p.setFont(m_theme.smallFont());
        p.setPen(m_theme[selected ? Token::Text : Token::Muted]);
        p.drawText(line.adjusted(nameWidth + space::kS, 1, 0, 0), Qt::AlignLeft | Qt::AlignVCenter,
                   small.elidedText(more, Qt::ElideRight, room));
    }
    p.restore();
}

Switcher::Switcher(const Theme &theme, models::SwitcherModel &model, QWidget *parent)
    : QWidget(parent), m_theme(theme), m_model(model)
{
    hide();
    m_card = new QWidget(this);
    m_card->setObjectName(QStringLiteral("Card"));
    m_card->setAttribute(Qt::WA_StyledBackground);
    auto *column = new QVBoxLayout(m_card);
    column->setContentsMargins(space::kM, space::kM, space::kM, space::kM);
    column->setSpacing(space::kS);
    m_edit = new QLineEdit(m_card);
    m_edit->setObjectName(QStringLiteral("Search"));
    m_edit->setFixedHeight(40);
    m_icon = m_edit->addAction(QIcon(), QLineEdit::LeadingPosition);
    m_list = new QListView(m_card);
    m_list->setItemDelegate(new SwitcherDelegate(theme, this));
    repaintArrivals(*m_list, theme.pictures());
    m_list->setModel(&model);
    makeRowList(*m_list);
    m_list->setFocusPolicy(Qt::NoFocus); // the keys go through the field
    m_none = new QLabel(m_card);
    m_none->setObjectName(QStringLiteral("Muted"));
    m_none->setAlignment(Qt::AlignCenter);
    m_none->setWordWrap(true);
    m_none->setMinimumHeight(kRow);
    column->addWidget(m_edit);
    column->addWidget(m_list);
    column->addWidget(m_none);
    connect(m_edit, &QLineEdit::textChanged, this, &Switcher::refresh);
    connect(m_list, &QListView::clicked, this, [this](const QModelIndex &index) { choose(index.row()); });
    connect(&theme, &Theme::changed, this, &Switcher::retranslate);
    m_edit->installEventFilter(this);
    parent->installEventFilter(this);
    retranslate();
}

void Switcher::begin()
{
    m_before = QApplication::focusWidget();
    m_edit->setText({});
    setGeometry(parentWidget()->rect());
    show();
    raise();
    m_edit->setFocus(Qt::ShortcutFocusReason);
}

void Switcher::end()
{
    if (!isOpen())
        return;
    const bool had = isAncestorOf(QApplication::focusWidget());
    hide();
    m_edit->setText({});
    m_model.end();
    if (had && m_before)
        m_before->setFocus(Qt::OtherFocusReason);
}

void Switcher::refresh()
{
    if (!isOpen())
        return;
    m_model.setText(m_edit->text());
    if (m_model.rowCount() > 0)
        m_list->setCurrentIndex(m_model.index(0));
    m_list->scrollToTop();
    fit();
}

void Switcher::fit()
{
    const int rows = std::min(kRows, m_model.rowCount());
    const int width = std::min(kWidth, this->width() - 2 * space::kL);
    const int room = height() - kTop - 40 - 4 * space::kM;
    m_list->setVisible(rows > 0);
    m_none->setVisible(rows == 0);
    const int row = m_theme.row(kRow);
    m_list->setFixedHeight(std::max(row, std::min(rows * row, room / row * row)));
    m_card->layout()->activate();
    const int wanted = 40 + 2 * space::kM + space::kS + (rows > 0 ? m_list->height() : row) + 2;
    m_card->setGeometry((this->width() - width) / 2, std::min(kTop, std::max(space::kS, height() / 8)), width, wanted);
}

void Switcher::choose(int row)
{
    if (row < 0 || row >= m_model.rowCount())
        return;
    const models::SwitcherRow chosenRow = m_model.row(row);
    end();
    emit chosen(chosenRow);
}

bool Switcher::eventFilter(QObject *watched, QEvent *event)
{
    if (watched == parentWidget() && event->type() == QEvent::Resize && isOpen()) {
        setGeometry(parentWidget()->rect());
        fit();
    }
    if (watched != m_edit || event->type() != QEvent::KeyPress)
        return QWidget::eventFilter(watched, event);
    const auto *key = static_cast<QKeyEvent *>(event);
    const int count = m_model.rowCount();
    const int now = m_list->currentIndex().row();
    const auto go = [&](int row) {
        if (count > 0)
            m_list->setCurrentIndex(m_model.index(row));
        return true;
    };
    switch (key->key()) {
    case Qt::Key_Escape:
        end();
        return true;
    case Qt::Key_Return:
    case Qt::Key_Enter:
        choose(now);
        return true;
    case Qt::Key_Down:
        return go((now + 1) % std::max(1, count)); // past the last is the first again
    case Qt::Key_Up:
        return go((now + count - 1) % std::max(1, count));
    case Qt::Key_PageDown:
        return go(std::min(count - 1, now + kRows));
    case Qt::Key_PageUp:
        return go(std::max(0, now - kRows));
    case Qt::Key_Tab:
    case Qt::Key_Backtab:
        return true; // there is one field, and what lies behind is covered
    default:
        return QWidget::eventFilter(watched, event);
    }
}

void Switcher::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    QColor veil = m_theme[m_theme.isDark() ? Token::Window : Token::Text];
    veil.setAlphaF(m_theme.isDark() ? 0.6F : 0.25F);
    painter.fillRect(rect(), veil);
}

void Switcher::mousePressEvent(QMouseEvent *)
{
    end();
}

void Switcher::changeEvent(QEvent *event)
{
    if (event->type() == QEvent::LanguageChange)
        retranslate();
    QWidget::changeEvent(event);
}

void Switcher::retranslate()
{
    m_icon->setIcon(icon(QStringLiteral("search"), m_theme[Token::Muted]));
    m_icon->setText(tr("Go to a person or group"));
    m_edit->setPlaceholderText(tr("Go to a person or group"));
    m_edit->setAccessibleName(tr("Go to a person or group"));
    m_list->setAccessibleName(tr("Conversations"));
    m_none->setText(tr("Nobody here is called so. Ctrl+N looks on the server."));
    m_list->viewport()->update();
}

} // namespace kith::ui
