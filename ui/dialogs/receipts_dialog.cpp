// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/dialogs/receipts_dialog.h"

#include "ui/pictures/pictures.h"
#include "ui/widgets/elided_label.h"
#include "ui/widgets/notice.h"
#include "ui/widgets/people_list.h"
#include "ui/words/words.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QListView>
#include <QPushButton>
#include <QVBoxLayout>

#include <set>

namespace kith::ui {

ReceiptsModel::ReceiptsModel(models::People &people, QObject *parent) : QAbstractListModel(parent), m_people(people)
{
    connect(&people, &models::People::changed, this, [this] {
        if (!m_users.empty())
            emit dataChanged(index(0), index(rowCount() - 1));
    });
}

int ReceiptsModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_users.size());
}

QVariant ReceiptsModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const auto row = static_cast<std::size_t>(index.row());
    switch (role) {
    case Qt::DisplayRole:
    case FoundModel::NameRole:
        return m_people.name(m_users[row]);
    case FoundModel::DetailRole:
        return row < m_read ? ReceiptsDialog::tr("Read") : ReceiptsDialog::tr("Received");
    case FoundModel::ColourRole:
        return models::colourIndex(m_users[row].str());
    case models::kAvatarRole:
        return m_people.avatar(m_users[row]);
    case Qt::AccessibleTextRole:
        return data(index, FoundModel::NameRole).toString() + QStringLiteral(", ") +
               data(index, FoundModel::DetailRole).toString();
    }
    return {};
}

void ReceiptsModel::reset(const client::MessageReceipts &receipts)
{
    beginResetModel();
    m_users = receipts.readBy;
    m_read = m_users.size();
    const std::set<UserId> read(m_users.begin(), m_users.end());
    for (const UserId &user : receipts.deliveredTo)
        if (!read.contains(user))
            m_users.push_back(user);
    endResetModel();
}

ReceiptsDialog::ReceiptsDialog(const Theme &theme, models::People &people, const QString &text, QWidget *parent)
    : QDialog(parent), m_model(people)
{
    setAttribute(Qt::WA_DeleteOnClose);
    setWindowTitle(tr("Who has read it"));
    setMinimumSize(380, 420);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(space::kXl, space::kXl, space::kXl, space::kXl);
    column->setSpacing(space::kM);
    auto *title = new QLabel(windowTitle(), this);
    title->setObjectName(QStringLiteral("Title"));
    auto *words = new ElidedLabel(this);
    words->setObjectName(QStringLiteral("Muted"));
    words->setFullText(text.simplified());
    m_summary = new QLabel(tr("Asking the server…"), this);
    m_summary->setObjectName(QStringLiteral("Name"));
    m_summary->setWordWrap(true);
    m_list = new QListView(this);
    m_list->setModel(&m_model);
    m_list->setItemDelegate(new PersonDelegate(theme, this));
    repaintArrivals(*m_list, theme.pictures());
    m_list->setSelectionMode(QAbstractItemView::NoSelection);
    m_list->setUniformItemSizes(true);
    m_list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_list->setAccessibleName(windowTitle());
    m_problem = makeErrorBox(this);
    auto *close = new QPushButton(tr("Close"), this);
    auto *buttons = new QHBoxLayout;
    buttons->addStretch();
    buttons->addWidget(close);
    column->addWidget(title);
    column->addWidget(words);
    column->addWidget(m_summary);
    column->addWidget(m_problem);
    column->addWidget(m_list, 1);
    column->addStretch(0); // takes the list's place where it is hidden
    column->addLayout(buttons);
    close->setFocus();
    connect(close, &QPushButton::clicked, this, &QDialog::accept);
}

void ReceiptsDialog::showReceipts(const client::MessageReceipts &receipts)
{
    const QString read = tr("Read by %n", nullptr, static_cast<int>(receipts.readCount));
    const QString received = tr("received by %n", nullptr, static_cast<int>(receipts.deliveredCount));
    m_summary->setText(receipts.deliveredCount == 0 ? tr("Nobody has received it yet")
                                                    : read + QStringLiteral(" · ") + received);
    m_model.reset(receipts);
}

void ReceiptsDialog::showError(const client::ClientError &error)
{
    m_summary->hide();
    m_list->hide();
    m_problem->setText(Words::error(error));
    m_problem->setToolTip(Words::errorDetail(error));
    m_problem->show();
}

QString ReceiptsDialog::summary() const
{
    return m_summary->text();
}

} // namespace kith::ui
