// SPDX-License-Identifier: GPL-3.0-or-later
// Offers people while a name is typed behind an @.
#pragma once

#ifndef Q_MOC_RUN // moc 6.4 stumbles over libstdc++
#include "core/models/mentions.h"
#include "ui/widgets/people_list.h"
#endif
#include "ui/widgets/completion_popup.h"

namespace kith::ui {

class MentionCompleter final : public CompletionPopup {
    Q_OBJECT
public:
    MentionCompleter(const Theme &theme, QPlainTextEdit &edit);

    /// Who may be named, those who are meant most likely first. Nobody: nothing is offered.
    void setPeople(std::vector<User> people);
    /// Whom a text names, each once, in its order.
    std::vector<UserId> mentionsIn(const QString &text) const;

signals:
    /// An @ stands in the text: who may be named is of interest now.
    void wanted();

private:
    void update() override;
    QString take(int row) override;
    QString accessibleName() const override;

    FoundModel m_found;
    std::vector<User> m_people;
    std::map<QString, UserId> m_chosen; // of people with one name: who was picked
};

} // namespace kith::ui
