// SPDX-License-Identifier: GPL-3.0-or-later
// What the composer remembers from one start to the next, kept with the history and encrypted like it: the emoji used
// last, the language of the spelling, and words that are right though no dictionary has them.
#pragma once

#ifndef Q_MOC_RUN // moc 6.4 stumbles over libstdc++
#include "core/client/client.h"
#endif

#include <QObject>

namespace kith::ui {

class Composer;

class WritingController final : public QObject {
    Q_OBJECT
public:
    explicit WritingController(client::Client &client, QObject *parent = nullptr);

    /// One composer; it must live as long as this.
    void attach(Composer &composer);
    /// The history is open: what was remembered is read.
    QCoro::Task<void> enter();
    /// The history closes: nothing of it stays here.
    void leave();

private:
    QCoro::Task<void> keep(std::string name, std::string value);

    client::Client &m_client;
    Composer *m_composer = nullptr;
    bool m_reading = false;    // what is set now is kept already
    std::uint64_t m_visit = 0; // ends with leave(): what enter() still waits for is then of no use
};

} // namespace kith::ui
