// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/timeline/day_picker.h"

#include "ui/theme/icons.h"
#include "ui/words/words.h"

#include <QEvent>
#include <QGridLayout>
#include <QGuiApplication>
#include <QKeyEvent>
#include <QLabel>
#include <QLocale>
#include <QPainter>
#include <QScreen>
#include <QToolButton>

#include <algorithm>

namespace kith::ui {

using client::DayState;

namespace {
constexpr int kCell = 36, kWeeks = 6, kDays = 7;
}

DayCell::DayCell(const Theme &theme, QWidget *parent) : QAbstractButton(parent), m_theme(theme)
{
    setFixedSize(kCell, kCell);
    setFocusPolicy(Qt::StrongFocus);
    setAttribute(Qt::WA_Hover);
}

void DayCell::show(const client::MessageDay &day, bool today)
{
    m_day = day;
    m_today = today;
    setEnabled(day.state != DayState::None);
    setCursor(isEnabled() ? Qt::PointingHandCursor : Qt::ArrowCursor);
    const QString name = Words::longDate(day.day);
    const QString lack = tr("not on this computer");
    setText(QString::number(day.day.day()));
    setToolTip(day.state == DayState::Missing ? lack : QString());
    setAccessibleName(day.state == DayState::Here      ? name
                      : day.state == DayState::Missing ? QStringLiteral("%1, %2").arg(name, lack)
                                                       : QStringLiteral("%1, %2").arg(name, tr("no messages")));
    setVisible(true);
    update();
}

void DayCell::paintEvent(QPaintEvent *)
{
    QPainter p(this);
    p.setRenderHint(QPainter::Antialiasing);
    const QRectF round = QRectF(rect()).adjusted(2.5, 2.5, -2.5, -2.5);
    const bool here = m_day.state == DayState::Here, missing = m_day.state == DayState::Missing;
    if (isEnabled() && (underMouse() || hasFocus())) {
        p.setPen(Qt::NoPen);
        p.setBrush(m_theme[isDown() ? Token::Selection : Token::Hover]);
        p.drawEllipse(round);
    }
    if (missing) {
        p.setPen(QPen(m_theme[Token::Control], 1, Qt::DashLine));
        p.setBrush(Qt::NoBrush);
        p.drawEllipse(round);
    }
    if (hasFocus()) {
        p.setPen(QPen(m_theme[Token::Focus], 2));
        p.setBrush(Qt::NoBrush);
        p.drawEllipse(round);
    }
    QFont font = here || m_today ? m_theme.nameFont() : m_theme.bodyFont();
    font.setUnderline(m_today);
    p.setFont(font);
    p.setPen(here ? m_theme[Token::Text] : missing ? m_theme[Token::Muted] : m_theme[Token::Control]);
    p.drawText(rect().adjusted(0, here ? -3 : 0, 0, here ? -3 : 0), Qt::AlignCenter, text());
    if (here) {
        p.setPen(Qt::NoPen);
        p.setBrush(m_theme[Token::Accent]);
        p.drawEllipse(QPointF(rect().center().x() + 0.5, rect().bottom() - 7.5), 2, 2);
    }
}

DayPicker::DayPicker(const Theme &theme, const QDate &open, QWidget *parent)
    : QFrame(parent, Qt::Popup | Qt::FramelessWindowHint | Qt::NoDropShadowWindowHint), m_theme(theme),
      m_month(open.year(), open.month(), 1), m_focus(open)
{
    setObjectName(QStringLiteral("Popup"));
    setAttribute(Qt::WA_DeleteOnClose);
    auto *grid = new QGridLayout(this);
    grid->setContentsMargins(space::kM, space::kS, space::kM, space::kM);
    grid->setSpacing(0);
    const auto arrow = [&](const char *name) {
        auto *made = new QToolButton(this);
        made->setIcon(icon(QLatin1String(name), theme[Token::Text], theme[Token::Control]));
        made->setIconSize(QSize(20, 20));
        made->setFocusPolicy(Qt::TabFocus);
        return made;
    };
    m_earlier = arrow("chevron-left");
    m_later = arrow("chevron-right");
    m_title = new QLabel(this);
    m_title->setFont(theme.nameFont());
    m_title->setAlignment(Qt::AlignCenter);
    grid->addWidget(m_earlier, 0, 0);
    grid->addWidget(m_title, 0, 1, 1, kDays - 2);
    grid->addWidget(m_later, 0, kDays - 1, Qt::AlignRight);
    for (int i = 0; i < kDays; ++i) {
        auto *name = new QLabel(this);
        name->setFont(theme.smallFont());
        name->setObjectName(QStringLiteral("Muted"));
        name->setAlignment(Qt::AlignCenter);
        name->setFixedHeight(24);
        grid->addWidget(name, 1, i);
        m_names.push_back(name);
    }
    for (int i = 0; i < kWeeks * kDays; ++i) {
        auto *cell = new DayCell(theme, this);
        cell->installEventFilter(this);
        QSizePolicy policy = cell->sizePolicy();
        policy.setRetainSizeWhenHidden(true); // months of four and of six weeks are of one height
        cell->setSizePolicy(policy);
        cell->hide();
        grid->addWidget(cell, 2 + i / kDays, i % kDays);
        connect(cell, &QAbstractButton::clicked, this, [this, cell] {
            const client::MessageDay day = cell->day();
            close();
            emit chosen(day.day, day.at);
        });
        m_cells.push_back(cell);
    }
    m_note = new QLabel(this);
    m_note->setFont(theme.smallFont());
    m_note->setObjectName(QStringLiteral("Muted"));
    m_note->setWordWrap(true);
    m_note->setAlignment(Qt::AlignCenter);
    m_note->setMinimumHeight(2 * QFontMetrics(theme.smallFont()).lineSpacing());
    grid->addWidget(m_note, 2 + kWeeks, 0, 1, kDays);
    connect(m_earlier, &QToolButton::clicked, this, [this] { leaf(-1); });
    connect(m_later, &QToolButton::clicked, this, [this] { leaf(1); });
    m_earlier->setEnabled(false);
    m_later->setEnabled(false);
    retranslate();
}

void DayPicker::popup(const QRect &anchor)
{
    adjustSize();
    const QRect room = (screen() ? screen() : QGuiApplication::primaryScreen())->availableGeometry();
    QPoint at(anchor.center().x() - width() / 2, anchor.bottom() + space::kXs);
    if (at.y() + height() > room.bottom())
        at.setY(anchor.top() - space::kXs - height());
    at.setX(std::clamp(at.x(), room.left(), std::max(room.left(), room.right() - width())));
    at.setY(std::clamp(at.y(), room.top(), std::max(room.top(), room.bottom() - height())));
    move(at);
    QFrame::show();
    setFocus(Qt::PopupFocusReason);
}

void DayPicker::setMonth(const QDate &month, const client::MessageMonth &days, const QDate &today)
{
    m_month = QDate(month.year(), month.month(), 1);
    m_days = days;
    const int first = (m_month.dayOfWeek() - static_cast<int>(QLocale().firstDayOfWeek()) + kDays) % kDays;
    bool any = false, lacking = false;
    for (int i = 0; i < kWeeks * kDays; ++i) {
        DayCell *cell = m_cells[static_cast<std::size_t>(i)];
        const int day = i - first;
        if (day < 0 || day >= static_cast<int>(days.days.size())) {
            cell->hide();
            continue;
        }
        const client::MessageDay &one = days.days[static_cast<std::size_t>(day)];
        cell->show(one, one.day == today);
        any = any || one.state == DayState::Here;
        lacking = lacking || one.state == DayState::Missing;
    }
    const bool nothing = !any && !lacking && !days.earlier && !days.later;
    m_note->setText(nothing   ? tr("Nothing of this conversation is on this computer yet.")
                    : lacking ? tr("Of ringed days nothing is on this computer.")
                    : any     ? QString()
                              : tr("No messages in this month."));
    m_earlier->setEnabled(days.earlier.has_value());
    m_later->setEnabled(days.later.has_value());
    retranslate();
    const auto can = choices();
    if (m_fromEnd && !can.empty())
        focusDay(can.back()->day().day);
    else
        focusDay(m_focus);
    m_fromEnd = false;
}

void DayPicker::setProblem(const QString &words)
{
    m_note->setText(words);
}

QString DayPicker::note() const
{
    return m_note->text();
}

std::vector<DayCell *> DayPicker::choices() const
{
    std::vector<DayCell *> can;
    for (DayCell *cell : m_cells) {
        if (!cell->isHidden() && cell->isEnabled())
            can.push_back(cell);
    }
    return can;
}

DayCell *DayPicker::cellOf(const QDate &day) const
{
    for (DayCell *cell : m_cells) {
        if (!cell->isHidden() && cell->day().day == day)
            return cell;
    }
    return nullptr;
}

void DayPicker::focusDay(const QDate &day)
{
    const auto can = choices();
    if (can.empty()) {
        setFocus(Qt::OtherFocusReason);
        return;
    }
    const auto nearest = std::min_element(can.begin(), can.end(), [&](const DayCell *a, const DayCell *b) {
        return std::abs(a->day().day.daysTo(day)) < std::abs(b->day().day.daysTo(day));
    });
    (*nearest)->setFocus(Qt::OtherFocusReason);
    m_focus = (*nearest)->day().day;
}

void DayPicker::step(int by)
{
    const auto can = choices();
    const auto at = std::find_if(can.begin(), can.end(), [](const DayCell *cell) { return cell->hasFocus(); });
    if (at == can.end() || (by < 0 ? at == can.begin() : at + 1 == can.end()))
        return leaf(by);
    focusDay((*(at + by))->day().day);
}

void DayPicker::week(int by)
{
    const QDate wanted = m_focus.addDays(kDays * by);
    const auto can = choices();
    const bool beyond = can.empty() || (by < 0 ? can.front()->day().day >= m_focus : can.back()->day().day <= m_focus);
    if (beyond)
        return leaf(by);
    // The nearest one on that side: not the one it is on.
    const DayCell *best = nullptr;
    for (const DayCell *cell : can) {
        const QDate &day = cell->day().day;
        if (by < 0 ? day >= m_focus : day <= m_focus)
            continue;
        if (!best || std::abs(day.daysTo(wanted)) < std::abs(best->day().day.daysTo(wanted)))
            best = cell;
    }
    focusDay(best->day().day);
}

void DayPicker::leaf(int by)
{
    const auto to = by < 0 ? m_days.earlier : m_days.later;
    if (!to)
        return;
    m_fromEnd = by < 0;
    m_focus = *to;
    emit monthRequested(QDate(to->year(), to->month(), 1));
}

bool DayPicker::eventFilter(QObject *watched, QEvent *event)
{
    // A button would take the arrows to the buttons beside it, also to those of the header.
    if (event->type() == QEvent::KeyPress) {
        auto *key = static_cast<QKeyEvent *>(event);
        keyPressEvent(key);
        return key->isAccepted();
    }
    return QFrame::eventFilter(watched, event);
}

void DayPicker::keyPressEvent(QKeyEvent *event)
{
    event->accept();
    const auto can = choices();
    switch (event->key()) {
    case Qt::Key_Left:
        return step(layoutDirection() == Qt::RightToLeft ? 1 : -1);
    case Qt::Key_Right:
        return step(layoutDirection() == Qt::RightToLeft ? -1 : 1);
    case Qt::Key_Up:
        return week(-1);
    case Qt::Key_Down:
        return week(1);
    case Qt::Key_PageUp:
        return leaf(-1);
    case Qt::Key_PageDown:
        return leaf(1);
    case Qt::Key_Home:
        return can.empty() ? void() : focusDay(can.front()->day().day);
    case Qt::Key_End:
        return can.empty() ? void() : focusDay(can.back()->day().day);
    case Qt::Key_Return:
    case Qt::Key_Enter:
    case Qt::Key_Space:
        for (DayCell *cell : can) {
            if (cell->hasFocus())
                return cell->click();
        }
        return;
    case Qt::Key_Escape:
        close();
        return;
    }
    event->ignore();
}

void DayPicker::paintEvent(QPaintEvent *)
{
    // A translucent window has no ground from the style sheet.
    QPainter p(this);
    p.setRenderHint(QPainter::Antialiasing);
    p.setPen(QPen(m_theme[Token::Border], 1));
    p.setBrush(m_theme[Token::Surface]);
    p.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), 12, 12);
}

void DayPicker::changeEvent(QEvent *event)
{
    if (event->type() == QEvent::LanguageChange)
        retranslate();
    QFrame::changeEvent(event);
}

void DayPicker::retranslate()
{
    const QLocale locale;
    //: A month as the head of a calendar (Qt date format)
    m_title->setText(locale.toString(m_month, tr("MMMM yyyy")));
    setAccessibleName(tr("Go to a day"));
    m_earlier->setToolTip(tr("Earlier month with messages (Page up)"));
    m_earlier->setAccessibleName(tr("Earlier month"));
    m_later->setToolTip(tr("Later month with messages (Page down)"));
    m_later->setAccessibleName(tr("Later month"));
    for (int i = 0; i < kDays; ++i) {
        const int day = (static_cast<int>(locale.firstDayOfWeek()) - 1 + i) % kDays + 1;
        m_names[static_cast<std::size_t>(i)]->setText(locale.standaloneDayName(day, QLocale::ShortFormat));
    }
}

} // namespace kith::ui
