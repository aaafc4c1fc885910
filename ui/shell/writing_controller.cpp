// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/writing_controller.h"

#include "core/models/emoji.h"
#include "ui/spelling/spell_marks.h"
#include "ui/widgets/composer.h"

#include <QPointer>

#include <array>
#include <map>

namespace kith::ui {

namespace {
constexpr const char *kRecent = "emoji_recent";  // one a line, newest first
constexpr const char *kSpelling = "spelling";    // SpellChecker::choice()
constexpr const char *kWords = "spelling_words"; // one a line
constexpr std::array kAll{kRecent, kSpelling, kWords};
} // namespace

WritingController::WritingController(client::Client &client, QObject *parent) : QObject(parent), m_client(client) {}

void WritingController::attach(Composer &composer)
{
    m_composer = &composer;
    connect(&composer, &QObject::destroyed, this, [this] { m_composer = nullptr; });
    connect(&composer, &Composer::emojiUsed, this,
            [this] { keep(kRecent, m_composer->emoji().recentTexts().join(u'\n').toStdString()); });
    SpellChecker *checker = &composer.spelling()->checker();
    connect(checker, &SpellChecker::choiceChanged, this, [this, checker] {
        if (!m_reading)
            keep(kSpelling, checker->choice().toStdString());
    });
    connect(checker, &SpellChecker::ownWordsChanged, this,
            [this, checker] { keep(kWords, checker->ownWords().join(u'\n').toStdString()); });
}

QCoro::Task<void> WritingController::enter()
{
    const QPointer<WritingController> alive(this);
    const auto visit = ++m_visit;
    std::map<std::string, QString> kept;
    for (const char *one : kAll) {
        std::string name = one;
        auto task = m_client.setting(std::move(name));
        auto value = co_await task;
        if (!alive || visit != m_visit || !m_composer)
            co_return;
        if (value && value.value())
            kept[one] = QString::fromStdString(*value.value());
    }
    SpellChecker &checker = m_composer->spelling()->checker();
    m_reading = true;
    m_composer->emoji().setRecentTexts(kept[kRecent].split(u'\n', Qt::SkipEmptyParts));
    checker.setOwnWords(kept[kWords].split(u'\n', Qt::SkipEmptyParts));
    checker.setChoice(kept[kSpelling]);
    m_reading = false;
    checker.start();
}

void WritingController::leave()
{
    ++m_visit;
    if (!m_composer)
        return;
    m_composer->emoji().setRecentTexts({});
    m_composer->spelling()->checker().setOwnWords({});
    m_composer->spelling()->checker().forget();
    // What was being written is in the history, as a draft; here nobody may read it, nor undo its end.
    m_composer->setDraft({});
}

QCoro::Task<void> WritingController::keep(std::string name, std::string value)
{
    auto task = m_client.setSetting(std::move(name), std::move(value));
    co_await task; // of no account to the message that is being written
}

} // namespace kith::ui
