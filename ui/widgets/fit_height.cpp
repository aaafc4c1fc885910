// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/fit_height.h"

#include <QDialog>
#include <QLayout>

#include <algorithm>

namespace kith::ui {

namespace {

/// What the layouts need, asked anew: a text that changed deep below is told upwards by events that are still to come.
int neededHeight(QWidget &dialog)
{
    for (QWidget *child : dialog.findChildren<QWidget *>()) {
        child->ensurePolished();
        if (child->layout())
            child->layout()->invalidate();
        child->updateGeometry(); // what its parent remembers of it
    }
    dialog.layout()->invalidate();
    dialog.layout()->activate();
    return dialog.layout()->totalHeightForWidth(dialog.width());
}

/// Behind what is posted already: new children are shown by such an event.
void later(QWidget &dialog, void (*fit)(QWidget &))
{
    QMetaObject::invokeMethod(
        &dialog, [&dialog, fit] { fit(dialog); }, Qt::QueuedConnection);
}

void fit(QWidget &dialog)
{
    dialog.resize(dialog.width(), neededHeight(dialog));
}

void grow(QWidget &dialog)
{
    dialog.resize(dialog.width(), std::max(dialog.height(), neededHeight(dialog)));
}

} // namespace

void fitHeight(QWidget &dialog)
{
    fit(dialog);
    later(dialog, fit);
}

void growDialog(QWidget &widget)
{
    auto *dialog = qobject_cast<QDialog *>(widget.window());
    if (dialog && dialog->layout() && dialog->isVisible())
        later(*dialog, grow);
}

} // namespace kith::ui
