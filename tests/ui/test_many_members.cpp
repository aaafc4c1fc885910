// SPDX-License-Identifier: GPL-3.0-or-later
// A group of ten thousand in the real server: the dialog is there at once, fills page by page while the window goes on
// working, and finds one of them by name and by pinyin. The figures it prints stand in docs/performance.md.
#include "core/base/limits.h"
#include "server/ops/key_file.h"
#include "server/store/embedded/embedded_store.h"
#include "tests/integration/real_server.h"
#include "tests/ui/desk.h"
#include "ui/dialogs/members_dialog.h"
#include "ui/widgets/conversation_header.h"
#include "ui/widgets/people_list.h"

#include <QApplication>
#include <QElapsedTimer>
#include <QLineEdit>
#include <QListView>
#include <QTimer>

#include <future>

using namespace kith;
using test::Desk;
using test::RealServer;
using test::wait;

namespace {

constexpr int kMembers = 10000;
const std::string kPassword = "a long enough pass phrase";

/// Blocks until the store has answered.
template <class T, class Call>
server::StoreResult<T> await(Call call)
{
    auto promise = std::make_shared<std::promise<server::StoreResult<T>>>();
    auto answer = promise->get_future();
    call([promise](server::StoreResult<T> result) { promise->set_value(std::move(result)); });
    return answer.get();
}

QString nameOf(int i)
{
    static const char *const latin[] = {"Ada", "Björn", "Chloé", "Dmitri", "Eun-ji", "Farid", "Grace", "Hanna"};
    static const char *const han[] = {"王小明", "李伟", "张敏", "刘洋", "陈静", "魏子涵", "赵磊", "孙丽"};
    const QString number = QString::number(i);
    return i % 2 == 0 ? QString::fromUtf8(latin[i / 2 % 8]) + QLatin1Char(' ') + number
                      : QString::fromUtf8(han[i / 2 % 8]) + number;
}

/// Straight into the server's store, while no server has it open: ten thousand registrations would take hours.
ConversationId makeCrowd(const QString &data, const UserId &owner)
{
    auto key = server::readKeyFile((data + QStringLiteral("/kithd.key")).toStdString());
    if (!key)
        return {};
    const SystemClock clock;
    auto store = server::EmbeddedStore::open((data + QStringLiteral("/kithd.db")).toStdString(), *key, clock, {});
    if (!store)
        return {};
    std::vector<std::future<server::StoreResult<User>>> made;
    std::vector<UserId> members;
    for (int i = 1; i < kMembers; ++i) {
        auto promise = std::make_shared<std::promise<server::StoreResult<User>>>();
        made.push_back(promise->get_future());
        server::NewUser user{"member" + std::to_string(i), "-", nameOf(i).toStdString()};
        (*store)->createUser(std::move(user),
                             [promise](server::StoreResult<User> one) { promise->set_value(std::move(one)); });
        if (made.size() == 500 || i == kMembers - 1) { // the store's queue is bounded
            for (auto &one : made) {
                const auto answer = one.get();
                if (!answer)
                    return {};
                members.push_back(answer->id);
            }
            made.clear();
        }
    }
    const auto group =
        await<server::GroupChanged>([&](auto reply) { (*store)->createGroup(owner, "Town", {}, std::move(reply)); });
    if (!group)
        return {};
    // As many as one request may take in: each is a message that names them.
    for (auto from = members.begin(); from != members.end();) {
        const auto to = from + std::min<std::ptrdiff_t>(limits::kMaxMembersPerRequest, members.end() - from);
        const auto added = await<server::GroupChanged>([&](auto reply) {
            (*store)->addMembers(owner, group->conversation, std::vector<UserId>(from, to), std::move(reply));
        });
        if (!added)
            return {};
        from = to;
    }
    (*store)->close();
    return group->conversation;
}

/// The longest time during which the window could not work.
class Stalls final : public QObject {
public:
    Stalls()
    {
        m_clock.start();
        startTimer(1, Qt::PreciseTimer);
    }
    qint64 longestMs() const { return m_longest; }
    void forget()
    {
        m_longest = 0;
        m_clock.restart();
    }

protected:
    void timerEvent(QTimerEvent *) override { m_longest = std::max(m_longest, m_clock.restart()); }

private:
    QElapsedTimer m_clock;
    qint64 m_longest = 0;
};

} // namespace

class TestManyMembers final : public QObject {
    Q_OBJECT

    QTemporaryDir m_dir;
    ui::Theme m_theme;
    ui::Languages m_languages;

private slots:
    void tenThousand_openAtOnceLoadByPagesAndAreFound()
    {
        m_theme.apply(*qApp, ui::ThemeMode::Light);
        m_languages.apply(*qApp, m_theme, QStringLiteral("en"));
        RealServer server(m_dir.filePath(QStringLiteral("server")));
        QVERIFY(server.start());
        Desk ann(m_theme, m_languages, m_dir.filePath(QStringLiteral("ann")));
        ann.window().start({});
        QTRY_VERIFY_WITH_TIMEOUT(ann.window().isAskingLogin(), 20000);
        QVERIFY(wait(ann.client().registerAccount(server.url(), "ann", kPassword, "Ann Lee")));
        ann.window().login(server.url(), QStringLiteral("ann"), QString::fromStdString(kPassword));
        QTRY_VERIFY_WITH_TIMEOUT(ann.window().isChatting(), 30000);
        QCOMPARE(server.terminate(), 0);
        const ConversationId group = makeCrowd(server.data(), ann.client().self().id);
        QVERIFY(!group.empty());
        QVERIFY(server.start());
        ann.client().reconnectNow();
        QTRY_VERIFY_WITH_TIMEOUT(ann.list().indexOf(group) >= 0, 30000);
        ann.window().controller().openConversation(group);
        QTRY_VERIFY(ann.timeline().conversation() == group && ann.timeline().isLoaded());

        Stalls stalls;
        QElapsedTimer clock;
        clock.start();
        emit ann.chat().header()->membersRequested();
        auto *dialog = ann.window().findChild<ui::MembersDialog *>();
        QVERIFY(dialog && dialog->isVisible()); // before one member is here
        QCOMPARE(dialog->list()->model()->rowCount(), 0);
        const qint64 openedMs = clock.elapsed();
        QTRY_VERIFY(dialog->list()->model()->rowCount() > 0);
        const qint64 firstMs = clock.elapsed();
        QVERIFY(dialog->list()->model()->rowCount() < kMembers); // the first page does not wait for the last
        QTRY_COMPARE_WITH_TIMEOUT(dialog->list()->model()->rowCount(), kMembers, 60000);
        const qint64 allMs = clock.elapsed();
        const qint64 loadStall = stalls.longestMs();
        QCOMPARE(dialog->list()->model()->index(0, 0).data(ui::FoundModel::NameRole).toString(),
                 QStringLiteral("Ann Lee")); // the owner, whatever her id
        QTRY_COMPARE(dialog->summary(), QStringLiteral("10000 members"));

        const auto find = [&](const QString &typed) {
            const QString before = dialog->summary();
            stalls.forget();
            clock.restart();
            dialog->searchEdit()->setText(typed);
            if (!QTest::qWaitFor([&] { return dialog->summary().endsWith(QStringLiteral("found")); }, 60000))
                return QString();
            const auto *model = dialog->list()->model();
            const QString first = model->index(0, 0).data(ui::FoundModel::NameRole).toString();
            qInfo("search %s: %d of %d in %lld ms, longest stall %lld ms", qPrintable(typed), model->rowCount(),
                  kMembers, static_cast<long long>(clock.elapsed()), static_cast<long long>(stalls.longestMs()));
            dialog->searchEdit()->clear();
            return first;
        };
        QCOMPARE(find(QStringLiteral("weizihan 9995")), nameOf(9995)); // the first: names are made ready in slices
        QCOMPARE(find(QStringLiteral("bjorn 9986")), nameOf(9986));
        QCOMPARE(find(QStringLiteral("wzh9995")), nameOf(9995));
        QCOMPARE(find(QStringLiteral("member4711")), nameOf(4711));
        qInfo("dialog shown after %lld ms, first page after %lld ms, all %d after %lld ms, longest stall %lld ms",
              static_cast<long long>(openedMs), static_cast<long long>(firstMs), kMembers,
              static_cast<long long>(allMs), static_cast<long long>(loadStall));
        // From then on they are known here: a mention finds them without asking for each.
        QCOMPARE(static_cast<int>(wait(ann.client().knownUsers()).value().size()), kMembers);
        dialog->reject();
    }
};

QTEST_MAIN(TestManyMembers)
#include "test_many_members.moc"
