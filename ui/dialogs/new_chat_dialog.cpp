// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/dialogs/new_chat_dialog.h"

#include "core/models/mentions.h"
#include "ui/pictures/pictures.h"
#include "ui/theme/icons.h"
#include "ui/widgets/empty_state.h"
#include "ui/widgets/field.h"
#include "ui/widgets/notice.h"
#include "ui/words/words.h"

#include <QAction>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QListView>
#include <QPushButton>
#include <QStackedWidget>

namespace kith::ui {

namespace {
constexpr int kPauseMs = 200; // a search per pause, not per letter
}

NewChatDialog::NewChatDialog(const Theme &theme, Purpose purpose, QWidget *parent)
    : QDialog(parent), m_theme(theme), m_purpose(purpose)
{
    setWindowTitle(purpose == Purpose::Start ? tr("New conversation") : tr("Add people"));
    setMinimumSize(420, 520);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(space::kXl, space::kXl, space::kXl, space::kXl);
    column->setSpacing(space::kM);
    auto *title = new QLabel(windowTitle(), this);
    title->setObjectName(QStringLiteral("Title"));
    column->addWidget(title);
    m_search = new QLineEdit(this);
    m_search->setObjectName(QStringLiteral("Search"));
    m_search->setMinimumHeight(38);
    m_search->setPlaceholderText(tr("Name or user name"));
    m_search->setAccessibleName(tr("Find people"));
    m_search->addAction(icon(QStringLiteral("search"), theme[Token::Muted]), QLineEdit::LeadingPosition)
        ->setText(m_search->accessibleName());
    column->addWidget(m_search);
    m_chosen = new QLabel(this);
    m_chosen->setObjectName(QStringLiteral("Muted"));
    m_chosen->setWordWrap(true);
    column->addWidget(m_chosen);
    m_list = new QListView(this);
    m_list->setModel(&m_model);
    m_list->setItemDelegate(new PersonDelegate(theme, this));
    repaintArrivals(*m_list, theme.pictures());
    m_list->setMouseTracking(true);
    m_list->setSelectionMode(QAbstractItemView::NoSelection); // who is chosen has a mark of its own
    m_list->setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    m_list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_list->setAccessibleName(tr("People"));
    m_empty = new EmptyState(theme, QStringLiteral("art-search"), this);
    m_stack = new QStackedWidget(this);
    m_stack->addWidget(m_list);
    m_stack->addWidget(m_empty);
    column->addWidget(m_stack, 1);
    m_name = new Field(theme, Field::Kind::Text, this);
    m_name->setLabel(tr("Name of the group"), tr("Weekend hikes"));
    column->addWidget(m_name);
    m_problem = makeErrorBox(this);
    column->addWidget(m_problem);
    auto *buttons = new QHBoxLayout;
    buttons->setSpacing(space::kS);
    m_cancel = new QPushButton(tr("Cancel"), this);
    m_submit = new QPushButton(this);
    m_submit->setObjectName(QStringLiteral("Primary"));
    m_submit->setDefault(true);
    buttons->addStretch();
    buttons->addWidget(m_cancel);
    buttons->addWidget(m_submit);
    column->addLayout(buttons);

    m_pause.setSingleShot(true);
    m_pause.setInterval(kPauseMs);
    connect(&m_pause, &QTimer::timeout, this, &NewChatDialog::search);
    connect(m_search, &QLineEdit::textChanged, this, [this] {
        m_answered = false;
        m_pause.start();
        refresh();
    });
    connect(m_list, &QListView::clicked, this, [this](const QModelIndex &index) { m_model.toggle(index.row()); });
    connect(m_list, &QListView::activated, this, [this](const QModelIndex &index) {
        if (m_list->hasFocus() && !m_list->underMouse())
            m_model.toggle(index.row());
    });
    connect(&m_model, &FoundModel::chosenChanged, this, &NewChatDialog::refresh);
    connect(m_cancel, &QPushButton::clicked, this, &QDialog::reject);
    connect(m_submit, &QPushButton::clicked, this, &NewChatDialog::submit);
    connect(m_name->edit(), &QLineEdit::textChanged, this, &NewChatDialog::refresh);
    refresh();
    search();
    m_search->setFocus();
}

void NewChatDialog::search()
{
    const QString text = m_search->text().trimmed();
    ++m_request;
    if (text.isEmpty()) {
        m_model.reset({});
        refresh();
        return;
    }
    const quint64 request = m_request;
    QMetaObject::invokeMethod(
        this, [this, request, text] { emit searchRequested(request, text); }, Qt::QueuedConnection);
}

void NewChatDialog::setFound(quint64 request, std::vector<User> users)
{
    if (request != m_request)
        return;
    m_answered = true;
    m_problem->hide();
    m_model.reset(std::move(users));
    refresh();
}

void NewChatDialog::setFailed(quint64 request, const client::ClientError &error)
{
    if (request == m_request)
        showError(error);
}

void NewChatDialog::showError(const client::ClientError &error)
{
    m_problem->setText(Words::error(error));
    m_problem->setToolTip(Words::errorDetail(error));
    m_problem->setVisible(!m_problem->text().isEmpty());
}

void NewChatDialog::setBusy(bool busy)
{
    m_busy = busy;
    refresh();
}

void NewChatDialog::refresh()
{
    const auto &chosen = m_model.chosen();
    const bool group = m_purpose == Purpose::Start && chosen.size() > 1;
    QStringList names;
    for (const User &user : chosen)
        names << models::shownName(user);
    m_chosen->setText(names.isEmpty() ? QString() : tr("Chosen: %1").arg(names.join(tr(", ", "between names"))));
    m_chosen->setVisible(!names.isEmpty());
    m_name->setVisible(group);
    const bool typed = !m_search->text().trimmed().isEmpty();
    if (!typed)
        m_empty->setTexts(tr("Whom do you look for?"), m_purpose == Purpose::Start
                                                           ? tr("Choose one person to talk, or several for a group.")
                                                           : tr("Type a part of their name."));
    else if (m_answered)
        m_empty->setTexts(tr("Nobody found"), tr("Check the spelling, or ask them for their user name."));
    else
        m_empty->setTexts(tr("Looking…"), {});
    m_stack->setCurrentWidget(m_model.rowCount() == 0 ? static_cast<QWidget *>(m_empty) : m_list);
    m_submit->setText(m_purpose == Purpose::Invite ? tr("Add") : group ? tr("Create group") : tr("Start talking"));
    m_submit->setEnabled(!m_busy && !chosen.empty() && (!group || !m_name->text().trimmed().isEmpty()));
}

void NewChatDialog::submit()
{
    // Enter in the search field chooses the only hit.
    if (m_search->hasFocus() && m_model.chosen().empty() && m_model.rowCount() == 1)
        m_model.toggle(0);
    const std::vector<User> chosen = m_model.chosen();
    if (chosen.empty() || m_busy)
        return;
    if (m_purpose == Purpose::Start && chosen.size() == 1)
        emit privateChosen(chosen.front());
    else
        emit groupChosen(m_name->text().trimmed(), chosen);
}

} // namespace kith::ui
