// SPDX-License-Identifier: GPL-3.0-or-later
// Asks for one to three secrets that are typed anew: passwords, passphrases, codes. Stays until they were accepted.
#pragma once

#ifndef Q_MOC_RUN // moc 6.4 stumbles over libstdc++
#include "core/client/types.h"
#include "ui/theme/theme.h"
#endif

#include <QDialog>
#include <QStringList>

#include <vector>

class QLabel;
class QPushButton;

namespace kith::ui {

class Field;

class SecretsDialog final : public QDialog {
    Q_OBJECT
public:
    struct Ask {
        QString label, hint;
        int least = 1;             // characters
        bool repeats = false;      // must equal the one before
        bool hidden = true;        // typed as dots
        std::string fieldOfServer; // the wire's name of this field, so that its error stands beside it
    };
    SecretsDialog(const Theme &theme, const QString &title, const QString &hint, const QString &action,
                  std::vector<Ask> asks, QWidget *parent = nullptr);

    void setBusy(bool busy);
    void showError(const client::ClientError &error);
    Field *field(int index) const { return m_fields.at(static_cast<std::size_t>(index)); }
    QPushButton *submitButton() const { return m_submit; }
    void reject() override; // not while the answer is on its way: it may hold codes that are shown once

signals:
    void submitted(const QStringList &secrets);

private:
    void submit();

    std::vector<Ask> m_asks;
    std::vector<Field *> m_fields;
    QLabel *m_problem;
    QPushButton *m_submit;
    QPushButton *m_cancel;
    bool m_busy = false;
};

} // namespace kith::ui
