// SPDX-License-Identifier: GPL-3.0-or-later
// The line icons of resources/icons, drawn in a colour of the theme and crisp at every scale.
#pragma once

#include <QColor>
#include <QIcon>
#include <QString>

class QPainter;
class QRect;
class QRectF;

namespace kith::ui {

/// `name` is the file's name without .svg. Drawn from the vector each time it is needed at another size.
QIcon icon(const QString &name, const QColor &colour);
/// With another colour while disabled.
QIcon icon(const QString &name, const QColor &colour, const QColor &disabled);
void paintIcon(QPainter &painter, const QString &name, const QRectF &rect, const QColor &colour);
/// A drawing for an empty place, in two colours.
void paintArt(QPainter &painter, const QString &name, const QRectF &rect, const QColor &line, const QColor &ground);

} // namespace kith::ui
