// SPDX-License-Identifier: GPL-3.0-or-later
// The search panel with hits, hints and nothing, and the switcher, fed with plain data.
#include "core/models/search_hits.h"
#include "core/models/switcher.h"
#include "tests/ui/states.h"
#include "ui/find/find_panel.h"
#include "ui/find/switcher.h"
#include "ui/shell/chat_page.h"
#include "ui/shell/languages.h"

#include <QApplication>
#include <QDateTime>
#include <QLineEdit>

using namespace kith;
using ui::FindPanel;

namespace {

history::SearchHit hit(const char *conversation, const char *sender, const char *body, const char *words, int hoursAgo)
{
    static std::int64_t seq = 1000;
    history::SearchHit made;
    made.message.localId = --seq;
    made.message.conversation = ConversationId(conversation);
    made.message.message.seq = Seq(seq);
    made.message.message.sender = UserId(sender);
    made.message.message.body = body;
    made.message.message.createdAt =
        fromUnixMs(QDateTime::currentDateTime().addSecs(-3600LL * hoursAgo).toMSecsSinceEpoch());
    history::SearchQuery query;
    query.phrases = {words};
    made.snippet = history::makeSnippet(body, query);
    return made;
}

std::vector<history::SearchHit> hitsOf(const char *words)
{
    return {
        hit("g:7", "4", "The path by the lake is open again, 湖边的路通了", words, 3),
        hit("p:1:3", "3", "我在湖边等你，带上那本关于 lake 的书", words, 30),
        hit("g:8", "5",
            "It was a long day and nobody had slept, but when we came over the last ridge the lake lay there in the "
            "evening light, 湖边 had a fire, and somebody sang until the stars came out",
            words, 70),
        hit("p:1:2", "1", "See you at the lake (湖边)", words, 400),
        hit("g:9", "3", "这一章写的是湖边的一个夏天 lake", words, 9000),
        hit("p:1:6", "6", "lake 湖边", words, 9100),
    };
}

} // namespace

void test::drawFindStates(QApplication &app, ui::Theme &theme, ui::Languages &languages, ui::ChatPage &page,
                          models::People &people, const models::ConversationListModel &list, bool few,
                          const std::function<void(QWidget &, const char *)> &shot)
{
    auto *hits = new models::SearchHitsModel(people, list, &page);
    auto *panel = new FindPanel(theme, *hits, &page);
    page.setFindPanel(panel);
    page.setFinding(true);
    page.activateWindow();
    client::SearchAnswer answer;
    answer.asked = true;
    answer.reach = {7, 48'213, 1'962, 0, 3, fromUnixMs(1'614'800'000'000)};
    const auto fill = [&](FindPanel::Scope scope, const char *words, const char *typed) {
        panel->begin(scope, true);
        panel->edit()->setText(QString::fromUtf8(typed));
        hits->reset(hitsOf(words));
        panel->setAnswer(answer);
    };
    const auto look = [&](bool dark, bool chinese) {
        theme.apply(app, dark ? ui::ThemeMode::Dark : ui::ThemeMode::Light);
        languages.apply(app, theme, chinese ? QStringLiteral("zh_CN") : QStringLiteral("en"));
    };
    fill(FindPanel::Scope::Everywhere, "lake", "lake");
    shot(page, "find");
    look(true, true);
    fill(FindPanel::Scope::Everywhere, "湖边", "湖边");
    shot(page, "find-zh-dark");
    if (!few) {
        look(false, false);
        answer.hints = {{history::SearchHint::Kind::UnknownFilter, "form", "mara"},
                        {history::SearchHint::Kind::BadDate, "before", "soon"}};
        fill(FindPanel::Scope::Here, "lake", "lake form:mara before:soon");
        panel->setCurrent(2);
        shot(page, "find-hints");
        answer.hints.clear();
        const auto none = [&](const char *typed, const char *name) {
            panel->edit()->setText(QString::fromUtf8(typed));
            hits->reset({});
            panel->setAnswer(answer);
            shot(page, name);
        };
        none("lakeside from:mara after:2021-03-01", "find-none");
        look(true, true);
        shot(page, "find-none-zh-dark");
        look(false, false);
        answer.reach.missing = answer.reach.holes = 0;
        none("lakeside", "find-none-all-here");
        panel->clear();
        shot(page, "find-idle");
        page.resize(680, 720);
        answer.reach.missing = 12;
        fill(FindPanel::Scope::Everywhere, "lake", "lake");
        shot(page, "find-narrow");
        page.resize(1040, 720);
    }
    look(false, false);
    page.setFinding(false);

    auto *names = new models::SwitcherModel(&page);
    auto *switcher = new ui::Switcher(theme, *names, &page);
    std::vector<UserId> ids;
    for (const char *id : {"2", "3", "4", "5", "6"})
        ids.emplace_back(id);
    const auto offer = [&](const char *typed, const char *name) {
        switcher->begin();
        names->begin(list, people.known(ids), UserId("1"), ConversationId("g:7"));
        switcher->edit()->setText(QString::fromUtf8(typed));
        switcher->refresh();
        shot(page, name);
        switcher->end();
    };
    offer("", "switcher");
    look(true, true);
    offer("wzh", "switcher-zh-dark");
    if (!few) {
        offer("", "switcher-all-zh-dark");
        offer("qqq", "switcher-none-zh-dark");
        look(false, false);
        offer("jo", "switcher-typed");
    }
    look(false, false);
    delete switcher;
    delete names;
}
