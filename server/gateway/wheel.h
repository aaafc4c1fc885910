// SPDX-License-Identifier: GPL-3.0-or-later
// One timing wheel a thread, instead of a timer a connection (Varghese & Lauck, "Hashed and Hierarchical Timing
// Wheels", SOSP 1987). Used by one thread; knows no clock: the time is passed in.
#pragma once

#include <array>
#include <chrono>
#include <cstddef>

namespace kith::server::gateway {

using SteadyTime = std::chrono::steady_clock::time_point;

/// Linked into at most one wheel; takes itself out when it goes.
class WheelItem {
public:
    WheelItem() = default;
    WheelItem(const WheelItem &) = delete;
    WheelItem &operator=(const WheelItem &) = delete;

    void unlink();
    bool linked() const { return m_next != nullptr; }

protected:
    virtual ~WheelItem() { unlink(); }

private:
    friend class Wheel;
    /// Its time has come; it is not in the wheel any more and may schedule itself again.
    virtual void expired(SteadyTime now) = 0;

    WheelItem *m_previous = nullptr;
    WheelItem *m_next = nullptr;
    SteadyTime m_due{};
};

/// An item that is told when a drain begins, on its thread; it may reschedule itself then.
class Drainable {
public:
    virtual void drain(SteadyTime now) = 0;

protected:
    ~Drainable() = default;
};

class Wheel final {
public:
    Wheel(SteadyTime start, std::chrono::milliseconds tick);
    ~Wheel();
    Wheel(const Wheel &) = delete;
    Wheel &operator=(const Wheel &) = delete;

    std::chrono::milliseconds tick() const { return m_tick; }
    /// Calls expired() at the first advance at or after `due`, at most one tick late. Moves an item that is linked.
    void schedule(WheelItem &item, SteadyTime due);
    void advance(SteadyTime now);

    /// Every item, in no order. The visitor may unlink or reschedule the item that it is given, no other.
    template <class Visitor>
    void forEach(Visitor visit)
    {
        for (Slot &slot : m_slots) {
            for (WheelItem *item = slot.m_next; item != &slot;) {
                WheelItem *next = item->m_next;
                visit(*item);
                item = next;
            }
        }
    }

private:
    class Slot final : public WheelItem {
        friend class Wheel;
        void expired(SteadyTime) override {}
    };
    static constexpr std::size_t kSlots = 128; // above 75 s of ticks of a second: most items are visited once a round
    static void append(Slot &slot, WheelItem &item);

    std::chrono::milliseconds m_tick;
    SteadyTime m_start;
    long long m_now = 0; // ticks that have passed since m_start
    std::array<Slot, kSlots> m_slots;
};

} // namespace kith::server::gateway
