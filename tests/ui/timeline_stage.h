// SPDX-License-Identifier: GPL-3.0-or-later
// A timeline over a conversation in memory: what its tests stand on.
#pragma once

#include "tests/ui/fake_source.h"
#include "ui/timeline/timeline_view.h"

#include <QApplication>
#include <QtTest>

namespace kith::test {

inline const ConversationId kConversation("g:1");
inline constexpr std::int64_t kStart = 1'700'000'000'000;

inline void fill(FakeSource &source, std::int64_t from, std::int64_t to)
{
    for (std::int64_t i = from; i <= to; ++i) {
        std::string body = "message " + std::to_string(i);
        for (std::int64_t k = 0; k < i % 7; ++k)
            body += " with some more words in it";
        source.messages[Seq(i)] = makeMessage(i, i % 3 == 0 ? "1" : i % 3 == 1 ? "2" : "3", body, kStart + i * 200'000);
    }
    source.head = std::max(source.head, Seq(to));
}

struct Stage {
    FakeSource source;
    ui::Theme theme;
    models::People people;
    std::unique_ptr<models::TimelineWindow> window;
    std::unique_ptr<ui::TimelineView> view;

    explicit Stage(std::int64_t messages)
    {
        theme.apply(*qApp, ui::ThemeMode::Light);
        std::vector<User> users;
        for (const char *id : {"1", "2", "3"}) {
            User u;
            u.id = UserId(id);
            u.displayName = std::string("Person ") + id;
            users.push_back(u);
        }
        people.put(users);
        people.setSelf(users.front());
        fill(source, 1, messages);
        window = std::make_unique<models::TimelineWindow>(source, people);
        view = std::make_unique<ui::TimelineView>(theme, *window, people);
        view->resize(700, 600);
    }
    enum class Member { Yes, Left };
    void open(std::int64_t unread = 0, Member member = Member::Yes)
    {
        history::LocalHead head;
        head.head.conversation = kConversation;
        head.head.type = ConversationType::Group;
        head.head.members = 3;
        head.head.headSeq = source.head;
        head.head.unread = unread;
        head.head.readSeq = Seq(source.head.value() - unread);
        head.head.removed = member == Member::Left;
        window->open(head);
        view->show();
        QVERIFY(QTest::qWaitForWindowExposed(view.get()));
        QCoreApplication::processEvents();
    }
    /// Where every message in sight lies.
    QMap<qint64, int> tops() const
    {
        QMap<qint64, int> map;
        for (const ui::TimelineView::Placed &p : view->placed()) {
            const models::TimelineRow &row = window->row(p.row);
            if (row.kind == models::RowKind::Message && p.top + p.height > 0 && p.top < view->viewport()->height())
                map.insert(row.seq().value(), p.top + p.height);
        }
        return map;
    }
    /// As by Tab.
    void focusByKeys()
    {
        view->activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(view.get()));
        view->clearFocus();
        view->setFocus(Qt::TabFocusReason);
        QVERIFY(view->hasFocus());
    }
    const ui::RowLayout &layoutOfSeq(std::int64_t seq) const { return view->layoutOf(window->indexOfSeq(Seq(seq))); }
    int bottom() const { return view->placed().back().top + view->placed().back().height; }
};

} // namespace kith::test
