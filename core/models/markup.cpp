// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/models/markup.h"

#include <algorithm>

namespace kith::models {

namespace {

const QString kFence = QStringLiteral("```");
const QString kBold = QStringLiteral("**");
constexpr qsizetype kLongestLanguage = 12;

class Reader final {
public:
    explicit Reader(const QString &source) : m_source(source) {}

    Markup run()
    {
        while (m_at < m_source.size()) {
            if (fence() || code() || bold())
                continue;
            if (m_afterBlock && m_source.at(m_at) != QLatin1Char('\n'))
                m_out.text += QLatin1Char('\n');
            m_afterBlock = false;
            m_out.text += m_source.at(m_at++);
        }
        closeBold(false);
        std::sort(m_out.marks.begin(), m_out.marks.end(),
                  [](const Mark &a, const Mark &b) { return a.start < b.start; });
        return std::move(m_out);
    }

private:
    bool startsWith(const QString &sign) const { return QStringView(m_source).mid(m_at).startsWith(sign); }
    int here() const { return static_cast<int>(m_out.text.size()); }

    bool fence()
    {
        if (!startsWith(kFence))
            return false;
        const qsizetype end = m_source.indexOf(kFence, m_at + 3);
        if (end < 0)
            return false;
        QString inside = m_source.mid(m_at + 3, end - m_at - 3);
        // The language behind the fence is for programs.
        if (const qsizetype line = inside.indexOf(QLatin1Char('\n')); line >= 0) {
            const QString first = inside.left(line).trimmed();
            const auto named = [](QChar c) {
                return c.unicode() < 0x80 && (c.isLetterOrNumber() || QStringLiteral("+-#").contains(c));
            };
            if (first.size() <= kLongestLanguage && std::all_of(first.begin(), first.end(), named))
                inside.remove(0, line + 1);
        }
        while (inside.endsWith(QLatin1Char('\n')))
            inside.chop(1);
        if (inside.trimmed().isEmpty())
            return false;
        closeBold(false);
        if (!m_out.text.isEmpty() && !m_out.text.endsWith(QLatin1Char('\n')))
            m_out.text += QLatin1Char('\n');
        m_out.marks.push_back({here(), static_cast<int>(inside.size()), MarkKind::Block});
        m_out.text += inside;
        m_at = end + 3;
        m_afterBlock = true;
        return true;
    }

    bool code()
    {
        if (m_source.at(m_at) != QLatin1Char('`'))
            return false;
        qsizetype end = m_at + 1;
        while (end < m_source.size() && m_source.at(end) != QLatin1Char('`') && m_source.at(end) != QLatin1Char('\n'))
            ++end;
        const QString inside = m_source.mid(m_at + 1, end - m_at - 1);
        if (end >= m_source.size() || m_source.at(end) != QLatin1Char('`') || inside.trimmed().isEmpty())
            return false;
        separate();
        m_out.marks.push_back({here(), static_cast<int>(inside.size()), MarkKind::Code});
        m_out.text += inside;
        m_at = end + 1;
        return true;
    }

    bool bold()
    {
        if (!startsWith(kBold))
            return false;
        const QChar next = m_at + 2 < m_source.size() ? m_source.at(m_at + 2) : QChar(QLatin1Char(' '));
        const QChar before = m_at > 0 ? m_source.at(m_at - 1) : QChar(QLatin1Char(' '));
        if (m_boldAt >= 0 && !before.isSpace() && here() > m_boldAt) {
            m_at += 2;
            closeBold(true);
            return true;
        }
        if (m_boldAt >= 0 || next.isSpace() || next == QLatin1Char('*'))
            return false;
        // Its partner has to come in the same line.
        const qsizetype close = m_source.indexOf(kBold, m_at + 2);
        const qsizetype line = m_source.indexOf(QLatin1Char('\n'), m_at);
        if (close < 0 || (line >= 0 && line < close))
            return false;
        separate();
        m_boldAt = here();
        m_at += 2;
        return true;
    }

    void separate()
    {
        if (m_afterBlock)
            m_out.text += QLatin1Char('\n');
        m_afterBlock = false;
    }

    /// Without a partner the signs come back.
    void closeBold(bool found)
    {
        if (m_boldAt < 0)
            return;
        if (found) {
            m_out.marks.push_back({m_boldAt, here() - m_boldAt, MarkKind::Bold});
        } else {
            m_out.text.insert(m_boldAt, kBold);
            for (Mark &mark : m_out.marks)
                mark.start += mark.start >= m_boldAt ? 2 : 0;
        }
        m_boldAt = -1;
    }

    const QString &m_source;
    Markup m_out;
    qsizetype m_at = 0;
    int m_boldAt = -1; // in the text that comes out
    bool m_afterBlock = false;
};

} // namespace

Markup readMarkup(const QString &source)
{
    if (!source.contains(QLatin1Char('`')) && !source.contains(kBold))
        return {source, {}};
    return Reader(source).run();
}

} // namespace kith::models
