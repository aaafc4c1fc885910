// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/kith-cli/cli.h"

#include <QList>

#include <iostream>
#include <iterator>

#if defined(__unix__) || defined(__APPLE__)
#include <termios.h>
#include <unistd.h>
#endif

namespace kith::cli {

namespace {

/// Controls of C0 and C1, and the characters that reorder or hide text (Unicode 15, Bidi_Control and U+2028/9).
bool isDangerous(char32_t c)
{
    return c < 0x20 || (c >= 0x7f && c < 0xa0) || c == 0x061c || (c >= 0x200e && c <= 0x200f) ||
           (c >= 0x2028 && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069) || c == 0xfeff;
}

#if defined(__unix__) || defined(__APPLE__)
class NoEcho final {
public:
    NoEcho()
    {
        m_active = ::isatty(STDIN_FILENO) && ::tcgetattr(STDIN_FILENO, &m_before) == 0;
        if (!m_active)
            return;
        auto silent = m_before;
        silent.c_lflag &= ~static_cast<tcflag_t>(ECHO);
        ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent);
    }
    ~NoEcho()
    {
        if (m_active)
            ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &m_before);
    }
    NoEcho(const NoEcho &) = delete;
    NoEcho &operator=(const NoEcho &) = delete;
    bool active() const { return m_active; }

private:
    termios m_before{};
    bool m_active = false;
};
#else
struct NoEcho {
    bool active() const { return false; }
};
#endif

} // namespace

std::string escapeForTerminal(std::string_view text)
{
    std::string shown;
    const auto decoded = QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size())).toUcs4();
    for (const char32_t c : decoded) {
        if (c == U'\n')
            shown += "⏎";
        else if (isDangerous(c))
            shown += QStringLiteral("\\u{%1}").arg(static_cast<uint>(c), 0, 16).toStdString();
        else
            shown += QString::fromUcs4(&c, 1).toStdString();
    }
    return shown;
}

std::optional<std::string> readPassword(const char *prompt)
{
    const NoEcho silence;
    if (silence.active())
        std::cerr << prompt << std::flush;
    std::string line;
    const bool got = static_cast<bool>(std::getline(std::cin, line));
    if (silence.active())
        std::cerr << '\n';
    if (!got)
        return std::nullopt;
    if (!line.empty() && line.back() == '\r')
        line.pop_back();
    return line;
}

std::string wordsOrInput(const std::vector<std::string> &words)
{
    std::string text;
    for (const auto &word : words)
        text += (text.empty() ? "" : " ") + word;
    if (words.empty()) {
        text.assign(std::istreambuf_iterator<char>(std::cin), {});
        if (!text.empty() && text.back() == '\n')
            text.pop_back();
    }
    return text;
}

} // namespace kith::cli
