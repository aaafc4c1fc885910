// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/gateway/send_queue.h"

#include "core/protocol/envelope.h"

#include <algorithm>

namespace kith::server::gateway {
namespace {

const Encoded &laggingEnvelope()
{
    static const Encoded kEnvelope =
        std::make_shared<const std::string>(protocol::encodeEnvelope(protocol::Op::Lagging, {}, {}));
    return kEnvelope;
}

} // namespace

Pushed SendQueue::push(Encoded envelope, Weight weight)
{
    const std::size_t size = envelope->size();
    Pushed result = Pushed::Queued;
    switch (weight) {
    case Weight::Reply:
        if (m_bytes >= m_limit * kReplyFactor)
            return Pushed::Overflow;
        break;
    case Weight::Log:
        if (m_lagging)
            return Pushed::Dropped;
        // An empty queue takes anything: a single envelope larger than the limit must not lag for ever.
        if (m_bytes != 0 && m_bytes + size > m_limit) {
            m_lagging = true;
            envelope = laggingEnvelope();
            result = Pushed::BecameSlow;
        }
        break;
    case Weight::Ephemeral:
        if (m_lagging || m_bytes + size > m_limit / 2)
            return Pushed::Dropped;
        break;
    }
    m_bytes += envelope->size();
    m_waiting.push_back(std::move(envelope));
    return result;
}

void SendQueue::take(std::vector<Encoded> &batch, std::size_t maxBytes, std::size_t maxCount)
{
    batch.clear();
    std::size_t taken = 0;
    if (m_next == 0 && m_waiting.size() <= maxCount && m_bytes - m_writing <= maxBytes) {
        taken = m_bytes - m_writing;
        batch.swap(m_waiting); // the usual case: everything, without a copy
        m_waiting.clear();
    } else {
        while (m_next < m_waiting.size() && batch.size() < maxCount) {
            Encoded &next = m_waiting[m_next];
            if (!batch.empty() && taken + next->size() > maxBytes)
                break;
            taken += next->size();
            batch.push_back(std::move(next));
            ++m_next;
        }
    }
    if (m_next == m_waiting.size()) {
        m_next = 0;
        if (m_waiting.capacity() > 16)
            std::vector<Encoded>().swap(m_waiting);
        else
            m_waiting.clear();
    }
    m_writing += taken;
}

void SendQueue::written()
{
    m_bytes -= m_writing;
    m_writing = 0;
}

void SendQueue::clear()
{
    std::vector<Encoded>().swap(m_waiting);
    m_next = 0;
    m_bytes = m_writing;
}

void joinEnvelopes(const std::vector<Encoded> &batch, std::string &frame)
{
    frame.clear();
    std::size_t size = 2;
    for (const Encoded &envelope : batch)
        size += envelope->size() + 1;
    frame.reserve(size);
    char separator = '[';
    for (const Encoded &envelope : batch) {
        frame += separator;
        frame += *envelope;
        separator = ',';
    }
    frame += ']';
}

} // namespace kith::server::gateway
