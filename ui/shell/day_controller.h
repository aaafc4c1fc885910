// SPDX-License-Identifier: GPL-3.0-or-later
// Going to a day: the calendar's months come from the local history, and what is chosen is shown in the timeline.
#pragma once

#ifndef Q_MOC_RUN // moc 6.4 stumbles over libstdc++
#include "core/client/client.h"
#include "core/models/timeline_window.h"
#include "ui/theme/theme.h"
#endif

#include <QObject>
#include <QPointer>

namespace kith::ui {

class DayPicker;

class DayController final : public QObject {
    Q_OBJECT
public:
    DayController(client::Client &client, models::TimelineWindow &timeline, const Theme &theme,
                  QObject *parent = nullptr);

    /// Of the open conversation, beginning with the month of `day`; `anchor` is on the screen.
    void open(const QDate &day, const QRect &anchor, QWidget *window);
    DayPicker *picker() const; // null: closed

private:
    QCoro::Task<void> show(QPointer<DayPicker> picker, ConversationId id, QDate month);

    client::Client &m_client;
    models::TimelineWindow &m_timeline;
    const Theme &m_theme;
    QPointer<DayPicker> m_picker;
    std::uint64_t m_request = 0; // answers of an older number are dropped
};

} // namespace kith::ui
