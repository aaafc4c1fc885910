// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/dialogs/download_dialog.h"

#include "ui/pictures/pictures.h"
#include "ui/widgets/elided_label.h"
#include "ui/widgets/icon_label.h"
#include "ui/widgets/list_row.h"
#include "ui/widgets/progress_bar.h"
#include "ui/words/words.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QListView>
#include <QLocale>
#include <QMenu>
#include <QPushButton>
#include <QStyle>
#include <QVBoxLayout>

#include <cmath>

namespace kith::ui {

using client::DownloadState;

DownloadDialog::DownloadDialog(const Theme &theme, QWidget *parent) : QDialog(parent), m_theme(theme)
{
    setAttribute(Qt::WA_DeleteOnClose);
    setWindowTitle(tr("On this computer"));
    setMinimumSize(480, 520);
    resize(560, 640);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(space::kXl, space::kXl, space::kXl, space::kXl);
    column->setSpacing(space::kM);
    auto *title = new QLabel(windowTitle(), this);
    title->setObjectName(QStringLiteral("Title"));
    column->addWidget(title);
    auto *about = new QLabel(
        tr("What is here can be read, searched and exported without a network, and after logging out too."), this);
    about->setObjectName(QStringLiteral("Muted"));
    about->setWordWrap(true);
    column->addWidget(about);
    m_size = new QLabel(this);
    m_size->setWordWrap(true);
    m_forget = new QPushButton(tr("Forget older messages…"), this);
    auto *size = new QHBoxLayout;
    size->setSpacing(space::kM);
    size->addWidget(m_size, 1);
    size->addWidget(m_forget);
    column->addLayout(size);
    column->addSpacing(space::kXs);

    auto *line = new QHBoxLayout;
    line->setSpacing(space::kS);
    m_mark = new IconLabel(this);
    m_mark->hide();
    auto *state = new ElidedLabel(this);
    m_stateText = state;
    m_stateText->setObjectName(QStringLiteral("Name"));
    m_percent = new QLabel(this);
    m_percent->setObjectName(QStringLiteral("Muted"));
    line->addWidget(m_mark);
    line->addWidget(m_stateText, 1);
    line->addWidget(m_percent);
    m_bar = new ProgressBar(theme, this);
    m_bar->setAccessibleName(tr("Download everything"));
    m_sums = new QLabel(this);
    m_sums->setObjectName(QStringLiteral("Muted"));
    m_hint = new QLabel(this);
    m_hint->setObjectName(QStringLiteral("Muted"));
    m_problem = new QLabel(this);
    for (QLabel *label : {m_sums, m_hint, m_problem})
        label->setWordWrap(true);
    auto *progress = new QVBoxLayout;
    progress->setSpacing(space::kS);
    progress->addLayout(line);
    progress->addWidget(m_bar);
    progress->addWidget(m_sums);
    progress->addWidget(m_hint);
    progress->addWidget(m_problem);
    m_problem->hide();
    column->addLayout(progress);

    m_list = new QListView(this);
    m_list->setModel(&m_model);
    m_list->setItemDelegate(new DownloadDelegate(theme, this));
    repaintArrivals(*m_list, theme.pictures());
    m_list->setSelectionMode(QAbstractItemView::SingleSelection);
    m_list->setContextMenuPolicy(Qt::CustomContextMenu);
    makeRowList(*m_list);
    m_list->setAccessibleName(tr("Conversations"));
    column->addWidget(m_list, 1);

    auto *buttons = new QHBoxLayout;
    buttons->setSpacing(space::kS);
    m_action = new QPushButton(this);
    m_action->setObjectName(QStringLiteral("Primary"));
    m_stop = new QPushButton(tr("Switch off"), this);
    m_stop->setToolTip(tr("What is here stays here."));
    m_close = new QPushButton(tr("Close"), this);
    for (QPushButton *button : {m_action, m_stop, m_forget, m_close})
        button->setAutoDefault(false);
    buttons->addWidget(m_action);
    buttons->addWidget(m_stop);
    buttons->addStretch();
    buttons->addWidget(m_close);
    column->addLayout(buttons);
    connect(m_action, &QPushButton::clicked, this, &DownloadDialog::press);
    connect(m_stop, &QPushButton::clicked, this, &DownloadDialog::stopRequested);
    connect(m_close, &QPushButton::clicked, this, &QDialog::accept);
    connect(m_forget, &QPushButton::clicked, this, [this] {
        const QModelIndex chosen = m_list->selectionModel()->hasSelection() ? m_list->currentIndex() : QModelIndex();
        emit forgetRequested(chosen.isValid() ? m_model.row(chosen.row()).id : ConversationId());
    });
    connect(m_list, &QListView::customContextMenuRequested, this, [this](const QPoint &at) {
        const QModelIndex index = m_list->indexAt(at);
        showMenu(index.isValid() ? index : m_list->currentIndex(), m_list->viewport()->mapToGlobal(at));
    });
    connect(m_list, &QListView::activated, this, [this](const QModelIndex &index) {
        showMenu(index, m_list->viewport()->mapToGlobal(m_list->visualRect(index).center()));
    });
    connect(&m_model, &QAbstractItemModel::rowsInserted, this, &DownloadDialog::chooseWanted, Qt::QueuedConnection);
    setSize(0, 0);
    m_size->setText(tr("Looking at what is here…"));
    setProgress({}, {});
    m_action->setFocus();
}

void DownloadDialog::press()
{
    switch (m_state) {
    case DownloadState::Off:
    case DownloadState::Done: // what was refused is asked again
        emit startRequested();
        return;
    case DownloadState::Running:
    case DownloadState::Waiting:
        emit pauseRequested();
        return;
    case DownloadState::Paused:
    case DownloadState::Failed:
        emit resumeRequested();
        return;
    }
}

void DownloadDialog::setSize(qint64 fileBytes, qint64 emptyBytes)
{
    // A little empty space is nothing to talk about.
    const bool empty = emptyBytes > fileBytes / 10;
    m_size->setText(empty ? tr("The history takes %1 on the disk, of which %2 are empty and will be used again.")
                                .arg(Words::size(fileBytes), Words::size(emptyBytes))
                          : tr("The history takes %1 on the disk.").arg(Words::size(fileBytes)));
    m_size->setToolTip(
        tr("%1 bytes. What a single conversation takes is an estimate: they share the file and its index.")
            .arg(QLocale().toString(fileBytes)));
}

QString DownloadDialog::sizeText() const
{
    return m_size->text();
}

void DownloadDialog::choose(const ConversationId &conversation)
{
    m_wanted = conversation;
    chooseWanted();
}

void DownloadDialog::chooseWanted()
{
    const int at = m_wanted.empty() ? -1 : m_model.indexOf(m_wanted);
    if (at < 0)
        return;
    m_wanted = {};
    m_list->setCurrentIndex(m_model.index(at));
    m_list->scrollTo(m_model.index(at), QAbstractItemView::PositionAtCenter);
}

void DownloadDialog::showMenu(const QModelIndex &index, const QPoint &global)
{
    if (!index.isValid())
        return;
    m_list->setCurrentIndex(index);
    const DownloadRow row = m_model.row(index.row()); // the menu runs a loop of its own
    QMenu menu(this);
    QAction *download =
        menu.addAction(row.forgotten > 0 ? tr("Download all of it, what was forgotten too") : tr("Download all of it"));
    download->setEnabled(row.missing + row.forgotten > 0 && !row.left && !row.lost);
    connect(download, &QAction::triggered, this, [this, row] { emit downloadRequested(row.id); });
    QAction *forget = menu.addAction(tr("Forget older messages…"));
    forget->setEnabled(row.here > 0);
    connect(forget, &QAction::triggered, this, [this, row] { emit forgetRequested(row.id); });
    menu.exec(global);
}

void DownloadDialog::setHint(const QString &text)
{
    m_hint->setText(text);
    m_hint->setVisible(!text.isEmpty());
}

void DownloadDialog::setProgress(const client::DownloadProgress &progress, const QString &current)
{
    m_state = progress.state;
    const qint64 missing = progress.messagesTotal - progress.messagesHere;
    const bool whole = progress.counted && missing == 0;
    QString state, action, hint;
    switch (progress.state) {
    case DownloadState::Off:
        state = !progress.counted ? tr("Looking at what is here…")
                : whole           ? QString()
                                  : tr("%Ln message(s) are not on this computer", nullptr,
                                       static_cast<int>(std::min<qint64>(missing, 1'000'000'000)));
        action = tr("Download everything");
        break;
    case DownloadState::Running:
        state = !progress.counted || current.isEmpty() ? tr("Looking for what is lacking…")
                                                       : tr("Downloading: %1").arg(current);
        action = tr("Pause");
        hint = tr("It goes on when you close this window, and after a restart.");
        break;
    case DownloadState::Waiting:
        state = tr("Waiting for the connection");
        action = tr("Pause");
        hint = tr("It goes on by itself when the server can be reached.");
        break;
    case DownloadState::Paused:
        state = tr("Paused");
        action = tr("Resume");
        break;
    case DownloadState::Done:
        hint = tr("What comes while you are away will be downloaded too.");
        action = tr("Try again");
        break;
    case DownloadState::Failed:
        state = tr("Stopped");
        action = tr("Try again");
        break;
    }
    const bool refused = progress.messagesRefused > 0;
    if (state.isEmpty())
        state = refused                          ? tr("All that can be had is on this computer")
                : progress.messagesForgotten > 0 ? tr("All but what was forgotten is on this computer")
                                                 : tr("Everything is on this computer");
    static_cast<ElidedLabel *>(m_stateText)->setFullText(state);
    const bool all = progress.state == DownloadState::Done || (progress.state == DownloadState::Off && whole);
    m_mark->setVisible(all);
    m_mark->show(QStringLiteral("check"), m_theme[Token::TickRead]);
    const double part = progress.messagesTotal > 0
                            ? static_cast<double>(progress.messagesHere) / static_cast<double>(progress.messagesTotal)
                            : (all ? 1.0 : 0.0);
    m_bar->setQuiet(progress.state != DownloadState::Running);
    m_bar->setPart(part);
    // Never 100 % before it is all.
    m_percent->setText(!progress.counted ? QString() : tr("%1 %").arg(static_cast<int>(std::floor(part * 100))));
    const QLocale locale;
    m_sums->setText(progress.counted ? tr("%1 of %2 messages · %3 of %4 conversations")
                                           .arg(locale.toString(qint64{progress.messagesHere}),
                                                locale.toString(qint64{progress.messagesTotal}),
                                                locale.toString(qint64{progress.conversationsDone}),
                                                locale.toString(qint64{progress.conversations}))
                                     : QString());
    m_sums->setVisible(progress.counted);
    setHint(hint);
    const bool failed = progress.state == DownloadState::Failed && progress.error;
    const QString look = failed ? QStringLiteral("ErrorBox") : QStringLiteral("NoteBox");
    if (m_problem->objectName() != look) {
        m_problem->setObjectName(look);
        m_problem->style()->unpolish(m_problem); // the name chooses the look
        m_problem->style()->polish(m_problem);
    }
    m_problem->setText(failed ? Words::error(*progress.error)
                       : refused
                           ? tr("%Ln message(s) cannot be had: the server gives them to members only, or does not "
                                "have them any more.",
                                nullptr, static_cast<int>(std::min<qint64>(progress.messagesRefused, 1'000'000'000)))
                           : QString());
    m_problem->setToolTip(failed ? Words::errorDetail(*progress.error) : QString());
    m_problem->setVisible(failed || refused);
    m_action->setText(action);
    const bool acts = !all || (progress.state == DownloadState::Done && !progress.refused.empty());
    if (!acts && m_action->hasFocus())
        m_close->setFocus(); // not on to what switches it off
    m_action->setVisible(acts);
    m_stop->setVisible(progress.state != DownloadState::Off);
}

QString DownloadDialog::stateText() const
{
    return static_cast<ElidedLabel *>(m_stateText)->fullText();
}

double DownloadDialog::part() const
{
    return m_bar->part();
}

} // namespace kith::ui
