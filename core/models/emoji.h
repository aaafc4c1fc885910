// SPDX-License-Identifier: GPL-3.0-or-later
// The emoji that can be picked: read from resources/emoji.tsv when first asked for, found by name or word in English
// and Chinese, the ones used last remembered.
#pragma once

#include <QAbstractListModel>
#include <QByteArray>
#include <QHash>
#include <QString>
#include <QStringList>

#include <functional>
#include <optional>
#include <vector>

namespace kith::models {

struct Emoji {
    QString text;
    QString name;   // English
    QString nameZh; // empty where CLDR has none
    QString terms;  // "|name|name|word|…|", folded
    int group = 0;

    bool operator==(const Emoji &) const = default;
};

struct EmojiTable {
    std::vector<Emoji> emoji; // in Unicode's order, by groups
    QStringList groups;       // Unicode's names of them

    bool operator==(const EmojiTable &) const = default;
};

/// Lines that do not hold what tools/make_emoji.py writes are left out.
EmojiTable readEmoji(const QByteArray &tsv);

/// 0: it does not fit. Each word typed must fit one term: whole before beginning before beginning of a word before
/// inside; the name before the other words. `words` are folded.
int emojiScore(const Emoji &emoji, const QStringList &words);

/// The ":smi" that ends at the cursor, behind a space or at the beginning: "12:30" and ":)" are none.
struct EmojiQuery {
    int start = 0; // of the colon
    QString typed;

    bool operator==(const EmojiQuery &) const = default;
};
std::optional<EmojiQuery> emojiAt(const QString &text, int position);

/// What is on offer. Nothing is read or asked before somebody wants to see emoji.
class EmojiShelf final {
public:
    using Load = std::function<QByteArray()>;
    /// How it is written so that a font draws it as one picture; empty: none does. Asked once per emoji.
    using Form = std::function<QString(const QString &)>;
    static constexpr int kMostRecent = 36;

    EmojiShelf(Load load, Form form) : m_load(std::move(load)), m_form(std::move(form)) {}

    const Emoji &at(int index) { return table().emoji.at(static_cast<std::size_t>(index)); }
    int groupCount() { return static_cast<int>(table().groups.size()); }
    std::vector<int> group(int group);
    std::vector<int> recent();
    /// The best first, at most that many.
    std::vector<int> find(const QString &typed, std::size_t most);
    /// -1: it is none of ours.
    int indexOf(const QString &text);

    /// Newest first; what is unknown stays in, another version may know it.
    const QStringList &recentTexts() const { return m_recent; }
    void setRecentTexts(const QStringList &texts);
    void use(int index);

private:
    EmojiTable &table();
    bool isDrawable(int index);

    Load m_load;
    Form m_form;
    std::optional<EmojiTable> m_table;
    QHash<QString, int> m_index;      // without selectors
    std::vector<signed char> m_known; // per emoji: 1 drawable, 0 not, -1 not asked yet
    QStringList m_recent;
};

/// Some of a shelf's emoji, as a list.
class EmojiModel final : public QAbstractListModel {
    Q_OBJECT
public:
    enum Role { NameRole = Qt::UserRole + 1 }; // in the language of the window
    EmojiModel(EmojiShelf &shelf, QObject *parent) : QAbstractListModel(parent), m_shelf(shelf) {}

    int rowCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;
    void reset(std::vector<int> shown);
    int at(int row) const { return m_shown.at(static_cast<std::size_t>(row)); }

private:
    EmojiShelf &m_shelf;
    std::vector<int> m_shown;
};

} // namespace kith::models
