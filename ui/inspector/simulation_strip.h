// SPDX-License-Identifier: GPL-3.0-or-later
// Says over everything that the network is made worse on purpose: nobody shall look for a fault that is none.
#pragma once

#ifndef Q_MOC_RUN // moc 6.4 stumbles over libstdc++
#include "core/client/simulation.h"
#include "ui/theme/theme.h"
#endif

#include <QWidget>

class QLabel;
class QPushButton;

namespace kith::ui {

class IconLabel;

class SimulationStrip final : public QWidget {
    Q_OBJECT
public:
    explicit SimulationStrip(const Theme &theme, QWidget *parent = nullptr);
    void show(const client::Simulation &simulation);
    QString text() const; // empty while hidden
    QPushButton *offButton() const { return m_off; }

signals:
    void offClicked();

protected:
    void changeEvent(QEvent *event) override;

private:
    void refresh();

    const Theme &m_theme;
    client::Simulation m_simulation;
    IconLabel *m_icon;
    QLabel *m_label;
    QPushButton *m_off;
};

} // namespace kith::ui
