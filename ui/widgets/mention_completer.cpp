// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/mention_completer.h"

#include "core/base/limits.h"
#include "ui/pictures/pictures.h"

#include <QListView>
#include <QPlainTextEdit>

#include <algorithm>

namespace kith::ui {

namespace {
constexpr int kRow = 48;
constexpr std::size_t kMostOffered = 50; // who is not among these is found by one letter more
} // namespace

MentionCompleter::MentionCompleter(const Theme &theme, QPlainTextEdit &edit) : CompletionPopup(edit)
{
    show(m_found, new PersonDelegate(theme, PersonDelegate::Size::Compact, this), theme.row(kRow));
    repaintArrivals(*list(), theme.pictures());
}

void MentionCompleter::setPeople(std::vector<User> people)
{
    if (people == m_people)
        return;
    m_people = std::move(people);
    update();
}

std::vector<UserId> MentionCompleter::mentionsIn(const QString &text) const
{
    std::vector<UserId> users;
    for (const models::Mention &mention :
         models::findMentions(text.normalized(QString::NormalizationForm_C), m_people, m_chosen))
        if (users.size() < limits::kMaxMentions && std::find(users.begin(), users.end(), mention.user) == users.end())
            users.push_back(mention.user);
    return users;
}

void MentionCompleter::update()
{
    const QString text = edit().toPlainText();
    const std::optional<models::MentionQuery> query = models::mentionAt(text, edit().textCursor().position());
    if (text.contains(QLatin1Char('@')) || text.contains(QChar(0xff20)))
        emit wanted();
    if (!mayOffer(query ? query->start : -1))
        return hide();
    std::vector<User> matches = models::matchPeople(m_people, query->typed, kMostOffered);
    if (matches.empty())
        return hide();
    m_found.reset(std::move(matches));
    offer(query->start);
}

QString MentionCompleter::take(int row)
{
    const User user = m_found.user(row);
    const QString name = models::shownName(user);
    m_chosen[name] = user.id;
    return QLatin1Char('@') + name + QLatin1Char(' ');
}

QString MentionCompleter::accessibleName() const
{
    return tr("People to mention");
}

} // namespace kith::ui
