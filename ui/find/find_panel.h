// SPDX-License-Identifier: GPL-3.0-or-later
// Search in the sidebar's place: the field, where to look, the hits, and how far back they could be looked for. Shows
// what it is given and says what was asked for; find_controller.h does it.
#pragma once

#ifndef Q_MOC_RUN // moc 6.4 stumbles over libstdc++
#include "core/client/search.h"
#include "core/models/search_hits.h"
#include "ui/theme/theme.h"
#endif

#include <QTimer>
#include <QWidget>

class QLabel;
class QLineEdit;
class QListView;
class QPushButton;
class QStackedWidget;
class QToolButton;

namespace kith::ui {

class EmptyState;
class HitDelegate;

class FindPanel final : public QWidget {
    Q_OBJECT
public:
    enum class Scope { Here, Everywhere };

    FindPanel(const Theme &theme, models::SearchHitsModel &hits, QWidget *parent = nullptr);

    /// Puts the cursor into the field. `hereOffered`: a conversation is open.
    void begin(Scope scope, bool hereOffered);
    void clear(); // words and hits
    Scope scope() const { return m_scope; }
    QString text() const;

    /// What is shown stays for a moment, so that fast answers do not flicker.
    void setSearching();
    /// The model has the hits already.
    void setAnswer(const client::SearchAnswer &answer);
    void setProblem(const QString &words, const QString &detail);
    void setCurrent(int row);

    QLineEdit *edit() const { return m_edit; }
    QListView *list() const { return m_list; }
    QPushButton *hereButton() const { return m_here; }
    QPushButton *everywhereButton() const { return m_everywhere; }
    QPushButton *downloadButton() const { return m_download; }
    EmptyState *emptyState() const { return m_empty; }
    QString hintText() const;
    QString reachText() const;
    bool isShowingHits() const;

signals:
    void asked(); // words or scope changed
    void chosen(int row);
    void moreRequested(); // the last hits are in sight
    void closed();
    void downloadRequested();

protected:
    void changeEvent(QEvent *event) override;
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    enum class State { Idle, Searching, Answered, Problem };

    void retranslate();
    void refresh();
    void setScope(Scope scope);
    void step(int by);
    void chooseCurrent();
    QString reachWords() const;

    const Theme &m_theme;
    models::SearchHitsModel &m_hits;
    HitDelegate *m_delegate;
    QToolButton *m_back;
    QLineEdit *m_edit;
    QAction *m_icon;
    QPushButton *m_here;
    QPushButton *m_everywhere;
    QLabel *m_hint;
    QStackedWidget *m_stack;
    QListView *m_list;
    EmptyState *m_empty;
    QLabel *m_reach;
    QPushButton *m_download;
    QTimer m_slow; // until it is said that it works
    Scope m_scope = Scope::Everywhere;
    State m_state = State::Idle;
    std::vector<history::SearchHint> m_hints;
    history::SearchReach m_reached;
    QString m_problem;
    bool m_asked = false;
};

/// A hint in the reader's words.
QString searchHintWords(const history::SearchHint &hint);

} // namespace kith::ui
