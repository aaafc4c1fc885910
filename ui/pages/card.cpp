// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/card.h"

#include "ui/theme/theme.h"

#include <QScrollArea>
#include <QVBoxLayout>

namespace kith::ui {

QVBoxLayout *makeCard(QWidget *page, int width)
{
    auto *outer = new QVBoxLayout(page);
    outer->setContentsMargins(0, 0, 0, 0);
    auto *scroll = new QScrollArea(page);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setWidgetResizable(true);
    scroll->setFocusPolicy(Qt::NoFocus);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    outer->addWidget(scroll);
    auto *ground = new QWidget(scroll);
    ground->setObjectName(QStringLiteral("Page"));
    ground->setAttribute(Qt::WA_StyledBackground);
    scroll->setWidget(ground);
    auto *column = new QVBoxLayout(ground);
    column->setContentsMargins(space::kL, space::kXl, space::kL, space::kXl);
    auto *card = new QWidget(ground);
    card->setObjectName(QStringLiteral("Card"));
    card->setAttribute(Qt::WA_StyledBackground);
    card->setFixedWidth(width);
    column->addStretch(1);
    // Not by an alignment: an aligned item loses its height for its width, and wrapped labels overlap.
    auto *row = new QHBoxLayout;
    row->addStretch(1);
    row->addWidget(card);
    row->addStretch(1);
    column->addLayout(row);
    column->addStretch(1);
    auto *layout = new QVBoxLayout(card);
    layout->setContentsMargins(space::kXxl, space::kXl, space::kXxl, space::kXxl);
    layout->setSpacing(0);
    return layout;
}

} // namespace kith::ui
