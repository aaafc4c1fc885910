// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/security/security_dialog.h"

#include "ui/widgets/controls.h"
#include "ui/widgets/notice.h"
#include "ui/widgets/setting_row.h"
#include "ui/words/words.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QScrollArea>
#include <QVBoxLayout>

namespace kith::ui {

namespace {

constexpr int kLockMinutes[] = {0, 1, 5, 15, 60};

void clear(QVBoxLayout *rows)
{
    while (QLayoutItem *item = rows->takeAt(0)) {
        if (QWidget *widget = item->widget()) {
            widget->hide();
            widget->deleteLater(); // its own button may be asking for this
        }
        delete item;
    }
}

} // namespace

SecurityDialog::SecurityDialog(const Theme &theme, QWidget *parent) : QDialog(parent), m_theme(theme)
{
    setAttribute(Qt::WA_DeleteOnClose);
    setWindowTitle(tr("Security"));
    resize(600, 680);
    setMinimumSize(440, 400);
    QVBoxLayout *page = makePage();
    makeAccount(page);
    makeComputer(page);
    m_events = makeSection(page, tr("What happened lately"), this);
    page->addStretch(1);
}

QVBoxLayout *SecurityDialog::makePage()
{
    auto *outer = new QVBoxLayout(this);
    outer->setContentsMargins(0, space::kXl, 0, space::kL);
    outer->setSpacing(space::kM);
    auto *head = new QVBoxLayout;
    head->setContentsMargins(space::kXl, 0, space::kXl, 0);
    head->setSpacing(space::kM);
    auto *title = new QLabel(windowTitle(), this);
    title->setObjectName(QStringLiteral("Title"));
    head->addWidget(title);
    m_problem = makeErrorBox(this);
    m_note = makeNoteBox(this);
    head->addWidget(m_problem);
    head->addWidget(m_note);
    outer->addLayout(head);
    auto *scroll = new QScrollArea(this);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setWidgetResizable(true);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    auto *ground = new QWidget(scroll);
    ground->setObjectName(QStringLiteral("Ground"));
    scroll->setWidget(ground);
    scroll->viewport()->setAutoFillBackground(false);
    outer->addWidget(scroll, 1);
    auto *foot = new QHBoxLayout;
    foot->setContentsMargins(space::kXl, 0, space::kXl, 0);
    auto *close = new QPushButton(tr("Close"), this);
    close->setAutoDefault(false);
    foot->addStretch();
    foot->addWidget(close);
    outer->addLayout(foot);
    connect(close, &QPushButton::clicked, this, &QDialog::accept);
    auto *page = new QVBoxLayout(ground);
    page->setContentsMargins(space::kXl, 0, space::kXl, space::kL);
    page->setSpacing(space::kS);
    return page;
}

void SecurityDialog::makeAccount(QVBoxLayout *page)
{
    QVBoxLayout *rows = makeSection(page, tr("Account"), this);
    m_mfa = new SettingRow(this);
    m_mfa->setTexts(tr("Second factor"), tr("Asking the server…"));
    m_newCodes = m_mfa->addButton(tr("New recovery codes…"));
    m_turnOff = m_mfa->addButton(tr("Turn off…"));
    m_turnOn = m_mfa->addButton(tr("Turn on…"));
    for (QPushButton *button : {m_newCodes, m_turnOff, m_turnOn})
        button->hide();
    addRow(rows, m_mfa);
    auto *password = new SettingRow(this);
    password->setTexts(tr("Password"), tr("Changing it logs out all other devices."));
    m_password = password->addButton(tr("Change…"));
    addRow(rows, password);
    connect(m_turnOn, &QPushButton::clicked, this, &SecurityDialog::turnOnRequested);
    connect(m_turnOff, &QPushButton::clicked, this, &SecurityDialog::turnOffRequested);
    connect(m_newCodes, &QPushButton::clicked, this, &SecurityDialog::newCodesRequested);
    connect(m_password, &QPushButton::clicked, this, &SecurityDialog::passwordChangeRequested);

    m_devices = makeSection(page, tr("Devices"), this);
    auto *waiting = new SettingRow(this);
    waiting->setTexts({}, tr("Asking the server…"));
    addRow(m_devices, waiting);
}

void SecurityDialog::makeComputer(QVBoxLayout *page)
{
    QVBoxLayout *rows = makeSection(page, tr("This computer"), this);
    m_keyring = new SettingRow(this);
    m_addKeyring = m_keyring->addButton(tr("Use it"));
    m_dropKeyring = new ConfirmButton(tr("Stop using it"), tr("Really?"), this);
    m_keyring->addControl(m_dropKeyring);
    m_passphraseRow = new SettingRow(this);
    m_passphrase = m_passphraseRow->addButton({});
    m_dropPassphrase = new ConfirmButton(tr("Remove"), tr("Really remove?"), this);
    m_passphraseRow->addControl(m_dropPassphrase);
    m_recoveryRow = new SettingRow(this);
    m_recoveryKey = m_recoveryRow->addButton({});
    auto *lock = new SettingRow(this);
    lock->setTexts(tr("Lock"), tr("Closes the history and drops its key from memory. Ctrl+L locks at once."));
    m_minutes = new Choice(m_theme, this);
    for (const int minutes : kLockMinutes)
        m_minutes->addItem(minutes == 0 ? tr("Not by itself") : tr("After %n minute(s)", nullptr, minutes), minutes);
    m_minutes->setAccessibleName(tr("Lock when nothing was typed or clicked"));
    lock->addControl(m_minutes);
    m_lockNow = lock->addButton(tr("Lock now"));
    auto *suspend = new SettingRow(this);
    suspend->setTexts(tr("Lock at sleep"), tr("Before the computer goes to sleep."));
    m_suspend = new CheckBox(m_theme, {}, this);
    m_suspend->setAccessibleName(tr("Lock at sleep"));
    suspend->addControl(m_suspend);
    for (SettingRow *row : {m_keyring, m_passphraseRow, m_recoveryRow, lock, suspend})
        addRow(rows, row);
    connect(m_addKeyring, &QPushButton::clicked, this, [this] { emit keyringRequested(true); });
    connect(m_dropKeyring, &ConfirmButton::confirmed, this, [this] { emit keyringRequested(false); });
    connect(m_passphrase, &QPushButton::clicked, this, &SecurityDialog::passphraseRequested);
    connect(m_dropPassphrase, &ConfirmButton::confirmed, this, &SecurityDialog::passphraseRemovalRequested);
    connect(m_recoveryKey, &QPushButton::clicked, this, &SecurityDialog::recoveryKeyRequested);
    connect(m_lockNow, &QPushButton::clicked, this, &SecurityDialog::lockRequested);
    connect(m_minutes, &QComboBox::activated, this,
            [this](int index) { emit lockMinutesChosen(m_minutes->itemData(index).toInt()); });
    connect(m_suspend, &QCheckBox::clicked, this, &SecurityDialog::lockAtSuspendChosen);
    setKeyWays({});
}

void SecurityDialog::setMfa(const protocol::MfaReply &state)
{
    m_turnOn->setVisible(!state.enabled);
    m_turnOff->setVisible(state.enabled);
    m_newCodes->setVisible(state.enabled);
    m_mfa->setTexts(tr("Second factor"),
                    state.enabled ? tr("On since %1. %n recovery code(s) left.", nullptr, state.recoveryCodesLeft)
                                        .arg(Words::dayAndTime(state.boundAt))
                                  : tr("Off. A code from your telephone makes the account hard to take, even for "
                                       "somebody who knows the password."));
}

void SecurityDialog::setDevices(const std::vector<Device> &devices, const QString &here)
{
    clear(m_devices);
    for (const Device &device : devices) {
        auto *row = new SettingRow(this);
        const bool isHere = QString::fromStdString(device.id.str()) == here;
        QStringList state{QString::fromStdString(device.platform)};
        if (isHere)
            state.prepend(tr("This device"));
        else
            state << tr("seen: %1").arg(Words::dayAndTime(device.lastSeen));
        if (!device.address.empty())
            state << QString::fromStdString(device.address);
        row->setTexts(QString::fromStdString(device.name), state.join(QStringLiteral(" · ")));
        if (!isHere) {
            auto *revoke = new ConfirmButton(tr("Log out"), tr("Really log out?"), row);
            revoke->setAccessibleName(tr("Log out %1").arg(QString::fromStdString(device.name)));
            row->addControl(revoke);
            connect(revoke, &ConfirmButton::confirmed, this, [this, id = device.id] { emit revokeRequested(id); });
        }
        addRow(m_devices, row);
    }
    auto *all = new SettingRow(this);
    all->setTexts({}, tr("Something looks strange? End all sessions, then change the password."));
    auto *everywhere = new ConfirmButton(tr("Log out everywhere"), tr("Really everywhere?"), all);
    all->addControl(everywhere);
    connect(everywhere, &ConfirmButton::confirmed, this, &SecurityDialog::logoutEverywhereRequested);
    addRow(m_devices, all);
}

void SecurityDialog::setEvents(const std::vector<protocol::AccountEvent> &events)
{
    clear(m_events);
    for (const protocol::AccountEvent &event : events) {
        auto *row = new SettingRow(this);
        row->setTexts(Words::accountEvent(event.event),
                      Words::dayAndTime(event.at) + QStringLiteral(" · ") + QString::fromStdString(event.address));
        addRow(m_events, row);
    }
    if (events.empty()) {
        auto *none = new SettingRow(this);
        none->setTexts({}, tr("Nothing yet."));
        addRow(m_events, none);
    }
}

void SecurityDialog::setKeyWays(const client::KeyWays &ways)
{
    for (SettingRow *row : {m_passphraseRow, m_recoveryRow})
        row->setVisible(!ways.keyFile);
    if (ways.keyFile) {
        m_keyring->setTexts(tr("Key file"), tr("A file holds the key of this history. Whoever has it can read it."));
        m_addKeyring->hide();
        m_dropKeyring->hide();
        return;
    }
    m_keyring->setTexts(tr("System keyring"),
                        ways.keyring ? tr("Opens the history when you are logged in here.") : tr("Not used."));
    m_addKeyring->setVisible(!ways.keyring);
    m_dropKeyring->setVisible(ways.keyring && ways.passphrase);
    m_passphraseRow->setTexts(tr("Passphrase"), ways.passphrase
                                                    ? tr("Opens the history, and unlocks Kith.")
                                                    : tr("None. With one, a locked Kith opens only for you."));
    m_passphrase->setText(ways.passphrase ? tr("Change…") : tr("Add…"));
    m_dropPassphrase->setVisible(ways.passphrase && ways.keyring);
    m_recoveryRow->setTexts(tr("Recovery key"), ways.recoveryKey
                                                    ? tr("Printed or saved. It opens the history if all else is lost.")
                                                    : tr("None. Print one: it opens the history if all else is lost."));
    m_recoveryKey->setText(ways.recoveryKey ? tr("Replace…") : tr("Make one…"));
}

void SecurityDialog::setLock(int minutes, bool atSuspend)
{
    const int index = m_minutes->findData(minutes);
    m_minutes->setCurrentIndex(index < 0 ? 0 : index);
    m_suspend->setChecked(atSuspend);
}

void SecurityDialog::setProblem(const QString &text, const QString &detail)
{
    m_problem->setText(text);
    m_problem->setToolTip(detail);
    m_problem->setVisible(!text.isEmpty());
    if (!text.isEmpty())
        m_note->hide();
}

void SecurityDialog::setNote(const QString &text)
{
    m_note->setText(text);
    m_note->setVisible(!text.isEmpty());
    if (!text.isEmpty())
        m_problem->hide();
}

} // namespace kith::ui
