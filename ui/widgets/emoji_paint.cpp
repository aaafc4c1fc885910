// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/emoji_paint.h"

#include "ui/widgets/list_row.h"

#include <QApplication>
#include <QFile>
#include <QGlyphRun>
#include <QPainter>
#include <QRawFont>
#include <QTextLayout>

#include <algorithm>

namespace kith::ui {

namespace {
constexpr int kCellPixels = 24, kRowPixels = 20;

QFont emojiFont(int pixels)
{
    QFont font = QApplication::font(); // its families end with those of emoji
    // First those of emoji: the text's font has line drawings of the older ones.
    QStringList families = font.families();
    std::stable_partition(families.begin(), families.end(),
                          [](const QString &family) { return family.contains(QLatin1String("Emoji")); });
    font.setFamilies(families);
    font.setPixelSize(pixels);
    return font;
}

/// Asks the fonts, which is slow enough to ask once only and to keep the font.
class Drawer final {
public:
    /// As EmojiShelf::Form wants it: a family of four that falls apart into its members, or a box, is not what its name
    /// says.
    QString form(const QString &emoji)
    {
        if (!m_raw.isValid())
            m_raw = QRawFont::fromFont(m_font);
        const QList<uint> codes = emoji.toUcs4();
        if (codes.size() == 1 || (codes.size() == 2 && codes[1] == kSelector))
            return m_raw.supportsCharacter(codes[0]) || m_metrics.inFontUcs4(codes[0]) ? emoji : QString();
        if (isOne(emoji))
            return emoji;
        // Qt 6.4 does not see through selectors within a sequence; the form without them is as valid to read.
        QString bare = emoji;
        bare.remove(QChar(kSelector));
        return bare != emoji && isOne(bare) ? bare : QString();
    }

private:
    static constexpr char16_t kSelector = 0xfe0f;

    bool isOne(const QString &emoji)
    {
        QTextLayout layout(emoji, m_font);
        layout.beginLayout();
        const QTextLine line = layout.createLine();
        layout.endLayout();
        const QList<QGlyphRun> runs = layout.glyphRuns();
        const bool boxes =
            std::any_of(runs.begin(), runs.end(), [](const auto &r) { return r.glyphIndexes().contains(0); });
        return !boxes && line.naturalTextWidth() < 1.5 * m_metrics.horizontalAdvance(QStringLiteral("🙂"));
    }

    QFont m_font = emojiFont(kCellPixels);
    QFontMetricsF m_metrics{m_font};
    QRawFont m_raw;
};
} // namespace

std::unique_ptr<models::EmojiShelf> makeEmojiShelf()
{
    const auto load = [] {
        QFile file(QStringLiteral(":/emoji.tsv"));
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    };
    const auto form = [drawer = std::shared_ptr<Drawer>()](const QString &emoji) mutable {
        if (!drawer)
            drawer = std::make_shared<Drawer>();
        return drawer->form(emoji);
    };
    return std::make_unique<models::EmojiShelf>(load, form);
}

void paintEmoji(QPainter &painter, const QRectF &rect, const QString &emoji, int pixels)
{
    painter.setFont(emojiFont(pixels));
    painter.drawText(rect, Qt::AlignCenter | Qt::TextDontClip, emoji);
}

QSize EmojiDelegate::sizeHint(const QStyleOptionViewItem &, const QModelIndex &) const
{
    return m_shape == Shape::Cell ? QSize(kCell, kCell) : QSize(kRow, kRow);
}

void EmojiDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    QPainter &p = *painter;
    p.save();
    p.setRenderHint(QPainter::Antialiasing);
    if (m_shape == Shape::Row) {
        paintRowGround(p, option, m_theme, Token::Surface);
    } else if (option.state & (QStyle::State_Selected | QStyle::State_MouseOver)) {
        const bool selected = option.state & QStyle::State_Selected;
        // The keys go to the cell that is marked, so it is the one with the ring.
        p.setPen(selected ? QPen(m_theme[Token::Focus], 2) : QPen(Qt::NoPen));
        p.setBrush(m_theme[selected ? Token::Selection : Token::Hover]);
        p.drawRoundedRect(QRectF(option.rect).adjusted(2, 2, -2, -2), 8, 8);
    }
    p.setPen(m_theme[Token::Text]);
    const QString emoji = index.data(Qt::DisplayRole).toString();
    if (m_shape == Shape::Cell) {
        paintEmoji(p, option.rect, emoji, kCellPixels);
    } else {
        const QRect picture(option.rect.left() + space::kXs, option.rect.top(), kRow, option.rect.height());
        paintEmoji(p, picture, emoji, kRowPixels);
        const QRect words(picture.right() + space::kS, option.rect.top(),
                          option.rect.right() - picture.right() - 2 * space::kS, option.rect.height());
        p.setFont(m_theme.bodyFont());
        p.drawText(words, Qt::AlignLeft | Qt::AlignVCenter,
                   QFontMetrics(m_theme.bodyFont())
                       .elidedText(index.data(models::EmojiModel::NameRole).toString(), Qt::ElideRight, words.width()));
    }
    p.restore();
}

} // namespace kith::ui
