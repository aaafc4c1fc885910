// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/inspector/json_highlighter.h"

#include <QTextBlock>
#include <QTextDocument>

namespace kith::ui {

JsonHighlighter::JsonHighlighter(const Theme &theme, QTextDocument *document)
    : QSyntaxHighlighter(document), m_theme(theme)
{
    connect(&theme, &Theme::changed, this, &QSyntaxHighlighter::rehighlight);
}

void JsonHighlighter::highlightBlock(const QString &text)
{
    const QString first = document()->firstBlock().text();
    if (!first.startsWith(QLatin1Char('{')) && !first.startsWith(QLatin1Char('[')))
        return; // a call, not a frame
    // A line of pretty JSON holds no line break inside a text: no state goes from line to line.
    const auto colour = [&](qsizetype from, qsizetype count, Token token) {
        setFormat(static_cast<int>(from), static_cast<int>(count), m_theme[token]);
    };
    for (qsizetype at = 0; at < text.size();) {
        const QChar c = text[at];
        const qsizetype from = at;
        if (c == QLatin1Char('"')) {
            for (++at; at < text.size() && text[at] != QLatin1Char('"'); ++at)
                if (text[at] == QLatin1Char('\\'))
                    ++at;
            at = std::min(at + 1, text.size());
            const bool name = at < text.size() && text[at] == QLatin1Char(':');
            colour(from, at - from, name ? Token::Link : Token::TickRead);
        } else if (c.isDigit() || c == QLatin1Char('-')) {
            while (at < text.size() && (text[at].isLetterOrNumber() || QStringLiteral("+-.").contains(text[at])))
                ++at;
            colour(from, at - from, Token::Accent);
        } else if (c.isLetter()) {
            while (at < text.size() && text[at].isLetter())
                ++at;
            colour(from, at - from, Token::Muted);
        } else {
            ++at;
        }
    }
}

} // namespace kith::ui
