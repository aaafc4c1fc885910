// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/day_controller.h"

#include "ui/timeline/day_picker.h"
#include "ui/words/words.h"

namespace kith::ui {

DayController::DayController(client::Client &client, models::TimelineWindow &timeline, const Theme &theme,
                             QObject *parent)
    : QObject(parent), m_client(client), m_timeline(timeline), m_theme(theme)
{
}

DayPicker *DayController::picker() const
{
    return m_picker;
}

void DayController::open(const QDate &day, const QRect &anchor, QWidget *window)
{
    const ConversationId id = m_timeline.conversation();
    if (id.empty())
        return;
    if (m_picker)
        m_picker->close();
    m_picker = new DayPicker(m_theme, day, window);
    const QPointer<DayPicker> picker = m_picker;
    connect(m_picker, &DayPicker::monthRequested, this,
            [this, picker, id](const QDate &month) { show(picker, id, month); });
    connect(m_picker, &DayPicker::chosen, this, [this, id](const QDate &, Seq at) {
        if (id == m_timeline.conversation())
            m_timeline.jumpTo(at);
    });
    m_picker->popup(anchor);
    show(picker, id, day);
}

QCoro::Task<void> DayController::show(QPointer<DayPicker> picker, ConversationId id, QDate month)
{
    const QPointer<DayController> alive(this);
    const auto request = ++m_request;
    auto task = m_client.messageMonth(std::move(id), month);
    auto days = co_await task;
    if (!alive || !picker || request != m_request)
        co_return;
    if (days)
        picker->setMonth(month, *days, QDate::currentDate());
    else
        picker->setProblem(Words::error(days.error()));
}

} // namespace kith::ui
