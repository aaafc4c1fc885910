// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/find/find_panel.h"

#include "ui/find/hit_delegate.h"
#include "ui/pictures/pictures.h"
#include "ui/theme/icons.h"
#include "ui/widgets/empty_state.h"
#include "ui/widgets/list_row.h"
#include "ui/widgets/notice.h"
#include "ui/words/words.h"

#include <QAction>
#include <QEvent>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QListView>
#include <QPushButton>
#include <QScrollBar>
#include <QStackedWidget>
#include <QToolButton>

#include <algorithm>

namespace kith::ui {

namespace {
constexpr int kSlowMs = 200;     // LOOK.md
constexpr int kMorePixels = 240; // before the end
constexpr int kLinkRing = 6;     // a link's room for its focus ring
} // namespace

QString searchHintWords(const history::SearchHint &hint)
{
    using Kind = history::SearchHint::Kind;
    const QString name = QString::fromStdString(hint.name), value = QString::fromStdString(hint.value);
    switch (hint.kind) {
    case Kind::UnknownFilter:
        return FindPanel::tr("There is no filter “%1:”. To find these words, put them in quotes.").arg(name);
    case Kind::NoValue:
        return FindPanel::tr("Write what “%1:” is to be, without a space.").arg(name);
    case Kind::UnknownPerson:
        return FindPanel::tr("Nobody here is called “%1”.").arg(value);
    case Kind::UnknownConversation:
        return FindPanel::tr("No conversation is called “%1”.").arg(value);
    case Kind::BadDate:
        return FindPanel::tr("“%1” is no day. Write 2024-05-31, 2024-05, 2024, today or yesterday.").arg(value);
    case Kind::UnknownThing:
        return FindPanel::tr("“has:” knows links only: has:link.");
    }
    return {};
}

FindPanel::FindPanel(const Theme &theme, models::SearchHitsModel &hits, QWidget *parent)
    : QWidget(parent), m_theme(theme), m_hits(hits)
{
    setObjectName(QStringLiteral("Sidebar"));
    setAttribute(Qt::WA_StyledBackground);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    auto *header = new QWidget(this);
    header->setObjectName(QStringLiteral("SidebarHeader"));
    header->setMinimumHeight(64);
    header->setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
    auto *row = new QHBoxLayout(header);
    row->setContentsMargins(space::kS, 0, space::kM, 0);
    row->setSpacing(space::kXs);
    m_back = new QToolButton(header);
    m_back->setIconSize(QSize(20, 20));
    m_back->setFocusPolicy(Qt::StrongFocus);
    m_edit = new QLineEdit(header);
    m_edit->setObjectName(QStringLiteral("Search"));
    m_edit->setMinimumHeight(36);
    m_icon = m_edit->addAction(QIcon(), QLineEdit::LeadingPosition);
    row->addWidget(m_back);
    row->addWidget(m_edit, 1);
    column->addWidget(header);

    auto *below = new QVBoxLayout;
    below->setContentsMargins(space::kM, 0, space::kM, space::kS);
    below->setSpacing(space::kS);
    auto *scopes = new QWidget(this);
    scopes->setObjectName(QStringLiteral("Segmented"));
    scopes->setAttribute(Qt::WA_StyledBackground);
    auto *pair = new QHBoxLayout(scopes);
    pair->setContentsMargins(2, 2, 2, 2);
    pair->setSpacing(2);
    m_here = new QPushButton(scopes);
    m_everywhere = new QPushButton(scopes);
    for (QPushButton *button : {m_here, m_everywhere}) {
        button->setObjectName(QStringLiteral("Segment"));
        button->setCheckable(true);
        pair->addWidget(button, 1);
    }
    m_hint = makeNoteBox(this);
    below->addWidget(scopes);
    below->addWidget(m_hint);
    column->addLayout(below);

    m_list = new QListView(this);
    m_delegate = new HitDelegate(theme, this);
    m_list->setItemDelegate(m_delegate);
    repaintArrivals(*m_list, theme.pictures());
    m_list->setModel(&hits);
    makeRowList(*m_list);
    m_empty = new EmptyState(theme, QStringLiteral("art-search"), this);
    m_stack = new QStackedWidget(this);
    m_stack->addWidget(m_list);
    m_stack->addWidget(m_empty);
    column->addWidget(m_stack, 1);

    auto *foot = new QVBoxLayout;
    foot->setContentsMargins(space::kM - kLinkRing, space::kS, space::kM, space::kM);
    foot->setSpacing(space::kXs);
    m_reach = new QLabel(this);
    m_reach->setObjectName(QStringLiteral("Muted"));
    m_reach->setWordWrap(true);
    m_reach->setContentsMargins(kLinkRing, 0, 0, 0); // its words above those of the link
    m_download = new QPushButton(this);
    m_download->setObjectName(QStringLiteral("Link"));
    m_download->setCursor(Qt::PointingHandCursor);
    foot->addWidget(m_reach);
    foot->addWidget(m_download, 0, Qt::AlignLeft);
    column->addLayout(foot);

    m_slow.setSingleShot(true);
    m_slow.setInterval(kSlowMs);
    connect(&m_slow, &QTimer::timeout, this, &FindPanel::refresh);
    connect(m_back, &QToolButton::clicked, this, &FindPanel::closed);
    connect(m_edit, &QLineEdit::textChanged, this, &FindPanel::asked);
    connect(m_here, &QPushButton::clicked, this, [this] { setScope(Scope::Here); });
    connect(m_everywhere, &QPushButton::clicked, this, [this] { setScope(Scope::Everywhere); });
    connect(m_list, &QListView::clicked, this, [this](const QModelIndex &index) { emit chosen(index.row()); });
    connect(m_list->verticalScrollBar(), &QScrollBar::valueChanged, this, [this](int value) {
        if (m_state == State::Answered && value > m_list->verticalScrollBar()->maximum() - kMorePixels)
            emit moreRequested();
    });
    connect(m_download, &QPushButton::clicked, this, &FindPanel::downloadRequested);
    connect(m_empty, &EmptyState::actionClicked, this, &FindPanel::downloadRequested);
    connect(&theme, &Theme::changed, this, &FindPanel::retranslate);
    m_edit->installEventFilter(this);
    m_list->installEventFilter(this);
    setTabOrder(m_edit, m_here);
    setTabOrder(m_here, m_everywhere);
    setTabOrder(m_everywhere, m_list);
    setTabOrder(m_list, m_download);
    retranslate();
}

QString FindPanel::text() const
{
    return m_edit->text();
}
QString FindPanel::hintText() const
{
    return m_hint->isHidden() ? QString() : m_hint->text();
}
QString FindPanel::reachText() const
{
    return m_reach->text();
}
bool FindPanel::isShowingHits() const
{
    return m_stack->currentWidget() == m_list;
}

void FindPanel::begin(Scope scope, bool hereOffered)
{
    m_here->setEnabled(hereOffered);
    const Scope wanted = hereOffered ? scope : Scope::Everywhere;
    const bool other = wanted != m_scope;
    m_scope = wanted;
    m_edit->setFocus(Qt::ShortcutFocusReason);
    m_edit->selectAll();
    refresh();
    if (other && !m_edit->text().isEmpty())
        emit asked();
}

void FindPanel::clear()
{
    m_state = State::Idle;
    m_hints.clear();
    m_problem.clear();
    m_reached = {};
    {
        const QSignalBlocker quiet(m_edit);
        m_edit->setText({}); // unlike clear() it leaves nothing to be undone
    }
    m_hits.reset({});
    refresh();
}

void FindPanel::setScope(Scope scope)
{
    const bool other = scope != m_scope;
    m_scope = scope;
    refresh();
    if (other)
        emit asked();
    m_edit->setFocus();
}

void FindPanel::setSearching()
{
    m_state = m_edit->text().trimmed().isEmpty() ? State::Idle : State::Searching;
    if (m_state == State::Searching && !m_slow.isActive())
        m_slow.start();
    if (m_state == State::Idle)
        refresh();
}

void FindPanel::setAnswer(const client::SearchAnswer &answer)
{
    m_state = State::Answered;
    m_asked = answer.asked;
    m_hints = answer.hints;
    m_reached = answer.reach;
    refresh();
    m_list->scrollToTop();
    if (m_hits.rowCount() > 0)
        setCurrent(0);
}

void FindPanel::setProblem(const QString &words, const QString &detail)
{
    m_state = State::Problem;
    m_problem = words;
    m_empty->setToolTip(detail);
    refresh();
}

void FindPanel::setCurrent(int row)
{
    const QModelIndex index = m_hits.index(row);
    m_list->setCurrentIndex(index);
    m_list->scrollTo(index);
}

void FindPanel::step(int by)
{
    if (m_hits.rowCount() == 0)
        return;
    const QModelIndex now = m_list->currentIndex();
    setCurrent(now.isValid() ? std::clamp(now.row() + by, 0, m_hits.rowCount() - 1) : 0);
    if (m_list->currentIndex().row() == m_hits.rowCount() - 1)
        emit moreRequested();
}

void FindPanel::chooseCurrent()
{
    if (m_hits.rowCount() == 0 || m_state != State::Answered)
        return;
    const QModelIndex now = m_list->currentIndex();
    emit chosen(now.isValid() ? now.row() : 0);
}

bool FindPanel::eventFilter(QObject *watched, QEvent *event)
{
    if (event->type() != QEvent::KeyPress)
        return QWidget::eventFilter(watched, event);
    const auto *key = static_cast<QKeyEvent *>(event);
    const bool inEdit = watched == m_edit;
    switch (key->key()) {
    case Qt::Key_Escape:
        emit closed();
        return true;
    case Qt::Key_Return:
    case Qt::Key_Enter:
        chooseCurrent();
        return true;
    case Qt::Key_Down:
    case Qt::Key_Up:
        if (!inEdit)
            break;
        step(key->key() == Qt::Key_Down ? 1 : -1);
        return true;
    case Qt::Key_PageDown:
    case Qt::Key_PageUp:
        if (!inEdit)
            break;
        step(key->key() == Qt::Key_PageDown ? 5 : -5);
        return true;
    default:
        break;
    }
    return QWidget::eventFilter(watched, event);
}

void FindPanel::changeEvent(QEvent *event)
{
    if (event->type() == QEvent::LanguageChange)
        retranslate();
    QWidget::changeEvent(event);
}

void FindPanel::retranslate()
{
    m_back->setIcon(icon(QStringLiteral("back"), m_theme[Token::Muted]));
    m_back->setToolTip(tr("Back to the conversations (Esc)"));
    m_back->setAccessibleName(tr("Back to the conversations"));
    m_icon->setIcon(icon(QStringLiteral("search"), m_theme[Token::Muted]));
    m_icon->setText(tr("Search messages"));
    m_edit->setPlaceholderText(tr("Search messages"));
    m_edit->setAccessibleName(tr("Search messages"));
    m_edit->setToolTip(
        tr("Words, \"words side by side\", from:name in:name before:2024-05-31 after:yesterday has:link"));
    m_here->setText(tr("Here"));
    m_here->setToolTip(tr("In this conversation (Ctrl+F)"));
    m_everywhere->setText(tr("Everywhere"));
    m_everywhere->setToolTip(tr("In all conversations (Ctrl+Shift+F)"));
    m_list->setAccessibleName(tr("Search results"));
    m_download->setText(tr("Download everything…"));
    refresh();
    m_list->viewport()->update();
}

QString FindPanel::reachWords() const
{
    const auto &reach = m_reached;
    const auto number = [](std::int64_t count) {
        return static_cast<int>(std::min<std::int64_t>(count, 2'000'000'000));
    };
    if (reach.messages == 0 && reach.missing + reach.lost == 0)
        return tr("No message is on this computer yet.");
    QStringList words;
    if (reach.since)
        words << tr("%Ln message(s) searched, back to %1.", nullptr, number(reach.messages))
                     .arg(Words::listTime(toLocal(*reach.since), QDate())); // with its year
    if (reach.missing > 0)
        words << tr("%Ln message(s) are not on this computer (%1).", nullptr, number(reach.missing))
                     .arg(tr("%Ln gap(s)", nullptr, number(reach.holes)));
    if (reach.lost > 0)
        words << tr("%Ln message(s) are not to be had any more.", nullptr, number(reach.lost));
    if (words.size() == 1 && reach.since)
        words << tr("Nothing is missing.");
    return words.join(QLatin1Char(' '));
}

void FindPanel::refresh()
{
    m_here->setChecked(m_scope == Scope::Here);
    m_everywhere->setChecked(m_scope == Scope::Everywhere);
    m_delegate->setEverywhere(m_scope == Scope::Everywhere);
    const bool answered = m_state == State::Answered;
    const bool working = m_state == State::Searching && !m_slow.isActive();
    if (m_state != State::Searching)
        m_slow.stop();
    QStringList hints;
    for (const auto &hint : m_hints)
        hints << searchHintWords(hint);
    m_hint->setText(hints.join(QLatin1Char('\n')));
    m_hint->setVisible(!hints.isEmpty() && m_state != State::Idle);
    const bool reach = answered || (m_state == State::Searching && m_reached.conversations > 0);
    const bool lacking = answered && m_reached.missing > 0;
    const bool none = m_hits.rowCount() == 0;
    if (m_state == State::Idle) {
        m_empty->setTexts(tr("Search your messages"),
                          tr("Words find messages that have them all. Narrow it down with from:name, in:name, "
                             "before:2024-05-31, after:yesterday, has:link."));
    } else if (m_state == State::Problem) {
        m_empty->setTexts(tr("The search did not work"), m_problem);
    } else if (answered && none && m_asked) {
        m_empty->setTexts(tr("Nothing found"), reachWords(), lacking ? tr("Download the rest…") : QString());
    } else if (answered && none) {
        m_empty->setTexts(tr("Search your messages"), tr("Write a word or a filter to look for."));
    } else if (working) {
        m_empty->setTexts(tr("Searching…"), {});
    }
    if (m_state == State::Searching && !working)
        return; // what was there stays until it is slow or answered
    m_reach->setText(working ? tr("Searching…") : reach ? reachWords() : QString());
    m_reach->setVisible(!none && !m_reach->text().isEmpty());
    m_download->setVisible(!none && lacking);
    m_stack->setCurrentWidget(none || m_state == State::Problem ? static_cast<QWidget *>(m_empty) : m_list);
    m_list->viewport()->update();
}

} // namespace kith::ui
