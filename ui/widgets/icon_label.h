// SPDX-License-Identifier: GPL-3.0-or-later
// An icon beside words. Drawn from its vector at every painting: it stays crisp on whatever screen the window is moved
// to.
#pragma once

#include <QColor>
#include <QWidget>

namespace kith::ui {

class IconLabel final : public QWidget {
    Q_OBJECT
public:
    explicit IconLabel(QWidget *parent = nullptr);
    void show(const QString &name, const QColor &colour);

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    QString m_name;
    QColor m_colour;
};

} // namespace kith::ui
