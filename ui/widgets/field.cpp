// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/field.h"

#include "ui/theme/icons.h"
#include "ui/widgets/fit_height.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QStyle>
#include <QToolButton>
#include <QVBoxLayout>

namespace kith::ui {

namespace {
constexpr int kReveal = 30;
}

Field::Field(const Theme &theme, Kind kind, QWidget *parent) : QWidget(parent), m_theme(theme)
{
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, space::kM);
    layout->setSpacing(space::kXs);
    m_label = new QLabel(this);
    m_label->setObjectName(QStringLiteral("FieldLabel"));
    m_edit = new QLineEdit(this);
    m_edit->setMinimumHeight(38);
    m_label->setBuddy(m_edit);
    m_error = new QLabel(this);
    m_error->setObjectName(QStringLiteral("FieldError"));
    m_error->setWordWrap(true);
    m_error->hide();
    layout->addWidget(m_label);
    layout->addWidget(m_edit);
    layout->addWidget(m_error);
    setFocusProxy(m_edit);
    if (kind == Kind::Password) {
        m_edit->setEchoMode(QLineEdit::Password);
        // Not an action of the edit: those cannot be reached by Tab.
        m_reveal = new QToolButton(this);
        m_reveal->setFixedSize(kReveal, kReveal);
        m_reveal->setIconSize(QSize(20, 20));
        m_reveal->setFocusPolicy(Qt::TabFocus);
        m_reveal->setCursor(Qt::ArrowCursor);
        m_edit->setTextMargins(0, 0, kReveal, 0);
        auto *inside = new QHBoxLayout(m_edit);
        inside->setContentsMargins(0, 0, space::kXs, 0);
        inside->addWidget(m_reveal, 0, Qt::AlignRight | Qt::AlignVCenter);
        connect(m_reveal, &QToolButton::clicked, this, [this] {
            const bool hidden = m_edit->echoMode() == QLineEdit::Password;
            m_edit->setEchoMode(hidden ? QLineEdit::Normal : QLineEdit::Password);
            restyle();
        });
    }
    connect(m_edit, &QLineEdit::textEdited, this, [this] { setError({}); });
    connect(&theme, &Theme::changed, this, &Field::restyle);
    restyle();
}

void Field::restyle()
{
    if (!m_reveal)
        return;
    const bool hidden = m_edit->echoMode() == QLineEdit::Password;
    m_reveal->setIcon(icon(hidden ? QStringLiteral("eye") : QStringLiteral("eye-off"), m_theme[Token::Muted]));
    m_reveal->setToolTip(hidden ? tr("Show") : tr("Hide"));
    m_reveal->setAccessibleName(m_reveal->toolTip());
}

void Field::setLabel(const QString &label, const QString &hint)
{
    m_label->setText(label);
    m_edit->setPlaceholderText(hint);
    m_edit->setAccessibleName(label);
    restyle();
}

void Field::setError(const QString &error, const QString &detail)
{
    const bool changed = m_error->text() != error;
    m_error->setText(error);
    m_error->setToolTip(detail);
    m_error->setVisible(!error.isEmpty());
    m_edit->setAccessibleDescription(error);
    m_edit->setProperty("invalid", !error.isEmpty());
    m_edit->style()->unpolish(m_edit);
    m_edit->style()->polish(m_edit);
    if (changed)
        growDialog(*this);
}

bool Field::hasError() const
{
    return !m_error->isHidden();
}
QString Field::errorText() const
{
    return m_error->text();
}
QString Field::text() const
{
    return m_edit->text();
}
void Field::setText(const QString &text)
{
    m_edit->setText(text);
}

} // namespace kith::ui
