// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/unlock_page.h"

#include "ui/pages/card.h"
#include "ui/widgets/countdown.h"
#include "ui/widgets/empty_state.h"
#include "ui/widgets/field.h"
#include "ui/words/words.h"

#include <QEvent>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QVBoxLayout>

namespace kith::ui {

namespace {
constexpr int kLeastPassphrase = 8;
}

UnlockPage::UnlockPage(const Theme &theme, QWidget *parent) : QWidget(parent)
{
    setObjectName(QStringLiteral("Page"));
    setAttribute(Qt::WA_StyledBackground);
    QVBoxLayout *card = makeCard(this, 400);
    card->addWidget(new ArtWidget(theme, QStringLiteral("art-lock"), QSize(160, 112), this), 0, Qt::AlignHCenter);
    card->addSpacing(space::kM);
    m_title = new QLabel(this);
    m_title->setObjectName(QStringLiteral("Title"));
    m_title->setAlignment(Qt::AlignHCenter);
    m_title->setWordWrap(true);
    m_hint = new QLabel(this);
    m_hint->setObjectName(QStringLiteral("Muted"));
    m_hint->setAlignment(Qt::AlignHCenter);
    m_hint->setWordWrap(true);
    card->addWidget(m_title);
    card->addSpacing(space::kXs);
    card->addWidget(m_hint);
    card->addSpacing(space::kXl);
    m_first = new Field(theme, Field::Kind::Password, this);
    m_second = new Field(theme, Field::Kind::Password, this);
    for (Field *field : {m_first, m_second}) {
        card->addWidget(field);
        connect(field->edit(), &QLineEdit::returnPressed, this, &UnlockPage::submit);
    }
    card->addSpacing(space::kXs);
    m_submit = new QPushButton(this);
    m_submit->setObjectName(QStringLiteral("Primary"));
    m_submit->setMinimumHeight(40);
    card->addWidget(m_submit);
    connect(m_submit, &QPushButton::clicked, this, &UnlockPage::submit);
    m_other = new QPushButton(this);
    m_other->setObjectName(QStringLiteral("Link"));
    m_other->hide();
    card->addSpacing(space::kM);
    card->addWidget(m_other, 0, Qt::AlignHCenter);
    connect(m_other, &QPushButton::clicked, this, [this] {
        setMode(Mode::Unlock);
        focusFirst();
    });
    m_anew = new QPushButton(this);
    m_anew->setObjectName(QStringLiteral("Link"));
    m_anew->hide();
    card->addWidget(m_anew, 0, Qt::AlignHCenter);
    connect(m_anew, &QPushButton::clicked, this, [this] {
        setMode(m_mode == Mode::Anew ? Mode::Problem : Mode::Anew);
        focusFirst();
    });
    m_countdown = new Countdown(this);
    connect(m_countdown, &Countdown::ticked, this, [this](int seconds) {
        m_submit->setEnabled(seconds == 0 && !m_busy);
        m_first->setError(seconds > 0 ? tr("Too many wrong passphrases. Try again in %n second(s).", nullptr, seconds)
                                      : QString());
    });
    setMode(Mode::Unlock);
}

void UnlockPage::setMode(Mode mode)
{
    m_mode = mode;
    m_countdown->stop();
    m_other->hide();
    const bool unreadable = m_error.sql && (m_error.sql->code == sql::SqlErrorCode::WrongKey ||
                                            m_error.sql->code == sql::SqlErrorCode::Truncated);
    m_anew->setVisible(mode == Mode::Anew || (mode == Mode::Problem && unreadable));
    m_submit->setEnabled(!m_busy);
    m_first->setVisible(mode == Mode::Unlock || mode == Mode::Choose);
    m_second->setVisible(mode == Mode::Choose);
    m_first->setText({});
    m_second->setText({});
    m_first->setError({});
    m_second->setError({});
    retranslate();
}

void UnlockPage::setPassphraseOffered(bool offered)
{
    m_other->setVisible(offered && m_mode == Mode::Problem);
}

void UnlockPage::setBusy(bool busy)
{
    m_busy = busy;
    m_first->setEnabled(!busy);
    m_second->setEnabled(!busy);
    m_submit->setEnabled(!busy && !m_countdown->isRunning());
    retranslate();
}

void UnlockPage::showError(const client::ClientError &error)
{
    m_error = error;
    if (error.code == client::ClientErrorCode::UnlockThrottled) {
        if (m_mode != Mode::Unlock)
            setMode(Mode::Unlock);
        m_countdown->start(error.retryAfter);
        return;
    }
    if (error.code == client::ClientErrorCode::PassphraseWrong) {
        m_first->setError(Words::error(error), Words::errorDetail(error));
        m_first->edit()->selectAll();
        m_first->edit()->setFocus(Qt::OtherFocusReason);
        return;
    }
    setMode(Mode::Problem);
}

void UnlockPage::focusFirst()
{
    if (m_mode == Mode::Anew)
        m_anew->setFocus(Qt::OtherFocusReason); // what cannot be taken back is not under the return key
    else if (m_mode == Mode::Problem || m_mode == Mode::Locked)
        m_submit->setFocus(Qt::OtherFocusReason);
    else
        m_first->edit()->setFocus(Qt::OtherFocusReason);
}

void UnlockPage::changeEvent(QEvent *event)
{
    if (event->type() == QEvent::LanguageChange)
        retranslate();
    QWidget::changeEvent(event);
}

void UnlockPage::retranslate()
{
    m_first->setLabel(m_mode == Mode::Choose ? tr("Passphrase") : tr("Passphrase or recovery key"),
                      m_mode == Mode::Choose ? tr("At least 8 characters") : QString());
    m_other->setText(tr("Passphrase or recovery key"));
    m_anew->setText(m_mode == Mode::Anew ? tr("Back") : tr("Start with an empty one"));
    m_second->setLabel(tr("Passphrase, once more"));
    switch (m_mode) {
    case Mode::Unlock:
        m_title->setText(tr("Unlock your history"));
        m_hint->setText(tr("It is encrypted on this computer. Your passphrase opens it."));
        m_submit->setText(m_busy ? tr("Opening…") : tr("Open"));
        break;
    case Mode::Choose:
        m_title->setText(tr("Choose a passphrase"));
        m_hint->setText(tr("This system has no keyring, so a passphrase protects your history. It is asked for at each "
                           "start, and nobody can restore it."));
        m_submit->setText(m_busy ? tr("Opening…") : tr("Protect my history"));
        break;
    case Mode::Locked:
        m_title->setText(tr("Kith is locked"));
        m_hint->setText(tr("Your history is closed and its key is not in memory."));
        m_submit->setText(m_busy ? tr("Opening…") : tr("Unlock"));
        break;
    case Mode::Problem:
        m_title->setText(tr("Kith cannot open this profile"));
        m_hint->setText(Words::error(m_error));
        m_hint->setToolTip(Words::errorDetail(m_error));
        m_submit->setText(tr("Try again"));
        break;
    case Mode::Anew:
        m_title->setText(tr("Start with an empty history?"));
        m_hint->setText(
            tr("The file that cannot be read stays on this computer, under another name. You log in again, and "
               "what the server has is fetched. What was only here is not."));
        m_hint->setToolTip({});
        m_submit->setText(m_busy ? tr("Opening…") : tr("Start again"));
        break;
    }
}

void UnlockPage::submit()
{
    if (m_busy || m_countdown->isRunning())
        return;
    if (m_mode == Mode::Anew) {
        emit startAnewRequested();
        return;
    }
    if (m_mode == Mode::Problem || m_mode == Mode::Locked) {
        emit retryRequested();
        return;
    }
    const QString words = m_first->text();
    if (words.isEmpty()) {
        m_first->setError(tr("Type your passphrase."));
        return;
    }
    if (m_mode == Mode::Choose && words.size() < kLeastPassphrase) {
        m_first->setError(tr("At least 8 characters."));
        return;
    }
    if (m_mode == Mode::Choose && words != m_second->text()) {
        m_second->setError(tr("The two are not the same."));
        return;
    }
    emit passphraseEntered(words);
}

} // namespace kith::ui
