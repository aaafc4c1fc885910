// SPDX-License-Identifier: GPL-3.0-or-later
// Round faces: the picture where there is one, else initials; with the dot of somebody who is online.
#pragma once

#include "ui/theme/theme.h"

#include <QWidget>

class QPainter;

namespace kith::ui {

/// `picture`: the file's id. Until it is here, and where there is none, initials stand in its place.
void paintAvatar(QPainter &painter, const QRectF &rect, const QString &name, int colour, const Theme &theme,
                 const QString &picture = {});
/// `ground` is what the dot is cut out of.
void paintOnlineDot(QPainter &painter, const QRectF &avatar, const QColor &ground, const Theme &theme);

class AvatarWidget final : public QWidget {
    Q_OBJECT
public:
    AvatarWidget(const Theme &theme, int size, QWidget *parent = nullptr);
    void show(const QString &name, int colour, const QString &picture = {});
    const QString &picture() const { return m_picture; }

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    const Theme &m_theme;
    QString m_name;
    int m_colour = 0;
    QString m_picture;
};

} // namespace kith::ui
