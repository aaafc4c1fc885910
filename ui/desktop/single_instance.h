// SPDX-License-Identifier: GPL-3.0-or-later
// One window per profile: a second start asks the first to come to the front.
#pragma once

#include <QLocalServer>
#include <QObject>
#include <QString>

namespace kith::ui {

class SingleInstance final : public QObject {
    Q_OBJECT
public:
    /// `profileDir` names the instance; the folder need not be there yet.
    explicit SingleInstance(const QString &profileDir, QObject *parent = nullptr);

    /// Hands over to an instance that runs. False where there is none, or it does not answer within a second.
    bool handOver(const QString &conversation, const QString &activationToken);
    /// From now on others hand over to this one.
    bool listen();

signals:
    /// `conversation` may be empty.
    void openRequested(const QString &conversation, const QString &activationToken);

private:
    void accept();

    QString m_name;
    QLocalServer m_server;
};

} // namespace kith::ui
