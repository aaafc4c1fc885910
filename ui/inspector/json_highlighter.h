// SPDX-License-Identifier: GPL-3.0-or-later
// Colours of the theme for names, texts and numbers of JSON.
#pragma once

#include "ui/theme/theme.h"

#include <QSyntaxHighlighter>

namespace kith::ui {

class JsonHighlighter final : public QSyntaxHighlighter {
    Q_OBJECT
public:
    JsonHighlighter(const Theme &theme, QTextDocument *document);

protected:
    void highlightBlock(const QString &text) override;

private:
    const Theme &m_theme;
};

} // namespace kith::ui
