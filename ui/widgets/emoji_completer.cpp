// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/emoji_completer.h"

#include "ui/widgets/emoji_paint.h"

#include <QPlainTextEdit>

namespace kith::ui {

namespace {
constexpr std::size_t kMostOffered = 12; // the picker has the rest
}

EmojiCompleter::EmojiCompleter(const Theme &theme, QPlainTextEdit &edit, models::EmojiShelf &shelf)
    : CompletionPopup(edit), m_shelf(shelf), m_found(shelf, nullptr)
{
    show(m_found, new EmojiDelegate(theme, EmojiDelegate::Shape::Row, this), EmojiDelegate::kRow);
}

void EmojiCompleter::update()
{
    const std::optional<models::EmojiQuery> query =
        models::emojiAt(edit().toPlainText(), edit().textCursor().position());
    if (!mayOffer(query ? query->start : -1))
        return hide();
    std::vector<int> found = m_shelf.find(query->typed, kMostOffered);
    if (found.empty())
        return hide();
    m_found.reset(std::move(found));
    offer(query->start);
}

QString EmojiCompleter::take(int row)
{
    const int index = m_found.at(row);
    m_shelf.use(index);
    emit used();
    return m_shelf.at(index).text;
}

QString EmojiCompleter::accessibleName() const
{
    return tr("Emoji");
}

} // namespace kith::ui
