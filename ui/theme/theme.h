// SPDX-License-Identifier: GPL-3.0-or-later
// The colours of light and dark by name, read from resources/themes/tokens.json, and which of the two is on.
#pragma once

#include <QColor>
#include <QFont>
#include <QObject>
#include <QString>

#include <array>
#include <memory>

class QApplication;

namespace kith::ui {

class Pictures;

enum class Token {
    Window,
    Surface,
    Sidebar,
    Border,
    Control,
    Text,
    Muted,
    Accent,
    AccentHover,
    OnAccent,
    BubbleOwn,
    BubbleOther,
    BubbleBorder,
    Link,
    TickRead,
    Danger,
    DangerGround,
    Selection,
    Hover,
    Focus,
    Notice,
    OnNotice,
    BadgeMuted,
    OnBadgeMuted,
    Art,
    Online,
    Found,
    OnFound,
};
inline constexpr int kTokenCount = static_cast<int>(Token::OnFound) + 1;
inline constexpr int kSenderColours = 8;
/// Of the text, in percent of the system's.
inline constexpr std::array kTextSizes{80, 90, 100, 110, 125, 150};

enum class ThemeMode { System, Light, Dark };

/// One palette of tokens: plain values, for painting and for tests.
struct Tokens {
    std::array<QColor, kTokenCount> colours;
    std::array<QColor, kSenderColours> senders;

    const QColor &operator[](Token token) const { return colours[static_cast<std::size_t>(token)]; }
    QColor senderGround(int index) const;
    /// Reads `light` or `dark`; an entry that is missing stays an invalid colour (a test looks for those).
    static Tokens load(bool dark);
    static const char *name(Token token);
};

/// Relative contrast of two colours (WCAG 2.1), 1 … 21.
double contrast(const QColor &a, const QColor &b);

class SystemScheme;

class Theme final : public QObject {
    Q_OBJECT
public:
    explicit Theme(QObject *parent = nullptr);
    ~Theme() override;

    ThemeMode mode() const { return m_mode; }
    bool isDark() const { return m_dark; }
    const QColor &operator[](Token token) const { return m_tokens[token]; }
    const QColor &sender(int index) const { return m_tokens.senders[static_cast<std::size_t>(index % kSenderColours)]; }

    /// A sender's colour thinned over the surface: the ground of avatars, quiet beside the words.
    QColor senderGround(int index) const { return m_tokens.senderGround(index); }

    /// Sets palette, style sheet and fonts of the application. Before the first window is shown: no white flash in
    /// dark.
    void apply(QApplication &app, ThemeMode mode);
    /// Language decides which CJK font comes first.
    void setLanguage(QApplication &app, const QString &language);

    /// One of kTextSizes; before apply() it is what that begins with.
    void setTextSize(QApplication &app, int percent);
    int textSize() const { return m_textSize; }
    /// The height of a row that is as high as this at 100 %: larger text needs more, smaller text has the same place.
    int row(int pixels) const { return m_textSize > 100 ? pixels * m_textSize / 100 : pixels; }

    QFont bodyFont() const;
    QFont nameFont() const;  // semibold
    QFont smallFont() const; // times: 2 pt less
    QFont titleFont() const;
    /// False when the system asks for less motion.
    bool motion() const;

    /// Here, as this is what everybody who paints a face has at hand.
    Pictures &pictures() const { return *m_pictures; }

signals:
    void changed();

private:
    void applyFonts(QApplication &app) const;
    QString styleSheet() const;

    ThemeMode m_mode = ThemeMode::System;
    bool m_dark = false;
    bool m_started = false;
    int m_textSize = 100;
    SystemScheme *m_system = nullptr; // from the first apply() on
    QFont m_systemFont;
    Tokens m_tokens;
    std::unique_ptr<Pictures> m_pictures;
};

/// 4 px grid of LOOK.md.
namespace space {
inline constexpr int kXs = 4, kS = 8, kM = 12, kL = 16, kXl = 24, kXxl = 32;
}

} // namespace kith::ui
