// SPDX-License-Identifier: GPL-3.0-or-later
// Offers emoji while one is named behind a colon.
#pragma once

#ifndef Q_MOC_RUN // moc 6.4 stumbles over libstdc++
#include "core/models/emoji.h"
#endif
#include "ui/widgets/completion_popup.h"

namespace kith::ui {

class EmojiCompleter final : public CompletionPopup {
    Q_OBJECT
public:
    EmojiCompleter(const Theme &theme, QPlainTextEdit &edit, models::EmojiShelf &shelf);

signals:
    void used();

private:
    void update() override;
    QString take(int row) override;
    QString accessibleName() const override;

    models::EmojiShelf &m_shelf;
    models::EmojiModel m_found;
};

} // namespace kith::ui
