// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/dialogs/members_dialog.h"

#include "ui/theme/icons.h"
#include "ui/widgets/people_list.h"
#include "ui/words/words.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QListView>
#include <QPushButton>

namespace kith::ui {

QVariant MemberRoles::data(const QModelIndex &index, int role) const
{
    using models::MembersModel;
    switch (role) {
    case FoundModel::NameRole:
        return QIdentityProxyModel::data(index, Qt::DisplayRole);
    case FoundModel::DetailRole: {
        const QString title =
            Words::role(static_cast<Role>(QIdentityProxyModel::data(index, MembersModel::MemberRole).toInt()));
        const auto state =
            static_cast<PresenceState>(QIdentityProxyModel::data(index, MembersModel::PresenceRole).toInt());
        return title.isEmpty() ? Words::presence(state) : title + QStringLiteral(" · ") + Words::presence(state);
    }
    case FoundModel::ColourRole:
        return QIdentityProxyModel::data(index, MembersModel::ColourRole);
    case FoundModel::OnlineRole:
        return QIdentityProxyModel::data(index, MembersModel::PresenceRole).toInt() ==
               static_cast<int>(PresenceState::Online);
    case FoundModel::ChosenRole:
        return false;
    }
    return QIdentityProxyModel::data(index, role);
}

MembersDialog::MembersDialog(const Theme &theme, models::MembersModel &model, bool mayChange, QWidget *parent)
    : QDialog(parent), m_model(model)
{
    setWindowTitle(tr("Members"));
    setMinimumSize(380, 480);
    m_roles.setSourceModel(&model);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(space::kXl, space::kXl, space::kXl, space::kXl);
    column->setSpacing(space::kM);
    auto *title = new QLabel(windowTitle(), this);
    title->setObjectName(QStringLiteral("Title"));
    column->addWidget(title);
    m_list = new QListView(this);
    m_list->setModel(&m_roles);
    m_list->setItemDelegate(new PersonDelegate(theme, this));
    m_list->setMouseTracking(true);
    m_list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_list->setAccessibleName(tr("Members"));
    column->addWidget(m_list, 1);
    m_problem = new QLabel(this);
    m_problem->setObjectName(QStringLiteral("ErrorBox"));
    m_problem->setWordWrap(true);
    m_problem->hide();
    column->addWidget(m_problem);
    auto *buttons = new QHBoxLayout;
    buttons->setSpacing(space::kS);
    m_remove = new QPushButton(tr("Remove"), this);
    auto *add = new QPushButton(icon(QStringLiteral("person-add"), theme[Token::Text]), tr("Add people"), this);
    auto *close = new QPushButton(tr("Close"), this);
    buttons->addWidget(add);
    buttons->addWidget(m_remove);
    buttons->addStretch();
    buttons->addWidget(close);
    column->addLayout(buttons);
    add->setVisible(mayChange);
    m_remove->setVisible(mayChange);
    m_remove->setEnabled(false);
    connect(m_list->selectionModel(), &QItemSelectionModel::currentChanged, this,
            [this](const QModelIndex &index) { m_remove->setEnabled(index.isValid()); });
    connect(add, &QPushButton::clicked, this, &MembersDialog::inviteRequested);
    connect(close, &QPushButton::clicked, this, &QDialog::accept);
    connect(m_remove, &QPushButton::clicked, this, [this] {
        if (const QModelIndex at = m_list->currentIndex(); at.isValid())
            emit removeRequested(m_model.member(at.row()).user);
    });
}

void MembersDialog::showError(const client::ClientError &error)
{
    m_problem->setText(Words::error(error));
    m_problem->setToolTip(Words::errorDetail(error));
    m_problem->setVisible(true);
}

} // namespace kith::ui
