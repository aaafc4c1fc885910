// SPDX-License-Identifier: GPL-3.0-or-later
// What the client offers to testers: the recording, a worse network, frames by hand, figures for a report.
#include "core/client/client_impl.h"
#include "core/client/log_ring.h"

namespace kith::client {

Recorder &Client::recorder()
{
    return m_impl->recorder;
}

const LogRing *Client::log() const
{
    return m_impl->options.log.get();
}

void Client::simulate(const Simulation &simulation)
{
    if (m_impl->simulation == simulation)
        return;
    m_impl->simulation = simulation;
    m_impl->account.simulate(simulation);
    m_impl->session.simulate(simulation);
    emit simulationChanged();
}

Simulation Client::simulation() const
{
    return m_impl->simulation;
}

void Client::cutLink()
{
    m_impl->session.cut();
}

Result<std::vector<std::string>> Client::sendRaw(const QByteArray &json)
{
    return m_impl->session.sendRaw(std::string_view(json.constData(), static_cast<std::size_t>(json.size())));
}

QCoro::Task<Result<std::string>> Client::cipherVersion()
{
    auto *impl = m_impl.get();
    auto readLater = impl->history.run([](history::HistoryStore &store) -> sql::Result<std::string> {
        KITH_TRY_VALUE(statement, store.database().prepare("PRAGMA cipher_version"));
        KITH_TRY_VALUE(row, statement.step());
        return row ? statement.text(0) : std::string();
    });
    co_return co_await readLater;
}

} // namespace kith::client
