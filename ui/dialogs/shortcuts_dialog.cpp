// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/dialogs/shortcuts_dialog.h"

#include "ui/theme/theme.h"

#include <QGridLayout>
#include <QLabel>
#include <QPushButton>
#include <QScreen>
#include <QScrollArea>
#include <QScrollBar>

#include <algorithm>
#include <utility>
#include <vector>

namespace kith::ui {

namespace {

struct Group {
    QString name;
    std::vector<std::pair<QString, QString>> keys; // and what they do
};

/// One grid for all groups of a column: their keys stand below each other.
void addGroups(QGridLayout *grid, const std::vector<Group> &groups, QWidget *parent)
{
    grid->setHorizontalSpacing(space::kL);
    grid->setVerticalSpacing(space::kXs);
    grid->setColumnStretch(1, 1);
    int row = 0;
    for (const Group &group : groups) {
        if (row > 0)
            grid->setRowMinimumHeight(row++, space::kM);
        auto *heading = new QLabel(group.name, parent);
        heading->setObjectName(QStringLiteral("ReplyName"));
        grid->addWidget(heading, row++, 0, 1, 2);
        for (const auto &[keys, text] : group.keys) {
            auto *left = new QLabel(keys, parent);
            left->setObjectName(QStringLiteral("Name"));
            auto *right = new QLabel(text, parent);
            right->setWordWrap(true);
            right->setMinimumWidth(space::kXxl * 7);
            grid->addWidget(left, row, 0, Qt::AlignTop);
            grid->addWidget(right, row++, 1, Qt::AlignTop);
        }
    }
    grid->setRowStretch(row, 1);
}

} // namespace

ShortcutsDialog::ShortcutsDialog(bool sendWithControl, QWidget *parent) : QDialog(parent)
{
    setAttribute(Qt::WA_DeleteOnClose);
    setWindowTitle(tr("Keyboard shortcuts"));
    const std::vector<Group> left{
        {tr("Conversations"),
         {{QStringLiteral("Ctrl+K"), tr("Go to a conversation")},
          {QStringLiteral("Ctrl+N"), tr("New conversation")},
          {QStringLiteral("Alt+↑ / Alt+↓"), tr("Previous, next conversation")}}},
        {tr("Writing"),
         {{sendWithControl ? QStringLiteral("Ctrl+Enter / Enter") : QStringLiteral("Enter / Shift+Enter"),
           tr("Send, new line")},
          {QStringLiteral("↑"), tr("Edit your last message")},
          {QStringLiteral("Ctrl+E"), tr("Emoji; :name while writing")},
          {QStringLiteral("@"), tr("Mention a member")},
          {QStringLiteral("Ctrl+Z / Ctrl+Shift+Z"), tr("Undo, redo")},
          {QStringLiteral("Esc"), tr("Cancel a reply or an edit")}}},
        {tr("Finding"),
         {{QStringLiteral("Ctrl+F / Ctrl+Shift+F"), tr("Search here, everywhere")},
          {QStringLiteral("F3 / Shift+F3"), tr("Next, previous hit")},
          {QStringLiteral("Ctrl+J"), tr("Go to a day")}}},
    };
    const std::vector<Group> right{
        {tr("Reading"),
         {{QStringLiteral("Esc"), tr("To the newest message")},
          {QStringLiteral("Ctrl+↑ / Ctrl+↓"), tr("Previous, next message; Enter opens its menu")},
          {QStringLiteral("Page Up / Page Down"), tr("Scroll the messages")},
          {QStringLiteral("Home / End"), tr("To the first, the newest message")},
          {QStringLiteral("Alt+←"), tr("Back to the reply")},
          {QStringLiteral("Menu / Shift+F10"), tr("What can be done with a message")},
          {QStringLiteral("Ctrl+C"), tr("Copy what is selected")}}},
        {tr("Window"),
         {{QStringLiteral("Tab / Shift+Tab"), tr("Next, previous control")},
          {QStringLiteral("Ctrl++ / Ctrl+− / Ctrl+0"), tr("Larger, smaller text, the system's size")},
          {QStringLiteral("Ctrl+,"), tr("Settings")},
          {QStringLiteral("Ctrl+L"), tr("Lock")},
          {QStringLiteral("Ctrl+Shift+I"), tr("Wire inspector")},
          {QStringLiteral("Ctrl+Q"), tr("Quit")},
          {QStringLiteral("Ctrl+/"), tr("This list")}}},
    };
    auto *content = new QWidget(this);
    content->setObjectName(QStringLiteral("Ground"));
    auto *columns = new QHBoxLayout(content);
    columns->setContentsMargins(0, 0, space::kM, 0);
    columns->setSpacing(space::kXxl);
    for (const auto *groups : {&left, &right}) {
        auto *grid = new QGridLayout;
        addGroups(grid, *groups, content);
        columns->addLayout(grid, 1);
    }
    auto *area = new QScrollArea(this);
    area->setWidgetResizable(true);
    area->setFrameShape(QFrame::NoFrame);
    area->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    area->setWidget(content);

    auto *page = new QVBoxLayout(this);
    page->setContentsMargins(space::kXl, space::kXl, space::kXl, space::kXl);
    page->setSpacing(space::kL);
    auto *title = new QLabel(windowTitle(), this);
    title->setObjectName(QStringLiteral("Title"));
    page->addWidget(title);
    page->addWidget(area, 1);
    auto *row = new QHBoxLayout;
    auto *close = new QPushButton(tr("Close"), this);
    close->setDefault(true);
    row->addStretch();
    row->addWidget(close);
    page->addLayout(row);
    connect(close, &QPushButton::clicked, this, &QDialog::accept);

    // All of it where the screen has the room, else it scrolls.
    for (QWidget *child : findChildren<QWidget *>())
        child->ensurePolished();
    const int bar = area->verticalScrollBar()->sizeHint().width();
    const int wide = content->sizeHint().width();
    area->setMinimumWidth(wide + bar);
    const int around = page->sizeHint().height() - area->sizeHint().height();
    const int most = screen() ? screen()->availableGeometry().height() * 9 / 10 : 600;
    resize(wide + bar + 2 * space::kXl, std::min(most, columns->totalHeightForWidth(wide) + around + space::kXs));
}

} // namespace kith::ui
