// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/security/secrets_dialog.h"

#include "ui/widgets/field.h"
#include "ui/widgets/fit_height.h"
#include "ui/widgets/notice.h"
#include "ui/words/words.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>

namespace kith::ui {

SecretsDialog::SecretsDialog(const Theme &theme, const QString &title, const QString &hint, const QString &action,
                             std::vector<Ask> asks, QWidget *parent)
    : QDialog(parent), m_asks(std::move(asks))
{
    setAttribute(Qt::WA_DeleteOnClose);
    setWindowTitle(title);
    setFixedWidth(420);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(space::kXl, space::kXl, space::kXl, space::kXl);
    column->setSpacing(0);
    auto *head = new QLabel(title, this);
    head->setObjectName(QStringLiteral("Title"));
    head->setWordWrap(true);
    auto *words = new QLabel(hint, this);
    words->setObjectName(QStringLiteral("Muted"));
    words->setWordWrap(true);
    column->addWidget(head);
    column->addSpacing(space::kXs);
    column->addWidget(words);
    column->addSpacing(space::kL);
    for (const Ask &ask : m_asks) {
        auto *field = new Field(theme, ask.hidden ? Field::Kind::Password : Field::Kind::Text, this);
        field->setLabel(ask.label, ask.hint);
        connect(field->edit(), &QLineEdit::returnPressed, this, &SecretsDialog::submit);
        column->addWidget(field);
        m_fields.push_back(field);
    }
    m_problem = makeErrorBox(this);
    column->addWidget(m_problem);
    column->addSpacing(space::kM);
    auto *row = new QHBoxLayout;
    row->setSpacing(space::kS);
    m_cancel = new QPushButton(tr("Cancel"), this);
    m_cancel->setAutoDefault(false);
    m_submit = new QPushButton(action, this);
    m_submit->setObjectName(QStringLiteral("Primary"));
    row->addStretch();
    row->addWidget(m_cancel);
    row->addWidget(m_submit);
    column->addLayout(row);
    fitHeight(*this);
    connect(m_cancel, &QPushButton::clicked, this, &QDialog::reject);
    connect(m_submit, &QPushButton::clicked, this, &SecretsDialog::submit);
    m_fields.front()->edit()->setFocus(Qt::OtherFocusReason);
}

void SecretsDialog::reject()
{
    if (!m_busy)
        QDialog::reject();
}

void SecretsDialog::setBusy(bool busy)
{
    m_busy = busy;
    m_cancel->setEnabled(!busy);
    for (Field *field : m_fields)
        field->setEnabled(!busy);
    m_submit->setEnabled(!busy);
}

void SecretsDialog::showError(const client::ClientError &error)
{
    const QString words = Words::error(error), detail = Words::errorDetail(error);
    for (std::size_t i = 0; i < m_asks.size(); ++i) {
        if (!error.wire || m_asks[i].fieldOfServer.empty() || error.wire->field != m_asks[i].fieldOfServer)
            continue;
        const bool wrong = error.wire->code == protocol::ErrorCode::InvalidCredentials;
        const bool weak = error.wire->code == protocol::ErrorCode::Malformed;
        m_fields[i]->setError(wrong  ? tr("This is not your password.")
                              : weak ? tr("Too easy to guess, or shorter than 8 characters. Choose another one.")
                                     : words,
                              detail);
        m_fields[i]->edit()->selectAll();
        m_fields[i]->edit()->setFocus(Qt::OtherFocusReason);
        return;
    }
    m_problem->setText(words);
    m_problem->setToolTip(detail);
    m_problem->setVisible(!words.isEmpty());
}

void SecretsDialog::submit()
{
    if (!m_submit->isEnabled())
        return;
    m_problem->hide();
    QStringList secrets;
    Field *wrong = nullptr;
    for (std::size_t i = 0; i < m_fields.size(); ++i) {
        const QString text = m_fields[i]->text();
        QString problem;
        if (text.isEmpty())
            problem = tr("This is missing.");
        else if (text.size() < m_asks[i].least)
            problem = tr("At least %n character(s).", nullptr, m_asks[i].least);
        else if (m_asks[i].repeats && text != secrets.last())
            problem = tr("This is not the same.");
        m_fields[i]->setError(problem);
        if (!problem.isEmpty() && !wrong)
            wrong = m_fields[i];
        secrets << text;
    }
    if (wrong)
        return wrong->edit()->setFocus(Qt::OtherFocusReason);
    emit submitted(secrets);
}

} // namespace kith::ui
