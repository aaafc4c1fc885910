// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/login_page.h"

#include "core/base/limits.h"
#include "ui/pages/card.h"
#include "ui/widgets/countdown.h"
#include "ui/widgets/empty_state.h"
#include "ui/widgets/field.h"
#include "ui/widgets/notice.h"
#include "ui/words/words.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QHostAddress>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QRegularExpression>

namespace kith::ui {

std::optional<QUrl> parseServer(const QString &typed)
{
    QString text = typed.trimmed();
    if (text.isEmpty() || text.contains(QLatin1Char(' ')))
        return {};
    if (!text.contains(QLatin1String("://"))) {
        const QString host = QUrl(QStringLiteral("//") + text).host();
        const bool here = host == QLatin1String("localhost") || QHostAddress(host).isLoopback();
        text.prepend(here ? QStringLiteral("http://") : QStringLiteral("https://"));
    }
    const QUrl url(text, QUrl::StrictMode);
    const bool known = url.scheme() == QLatin1String("https") || url.scheme() == QLatin1String("http");
    if (!url.isValid() || url.host().isEmpty() || !known)
        return {};
    return url.adjusted(QUrl::RemovePath | QUrl::RemoveQuery | QUrl::RemoveFragment | QUrl::RemoveUserInfo);
}

LoginPage::LoginPage(const Theme &theme, QWidget *parent) : QWidget(parent)
{
    setObjectName(QStringLiteral("Page"));
    setAttribute(Qt::WA_StyledBackground);
    QVBoxLayout *card = makeCard(this, 400);
    card->addWidget(new ArtWidget(theme, QStringLiteral("app"), QSize(80, 56), this), 0, Qt::AlignHCenter);
    card->addSpacing(space::kM);
    m_title = new QLabel(this);
    m_title->setObjectName(QStringLiteral("Title"));
    m_title->setAlignment(Qt::AlignHCenter);
    m_hint = new QLabel(this);
    m_hint->setObjectName(QStringLiteral("Muted"));
    m_hint->setAlignment(Qt::AlignHCenter);
    m_hint->setWordWrap(true);
    card->addWidget(m_title);
    card->addSpacing(space::kXs);
    card->addWidget(m_hint);
    card->addSpacing(space::kL);
    m_notice = makeErrorBox(this);
    card->addWidget(m_notice);

    auto *tabs = new QWidget(this);
    tabs->setObjectName(QStringLiteral("Segmented"));
    tabs->setAttribute(Qt::WA_StyledBackground);
    auto *tabRow = new QHBoxLayout(tabs);
    tabRow->setContentsMargins(3, 3, 3, 3);
    tabRow->setSpacing(3);
    m_loginTab = new QPushButton(tabs);
    m_registerTab = new QPushButton(tabs);
    for (QPushButton *tab : {m_loginTab, m_registerTab}) {
        tab->setObjectName(QStringLiteral("Segment"));
        tab->setCheckable(true);
        tab->setAutoExclusive(true);
        tabRow->addWidget(tab, 1);
    }
    m_loginTab->setChecked(true);
    card->addWidget(tabs);
    card->addSpacing(space::kL);

    m_server = new Field(theme, Field::Kind::Text, this);
    m_user = new Field(theme, Field::Kind::Text, this);
    m_name = new Field(theme, Field::Kind::Text, this);
    m_password = new Field(theme, Field::Kind::Password, this);
    for (Field *field : {m_server, m_user, m_name, m_password}) {
        card->addWidget(field);
        connect(field->edit(), &QLineEdit::returnPressed, this, &LoginPage::submit);
    }
    m_problem = makeErrorBox(this);
    card->addWidget(m_problem);
    card->addSpacing(space::kXs);
    m_submit = new QPushButton(this);
    m_submit->setObjectName(QStringLiteral("Primary"));
    m_submit->setMinimumHeight(40);
    card->addWidget(m_submit);
    connect(m_submit, &QPushButton::clicked, this, &LoginPage::submit);
    m_read = new QPushButton(this);
    m_read->setMinimumHeight(40);
    m_read->setAutoDefault(false);
    m_read->hide();
    card->addSpacing(space::kS);
    card->addWidget(m_read);
    connect(m_read, &QPushButton::clicked, this, &LoginPage::readRequested);
    m_settings = new QPushButton(this);
    m_settings->setObjectName(QStringLiteral("Link"));
    m_settings->setAutoDefault(false);
    card->addWidget(m_settings, 0, Qt::AlignHCenter);
    connect(m_settings, &QPushButton::clicked, this, &LoginPage::settingsRequested);
    m_countdown = new Countdown(this);
    connect(m_countdown, &Countdown::ticked, this, [this](int seconds) {
        m_submit->setEnabled(seconds == 0 && !m_busy);
        m_problem->setText(tr("Too many attempts. Try again in %n second(s).", nullptr, seconds));
        m_problem->setVisible(seconds > 0);
    });
    connect(m_registerTab, &QPushButton::toggled, this, &LoginPage::setRegistering);
    setRegistering(false);
}

void LoginPage::setServer(const QUrl &server)
{
    m_server->setText(server.toString(QUrl::RemovePath));
}

void LoginPage::setHistoryOf(const QString &user)
{
    m_historyOf = user;
    m_read->setVisible(!user.isEmpty());
    if (!user.isEmpty() && m_user->text().isEmpty())
        m_user->setText(user);
    retranslate();
}

void LoginPage::setRegistering(bool registering)
{
    m_registering = registering;
    (registering ? m_registerTab : m_loginTab)->setChecked(true);
    m_name->setVisible(registering);
    for (Field *field : {m_server, m_user, m_name, m_password})
        field->setError({});
    m_problem->hide();
    retranslate();
}

void LoginPage::setBusy(bool busy)
{
    m_busy = busy;
    for (QWidget *w : std::initializer_list<QWidget *>{m_server, m_user, m_name, m_password, m_loginTab, m_registerTab})
        w->setEnabled(!busy);
    m_submit->setEnabled(!busy && !m_countdown->isRunning());
    m_read->setEnabled(!busy);
    if (busy)
        m_problem->hide();
    retranslate();
}

void LoginPage::setNotice(const QString &notice)
{
    m_notice->setText(notice);
    m_notice->setVisible(!notice.isEmpty());
}

void LoginPage::showError(const client::ClientError &error)
{
    using client::ClientErrorCode;
    const QString words = Words::error(error), detail = Words::errorDetail(error);
    Field *beside = nullptr;
    if (error.wire && error.wire->code == protocol::ErrorCode::RateLimited && error.wire->retryAfterMs > 0)
        return m_countdown->start(std::chrono::milliseconds(error.wire->retryAfterMs));
    switch (error.code) {
    case ClientErrorCode::Unreachable:
    case ClientErrorCode::Proxy:
    case ClientErrorCode::Tls:
    case ClientErrorCode::NotKith:
    case ClientErrorCode::InsecureRefused:
        beside = m_server;
        break;
    case ClientErrorCode::Server:
        if (error.wire && error.wire->code == protocol::ErrorCode::InvalidCredentials)
            beside = m_password;
        else if (error.wire && error.wire->field == "username")
            beside = m_user;
        else if (error.wire && error.wire->field == "password")
            beside = m_password;
        else if (error.wire && error.wire->field == "display_name")
            beside = m_name;
        break;
    case ClientErrorCode::NotLoggedIn:
    case ClientErrorCode::Storage:
    case ClientErrorCode::ProfileInUse:
    case ClientErrorCode::KeyringLocked:
    case ClientErrorCode::KeyringAbsent:
    case ClientErrorCode::KeyringUnavailable:
    case ClientErrorCode::KeyringSlow:
    case ClientErrorCode::KeyMissing:
    case ClientErrorCode::PassphraseNeeded:
    case ClientErrorCode::PassphraseWrong:
    case ClientErrorCode::UnlockThrottled:
    case ClientErrorCode::KeyFileBad:
    case ClientErrorCode::File:
    case ClientErrorCode::Cancelled:
        break; // these concern the whole page
    }
    if (beside == m_user && m_registering) {
        const bool taken = error.wire->code != protocol::ErrorCode::Malformed;
        m_user->setError(taken ? tr("This name is taken. Choose another one.")
                               : tr("3 to 32 of the letters a–z, digits, and _ . -"),
                         detail);
    } else if (beside == m_password && m_registering && error.wire) {
        m_password->setError(tr("Too easy to guess, or shorter than 8 characters. Choose another one."), detail);
    } else if (beside) {
        beside->setError(words, detail);
    } else {
        m_problem->setText(words);
        m_problem->setToolTip(detail);
        m_problem->setVisible(!words.isEmpty());
    }
    if (beside) {
        beside->edit()->setFocus(Qt::OtherFocusReason);
        beside->edit()->selectAll();
    }
}

void LoginPage::clearSecrets()
{
    m_password->setText({});
    m_password->edit()->setEchoMode(QLineEdit::Password);
}

void LoginPage::focusFirst()
{
    for (Field *field : {m_server, m_user, m_password}) {
        if (field->text().isEmpty())
            return field->edit()->setFocus(Qt::OtherFocusReason);
    }
    m_password->edit()->setFocus(Qt::OtherFocusReason);
}

void LoginPage::changeEvent(QEvent *event)
{
    if (event->type() == QEvent::LanguageChange)
        retranslate();
    QWidget::changeEvent(event);
}

void LoginPage::retranslate()
{
    m_title->setText(tr("Welcome to Kith"));
    m_hint->setText(tr("Your history is kept here, encrypted."));
    m_settings->setText(tr("Settings and proxy…"));
    m_read->setText(tr("Read the history of %1 without logging in").arg(m_historyOf));
    m_loginTab->setText(tr("Log in"));
    m_registerTab->setText(tr("Create account"));
    m_server->setLabel(tr("Server"), tr("chat.example.org"));
    m_user->setLabel(tr("User name"));
    m_name->setLabel(tr("Your name"), tr("As others see it"));
    m_password->setLabel(tr("Password"), m_registering ? tr("At least 8 characters") : QString());
    m_submit->setText(m_busy          ? (m_registering ? tr("Creating the account…") : tr("Logging in…"))
                      : m_registering ? tr("Create account")
                                      : tr("Log in"));
}

void LoginPage::submit()
{
    if (m_busy || m_countdown->isRunning())
        return;
    const auto server = parseServer(m_server->text());
    const QString user = m_user->text().trimmed().toLower();
    static const QRegularExpression names(QStringLiteral("^[a-z0-9_.-]{3,32}$"));
    m_server->setError(server ? QString() : tr("Type the address of a server, such as chat.example.org."));
    m_user->setError(names.match(user).hasMatch() ? QString()
                     : user.isEmpty()             ? tr("Type your user name.")
                                                  : tr("3 to 32 of the letters a–z, digits, and _ . -"));
    const bool shortPassword = m_registering && m_password->text().size() < static_cast<int>(limits::kMinPassword);
    m_password->setError(m_password->text().isEmpty() ? tr("Type your password.")
                         : shortPassword              ? tr("At least 8 characters.")
                                                      : QString());
    for (Field *field : {m_server, m_user, m_password}) {
        if (field->hasError())
            return field->edit()->setFocus(Qt::OtherFocusReason);
    }
    setNotice({});
    if (m_registering) {
        const QString name = m_name->text().trimmed();
        emit registerRequested(*server, user, m_password->text(), name.isEmpty() ? m_user->text().trimmed() : name);
    } else {
        emit loginRequested(*server, user, m_password->text());
    }
}

} // namespace kith::ui
