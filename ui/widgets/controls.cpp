// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/controls.h"

#include "ui/theme/icons.h"

#include <QPainter>
#include <QWheelEvent>

namespace kith::ui {

namespace {
constexpr int kBox = 18, kGap = 8, kArrow = 16;
}

CheckBox::CheckBox(const Theme &theme, const QString &text, QWidget *parent) : QCheckBox(text, parent), m_theme(theme)
{
    connect(&theme, &Theme::changed, this, qOverload<>(&QWidget::update));
}

QSize CheckBox::sizeHint() const
{
    const int words = text().isEmpty() ? 0 : kGap + fontMetrics().horizontalAdvance(text());
    return {kBox + 6 + words, std::max(kBox + 6, fontMetrics().height() + 4)};
}

void CheckBox::paintEvent(QPaintEvent *)
{
    QPainter p(this);
    p.setRenderHint(QPainter::Antialiasing);
    const QRectF box(3, (height() - kBox) / 2.0, kBox, kBox);
    p.setPen(QPen(isChecked() ? m_theme[Token::Accent] : m_theme[Token::Control], 1.5));
    p.setBrush(isChecked() ? m_theme[Token::Accent] : m_theme[Token::Surface]);
    p.drawRoundedRect(box.adjusted(0.75, 0.75, -0.75, -0.75), 4, 4);
    if (isChecked())
        paintIcon(p, QStringLiteral("check"), box.adjusted(2, 2, -2, -2), m_theme[Token::OnAccent]);
    if (hasFocus()) {
        p.setBrush(Qt::NoBrush);
        p.setPen(QPen(m_theme[Token::Focus], 2));
        p.drawRoundedRect(box.adjusted(-2, -2, 2, 2), 6, 6);
    }
    if (text().isEmpty())
        return;
    p.setPen(isEnabled() ? m_theme[Token::Text] : m_theme[Token::Muted]);
    p.drawText(rect().adjusted(3 + kBox + kGap, 0, 0, 0), Qt::AlignVCenter | Qt::TextShowMnemonic, text());
}

Choice::Choice(const Theme &theme, QWidget *parent) : QComboBox(parent), m_theme(theme)
{
    setFocusPolicy(Qt::StrongFocus);
    setSizeAdjustPolicy(QComboBox::AdjustToContents);
    connect(&theme, &Theme::changed, this, qOverload<>(&QWidget::update));
}

QSize Choice::sizeHint() const
{
    int words = 0;
    for (int i = 0; i < count(); ++i)
        words = std::max(words, fontMetrics().horizontalAdvance(itemText(i)));
    return {words + 2 * space::kM + kGap + kArrow, fontMetrics().height() + 20};
}

void Choice::paintEvent(QPaintEvent *)
{
    QPainter p(this);
    p.setRenderHint(QPainter::Antialiasing);
    const bool focus = hasFocus();
    const double pen = focus ? 2 : 1;
    p.setPen(QPen(m_theme[focus ? Token::Focus : Token::Control], pen));
    p.setBrush(m_theme[underMouse() ? Token::Hover : Token::Surface]);
    p.drawRoundedRect(QRectF(rect()).adjusted(pen / 2, pen / 2, -pen / 2, -pen / 2), 8, 8);
    p.setPen(m_theme[Token::Text]);
    const QRect words = rect().adjusted(space::kM, 0, -(space::kM + kArrow), 0);
    p.drawText(words, Qt::AlignVCenter, fontMetrics().elidedText(currentText(), Qt::ElideRight, words.width()));
    const QRectF arrow(width() - space::kM - kArrow + 2, (height() - kArrow) / 2.0, kArrow, kArrow);
    paintIcon(p, QStringLiteral("chevron-down"), arrow, m_theme[Token::Muted]);
}

void Choice::wheelEvent(QWheelEvent *event)
{
    event->ignore();
}

} // namespace kith::ui
