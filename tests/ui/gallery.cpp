// SPDX-License-Identifier: GPL-3.0-or-later
// Draws the widgets on models fed with plain data, without a client: for looking at the design while it is made.
// usage: kith_gallery OUTDIR
#include "core/models/conversation_list.h"
#include "tests/ui/fake_source.h"
#include "ui/dialogs/members_dialog.h"
#include "ui/dialogs/new_chat_dialog.h"
#include "ui/list/sidebar.h"
#include "ui/pages/login_page.h"
#include "ui/pages/unlock_page.h"
#include "ui/shell/chat_page.h"
#include "ui/shell/languages.h"
#include "ui/timeline/timeline_view.h"
#include "ui/widgets/banner.h"
#include "ui/widgets/composer.h"
#include "ui/widgets/field.h"

#include <QApplication>
#include <QDateTime>
#include <QDir>
#include <QLineEdit>
#include <QListView>

using namespace kith;

namespace {

const QDateTime kNow = QDateTime::currentDateTime();

User person(const char *id, const char *user, const char *name)
{
    User u;
    u.id = UserId(id);
    u.username = user;
    u.displayName = name;
    return u;
}

history::LocalHead head(const char *id, ConversationType type, const char *name, std::int64_t unread,
                        const char *sender, const char *last, int minutesAgo)
{
    history::LocalHead h;
    h.head.conversation = ConversationId(id);
    h.head.type = type;
    h.head.name = name;
    h.head.unread = unread;
    h.head.members = 6;
    h.head.headSeq = Seq(100);
    h.head.readSeq = Seq(100 - unread);
    h.head.changedAt = fromUnixMs(kNow.addSecs(-60 * minutesAgo).toMSecsSinceEpoch());
    Message m;
    m.sender = UserId(sender);
    m.body = last;
    m.createdAt = h.head.changedAt;
    m.seq = Seq(100);
    h.head.last = m;
    return h;
}

void settle()
{
    for (int i = 0; i < 20; ++i)
        QApplication::processEvents(QEventLoop::AllEvents, 5);
}

} // namespace

int main(int argc, char **argv)
{
    QApplication app(argc, argv);
    const QString out = argc > 1 ? QString::fromLocal8Bit(argv[1]) : QStringLiteral(".");
    QDir().mkpath(out);
    ui::Theme theme;
    ui::Languages languages;
    theme.apply(app, ui::ThemeMode::Light);
    languages.apply(app, theme, QStringLiteral("en"));

    models::People people;
    people.setSelf(person("1", "lin", "Lin Qiao"));
    people.put({person("2", "mara", "Mara Voss"), person("3", "wei", "魏子涵"), person("4", "jonas", "Jonas Öberg"),
                person("5", "ana", "Ana-Sofía de la Cruz Monteverde-Fernández"), person("6", "tom", "Tom")});
    models::ConversationListModel list(people);
    const auto P = ConversationType::Private;
    const auto G = ConversationType::Group;
    std::vector<history::LocalHead> heads{
        head("p:1:2", P, "Mara Voss", 0, "2", "See you at the bridge at six, I bring the tea", 2),
        head("g:7", G, "Weekend hikes", 3, "4", "The path by the lake is open again", 14),
        head("p:1:3", P, "魏子涵", 12, "3", "明天下午三点在图书馆门口见，别忘了带上次借的那本书。", 48),
        head("g:8", G, "Ein wirklich sehr langer Gruppenname der nirgends hineinpasst", 1000, "5", "ok", 190),
        head("p:1:5", P, "Ana-Sofía de la Cruz Monteverde-Fernández", 0, "1",
             "Donaudampfschifffahrtsgesellschaftskapitän", 1600),
        head("p:1:6", P, "Tom", 0, "1", "Thanks!", 5000),
        head("g:9", G, "读书会", 0, "3", "这个月读《围城》，大家周日晚上讨论。", 60 * 24 * 40)};
    heads[3].head.mutedUntil = fromUnixMs(4102444800000);
    heads[5].draft = "Could you send me the";
    heads[4].failed = 1;
    list.reset(heads);
    list.setPresence({UserId("2"), PresenceState::Online, {}});
    list.setTyping(ConversationId("g:7"), UserId("4"));

    test::FakeSource source;
    const auto at = [](int day, int h, int m) {
        return QDateTime(kNow.date().addDays(day), QTime(h, m)).toMSecsSinceEpoch();
    };
    int seq = 0;
    const auto say = [&](const char *who, const char *what, qint64 when) -> history::StoredMessage & {
        ++seq;
        auto &m = source.messages[Seq(seq)] = test::makeMessage(seq, who, what, when);
        if (who[0] == '1')
            m.message.cid = ClientMessageId("c" + std::to_string(seq));
        source.head = Seq(seq);
        return m;
    };
    say("4", "{\"event\":\"created\",\"name\":\"Weekend hikes\"}", at(-400, 9, 0)).message.kind = MessageKind::System;
    seq += 412;
    say("4", "{\"event\":\"invited\",\"users\":[\"1\",\"3\"]}", at(-2, 18, 0)).message.kind = MessageKind::System;
    say("4", "Has anybody been up there since the storm?", at(-2, 18, 1));
    say("4", "I read that the upper path was closed, but the page is from March.", at(-2, 18, 3));
    say("1", "I was there on Tuesday. The lower one is fine, the upper one has two trees across it.", at(-2, 18, 20));
    say("1", "Photos later.", at(-2, 18, 21));
    say("3", "周六天气不错，最高二十二度，傍晚可能有阵雨。我建议早上八点出发，中午在湖边吃饭，下午沿着河走回来。",
        at(-1, 9, 12));
    say("3", "地图在这里：https://maps.example.org/route/lakeside-loop?from=station，大家看一下。", at(-1, 9, 13));
    auto &answer = say("5", "Eight is early for me, but all right. Who brings the stove?", at(-1, 9, 40));
    answer.message.replyTo = Seq(seq - 2);
    say("1", "I do.", at(-1, 9, 44)).message.createdAt = fromUnixMs(at(-1, 9, 44));
    auto &gone = say("4", "", at(-1, 20, 5));
    gone.message.recalled = true;
    say("4",
        "Pneumonoultramicroscopicsilicovolcanoconiosis-"
        "Donaudampfschifffahrtsgesellschaftskapitänsmützenabzeichenhersteller",
        at(-1, 20, 6));
    say("6", "{\"event\":\"renamed\",\"name\":\"Weekend hikes\"}", at(0, 8, 0)).message.kind = MessageKind::System;
    const int read = seq;
    say("4", "The path by the lake is open again", at(0, 8, 31));
    say("5", "Wonderful!", at(0, 8, 32));
    say("4",
        "Then Saturday at eight, at the station. Bring water and something against the rain, and tell me by Friday if "
        "you "
        "cannot come, so that I can hand your seat in the car to somebody else.",
        at(0, 8, 33));
    say("1", "I'll be there.", at(0, 8, 40));
    history::StoredMessage failed =
        test::makeMessage(0, "1", "And I bring a friend, if there is a seat left", at(0, 8, 41));
    failed.state = history::SendState::Failed;
    failed.failure = "rate_limited";
    failed.message.cid = ClientMessageId("f1");
    history::StoredMessage waiting = test::makeMessage(0, "1", "Is there?", at(0, 8, 50));
    waiting.state = history::SendState::Sending;
    waiting.message.cid = ClientMessageId("w1");
    source.waiting = {failed, waiting};
    for (const char *who : {"2", "3", "4", "5", "6"})
        source.cursors.push_back({ConversationId("g:7"), UserId(who), Seq(read + 4), Seq(read - 3)});

    models::TimelineWindow timeline(source, people);
    ui::ChatPage page(theme, list, timeline, people);
    page.sidebar()->setLoading(false);
    page.resize(1040, 720);
    page.showConversation(list.row(list.indexOf(ConversationId("g:7"))));
    page.sidebar()->setCurrent(ConversationId("g:7"));
    history::LocalHead open = heads[1];
    open.head.headSeq = Seq(seq);
    open.head.readSeq = Seq(read);
    timeline.open(open);
    page.show();
    page.composer()->focusText();
    settle();
    const auto shot = [&](QWidget &w, const char *name) {
        settle();
        w.grab().save(out + QLatin1Char('/') + QLatin1String(name) + QStringLiteral(".png"));
    };
    shot(page, "group-light");
    page.timeline()->scrollBy(-100000);
    settle();
    shot(page, "group-top");
    page.timeline()->scrollToNewest();
    theme.apply(app, ui::ThemeMode::Dark);
    shot(page, "group-dark");
    theme.apply(app, ui::ThemeMode::Light);
    languages.apply(app, theme, QStringLiteral("zh_CN"));
    client::LinkStatus waitingStatus;
    waitingStatus.phase = client::LinkPhase::Waiting;
    waitingStatus.retryIn = std::chrono::seconds(12);
    page.banner()->setStatus(waitingStatus);
    shot(page, "group-zh-offline");
    page.resize(640, 720);
    shot(page, "narrow-zh");
    page.resize(1040, 720);
    languages.apply(app, theme, QStringLiteral("en"));
    page.composer()->setDraft(QStringLiteral("A draft\nof several\nlines"));
    test::FakeSource nothing;
    models::TimelineWindow empty(nothing, people);
    shot(page, "draft");

    models::ConversationListModel none(people);
    ui::ChatPage blank(theme, none, empty, people);
    blank.sidebar()->setLoading(false);
    blank.showConversation({});
    blank.resize(1040, 720);
    blank.show();
    shot(blank, "empty");

    ui::LoginPage login(theme);
    login.resize(1040, 720);
    login.show();
    login.server()->setText(QStringLiteral("chat.example.org"));
    login.user()->setText(QStringLiteral("lin"));
    login.password()->setText(QStringLiteral("wrong password"));
    shot(login, "login");
    client::ClientError error;
    error.code = client::ClientErrorCode::Server;
    error.wire = protocol::WireError{};
    error.wire->code = protocol::ErrorCode::InvalidCredentials;
    login.showError(error);
    shot(login, "login-error");
    login.setRegistering(true);
    theme.apply(app, ui::ThemeMode::Dark);
    shot(login, "register-dark");
    theme.apply(app, ui::ThemeMode::Light);
    ui::UnlockPage unlock(theme);
    unlock.setMode(ui::UnlockPage::Mode::Choose);
    unlock.resize(1040, 720);
    unlock.show();
    shot(unlock, "unlock");

    ui::NewChatDialog dialog(theme, ui::NewChatDialog::Purpose::Start);
    quint64 request = 0;
    QObject::connect(&dialog, &ui::NewChatDialog::searchRequested, &dialog, [&](quint64 r) { request = r; });
    dialog.show();
    dialog.searchEdit()->setText(QStringLiteral("a"));
    while (request == 0)
        QApplication::processEvents(QEventLoop::WaitForMoreEvents);
    dialog.setFound(request, {person("2", "mara", "Mara Voss"), person("3", "wei", "魏子涵"),
                              person("5", "ana", "Ana-Sofía de la Cruz Monteverde-Fernández")});
    emit dialog.list()->clicked(dialog.list()->model()->index(0, 0));
    emit dialog.list()->clicked(dialog.list()->model()->index(1, 0));
    shot(dialog, "new-group");
    return 0;
}
