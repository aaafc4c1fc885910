// SPDX-License-Identifier: GPL-3.0-or-later
// The timeline: bottom-anchored, only what is in sight is laid out (DESIGN §3.8).
#pragma once

#ifndef Q_MOC_RUN // moc 6.4 stumbles over libstdc++
#include "core/models/timeline_window.h"
#include "ui/theme/theme.h"
#include "ui/timeline/layout_cache.h"
#include "ui/timeline/row_painter.h"
#include "ui/timeline/selection.h"
#endif

#include <QAbstractScrollArea>
#include <QHash>
#include <QTimer>
#include <QVariantAnimation>

#include <functional>

class QAction;
class QPainter;
class QPushButton;
class QScrollBar;

namespace kith::ui {

/// The place in the history is an anchor, the first message that begins in sight or a line of a long one, and where it
/// lies: what is inserted, changed or removed above or below never moves it. At the newest end the newest row is
/// followed.
class TimelineView final : public QAbstractScrollArea {
    Q_OBJECT
public:
    TimelineView(const Theme &theme, models::TimelineWindow &model, const models::People &people,
                 QWidget *parent = nullptr);

    void scrollBy(int pixels); // positive: towards newer
    void scrollToNewest();
    bool isAtNewest() const { return m_stick; }
    void setUnread(std::int64_t unread);
    /// To the message that this row answers; goBack() leads back here, until somebody is at the newest end.
    void goToSource(int row);
    bool goBack(); // false: no way back
    bool canGoBack() const { return !m_returns.empty(); }
    /// Words that were looked for are marked wherever they are in sight; none: no marks any more.
    void setFound(std::vector<std::string> phrases, bool lastOpen);
    void leaveFound(); // Esc: no marks, and to the newest end
    std::vector<FoundMark> foundIn(const models::TimelineRow &row) const;
    QString selectedText() const { return m_selection.text(m_model); }
    void copySelection() const;

    // --- for tests, accessibility and tooltips: rows in sight, in viewport coordinates
    struct Placed {
        int row = 0;
        int top = 0;
        int height = 0;
        QString key{};
    };
    const std::vector<Placed> &placed() const { return m_placed; }
    const RowLayout &layoutOf(int row) const;
    std::int64_t layoutsMade() const { return m_cache.made(); }
    models::TimelineWindow &model() const { return m_model; }
    const models::People &people() const { return m_people; }
    QRect rowRect(int row) const; // empty when out of sight
    void revealRow(int row);
    QDate dayInSight() const; // of the first message in sight, today where there is none
    /// Where the keys are: a message, a notice or a hole; -1: nowhere.
    int currentRow() const;
    void setCurrentRow(int row);
    QList<QAction *> menuActions(int row, QObject *parent);
    void setReadOnly(bool readOnly) { m_readOnly = readOnly; } // offers nothing that must reach the server

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
    void dayClicked(const QDate &day, const QRect &at); // at: of the day's pill, on the screen
    void typedIntoView(const QString &text);            // a letter typed here belongs to the composer
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
    struct Anchor {
        QString key;
        int at = -1; // first character of the line that stays; -1: the row's top
        int y = 0;   // of that line or top in the viewport
    };
    struct Return {
        Seq seq;
        int top = 0; // of the row when the jump began
    };
    struct FoundWords {
        QString text;
        std::vector<FoundMark> marks;
    };
    // timeline_place.cpp; moved: by the reader, another line may be read now
    void place(bool moved);
    bool applyTarget();
    std::pair<int, int> standing();  // the row that stays, and its top
    int placeFrom(int row, int top); // how far all must still be moved, so that no end gapes
    void anchorAt(int row, int top);
    void pickAnchor(bool moved);
    void afterPlace();
    void askEdges();
    void reportSeen();
    void onPositioned(const QString &key);
    // timeline_view.cpp
    int heightOf(int row) const;
    void onRebuilt();
    void restyle();
    // timeline_jump.cpp
    void updatePill();
    QPoint pillPlace() const;
    void forgetPassedReturns();
    // timeline_bar.cpp: the scroll bar stands for the whole conversation, not for the loaded window
    void updateBar();
    void onBarMoved(int value);
    double positionAtTop() const;
    double total() const;
    // timeline_current.cpp: what the keys are at
    bool takesKeys(int row) const;
    int rowInSight(bool lowest) const;
    void moveCurrent(int by);
    void showCurrent(int by);
    void activateCurrent();
    void tellCurrent();
    void onFocusByKeys();
    void paintFocus(QPainter &painter) const;
    QRect ringOf(const Placed &placed) const;
    // timeline_menu.cpp
    void showKeyMenu();
    using AddAction = std::function<void(const QString &, std::function<void()>)>;
    void addLinkActions(const std::vector<Link> &links, const AddAction &add);
    // timeline_input.cpp
    void selectTo(const QPoint &point);
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
    Anchor m_anchor;
    int m_anchorRow = 0;   // where the anchor was last, for when nothing in sight is left
    int m_topInWindow = 0; // of the view, when it was last laid out
    bool m_stick = true;   // at the newest end, and staying there
    QString m_target;      // to be shown as soon as it can be placed
    bool m_hasTarget = false;
    std::optional<int> m_targetTop;             // where, instead of a quarter down
    bool m_dirty = false;                       // rows changed since they were placed
    std::optional<std::pair<int, int>> m_fresh; // the rows that came in, if that is all that happened
    std::vector<Return> m_returns;
    ConversationId m_returnsIn;
    std::vector<std::string> m_found;
    bool m_foundOpen = false;
    mutable QHash<QString, FoundWords> m_foundMarks;
    QString m_flash;
    bool m_askPending = false, m_placing = false;
    Seq m_seen;
    ConversationId m_seenIn;
    std::int64_t m_unread = 0;
    Selection m_selection;
    bool m_selecting = false;
    bool m_readOnly = false;
    QPoint m_pressAt;
    QPoint m_selectAt; // where the pointer is while it selects
    QTimer m_selectOn; // scrolls while the pointer is held beyond an edge
    QString m_current; // key of the row that the keys are at
    QScrollBar *m_bar;
    bool m_updatingBar = false;
    QPushButton *m_pill;
    QVariantAnimation m_slide; // a new message slides in
};

} // namespace kith::ui
