// SPDX-License-Identifier: GPL-3.0-or-later
// Before the history is open: ask for the passphrase, choose one, or say what stands in the way.
#pragma once

#ifndef Q_MOC_RUN // moc 6.4 stumbles over libstdc++
#include "core/client/types.h"
#include "ui/theme/theme.h"
#endif

#include <QWidget>

class QLabel;
class QPushButton;

namespace kith::ui {

class Countdown;
class Field;

class UnlockPage final : public QWidget {
    Q_OBJECT
public:
    enum class Mode { Unlock, Choose, Problem, Anew, Locked };
    explicit UnlockPage(const Theme &theme, QWidget *parent = nullptr);

    void setMode(Mode mode);
    /// Whether a passphrase or recovery key is another way past a problem.
    void setPassphraseOffered(bool offered);
    Mode mode() const { return m_mode; }
    void setBusy(bool busy);
    void showError(const client::ClientError &error);
    void focusFirst();
    Field *passphrase() const { return m_first; }
    Field *again() const { return m_second; }
    QPushButton *submitButton() const { return m_submit; }
    QPushButton *otherWayButton() const { return m_other; }
    QPushButton *anewButton() const { return m_anew; }

signals:
    void passphraseEntered(const QString &passphrase);
    void retryRequested();
    void startAnewRequested(); // with a new history, beside the one that cannot be read

protected:
    void changeEvent(QEvent *event) override;

private:
    void retranslate();
    void submit();

    QLabel *m_title;
    QLabel *m_hint;
    Field *m_first;
    Field *m_second;
    QPushButton *m_submit;
    QPushButton *m_other;
    QPushButton *m_anew;
    Countdown *m_countdown;
    Mode m_mode = Mode::Unlock;
    client::ClientError m_error;
    bool m_busy = false;
};

} // namespace kith::ui
