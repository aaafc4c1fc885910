// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pictures/crop_dialog.h"

#include "ui/pictures/crop_view.h"
#include "ui/pictures/picture_codec.h"
#include "ui/widgets/fit_height.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPainter>
#include <QPushButton>
#include <QSlider>

namespace kith::ui {

namespace {

constexpr int kSizes[] = {96, 44, 32}; // a card's, the list's, the timeline's, more or less

/// The faces as they will be, of the sizes in which they will be seen.
class Previews final : public QWidget {
public:
    Previews(const Theme &theme, const CropView &view, QWidget *parent) : QWidget(parent), m_theme(theme), m_view(view)
    {
        setFixedWidth(kSizes[0]);
        setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Expanding);
        connect(&view, &CropView::changed, this, qOverload<>(&QWidget::update));
        connect(&theme, &Theme::changed, this, qOverload<>(&QWidget::update));
    }

protected:
    void paintEvent(QPaintEvent *) override
    {
        QPainter p(this);
        p.setRenderHint(QPainter::Antialiasing);
        // Cut once: the smaller ones are painted from the largest.
        const QImage square = m_view.result(qRound(kSizes[0] * devicePixelRatioF()));
        p.setRenderHint(QPainter::SmoothPixmapTransform);
        double y = 0;
        for (const int size : kSizes) {
            const QRectF at((width() - size) / 2.0, y, size, size);
            QBrush brush(square);
            brush.setTransform(QTransform::fromTranslate(at.left(), at.top())
                                   .scale(size / double(square.width()), size / double(square.height())));
            p.setBrush(brush);
            p.setPen(QPen(m_theme[Token::Border], 1));
            p.drawEllipse(at.adjusted(0.5, 0.5, -0.5, -0.5));
            y += size + space::kL;
        }
    }

private:
    const Theme &m_theme;
    const CropView &m_view;
};

} // namespace

CropDialog::CropDialog(const Theme &theme, const QImage &image, QWidget *parent) : QDialog(parent)
{
    setAttribute(Qt::WA_DeleteOnClose);
    setWindowTitle(tr("Choose a part of the picture"));
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(space::kXl, space::kXl, space::kXl, space::kXl);
    column->setSpacing(space::kL);
    auto *title = new QLabel(windowTitle(), this);
    title->setObjectName(QStringLiteral("Title"));
    title->setWordWrap(true);
    auto *hint = new QLabel(tr("Drag the picture to its place. What lies in the circle is shown."), this);
    hint->setObjectName(QStringLiteral("Muted"));
    hint->setWordWrap(true);
    auto *texts = new QVBoxLayout;
    texts->setSpacing(space::kXs);
    texts->addWidget(title);
    texts->addWidget(hint);
    column->addLayout(texts);

    auto *middle = new QHBoxLayout;
    middle->setSpacing(space::kXl);
    auto *left = new QVBoxLayout;
    left->setSpacing(space::kM);
    m_view = new CropView(theme, image, this);
    m_view->setFixedSize(320, 320);
    m_slider = new QSlider(Qt::Horizontal, this);
    m_slider->setRange(0, CropView::kZoomSteps);
    m_slider->setSingleStep(4);
    m_slider->setPageStep(16);
    m_slider->setEnabled(m_view->canZoom());
    m_slider->setAccessibleName(tr("Size of the picture"));
    m_slider->setToolTip(tr("Size of the picture"));
    left->addWidget(m_view);
    left->addWidget(m_slider);
    middle->addLayout(left);
    middle->addWidget(new Previews(theme, *m_view, this));
    column->addLayout(middle);

    auto *buttons = new QHBoxLayout;
    buttons->setSpacing(space::kS);
    auto *cancel = new QPushButton(tr("Cancel"), this);
    cancel->setAutoDefault(false);
    m_use = new QPushButton(tr("Use this"), this);
    m_use->setObjectName(QStringLiteral("Primary"));
    m_use->setDefault(true);
    buttons->addStretch();
    buttons->addWidget(cancel);
    buttons->addWidget(m_use);
    column->addLayout(buttons);

    connect(m_view, &CropView::changed, this, [this] { m_slider->setValue(m_view->zoom()); });
    connect(m_slider, &QSlider::valueChanged, m_view, &CropView::setZoom);
    connect(cancel, &QPushButton::clicked, this, &QDialog::reject);
    connect(m_use, &QPushButton::clicked, this, [this] {
        emit chosen(m_view->result(kPictureSide));
        accept();
    });
    m_view->setFocus();
}

void CropDialog::showEvent(QShowEvent *event)
{
    QDialog::showEvent(event);
    fitHeight(*this); // only now the fonts are those of the style sheet
}

} // namespace kith::ui
