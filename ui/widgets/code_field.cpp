// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/code_field.h"

#include "ui/widgets/field.h"

#include <QEvent>
#include <QFontDatabase>
#include <QLineEdit>
#include <QVBoxLayout>

#include <algorithm>

namespace kith::ui {

namespace {
using Kind = client::SecondFactorCode::Kind;
constexpr int kDigits = 6;

QString withoutSpaces(const QString &text)
{
    QString out;
    for (const QChar c : text)
        if (!c.isSpace() && c != QLatin1Char('-'))
            out += c;
    return out;
}
} // namespace

CodeField::CodeField(const Theme &theme, QWidget *parent) : QWidget(parent)
{
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    m_field = new Field(theme, Field::Kind::Text, this);
    column->addWidget(m_field);
    QFont font = QFontDatabase::systemFont(QFontDatabase::FixedFont);
    font.setPointSizeF(theme.bodyFont().pointSizeF() + 3);
    font.setLetterSpacing(QFont::AbsoluteSpacing, 2);
    m_field->edit()->setFont(font);
    m_field->edit()->setInputMethodHints(Qt::ImhPreferNumbers | Qt::ImhNoPredictiveText | Qt::ImhSensitiveData);
    connect(m_field->edit(), &QLineEdit::textChanged, this, &CodeField::edited);
    connect(m_field->edit(), &QLineEdit::returnPressed, this, [this] {
        if (!withoutSpaces(m_field->text()).isEmpty())
            emit completed();
    });
    setFocusProxy(m_field->edit());
    retranslate();
}

void CodeField::setKind(Kind kind)
{
    m_kind = kind;
    clear();
    retranslate();
}

client::SecondFactorCode CodeField::code() const
{
    return {m_kind, withoutSpaces(m_field->text()).toStdString()};
}

bool CodeField::isComplete() const
{
    const QString text = withoutSpaces(m_field->text());
    return m_kind == Kind::Totp
               ? text.size() == kDigits && std::all_of(text.begin(), text.end(), [](QChar c) { return c.isDigit(); })
               : !text.isEmpty();
}

void CodeField::clear()
{
    m_told.clear();
    m_field->setText({});
    m_field->setError({});
}

void CodeField::setError(const QString &error, const QString &detail)
{
    m_field->setError(error, detail);
    m_field->edit()->selectAll();
}

void CodeField::focusText()
{
    m_field->edit()->setFocus(Qt::OtherFocusReason);
}

void CodeField::edited()
{
    if (m_kind != Kind::Totp || !isComplete()) {
        m_told.clear();
        return;
    }
    const QString text = withoutSpaces(m_field->text());
    if (text == m_told)
        return;
    m_told = text;
    emit completed();
}

void CodeField::changeEvent(QEvent *event)
{
    if (event->type() == QEvent::LanguageChange)
        retranslate();
    QWidget::changeEvent(event);
}

void CodeField::retranslate()
{
    if (m_kind == Kind::Totp)
        m_field->setLabel(tr("Code"), tr("6 digits"));
    else
        m_field->setLabel(tr("Recovery code"), QStringLiteral("xxxx-xxxx-xxxx-xxxx"));
}

} // namespace kith::ui
