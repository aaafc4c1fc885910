// SPDX-License-Identifier: GPL-3.0-or-later
// The second step of a login, shown only when the server asks for it.
#pragma once

#ifndef Q_MOC_RUN // moc 6.4 stumbles over libstdc++
#include "core/client/types.h"
#include "ui/theme/theme.h"
#endif

#include <QWidget>

class QLabel;
class QPushButton;

namespace kith::ui {

class CodeField;
class Countdown;

class CodePage final : public QWidget {
    Q_OBJECT
public:
    explicit CodePage(const Theme &theme, QWidget *parent = nullptr);

    /// Empty again, for the code of that account.
    void begin(const QString &user);
    void setBusy(bool busy);
    /// Beside the field; where the server is throttled, with a countdown.
    void showError(const client::ClientError &error);
    CodeField *code() const { return m_code; }
    QPushButton *submitButton() const { return m_submit; }
    QPushButton *otherWayButton() const { return m_other; }
    QPushButton *backButton() const { return m_back; }

signals:
    void entered(const kith::client::SecondFactorCode &code);
    void cancelled();

protected:
    void changeEvent(QEvent *event) override;

private:
    void retranslate();
    void submit();
    void setRecovery(bool recovery);

    QString m_user;
    QLabel *m_title;
    QLabel *m_hint;
    CodeField *m_code;
    QPushButton *m_submit;
    QPushButton *m_other;
    QPushButton *m_back;
    Countdown *m_countdown;
    bool m_recovery = false;
    bool m_busy = false;
};

} // namespace kith::ui
