// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/export_controller.h"

#include "ui/words/export_phrases.h"

#include <QDateTime>
#include <QDesktopServices>
#include <QDir>
#include <QFileDialog>
#include <QFileInfo>
#include <QRegularExpression>
#include <QStandardPaths>
#include <QUrl>

namespace kith::ui {

using exporting::Format;

namespace {

QString suffixOf(Format format)
{
    switch (format) {
    case Format::Json:
        return QStringLiteral(".json");
    case Format::Html:
        return QStringLiteral(".html");
    case Format::Text:
        return QStringLiteral(".txt");
    }
    return {};
}

QString documents()
{
    const auto folder = QStandardPaths::writableLocation(QStandardPaths::DocumentsLocation);
    return QDir(folder).exists() ? folder : QDir::homePath();
}

std::optional<Timestamp> startOf(const QDate &day)
{
    return day.isValid() ? std::optional(fromUnixMs(day.startOfDay().toMSecsSinceEpoch())) : std::nullopt;
}

} // namespace

ExportController::ExportController(client::Client &client, ConversationId conversation, const QString &name,
                                   const Theme &theme, QWidget *window)
    : m_client(client), m_conversation(std::move(conversation)), m_name(name),
      m_dialog(new ExportDialog(theme, name, window))
{
    setParent(m_dialog);
    m_dialog->setPath(freePath(documents(), m_name, m_dialog->format()));
    connect(m_dialog, &ExportDialog::formatChanged, this, &ExportController::follow);
    connect(m_dialog, &ExportDialog::pathRequested, this, &ExportController::choosePath);
    connect(m_dialog, &ExportDialog::exportRequested, this, [this](bool replace) { start(replace); });
    connect(m_dialog, &ExportDialog::cancelRequested, this, [this] {
        if (m_control)
            m_control->cancel();
    });
    connect(m_dialog, &ExportDialog::folderRequested, this,
            [this] { QDesktopServices::openUrl(QUrl::fromLocalFile(QFileInfo(m_dialog->path()).absolutePath())); });
}

ExportController::~ExportController()
{
    if (!m_control)
        return;
    m_control->progressed = {};
    m_control->cancel();
}

QString ExportController::freePath(const QString &folder, const QString &name, Format format)
{
    // What one file system or another does not take in a name, or hides.
    QString stem = name;
    stem.replace(QRegularExpression(QStringLiteral("[\\x00-\\x1f/\\\\:*?\"<>|\\x{202a}-\\x{202e}\\x{2066}-\\x{2069}]")),
                 QStringLiteral("_"));
    stem = stem.simplified().left(60);
    while (stem.startsWith(QLatin1Char('.')))
        stem.remove(0, 1);
    if (stem.isEmpty())
        stem = QStringLiteral("Kith");
    stem += QLatin1Char(' ') + QDate::currentDate().toString(Qt::ISODate);
    const QDir place(folder);
    QString path = place.filePath(stem + suffixOf(format));
    for (int number = 2; QFileInfo::exists(path); ++number)
        path = place.filePath(QStringLiteral("%1 (%2)%3").arg(stem).arg(number).arg(suffixOf(format)));
    return path;
}

void ExportController::follow()
{
    if (m_chosen.isEmpty()) {
        m_dialog->setPath(freePath(documents(), m_name, m_dialog->format()));
        return;
    }
    const QFileInfo chosen(m_chosen);
    m_dialog->setPath(chosen.dir().filePath(chosen.completeBaseName() + suffixOf(m_dialog->format())));
}

void ExportController::choosePath()
{
    auto *files = new QFileDialog(m_dialog, tr("Export"), QFileInfo(m_dialog->path()).absolutePath());
    files->setAttribute(Qt::WA_DeleteOnClose);
    files->setAcceptMode(QFileDialog::AcceptSave);
    files->setDefaultSuffix(suffixOf(m_dialog->format()).mid(1));
    files->selectFile(QFileInfo(m_dialog->path()).fileName());
    connect(files, &QFileDialog::fileSelected, this, [this](const QString &path) {
        m_chosen = path;
        m_dialog->setPath(path);
    });
    files->open();
}

QCoro::Task<void> ExportController::start(bool replace)
{
    exporting::Request request;
    request.conversation = m_conversation;
    request.format = m_dialog->format();
    request.period.from = startOf(m_dialog->firstDay());
    request.period.until = startOf(m_dialog->lastDay().addDays(1));
    request.path = m_dialog->path().toStdString();
    request.replace = replace || m_dialog->path() == m_chosen;
    request.phrases = std::make_shared<ExportPhrases>();
    auto control = std::make_shared<client::ExportControl>();
    m_control = control;
    control->progressed = [this](const exporting::Progress &progress) { m_dialog->setProgress(progress); };
    const QPointer<ExportController> alive(this);
    auto task = m_client.exportConversation(std::move(request), control);
    auto done = co_await task;
    if (!alive)
        co_return;
    m_control.reset();
    if (done)
        m_dialog->setDone(*done);
    else
        m_dialog->setFailed(done.error());
}

} // namespace kith::ui
