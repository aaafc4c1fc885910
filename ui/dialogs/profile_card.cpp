// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/dialogs/profile_card.h"

#include "core/base/limits.h"
#include "core/models/mentions.h"
#include "ui/pictures/picture_editor.h"
#include "ui/theme/icons.h"
#include "ui/widgets/avatar.h"
#include "ui/widgets/field.h"
#include "ui/widgets/fit_height.h"
#include "ui/widgets/notice.h"
#include "ui/widgets/setting_row.h"
#include "ui/words/words.h"

#include <QClipboard>
#include <QGridLayout>
#include <QGuiApplication>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QTimer>

namespace kith::ui {

namespace {
constexpr int kAvatar = 72, kWidth = 380, kOwnWidth = 420; // the own one has two actions side by side
constexpr std::size_t kMostGroups = 5;
} // namespace

ProfileCard::ProfileCard(const Theme &theme, const User &user, bool self, QWidget *parent)
    : QDialog(parent), m_theme(theme), m_user(user), m_self(self)
{
    setAttribute(Qt::WA_DeleteOnClose);
    setWindowTitle(self ? tr("Your profile") : tr("Profile"));
    setFixedWidth(self ? kOwnWidth : kWidth);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(space::kXl, space::kXl, space::kXl, space::kXl);
    column->setSpacing(space::kL);
    auto *head = new QHBoxLayout;
    head->setSpacing(space::kL);
    m_avatar = new AvatarWidget(theme, kAvatar, this);
    head->addWidget(m_avatar, 0, Qt::AlignTop);
    auto *texts = new QVBoxLayout;
    texts->setSpacing(2);
    m_name = new QLabel(this);
    m_name->setObjectName(QStringLiteral("Title"));
    m_username = new QLabel(this);
    m_username->setObjectName(QStringLiteral("Muted"));
    m_presence = new QLabel(this);
    m_presence->setObjectName(QStringLiteral("Muted"));
    texts->addStretch();
    for (QLabel *label : {m_name, m_username, m_presence}) {
        label->setTextFormat(Qt::PlainText);
        label->setWordWrap(true);
        texts->addWidget(label);
    }
    for (QLabel *label : {m_name, m_username})
        label->setTextInteractionFlags(Qt::TextSelectableByMouse);
    texts->addStretch();
    head->addLayout(texts, 1);
    column->addLayout(head);
    if (self) {
        m_picture = new PictureEditor(theme, m_avatar, this);
        column->addWidget(m_picture);
        connect(m_picture, &PictureEditor::resized, this, [this] { fitHeight(*this); });
    }
    m_note = new QLabel(tr("You blocked this person: they cannot write to you or invite you, and you get no "
                           "notifications of what they write in groups."),
                        this);
    m_note->setObjectName(QStringLiteral("NoteBox"));
    m_note->setWordWrap(true);
    column->addWidget(m_note);
    m_copy = new QPushButton(tr("Copy user name"), this);
    if (self)
        addOwnName(column);
    else
        addActions(column);
    m_groups = new QWidget(this);
    m_groupRows = new QVBoxLayout(m_groups);
    m_groupRows->setContentsMargins(0, 0, 0, 0);
    m_groupRows->setSpacing(0);
    m_groups->hide();
    column->addWidget(m_groups);
    m_problem = makeErrorBox(this);
    column->addWidget(m_problem);
    connect(m_copy, &QPushButton::clicked, this, [this] {
        QGuiApplication::clipboard()->setText(QString::fromStdString(m_user.username));
        constexpr int kThanksMs = 1500;
        m_copy->setText(tr("Copied"));
        QTimer::singleShot(kThanksMs, m_copy, [this] { m_copy->setText(tr("Copy user name")); });
    });
    for (QPushButton *button : findChildren<QPushButton *>())
        button->setAutoDefault(button == m_message || button == m_save);
    refresh();
}

void ProfileCard::addActions(QVBoxLayout *column)
{
    m_message = new QPushButton(tr("Message"), this);
    m_message->setObjectName(QStringLiteral("Primary"));
    m_message->setDefault(true);
    m_mute = new QPushButton(this);
    m_search = new QPushButton(tr("Search messages"), this);
    m_block = new ConfirmButton(tr("Block"), tr("Really block?"), this);
    m_unblock = new QPushButton(tr("Unblock"), this);
    auto *grid = new QGridLayout;
    grid->setSpacing(space::kS);
    grid->addWidget(m_message, 0, 0, 1, 2);
    grid->addWidget(m_search, 1, 0);
    grid->addWidget(m_mute, 1, 1);
    grid->addWidget(m_copy, 2, 0);
    grid->addWidget(m_block, 2, 1);
    grid->addWidget(m_unblock, 2, 1);
    grid->setColumnStretch(0, 1);
    grid->setColumnStretch(1, 1);
    column->addLayout(grid);
    connect(m_message, &QPushButton::clicked, this, &ProfileCard::messageRequested);
    connect(m_mute, &QPushButton::clicked, this,
            [this] { emit muteRequested(m_mute->mapToGlobal(QPoint(0, m_mute->height()))); });
    connect(m_search, &QPushButton::clicked, this, &ProfileCard::searchRequested);
    connect(m_block, &ConfirmButton::confirmed, this, [this] { emit blockRequested(true); });
    connect(m_unblock, &QPushButton::clicked, this, [this] { emit blockRequested(false); });
    m_message->setFocus();
}

void ProfileCard::addOwnName(QVBoxLayout *column)
{
    m_nameField = new Field(m_theme, Field::Kind::Text, this);
    m_nameField->setLabel(tr("Your name, as others see it"));
    m_nameField->setText(models::shownName(m_user));
    column->addWidget(m_nameField);
    auto *row = new QHBoxLayout;
    row->setSpacing(space::kS);
    m_save = new QPushButton(tr("Save"), this);
    m_save->setObjectName(QStringLiteral("Primary"));
    m_save->setDefault(true);
    row->addWidget(m_copy);
    row->addStretch();
    row->addWidget(m_save);
    column->addLayout(row);
    connect(m_nameField->edit(), &QLineEdit::textChanged, this, &ProfileCard::refresh);
    connect(m_save, &QPushButton::clicked, this, [this] {
        m_problem->hide();
        emit renameRequested(m_nameField->text().trimmed().normalized(QString::NormalizationForm_C));
    });
    m_nameField->edit()->setFocus();
}

QPushButton *ProfileCard::blockButton() const
{
    return m_block;
}

QString ProfileCard::presenceText() const
{
    return m_presence->text();
}

void ProfileCard::setUser(const User &user)
{
    m_user = user;
    refresh();
}

void ProfileCard::setPresence(const std::optional<Presence> &presence)
{
    m_presence->setText(presence && !m_self ? Words::presence(*presence, QDateTime::currentDateTime()) : QString());
    m_presence->setVisible(!m_presence->text().isEmpty());
    fitHeight(*this);
}

void ProfileCard::setBlocked(bool blocked)
{
    m_blocked = blocked;
    refresh();
}

void ProfileCard::setMuted(std::optional<bool> muted)
{
    m_muted = muted;
    refresh();
}

void ProfileCard::setBusy(bool busy)
{
    m_busy = busy;
    refresh();
}

QList<QPushButton *> ProfileCard::groupButtons() const
{
    return m_groups->findChildren<QPushButton *>();
}

void ProfileCard::setGroups(const std::vector<SharedGroup> &groups)
{
    qDeleteAll(m_groups->findChildren<QWidget *>(QString(), Qt::FindDirectChildrenOnly));
    m_groups->setVisible(!groups.empty());
    if (!groups.empty()) {
        auto *title = new QLabel(tr("Groups that you share"), m_groups);
        title->setObjectName(QStringLiteral("Section"));
        m_groupRows->addWidget(title);
    }
    for (std::size_t i = 0; i < std::min(groups.size(), kMostGroups); ++i) {
        const SharedGroup &group = groups[i];
        auto *button = new QPushButton(m_groups);
        button->setObjectName(QStringLiteral("Link"));
        button->setAutoDefault(false);
        const int room = kWidth - 2 * space::kXl - space::kL;
        button->setText(button->fontMetrics()
                            .elidedText(group.name, Qt::ElideRight, room)
                            .replace(QLatin1Char('&'), QStringLiteral("&&")));
        button->setAccessibleName(group.name);
        m_groupRows->addWidget(button, 0, Qt::AlignLeft);
        connect(button, &QPushButton::clicked, this, [this, id = group.conversation] { emit groupRequested(id); });
    }
    if (groups.size() > kMostGroups) {
        auto *more = new QLabel(tr("and %n more", nullptr, static_cast<int>(groups.size() - kMostGroups)), m_groups);
        more->setObjectName(QStringLiteral("Muted"));
        more->setContentsMargins(6, 0, 0, 0); // below the names, which have a ring's room
        m_groupRows->addWidget(more);
    }
    fitHeight(*this);
}

void ProfileCard::showError(const client::ClientError &error)
{
    m_problem->setText(Words::error(error));
    m_problem->setToolTip(Words::errorDetail(error));
    m_problem->show();
    fitHeight(*this);
}

void ProfileCard::refresh()
{
    const QString name = models::shownName(m_user);
    m_avatar->show(name, models::colourIndex(m_user.id.str()), QString::fromStdString(m_user.avatar));
    m_name->setText(Words::name(name));
    m_username->setText(m_user.username.empty() ? QString()
                                                : QLatin1Char('@') + QString::fromStdString(m_user.username));
    m_presence->setVisible(!m_presence->text().isEmpty());
    m_note->setVisible(m_blocked);
    if (m_self) {
        m_picture->setHasPicture(!m_user.avatar.empty());
        const QString typed = m_nameField->text().trimmed();
        const bool tooLong = typed.toUcs4().size() > static_cast<qsizetype>(limits::kMaxNameChars);
        m_nameField->setError(tooLong ? tr("At most %n character(s).", nullptr, static_cast<int>(limits::kMaxNameChars))
                                      : QString());
        m_save->setEnabled(!m_busy && !typed.isEmpty() && !tooLong && typed != name);
    } else {
        m_message->setVisible(!m_blocked);
        m_block->setVisible(!m_blocked);
        m_unblock->setVisible(m_blocked);
        m_mute->setText(m_muted.value_or(false) ? tr("Unmute") : tr("Mute"));
        m_mute->setEnabled(m_muted.has_value());
        m_search->setEnabled(m_muted.has_value());
        for (QPushButton *button : {m_mute, m_search})
            button->setToolTip(m_muted ? QString() : tr("You have no conversation with each other yet."));
        for (QPushButton *button : {m_message, static_cast<QPushButton *>(m_block), m_unblock})
            button->setEnabled(!m_busy);
    }
    fitHeight(*this);
}

} // namespace kith::ui
