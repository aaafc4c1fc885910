// SPDX-License-Identifier: GPL-3.0-or-later
// Offers people while a name is typed behind an @. The text field keeps the focus; the list stands above it.
#pragma once

#ifndef Q_MOC_RUN // moc 6.4 stumbles over libstdc++
#include "core/models/mentions.h"
#include "ui/widgets/people_list.h"
#endif

#include <QFrame>
#include <QObject>
#include <QPointer>

class QListView;
class QPlainTextEdit;

namespace kith::ui {

class MentionCompleter final : public QObject {
    Q_OBJECT
public:
    MentionCompleter(const Theme &theme, QPlainTextEdit &edit);
    ~MentionCompleter() override; // the list belongs to the window that the field stands in

    /// Who may be named, those who are meant most likely first. Nobody: nothing is offered.
    void setPeople(std::vector<User> people);
    /// Whom a text names, each once, in its order.
    std::vector<UserId> mentionsIn(const QString &text) const;
    bool isOffering() const;
    QListView *list() const { return m_list; }
    void hide();

signals:
    /// An @ stands in the text: who may be named is of interest now.
    void wanted();

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    void update();
    void place();
    void step(int rows);
    void choose();
    bool onKey(int key);

    const Theme &m_theme;
    QPlainTextEdit &m_edit;
    QPointer<QFrame> m_frame; // the window's child
    QListView *m_list;
    FoundModel m_found;
    std::vector<User> m_people;
    std::map<QString, UserId> m_chosen; // of people with one name: who was picked
    int m_start = -1;                   // of the @ that is completed
    int m_refused = -1;                 // Esc was pressed for the @ there
};

} // namespace kith::ui
