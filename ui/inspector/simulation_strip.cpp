// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/inspector/simulation_strip.h"

#include "ui/widgets/icon_label.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QLocale>
#include <QPushButton>

namespace kith::ui {

SimulationStrip::SimulationStrip(const Theme &theme, QWidget *parent) : QWidget(parent), m_theme(theme)
{
    setObjectName(QStringLiteral("Simulation"));
    setAttribute(Qt::WA_StyledBackground);
    auto *row = new QHBoxLayout(this);
    row->setContentsMargins(space::kL, 6, space::kL, 6);
    row->setSpacing(space::kS);
    m_icon = new IconLabel(this);
    m_label = new QLabel(this);
    m_label->setWordWrap(true);
    m_off = new QPushButton(this);
    m_off->setObjectName(QStringLiteral("Link"));
    row->addWidget(m_icon);
    row->addWidget(m_label, 1);
    row->addWidget(m_off);
    connect(m_off, &QPushButton::clicked, this, &SimulationStrip::offClicked);
    connect(&theme, &Theme::changed, this, &SimulationStrip::refresh);
    refresh();
}

void SimulationStrip::show(const client::Simulation &simulation)
{
    m_simulation = simulation;
    refresh();
}

QString SimulationStrip::text() const
{
    return isHidden() ? QString() : m_label->text();
}

void SimulationStrip::changeEvent(QEvent *event)
{
    if (event->type() == QEvent::LanguageChange)
        refresh();
    QWidget::changeEvent(event);
}

void SimulationStrip::refresh()
{
    m_icon->show(QStringLiteral("pulse"), m_theme[Token::OnAccent]);
    m_off->setText(tr("Switch off"));
    const double seconds = static_cast<double>(m_simulation.latency.count()) / 1000;
    m_label->setText(
        m_simulation.offline
            ? tr("Test: the network is simulated as offline.")
            : tr("Test: the network is simulated as slow, %1 s each way.").arg(QLocale().toString(seconds, 'f', 1)));
    setVisible(m_simulation.on());
}

} // namespace kith::ui
