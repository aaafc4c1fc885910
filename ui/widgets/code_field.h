// SPDX-License-Identifier: GPL-3.0-or-later
// A field for the code of an authenticator, which goes on by itself after six digits, or for a recovery code.
#pragma once

#ifndef Q_MOC_RUN // moc 6.4 stumbles over libstdc++
#include "core/client/types.h"
#include "ui/theme/theme.h"
#endif

#include <QWidget>

namespace kith::ui {

class Field;

class CodeField final : public QWidget {
    Q_OBJECT
public:
    explicit CodeField(const Theme &theme, QWidget *parent = nullptr);

    void setKind(client::SecondFactorCode::Kind kind);
    client::SecondFactorCode code() const; // with spaces taken out
    bool isComplete() const;
    void clear();
    void setError(const QString &error, const QString &detail = {});
    void focusText();
    Field *field() const { return m_field; }

signals:
    /// Six digits are there, typed or pasted; of a recovery code only by Enter.
    void completed();

protected:
    void changeEvent(QEvent *event) override;

private:
    void retranslate();
    void edited();

    Field *m_field;
    client::SecondFactorCode::Kind m_kind = client::SecondFactorCode::Kind::Totp;
    QString m_told; // the code that completed() was said of, so that it is said once
};

} // namespace kith::ui
