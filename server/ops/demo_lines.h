// SPDX-License-Identifier: GPL-3.0-or-later
// What the demo's people say to each other. Data, no behaviour but the filling of slots.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace kith::server {

/// Turns of one exchange, spoken in rotation. A line that starts with `+` is spoken by the speaker of the line before
/// it, one with `^` answers (reply_to) the first line. `{slot}` is filled anew in each exchange.
using DemoExchange = std::vector<std::string_view>;

struct DemoTalk {
    std::vector<DemoExchange> everyday; // drawn at random
    std::vector<DemoExchange> newest;   // what one sees first, one for each place of this talk
};

const DemoTalk &friendsTalk();
const DemoTalk &workTalk();
const DemoTalk &chineseFriendsTalk();
const DemoTalk &chineseWorkTalk();

/// Fills `{day}`, `{time}`, `{place}`, `{dish}`, `{thing}` (and `{日子}`, `{时间}`, `{地方}`, `{菜}`, `{东西}`); the
/// same slot twice gets the same words. `pick(n)` gives a number below n.
class DemoSlots final {
public:
    explicit DemoSlots(std::function<std::size_t(std::size_t)> pick) : m_pick(std::move(pick)) {}
    std::string fill(std::string_view line);

private:
    std::function<std::size_t(std::size_t)> m_pick;
    std::vector<std::pair<std::string, std::string_view>> m_chosen;
};

} // namespace kith::server
