// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/ops/demo_lines.h"

#include <algorithm>
#include <array>

namespace kith::server {
namespace {

struct Slot {
    std::string_view name;
    std::vector<std::string_view> words;
};

const std::vector<Slot> &slots()
{
    static const std::vector<Slot> all{
        {"day", {"Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"}},
        {"time", {"eight", "half past nine", "ten", "noon", "three", "half past five", "six", "seven"}},
        {"place",
         {"the bridge", "the old mill", "the north gate", "the bakery", "the river path", "Platform 4", "the library",
          "the little harbour", "the greenhouse"}},
        {"dish",
         {"lentil soup", "the tomato tart", "dumplings", "fig bread", "mushroom risotto", "a very large salad",
          "plum cake", "noodles"}},
        {"thing", {"tent", "drill", "projector", "bicycle pump", "red umbrella", "camera", "board game", "ladder"}},
        {"file", {"section two", "the summary", "the release notes", "the test plan", "the budget", "the figures"}},
        {"bug",
         {"a clock that ran backwards", "a comma", "two threads and one door", "my own cleverness",
          "a cache that remembered too well", "an index nobody used"}},
        {"日子", {"周一", "周二", "周三", "周四", "周五", "周六", "周日"}},
        {"时间", {"八点", "九点半", "十点", "中午", "三点", "五点半", "六点", "七点"}},
        {"地方", {"楼下", "地铁口", "图书馆", "公园南门", "老地方", "咖啡店", "二号会议室"}},
        {"菜", {"牛肉面", "小笼包", "酸菜鱼", "麻婆豆腐", "羊肉串", "砂锅粥", "凉皮"}},
        {"东西", {"雨伞", "充电器", "投影仪", "帐篷", "相机", "移动硬盘", "羽毛球拍"}},
        {"文档", {"会议纪要", "需求文档", "测试报告", "排期表", "接口说明", "周报"}},
    };
    return all;
}

} // namespace

const DemoTalk &friendsTalk()
{
    static const DemoTalk talk{
        {
            {"Did the train make it on time?", "Eight minutes late, which counts as early here.",
             "Ha. Coffee near {place}?", "Yes please.", "+I will be there at {time}."},
            {"The photos from {day} are lovely.", "Thank you! The light was kind to us.",
             "Send me the one with the dog?", "Tonight, when I am back at the computer."},
            {"Anyone else hearing the drill upstairs?", "Since {time}.", "They said one more week.",
             "They said that in March."},
            {"Dinner on {day}?", "I can bring {dish}.", "I will bring everybody's favourite excuse: bread.",
             "Bread is never an excuse.", "Then it is settled.", "+Come at {time}, the door is open."},
            {"Happy birthday!", "+Many, many more.", "Thank you, that is so kind of you.", "Did you get the parcel?",
             "Yes. It is perfect, and far too much."},
            {"Who has my {thing}?", "Not me.", "Possibly me.", "+Definitely me. Sorry.", "Keep it until {day}."},
            {"I made {dish} and there is far too much of it.", "What a terrible problem.", "Are you home at {time}?",
             "I am now."},
            {"How was the concert?", "Loud, long and wonderful.", "+The last song alone was worth the rain.",
             "I knew I should have come.", "There is another one on {day}."},
            {"Could somebody water the plants until {day}?", "Happy to. The usual key?", "Under the blue pot.",
             "+And please talk to the fern, it is shy."},
            {"Missed the bus.", "+Again.", "The {time} one?", "Is there any other?",
             "Walk with me along {place} tomorrow."},
            {"Found a book you would like.", "What is it about?", "A lighthouse, two sisters and a very patient goat.",
             "Sold. Bring it on {day}?"},
            {"It snowed!", "Here too, for eleven minutes.", "We have enough for a small and ugly snowman.",
             "Pictures, please."},
            {"Is {place} open on {day}?", "From {time}, says the sign.", "The sign has lied before.",
             "True. I will call them."},
            {"My sister is in town until {day}.", "Bring her along!", "She says only if there is {dish}.",
             "There can be {dish}."},
        },
        {{"Weather for Sunday: dry until four.", "Then the long way round, by the old mill?",
          "^Yes! I will bring the thermos and the good biscuits.", "Meet at ten at the north gate?",
          "+Dogs welcome, of course.", "Ten is perfect. See you there 🙂"},
         {"The parcel came!", "+It is the blue one, and it fits.", "I was so sure about the green.",
          "^The green is for the next birthday.", "Then I had better start hinting now."},
         {"Are you still in town?", "Until Thursday. Why?", "^Because the cinema shows your film again.",
          "+The long one with the goat.", "Two tickets. I bring the biscuits 🙂"}}};
    return talk;
}

const DemoTalk &workTalk()
{
    static const DemoTalk talk{
        {
            {"I pushed the draft. Could you read {file}?", "Reading now.",
             "It is good. I would move the figures up front.", "Agreed, people skip straight to them anyway."},
            {"Build is green again.", "What was it?", "It was {bug}.", "It happens to the best of us."},
            {"Who reviews {file}?", "I can, after {time}.", "Thanks. No hurry before {day}."},
            {"The demo is on {day} at {time}.", "Which room?", "The one with the {thing} that works.",
             "So, the other building."},
            {"Search is at 3 ms now, it was 40.", "What changed?", "It was {bug}.", "+The benchmark is in the branch.",
             "Lovely. Merging."},
            {"Do we still support the old format?", "Until the spring release.", "+It is in {file}.",
             "Then I leave the reader in."},
            {"Reminder: retrospective on {day}.", "Can we keep it under an hour?", "We can try.",
             "+We have never managed."},
            {"A user wrote: it starts before I have let go of the mouse.", "Print that and frame it.",
             "Already ordered."},
            {"I cannot reproduce the crash.", "Neither can I.", "+Which worries me more.", "Could it be {bug}?",
             "It could. Adding a test."},
            {"{file} has no owner.", "Put me down.", "Done, thank you."},
        },
        {{"Release candidate 2 is out.", "+Notes are in the usual place.", "Installing now.",
          "^Upgrade from 0.9 went through, history intact.", "Dark theme on a 4K screen: crisp.",
          "Then we ship on Tuesday."},
         {"Could you look at the export once more?", "Looking.", "^HTML and text are perfect.",
          "+JSON has the times in UTC, as it should.", "Thank you. I sleep well tonight."}}};
    return talk;
}

const DemoTalk &chineseFriendsTalk()
{
    static const DemoTalk talk{
        {
            {"今天下班一起走吗？", "可以，{时间}{地方}见。", "好的，我带伞，听说要下雨。", "太好了，我正好没带。"},
            {"{日子}去爬山怎么样？", "好主意，去香山还是百望山？", "香山人太多，去百望山吧。", "行，早上八点出发。",
             "+我来准备水和点心。"},
            {"这家{菜}真不错。", "我说过吧！下次带你去另一家。", "一言为定。"},
            {"妈妈问你中秋回不回家。", "回，票已经买好了。", "那我告诉她，她一定很高兴。"},
            {"我的{东西}是不是在你那儿？", "在我包里，一直忘了还你。", "不急，{日子}给我就行。"},
            {"晚上想吃什么？", "{菜}？", "昨天刚吃过。", "+今天还想吃。"},
            {"你看昨晚的月亮了吗？", "看了，拍了好几张。", "发我一张当壁纸。", "等我挑一挑。"},
            {"到家了吗？", "刚进门。", "早点休息，明天{时间}还要赶车。", "好，晚安。"},
            {"这部电影值得看吗？", "前半段有点慢，后半段非常好。", "那{日子}一起去？",
             "我已经看过一遍了，可以再看一遍。"},
            {"小猫今天会自己开门了。", "+家里再也没有秘密了。", "快给我看看视频。", "它发现我在拍，就装作不会了。"},
            {"路上堵死了。", "大概几点到？", "{时间}之前应该可以。", "那我先点菜，{菜}可以吧？", "太可以了。"},
            {"生日快乐！", "+礼物寄到{地方}了。", "谢谢你还记得！", "怎么会忘。"},
        },
        {{"明天的票我取好了。", "太好了，几点的车？", "九点二十，检票口八点五十见。", "^收到，我带早餐。",
          "+豆浆还是咖啡？", "豆浆，谢谢 🙏"}}};
    return talk;
}

const DemoTalk &chineseWorkTalk()
{
    static const DemoTalk talk{
        {
            {"昨天的{文档}发了吗？", "刚发到群里，你看一下第三点。", "看到了，没问题。", "那我就按这个写方案。"},
            {"新版本测试得怎么样？", "整体很稳，搜索快了很多。", "中文两个字的词也能搜到了？", "能，几毫秒就出来。"},
            {"{日子}{时间}开会，在{地方}。", "收到。", "需要准备{文档}吗？", "+我这边有一份初稿。", "带上初稿就行。"},
            {"客户那边反馈很好。", "哪一点最满意？", "离线也能看全部记录。", "这正是我们花时间最多的地方。"},
            {"谁在改{文档}？", "我在改，{时间}之前给你。", "好，不着急。"},
            {"服务器要重启一下，大概一分钟。", "消息会丢吗？", "不会，重连之后自动补齐。", "那就放心重启吧。"},
            {"这个界面在深色模式下看不清。", "截图发我。", "已经发了，右上角那一行字。", "改好了，对比度现在够了。"},
            {"{东西}谁借走了？", "在{地方}，昨天演示用的。", "用完记得放回去。"},
            {"排期往后挪两天可以吗？", "可以，质量要紧。", "+我去和大家说一声。", "谢谢理解。"},
            {"下周谁值班？", "我，{日子}开始。", "辛苦了，有事随时叫我。"},
        },
        {{"二维码登录的稿子大家看了吗？", "看了，流程比上一版清楚多了。", "^恢复码那一页建议加一个打印按钮。",
          "同意，+1。", "好，我今天改完发出来。", "+顺便把英文文案也对一遍。"},
         {"新的图标你觉得哪个好？", "第二个，小尺寸也看得清。", "^那就第二个。", "好，我放进下一版。"}}};
    return talk;
}

std::string DemoSlots::fill(std::string_view line)
{
    std::string text;
    for (;;) {
        const auto open = line.find('{');
        const auto close = line.find('}', open);
        text += line.substr(0, open);
        if (open == std::string_view::npos || close == std::string_view::npos)
            break;
        const auto name = line.substr(open + 1, close - open - 1);
        line.remove_prefix(close + 1);
        auto chosen =
            std::find_if(m_chosen.begin(), m_chosen.end(), [&](const auto &one) { return one.first == name; });
        if (chosen == m_chosen.end()) {
            const auto slot =
                std::find_if(slots().begin(), slots().end(), [&](const auto &one) { return one.name == name; });
            const auto words = slot == slots().end() ? name : slot->words[m_pick(slot->words.size())];
            chosen = m_chosen.emplace(m_chosen.end(), std::string(name), words);
        }
        std::string word(chosen->second);
        // A slot that opens a line opens a sentence.
        if (text.empty() && word.front() >= 'a' && word.front() <= 'z')
            word.front() = static_cast<char>(word.front() - 'a' + 'A');
        text += word;
    }
    return text;
}

} // namespace kith::server
