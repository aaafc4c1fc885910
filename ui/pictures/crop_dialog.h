// SPDX-License-Identifier: GPL-3.0-or-later
// Asks which part of a picture becomes a face, and shows how that will look.
#pragma once

#include "ui/theme/theme.h"

#include <QDialog>
#include <QImage>

class QPushButton;
class QSlider;

namespace kith::ui {

class CropView;

class CropDialog final : public QDialog {
    Q_OBJECT
public:
    CropDialog(const Theme &theme, const QImage &image, QWidget *parent = nullptr);

    CropView *view() const { return m_view; }
    QSlider *slider() const { return m_slider; }
    QPushButton *useButton() const { return m_use; }

signals:
    void chosen(const QImage &square);

protected:
    void showEvent(QShowEvent *event) override;

private:
    CropView *m_view;
    QSlider *m_slider;
    QPushButton *m_use;
};

} // namespace kith::ui
