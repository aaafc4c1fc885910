// SPDX-License-Identifier: GPL-3.0-or-later
// Name and description of a group, for its admins.
#pragma once

#ifndef Q_MOC_RUN // moc 6.4 stumbles over libstdc++
#include "core/client/types.h"
#endif
#include "ui/theme/theme.h"

#include <QDialog>

class QLabel;
class QPlainTextEdit;
class QPushButton;

namespace kith::ui {

class Field;

class GroupDialog final : public QDialog {
    Q_OBJECT
public:
    GroupDialog(const Theme &theme, const QString &name, const QString &about, QWidget *parent = nullptr);

    Field *name() const { return m_name; }
    QPlainTextEdit *about() const { return m_about; }
    QPushButton *saveButton() const { return m_save; }
    void setBusy(bool busy);
    void showError(const client::ClientError &error);

signals:
    /// Only what was changed is set.
    void saved(const std::optional<QString> &name, const std::optional<QString> &about);

private:
    void refresh();
    void submit();

    QString m_nameBefore, m_aboutBefore;
    Field *m_name;
    QPlainTextEdit *m_about;
    QLabel *m_count;
    QLabel *m_problem;
    QPushButton *m_save;
    bool m_busy = false;
};

} // namespace kith::ui
