// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/banner.h"

#include "ui/widgets/icon_label.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>

namespace kith::ui {

namespace {
// What is over sooner than this needs no words (LOOK.md: longer than 200 ms shows that it works; a connection that is
// made in less than this would only flash).
constexpr int kPatienceMs = 600;
} // namespace

Banner::Banner(const Theme &theme, QWidget *parent) : QWidget(parent), m_theme(theme)
{
    setObjectName(QStringLiteral("Banner"));
    setAttribute(Qt::WA_StyledBackground);
    auto *layout = new QHBoxLayout(this);
    layout->setContentsMargins(space::kL, 6, space::kL, 6);
    layout->setSpacing(space::kS);
    m_icon = new IconLabel(this);
    m_label = new QLabel(this);
    m_label->setWordWrap(true);
    m_retry = new QPushButton(this);
    m_retry->setObjectName(QStringLiteral("Link"));
    m_close = new QPushButton(this);
    m_close->setObjectName(QStringLiteral("Link"));
    layout->addWidget(m_icon);
    layout->addWidget(m_label, 1);
    layout->addWidget(m_retry);
    layout->addWidget(m_close);
    m_tick.setInterval(250);
    m_patience.setSingleShot(true);
    m_patience.setInterval(kPatienceMs);
    connect(&m_tick, &QTimer::timeout, this, &Banner::refresh);
    connect(&m_patience, &QTimer::timeout, this, [this] {
        m_patient = false;
        refresh();
    });
    connect(m_retry, &QPushButton::clicked, this, &Banner::retryClicked);
    connect(m_close, &QPushButton::clicked, this, [this] { setTrouble({}, {}); });
    connect(&theme, &Theme::changed, this, &Banner::refresh);
    refresh();
}

void Banner::setStatus(const client::LinkStatus &status)
{
    const bool startsConnecting = status.phase == client::LinkPhase::Connecting &&
                                  m_status.phase != client::LinkPhase::Waiting &&
                                  m_status.phase != client::LinkPhase::Connecting;
    m_status = status;
    m_since.start();
    if (startsConnecting) {
        m_patient = true;
        m_patience.start();
    }
    if (status.phase == client::LinkPhase::Waiting)
        m_tick.start();
    else
        m_tick.stop();
    refresh();
}

void Banner::setTrouble(const QString &text, const QString &detail)
{
    m_trouble = text;
    m_troubleDetail = detail;
    refresh();
}

QString Banner::text() const
{
    return isHidden() ? QString() : m_label->text();
}

void Banner::changeEvent(QEvent *event)
{
    if (event->type() == QEvent::LanguageChange)
        refresh();
    QWidget::changeEvent(event);
}

void Banner::refresh()
{
    using client::LinkPhase;
    m_retry->setText(tr("Retry now"));
    m_close->setText(tr("Close"));
    m_close->setVisible(!m_trouble.isEmpty());
    QString text, symbol = QStringLiteral("offline");
    bool retry = false;
    if (!m_trouble.isEmpty()) {
        text = m_trouble;
        symbol = QStringLiteral("alert");
    } else {
        switch (m_status.phase) {
        case LinkPhase::LoggedOut:
            break;
        case LinkPhase::Online:
            break;
        case LinkPhase::Offline:
            text = tr("Offline. Everything that is on this computer can be read.");
            retry = true;
            break;
        case LinkPhase::Connecting:
            symbol = QStringLiteral("clock");
            text = m_patient ? QString() : tr("Connecting…");
            break;
        case LinkPhase::Waiting: {
            const auto left = m_status.retryIn - std::chrono::milliseconds(m_since.isValid() ? m_since.elapsed() : 0);
            const int seconds = std::max(0, static_cast<int>((left.count() + 999) / 1000));
            text = seconds > 0 ? tr("No connection to the server. Next attempt in %n s.", nullptr, seconds)
                               : tr("No connection to the server. Trying again…");
            retry = true;
            break;
        }
        }
    }
    m_label->setText(text);
    m_label->setToolTip(m_trouble.isEmpty() ? m_status.reason : m_troubleDetail);
    m_icon->show(symbol, m_theme[Token::OnNotice]);
    m_retry->setVisible(retry);
    setVisible(!text.isEmpty());
}

} // namespace kith::ui
