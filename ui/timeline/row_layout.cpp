// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/timeline/row_layout.h"

#include "ui/words/words.h"

#include <QFontDatabase>
#include <QFontInfo>
#include <QFontMetricsF>
#include <QRegularExpression>
#include <QTextBoundaryFinder>
#include <QTextOption>

#include <algorithm>
#include <cmath>

namespace kith::ui {

using namespace timeline;
using models::Delivery;
using models::RowKind;
using models::TimelineRow;

namespace {

struct Block {
    double width = 0, height = 0, lastLine = 0; // natural sizes
    double baseline = 0;                        // of the last line
};

// The ground of fenced code beyond its lines, and what is free between it and the lines beside it.
constexpr double kCodePad = 4, kCodeGap = 4;

/// `above`: whether something stands right above the text.
Block breakLines(QTextLayout &text, double width, double factor, const models::Markup &words, bool above)
{
    Block block;
    std::vector<models::Mark> fences;
    std::copy_if(words.marks.begin(), words.marks.end(), std::back_inserter(fences),
                 [](const models::Mark &mark) { return mark.kind == models::MarkKind::Block; });
    auto fence = fences.begin();
    double gap = above ? kCodeGap : 0; // to a fence that begins with this line
    double owed = 0;                   // to the line below a fence
    const double natural = QFontMetricsF(text.font()).height();
    const double step = std::round(natural * factor);
    text.beginLayout();
    for (;;) {
        QTextLine line = text.createLine();
        if (!line.isValid())
            break;
        line.setLineWidth(width);
        const double height = std::max(step, std::ceil(line.height()));
        if (fence != fences.end() && line.textStart() == fence->start)
            block.height += std::max(gap, owed) + kCodePad;
        else
            block.height += owed;
        gap = kCodeGap;
        owed = 0;
        line.setPosition(QPointF(0, block.height + std::floor((height - line.height()) / 2)));
        block.baseline = line.y() + line.ascent();
        block.height += height;
        block.lastLine = line.naturalTextWidth();
        block.width = std::max(block.width, block.lastLine);
        if (fence != fences.end() && line.textStart() + line.textLength() >= fence->start + fence->length) {
            block.height += kCodePad;
            owed = kCodeGap;
            ++fence;
        }
    }
    text.endLayout();
    return block;
}

/// The direction of the paragraph that this character is in; where nothing in it says one, that of the whole text.
bool isRightToLeft(const QString &text, qsizetype at)
{
    const qsizetype from = at > 0 ? text.lastIndexOf(QChar::LineSeparator, at - 1) + 1 : 0;
    const qsizetype end = text.indexOf(QChar::LineSeparator, from);
    const QStringView paragraph = QStringView(text).mid(from, end < 0 ? -1 : end - from);
    if (paragraph.isRightToLeft())
        return true;
    const QList<uint> signs = paragraph.toUcs4();
    const bool says =
        std::any_of(signs.begin(), signs.end(), [](uint sign) { return QChar::direction(sign) == QChar::DirL; });
    return !says && text.isRightToLeft();
}

bool endsRightToLeft(const QTextLayout &text)
{
    return text.lineCount() > 0 && isRightToLeft(text.text(), text.lineAt(text.lineCount() - 1).textStart());
}

/// Lines that are read from the right begin there: at `right`, the last one at `lastRight`.
void alignRightToLeft(QTextLayout &text, double right, double lastRight)
{
    const QString words = text.text();
    const auto turns = [](QChar c) { return c.direction() == QChar::DirR || c.direction() == QChar::DirAL; };
    if (std::none_of(words.begin(), words.end(), turns))
        return;
    for (int i = 0; i < text.lineCount(); ++i) {
        QTextLine line = text.lineAt(i);
        const double edge = i + 1 == text.lineCount() ? lastRight : right;
        if (isRightToLeft(words, line.textStart()))
            line.setPosition(QPointF(std::max(0.0, std::floor(edge - line.naturalTextWidth())), line.y()));
    }
}

QStringList monospaceFamilies()
{
    // What is asked of the platform is, without one, any font.
    QStringList families;
    for (const QString &family :
         {QFontDatabase::systemFont(QFontDatabase::FixedFont).family(), QStringLiteral("Noto Sans Mono"),
          QStringLiteral("DejaVu Sans Mono"), QStringLiteral("Liberation Mono"), QStringLiteral("Cascadia Mono"),
          QStringLiteral("Consolas"), QStringLiteral("Menlo"), QStringLiteral("Monospace")})
        if (QFontDatabase::isFixedPitch(family) || family == QLatin1String("Monospace"))
            families << family;
    return families;
}

std::unique_ptr<QTextLayout> makeText(const QString &words, const QFont &font, const LayoutContext &c,
                                      const std::vector<Link> &links, const TimelineRow &row)
{
    const Theme &theme = c.theme;
    QString text = words;
    text.replace(QLatin1Char('\n'), QChar::LineSeparator);
    auto layout = std::make_unique<QTextLayout>(text, font);
    QTextOption option;
    option.setWrapMode(QTextOption::WrapAtWordBoundaryOrAnywhere);
    layout->setTextOption(option);
    layout->setCacheEnabled(true);
    QList<QTextLayout::FormatRange> formats;
    for (const Link &link : links) {
        QTextLayout::FormatRange range;
        range.start = link.start;
        range.length = link.length;
        range.format.setForeground(theme[Token::Link]);
        range.format.setFontUnderline(true);
        formats.append(range);
    }
    for (const models::Mark &mark : row.words.marks) {
        QTextLayout::FormatRange range;
        range.start = mark.start;
        range.length = mark.length;
        if (mark.kind == models::MarkKind::Bold) {
            range.format.setFontWeight(QFont::Bold);
        } else {
            static const QStringList kMono = monospaceFamilies();
            range.format.setFontFamilies(kMono + font.families()); // Chinese in code has its own glyphs too
            range.format.setFontFixedPitch(true);
            if (mark.kind == models::MarkKind::Code) // a block has a ground of its own
                range.format.setBackground(codeGround(theme, row.own));
        }
        formats.append(range);
    }
    for (const models::Mention &mention : row.mentions) {
        QTextLayout::FormatRange range;
        range.start = mention.start;
        range.length = mention.length;
        range.format.setForeground(theme[Token::Link]);
        range.format.setFontWeight(QFont::DemiBold);
        if (c.people.isSelf(mention.user)) { // found at a glance
            range.format.setForeground(theme[Token::OnNotice]);
            range.format.setBackground(theme[Token::Notice]);
        }
        formats.append(range);
    }
    layout->setFormats(formats);
    return layout;
}

std::vector<Link> linksOutsideCode(const models::Markup &words)
{
    std::vector<Link> links = findLinks(words.text);
    std::erase_if(links, [&](const Link &link) {
        return std::any_of(words.marks.begin(), words.marks.end(), [&](const models::Mark &mark) {
            return mark.kind != models::MarkKind::Bold && link.start < mark.start + mark.length &&
                   link.start + link.length > mark.start;
        });
    });
    return links;
}

/// Full width behind the lines of each block.
void layoutBlocks(RowLayout &out, const models::Markup &words, double right)
{
    constexpr double kAside = 6;
    for (const models::Mark &mark : words.marks) {
        if (mark.kind != models::MarkKind::Block)
            continue;
        const QTextLine first = out.text->lineForTextPosition(mark.start);
        const QTextLine last = out.text->lineForTextPosition(mark.start + mark.length - 1);
        const double top = out.textAt.y() + first.y(), bottom = out.textAt.y() + last.y() + last.height();
        out.blocks.emplace_back(out.textAt.x() - kAside, top - kCodePad, right - out.textAt.x() + 2 * kAside,
                                bottom - top + 2 * kCodePad);
    }
}

RowLayout layoutChip(const TimelineRow &row, const LayoutContext &c)
{
    RowLayout out;
    const QFontMetricsF metrics(c.theme.smallFont());
    switch (row.kind) {
    case RowKind::Day:
        out.chipText = Words::day(row.day, c.today);
        break;
    case RowKind::Unread:
        out.chipText = Words::tr("New messages");
        break;
    case RowKind::System:
        out.chipText = Words::system(row.stored.message, c.people);
        break;
    case RowKind::Start:
        out.chipText = Words::tr("This is where the conversation begins");
        break;
    case RowKind::Hole:
        out.chipText = Words::hole(row);
        if (!row.busy && row.holeKind == models::HoleKind::Loadable)
            out.actionText = Words::tr("Load");
        break;
    case RowKind::Message:
        break;
    }
    const double most = std::max(120.0, c.width - 2.0 * kSide - kBarSpace - 24);
    const double action =
        out.actionText.isEmpty() ? 0 : metrics.horizontalAdvance(QStringLiteral(" · ") + out.actionText);
    const bool wraps = row.kind == RowKind::System || (row.kind == RowKind::Hole && out.actionText.isEmpty());
    double textWidth = metrics.horizontalAdvance(out.chipText);
    double textHeight = std::ceil(metrics.height());
    if (wraps && textWidth > most) {
        const QRectF bound = metrics.boundingRect(QRectF(0, 0, most, 1000), Qt::TextWordWrap, out.chipText);
        textWidth = bound.width();
        textHeight = std::ceil(bound.height());
    }
    textWidth = std::min(std::ceil(textWidth) + 1, most - action);
    const double above = row.kind == RowKind::System ? 6 : kGroupGap;
    const double width = textWidth + action + 24;
    const double height = textHeight + 8;
    // In the middle of what lies between the bubbles' two edges.
    out.chip = QRectF(std::round((kSide + c.width - kBarSpace - 2 - width) / 2), above, width, height);
    if (action > 0) {
        const double sep = metrics.horizontalAdvance(QStringLiteral(" · "));
        out.action = QRectF(out.chip.left() + 12 + textWidth + sep - 4, above, action - sep + 12, height);
    }
    out.height = static_cast<int>(above + height + (row.kind == RowKind::Day || row.kind == RowKind::Unread ? 4 : 6));
    if (row.kind == RowKind::System)
        out.height -= 4;
    return out;
}

struct Meta {
    double width = 0; // time and tick, 0: none
    bool tick = false;
};

Meta measureMeta(const TimelineRow &row, RowLayout &out, const QFontMetricsF &small)
{
    Meta meta;
    const bool waiting = row.delivery == Delivery::Sending || row.delivery == Delivery::Failed;
    const bool liked = row.stored.message.likes > 0 && !row.stored.message.recalled;
    // Within a group the last one has the time; what happened to a message is said beside it.
    if (!row.last && !waiting && !liked && !row.stored.message.editedAt)
        return meta;
    out.timeText = Words::timeOfDay(toLocal(row.stored.message.createdAt));
    if (row.stored.message.editedAt)
        out.timeText = Words::tr("edited %1", "time").arg(out.timeText);
    if (liked)
        out.timeText.prepend(Words::likes(row.stored.message.likes, row.stored.message.liked) + QStringLiteral("  "));
    meta.width = std::ceil(small.horizontalAdvance(out.timeText));
    meta.tick = row.delivery != Delivery::None;
    if (meta.tick)
        meta.width += 4 + 16;
    return meta;
}

void layoutFailure(RowLayout &out, const TimelineRow &row, const QFontMetricsF &small, double right, double left)
{
    out.retryText = Words::tr("Retry");
    out.discardText = Words::tr("Discard");
    const double sep = small.horizontalAdvance(QStringLiteral(" · "));
    const double retry = std::ceil(small.horizontalAdvance(out.retryText));
    const double discard = std::ceil(small.horizontalAdvance(out.discardText));
    const double actions = retry + sep + discard;
    const QString why = Words::delivery(row);
    out.failureText = small.elidedText(why, Qt::ElideRight, std::max(40.0, right - left - actions - sep));
    const double text = std::ceil(small.horizontalAdvance(out.failureText));
    const double height = std::ceil(small.height());
    const double y = out.bubble.bottom() + 3;
    const double x = right - actions - sep - text;
    out.failure = QRectF(x, y, text + 1, height);
    out.retry = QRectF(x + text + sep, y, retry + 1, height);
    out.discard = QRectF(right - discard, y, discard + 1, height);
    out.height += static_cast<int>(height) + 4;
}

} // namespace

int RowLayout::positionAt(const QPointF &point) const
{
    if (!text || text->lineCount() == 0)
        return 0;
    const QPointF p = point - textAt;
    if (p.y() < 0)
        return 0;
    for (int i = 0; i < text->lineCount(); ++i) {
        const QTextLine line = text->lineAt(i);
        const double end = i + 1 < text->lineCount() ? text->lineAt(i + 1).y() : line.y() + line.height();
        if (p.y() < end) // before a line that is read from the right Qt is on the one above it
            return std::max(line.textStart(), line.xToCursor(p.x()));
    }
    return p.y() > text->boundingRect().bottom() + 40 ? static_cast<int>(text->text().size())
                                                      : text->lineAt(text->lineCount() - 1).xToCursor(p.x());
}

const Link *RowLayout::linkAt(const QPointF &point) const
{
    if (!text || links.empty())
        return nullptr;
    const QPointF p = point - textAt;
    for (int i = 0; i < text->lineCount(); ++i) {
        const QTextLine line = text->lineAt(i);
        if (!line.naturalTextRect().contains(p))
            continue;
        const int at = line.xToCursor(p.x(), QTextLine::CursorOnCharacter);
        for (const Link &link : links) {
            if (at >= link.start && at < link.start + link.length)
                return &link;
        }
    }
    return nullptr;
}

QColor codeGround(const Theme &theme, bool own)
{
    return theme[own ? Token::BubbleOther : Token::Sidebar];
}

namespace {

/// Punctuation after an address belongs to the sentence, and so does a bracket that was opened before it; one that was
/// opened within it does not: …/wiki/Foo_(bar)
bool endsOutside(const QString &url)
{
    if (url.isEmpty())
        return false;
    const QChar last = url.back();
    if (QStringLiteral(".,;:!?").contains(last))
        return true;
    static const QString kOpening = QStringLiteral("([{"), kClosing = QStringLiteral(")]}");
    const qsizetype bracket = kClosing.indexOf(last);
    return bracket >= 0 && url.count(last) > url.count(kOpening.at(bracket));
}

} // namespace

std::vector<Link> findLinks(const QString &text)
{
    // Full-width punctuation and brackets end an address: Chinese is written without spaces around it.
    static const QRegularExpression pattern(
        QStringLiteral(R"(https?://[^\s<>"'“”‘’，。；：！？、（）《》【】「」『』〈〉〔〕\x{4e00}-\x{9fff}]+)"),
        QRegularExpression::CaseInsensitiveOption | QRegularExpression::UseUnicodePropertiesOption);
    std::vector<Link> links;
    auto matches = pattern.globalMatch(text);
    while (matches.hasNext()) {
        const auto match = matches.next();
        QString url = match.captured();
        while (endsOutside(url))
            url.chop(1);
        links.push_back({static_cast<int>(match.capturedStart()), static_cast<int>(url.size()), url});
    }
    return links;
}

bool isEmojiOnly(const QString &text)
{
    constexpr qsizetype kMostUnits = 48; // three families with all their joiners
    if (text.isEmpty() || text.size() > kMostUnits)
        return false;
    constexpr int kMostSigns = 3;
    int signs = 0;
    QTextBoundaryFinder finder(QTextBoundaryFinder::Grapheme, text);
    for (qsizetype from = 0; from < text.size(); from = finder.position()) {
        if (finder.toNextBoundary() < 0)
            return false;
        const QChar first = text.at(from);
        const bool pair = first.isHighSurrogate() && from + 1 < text.size();
        const char32_t code = pair ? QChar::surrogateToUcs4(first, text.at(from + 1)) : first.unicode();
        // Of the older symbols only those that are asked for as pictures (variation selector 16).
        const bool picture =
            (code >= 0x1f1e6 && code <= 0x1f1ff) || (code >= 0x1f300 && code <= 0x1faff) ||
            (code >= 0x2600 && code <= 0x27bf && finder.position() > from + 1 && text.at(from + 1).unicode() == 0xfe0f);
        if (!picture || ++signs > kMostSigns)
            return false;
    }
    return true;
}

double lineFactor(const QString &text)
{
    const bool han = std::any_of(text.begin(), text.end(), [](QChar c) {
        return c.unicode() >= 0x2e80 && c.unicode() < 0xfb00 && c.script() != QChar::Script_Hangul;
    });
    // The metrics of a font are its own line height already; what is asked for is 1.45 of the type's size.
    const QFontMetricsF metrics{QFont()};
    const double asked = QFontInfo(QFont()).pixelSize() * (han ? 1.45 : 1.35);
    return std::max(1.0, asked / metrics.height());
}

RowLayout layoutRow(const TimelineRow &row, const LayoutContext &c)
{
    if (row.kind != RowKind::Message)
        return layoutChip(row, c);
    RowLayout out;
    const Theme &theme = c.theme;
    const QFontMetricsF names(theme.nameFont()), small(theme.smallFont());
    const bool face = row.group && !row.own;
    const double left = kSide + (face ? kAvatar + 8 : 0);
    const double right = c.width - kBarSpace - 2;
    const double most = std::max(96.0, std::min<double>(kBubbleMost, std::floor((c.width - kBarSpace) * kBubbleShare)));
    const double inner = std::min(most, right - left) - 2 * kPadX;

    const double above = row.first ? kGroupGap : kTight;
    double y = above + kPadY;
    double width = 0;
    double beside = 0; // what the time takes of the last line
    if (face && row.first) {
        out.nameText = names.elidedText(Words::name(row.sender), Qt::ElideRight, inner);
        const double nameWidth = std::ceil(names.horizontalAdvance(out.nameText)) + 1;
        out.name = QRectF(0, y, nameWidth, std::ceil(names.height()));
        width = nameWidth;
        y += out.name.height() + 1;
    }
    if (row.quote) {
        const models::Quote &q = *row.quote;
        out.quoteName = q.known ? Words::name(q.sender) : QString();
        const QString words = q.recalled ? Words::tr("Message recalled")
                              : q.known  ? q.text
                                         : Words::tr("An earlier message");
        const QFontMetricsF body(theme.bodyFont());
        out.quoteText = body.elidedText(words, Qt::ElideRight, inner - 14);
        const double line = std::ceil(body.height());
        const double quoteHeight = (out.quoteName.isEmpty() ? line : line + std::ceil(small.height())) + 8;
        const double quoteWidth =
            std::max(body.horizontalAdvance(out.quoteText), small.horizontalAdvance(out.quoteName)) + 24;
        out.quote = QRectF(0, y + 1, std::min(inner, std::ceil(quoteWidth)), quoteHeight);
        width = std::max(width, out.quote.width());
        y += quoteHeight + 6;
    }
    const bool gone = row.stored.message.recalled;
    const QString words = gone ? Words::tr("This message was recalled") : row.words.text;
    QFont font = theme.bodyFont();
    font.setItalic(gone);
    if (!gone && !row.quote && isEmojiOnly(words))
        font.setPointSizeF(font.pointSizeF() * 2);
    if (!gone)
        out.links = linksOutsideCode(row.words);
    out.text = makeText(words, font, c, out.links, row);
    const Block block = breakLines(*out.text, inner, lineFactor(words), row.words, !out.nameText.isEmpty());
    const Meta meta = measureMeta(row, out, small);
    const double textTop = y;
    width = std::max(width, std::ceil(block.width));
    y += block.height;
    if (meta.width > 0) {
        const double together = block.lastLine + 12 + meta.width;
        const double metaHeight = std::ceil(small.height());
        // On the baseline of the last words.
        double metaTop = textTop + block.baseline - small.ascent();
        // A block's ground is its own to the edge.
        const bool endsInBlock = !row.words.marks.empty() && row.words.marks.back().kind == models::MarkKind::Block &&
                                 row.words.marks.back().start + row.words.marks.back().length == words.size();
        // Below several lines that begin at the right edge, not in the middle of the last one.
        const bool below = endsInBlock || (out.text->lineCount() > 1 && endsRightToLeft(*out.text));
        if (together <= inner && !below) {
            width = std::max(width, std::ceil(together));
            beside = 12 + meta.width;
        } else {
            width = std::max(width, meta.width);
            metaTop = y + 1;
            y += metaHeight + 1;
        }
        const double timeWidth = meta.width - (meta.tick ? 20 : 0);
        out.time = QRectF(-meta.width, metaTop, timeWidth + 1, metaHeight); // from the inner right edge
        if (meta.tick)
            out.tick = QRectF(-16, metaTop + (metaHeight - 16) / 2, 16, 16);
    }
    const double bubbleWidth = width + 2 * kPadX;
    const double x = row.own ? right - bubbleWidth : left;
    out.bubble = QRectF(std::round(x), above, std::ceil(bubbleWidth), std::ceil(y + kPadY - above));
    const double innerLeft = out.bubble.left() + kPadX, innerRight = out.bubble.right() - kPadX;
    out.textAt = QPointF(innerLeft, textTop);
    alignRightToLeft(*out.text, innerRight - innerLeft, innerRight - innerLeft - beside);
    layoutBlocks(out, row.words, innerRight);
    out.name.translate(innerLeft, 0);
    out.quote.translate(innerLeft, 0);
    out.quote.setWidth(row.quote ? innerRight - innerLeft : 0);
    if (meta.width > 0)
        out.time.translate(innerRight, 0);
    if (meta.tick)
        out.tick.translate(innerRight, 0);
    if (face && row.last)
        out.avatar = QRectF(kSide, out.bubble.bottom() - kAvatar, kAvatar, kAvatar);
    out.height = static_cast<int>(std::ceil(out.bubble.bottom()));
    if (row.delivery == Delivery::Failed)
        layoutFailure(out, row, small, innerRight + kPadX - 4, kSide);
    return out;
}

} // namespace kith::ui
