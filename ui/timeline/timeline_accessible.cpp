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
    RowInterface(TimelineView *view, int row) : m_view(view), m_row(row) {}

    bool isValid() const override { return m_view && m_row < m_view->model().rowCount(); }
    QObject *object() const override { return nullptr; }
    QAccessibleInterface *parent() const override { return QAccessible::queryAccessibleInterface(m_view.data()); }
    QAccessibleInterface *child(int) const override { return nullptr; }
    int childCount() const override { return 0; }
    int indexOfChild(const QAccessibleInterface *) const override { return -1; }
    QAccessibleInterface *childAt(int, int) const override { return nullptr; }
    QString text(QAccessible::Text kind) const override
    {
        return isValid() && kind == QAccessible::Name ? spokenRow(*m_view, m_row) : QString();
    }
    void setText(QAccessible::Text, const QString &) override {}
    QRect rect() const override
    {
        if (!isValid())
            return {};
        const QRect row = m_view->rowRect(m_row);
        return row.isEmpty() ? QRect() : QRect(m_view->viewport()->mapToGlobal(row.topLeft()), row.size());
    }
    QAccessible::Role role() const override { return QAccessible::ListItem; }
    QAccessible::State state() const override
    {
        QAccessible::State state;
        state.readOnly = true;
        state.offscreen = rect().isEmpty();
        return state;
    }

private:
    QPointer<TimelineView> m_view;
    int m_row;
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
        if (const auto known = m_rows.find(index); known != m_rows.end())
            return QAccessible::accessibleInterface(*known);
        auto *made = new RowInterface(m_view, index);
        m_rows.insert(index, QAccessible::registerAccessibleInterface(made));
        return made;
    }
    int indexOfChild(const QAccessibleInterface *wanted) const override
    {
        for (auto i = m_rows.cbegin(); i != m_rows.cend(); ++i) {
            if (QAccessible::accessibleInterface(i.value()) == wanted)
                return i.key();
        }
        return -1;
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
    TimelineView *m_view;
    mutable QHash<int, QAccessible::Id> m_rows;
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
    if (row.kind != models::RowKind::Message)
        return view.layoutOf(index).chipText;
    const QString words = row.stored.message.recalled ? Words::tr("This message was recalled") : row.words.text;
    QStringList parts{Words::name(row.sender), words, Words::full(toLocal(row.stored.message.createdAt))};
    if (row.own)
        parts << Words::delivery(row);
    return parts.join(QStringLiteral(", "));
}

} // namespace kith::ui
