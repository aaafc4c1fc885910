// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/theme/theme.h"

#include "ui/pictures/pictures.h"
#include "ui/theme/style.h"
#include "ui/theme/system_scheme.h"

#include <QApplication>
#include <QFile>
#include <QFontInfo>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QLocale>
#include <QPalette>
#include <QStyle>
#include <QToolTip>

#include <algorithm>
#include <cmath>

// Resources of a static library are linked only where somebody asks for them; the macro works outside namespaces only.
static void kithInitResources()
{
    Q_INIT_RESOURCE(kith_ui);
}

namespace kith::ui {

namespace {
constexpr std::array<const char *, kTokenCount> kNames{
    "window",   "surface",     "sidebar",      "border",    "control",     "text",         "muted",
    "accent",   "accentHover", "onAccent",     "bubbleOwn", "bubbleOther", "bubbleBorder", "link",
    "tickRead", "danger",      "dangerGround", "selection", "hover",       "focus",        "notice",
    "onNotice", "badgeMuted",  "onBadgeMuted", "art",       "online",      "found",        "onFound"};

double luminance(const QColor &colour)
{
    const auto channel = [](double c) { return c <= 0.03928 ? c / 12.92 : std::pow((c + 0.055) / 1.055, 2.4); };
    return 0.2126 * channel(colour.redF()) + 0.7152 * channel(colour.greenF()) + 0.0722 * channel(colour.blueF());
}

// Text below this size is hard to read on the screens of 96 dpi that chat windows mostly live on.
constexpr double kLeastPoints = 10.5;
} // namespace

const char *Tokens::name(Token token)
{
    return kNames[static_cast<std::size_t>(token)];
}

Tokens Tokens::load(bool dark)
{
    kithInitResources();
    Tokens tokens;
    QFile file(QStringLiteral(":/themes/tokens.json"));
    if (!file.open(QIODevice::ReadOnly))
        return tokens;
    const QJsonObject all = QJsonDocument::fromJson(file.readAll()).object();
    const QJsonObject one = all.value(dark ? QLatin1String("dark") : QLatin1String("light")).toObject();
    for (int i = 0; i < kTokenCount; ++i) {
        const auto at = static_cast<std::size_t>(i);
        tokens.colours[at] = QColor(one.value(QLatin1String(kNames[at])).toString());
    }
    const QJsonArray senders = one.value(QLatin1String("senders")).toArray();
    for (int i = 0; i < kSenderColours; ++i)
        tokens.senders[static_cast<std::size_t>(i)] = QColor(senders.at(i).toString());
    return tokens;
}

QColor Tokens::senderGround(int index) const
{
    const QColor &ink = senders[static_cast<std::size_t>(index % kSenderColours)];
    const QColor &paper = (*this)[Token::Surface];
    // More of it on dark paper, where the eye sees small differences less.
    const float share = paper.lightnessF() < 0.5F ? 0.24F : 0.18F;
    const auto mix = [share](float a, float b) { return a * share + b * (1 - share); };
    return QColor::fromRgbF(mix(ink.redF(), paper.redF()), mix(ink.greenF(), paper.greenF()),
                            mix(ink.blueF(), paper.blueF()));
}

double contrast(const QColor &a, const QColor &b)
{
    const double x = luminance(a) + 0.05, y = luminance(b) + 0.05;
    return std::max(x, y) / std::min(x, y);
}

Theme::Theme(QObject *parent) : QObject(parent), m_tokens(Tokens::load(false)), m_pictures(std::make_unique<Pictures>())
{
}

Theme::~Theme() = default;

void Theme::apply(QApplication &app, ThemeMode mode)
{
    if (!m_started) {
        m_started = true;
        m_system = new SystemScheme(app.palette().color(QPalette::Window).lightnessF() < 0.5, this);
        connect(m_system, &SystemScheme::changed, this, [this, &app] {
            if (m_mode == ThemeMode::System)
                apply(app, m_mode);
        });
        m_systemFont = app.font();
        app.setStyle(new Style);
        applyFonts(app);
    }
    m_mode = mode;
    m_dark = mode == ThemeMode::Dark || (mode == ThemeMode::System && m_system->isDark());
    m_tokens = Tokens::load(m_dark);
    const Tokens &t = m_tokens;
    QPalette p;
    p.setColor(QPalette::Window, t[Token::Window]);
    p.setColor(QPalette::WindowText, t[Token::Text]);
    p.setColor(QPalette::Base, t[Token::Surface]);
    p.setColor(QPalette::AlternateBase, t[Token::Sidebar]);
    p.setColor(QPalette::Text, t[Token::Text]);
    p.setColor(QPalette::PlaceholderText, t[Token::Muted]);
    p.setColor(QPalette::Button, t[Token::Surface]);
    p.setColor(QPalette::ButtonText, t[Token::Text]);
    p.setColor(QPalette::BrightText, t[Token::Danger]);
    p.setColor(QPalette::Highlight, t[Token::Selection]);
    p.setColor(QPalette::HighlightedText, t[Token::Text]);
    p.setColor(QPalette::Link, t[Token::Link]);
    p.setColor(QPalette::LinkVisited, t[Token::Link]);
    p.setColor(QPalette::ToolTipBase, t[Token::Surface]);
    p.setColor(QPalette::ToolTipText, t[Token::Text]);
    p.setColor(QPalette::Light, t[Token::Surface]);
    p.setColor(QPalette::Mid, t[Token::Border]);
    p.setColor(QPalette::Midlight, t[Token::Border]);
    p.setColor(QPalette::Dark, t[Token::Control]);
    p.setColor(QPalette::Disabled, QPalette::Text, t[Token::Muted]);
    p.setColor(QPalette::Disabled, QPalette::ButtonText, t[Token::Muted]);
    p.setColor(QPalette::Disabled, QPalette::WindowText, t[Token::Muted]);
    app.setPalette(p);
    QToolTip::setPalette(p);
    app.setStyleSheet(styleSheet());
    emit changed();
}

void Theme::setLanguage(QApplication &app, const QString &language)
{
    // Han characters differ between Chinese, Japanese and Korean: the locale decides which glyphs the fallback picks.
    // Dates and numbers are those of the country: in English as well, where it says what comes first.
    const QLocale::Territory country = QLocale::system().territory();
    if (!language.startsWith(QLatin1String("zh")))
        QLocale::setDefault(QLocale(QLocale::English, country));
    else if (QLocale(QLocale::Chinese, QLocale::SimplifiedHanScript, country).territory() == country)
        QLocale::setDefault(QLocale(QLocale::Chinese, QLocale::SimplifiedHanScript, country));
    else
        QLocale::setDefault(QLocale(QLocale::Chinese, QLocale::China));
    applyFonts(app);
    emit changed();
}

void Theme::setTextSize(QApplication &app, int percent)
{
    if (m_textSize == percent)
        return;
    m_textSize = percent;
    if (!m_started)
        return;
    applyFonts(app);
    app.setStyleSheet(styleSheet()); // titles are told in it
    emit changed();
}

void Theme::applyFonts(QApplication &app) const
{
    QFont font = m_systemFont;
    QStringList families{QFontInfo(m_systemFont).family()};
    // Debian's fonts-noto-cjk; the other names are what Windows and macOS have.
    for (const char *family : {"Noto Sans CJK SC", "Microsoft YaHei UI", "PingFang SC",
                               // Without these, line drawings of emoji in symbol fonts come first.
                               "Noto Color Emoji", "Segoe UI Emoji", "Apple Color Emoji"})
        families.append(QLatin1String(family));
    font.setFamilies(families);
    if (QFontInfo(font).pointSizeF() < kLeastPoints)
        font.setPointSizeF(kLeastPoints);
    if (m_textSize != 100)
        font.setPointSizeF((font.pointSizeF() > 0 ? font.pointSizeF() : QFontInfo(font).pointSizeF()) * m_textSize /
                           100);
    font.setHintingPreference(QFont::PreferVerticalHinting);
    app.setFont(font);
}

QString Theme::styleSheet() const
{
    QFile file(QStringLiteral(":/themes/kith.qss"));
    if (!file.open(QIODevice::ReadOnly))
        return {};
    QString sheet = QString::fromUtf8(file.readAll());
    // Longest names first: @accent is also the beginning of @accentHover.
    std::vector<Token> order;
    for (int i = 0; i < kTokenCount; ++i)
        order.push_back(static_cast<Token>(i));
    std::sort(order.begin(), order.end(),
              [](Token a, Token b) { return qstrlen(Tokens::name(a)) > qstrlen(Tokens::name(b)); });
    for (const Token token : order)
        sheet.replace(QLatin1Char('@') + QLatin1String(Tokens::name(token)), m_tokens[token].name());
    sheet.replace(QLatin1String("@title"), QStringLiteral("%1pt").arg(titleFont().pointSizeF()));
    return sheet;
}

QFont Theme::bodyFont() const
{
    return QApplication::font();
}

QFont Theme::nameFont() const
{
    QFont font = bodyFont();
    font.setWeight(QFont::DemiBold);
    return font;
}

QFont Theme::smallFont() const
{
    QFont font = bodyFont();
    font.setPointSizeF(std::max(8.0, font.pointSizeF() - 2));
    return font;
}

QFont Theme::titleFont() const
{
    QFont font = nameFont();
    font.setPointSizeF(font.pointSizeF() * 1.6);
    return font;
}

bool Theme::motion() const
{
    if (qEnvironmentVariableIsSet("KITH_REDUCED_MOTION"))
        return false;
    // The platform theme answers 0 when its user switched animations off.
    return QApplication::style()->styleHint(QStyle::SH_Widget_Animation_Duration) > 0;
}

} // namespace kith::ui
