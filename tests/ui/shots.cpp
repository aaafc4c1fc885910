// SPDX-License-Identifier: GPL-3.0-or-later
// Screenshots of the real window over a real server with the demo world. One process per scale and state of the server:
//   kith_shots --server URL --out DIR [--login lin] [--server-pid PID]     (password: the demo's)
// writes screen-*.png, each screen in light and dark, English and Chinese, at 100 and (@2) 200 %; and login, chat,
// group, members, download, inspector, simulated, settings, dark, chinese, new-chat, narrow, scaled (200 %), by
// stopping the server offline, and state-*.png for what the demo world does not have.
#include "tests/ui/shot_tools.h"
#include "tests/ui/states.h"
#include "ui/dialogs/members_dialog.h"
#include "ui/dialogs/new_chat_dialog.h"
#include "ui/pages/login_page.h"
#include "ui/widgets/conversation_header.h"
#include "ui/widgets/field.h"

#include <QApplication>
#include <QCommandLineParser>
#include <QElapsedTimer>
#include <QLineEdit>
#include <QListView>
#include <QProcess>
#include <QTableView>
#include <QTemporaryDir>
#include <QTimer>

#include <csignal>
#include <cstdio>

using namespace kith;
using test::pick;
using test::settle;
using test::Shots;
using test::waitFor;

namespace {

void everyday(test::Desk &desk, ui::Theme &theme, ui::Languages &languages, Shots &shots, const QString &user,
              const QUrl &server)
{
    ui::MainWindow &window = desk.window();
    window.start({});
    if (!waitFor([&] { return window.isAskingLogin(); }))
        return shots.fail("no login page");
    ui::LoginPage *page = window.loginPage();
    page->server()->setText(server.toString());
    page->user()->setText(user);
    page->password()->setText(QStringLiteral("not the password"));
    shots.take(window, "login");
    window.login(server, user, QStringLiteral("not the password"));
    if (!waitFor([&] { return page->password()->hasError(); }))
        shots.fail("a wrong password was not refused");
    shots.take(window, "login-error");
    window.login(server, user, QStringLiteral("kith-demo-password"));
    if (!waitFor([&] { return window.isChatting(); }) || !settle(window))
        return shots.fail("no chat after login");
    window.controller().openConversation(pick(desk, ConversationType::Private, false));
    settle(window);
    shots.take(window, "chat");
    window.controller().openConversation(pick(desk, ConversationType::Group, false));
    settle(window);
    shots.take(window, "group");
    emit desk.chat().header()->membersRequested();
    if (auto *members = window.findChild<ui::MembersDialog *>()) {
        settle(window);
        shots.take(*members, "members");
        members->reject();
    } else {
        shots.fail("no list of members");
    }
    window.showDownload();
    if (ui::DownloadController *download = window.download()) {
        if (!waitFor([&] { return download->dialog()->model().rowCount() > 0; }))
            shots.fail("the download lists no conversation");
        shots.take(*download->dialog(), "download");
        download->dialog()->reject();
    } else {
        shots.fail("no dialog of the download");
    }
    window.showInspector();
    ui::InspectorWindow *inspector = window.inspector();
    const models::WireLogModel &wire = inspector->wire();
    for (int row = 0; row < wire.rowCount(); ++row)
        if (wire.index(row, models::WireLogModel::Op).data().toString().startsWith(QStringLiteral("hello")))
            inspector->table()->selectRow(row);
    settle(window);
    shots.take(*inspector, "inspector");
    desk.client().simulate({false, std::chrono::milliseconds{300}});
    settle(window);
    shots.take(window, "simulated");
    delete inspector; // and what it simulates
    settle(window);
    // The menu runs its own loop: the picture is taken from inside.
    QTimer::singleShot(300, &window, [&] {
        if (QWidget *menu = QApplication::activePopupWidget()) {
            shots.take(*menu, "settings");
            menu->close();
        }
    });
    emit desk.chat().sidebar()->menuRequested(window.mapToGlobal(QPoint(8, 56)));
    desk.chat().timeline()->scrollBy(-1200);
    settle(window);
    shots.take(window, "scrolled-up");
    desk.chat().timeline()->scrollToNewest();
    theme.apply(*qApp, ui::ThemeMode::Dark);
    settle(window);
    shots.take(window, "dark");
    theme.apply(*qApp, ui::ThemeMode::Light);
    languages.apply(*qApp, theme, QStringLiteral("zh_CN"));
    window.controller().openConversation(pick(desk, ConversationType::Group, true));
    settle(window);
    shots.take(window, "chinese");
    window.resize(680, 720);
    settle(window);
    shots.take(window, "narrow");
    window.resize(1040, 720);
    languages.apply(*qApp, theme, QStringLiteral("en"));
    window.controller().newChat();
    if (auto *dialog = window.findChild<ui::NewChatDialog *>()) {
        dialog->searchEdit()->setText(QStringLiteral("to"));
        if (!waitFor([&] { return dialog->list()->model()->rowCount() > 0; }))
            shots.fail("nobody found");
        shots.take(*dialog, "new-chat");
        dialog->reject();
    }
    window.close();
}

void again(test::Desk &desk, Shots &shots, const char *name)
{
    desk.window().start({});
    if (!waitFor([&] { return desk.window().isChatting(); }) || !settle(desk.window()))
        return shots.fail("no chat after the restart");
    shots.take(desk.window(), name);
    desk.window().close();
}

int runPhase(const QString &phase, const QString &out, const QString &profile, const QString &user, const QUrl &server)
{
    if (phase.startsWith(QLatin1String("states"))) {
        test::drawStates(*static_cast<QApplication *>(qApp), out, phase == QLatin1String("states-fine"));
        return 0;
    }
    ui::Theme theme;
    ui::Languages languages;
    theme.apply(*qApp, ui::ThemeMode::Light);
    languages.apply(*qApp, theme, QStringLiteral("en"));
    test::Desk desk(theme, languages, profile);
    Shots shots{out};
    const std::string tail = phase.endsWith(QLatin1String("-fine")) ? "@2" : "";
    if (phase == QLatin1String("everyday"))
        everyday(desk, theme, languages, shots, user, server);
    else if (phase.startsWith(QLatin1String("matrix")))
        test::drawMatrix(desk, theme, languages, shots, tail);
    else if (phase.startsWith(QLatin1String("logged-out")))
        test::drawLoggedOut(desk, theme, languages, shots, tail);
    else
        again(desk, shots, phase == QLatin1String("offline") ? "offline" : "scaled");
    return shots.failed == 0 ? 0 : 1;
}

} // namespace

int main(int argc, char **argv)
{
    // Drawn without a display; what is drawn is the same.
    if (qEnvironmentVariableIsEmpty("QT_QPA_PLATFORM"))
        qputenv("QT_QPA_PLATFORM", "offscreen");
    QApplication app(argc, argv);
    QCommandLineParser parser;
    parser.addHelpOption();
    const QCommandLineOption server(QStringLiteral("server"),
                                    QStringLiteral("Address of a server with the demo world."), QStringLiteral("URL"));
    const QCommandLineOption out(QStringLiteral("out"), QStringLiteral("Folder for the PNGs."), QStringLiteral("DIR"),
                                 QStringLiteral("."));
    const QCommandLineOption login(QStringLiteral("login"), QStringLiteral("Who logs in."), QStringLiteral("USER"),
                                   QStringLiteral("lin"));
    const QCommandLineOption pid(QStringLiteral("server-pid"), QStringLiteral("Stopped before the offline picture."),
                                 QStringLiteral("PID"));
    const QCommandLineOption phase(QStringLiteral("phase"), QStringLiteral("Internal."), QStringLiteral("P"));
    const QCommandLineOption profile(QStringLiteral("profile"), QStringLiteral("Internal."), QStringLiteral("DIR"));
    parser.addOptions({server, out, login, pid, phase, profile});
    parser.process(app);
    QDir().mkpath(parser.value(out));
    if (parser.isSet(phase))
        return runPhase(parser.value(phase), parser.value(out), parser.value(profile), parser.value(login),
                        QUrl(parser.value(server)));

    QTemporaryDir folder;
    int failed = 0;
    const auto run = [&](const char *name, const char *scale) {
        QProcess child;
        auto environment = QProcessEnvironment::systemEnvironment();
        environment.insert(QStringLiteral("QT_SCALE_FACTOR"), QLatin1String(scale));
        child.setProcessEnvironment(environment);
        child.setProcessChannelMode(QProcess::ForwardedChannels);
        child.start(QCoreApplication::applicationFilePath(),
                    {QStringLiteral("--server"), parser.value(server), QStringLiteral("--out"), parser.value(out),
                     QStringLiteral("--login"), parser.value(login), QStringLiteral("--profile"),
                     folder.filePath(QStringLiteral("profile")), QStringLiteral("--phase"), QLatin1String(name)});
        child.waitForFinished(-1);
        failed += child.exitStatus() == QProcess::NormalExit && child.exitCode() == 0 ? 0 : 1;
    };
    run("states", "1");
    run("states-fine", "2");
    run("everyday", "1");
    run("scaled", "2");
    run("matrix", "1");
    run("matrix-fine", "2");
    if (parser.isSet(pid)) {
        ::kill(static_cast<pid_t>(parser.value(pid).toInt()), SIGTERM);
        run("offline", "1");
    }
    run("logged-out", "1");
    run("logged-out-fine", "2");
    return failed == 0 ? 0 : 1;
}
