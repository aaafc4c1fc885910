// SPDX-License-Identifier: GPL-3.0-or-later
// A label of one line that ends in an ellipsis instead of pushing its neighbours away.
#pragma once

#include <QLabel>

namespace kith::ui {

class ElidedLabel final : public QLabel {
    Q_OBJECT
public:
    explicit ElidedLabel(QWidget *parent = nullptr);
    void setFullText(const QString &text);
    QString fullText() const { return m_full; }
    QSize minimumSizeHint() const override;
    QSize sizeHint() const override;

protected:
    void resizeEvent(QResizeEvent *event) override;

private:
    void elide();
    QString m_full;
};

} // namespace kith::ui
