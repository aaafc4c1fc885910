// SPDX-License-Identifier: GPL-3.0-or-later
// The pictures of people and groups that are in sight, round and in the sizes in which they are drawn.
#pragma once

#include <QCache>
#include <QHash>
#include <QImage>
#include <QObject>
#include <QPixmap>
#include <QThreadPool>

#include <chrono>

class QAbstractItemView;

namespace kith::ui {

/// Whoever paints asks by the file's id and gets what is here at once. What is not here is asked for by wanted(), once
/// in a while; put() brings its bytes, which are decoded on a thread of their own, and arrived() tells who shows it to
/// paint again. Bounded; nothing of it is on a disk.
class Pictures final : public QObject {
    Q_OBJECT
public:
    explicit Pictures(QObject *parent = nullptr);
    ~Pictures() override;

    /// Null: not here, or not yet. `pixels`: of the device.
    QPixmap find(const QString &id, int pixels);
    /// Square; null where it is not here. Nobody is asked.
    QImage image(const QString &id) const;
    void put(const QString &id, const QByteArray &bytes);
    /// As put(), of a picture that is decoded already.
    void putImage(const QString &id, const QImage &square);
    /// Nothing is known any more: the history was closed.
    void clear();

signals:
    void wanted(const QString &id);
    void arrived(const QString &id);

private:
    void want(const QString &id);

    struct Key {
        QString id;
        int pixels;
        bool operator==(const Key &) const = default;
    };
    friend size_t qHash(const Key &key, size_t seed) { return qHashMulti(seed, key.id, key.pixels); }

    QCache<QString, QImage> m_squares;                             // cost: KiB
    QCache<Key, QPixmap> m_round;                                  // cost: KiB
    QHash<QString, std::chrono::steady_clock::time_point> m_asked; // when; not here yet, or not to be read at all
    QStringList m_toAsk;
    quint64 m_turn = 0; // of clear(): what is decoded for an older one is dropped
    QThreadPool m_decoder;
};

/// Rows in sight whose models::kAvatarRole names a picture are painted again when it arrives.
void repaintArrivals(QAbstractItemView &view, Pictures &pictures);

} // namespace kith::ui
