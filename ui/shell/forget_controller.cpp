// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/forget_controller.h"

#include <QDateTime>

namespace kith::ui {

ForgetController::ForgetController(client::Client &client, ConversationId conversation, const QString &name,
                                   const Theme &theme, QWidget *window)
    : m_client(client), m_conversation(std::move(conversation)), m_dialog(new ForgetDialog(theme, name, window))
{
    setParent(m_dialog);
    connect(m_dialog, &ForgetDialog::choiceChanged, this, [this] { survey(); });
    connect(m_dialog, &ForgetDialog::forgetRequested, this, [this] { forget(); });
    connect(&m_client, &client::Client::forgetChanged, m_dialog, &ForgetDialog::setProgress);
    survey();
}

std::vector<ConversationId> ForgetController::chosen() const
{
    return m_dialog->isOfAll() ? std::vector<ConversationId>() : std::vector{m_conversation};
}

Timestamp ForgetController::before() const
{
    return fromUnixMs(m_dialog->keepFrom().startOfDay().toMSecsSinceEpoch());
}

QCoro::Task<void> ForgetController::survey()
{
    const QPointer<ForgetController> alive(this);
    const auto asked = ++m_asked;
    auto task = m_client.surveyForget(chosen(), before());
    auto found = co_await task;
    if (!alive || !m_dialog || asked != m_asked)
        co_return;
    if (found)
        m_dialog->setSurvey(*found, true);
    else
        m_dialog->setFailed(found.error());
}

QCoro::Task<void> ForgetController::forget()
{
    const QPointer<ForgetController> alive(this);
    ++m_asked;
    auto task = m_client.forget(chosen(), before());
    auto done = co_await task;
    if (!alive || !m_dialog)
        co_return;
    if (done)
        m_dialog->setDone(*done);
    else
        m_dialog->setFailed(done.error());
}

} // namespace kith::ui
