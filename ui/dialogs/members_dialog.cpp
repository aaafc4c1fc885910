// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/dialogs/members_dialog.h"

#include "ui/pictures/picture_editor.h"
#include "ui/pictures/pictures.h"
#include "ui/theme/icons.h"
#include "ui/widgets/avatar.h"
#include "ui/widgets/elided_label.h"
#include "ui/widgets/empty_state.h"
#include "ui/widgets/people_list.h"
#include "ui/words/words.h"

#include <QAction>
#include <QContextMenuEvent>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QListView>
#include <QLocale>
#include <QMenu>
#include <QPushButton>
#include <QScrollBar>
#include <QStackedWidget>

namespace kith::ui {

namespace {
constexpr int kSightPauseMs = 250; // presence is asked for where the eye rests
constexpr int kMostInSight = 100;
constexpr int kFace = 64;
} // namespace

QVariant MemberRoles::data(const QModelIndex &index, int role) const
{
    using models::MembersModel;
    switch (role) {
    case FoundModel::NameRole:
        return QIdentityProxyModel::data(index, Qt::DisplayRole);
    case FoundModel::DetailRole: {
        const UserId user(QIdentityProxyModel::data(index, MembersModel::UserRole).toString().toStdString());
        const auto state =
            static_cast<PresenceState>(QIdentityProxyModel::data(index, MembersModel::PresenceRole).toInt());
        QStringList parts;
        if (m_people.isSelf(user))
            parts << MembersDialog::tr("you");
        if (const QString title =
                Words::role(static_cast<Role>(QIdentityProxyModel::data(index, MembersModel::MemberRole).toInt()));
            !title.isEmpty())
            parts << title;
        if (state != PresenceState::Offline) // whose state is not known is not called offline
            parts << Words::presence(state);
        if (const std::vector<User> known = m_people.known({user}); !known.empty())
            parts << QLatin1Char('@') + QString::fromStdString(known.front().username);
        return parts.join(QStringLiteral(" · "));
    }
    case FoundModel::ColourRole:
        return QIdentityProxyModel::data(index, MembersModel::ColourRole);
    case FoundModel::OnlineRole:
        return QIdentityProxyModel::data(index, MembersModel::PresenceRole).toInt() ==
               static_cast<int>(PresenceState::Online);
    case FoundModel::ChosenRole:
        return false;
    case Qt::AccessibleTextRole:
        return data(index, FoundModel::NameRole).toString() + QStringLiteral(", ") +
               data(index, FoundModel::DetailRole).toString();
    }
    return QIdentityProxyModel::data(index, role);
}

MembersDialog::MembersDialog(const Theme &theme, models::MembersModel &model, const models::People &people,
                             QWidget *parent)
    : QDialog(parent), m_model(model), m_people(people), m_roles(people, this)
{
    setWindowTitle(tr("Members"));
    setMinimumSize(420, 520);
    m_roles.setSourceModel(&model);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(space::kXl, space::kXl, space::kXl, space::kXl);
    column->setSpacing(space::kM);

    auto *heading = new QHBoxLayout;
    heading->setSpacing(space::kS);
    m_title = new ElidedLabel(this);
    m_title->setObjectName(QStringLiteral("Title"));
    m_edit = new QPushButton(tr("Edit"), this);
    m_edit->setObjectName(QStringLiteral("Link"));
    m_edit->setAccessibleName(tr("Edit name and description"));
    heading->addWidget(m_title, 1);
    heading->addWidget(m_edit, 0, Qt::AlignVCenter);
    m_about = new QLabel(this);
    m_about->setTextFormat(Qt::PlainText);
    m_about->setWordWrap(true);
    m_about->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_summary = new QLabel(this);
    m_summary->setObjectName(QStringLiteral("Muted"));
    auto *texts = new QVBoxLayout;
    texts->setSpacing(space::kXs);
    texts->addLayout(heading);
    texts->addWidget(m_about);
    texts->addWidget(m_summary);
    m_face = new AvatarWidget(theme, kFace, this);
    auto *head = new QHBoxLayout;
    head->setSpacing(space::kL);
    head->addWidget(m_face, 0, Qt::AlignTop);
    head->addLayout(texts, 1);
    column->addLayout(head);
    m_picture = new PictureEditor(theme, m_face, this);
    column->addWidget(m_picture);

    m_search = new QLineEdit(this);
    m_search->setObjectName(QStringLiteral("Search"));
    m_search->setMinimumHeight(38);
    m_search->setPlaceholderText(tr("Find a member"));
    m_search->setAccessibleName(tr("Find a member"));
    m_search->setClearButtonEnabled(true);
    m_search->addAction(icon(QStringLiteral("search"), theme[Token::Muted]), QLineEdit::LeadingPosition)
        ->setText(m_search->accessibleName());
    m_search->installEventFilter(this);
    column->addWidget(m_search);

    m_list = new QListView(this);
    m_list->setModel(&m_roles);
    m_list->setItemDelegate(new PersonDelegate(theme, this));
    repaintArrivals(*m_list, theme.pictures());
    m_list->setUniformItemSizes(true); // ten thousand are not measured one by one
    m_list->setMouseTracking(true);
    m_list->setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    m_list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_list->setAccessibleName(tr("Members"));
    m_list->installEventFilter(this);
    m_empty = new EmptyState(theme, QStringLiteral("art-search"), this);
    m_stack = new QStackedWidget(this);
    m_stack->addWidget(m_list);
    m_stack->addWidget(m_empty);
    column->addWidget(m_stack, 1);

    m_problemBox = new QWidget(this);
    auto *problem = new QHBoxLayout(m_problemBox);
    problem->setContentsMargins(0, 0, 0, 0);
    m_problem = new QLabel(m_problemBox);
    m_problem->setObjectName(QStringLiteral("ErrorBox"));
    m_problem->setWordWrap(true);
    m_again = new QPushButton(tr("Try again"), m_problemBox);
    problem->addWidget(m_problem, 1);
    problem->addWidget(m_again);
    m_problemBox->hide();
    column->addWidget(m_problemBox);

    m_question = new QWidget(this);
    auto *question = new QVBoxLayout(m_question); // names may be long: the words get the whole width
    question->setContentsMargins(0, 0, 0, 0);
    question->setSpacing(space::kS);
    m_questionText = new QLabel(m_question);
    m_questionText->setObjectName(QStringLiteral("NoteBox"));
    m_questionText->setTextFormat(Qt::PlainText);
    m_questionText->setWordWrap(true);
    m_confirm = new QPushButton(m_question);
    m_confirm->setObjectName(QStringLiteral("Danger"));
    auto *no = new QPushButton(tr("Cancel"), m_question);
    auto *answers = new QHBoxLayout;
    answers->setSpacing(space::kS);
    answers->addStretch();
    answers->addWidget(no);
    answers->addWidget(m_confirm);
    question->addWidget(m_questionText);
    question->addLayout(answers);
    m_question->hide();
    column->addWidget(m_question);

    auto *buttons = new QHBoxLayout;
    buttons->setSpacing(space::kS);
    m_add = new QPushButton(icon(QStringLiteral("person-add"), theme[Token::Text]), tr("Add people"), this);
    m_manage = new QPushButton(icon(QStringLiteral("chevron-down"), theme[Token::Text]), tr("Manage"), this);
    m_manage->setLayoutDirection(Qt::RightToLeft); // the mark of a menu stands behind the word
    auto *menu = new QMenu(m_manage);
    m_manage->setMenu(menu);
    auto *close = new QPushButton(tr("Close"), this);
    buttons->addWidget(m_add);
    buttons->addWidget(m_manage);
    buttons->addStretch();
    buttons->addWidget(close);
    column->addLayout(buttons);
    for (QPushButton *button : {m_edit, m_again, m_confirm, no, m_add, m_manage, close})
        button->setAutoDefault(false); // Enter belongs to the search and the list

    connect(m_edit, &QPushButton::clicked, this, &MembersDialog::editRequested);
    connect(m_again, &QPushButton::clicked, this, &MembersDialog::loadRequested);
    connect(m_add, &QPushButton::clicked, this, &MembersDialog::inviteRequested);
    connect(close, &QPushButton::clicked, this, &QDialog::accept);
    connect(no, &QPushButton::clicked, this, [this] { ask({}, {}, {}); });
    connect(m_confirm, &QPushButton::clicked, this, [this] {
        const auto then = m_then;
        ask({}, {}, {});
        if (then)
            then();
    });
    connect(menu, &QMenu::aboutToShow, this, [this, menu] {
        menu->clear();
        fillMenu(*menu);
    });
    connect(m_search, &QLineEdit::textChanged, this, [this](const QString &text) { m_model.setFilter(text); });
    connect(m_list->selectionModel(), &QItemSelectionModel::currentChanged, this, &MembersDialog::refresh);
    connect(m_list, &QListView::doubleClicked, this, [this](const QModelIndex &at) {
        if (at.isValid())
            emit profileRequested(m_model.member(at.row()).user);
    });
    m_pause.setSingleShot(true);
    m_pause.setInterval(kSightPauseMs);
    connect(&m_pause, &QTimer::timeout, this, &MembersDialog::tellSight);
    connect(m_list->verticalScrollBar(), &QScrollBar::valueChanged, &m_pause, qOverload<>(&QTimer::start));
    connect(&model, &models::MembersModel::searched, this, [this] {
        m_list->scrollToTop();
        refresh();
        m_pause.start();
    });
    connect(&model, &models::MembersModel::countChanged, this, [this] {
        refresh();
        m_pause.start();
    });
    connect(&m_roles, &QAbstractItemModel::dataChanged, this, &MembersDialog::refresh); // a role, perhaps
    m_search->setFocus();
    refresh();
}

void MembersDialog::setGroup(const Head &head)
{
    m_head = head;
    refresh();
}

void MembersDialog::setLoading(bool loading)
{
    m_loading = loading;
    if (loading)
        showError({});
    refresh();
}

QString MembersDialog::summary() const
{
    return m_summary->text();
}

const Member *MembersDialog::current() const
{
    const QModelIndex at = m_list->currentIndex();
    return at.isValid() ? &m_model.member(at.row()) : nullptr;
}

models::MemberRights MembersDialog::rights() const
{
    const Member *member = current();
    if (!member || m_head.removed)
        return {};
    return models::rightsOver(m_head.role, member->role, m_people.isSelf(member->user));
}

void MembersDialog::fillMenu(QMenu &menu)
{
    const Member *at = current();
    if (!at)
        return;
    const UserId user = at->user;
    const QString name = Words::name(m_people.name(user));
    const models::MemberRights may = rights();
    menu.addAction(tr("Profile"), this, [this, user] { emit profileRequested(user); });
    if (may.any())
        menu.addSeparator();
    if (may.promote)
        menu.addAction(tr("Make an admin"), this, [this, user] { emit roleRequested(user, Role::Admin); });
    if (may.demote)
        menu.addAction(tr("No longer an admin"), this, [this, user] { emit roleRequested(user, Role::Member); });
    if (may.handOver)
        menu.addAction(tr("Hand the group over…"), this, [this, user, name] {
            ask(tr("%1 will own the group and you will be an admin. Only %1 can undo this.").arg(name), tr("Hand over"),
                [this, user] { emit roleRequested(user, Role::Owner); });
        });
    if (may.remove)
        menu.addAction(tr("Remove from the group…"), this, [this, user, name] {
            ask(tr("%1 will no longer read what is written here.").arg(name), tr("Remove"),
                [this, user] { emit removeRequested(user); });
        });
}

void MembersDialog::ask(const QString &question, const QString &action, std::function<void()> then)
{
    m_then = std::move(then);
    m_questionText->setText(question);
    m_confirm->setText(action);
    m_question->setVisible(m_then != nullptr);
    if (m_then)
        m_confirm->setFocus();
}

void MembersDialog::refresh()
{
    const bool may = m_head.role != Role::Member && !m_head.removed;
    const QString name = QString::fromStdString(m_head.name);
    m_face->show(name, models::colourIndex(m_head.conversation.str()), QString::fromStdString(m_head.avatar));
    m_picture->setAllowed(may);
    m_picture->setHasPicture(!m_head.avatar.empty());
    m_title->setFullText(name);
    m_about->setText(QString::fromStdString(m_head.about));
    m_about->setVisible(!m_head.about.empty());
    m_edit->setVisible(may);
    m_add->setVisible(may);
    m_manage->setVisible(may);
    m_manage->setEnabled(current() != nullptr);
    const qint64 all = std::max<qint64>(m_head.members, m_model.count());
    if (m_model.isSearching())
        m_summary->setText(tr("Searching…"));
    else if (m_model.isFiltered())
        m_summary->setText(tr("%n found", nullptr, m_model.rowCount()));
    else if (m_loading && m_model.count() > 0 && m_model.count() < all)
        m_summary->setText(tr("%1 of %2 loaded").arg(QLocale().toString(m_model.count()), QLocale().toString(all)));
    else
        m_summary->setText(Words::members(all));
    const bool none = m_model.isFiltered() && m_model.rowCount() == 0;
    if (none)
        m_empty->setTexts(m_loading ? tr("Nobody yet") : tr("Nobody found"),
                          m_loading ? tr("More members are on their way.") : tr("Nobody here has a name like that."));
    m_stack->setCurrentWidget(none ? static_cast<QWidget *>(m_empty) : m_list);
}

void MembersDialog::showError(const std::optional<client::ClientError> &error, bool again)
{
    m_problemBox->setVisible(error.has_value());
    m_again->setVisible(again);
    if (!error)
        return;
    m_problem->setText(Words::error(*error));
    m_problem->setToolTip(Words::errorDetail(*error));
}

void MembersDialog::tellSight()
{
    std::vector<UserId> users;
    const QRect view = m_list->viewport()->rect();
    const int first = m_list->indexAt(view.topLeft() + QPoint(8, 4)).row();
    for (int row = std::max(first, 0); row < m_model.rowCount() && users.size() < kMostInSight; ++row) {
        if (!m_list->visualRect(m_roles.index(row, 0)).intersects(view))
            break;
        users.push_back(m_model.member(row).user);
    }
    emit inSight(users);
}

bool MembersDialog::eventFilter(QObject *watched, QEvent *event)
{
    if (event->type() == QEvent::KeyPress) {
        const auto *key = static_cast<QKeyEvent *>(event);
        if (watched == m_search && (key->key() == Qt::Key_Down || key->key() == Qt::Key_Return) &&
            m_model.rowCount() > 0) {
            m_list->setFocus(Qt::TabFocusReason);
            if (!m_list->currentIndex().isValid())
                m_list->setCurrentIndex(m_roles.index(0, 0));
            return true;
        }
        // Not by the list itself: it lets the key go on to the dialog, which presses the card's button with it.
        if (watched == m_list && (key->key() == Qt::Key_Return || key->key() == Qt::Key_Enter) && current()) {
            const UserId user = current()->user;
            QMetaObject::invokeMethod(
                this, [this, user] { emit profileRequested(user); }, Qt::QueuedConnection);
            return true;
        }
    }
    if (watched == m_list && event->type() == QEvent::ContextMenu && current()) {
        const auto *menuEvent = static_cast<QContextMenuEvent *>(event);
        QMenu menu(this);
        fillMenu(menu);
        const QRect row = m_list->visualRect(m_list->currentIndex());
        menu.exec(menuEvent->reason() == QContextMenuEvent::Mouse ? menuEvent->globalPos()
                                                                  : m_list->viewport()->mapToGlobal(row.bottomLeft()));
        return true;
    }
    return QDialog::eventFilter(watched, event);
}

} // namespace kith::ui
