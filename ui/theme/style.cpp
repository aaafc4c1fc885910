// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/theme/style.h"

#include "ui/theme/icons.h"

#include <QMenu>
#include <QStyleFactory>
#include <QStyleOption>

#include <algorithm>

namespace kith::ui {

namespace {
constexpr int kMark = 16;
}

Style::Style() : QProxyStyle(QStyleFactory::create(QStringLiteral("Fusion"))) {}

void Style::drawPrimitive(PrimitiveElement element, const QStyleOption *option, QPainter *painter,
                          const QWidget *widget) const
{
    const bool check = element == PE_IndicatorMenuCheckMark;
    const bool arrow = element == PE_IndicatorArrowRight || element == PE_IndicatorArrowLeft;
    if ((!check && !arrow) || !qobject_cast<const QMenu *>(widget))
        return QProxyStyle::drawPrimitive(element, option, painter, widget);
    if (check && !(option->state & State_On))
        return;
    const QRect rect = alignedRect(option->direction, Qt::AlignCenter, QSize(kMark, kMark), option->rect);
    const auto group = option->state & State_Enabled || check ? QPalette::Active : QPalette::Disabled;
    const QString name = check                               ? QStringLiteral("check")
                         : element == PE_IndicatorArrowRight ? QStringLiteral("chevron-right")
                                                             : QStringLiteral("chevron-left");
    paintIcon(*painter, name, rect, option->palette.color(group, QPalette::Text));
}

} // namespace kith::ui
