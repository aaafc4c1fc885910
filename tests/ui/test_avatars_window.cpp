// SPDX-License-Identifier: GPL-3.0-or-later
// Pictures in real windows over the real server: an admin sets one, another person sees it.
#include "tests/integration/real_server.h"
#include "tests/ui/desk.h"
#include "tests/ui/drawn_pictures.h"
#include "ui/dialogs/members_dialog.h"
#include "ui/dialogs/profile_card.h"
#include "ui/pictures/crop_dialog.h"
#include "ui/pictures/crop_view.h"
#include "ui/pictures/picture_editor.h"
#include "ui/pictures/picture_flow.h"
#include "ui/pictures/pictures.h"
#include "ui/widgets/avatar.h"
#include "ui/widgets/conversation_header.h"

#include <QApplication>
#include <QListView>
#include <QPushButton>
#include <QTemporaryDir>

using namespace kith;
using test::Desk;
using test::RealServer;
using test::wait;

namespace {
constexpr int kPatience = 20000;
const std::string kPassword = "a long enough pass phrase";
} // namespace

class TestAvatarsWindow final : public QObject {
    Q_OBJECT

    QTemporaryDir m_dir;
    std::unique_ptr<RealServer> m_server;
    ui::Theme m_annTheme, m_bobTheme; // each has its own pictures
    ui::Languages m_languages;
    std::unique_ptr<Desk> m_ann, m_bob;
    ConversationId m_group;

    std::unique_ptr<Desk> desk(const char *name, ui::Theme &theme)
    {
        auto made = std::make_unique<Desk>(theme, m_languages, m_dir.filePath(QLatin1String(name)));
        made->window().start({});
        if (!QTest::qWaitFor([&] { return made->client().isOpen(); }, kPatience))
            return {};
        const auto registered = wait(made->client().registerAccount(m_server->url(), name, kPassword, name));
        if (!registered)
            return {};
        made->window().login(m_server->url(), QLatin1String(name), QString::fromStdString(kPassword));
        if (!QTest::qWaitFor([&] { return made->window().isChatting() && made->client().offersAvatars(); }, kPatience))
            return {};
        return made;
    }
    static QString pictureOf(Desk &desk, const ConversationId &id)
    {
        const int at = desk.list().indexOf(id);
        return at < 0 ? QString() : desk.list().row(at).avatar;
    }
    static ui::MembersDialog *members(Desk &desk, const ConversationId &id)
    {
        desk.window().controller().persons().showMembers(id);
        return desk.window().findChild<ui::MembersDialog *>();
    }
    QString file(const char *name, const QImage &image)
    {
        const QString path = m_dir.filePath(QLatin1String(name));
        return image.save(path) ? path : QString();
    }
    /// What is painted for that row of the list.
    static QImage rowImage(Desk &desk, const ConversationId &id)
    {
        QListView *list = desk.chat().sidebar()->list();
        for (int i = 0; i < list->model()->rowCount(); ++i) {
            const QModelIndex at = list->model()->index(i, 0);
            if (at.data(models::ConversationListModel::IdRole).toString().toStdString() != id.str())
                continue;
            const QRect row = list->visualRect(at);
            return list->viewport()->grab(QRect(row.left() + 12, row.top(), 44, row.height())).toImage();
        }
        return {};
    }
    /// Chooses the file, cuts it as it is and sends it.
    static void set(QWidget &dialog, const QString &path)
    {
        auto *flow = dialog.findChild<ui::PictureFlow *>();
        QVERIFY(flow);
        flow->useFile(path);
        QTRY_VERIFY_WITH_TIMEOUT(flow->cropDialog() && flow->cropDialog()->isVisible(), kPatience);
        QTest::keyClick(flow->cropDialog()->view(), Qt::Key_Plus);
        flow->cropDialog()->useButton()->click();
    }

private slots:
    void initTestCase()
    {
        qputenv("TMPDIR", m_dir.path().toUtf8());
        m_server = std::make_unique<RealServer>(m_dir.filePath(QStringLiteral("server")));
        QVERIFY(m_server->start());
        m_annTheme.apply(*qApp, ui::ThemeMode::Light);
        m_bobTheme.apply(*qApp, ui::ThemeMode::Light);
        m_ann = desk("ann", m_annTheme);
        QVERIFY(m_ann);
        m_bob = desk("bob", m_bobTheme);
        QVERIFY(m_bob);
        auto made = wait(m_ann->client().createGroup("Hikes", {m_bob->client().self().id}));
        QVERIFY(made);
        m_group = *made;
        QTRY_VERIFY_WITH_TIMEOUT(m_bob->list().indexOf(m_group) >= 0, kPatience);
        QTRY_VERIFY_WITH_TIMEOUT(m_ann->list().indexOf(m_group) >= 0, kPatience); // told in a later turn
    }
    void cleanupTestCase()
    {
        m_ann.reset();
        m_bob.reset();
    }

    void adminSetsAPicture_theOtherSeesIt()
    {
        m_bob->window().controller().openConversation(m_group);
        QTRY_VERIFY(m_bob->chat().header()->isVisible());
        const QImage before = rowImage(*m_bob, m_group);
        QVERIFY(!before.isNull());
        ui::MembersDialog *dialog = members(*m_ann, m_group);
        QVERIFY(dialog);
        QVERIFY(dialog->pictureEditor()->isVisible());
        QVERIFY(!dialog->pictureEditor()->removeButton()->isVisible());
        set(*dialog, file("hills.png", test::drawnPicture(3, QSize(900, 600))));
        QTRY_VERIFY_WITH_TIMEOUT(!pictureOf(*m_ann, m_group).isEmpty(), kPatience);
        QTRY_VERIFY_WITH_TIMEOUT(!dialog->pictureEditor()->isBusy(), kPatience);
        QCOMPARE(dialog->pictureEditor()->problemText(), QString());
        QVERIFY(dialog->pictureEditor()->removeButton()->isVisible());
        QTRY_COMPARE_WITH_TIMEOUT(pictureOf(*m_bob, m_group), pictureOf(*m_ann, m_group), kPatience);
        // In the list and above the messages: the picture itself.
        QTRY_VERIFY_WITH_TIMEOUT(rowImage(*m_bob, m_group) != before, kPatience);
        auto *face = m_bob->chat().header()->findChild<ui::AvatarWidget *>();
        QCOMPARE(face->picture(), pictureOf(*m_bob, m_group));
        QTRY_VERIFY(!m_bobTheme.pictures().image(face->picture()).isNull());
        dialog->reject();
    }

    void plainMember_isNotOfferedIt()
    {
        ui::MembersDialog *dialog = members(*m_bob, m_group);
        QVERIFY(dialog);
        QVERIFY(!dialog->pictureEditor()->isVisible());
        QCOMPARE(dialog->face()->picture(), pictureOf(*m_ann, m_group));
        // Made an admin while it is open.
        QVERIFY(wait(m_ann->client().setRole(m_group, m_bob->client().self().id, Role::Admin)));
        QTRY_VERIFY_WITH_TIMEOUT(dialog->pictureEditor()->isVisible(), kPatience);
        QVERIFY(wait(m_ann->client().setRole(m_group, m_bob->client().self().id, Role::Member)));
        QTRY_VERIFY_WITH_TIMEOUT(!dialog->pictureEditor()->isVisible(), kPatience);
        dialog->reject();
    }

    void ownPicture_isSetAndTakenAway()
    {
        m_ann->window().controller().persons().showProfile(m_ann->client().self().id);
        auto *card = m_ann->window().findChild<ui::ProfileCard *>();
        QVERIFY(card);
        QVERIFY(card->pictureEditor()->isVisible());
        set(*card, file("own.jpg", test::drawnPicture(8, QSize(400, 700))));
        const auto avatar = [&] { return m_ann->client().self().avatar; };
        QTRY_VERIFY_WITH_TIMEOUT(!avatar().empty(), kPatience);
        QTRY_VERIFY_WITH_TIMEOUT(card->pictureEditor()->removeButton()->isVisible(), kPatience);
        // The other sees it with the profile.
        QVERIFY(wait(m_bob->client().fetchUser(m_ann->client().self().id)));
        QTRY_COMPARE(m_bob->window().controller().people().avatar(m_ann->client().self().id).toStdString(), avatar());
        // By keys.
        card->pictureEditor()->removeButton()->setFocus();
        QTest::keyClick(card->pictureEditor()->removeButton(), Qt::Key_Space);
        QTRY_VERIFY_WITH_TIMEOUT(avatar().empty(), kPatience);
        QTRY_VERIFY_WITH_TIMEOUT(!card->pictureEditor()->isBusy(), kPatience);
        QVERIFY(!card->pictureEditor()->removeButton()->isVisible());
        card->reject();
    }

    void whatIsNoPicture_isSaidBesideIt()
    {
        ui::MembersDialog *dialog = members(*m_ann, m_group);
        QVERIFY(dialog);
        QFile words(m_dir.filePath(QStringLiteral("words.png")));
        QVERIFY(words.open(QIODevice::WriteOnly));
        words.write("no picture");
        words.close();
        dialog->findChild<ui::PictureFlow *>()->useFile(words.fileName());
        QTRY_VERIFY_WITH_TIMEOUT(!dialog->pictureEditor()->problemText().isEmpty(), kPatience);
        QVERIFY(!dialog->findChild<ui::CropDialog *>());
        dialog->reject();
    }

    void withoutALink_itIsSaidAndNothingIsLost()
    {
        const QString before = pictureOf(*m_ann, m_group);
        ui::MembersDialog *dialog = members(*m_ann, m_group);
        QVERIFY(dialog);
        client::Simulation offline;
        offline.offline = true;
        m_ann->client().simulate(offline);
        dialog->pictureEditor()->removeButton()->click();
        QTRY_VERIFY_WITH_TIMEOUT(!dialog->pictureEditor()->problemText().isEmpty(), kPatience);
        QCOMPARE(pictureOf(*m_ann, m_group), before);
        m_ann->client().simulate({});
        QTRY_VERIFY_WITH_TIMEOUT(m_ann->client().linkStatus().phase == client::LinkPhase::Online, kPatience);
        dialog->reject();
    }

    void onDisk_noPictureIsReadable()
    {
        for (Desk *desk : {m_ann.get(), m_bob.get()}) {
            auto here = wait(desk->client().avatar(pictureOf(*m_ann, m_group).toStdString()));
            QVERIFY(here);
            QVERIFY(here->size() > 500);
            const QByteArray part = here->mid(here->size() / 2, 48);
            QDirIterator files(desk->profile(), QDir::Files | QDir::Hidden, QDirIterator::Subdirectories);
            int looked = 0;
            while (files.hasNext()) {
                QFile one(files.next());
                QVERIFY(one.open(QIODevice::ReadOnly));
                const QByteArray bytes = one.readAll();
                QVERIFY2(!bytes.contains(part) && !bytes.contains("\x89PNG\r\n\x1a\n") && !bytes.contains("JFIF"),
                         qPrintable(one.fileName()));
                ++looked;
            }
            QVERIFY(looked > 0);
        }
    }

    void locked_thePicturesAreGoneAndComeBack()
    {
        const QString id = pictureOf(*m_bob, m_group);
        QVERIFY(!m_bobTheme.pictures().image(id).isNull());
        m_bob->window().lock();
        QTRY_VERIFY_WITH_TIMEOUT(m_bob->window().isLocked() && !m_bob->client().isOpen(), kPatience);
        QVERIFY(m_bobTheme.pictures().image(id).isNull());
        m_bob->window().start({});
        QTRY_VERIFY_WITH_TIMEOUT(m_bob->window().isChatting(), kPatience);
        QTRY_VERIFY_WITH_TIMEOUT(!m_bobTheme.pictures().image(id).isNull(), kPatience);
    }

    void atTheNextStart_thePeopleOfTheOpenGroupAreAskedFor()
    {
        m_bob->window().controller().openConversation(m_group);
        QTRY_COMPARE(m_bob->timeline().conversation(), m_group);
        QTRY_VERIFY_WITH_TIMEOUT(
            wait(m_bob->client().setting("open_conversation")).value().value_or("") == m_group.str(), kPatience);
        m_bob.reset();
        QImage face = test::drawnPicture(5);
        const auto ann = wait(m_ann->client().setOwnAvatar(ui::encodePicture(face)));
        QVERIFY(ann && !ann->avatar.empty());
        m_bob = std::make_unique<Desk>(m_bobTheme, m_languages, m_dir.filePath(QStringLiteral("bob")));
        m_bob->window().start({});
        QTRY_VERIFY_WITH_TIMEOUT(m_bob->window().isChatting(), kPatience);
        QTRY_COMPARE_WITH_TIMEOUT(m_bob->window().controller().people().avatar(ann->id).toStdString(), ann->avatar,
                                  kPatience);
    }

    void removed_initialsAreBack()
    {
        QTRY_VERIFY_WITH_TIMEOUT(m_bob->list().indexOf(m_group) >= 0, kPatience);
        const QImage picture = rowImage(*m_bob, m_group);
        ui::MembersDialog *dialog = members(*m_ann, m_group);
        QVERIFY(dialog);
        dialog->pictureEditor()->removeButton()->click();
        QTRY_COMPARE_WITH_TIMEOUT(pictureOf(*m_ann, m_group), QString(), kPatience);
        QTRY_COMPARE_WITH_TIMEOUT(pictureOf(*m_bob, m_group), QString(), kPatience);
        QTRY_VERIFY_WITH_TIMEOUT(rowImage(*m_bob, m_group) != picture, kPatience);
        dialog->reject();
    }

    void loggedOut_nothingIsOffered()
    {
        QVERIFY(m_ann->client().offersAvatars());
        QVERIFY(wait(m_ann->client().logout()));
        QVERIFY(!m_ann->client().offersAvatars());
    }
};

QTEST_MAIN(TestAvatarsWindow)
#include "test_avatars_window.moc"
