// SPDX-License-Identifier: GPL-3.0-or-later
// The calendar of a conversation, words that were found in the messages, and the way back from a reply's source.
#include "tests/ui/states.h"
#include "ui/shell/chat_page.h"
#include "ui/shell/languages.h"
#include "ui/timeline/day_picker.h"
#include "ui/timeline/timeline_view.h"

#include <QApplication>

using namespace kith;
using client::DayState;

namespace {

client::MessageMonth monthOf(const QDate &first, const char *states)
{
    client::MessageMonth month;
    for (int i = 0; i < first.daysInMonth(); ++i) {
        const char state = states[i % static_cast<int>(qstrlen(states))];
        month.days.push_back({first.addDays(i),
                              state == 'x'   ? DayState::Here
                              : state == 'o' ? DayState::Missing
                                             : DayState::None,
                              Seq(i + 1)});
    }
    month.earlier = first.addDays(-1);
    return month;
}

} // namespace

void test::drawDayStates(QApplication &app, ui::Theme &theme, ui::Languages &languages, ui::ChatPage &page,
                         const char *found, const std::function<void(QWidget &, const char *)> &shot)
{
    const auto look = [&](bool dark, bool chinese) {
        theme.apply(app, dark ? ui::ThemeMode::Dark : ui::ThemeMode::Light);
        languages.apply(app, theme, chinese ? QStringLiteral("zh_CN") : QStringLiteral("en"));
    };
    const auto calendar = [&](const QDate &month, const char *states, const char *name) {
        auto *picker = new ui::DayPicker(theme, month, &page);
        picker->popup(QRect(page.mapToGlobal(QPoint(600, 120)), QSize(1, 1)));
        picker->setMonth(month, monthOf(QDate(month.year(), month.month(), 1), states), QDate(2024, 6, 20));
        shot(*picker, name);
        picker->close();
    };
    look(false, false);
    calendar(QDate(2024, 6, 14), "xx.xxxxx..ooooxxxxxx..........", "days");
    page.timeline()->setFound({found}, false);
    shot(page, "found");
    look(true, true);
    shot(page, "found-zh-dark");
    calendar(QDate(2024, 6, 14), "xx.xxxxx..ooooxxxxxx..........", "days-zh-dark");
    calendar(QDate(2021, 2, 14), ".", "days-none-zh-dark");
    look(false, false);
    page.timeline()->setFound({}, false);
}
