// SPDX-License-Identifier: GPL-3.0-or-later
// Turning the second factor on: a QR code for the authenticator, the secret for those who cannot scan it, and the first
// code as the proof that it works.
#pragma once

#ifndef Q_MOC_RUN // moc 6.4 stumbles over libstdc++
#include "core/client/types.h"
#include "core/protocol/http.h"
#include "ui/theme/theme.h"
#endif

#include <QDialog>

class QLabel;
class QPushButton;

namespace kith::ui {

class CodeField;
class Countdown;

class EnrolDialog final : public QDialog {
    Q_OBJECT
public:
    EnrolDialog(const Theme &theme, const protocol::EnrollReply &enrolment, QWidget *parent = nullptr);

    void setBusy(bool busy);
    void showError(const client::ClientError &error);
    CodeField *code() const { return m_code; }
    QLabel *picture() const { return m_picture; }
    QPushButton *submitButton() const { return m_submit; }
    const std::string &secret() const { return m_secret; }

signals:
    void entered(const QString &code);

private:
    void submit();

    std::string m_secret;
    QLabel *m_picture;
    CodeField *m_code;
    QPushButton *m_submit;
    Countdown *m_countdown;
    bool m_busy = false;
};

/// In groups of four, as people copy it by hand.
QString groupedSecret(const std::string &base32);

} // namespace kith::ui
