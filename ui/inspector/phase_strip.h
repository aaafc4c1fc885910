// SPDX-License-Identifier: GPL-3.0-or-later
// The link's story as a strip: time to the right, a colour for each state.
#pragma once

#ifndef Q_MOC_RUN // moc 6.4 stumbles over libstdc++
#include "core/models/link_log.h"
#include "ui/theme/theme.h"
#endif

#include <QTimer>
#include <QWidget>

namespace kith::ui {

class PhaseStrip final : public QWidget {
    Q_OBJECT
public:
    PhaseStrip(const Theme &theme, const models::LinkLogModel &log, QWidget *parent = nullptr);
    QSize sizeHint() const override { return {200, 20}; }

protected:
    void paintEvent(QPaintEvent *event) override;
    bool event(QEvent *event) override;

private:
    struct Span {
        client::LinkStatus status;
        double from = 0, to = 0; // x
    };
    std::vector<Span> spans() const;
    QColor colourOf(const client::LinkStatus &status) const;

    const Theme &m_theme;
    const models::LinkLogModel &m_log;
    QTimer m_tick;
};

} // namespace kith::ui
