// SPDX-License-Identifier: GPL-3.0-or-later
// The whole client on a disk that is full, or that cannot be written: it says so, loses nothing, acknowledges nothing
// that it does not hold, and goes on by itself when there is room. The disk is a small tmpfs in a mount namespace of
// the test's.
#include "core/history/history.h"
#include "tests/integration/real_server.h"

#include <QCoreApplication>
#include <QSignalSpy>

#include <boost/json.hpp>
#include <fcntl.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/statvfs.h>
#include <unistd.h>

using namespace kith;
using namespace kith::client;
using test::Person;
using test::RealServer;
using test::wait;

namespace {

bool write(const char *path, const std::string &text)
{
    const int file = ::open(path, O_WRONLY | O_CLOEXEC);
    const bool done = file >= 0 && ::write(file, text.data(), text.size()) == static_cast<ssize_t>(text.size());
    ::close(file);
    return done;
}

/// Mounts of this process alone: by the rights of root, or in a user namespace where one is granted. Before any thread.
bool ownMounts()
{
    const auto user = std::to_string(::getuid()), group = std::to_string(::getgid());
    if (::unshare(CLONE_NEWNS) != 0) {
        if (::unshare(CLONE_NEWUSER | CLONE_NEWNS) != 0 || !write("/proc/self/setgroups", "deny") ||
            !write("/proc/self/uid_map", user + " " + user + " 1") ||
            !write("/proc/self/gid_map", group + " " + group + " 1"))
            return false;
    }
    return ::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0;
}

bool mounts = false;

constexpr const char *kSettings = "[accounts]\npassword_operations = 1\npassword_memory_kib = 8\naccess_token_s = 5\n";

/// A disk of a few megabytes at a folder.
class SmallDisk final {
public:
    explicit SmallDisk(QString path) : m_path(std::move(path))
    {
        QDir().mkpath(m_path);
        m_mounted = ::mount("tmpfs", name().constData(), "tmpfs", 0, "size=6m,mode=700") == 0;
    }
    ~SmallDisk()
    {
        if (m_mounted)
            ::umount2(name().constData(), MNT_DETACH);
    }
    bool mounted() const { return m_mounted; }
    /// To the last byte.
    bool fill()
    {
        const int file = ::open(ballast().constData(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
        const std::string much(1 << 16, 'b');
        for (std::size_t piece = much.size(); file >= 0 && piece > 0;)
            if (::write(file, much.data(), piece) <= 0)
                piece /= 2;
        ::close(file);
        struct statvfs state = {};
        return file >= 0 && ::statvfs(name().constData(), &state) == 0 && state.f_bfree == 0;
    }
    bool makeRoom() { return ::unlink(ballast().constData()) == 0; }
    bool setReadOnly(bool on)
    {
        return ::mount("tmpfs", name().constData(), "tmpfs", MS_REMOUNT | (on ? MS_RDONLY : 0), "size=6m") == 0;
    }

private:
    QByteArray name() const { return m_path.toUtf8(); }
    QByteArray ballast() const { return name() + "/ballast"; }

    QString m_path;
    bool m_mounted = false;
};

bool tellsOfTheDisk(const ClientError &error, sql::SqlErrorCode code)
{
    return error.code == ClientErrorCode::Storage && error.sql && error.sql->code == code;
}

} // namespace

class TestDisk final : public QObject {
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> m_dir;
    std::unique_ptr<RealServer> m_server;
    std::unique_ptr<SmallDisk> m_disk;
    std::unique_ptr<Person> m_ann, m_bob;
    ConversationId m_chat;
    std::vector<std::string> m_said;

    bool say(Person &who, const std::string &text)
    {
        m_said.push_back(text);
        return wait(who->send(m_chat, text)).has_value();
    }
    std::string newest(Person &who)
    {
        const auto all = who.messages(m_chat);
        return all.empty() ? std::string() : all.front().message.body;
    }
    /// The refresh tokens change hands: when the pair in bob's closed profile was issued.
    std::int64_t issued() const
    {
        QFile file(m_bob->keyFile());
        if (!file.open(QIODevice::ReadOnly))
            return 0;
        const auto bytes = QByteArray::fromHex(file.readAll().trimmed());
        const auto key =
            crypto::Secret::copyOf(std::string_view(bytes.constData(), static_cast<std::size_t>(bytes.size())));
        auto store = history::HistoryStore::open((m_bob->profile() + QStringLiteral("/history.db")).toStdString(), key);
        if (!store)
            return 0;
        const auto account = store->setting("account");
        return account && *account ? boost::json::parse(**account).at("issued").as_int64() : 0;
    }

private slots:
    void init()
    {
        if (!mounts)
            QSKIP("no mount namespace is granted here");
        m_dir = std::make_unique<QTemporaryDir>();
        m_server = std::make_unique<RealServer>(m_dir->filePath(QStringLiteral("server")), kSettings);
        QVERIFY(m_server->start());
        m_ann = std::make_unique<Person>(m_dir->path(), "ann");
        m_bob = std::make_unique<Person>(m_dir->path(), "bob");
        m_disk = std::make_unique<SmallDisk>(m_bob->profile());
        QVERIFY(m_disk->mounted());
        QVERIFY(m_ann->enter(m_server->url()));
        QVERIFY(m_bob->enter(m_server->url()));
        m_chat = privateConversation(m_ann->id(), m_bob->id());
        m_said.clear();
        QVERIFY(say(*m_ann, "there is room"));
        QTRY_COMPARE(m_bob->bodies(m_chat), m_said);
    }
    void cleanup()
    {
        m_bob.reset();
        m_ann.reset();
        m_server.reset();
        m_disk.reset();
        m_dir.reset();
    }

    void fullDisk_isTold_nothingIsAcknowledged_andThereBeingRoomIsEnough()
    {
        QSignalSpy failed(&**m_bob, &Client::storageFailed);
        QVERIFY(m_disk->fill());
        const std::string tail(1500, 'x');
        for (int i = 0; i < 400 && failed.isEmpty(); ++i) { // the log may have room of its own
            QVERIFY(say(*m_ann, "m" + std::to_string(i) + tail));
            QVERIFY(wait((*m_ann)->flushOutbox(std::chrono::seconds{20})).has_value());
        }
        QTRY_VERIFY(!failed.isEmpty());
        for (const char *text : {"and this", "and that"})
            QVERIFY(say(*m_ann, text));
        QVERIFY(wait((*m_ann)->flushOutbox(std::chrono::seconds{20})).has_value());
        for (const auto &one : failed)
            QVERIFY(tellsOfTheDisk(one.front().value<ClientError>(), sql::SqlErrorCode::DiskFull));

        // What is here can be read, and what is read is all that was acknowledged.
        const auto held = wait((*m_bob)->coverage(m_chat));
        QVERIFY(held && held->messagesHere > 0 && held->messagesHere < static_cast<std::int64_t>(m_said.size()));
        const auto delivered = m_ann->cursorOf(m_chat, m_bob->id()).deliveredSeq;
        QVERIFY(delivered <= m_bob->messages(m_chat).front().message.seq);
        const auto refused = wait((*m_bob)->send(m_chat, "not taken " + tail + tail));
        QVERIFY(!refused);
        QVERIFY(tellsOfTheDisk(refused.error(), sql::SqlErrorCode::DiskFull));
        QTRY_VERIFY((*m_bob)->linkStatus().catchingUp); // something lacks, and that is said

        QSignalSpy links(&**m_bob, &Client::linkStatusChanged);
        QVERIFY(m_disk->makeRoom());
        QVERIFY(wait((*m_bob)->waitCaughtUp(std::chrono::seconds{25})).has_value());
        QCOMPARE(newest(*m_bob), m_said.back());
        for (const auto &one : links)
            QVERIFY(one.front().value<LinkStatus>().phase == LinkPhase::Online); // the same connection
        const auto coverage = wait((*m_bob)->coverage(m_chat));
        QVERIFY(coverage && coverage->holes.empty());
        QTRY_VERIFY_WITH_TIMEOUT(
            m_ann->cursorOf(m_chat, m_bob->id()).deliveredSeq == m_bob->messages(m_chat).front().message.seq, 20000);
        QVERIFY(say(*m_bob, "there is room again"));
        QTRY_COMPARE_WITH_TIMEOUT(newest(*m_ann), m_said.back(), 20000);
        std::vector<std::string> all;
        const auto here = m_bob->messages(m_chat, 1000);
        for (auto it = here.rbegin(); it != here.rend(); ++it)
            all.push_back(it->message.body);
        QCOMPARE(all, m_said);
    }

    /// What the server accepted is not shown as unsent for ever, nor sent twice.
    void fullDisk_whileOwnMessagesWait()
    {
        m_server->kill();
        for (int i = 0; i < 20; ++i)
            QVERIFY(say(*m_bob, "mine " + std::to_string(i) + std::string(3000, 'y')));
        const auto unsent = wait((*m_bob)->unsent(m_chat));
        QVERIFY(unsent && unsent->size() == 20);
        QVERIFY(wait((*m_bob)->like(m_chat, m_bob->messages(m_chat).back().localId, true)).has_value());
        QSignalSpy failed(&**m_bob, &Client::storageFailed);
        QVERIFY(m_disk->fill());
        QVERIFY(m_server->start());
        (*m_bob)->reconnectNow();
        QTRY_VERIFY_WITH_TIMEOUT(!failed.isEmpty(), 40000);
        QVERIFY(m_disk->makeRoom());
        QTRY_VERIFY_WITH_TIMEOUT(wait((*m_bob)->unsent(m_chat))->empty(), 60000);
        QTRY_COMPARE_WITH_TIMEOUT(m_ann->bodies(m_chat), m_said, 60000);
        QTRY_COMPARE(m_bob->bodies(m_chat), m_said);
        QTRY_COMPARE_WITH_TIMEOUT(m_ann->messages(m_chat).back().message.likes, 1, 60000);
        QTRY_VERIFY_WITH_TIMEOUT(!m_bob->messages(m_chat).back().changing, 60000);
        QCOMPARE(m_bob->messages(m_chat).back().message.likes, 1);
    }

    /// The old pair on the disk is one that the server takes for stolen: a restart would log out.
    void renewedTokens_areSavedWhenThereIsRoom()
    {
        m_bob->close();
        const auto before = issued();
        QVERIFY(before > 0);
        QVERIFY(m_bob->open());
        QVERIFY(m_bob->connect());
        QSignalSpy failed(&**m_bob, &Client::storageFailed);
        QVERIFY(m_disk->fill());
        const auto renewal = [](const auto &one) {
            return one.front().template value<ClientError>().detail.contains(QStringLiteral("settings"));
        };
        QTRY_VERIFY_WITH_TIMEOUT(std::any_of(failed.begin(), failed.end(), renewal), 30000);
        QVERIFY(m_disk->makeRoom());
        m_bob->close();
        QVERIFY(issued() > before);
        QVERIFY(m_bob->open());
        QVERIFY((*m_bob)->isLoggedIn());
        QVERIFY(m_bob->connect());
    }

    void readOnlyFolder_isToldAtTheStart_andWritableAgainIsEnough()
    {
        m_bob->close();
        QVERIFY(say(*m_ann, "while he is away"));
        QVERIFY(wait((*m_ann)->flushOutbox(std::chrono::seconds{20})).has_value());
        QVERIFY(m_disk->setReadOnly(true));
        ClientOptions options;
        options.profileDir = m_bob->profile();
        options.keyFile = m_bob->keyFile();
        Client client(options);
        const auto refused = wait(client.open());
        QVERIFY(!refused);
        QVERIFY(refused.error().code == ClientErrorCode::Storage);
        QVERIFY(!client.isOpen());
        QVERIFY(m_disk->setReadOnly(false));
        QVERIFY(wait(client.open()).has_value()); // the same one
        client.connectToServer();
        QVERIFY(wait(client.waitCaughtUp(std::chrono::seconds{20})).has_value());
        PageQuery newest;
        newest.conversation = m_chat;
        QTRY_COMPARE(wait(client.page(newest))->messages.front().message.body, m_said.back());
    }
};

int main(int argc, char **argv)
{
    mounts = ownMounts();
    QCoreApplication app(argc, argv);
    TestDisk test;
    return QTest::qExec(&test, argc, argv);
}
#include "test_disk.moc"
