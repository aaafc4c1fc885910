// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/gateway/wheel.h"

#include <algorithm>

namespace kith::server::gateway {

void WheelItem::unlink()
{
    if (!m_next)
        return;
    m_previous->m_next = m_next;
    m_next->m_previous = m_previous;
    m_previous = m_next = nullptr;
}

Wheel::Wheel(SteadyTime start, std::chrono::milliseconds tick) : m_tick(tick), m_start(start)
{
    for (Slot &slot : m_slots)
        slot.m_previous = slot.m_next = &slot;
}

Wheel::~Wheel()
{
    for (Slot &slot : m_slots) {
        while (slot.m_next != &slot)
            slot.m_next->unlink();
    }
}

void Wheel::append(Slot &slot, WheelItem &item)
{
    item.unlink();
    item.m_previous = slot.m_previous;
    item.m_next = &slot;
    slot.m_previous->m_next = &item;
    slot.m_previous = &item;
}

void Wheel::schedule(WheelItem &item, SteadyTime due)
{
    item.m_due = due;
    const auto wait = std::chrono::duration_cast<std::chrono::milliseconds>(due - m_start);
    // Rounded up: an item never comes early. Later than a round: it is looked at once a round and goes back in.
    const long long tick = (wait.count() + m_tick.count()) / m_tick.count();
    const long long slot = std::clamp(tick, m_now + 1, m_now + static_cast<long long>(kSlots) - 1);
    append(m_slots[static_cast<std::size_t>(slot) % kSlots], item);
}

void Wheel::advance(SteadyTime now)
{
    const long long target = (now - m_start) / m_tick;
    // After a long sleep of the machine one round reaches every slot.
    if (target - m_now > static_cast<long long>(kSlots))
        m_now = target - static_cast<long long>(kSlots);
    while (m_now < target) {
        ++m_now;
        Slot &slot = m_slots[static_cast<std::size_t>(m_now) % kSlots];
        Slot due; // items may put themselves back into the slot that is being emptied
        due.m_previous = due.m_next = &due;
        while (slot.m_next != &slot) {
            WheelItem &item = *slot.m_next;
            append(due, item);
        }
        while (due.m_next != &due) {
            WheelItem &item = *due.m_next;
            item.unlink();
            if (item.m_due <= now)
                item.expired(now);
            else
                schedule(item, item.m_due);
        }
        due.m_previous = due.m_next = nullptr;
    }
}

} // namespace kith::server::gateway
