// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/states.h"

#include "core/models/conversation_list.h"
#include "tests/people.h"
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
#include "ui/words/words.h"

#include <QApplication>
#include <QDateTime>
#include <QDir>
#include <QKeyEvent>
#include <QLineEdit>
#include <QListView>
#include <QPushButton>

using namespace kith;
using test::person;

namespace {

const QDateTime kNow = QDateTime::currentDateTime();

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

/// What breaks layouts: other directions, no spaces, no words, very many words.
void fillOdd(test::FakeSource &source)
{
    const qint64 at = QDateTime(kNow.date(), QTime(9, 0)).toMSecsSinceEpoch();
    QString essay;
    for (int i = 0; i < 14; ++i)
        essay += QStringLiteral("The river was higher than last year, and the ferry went only twice a day. ");
    const std::pair<const char *, QString> words[] = {
        {"2", essay.trimmed()},
        {"2", QStringLiteral("مرحبا، هل نلتقي غدًا عند الجسر؟")},
        {"1", QStringLiteral("שלום! כן, בשעה שש.")},
        {"2", QStringLiteral("אפשר גם להיפגש ליד התחנה הישנה (https://he.wikipedia.org/wiki/Foo_(bar)), משם זה רק עשר "
                             "דקות ברגל עד הגשר, ויש שם בית קפה קטן.\n12:30\nSee you there!")},
        {"1", QStringLiteral("نعم، الساعة السادسة مساءً مناسبة جدًا لي، وسأحضر معي الشاي والخبز كما في المرة السابقة إن "
                             "شاء الله")},
        {"1", QStringLiteral("👍")},
        {"2", QStringLiteral("👩‍👩‍👧‍👦🎉")},
        {"2",
         QStringLiteral("https://example.org/a/very/long/address/that/never/ends/because/somebody/likes/folders?and="
                        "parameters&more=0123456789012345678901234567890123456789")},
        {"1", QString(96, QLatin1Char('x'))},
        {"2", QStringLiteral("这是一段没有空格的很长的中文文字，用来看看换行是不是正确，标点符号会不会出现在行首，还有"
                             "行高是不是舒服。")},
        {"1", QStringLiteral("one\ntwo\n\nfour")},
        {"2", QStringLiteral("This is **important**: run `./dev test` first, then\n```cpp\nint main()\n{\n    return "
                             "answer(42); // 答案\n}\n```\nand tell me.")},
        {"1", QStringLiteral("**Done.** `rc 0`\n```\n71 of 71 passed\n```")},
    };
    int seq = 0;
    for (const auto &[who, text] : words) {
        ++seq;
        source.messages[Seq(seq)] = test::makeMessage(seq, who, text.toStdString(), at + seq * 400'000);
        if (who[0] == '1')
            source.messages[Seq(seq)].message.cid = ClientMessageId("o" + std::to_string(seq));
    }
    source.head = Seq(seq);
    source.cursors.push_back({ConversationId("p:1:2"), UserId("2"), Seq(seq), Seq(7)});
}

} // namespace

void test::drawStates(QApplication &app, const QString &out, bool few)
{
    QDir().mkpath(out);
    visitStates(app, few, [&](QWidget &w, const char *name) {
        const QString suffix = few ? QStringLiteral("@2.png") : QStringLiteral(".png");
        w.grab().save(out + QStringLiteral("/state-") + QLatin1String(name) + suffix);
    });
}

void test::visitStates(QApplication &app, bool few, const std::function<void(QWidget &, const char *)> &look)
{
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
    heads[0].pinnedAt = fromUnixMs(1);
    heads[1].mentioned = true;
    heads[6].markedUnread = true;
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
    auto &liked = say("4", "The path by the lake is open again", at(0, 8, 31));
    liked.message.likes = 3;
    liked.message.liked = true;
    say("4", "@Lin Qiao and @魏子涵, are you with us?", at(0, 8, 31)).message.mentions = {UserId("1"), UserId("3")};
    auto &edited = say("5", "Wonderful!", at(0, 8, 32));
    edited.message.editedAt = fromUnixMs(at(0, 8, 33));
    edited.message.likes = 1;
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
        look(w, name);
    };
    const auto failure = [](client::ClientErrorCode code) {
        client::ClientError error;
        error.code = code;
        return error;
    };
    test::FakeSource oddSource;
    fillOdd(oddSource);
    models::TimelineWindow oddTimeline(oddSource, people);
    ui::ChatPage odd(theme, list, oddTimeline, people);
    odd.sidebar()->setLoading(false);
    odd.resize(1040, 900);
    odd.showConversation(list.row(list.indexOf(ConversationId("p:1:2"))));
    odd.sidebar()->setCurrent(ConversationId("p:1:2"));
    history::LocalHead oddHead = heads[0];
    oddHead.head.headSeq = oddHead.head.readSeq = oddSource.head;
    oddTimeline.open(oddHead);
    if (few) {
        test::drawWritingStates(app, theme, languages, page, true, shot);
        theme.apply(app, ui::ThemeMode::Dark);
        shot(page, "group-dark");
        languages.apply(app, theme, QStringLiteral("zh_CN"));
        ui::LoginPage large(theme);
        large.resize(1040, 720);
        large.show();
        large.setRegistering(true);
        shot(large, "register-zh-dark");
        large.hide();
        test::drawSecurityStates(app, theme, languages, true, shot);
        test::drawDownloadStates(app, theme, languages, true, shot);
        test::drawDayStates(app, theme, languages, page, "the", shot);
        test::drawFindStates(app, theme, languages, page, people, list, true, shot);
        test::drawInspectorStates(app, theme, languages, true, shot);
        test::drawExportStates(app, theme, languages, true, shot);
        test::drawSettingsStates(app, theme, languages, true, page, shot);
        test::drawPeopleStates(app, theme, languages, page, people, list, true, shot);
        theme.apply(app, ui::ThemeMode::Light);
        test::drawAvatarStates(app, theme, languages, page, people, list, true, shot);
        return;
    }
    odd.show();
    shot(odd, "odd-texts");
    // What a restored server lost.
    history::LocalHead kept =
        head("p:1:2#1", P, "Mara Voss", 0, "2", "This one the server does not have any more", 240);
    kept.archive = kept.head.removed = true;
    kept.head.headSeq = kept.head.readSeq = oddSource.head;
    list.apply({kept});
    odd.showConversation(list.row(list.indexOf(kept.head.conversation)));
    odd.sidebar()->setCurrent(kept.head.conversation);
    odd.banner()->setTrouble(
        QStringLiteral("The server was restored from an older copy. What it lost is kept here, under "
                       "names that end in “(earlier)”."),
        {});
    oddTimeline.open(kept);
    shot(odd, "archive");
    list.reset(heads);
    odd.banner()->setTrouble({}, {});
    odd.sidebar()->setCurrent(ConversationId("p:1:2"));
    odd.showConversation(list.row(list.indexOf(ConversationId("p:1:2"))));
    oddTimeline.open(oddHead);
    theme.apply(app, ui::ThemeMode::Dark);
    shot(odd, "odd-texts-dark");
    theme.apply(app, ui::ThemeMode::Light);
    odd.timeline()->setFocus(Qt::TabFocusReason); // where the keys are
    odd.timeline()->scrollBy(-120);
    QKeyEvent up(QEvent::KeyPress, Qt::Key_Up, Qt::ControlModifier);
    QApplication::sendEvent(odd.timeline(), &up);
    shot(odd, "keys");
    odd.hide();
    // A group that was left: its last notices never came.
    test::FakeSource leftSource = source;
    leftSource.waiting.clear();
    leftSource.head = Seq(seq + 2);
    for (int i = 414; i < 418; ++i)
        leftSource.messages.erase(Seq(i));
    history::LocalHead left = open;
    left.head.headSeq = leftSource.head;
    left.head.unread = 0;
    left.head.readSeq = leftSource.head;
    left.head.removed = true;
    list.apply({left});
    models::TimelineWindow leftTimeline(leftSource, people);
    ui::ChatPage over(theme, list, leftTimeline, people);
    over.sidebar()->setLoading(false);
    over.resize(1040, 720);
    over.showConversation(list.row(list.indexOf(left.head.conversation)));
    over.sidebar()->setCurrent(left.head.conversation);
    leftTimeline.open(left);
    over.show();
    shot(over, "left-group");
    theme.apply(app, ui::ThemeMode::Dark);
    over.timeline()->setFocus(Qt::TabFocusReason);
    shot(over, "left-group-dark");
    theme.apply(app, ui::ThemeMode::Light);
    over.hide();
    list.reset(heads);
    page.composer()->focusText();
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
    languages.apply(app, theme, QStringLiteral("en"));
    client::LinkStatus connecting;
    connecting.phase = client::LinkPhase::Connecting;
    page.banner()->setStatus(connecting);
    test::drawWritingStates(app, theme, languages, page, false, shot);
    test::drawDayStates(app, theme, languages, page, "the", shot);
    test::drawMentionStates(app, theme, languages, page, people, shot);
    test::drawFindStates(app, theme, languages, page, people, list, false, shot);
    test::drawPeopleStates(app, theme, languages, page, people, list, false, shot);
    test::drawAvatarStates(app, theme, languages, page, people, list, false, shot);
    page.composer()->setReply(QStringLiteral("Jonas Öberg"), QStringLiteral("The path by the lake is open again"));
    page.composer()->setDraft(QStringLiteral("Good news!\nA draft\nof several lines"));
    shot(page, "reconnecting-reply-draft");
    client::LinkStatus online;
    online.phase = client::LinkPhase::Online;
    page.banner()->setStatus(online);
    page.composer()->setReply({}, {});
    client::ClientError full = failure(client::ClientErrorCode::Storage);
    full.sql = sql::SqlError{sql::SqlErrorCode::DiskFull, {}, 0};
    page.banner()->setTrouble(ui::Words::error(full), {});
    shot(page, "disk-full");
    test::FakeSource nothing;
    models::TimelineWindow empty(nothing, people);

    models::ConversationListModel none(people);
    ui::ChatPage blank(theme, none, empty, people);
    blank.sidebar()->setLoading(false);
    blank.showConversation({});
    blank.resize(1040, 720);
    blank.show();
    shot(blank, "empty");
    theme.apply(app, ui::ThemeMode::Dark);
    languages.apply(app, theme, QStringLiteral("zh_CN"));
    shot(blank, "empty-zh-dark");
    languages.apply(app, theme, QStringLiteral("en"));
    theme.apply(app, ui::ThemeMode::Light);

    ui::LoginPage login(theme);
    login.resize(1040, 720);
    login.show();
    login.server()->setText(QStringLiteral("chat.example.org"));
    login.user()->setText(QStringLiteral("lin"));
    login.password()->setText(QStringLiteral("wrong password"));
    login.showError(failure(client::ClientErrorCode::Unreachable));
    shot(login, "login-away");
    login.showError(failure(client::ClientErrorCode::Tls));
    shot(login, "login-tls");
    login.setRegistering(true);
    theme.apply(app, ui::ThemeMode::Dark);
    shot(login, "register-dark");
    theme.apply(app, ui::ThemeMode::Light);
    ui::UnlockPage unlock(theme);
    unlock.setMode(ui::UnlockPage::Mode::Choose);
    unlock.resize(1040, 720);
    unlock.show();
    shot(unlock, "passphrase");
    unlock.showError(failure(client::ClientErrorCode::KeyringLocked));
    shot(unlock, "keyring-locked");
    client::ClientError foreign = failure(client::ClientErrorCode::Storage);
    foreign.sql = sql::SqlError{sql::SqlErrorCode::WrongKey, {}, 0};
    unlock.showError(foreign);
    shot(unlock, "foreign-file");
    unlock.anewButton()->click();
    shot(unlock, "start-anew");
    unlock.showError(failure(client::ClientErrorCode::ProfileInUse));
    languages.apply(app, theme, QStringLiteral("zh_CN"));
    shot(unlock, "profile-in-use-zh");
    languages.apply(app, theme, QStringLiteral("en"));

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
    test::drawSecurityStates(app, theme, languages, false, shot);
    test::drawDownloadStates(app, theme, languages, false, shot);
    test::drawInspectorStates(app, theme, languages, false, shot);
    test::drawExportStates(app, theme, languages, false, shot);
    test::drawSettingsStates(app, theme, languages, false, page, shot);
}
