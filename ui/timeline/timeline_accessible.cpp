// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/timeline/timeline_accessible.h"

#include "ui/timeline/timeline_view.h"
#include "ui/words/words.h"

#include <QAccessible>
#include <QAccessibleWidget>
#include <QHash>
#include <QPointer>

namespace kith::ui {

namespace {

class RowInterface final : public QAccessibleInterface {
public:
    RowInterface(TimelineView *view, QString key)
        : m_view(view), m_conversation(view->model().conversation()), m_key(std::move(key))
    {
    }

    bool isValid() const override { return row() >= 0; }
    /// Rows come and go above it, and it is still the same message.
    int row() const
    {
        const bool here = m_view && m_view->model().conversation() == m_conversation;
        return here ? m_view->model().indexOfKey(m_key) : -1;
    }
    QObject *object() const override { return nullptr; }
    QAccessibleInterface *parent() const override { return QAccessible::queryAccessibleInterface(m_view.data()); }
    QAccessibleInterface *child(int) const override { return nullptr; }
    int childCount() const override { return 0; }
    int indexOfChild(const QAccessibleInterface *) const override { return -1; }
    QAccessibleInterface *childAt(int, int) const override { return nullptr; }
    QString text(QAccessible::Text kind) const override
    {
        return isValid() && kind == QAccessible::Name ? spokenRow(*m_view, row()) : QString();
    }
    void setText(QAccessible::Text, const QString &) override {}
    QRect rect() const override
    {
        if (!isValid())
            return {};
        const QRect at = m_view->rowRect(row());
        return at.isEmpty() ? QRect() : QRect(m_view->viewport()->mapToGlobal(at.topLeft()), at.size());
    }
    QAccessible::Role role() const override { return QAccessible::ListItem; }
    QAccessible::State state() const override
    {
        QAccessible::State state;
        state.readOnly = true;
        state.focusable = true;
        state.focused = isValid() && m_view->hasFocus() && m_view->currentRow() == row();
        state.offscreen = rect().isEmpty();
        return state;
    }

private:
    QPointer<TimelineView> m_view;
    ConversationId m_conversation;
    QString m_key;
};

class ViewInterface final : public QAccessibleWidget {
public:
    explicit ViewInterface(TimelineView *view) : QAccessibleWidget(view, QAccessible::List), m_view(view) {}
    ~ViewInterface() override
    {
        for (const QAccessible::Id id : std::as_const(m_rows))
            QAccessible::deleteAccessibleInterface(id);
    }

    int childCount() const override { return m_view->model().rowCount(); }
    QAccessibleInterface *child(int index) const override
    {
        if (index < 0 || index >= childCount())
            return nullptr;
        const QString key = m_view->model().row(index).key;
        const QString name = QString::fromStdString(m_view->model().conversation().str()) + QLatin1Char('/') + key;
        if (const auto known = m_rows.constFind(name); known != m_rows.cend())
            return QAccessible::accessibleInterface(*known);
        if (m_rows.size() >= kMostKept)
            forgetGone();
        auto *made = new RowInterface(m_view, key);
        m_rows.insert(name, QAccessible::registerAccessibleInterface(made));
        return made;
    }
    int indexOfChild(const QAccessibleInterface *wanted) const override
    {
        const auto *row = dynamic_cast<const RowInterface *>(wanted);
        return row ? row->row() : -1;
    }
    QAccessibleInterface *focusChild() const override
    {
        return m_view->hasFocus() ? child(m_view->currentRow()) : nullptr;
    }
    QAccessibleInterface *childAt(int x, int y) const override
    {
        const QPoint at = m_view->viewport()->mapFromGlobal(QPoint(x, y));
        for (const TimelineView::Placed &p : m_view->placed()) {
            if (at.y() >= p.top && at.y() < p.top + p.height)
                return child(p.row);
        }
        return nullptr;
    }

private:
    /// More than the window's own rows at any time.
    static constexpr int kMostKept = 2000;
    void forgetGone() const
    {
        m_rows.removeIf([](const auto &known) {
            const QAccessibleInterface *row = QAccessible::accessibleInterface(known.value());
            const bool gone = !row || !row->isValid();
            if (gone)
                QAccessible::deleteAccessibleInterface(known.value());
            return gone;
        });
    }

    TimelineView *m_view;
    mutable QHash<QString, QAccessible::Id> m_rows; // by conversation and key of the row
};

QAccessibleInterface *make(const QString &, QObject *object)
{
    auto *view = qobject_cast<TimelineView *>(object);
    return view ? new ViewInterface(view) : nullptr;
}

} // namespace

void installTimelineAccessibility()
{
    static const bool installed = [] {
        QAccessible::installFactory(make);
        return true;
    }();
    Q_UNUSED(installed)
}

QString spokenRow(const TimelineView &view, int index)
{
    const models::TimelineRow &row = view.model().row(index);
    if (row.kind != models::RowKind::Message) {
        const RowLayout &layout = view.layoutOf(index);
        return layout.actionText.isEmpty() ? layout.chipText
                                           : layout.chipText + QStringLiteral(", ") + layout.actionText;
    }
    const QString words = row.stored.message.recalled ? Words::tr("This message was recalled") : row.words.text;
    QStringList parts{Words::name(row.sender), words, Words::full(toLocal(row.stored.message.createdAt))};
    if (row.own)
        parts << Words::delivery(row);
    return parts.join(QStringLiteral(", "));
}

} // namespace kith::ui
