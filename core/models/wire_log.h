// SPDX-License-Identifier: GPL-3.0-or-later
// The recorded frames and calls as rows of a table, oldest first: filtered, and at a stop while somebody reads.
#pragma once

#ifndef Q_MOC_RUN // moc 6.4 stumbles over libstdc++
#include "core/client/recorder.h"
#include "core/models/wire_json.h"
#include <deque>
#endif

#include <QAbstractTableModel>
#include <QPointer>
#include <QTimer>

namespace kith::models {

class WireLogModel final : public QAbstractTableModel {
    Q_OBJECT
public:
    enum Column { Time, Direction, Op, Id, Size, kColumns };
    enum Role { TextRole = Qt::UserRole + 1, KindRole };

    /// `recorder` may go first.
    explicit WireLogModel(client::Recorder &recorder, QObject *parent = nullptr);

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
    const client::WireEntry &entry(int row) const { return line(row).entry; }

    /// Rows whose bytes, op or path hold `text`, in any case; empty: all. `op`: that have it; empty: any.
    void setFilter(const QString &text, const QString &op);
    /// While it is paused nothing comes and nothing goes; afterwards what the recorder still has is shown.
    void setPaused(bool paused);
    bool isPaused() const { return m_paused; }
    /// Of the rows and of the recorder.
    void clear();
    int total() const { return static_cast<int>(m_lines.size()); }
    /// All that were ever here, sorted.
    const QStringList &ops() const { return m_ops; }

signals:
    void opsChanged();
    void countsChanged();

private:
    struct Line {
        client::WireEntry entry;
        QString op, id; // as shown
        QStringList all;
    };

    const Line &line(int row) const { return m_lines[static_cast<std::size_t>(m_shown[at(row)] - m_first)]; }
    static std::size_t at(int row) { return static_cast<std::size_t>(row); }
    static Line read(const client::WireEntry &entry);
    bool matches(const Line &one) const;
    void take();
    void drop(std::size_t count);
    void reset();

    QPointer<client::Recorder> m_recorder;
    std::deque<Line> m_lines;
    std::uint64_t m_first = 0;         // ordinal of m_lines.front()
    std::deque<std::uint64_t> m_shown; // ordinals of the lines that match
    std::uint64_t m_taken = 0;         // WireEntry::number of the last one here
    QString m_text, m_op;
    QStringList m_ops;
    bool m_paused = false;
    QTimer m_soon;
};

} // namespace kith::models
