// SPDX-License-Identifier: GPL-3.0-or-later
// Damaged files: whatever page is hit, a sound history comes out that holds what the other pages hold, and nothing
// else.
#include "core/history/salvage.h"
#include "core/sql/page_scan.h"
#include "tests/history/history_fixture.h"

#include <map>
#include <random>

using namespace kith;
using namespace kith::history;
using namespace kith::test;

namespace {

constexpr qint64 kPage = 4096;
constexpr std::int64_t kMessages = 400;

/// Some longer than a page, some Chinese, all telling which they are.
std::string bodyOf(std::int64_t seq)
{
    std::string body = "number " + std::to_string(seq) + " 在河边 ";
    if (seq % 37 == 0)
        body += std::string(9000, static_cast<char>('a' + seq % 26)) + " end " + std::to_string(seq);
    return body + std::string(static_cast<std::size_t>(seq % 90), 'x');
}

QByteArray bytesOf(const QString &name)
{
    QFile file(name);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

} // namespace

class TestHistorySalvage final : public HistoryFixture {
    Q_OBJECT

    QByteArray m_whole; // a closed history of both conversations

    QString file() const { return QString::fromStdString(path()); }
    void write(const QByteArray &bytes)
    {
        m_store.reset();
        QFile out(file());
        QVERIFY(out.open(QIODevice::WriteOnly | QIODevice::Truncate));
        QCOMPARE(out.write(bytes), bytes.size());
    }
    static QByteArray hit(QByteArray bytes, qint64 page, quint32 seed)
    {
        std::mt19937 random(seed);
        for (qint64 at = page * kPage; at < std::min<qint64>((page + 1) * kPage, bytes.size()); ++at)
            bytes[at] = static_cast<char>(random());
        return bytes;
    }
    std::map<std::int64_t, std::string> all(const ConversationId &id)
    {
        std::map<std::int64_t, std::string> found;
        PageQuery newest{id, {}, {}, {}, 200};
        for (;;) {
            const auto got = page(newest);
            for (const auto &one : got.messages)
                found.emplace(one.message.seq.value(), one.message.body);
            if (got.messages.empty() && !got.olderHole)
                return found;
            const Seq next = got.messages.empty() ? got.olderHole->from.next() : got.messages.back().message.seq;
            if (got.atFloor || (newest.before && next >= *newest.before))
                return found;
            newest.before = next;
        }
    }
    /// The salvaged file is sound, holds nothing that was not there, and its ranges claim what is there and no more.
    void checkSound()
    {
        reopen();
        KITH_VERIFY(store().database().integrityCheck());
        QCOMPARE(*store().database().scalar("SELECT count(*) FROM messages WHERE seq IS NOT NULL"),
                 *store().database().scalar("SELECT coalesce(sum(to_seq-from_seq+1),0) FROM ranges"));
        QCOMPARE(*store().database().scalar("SELECT count(*) FROM messages m LEFT JOIN ranges r ON r.conversation="
                                            "m.conversation AND m.seq BETWEEN r.from_seq AND r.to_seq WHERE m.seq IS "
                                            "NOT NULL AND r.from_seq IS NULL"),
                 0);
        auto rows = store().database().prepare("SELECT m.seq,m.body,c.name FROM messages m JOIN conversations c ON "
                                               "c.id=m.conversation WHERE m.seq IS NOT NULL");
        KITH_VERIFY(rows);
        for (;;) {
            const auto row = rows->step();
            KITH_VERIFY(row);
            if (!*row)
                break;
            QCOMPARE(rows->text(1), bodyOf(rows->integer(0)));
            const std::string name = rows->text(2);
            QVERIFY2(name == kChat.str() || name == kGroup.str() || isArchive(ConversationId(name)), name.c_str());
        }
    }

private slots:
    void init()
    {
        fresh();
        if (!m_whole.isEmpty())
            return;
        for (const auto &id : {kChat, kGroup}) {
            const std::vector one{head(id, kMessages)};
            KITH_VERIFY(store().applyHeads(one));
            for (std::int64_t from = 1; from <= kMessages; from += 100) {
                std::vector<Message> some;
                for (std::int64_t seq = from; seq < from + 100; ++seq)
                    some.push_back(message(seq, kPeer, bodyOf(seq)));
                for (const auto &each : some)
                    KITH_VERIFY(store().applyLive(id, each, Rev(each.seq.value())));
            }
        }
        KITH_VERIFY(store().enqueue(kChat, MessageKind::Text, "not sent yet", {}, {},
                                    ClientMessageId("11111111-1111-4111-8111-111111111111"), at(900)));
        KITH_VERIFY(store().change(kChat, page({kChat, {}, {}, {}, 1}).messages.front().localId, ChangeKind::Like, {},
                                   false, at(901)));
        KITH_VERIFY(store().setSetting("session.device", "d-17"));
        KITH_VERIFY(store().setSetting("sync.since", "123"));
        KITH_VERIFY(store().setDraft(kGroup, "half a sentence"));
        const std::vector users{User{kPeer, "lin", "Lin 林", {}, at(1)}};
        KITH_VERIFY(store().putUsers(users));
        m_store.reset();
        m_whole = bytesOf(file());
        QVERIFY(m_whole.size() / kPage > 80);
    }

    void soundFile_losesNothing()
    {
        write(m_whole);
        const auto done = salvage(path(), m_key);
        KITH_VERIFY(done);
        QCOMPARE(done->messages, 2 * kMessages + 1);
        QCOMPARE(done->unsent, 1);
        QCOMPARE(done->unreadable, 0);
        checkSound();
        for (const auto &id : {kChat, kGroup}) {
            const auto found = all(id);
            QCOMPARE(found.size(), std::size_t(kMessages));
            QCOMPARE(found.at(37), bodyOf(37));
        }
        QCOMPARE(*store().setting("session.device").value(), std::string("d-17"));
        QVERIFY(!store().setting("sync.since").value()); // the next list of conversations is a whole one
        QCOMPARE(localHead(kGroup).draft, std::string("half a sentence"));
        QCOMPARE(localHead(kGroup).head.headSeq, Seq(kMessages));
        QCOMPARE(store().unsent(kChat)->front().message.body, std::string("not sent yet"));
        QCOMPARE(store().dueChanges(8)->size(), std::size_t(1));
        const std::vector<UserId> ids{kPeer};
        QCOMPARE(store().users(ids)->front().displayName, std::string("Lin 林"));
        QCOMPARE(store().search(looking("number 37", kChat, 50))->hits.size(), std::size_t(1));
        QCOMPARE(store().search(looking("河边", kChat, 500))->hits.size(), std::size_t(kMessages));
        KITH_VERIFY(store().applyLive(kChat, message(kMessages + 1, kPeer, "news"), Rev(kMessages + 1)));
        QCOMPARE(bytesOf(QString::fromStdString(done->aside)).size(), m_whole.size());
    }

    void anyDamagedPage_costsWhatLiesOnIt()
    {
        const qint64 pages = m_whole.size() / kPage;
        std::int64_t lost = 0, most = 0;
        for (qint64 page = 1; page < pages; ++page) {
            fresh();
            const QByteArray damaged = hit(m_whole, page, static_cast<quint32>(page));
            write(damaged);
            const auto done = salvage(path(), m_key);
            QVERIFY2(done, qPrintable(QStringLiteral("page %1: %2")
                                          .arg(page)
                                          .arg(done ? QString() : QString::fromStdString(done.error().detail))));
            QCOMPARE(done->unreadable, 1);
            QCOMPARE(bytesOf(QString::fromStdString(done->aside)), damaged);
            checkSound();
            if (QTest::currentTestFailed()) {
                qWarning("after page %lld", static_cast<long long>(page));
                return;
            }
            const std::int64_t missing = 2 * kMessages + 1 - done->messages;
            lost += missing;
            most = std::max(most, missing);
        }
        // A page holds about 30 of the short ones; a root or an inner page, none.
        QVERIFY2(most <= 60, std::to_string(most).c_str());
        QVERIFY2(lost > 0 && lost <= 3 * (2 * kMessages + 1), std::to_string(lost).c_str()); // long ones span pages
    }

    void manyDamagedPages_leaveTheRest()
    {
        for (quint32 seed = 1; seed <= 20; ++seed) {
            fresh();
            std::mt19937 random(seed);
            QByteArray damaged = m_whole;
            for (qint64 page = 1; page < m_whole.size() / kPage; ++page)
                if (random() % 4 == 0)
                    damaged = hit(damaged, page, seed);
            write(damaged);
            const auto done = salvage(path(), m_key);
            KITH_VERIFY(done);
            QVERIFY(done->unreadable > 5);
            QVERIFY(done->messages > kMessages / 2);
            checkSound();
        }
    }

    void lostMessages_areHolesThatAPageFills()
    {
        QByteArray damaged = m_whole;
        for (qint64 page = 20; page < m_whole.size() / kPage; page += 3)
            damaged = hit(damaged, page, 5);
        write(damaged);
        KITH_VERIFY(salvage(path(), m_key));
        reopen();
        const auto before = all(kChat);
        QVERIFY(before.size() < std::size_t(kMessages));
        PageQuery query{kChat, {}, {}, {}, 200};
        while (!query.before || query.before->value() > 1) {
            Page answer = serverPage(query, kMessages);
            for (auto &one : answer.messages)
                one.body = bodyOf(one.seq.value());
            KITH_VERIFY(store().applyPage(query, answer));
            query.before = answer.messages.back().seq;
        }
        QCOMPARE(all(kChat).size(), std::size_t(kMessages));
        QCOMPARE(*store().database().scalar("SELECT count(*) FROM ranges r JOIN conversations c ON c.id=r.conversation "
                                            "WHERE c.name='p:1:2'"),
                 1);
        checkSound();
    }

    void fileCutShort_keepsWhatIsThere()
    {
        for (const double part : {0.3, 0.62, 0.9}) {
            fresh();
            const QByteArray cut = m_whole.left(static_cast<qint64>(static_cast<double>(m_whole.size()) * part) | 1);
            write(cut);
            const auto done = salvage(path(), m_key);
            KITH_VERIFY(done);
            QVERIFY(done->messages > 0 && (part > 0.5 || done->messages < kMessages * 3 / 2));
            checkSound();
        }
    }

    void logCutShort_keepsWhatWasCommittedBefore()
    {
        write(m_whole);
        reopen();
        for (std::int64_t seq = kMessages + 1; seq <= kMessages + 40; ++seq)
            KITH_VERIFY(store().applyLive(kChat, message(seq, kPeer, bodyOf(seq)), Rev(seq)));
        const QByteArray main = bytesOf(file()), log = bytesOf(file() + QStringLiteral("-wal"));
        QVERIFY(log.size() > 40 * kPage);
        for (int part = 0; part <= 20; ++part) {
            fresh();
            write(main);
            QFile::remove(file() + QStringLiteral("-shm"));
            QFile out(file() + QStringLiteral("-wal"));
            QVERIFY(out.open(QIODevice::WriteOnly));
            out.write(log.left(log.size() * part / 20 - part % 3));
            out.close();
            reopen(); // SQLite takes the log as far as its sums agree: nothing is damaged
            KITH_VERIFY(store().database().integrityCheck());
            const auto top = localHead(kChat).head.headSeq.value();
            QVERIFY(top >= kMessages && top <= kMessages + 40);
            QCOMPARE(all(kChat).size(), static_cast<std::size_t>(top));
            if (part == 20)
                QVERIFY(top >= kMessages + 38);
        }
    }

    void wrongKey_changesNothing()
    {
        write(m_whole);
        const auto wrong = salvage(path(), crypto::Secret::random(32));
        QVERIFY(!wrong);
        QCOMPARE(wrong.error().code, sql::SqlErrorCode::WrongKey);
        QCOMPARE(bytesOf(file()), m_whole);
        QVERIFY(!QFile::exists(file() + QStringLiteral(".salvaging")));
        reopen();
        QCOMPARE(all(kChat).size(), std::size_t(kMessages));
    }

    void damagedFirstPage_costsNothing()
    {
        const QByteArray damaged = hit(m_whole, 0, 3);
        write(m_whole);
        reopen(); // the salt is kept beside it
        write(damaged);
        QVERIFY(!HistoryStore::open(path(), m_key));
        const auto done = salvage(path(), m_key);
        KITH_VERIFY(done);
        QCOMPARE(done->messages, 2 * kMessages + 1);
        QCOMPARE(bytesOf(QString::fromStdString(done->aside)), damaged);
        checkSound();
        QCOMPARE(all(kChat).size(), std::size_t(kMessages));
    }

    void nothingReadable_isMovedAsideOnlyWhenAsked()
    {
        fresh();
        QFile::remove(QString::fromStdString(sql::saltPath(path())));
        const QByteArray damaged = hit(m_whole, 0, 3);
        write(damaged);
        const auto first = salvage(path(), m_key); // without its salt
        QVERIFY(!first);
        QCOMPARE(first.error().code, sql::SqlErrorCode::WrongKey);
        QCOMPARE(bytesOf(file()), damaged);

        const auto aside = startAnew(path(), m_key);
        KITH_VERIFY(aside);
        QCOMPARE(bytesOf(QString::fromStdString(*aside)), damaged);
        reopen();
        QCOMPARE(*store().messageCount(), 0);
        m_store.reset();
        forgetDamaged(path());
        QVERIFY(!QFile::exists(QString::fromStdString(*aside)));
        QVERIFY(QFile::exists(file()));
    }

    void damageMetInUse_saysCorrupt()
    {
        for (qint64 page = 1; page < m_whole.size() / kPage; page += 3) {
            fresh();
            write(hit(m_whole, page, 9));
            auto opened = HistoryStore::open(path(), m_key);
            sql::SqlErrorCode code = sql::SqlErrorCode::Corrupt;
            if (!opened) {
                code = opened.error().code;
            } else {
                const auto sound = opened->database().scalar("SELECT sum(length(body)) FROM messages");
                const auto index = opened->search(looking("number", {}, 500));
                const auto heads = opened->heads();
                for (const auto *error : {sound ? nullptr : &sound.error(), index ? nullptr : &index.error(),
                                          heads ? nullptr : &heads.error()})
                    if (error && error->code != sql::SqlErrorCode::Corrupt) {
                        qWarning("page %d: %s %d", int(page), error->detail.c_str(), error->extended);
                        code = error->code;
                    }
            }
            QCOMPARE(code, sql::SqlErrorCode::Corrupt);
        }
    }

    void openHistory_isLeftAlone()
    {
        write(m_whole);
        reopen();
        const auto busy = salvage(path(), m_key);
        QVERIFY(!busy);
        QCOMPARE(busy.error().code, sql::SqlErrorCode::Busy);
        QCOMPARE(all(kChat).size(), std::size_t(kMessages));
    }

    void leftoversOfAnInterruptedSalvage_areInNobodysWay()
    {
        QFile left(file() + QStringLiteral(".salvaging"));
        QVERIFY(left.open(QIODevice::WriteOnly));
        left.write(QByteArray(5000, 'x'));
        left.close();
        write(hit(m_whole, 30, 1));
        const auto done = salvage(path(), m_key);
        KITH_VERIFY(done);
        checkSound();
        QVERIFY(!QFile::exists(file() + QStringLiteral(".salvaging")));
        // A second time: the first one's file stays.
        m_store.reset();
        const auto again = salvage(path(), m_key);
        KITH_VERIFY(again);
        QVERIFY(again->aside != done->aside);
        QVERIFY(QFile::exists(QString::fromStdString(done->aside)));
    }

    void nonsenseOnReadablePages_isRefusedCellByCell()
    {
        std::mt19937 random(11);
        std::int64_t cells = 0, broken = 0;
        const auto noise = [&](std::int64_t number) -> std::optional<std::string> {
            std::string page(sql::PageFile::kUsableBytes, '\0');
            for (auto &byte : page)
                byte = static_cast<char>(random() % (number % 2 ? 256 : 6));
            static constexpr char kTypes[] = {13, 10, 2};
            page[number == 1 ? 100 : 0] = kTypes[number % 3];
            return page;
        };
        const auto scan = sql::scanPages(300, noise, [&](const sql::Cell &) -> sql::Result<void> {
            ++cells;
            return {};
        });
        KITH_VERIFY(scan);
        broken = scan->broken;
        QVERIFY(broken > 100);
        QVERIFY(cells > 0); // some nonsense is a record: whose it is, the shapes of the tables decide
    }

    void overflowThatGoesInCircles_ends()
    {
        std::string page(sql::PageFile::kUsableBytes, '\0');
        page[100] = 13;
        page[104] = 1; // one cell
        page[108] = 1;
        page[109] = 0; // at 256: a payload of a MiB whose rest is on page 2, which goes on on page 2
        const unsigned char cell[] = {0xbf, 0xff, 0x7f, 0x01, 0x02};
        std::copy(std::begin(cell), std::end(cell), page.begin() + 256);
        for (std::size_t at = 300; at + 4 < page.size(); at += 4)
            page[at + 3] = 2;
        page[3] = 2;
        int asked = 0;
        const auto scan = sql::scanPages(
            2,
            [&](std::int64_t) {
                ++asked;
                return std::optional(page);
            },
            [](const sql::Cell &) -> sql::Result<void> { return {}; });
        KITH_VERIFY(scan);
        QVERIFY(asked <= 300);
    }
};

QTEST_APPLESS_MAIN(TestHistorySalvage)
#include "test_history_salvage.moc"
