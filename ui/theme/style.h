// SPDX-License-Identifier: GPL-3.0-or-later
// The widget style under the style sheet: Fusion, with the marks of menus drawn from our own icons.
#pragma once

#include <QProxyStyle>

namespace kith::ui {

class Style final : public QProxyStyle {
    Q_OBJECT
public:
    Style();
    void drawPrimitive(PrimitiveElement element, const QStyleOption *option, QPainter *painter,
                       const QWidget *widget = nullptr) const override;
};

} // namespace kith::ui
