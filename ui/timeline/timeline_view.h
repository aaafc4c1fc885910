// SPDX-License-Identifier: GPL-3.0-or-later
// The timeline: bottom-anchored, only what is in sight is laid out (DESIGN §3.8).
#pragma once

#ifndef Q_MOC_RUN // moc 6.4 stumbles over libstdc++
#include "core/models/timeline_window.h"
#include "ui/theme/theme.h"
#include "ui/timeline/layout_cache.h"
#include "ui/timeline/selection.h"
#endif

#include <QAbstractScrollArea>
#include <QVariantAnimation>

class QAction;
class QPushButton;
class QScrollBar;

namespace kith::ui {

/// The place in the history is an anchor row and the distance of its bottom from the viewport's: what is inserted or
/// removed above or below never moves it. At the newest end the anchor follows the newest row.
class TimelineView final : public QAbstractScrollArea {
    Q_OBJECT
public:
    TimelineView(const Theme &theme, models::TimelineWindow &model, const models::People &people,
                 QWidget *parent = nullptr);

    void scrollBy(int pixels); // positive: towards newer
    void scrollToNewest();
    bool isAtNewest() const { return m_stick; }
    void setUnread(std::int64_t unread);
    QString selectedText() const { return m_selection.text(m_model); }
    void copySelection() const;

    // --- for tests, accessibility and tooltips: rows in sight, in viewport coordinates
    struct Placed {
        int row = 0;
        int top = 0;
        int height = 0;
    };
    const std::vector<Placed> &placed() const { return m_placed; }
    const RowLayout &layoutOf(int row) const;
    std::int64_t layoutsMade() const { return m_cache.made(); }
    models::TimelineWindow &model() const { return m_model; }
    const models::People &people() const { return m_people; }
    QRect rowRect(int row) const; // empty when out of sight
    void revealRow(int row);
    QList<QAction *> menuActions(int row, QObject *parent);

signals:
    /// Everything up to here was in sight of an active window.
    void seen(kith::Seq seq);
    void linkActivated(const QString &url);
    void retryRequested(const kith::ClientMessageId &cid);
    void discardRequested(const kith::ClientMessageId &cid);
    void replyRequested(kith::Seq seq, const QString &name, const QString &text);
    void editRequested(qint64 localId, const QString &text);
    void recallRequested(qint64 localId);
    void likeRequested(qint64 localId, bool liked);
    void receiptsRequested(kith::Seq seq, const QString &text); // of an own message
    void profileRequested(const kith::UserId &user);
    void typedIntoView(const QString &text); // a letter typed here belongs to the composer
    void painted();

protected:
    void paintEvent(QPaintEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    void showEvent(QShowEvent *event) override;
    void wheelEvent(QWheelEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    void mousePressEvent(QMouseEvent *event) override;
    void mouseMoveEvent(QMouseEvent *event) override;
    void mouseReleaseEvent(QMouseEvent *event) override;
    void mouseDoubleClickEvent(QMouseEvent *event) override;
    void contextMenuEvent(QContextMenuEvent *event) override;
    bool viewportEvent(QEvent *event) override;
    void changeEvent(QEvent *event) override;
    void focusInEvent(QFocusEvent *event) override;
    void focusOutEvent(QFocusEvent *event) override;
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    // timeline_view.cpp: placing
    void place();
    bool placeOnce();
    int heightOf(int row) const;
    void applyTarget();
    void pickAnchor();
    void afterPlace();
    void askEdges();
    void reportSeen();
    void onInserted(int first, int last);
    void onPositioned(const QString &key);
    void restyle();
    void updatePill();
    // timeline_bar.cpp: the scroll bar stands for the whole conversation, not for the loaded window
    void updateBar();
    void onBarMoved(int value);
    double positionAtTop() const;
    double total() const;
    // timeline_input.cpp
    const Placed *placedAt(int y) const;
    Selection::End endAt(const QPoint &point) const;
    bool activateAt(const QPoint &point);
    void showMenu(int row, const QPoint &global);
    bool showTip(const QPoint &point, const QPoint &global);
    LayoutContext context() const;

    const Theme &m_theme;
    models::TimelineWindow &m_model;
    const models::People &m_people;
    mutable LayoutCache m_cache;
    std::vector<Placed> m_placed;
    QString m_anchor;
    int m_anchorRow = 0; // where the anchor was last: the nearest row takes over when it goes
    int m_anchorUp = 0;  // pixels from the anchor's bottom to the viewport's bottom
    bool m_stick = true; // at the newest end, and staying there
    QString m_target;    // to be shown as soon as it can be placed
    bool m_hasTarget = false;
    QString m_flash;
    bool m_askPending = false, m_placing = false;
    Seq m_seen;
    ConversationId m_seenIn;
    std::int64_t m_unread = 0;
    Selection m_selection;
    bool m_selecting = false;
    QPoint m_pressAt;
    QString m_hoverKey;
    int m_hoverLink = -1;
    QScrollBar *m_bar;
    bool m_updatingBar = false;
    QPushButton *m_pill;
    QVariantAnimation m_slide; // a new message slides in
};

} // namespace kith::ui
