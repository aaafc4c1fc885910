// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/settings/settings_dialog.h"

#include "ui/widgets/controls.h"
#include "ui/widgets/field.h"
#include "ui/widgets/fit_height.h"
#include "ui/widgets/notice.h"
#include "ui/widgets/setting_row.h"
#include "ui/words/words.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QScreen>
#include <QScrollArea>
#include <QVBoxLayout>

#include <algorithm>

namespace kith::ui {

using client::ProxyKind;

SettingsDialog::SettingsDialog(const Theme &theme, QWidget *parent) : QDialog(parent), m_theme(theme)
{
    setAttribute(Qt::WA_DeleteOnClose);
    setWindowTitle(tr("Settings"));
    setMinimumWidth(520);
    auto *outer = new QVBoxLayout(this);
    outer->setContentsMargins(0, space::kXl, 0, space::kL);
    outer->setSpacing(space::kM);
    auto *head = new QVBoxLayout;
    head->setContentsMargins(space::kXl, 0, space::kXl, 0);
    auto *title = new QLabel(windowTitle(), this);
    title->setObjectName(QStringLiteral("Title"));
    head->addWidget(title);
    outer->addLayout(head);
    // Large text may need more than the screen is high.
    m_scroll = new QScrollArea(this);
    m_scroll->setFrameShape(QFrame::NoFrame);
    m_scroll->setWidgetResizable(true);
    m_scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    auto *ground = new QWidget(m_scroll);
    ground->setObjectName(QStringLiteral("Ground"));
    m_scroll->setWidget(ground);
    m_scroll->viewport()->setAutoFillBackground(false);
    outer->addWidget(m_scroll);
    auto *page = new QVBoxLayout(ground);
    page->setContentsMargins(space::kXl, 0, space::kXl, 0);
    page->setSpacing(space::kS);
    makeReading(page);
    makeConnection(page);
    page->addStretch(1);
    auto *foot = new QHBoxLayout;
    foot->setContentsMargins(space::kXl, 0, space::kXl, 0);
    auto *close = new QPushButton(tr("Close"), this);
    close->setAutoDefault(false);
    foot->addStretch();
    foot->addWidget(close);
    outer->addLayout(foot);
    connect(close, &QPushButton::clicked, this, &QDialog::accept);
    setProxy({});
    m_textSize->setFocus();
}

void SettingsDialog::makeReading(QVBoxLayout *page)
{
    QVBoxLayout *rows = makeSection(page, tr("Reading and writing"), this);
    auto *size = new SettingRow(this);
    size->setTexts(tr("Text size"), tr("Also with Ctrl++ and Ctrl+−; Ctrl+0 is the system's size."));
    m_textSize = new Choice(m_theme, this);
    for (const int percent : kTextSizes)
        m_textSize->addItem(tr("%1 %").arg(percent), percent);
    m_textSize->setAccessibleName(tr("Text size"));
    size->addControl(m_textSize);
    addRow(rows, size);
    auto *send = new SettingRow(this);
    send->setTexts(tr("Send with"), tr("The other key begins a new line; Shift+Enter always does."));
    m_sendKey = new Choice(m_theme, this);
    m_sendKey->addItem(tr("Enter"), false);
    m_sendKey->addItem(tr("Ctrl+Enter"), true);
    m_sendKey->setAccessibleName(tr("Send with"));
    send->addControl(m_sendKey);
    addRow(rows, send);
    connect(m_textSize, &QComboBox::activated, this,
            [this](int index) { emit textSizeChosen(m_textSize->itemData(index).toInt()); });
    connect(m_sendKey, &QComboBox::activated, this,
            [this](int index) { emit sendKeyChosen(m_sendKey->itemData(index).toBool()); });
}

void SettingsDialog::makeConnection(QVBoxLayout *page)
{
    QVBoxLayout *rows = makeSection(page, tr("Connection"), this);
    auto *proxy = new SettingRow(this);
    proxy->setTexts(tr("Proxy"), tr("For everything that goes to the server."));
    m_kind = new Choice(m_theme, this);
    m_kind->addItem(tr("As the system"), static_cast<int>(ProxyKind::System));
    m_kind->addItem(tr("None"), static_cast<int>(ProxyKind::None));
    m_kind->addItem(QStringLiteral("HTTP"), static_cast<int>(ProxyKind::Http));
    m_kind->addItem(QStringLiteral("SOCKS5"), static_cast<int>(ProxyKind::Socks5));
    m_kind->setAccessibleName(tr("Proxy"));
    proxy->addControl(m_kind);
    addRow(rows, proxy);

    m_fields = new QWidget(this);
    auto *column = new QVBoxLayout(m_fields);
    column->setContentsMargins(space::kL, 0, space::kM, space::kM);
    column->setSpacing(space::kS);
    m_host = new Field(m_theme, Field::Kind::Text, m_fields);
    m_host->setLabel(tr("Address"), QStringLiteral("proxy.example"));
    m_port = new Field(m_theme, Field::Kind::Text, m_fields);
    m_port->setLabel(tr("Port"));
    m_port->setFixedWidth(120);
    m_user = new Field(m_theme, Field::Kind::Text, m_fields);
    m_user->setLabel(tr("User"), tr("If it asks for one"));
    m_password = new Field(m_theme, Field::Kind::Password, m_fields);
    m_password->setLabel(tr("Password"));
    auto *where = new QHBoxLayout;
    where->setSpacing(space::kS);
    where->addWidget(m_host, 1, Qt::AlignTop);
    where->addWidget(m_port, 0, Qt::AlignTop);
    auto *who = new QHBoxLayout;
    who->setSpacing(space::kS);
    who->addWidget(m_user, 1, Qt::AlignTop);
    who->addWidget(m_password, 1, Qt::AlignTop);
    column->addLayout(where);
    column->addLayout(who);
    auto *foot = new QHBoxLayout;
    auto *kept = new QLabel(tr("Kept encrypted, with the history."), m_fields);
    kept->setObjectName(QStringLiteral("Muted"));
    kept->setWordWrap(true);
    m_use = new QPushButton(tr("Use it"), m_fields);
    foot->addWidget(kept, 1);
    foot->addWidget(m_use);
    column->addLayout(foot);
    rows->addWidget(m_fields);
    m_note = makeNoteBox(this);
    m_problem = makeErrorBox(this);
    page->addWidget(m_note);
    page->addWidget(m_problem);
    connect(m_kind, &QComboBox::activated, this, [this] {
        showFields();
        if (m_fields->isHidden())
            submit();
        else
            m_host->edit()->setFocus();
    });
    connect(m_use, &QPushButton::clicked, this, &SettingsDialog::submit);
    for (Field *field : {m_host, m_port, m_user, m_password})
        connect(field->edit(), &QLineEdit::returnPressed, this, &SettingsDialog::submit);
}

void SettingsDialog::showFields()
{
    const auto kind = static_cast<ProxyKind>(m_kind->currentData().toInt());
    const bool named = kind == ProxyKind::Http || kind == ProxyKind::Socks5;
    m_fields->setVisible(named);
    if (named)
        m_port->edit()->setPlaceholderText(QString::number(client::defaultPort(kind)));
    setNote({}, {});
}

void SettingsDialog::submit()
{
    client::ProxySettings proxy;
    proxy.kind = static_cast<ProxyKind>(m_kind->currentData().toInt());
    for (Field *field : {m_host, m_port})
        field->setError({});
    if (proxy.isNamed()) {
        bool number = true;
        const QString port = m_port->text().trimmed();
        proxy.host = m_host->text().trimmed().toStdString();
        proxy.port = port.isEmpty() ? client::defaultPort(proxy.kind) : port.toInt(&number);
        proxy.user = m_user->text().toStdString();
        proxy.password = m_password->text().toStdString();
        if (proxy.host.empty())
            m_host->setError(tr("Its name or number is needed."));
        if (!number || proxy.port < 1 || proxy.port > 65535)
            m_port->setError(tr("1 to 65535"));
        fit();
        if (m_host->hasError() || m_port->hasError())
            return;
    }
    setNote({}, {});
    emit proxyChosen(proxy);
}

void SettingsDialog::fit()
{
    constexpr int kAround = 180; // title, button and the window's own frame
    QWidget *ground = m_scroll->widget();
    ground->layout()->activate();
    const int wanted = ground->layout()->totalHeightForWidth(std::max(ground->width(), minimumWidth()));
    m_scroll->setFixedHeight(std::min(wanted, screen()->availableGeometry().height() - kAround));
    fitHeight(*this);
}

void SettingsDialog::showEvent(QShowEvent *event)
{
    QDialog::showEvent(event);
    fit(); // only now the fonts are those of the style sheet
}

void SettingsDialog::setTextSize(int percent)
{
    const int at = m_textSize->findData(percent);
    m_textSize->setCurrentIndex(at < 0 ? m_textSize->findData(100) : at);
}

void SettingsDialog::setSendKey(bool withControl)
{
    m_sendKey->setCurrentIndex(withControl ? 1 : 0);
}

void SettingsDialog::setProxy(const client::ProxySettings &proxy)
{
    m_kind->setCurrentIndex(m_kind->findData(static_cast<int>(proxy.kind)));
    m_host->setText(QString::fromStdString(proxy.host));
    m_port->setText(proxy.port > 0 ? QString::number(proxy.port) : QString());
    m_user->setText(QString::fromStdString(proxy.user));
    m_password->setText(QString::fromStdString(proxy.password));
    showFields();
}

void SettingsDialog::setProxyDone()
{
    setNote(tr("Used from now on."), {});
}

void SettingsDialog::setProxyFailed(const client::ClientError &error)
{
    setNote({}, Words::error(error), Words::errorDetail(error));
}

void SettingsDialog::setNote(const QString &note, const QString &problem, const QString &detail)
{
    m_note->setText(note);
    m_note->setVisible(!note.isEmpty());
    m_problem->setText(problem);
    m_problem->setToolTip(detail);
    m_problem->setVisible(!problem.isEmpty());
    fit();
}

QString SettingsDialog::noteText() const
{
    return m_note->text() + m_problem->text(); // never both
}

} // namespace kith::ui
