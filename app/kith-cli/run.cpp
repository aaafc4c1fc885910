// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/kith-cli/arrange.h"
#include "app/kith-cli/avatar.h"
#include "app/kith-cli/cli.h"

#include "app/kith-cli/console.h"
#include "app/kith-cli/coverage.h"
#include "app/kith-cli/download.h"
#include "app/kith-cli/export.h"
#include "app/kith-cli/messages.h"
#include "app/kith-cli/outbox.h"
#include "app/kith-cli/people.h"
#include "app/kith-cli/reading.h"
#include "app/kith-cli/search.h"
#include "app/kith-cli/security.h"
#include "app/kith-cli/session.h"
#include "app/kith-cli/wire.h"
#include "core/client/errors.h"

#include <QEventLoop>

#if defined(__unix__) || defined(__APPLE__)
#include <unistd.h>
#endif

namespace kith::cli {

namespace {

using client::ClientErrorCode;

class Runner final {
public:
    explicit Runner(const Arguments &arguments) : m_console(arguments) {}

    Exit exec()
    {
        QEventLoop loop;
        bool done = false;
        QObject context;
        QCoro::connect(command(), &context, [&](Exit exit) {
            m_exit = exit;
            done = true;
            loop.quit();
        });
        if (!done)
            loop.exec();
        return m_exit;
    }

private:
    QCoro::Task<Exit> command()
    {
        auto opened = co_await open();
        if (!opened)
            co_return m_console.fail(opened.error());
        if (m_console.arguments.command == Command::Check)
            co_return co_await check();
        tellRepair();
        QObject::connect(&m_console.core, &client::Client::historyRepaired, &m_console.core, [this] { tellRepair(); });
        const bool needsSession =
            m_console.arguments.command != Command::Register && m_console.arguments.command != Command::Login &&
            m_console.arguments.command != Command::Status && m_console.arguments.command != Command::Diagnostics &&
            !concernsKey(m_console.arguments.command) && !m_console.isLocal();
        if (needsSession && !m_console.core.isLoggedIn())
            co_return m_console.fail(client::makeError(ClientErrorCode::NotLoggedIn, QStringLiteral("log in first")));
        switch (m_console.arguments.command) {
        case Command::Register:
            co_return co_await runRegister(m_console);
        case Command::Login:
            co_return co_await runLogin(m_console);
        case Command::Logout:
            co_return co_await runLogout(m_console);
        case Command::Whoami:
            m_console.output.user(m_console.core.self(), m_console.core.server().toString().toStdString(),
                                  m_console.core.deviceId().toStdString());
            co_return Exit::Done;
        case Command::Conversations:
            co_return co_await runConversations(m_console);
        case Command::Arrange:
            co_return co_await runArrange(m_console);
        case Command::Send:
            co_return co_await runSend(m_console);
        case Command::Edit:
        case Command::Recall:
        case Command::Like:
        case Command::Unlike:
            co_return co_await runChange(m_console);
        case Command::Receipts:
            co_return co_await runReceipts(m_console);
        case Command::Outbox:
            co_return co_await runOutbox(m_console);
        case Command::Retry:
            co_return co_await runRetry(m_console);
        case Command::Discard:
            co_return co_await runDiscard(m_console);
        case Command::History:
            co_return co_await runHistory(m_console);
        case Command::Days:
            co_return co_await runDays(m_console);
        case Command::Search:
            co_return co_await runSearch(m_console);
        case Command::Tail:
            co_return co_await runTail(m_console);
        case Command::Status:
            co_return co_await runStatus(m_console);
        case Command::Wire:
            co_return co_await runWire(m_console);
        case Command::Diagnostics:
            co_return co_await runDiagnostics(m_console);
        case Command::Check:
            break; // before anybody has to be logged in
        case Command::Download:
            co_return co_await runDownload(m_console);
        case Command::Export:
            co_return co_await runExport(m_console);
        case Command::Coverage:
            co_return co_await runCoverage(m_console);
        case Command::Forget:
            co_return co_await runForget(m_console);
        case Command::GroupCreate:
        case Command::GroupMembers:
        case Command::GroupInvite:
        case Command::GroupRemove:
        case Command::GroupLeave:
        case Command::GroupRename:
        case Command::GroupAbout:
        case Command::GroupRole:
        case Command::Profile:
        case Command::Block:
        case Command::Unblock:
        case Command::Blocked:
            co_return co_await runPeople(m_console);
        case Command::AvatarSet:
        case Command::AvatarClear:
        case Command::AvatarSave:
            co_return co_await runAvatar(m_console);
        case Command::MfaStatus:
        case Command::MfaEnroll:
        case Command::MfaBind:
        case Command::MfaUnbind:
        case Command::MfaRecoveryCodes:
        case Command::Devices:
        case Command::RevokeDevice:
        case Command::ChangePassword:
        case Command::Audit:
        case Command::KeyStatus:
        case Command::KeyPassphrase:
        case Command::KeyNoPassphrase:
        case Command::KeyRecovery:
        case Command::KeyKeyring:
        case Command::KeyNoKeyring:
            co_return co_await security();
        }
        co_return Exit::Usage;
    }

    /// Where the profile is protected by a passphrase, or there is no keyring to protect a new one, it is asked for.
    Answer<void> open()
    {
        auto task = m_console.arguments.startAnew ? m_console.core.openAnew({}) : m_console.core.open();
        auto opened = co_await task;
        if (opened || (opened.error().code != ClientErrorCode::PassphraseNeeded &&
                       opened.error().code != ClientErrorCode::KeyringAbsent))
            co_return opened;
#if defined(__unix__) || defined(__APPLE__)
        if (!::isatty(STDIN_FILENO))
            co_return opened; // standard input may carry the account's password: never mistake one for the other
#endif
        auto phrase = readPassword(opened.error().code == ClientErrorCode::PassphraseNeeded
                                       ? "Passphrase of this profile: "
                                       : "New passphrase for this profile: ");
        if (!phrase || phrase->empty())
            co_return opened;
        auto secret = crypto::Secret::take(std::move(*phrase));
        auto again = m_console.arguments.startAnew ? m_console.core.openAnew(std::move(secret))
                                                   : m_console.core.openWithPassphrase(std::move(secret));
        co_return co_await again;
    }

    void tellRepair()
    {
        if (const auto repair = m_console.core.takeRepair())
            m_console.output.repaired(*repair);
    }

    QCoro::Task<Exit> check()
    {
        auto repaired = m_console.core.takeRepair();
        auto task = m_console.core.checkHistory();
        auto sound = co_await task;
        if (!sound)
            co_return m_console.fail(sound.error());
        if (auto now = m_console.core.takeRepair())
            repaired = std::move(now);
        m_console.output.checked(repaired);
        co_return Exit::Done;
    }

    QCoro::Task<Exit> security()
    {
        auto task = runSecurity(m_console.arguments, m_console.core, m_console.output);
        auto done = co_await task;
        if (done)
            co_return Exit::Done;
        co_return done.error().code == ClientErrorCode::Cancelled ? m_console.usage("standard input ended too early")
                                                                  : m_console.fail(done.error());
    }

    Console m_console;
    Exit m_exit = Exit::Failed;
};

} // namespace

Exit run(const Arguments &arguments)
{
    return Runner(arguments).exec();
}

} // namespace kith::cli
