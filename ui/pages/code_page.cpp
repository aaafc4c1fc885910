// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/code_page.h"

#include "ui/pages/card.h"
#include "ui/widgets/code_field.h"
#include "ui/widgets/countdown.h"
#include "ui/widgets/empty_state.h"
#include "ui/widgets/field.h"
#include "ui/words/words.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>

namespace kith::ui {

using Kind = client::SecondFactorCode::Kind;

CodePage::CodePage(const Theme &theme, QWidget *parent) : QWidget(parent)
{
    setObjectName(QStringLiteral("Page"));
    setAttribute(Qt::WA_StyledBackground);
    QVBoxLayout *card = makeCard(this, 400);
    card->addWidget(new ArtWidget(theme, QStringLiteral("art-lock"), QSize(160, 112), this), 0, Qt::AlignHCenter);
    card->addSpacing(space::kM);
    m_title = new QLabel(this);
    m_title->setObjectName(QStringLiteral("Title"));
    m_hint = new QLabel(this);
    m_hint->setObjectName(QStringLiteral("Muted"));
    for (QLabel *label : {m_title, m_hint}) {
        label->setAlignment(Qt::AlignHCenter);
        label->setWordWrap(true);
        card->addWidget(label);
        card->addSpacing(space::kXs);
    }
    card->addSpacing(space::kXl);
    m_code = new CodeField(theme, this);
    card->addWidget(m_code);
    card->addSpacing(space::kXs);
    m_submit = new QPushButton(this);
    m_submit->setObjectName(QStringLiteral("Primary"));
    m_submit->setMinimumHeight(40);
    card->addWidget(m_submit);
    card->addSpacing(space::kM);
    m_back = new QPushButton(this);
    m_other = new QPushButton(this);
    auto *row = new QHBoxLayout;
    for (QPushButton *link : {m_back, m_other})
        link->setObjectName(QStringLiteral("Link"));
    row->addWidget(m_back);
    row->addStretch();
    row->addWidget(m_other);
    card->addLayout(row);
    m_countdown = new Countdown(this);
    connect(m_countdown, &Countdown::ticked, this, [this](int seconds) {
        m_submit->setEnabled(seconds == 0 && !m_busy);
        if (seconds > 0)
            m_code->setError(tr("Too many attempts. Try again in %n second(s).", nullptr, seconds));
        else
            m_code->setError({});
    });
    connect(m_code, &CodeField::completed, this, &CodePage::submit);
    connect(m_submit, &QPushButton::clicked, this, &CodePage::submit);
    connect(m_back, &QPushButton::clicked, this, &CodePage::cancelled);
    connect(m_other, &QPushButton::clicked, this, [this] { setRecovery(!m_recovery); });
    retranslate();
}

void CodePage::begin(const QString &user)
{
    m_user = user;
    m_countdown->stop();
    setBusy(false);
    setRecovery(false);
}

void CodePage::setRecovery(bool recovery)
{
    m_recovery = recovery;
    m_code->setKind(recovery ? Kind::RecoveryCode : Kind::Totp);
    retranslate();
    m_code->focusText();
}

void CodePage::setBusy(bool busy)
{
    m_busy = busy;
    m_code->setEnabled(!busy);
    m_submit->setEnabled(!busy && !m_countdown->isRunning());
    m_other->setEnabled(!busy);
    retranslate();
}

void CodePage::showError(const client::ClientError &error)
{
    if (error.wire && error.wire->code == protocol::ErrorCode::RateLimited && error.wire->retryAfterMs > 0)
        m_countdown->start(std::chrono::milliseconds(error.wire->retryAfterMs));
    else
        m_code->setError(Words::error(error), Words::errorDetail(error));
    m_code->focusText();
}

void CodePage::submit()
{
    if (m_busy || m_countdown->isRunning())
        return;
    if (!m_code->isComplete()) {
        m_code->setError(m_recovery ? tr("Type one of your recovery codes.") : tr("The code has six digits."));
        return;
    }
    m_code->setError({});
    emit entered(m_code->code());
}

void CodePage::changeEvent(QEvent *event)
{
    if (event->type() == QEvent::LanguageChange)
        retranslate();
    QWidget::changeEvent(event);
}

void CodePage::retranslate()
{
    m_title->setText(m_recovery ? tr("Use a recovery code") : tr("Enter the code"));
    m_hint->setText(m_recovery ? tr("Each of them works once. You kept them when you turned the second factor on.")
                               : tr("The authenticator app on your telephone shows it for %1.").arg(m_user));
    m_submit->setText(m_busy ? tr("Logging in…") : tr("Log in"));
    m_other->setText(m_recovery ? tr("Use the authenticator") : tr("Use a recovery code"));
    m_back->setText(tr("Back"));
}

} // namespace kith::ui
