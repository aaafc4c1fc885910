// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/notice.h"

#include <QLabel>

namespace kith::ui {

namespace {

QLabel *makeBox(const char *look, QWidget *parent)
{
    auto *box = new QLabel(parent);
    box->setObjectName(QLatin1String(look));
    box->setWordWrap(true);
    box->hide();
    return box;
}

} // namespace

QLabel *makeNoteBox(QWidget *parent)
{
    return makeBox("NoteBox", parent);
}

QLabel *makeErrorBox(QWidget *parent)
{
    return makeBox("ErrorBox", parent);
}

} // namespace kith::ui
