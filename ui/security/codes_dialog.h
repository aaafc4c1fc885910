// SPDX-License-Identifier: GPL-3.0-or-later
// Recovery codes, or a recovery key: shown once, to be saved, printed or copied; closed only by "I have kept them".
#pragma once

#ifndef Q_MOC_RUN // moc 6.4 stumbles over libstdc++
#include "ui/theme/theme.h"
#include <string>
#include <vector>
#endif

#include <QDialog>

class QCheckBox;
class QLabel;
class QPushButton;

namespace kith::ui {

class CodesDialog final : public QDialog {
    Q_OBJECT
public:
    struct Text {
        QString title, hint, fileName, kept;
    };
    CodesDialog(const Theme &theme, Text text, const std::vector<std::string> &codes, QWidget *parent = nullptr);

    QCheckBox *kept() const { return m_kept; }
    QPushButton *doneButton() const { return m_done; }
    /// Title, hint and codes, as they are saved and printed.
    QString document() const;
    /// Writes document() for its owner only, off this thread; what went wrong is shown.
    void saveTo(const QString &path);

protected:
    void reject() override; // Escape does not lose codes that nobody has kept

private:
    void save();
    void print();
    void note(const QString &text, bool isProblem);

    Text m_text;
    QStringList m_codes;
    QCheckBox *m_kept;
    QLabel *m_note;
    QPushButton *m_done;
};

} // namespace kith::ui
