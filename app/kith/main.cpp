// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/client/log_ring.h"
#include "ui/desktop/single_instance.h"
#include "ui/shell/main_window.h"
#include "ui/shell/profiles.h"

#include <QApplication>
#include <QCommandLineParser>
#include <QDir>
#include <QElapsedTimer>
#include <QIcon>
#include <QTimer>

#include <algorithm>
#include <cstdio>
#include <iostream>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace {

// Waits until nothing more is about to be painted, writes the window as a PNG and ends the program.
class Screenshot final : public QObject {
public:
    Screenshot(kith::ui::MainWindow &window, QString file) : m_window(window), m_file(std::move(file))
    {
        m_clock.start();
        m_poll.setInterval(50);
        connect(&m_poll, &QTimer::timeout, this, [this] { look(); });
        m_poll.start();
    }

private:
    void look()
    {
        constexpr int kQuietRounds = 12, kPatienceMs = 20000;
        m_quiet = m_window.isSettled() ? m_quiet + 1 : 0;
        if (m_quiet < kQuietRounds && m_clock.elapsed() < kPatienceMs)
            return;
        m_poll.stop();
        const bool saved = m_window.grab().save(m_file, "PNG");
        if (!saved)
            std::fprintf(stderr, "kith: %s cannot be written\n", qPrintable(m_file));
        // close() saves drafts and the window's place; the exit status tells a script whether there is a picture.
        m_window.close();
        QCoreApplication::exit(saved ? 0 : 1);
    }

    kith::ui::MainWindow &m_window;
    QString m_file;
    QTimer m_poll;
    QElapsedTimer m_clock;
    int m_quiet = 0;
};

} // namespace

int main(int argc, char **argv)
{
    using namespace kith;
    auto log = std::make_shared<const client::LogRing>(); // from the first line on
    const auto asks = [&](std::string_view option) {
        return std::any_of(argv + 1, argv + argc, [&](const char *one) { return option == one; });
    };
    if (asks("--help") || asks("-h") || asks("--version") || asks("-v"))
        qputenv("QT_QPA_PLATFORM", "offscreen"); // words need no display
    QApplication app(argc, argv);
    QCoreApplication::setApplicationName(QStringLiteral("kith"));
    QCoreApplication::setApplicationVersion(QStringLiteral(KITH_VERSION));
    QGuiApplication::setApplicationDisplayName(QStringLiteral("Kith"));
    // Under Wayland the desktop takes icon and name from the desktop file, under X11 the icon from the window.
    QGuiApplication::setDesktopFileName(QStringLiteral("chat.kith.Kith"));
    QGuiApplication::setWindowIcon(QIcon(QStringLiteral(":/kith.svg")));

    QCommandLineParser parser;
    parser.setApplicationDescription(QStringLiteral("A chat client whose history belongs to its user."));
    parser.addHelpOption();
    parser.addVersionOption();
    const QCommandLineOption profile(QStringLiteral("profile"),
                                     QStringLiteral("Folder that holds all of this client's state."),
                                     QStringLiteral("DIR"), ui::Profiles::defaultHome());
    const QCommandLineOption server(QStringLiteral("server"), QStringLiteral("Address of the server."),
                                    QStringLiteral("URL"));
    const QCommandLineOption keyFile(
        QStringLiteral("key-file"),
        QStringLiteral("Key of the history (64 hexadecimal characters, mode 0600) instead of the keyring."),
        QStringLiteral("F"));
    const QCommandLineOption proxy(
        QStringLiteral("proxy"),
        QStringLiteral("system, none, http://host[:port] or socks5://host[:port], for this run."), QStringLiteral("P"));
    const QCommandLineOption noKeyring(QStringLiteral("no-keyring"),
                                       QStringLiteral("Protect the history with a passphrase, not with the keyring."));
    const QCommandLineOption language(QStringLiteral("language"), QStringLiteral("system, en or zh_CN, for this run."),
                                      QStringLiteral("L"));
    const QCommandLineOption theme(QStringLiteral("theme"), QStringLiteral("system, light or dark, for this run."),
                                   QStringLiteral("T"));
    const QCommandLineOption open(QStringLiteral("open"), QStringLiteral("Show this conversation first."),
                                  QStringLiteral("CONV"));
    const QCommandLineOption login(
        QStringLiteral("login"),
        QStringLiteral("For development: log in as USER with the password from standard input."),
        QStringLiteral("USER"));
    const QCommandLineOption size(QStringLiteral("size"),
                                  QStringLiteral("For development: size of the window, such as 1040x720."),
                                  QStringLiteral("WxH"));
    const QCommandLineOption screenshot(
        QStringLiteral("screenshot"),
        QStringLiteral("For development: write the window as PNG when it is painted, and quit."),
        QStringLiteral("FILE"));
    const QCommandLineOption afterReady(
        QStringLiteral("screenshot-after-ready"),
        QStringLiteral("For development: what --screenshot does anyway; accepted for scripts."));
    const QCommandLineOption minimised(QStringLiteral("minimised"),
                                       QStringLiteral("Start in the tray, or minimised where there is none."));
    parser.addOptions({minimised, profile, server, keyFile, proxy, noKeyring, language, theme, open, login, size,
                       screenshot, afterReady});
    parser.process(app);

    const QString dir = QDir(parser.value(profile)).absolutePath();
    ui::SingleInstance instance(dir);
    const QByteArray token = qgetenv("XDG_ACTIVATION_TOKEN");
    qunsetenv("XDG_ACTIVATION_TOKEN"); // it is for one window, once; children have no use for it
    if (instance.handOver(parser.value(open), QString::fromUtf8(token)))
        return 0;
    instance.listen();
    ui::UiSettings settings(dir);
    ui::Theme colours;
    ui::Languages languages;
    ui::ThemeMode mode = settings.theme();
    if (parser.isSet(theme)) {
        const QString name = parser.value(theme);
        mode = name == QLatin1String("dark")    ? ui::ThemeMode::Dark
               : name == QLatin1String("light") ? ui::ThemeMode::Light
                                                : ui::ThemeMode::System;
    }
    colours.setTextSize(app, settings.textSize());
    // Before the first window: nothing flashes.
    colours.apply(app, mode);
    languages.apply(app, colours, parser.isSet(language) ? parser.value(language) : settings.language());

    client::ClientOptions options;
    options.profileDir = dir;
    if (parser.isSet(server))
        options.server = QUrl(parser.value(server));
    if (parser.isSet(proxy)) {
        options.proxy = client::parseProxy(parser.value(proxy));
        if (!options.proxy) {
            std::fprintf(stderr, "kith: not a proxy: %s\n", qPrintable(parser.value(proxy)));
            return 2;
        }
    }
    if (parser.isSet(keyFile))
        options.keyFile = parser.value(keyFile);
    options.useKeyring = !parser.isSet(noKeyring);
    options.log = std::move(log);
    client::Client core(std::move(options));
    ui::MainWindow window(core, colours, languages, settings);
    if (parser.isSet(size)) {
        const QStringList sides = parser.value(size).split(QLatin1Char('x'));
        if (sides.size() == 2)
            window.resize(sides.at(0).toInt(), sides.at(1).toInt());
    }
    QObject::connect(&instance, &ui::SingleInstance::openRequested, &window,
                     [&window](const QString &conversation, const QString &activationToken) {
                         window.desktop().raise(activationToken);
                         window.openConversation(ConversationId(conversation.toStdString()));
                     });
    const bool hidden = (parser.isSet(minimised) || settings.startMinimised()) && !parser.isSet(screenshot);
    if (!hidden)
        window.show();
    else if (!window.desktop().tray().isShown())
        window.showMinimized();
    window.start(ConversationId(parser.value(open).toStdString()));

    if (parser.isSet(login)) {
        std::string password;
        std::getline(std::cin, password);
        const QString user = parser.value(login), secret = QString::fromStdString(password);
        const QUrl address(parser.value(server));
        // As soon as the profile is open and nobody is logged in; a profile that is logged in stays so. A first login
        // has nothing open yet: then the newest conversation is shown.
        auto *wait = new QTimer(&window);
        const auto asked = std::make_shared<bool>(false);
        QObject::connect(wait, &QTimer::timeout, &window, [&window, &core, wait, user, secret, address, asked] {
            if (!core.isOpen())
                return;
            if (!std::exchange(*asked, true) && !core.isLoggedIn())
                window.login(address, user, secret);
            if (!window.isChatting() || !window.isSettled())
                return;
            wait->stop();
            window.controller().openNewest();
        });
        wait->start(10);
    }
    std::unique_ptr<Screenshot> shot;
    if (parser.isSet(screenshot))
        shot = std::make_unique<Screenshot>(window, parser.value(screenshot));
    return QApplication::exec();
}
