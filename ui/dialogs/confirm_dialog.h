// SPDX-License-Identifier: GPL-3.0-or-later
// Asks before something that cannot be taken back at once: what it does, and perhaps one choice beside it.
#pragma once

#include <QDialog>

class QCheckBox;
class QLabel;
class QPushButton;

namespace kith::ui {

class Theme;

class ConfirmDialog final : public QDialog {
    Q_OBJECT
public:
    /// Deletes itself when it is closed. Cancel has the focus: Enter by accident does nothing.
    ConfirmDialog(const Theme &theme, const QString &title, const QString &text, const QString &action,
                  QWidget *parent = nullptr);
    /// A box to tick, with a sentence below it that is shown while it is ticked.
    void setOption(const QString &text, const QString &consequence);

    QCheckBox *option() const { return m_option; }
    QPushButton *actionButton() const { return m_action; }
    QPushButton *cancelButton() const { return m_cancel; }

signals:
    void confirmed(bool withOption);

private:
    QCheckBox *m_option;
    QLabel *m_consequence;
    QPushButton *m_cancel;
    QPushButton *m_action;
};

} // namespace kith::ui
