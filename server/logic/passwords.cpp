// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/logic/passwords.h"

#include <algorithm>
#include <unordered_set>

namespace kith::server {

extern const char *const kCommonPasswords; // made from resources/common_passwords.txt at build, one a line

namespace {

std::string lowered(std::string_view text)
{
    std::string out(text);
    for (char &c : out)
        if (c >= 'A' && c <= 'Z')
            c = static_cast<char>(c - 'A' + 'a');
    return out;
}

std::unordered_set<std::string> readList()
{
    std::unordered_set<std::string> out;
    std::string_view rest(kCommonPasswords);
    while (!rest.empty()) {
        const auto end = std::min(rest.find('\n'), rest.size());
        if (end > 0)
            out.insert(lowered(rest.substr(0, end)));
        rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    return out;
}

} // namespace

bool isCommonPassword(std::string_view password)
{
    static const std::unordered_set<std::string> kList = readList();
    return kList.contains(lowered(password));
}

PasswordPool::PasswordPool(std::size_t threads, std::size_t queue, crypto::PasswordCost cost)
    : m_limit(queue), m_cost(cost)
{
    for (std::size_t i = 0; i < std::max<std::size_t>(threads, 1); ++i)
        m_threads.emplace_back([this] { work(); });
}

PasswordPool::~PasswordPool()
{
    stop();
}

void PasswordPool::stop()
{
    std::deque<Job> dropped; // destroyed without the lock: their owners answer when they go
    {
        const std::lock_guard lock(m_mutex);
        m_stopping = true;
        dropped.swap(m_queue);
    }
    m_changed.notify_all();
    for (std::thread &thread : m_threads)
        if (thread.joinable())
            thread.join();
}

bool PasswordPool::post(const std::string &party, std::function<void()> run)
{
    {
        const std::lock_guard lock(m_mutex);
        if (m_stopping || m_queue.size() >= m_limit)
            return false;
        const auto theirs =
            std::count_if(m_queue.begin(), m_queue.end(), [&](const Job &one) { return one.party == party; });
        if (static_cast<std::size_t>(theirs) >= std::max<std::size_t>(m_limit / 2, 1))
            return false;
        m_queue.push_back({party, std::move(run)});
    }
    m_changed.notify_one();
    return true;
}

void PasswordPool::work()
{
    // Before the first request, so that the first unknown user is answered no slower than a known one.
    std::call_once(m_dummyOnce, [this] {
        if (auto made = crypto::hashPassword(crypto::Secret::random(16).view(), m_cost))
            m_dummy = std::move(*made);
    });
    for (;;) {
        Job job;
        {
            std::unique_lock lock(m_mutex);
            m_changed.wait(lock, [&] { return m_stopping || !m_queue.empty(); });
            if (m_stopping)
                return;
            job = std::move(m_queue.front());
            m_queue.pop_front();
        }
        job.run();
    }
}

bool PasswordPool::hash(const std::string &party, std::string password, Hashed done)
{
    return post(party, [this, password = std::move(password), done = std::move(done)] {
        done(crypto::hashPassword(password, m_cost));
    });
}

bool PasswordPool::verify(const std::string &party, std::string encodedHash, std::string password, Verified done)
{
    return post(party,
                [this, encoded = std::move(encodedHash), password = std::move(password), done = std::move(done)] {
                    const bool known = !encoded.empty();
                    done(crypto::verifyPassword(known ? encoded : m_dummy, password) && known);
                });
}

} // namespace kith::server
