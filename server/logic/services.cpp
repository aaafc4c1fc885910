// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/logic/services.h"

#include "server/logic/core.h"

namespace kith::server {

Core::Core(LogicSettings logicSettings, Store &storeToUse, IoThreads &io, const Clock &theClock, Metrics &theMetrics,
           const crypto::Secret &key)
    : settings(logicSettings), store(storeToUse), clock(theClock), metrics(theMetrics),
      tokens(crypto::subkey(key, "kithd access tokens, version 1"), settings.accessToken, clock),
      factors(crypto::subkey(key, "kithd second factors, version 1"), clock),
      logins(settings.loginFailuresPerMinute, clock),
      codes(settings.loginFailuresPerMinute, clock, Throttle::kMaxKeys, Throttle::kCodeWindow),
      registrations(settings.registrationsPerMinute, clock),
      avatarChanges(kAvatarChangesPerHour, clock, Throttle::kMaxKeys, std::chrono::hours{1}),
      delivery(registry, retransmitter, io, clock, metrics),
      passwords(settings.passwordThreads, settings.passwordQueue, settings.passwordCost), m_sweeper(store, metrics),
      m_ticker([this] { tickEverySecond(); })
{
}

Core::~Core()
{
    stop();
}

void Core::stop()
{
    {
        const std::lock_guard lock(m_mutex);
        m_stopping = true;
    }
    m_wake.notify_all();
    if (m_ticker.joinable())
        m_ticker.join();
    passwords.stop();
    delivery.stop();
}

void Core::tickEverySecond()
{
    std::unique_lock lock(m_mutex);
    while (!m_wake.wait_for(lock, std::chrono::seconds{1}, [&] { return m_stopping; })) {
        lock.unlock();
        retransmitter.tick();
        m_sweeper.tick();
        lock.lock();
    }
}

Services::Services(LogicSettings settings, Store &store, IoThreads &io, const Clock &clock, Metrics &metrics,
                   const crypto::Secret &key)
    : m_impl(std::make_unique<Impl>(Impl{std::make_shared<Core>(settings, store, io, clock, metrics, key)}))
{
}

Services::~Services()
{
    m_impl->core->stop();
}

void Services::drain()
{
    m_impl->core->draining = true;
}

bool Services::draining() const
{
    return m_impl->core->draining;
}

} // namespace kith::server
