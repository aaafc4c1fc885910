// SPDX-License-Identifier: GPL-3.0-or-later
// Whether the system wants light or dark windows: told by Qt from 6.5 on, before that by the desktop portal
// (org.freedesktop.appearance) where there is one. Never waits: what is not known yet comes as a change.
#pragma once

#include <QObject>

namespace kith::ui {

class SystemScheme final : public QObject {
    Q_OBJECT
public:
    /// `guess` stands until something better is known.
    explicit SystemScheme(bool guess, QObject *parent = nullptr);
    bool isDark() const { return m_dark; }

signals:
    void changed();

private slots:
    void ask();

private:
    void set(bool dark);

    bool m_dark;
};

} // namespace kith::ui
