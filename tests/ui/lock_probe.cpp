// SPDX-License-Identifier: GPL-3.0-or-later
// A window that logs in, turns its second factor on and locks, for a test that then reads its memory from outside
// (locked_memory.py). Standard input: a line with the password, then whatever makes it go on. It writes what it must
// forget to standard output, by write(2), before it forgets it.
#include "tests/ui/desk.h"
#include "ui/pages/login_page.h"
#include "ui/security/codes_dialog.h"
#include "ui/security/enrol_dialog.h"
#include "ui/widgets/code_field.h"
#include "ui/widgets/field.h"

#include <QApplication>
#include <QCheckBox>
#include <QLabel>
#include <QLineEdit>
#include <QProcess>
#include <QPushButton>
#include <QTest>

#include <cstdlib>
#include <unistd.h>

using namespace kith;

namespace {

void say(const QByteArray &line)
{
    const QByteArray bytes = line + '\n';
    if (::write(STDOUT_FILENO, bytes.constData(), static_cast<std::size_t>(bytes.size())) < 0)
        std::abort();
}

/// Key by key, as people do, without a copy of our own that stays.
void typeLine(QWidget *widget)
{
    widget->setFocus();
    char c = 0;
    while (::read(STDIN_FILENO, &c, 1) == 1 && c != '\n')
        QTest::keyClick(widget, c);
    c = 0;
}

void waitForLine()
{
    char c = 0;
    while (::read(STDIN_FILENO, &c, 1) == 1 && c != '\n') {
    }
}

template <class Condition>
void must(Condition condition, const char *what)
{
    if (QTest::qWaitFor(condition, 30000))
        return;
    say(QByteArray("failed ") + what);
    ::_exit(1);
}

void turnOn(test::Desk &desk)
{
    desk.window().showSecurity();
    auto &security = *desk.window().security();
    must([&] { return security.dialog()->turnOnButton()->isVisible(); }, "security");
    security.dialog()->turnOnButton()->click();
    must([&] { return security.enrolDialog() != nullptr; }, "enrol");
    const auto secret = security.enrolDialog()->secret();
    say("secret " + QByteArray::fromStdString(secret));
    QProcess oathtool;
    oathtool.start(QStringLiteral("oathtool"),
                   {QStringLiteral("--totp"), QStringLiteral("--base32"), QString::fromStdString(secret)});
    oathtool.waitForFinished();
    security.enrolDialog()->code()->field()->setText(QString::fromLatin1(oathtool.readAll().trimmed()));
    must([&] { return security.codesDialog() != nullptr; }, "codes");
    for (QLabel *label : security.codesDialog()->findChildren<QLabel *>())
        if (label->text().count(QLatin1Char('-')) == 3 && label->text().size() == 19)
            say("code " + label->text().toLatin1());
    security.codesDialog()->kept()->setChecked(true);
    security.codesDialog()->doneButton()->click();
}

} // namespace

int main(int argc, char **argv)
{
    QApplication app(argc, argv);
    const QStringList arguments = QApplication::arguments(); // PROFILE SERVER USER
    ui::Theme theme;
    ui::Languages languages;
    theme.apply(app, ui::ThemeMode::Light);
    languages.apply(app, theme, QStringLiteral("en"));
    test::Desk desk(theme, languages, arguments.at(1));
    desk.window().start({});
    must([&] { return desk.window().isAskingLogin(); }, "login page");
    ui::LoginPage *page = desk.window().loginPage();
    page->server()->setText(arguments.at(2));
    page->user()->setText(arguments.at(3));
    typeLine(page->password()->edit());
    QTest::keyClick(page->password()->edit(), Qt::Key_Return);
    must([&] { return desk.window().isChatting(); }, "chat");
    turnOn(desk);
    say("open");
    waitForLine();
    desk.window().lock();
    must([&] { return desk.window().isLocked(); }, "lock");
    say("locked");
    waitForLine();
    ::_exit(0);
}
