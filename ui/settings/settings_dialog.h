// SPDX-License-Identifier: GPL-3.0-or-later
// Settings of the window and of its way to the server: text size, what sends, the proxy. Shows what it is given and
// says what was asked for; settings_controller.h does it.
#pragma once

#ifndef Q_MOC_RUN // moc 6.4 stumbles over libstdc++
#include "core/client/proxy.h"
#include "core/client/types.h"
#include "ui/theme/theme.h"
#endif

#include <QDialog>

class QLabel;
class QPushButton;
class QScrollArea;
class QVBoxLayout;

namespace kith::ui {

class Choice;
class Field;
class SettingRow;

class SettingsDialog final : public QDialog {
    Q_OBJECT
public:
    explicit SettingsDialog(const Theme &theme, QWidget *parent = nullptr);

    void setTextSize(int percent);
    void setSendKey(bool withControl);
    void setProxy(const client::ProxySettings &proxy);
    /// What came of a change of the proxy.
    void setProxyDone();
    void setProxyFailed(const client::ClientError &error);

    Choice *textSize() const { return m_textSize; }
    Choice *sendKey() const { return m_sendKey; }
    Choice *proxyKind() const { return m_kind; }
    Field *host() const { return m_host; }
    Field *port() const { return m_port; }
    Field *user() const { return m_user; }
    Field *password() const { return m_password; }
    QPushButton *useButton() const { return m_use; }
    QString noteText() const;

signals:
    void textSizeChosen(int percent);
    void sendKeyChosen(bool withControl);
    void proxyChosen(const kith::client::ProxySettings &proxy);

protected:
    void showEvent(QShowEvent *event) override;

private:
    void fit();
    void makeReading(QVBoxLayout *page);
    void makeConnection(QVBoxLayout *page);
    void showFields();
    void submit();
    void setNote(const QString &note, const QString &problem, const QString &detail = {});

    const Theme &m_theme;
    QScrollArea *m_scroll;
    Choice *m_textSize;
    Choice *m_sendKey;
    Choice *m_kind;
    QWidget *m_fields;
    Field *m_host, *m_port, *m_user, *m_password;
    QPushButton *m_use;
    QLabel *m_note;
    QLabel *m_problem;
};

} // namespace kith::ui
