// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/inspector/inspector_window.h"

#include "core/diagnostics/diagnostics.h"
#include "ui/inspector/cell_delegate.h"
#include "ui/inspector/json_highlighter.h"
#include "ui/inspector/phase_strip.h"
#include "ui/widgets/controls.h"
#include "ui/widgets/elided_label.h"
#include "ui/words/words.h"

#include <QApplication>
#include <QClipboard>
#include <QDateTime>
#include <QFileDialog>
#include <QFontDatabase>
#include <QFontInfo>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QLocale>
#include <QPlainTextEdit>
#include <QPointer>
#include <QPushButton>
#include <QScrollBar>
#include <QSplitter>
#include <QTableView>

namespace kith::ui {

using client::WireEntry;

namespace {

constexpr qsizetype kMostShown = 200'000; // bytes of one frame; Copy gives all of it
constexpr auto kTyping = std::chrono::milliseconds{150};
constexpr std::chrono::milliseconds kSlow{300}, kVerySlow{2000};

QFont monospace(const Theme &theme)
{
    QFont font = QFontDatabase::systemFont(QFontDatabase::FixedFont);
    QStringList families;
    if (QFontInfo(font).fixedPitch() && font.family() != QLatin1String("monospace"))
        families << font.family();
    for (const char *family : {"DejaVu Sans Mono", "Consolas", "Menlo", "Noto Sans Mono CJK SC"})
        families << QLatin1String(family);
    font.setFamilies(families + theme.bodyFont().families()); // emoji
    font.setStyleHint(QFont::Monospace);
    font.setPointSizeF(theme.smallFont().pointSizeF() + 0.5);
    return font;
}

QTableView *makeTable(QAbstractItemModel *model, const Theme &theme, QWidget *parent)
{
    auto *table = new QTableView(parent);
    table->setModel(model);
    table->setSelectionBehavior(QAbstractItemView::SelectRows);
    table->setItemDelegate(new CellDelegate(theme, table));
    table->setShowGrid(false);
    table->setWordWrap(false);
    table->setTabKeyNavigation(false); // Tab leaves it, as everywhere
    table->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    table->verticalHeader()->hide();
    table->verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    table->verticalHeader()->setDefaultSectionSize(QFontMetrics(theme.bodyFont()).height() + 8);
    table->horizontalHeader()->setHighlightSections(false);
    table->horizontalHeader()->setMinimumSectionSize(32);
    return table;
}

int widthOf(const Theme &theme, const QString &text)
{
    return QFontMetrics(theme.bodyFont()).horizontalAdvance(text) + 24;
}

} // namespace

InspectorWindow::InspectorWindow(client::Client &client, const Theme &theme, std::function<QJsonObject()> settings,
                                 QWidget *parent)
    : QWidget(parent, Qt::Window), m_client(client), m_theme(theme), m_settings(std::move(settings)),
      m_wire(client.recorder()), m_link(client.recorder())
{
    setObjectName(QStringLiteral("Page"));
    setAttribute(Qt::WA_StyledBackground);
    setAttribute(Qt::WA_DeleteOnClose);
    setWindowTitle(tr("Wire inspector"));
    resize(1120, 760);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(space::kL, space::kL, space::kL, space::kL);
    column->setSpacing(space::kM);
    column->addWidget(makeTools());
    auto *parts = new QSplitter(Qt::Vertical, this);
    parts->setChildrenCollapsible(false);
    parts->setHandleWidth(space::kM);
    parts->setObjectName(QStringLiteral("Gap"));
    parts->addWidget(makeFrames());
    parts->addWidget(makeConnection());
    parts->setStretchFactor(0, 3);
    parts->setStretchFactor(1, 1);
    column->addWidget(parts, 1);
    column->addWidget(makeFooter());

    m_typing.setSingleShot(true);
    m_typing.setInterval(kTyping);
    connect(&m_typing, &QTimer::timeout, this,
            [this] { m_wire.setFilter(m_filter->text(), m_ops->currentData().toString()); });
    connect(&m_wire, &models::WireLogModel::opsChanged, this, &InspectorWindow::fillOps);
    connect(&m_wire, &models::WireLogModel::countsChanged, this, &InspectorWindow::showCounts);
    connect(&m_wire, &QAbstractItemModel::modelReset, this, &InspectorWindow::keepChosen);
    connect(&m_wire, &QAbstractItemModel::rowsAboutToBeInserted, this, [this] {
        const QScrollBar *bar = m_table->verticalScrollBar();
        m_follow = bar->value() >= bar->maximum();
    });
    connect(&m_wire, &QAbstractItemModel::rowsInserted, this, [this] {
        if (m_follow)
            m_table->scrollToBottom();
    });
    connect(&m_client, &client::Client::simulationChanged, this, &InspectorWindow::showSimulation);
    connect(&theme, &Theme::changed, this, [this] { m_json->setFont(monospace(m_theme)); });
    fillOps();
    showCounts();
    showChosen();
    showSimulation();
    m_table->scrollToBottom();
    m_table->setFocus();
}

InspectorWindow::~InspectorWindow()
{
    disconnect(&m_client, nullptr, this, nullptr);
    m_client.simulate({});
}

QWidget *InspectorWindow::makeTools()
{
    auto *tools = new QWidget(this);
    auto *row = new QHBoxLayout(tools);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(space::kS);
    m_filter = new QLineEdit(tools);
    m_filter->setPlaceholderText(tr("Filter by text"));
    m_filter->setAccessibleName(m_filter->placeholderText());
    m_filter->setClearButtonEnabled(true);
    m_ops = new Choice(m_theme, tools);
    m_ops->setAccessibleName(tr("Filter by op"));
    m_pause = new QPushButton(tr("Pause"), tools);
    m_pause->setCheckable(true);
    m_clear = new QPushButton(tr("Clear"), tools);
    m_copyJson = new QPushButton(tr("Copy JSON"), tools);
    m_copyLine = new QPushButton(tr("Copy kith-cli line"), tools);
    row->addWidget(m_filter, 1);
    for (QWidget *one : std::initializer_list<QWidget *>{m_ops, m_pause, m_clear, m_copyJson, m_copyLine})
        row->addWidget(one);
    connect(m_filter, &QLineEdit::textChanged, &m_typing, qOverload<>(&QTimer::start));
    connect(m_ops, &QComboBox::activated, this,
            [this] { m_wire.setFilter(m_filter->text(), m_ops->currentData().toString()); });
    connect(m_pause, &QPushButton::toggled, this, [this](bool paused) {
        m_pause->setText(paused ? tr("Go on") : tr("Pause"));
        m_wire.setPaused(paused);
        showCounts();
    });
    connect(m_clear, &QPushButton::clicked, this, [this] { m_wire.clear(); });
    connect(m_copyJson, &QPushButton::clicked, this, [this] { copy(false); });
    connect(m_copyLine, &QPushButton::clicked, this, [this] { copy(true); });
    return tools;
}

QWidget *InspectorWindow::makeFrames()
{
    auto *sides = new QSplitter(this);
    sides->setChildrenCollapsible(false);
    sides->setHandleWidth(space::kM);
    sides->setObjectName(QStringLiteral("Gap"));
    m_table = makeTable(&m_wire, m_theme, sides);
    m_table->setAccessibleName(tr("Frames"));
    m_table->setSelectionMode(QAbstractItemView::ExtendedSelection);
    QHeaderView *head = m_table->horizontalHeader();
    using models::WireLogModel;
    head->setSectionResizeMode(WireLogModel::Op, QHeaderView::Stretch);
    m_table->setColumnWidth(WireLogModel::Time, widthOf(m_theme, QStringLiteral("00:00:00.000")));
    m_table->setColumnWidth(WireLogModel::Direction, widthOf(m_theme, QStringLiteral("HTTP")));
    m_table->setColumnWidth(WireLogModel::Id, widthOf(m_theme, QStringLiteral("200 · 0000 ms")));
    m_table->setColumnWidth(WireLogModel::Size, widthOf(m_theme, QStringLiteral("0,000,000")));
    auto *right = new QWidget(sides);
    auto *column = new QVBoxLayout(right);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(space::kS);
    m_head = new ElidedLabel(right);
    m_head->setObjectName(QStringLiteral("Muted"));
    m_json = new QPlainTextEdit(right);
    m_json->setReadOnly(true);
    m_json->setProperty("keyboardFocus", true); // its frame shows where the keys go
    m_json->setFont(monospace(m_theme));
    m_json->setWordWrapMode(QTextOption::WrapAtWordBoundaryOrAnywhere);
    m_json->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    m_json->setTabChangesFocus(true);
    m_json->setAccessibleName(tr("The chosen frame"));
    new JsonHighlighter(m_theme, m_json->document());
    column->addWidget(m_head);
    column->addWidget(m_json, 1);
    sides->addWidget(m_table);
    sides->addWidget(right);
    sides->setStretchFactor(0, 1);
    sides->setStretchFactor(1, 1);
    sides->setSizes({600, 480});
    connect(m_table->selectionModel(), &QItemSelectionModel::selectionChanged, this, &InspectorWindow::showChosen);
    return sides;
}

QWidget *InspectorWindow::makeConnection()
{
    auto *part = new QWidget(this);
    auto *column = new QVBoxLayout(part);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(space::kS);
    column->addWidget(new PhaseStrip(m_theme, m_link, part));
    m_linkTable = makeTable(&m_link, m_theme, part);
    m_linkTable->setAccessibleName(tr("Changes of the connection"));
    m_linkTable->setSelectionMode(QAbstractItemView::SingleSelection);
    using models::LinkLogModel;
    m_linkTable->horizontalHeader()->setSectionResizeMode(LinkLogModel::Why, QHeaderView::Stretch);
    m_linkTable->setColumnWidth(LinkLogModel::Time, widthOf(m_theme, QStringLiteral("00:00:00.000")));
    m_linkTable->setColumnWidth(
        LinkLogModel::State,
        widthOf(m_theme, LinkLogModel::stateName({client::LinkPhase::Online, {}, {}, std::nullopt, true})));
    m_linkTable->setColumnWidth(LinkLogModel::Lasted, widthOf(m_theme, QStringLiteral("000.0 ms")));
    m_linkTable->setMinimumHeight(150);
    column->addWidget(m_linkTable, 1);
    return part;
}

QWidget *InspectorWindow::makeFooter()
{
    auto *footer = new QWidget(this);
    auto *row = new QHBoxLayout(footer);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(space::kS);
    auto *label = new QLabel(tr("Network:"), footer);
    m_network = new Choice(m_theme, footer);
    m_network->setAccessibleName(label->text());
    m_network->addItem(tr("As it is"));
    m_network->addItem(tr("Slow (0.3 s each way)"));
    m_network->addItem(tr("Very slow (2 s each way)"));
    m_network->addItem(tr("Offline"));
    label->setBuddy(m_network);
    m_cut = new QPushButton(tr("Cut now"), footer);
    m_cut->setToolTip(tr("Breaks the connection without a word to the server."));
    m_counts = new QLabel(footer);
    m_counts->setObjectName(QStringLiteral("Muted"));
    m_status = new ElidedLabel(footer);
    m_export = new QPushButton(tr("Export report…"), footer);
    m_export->setToolTip(tr("Versions, holes, connection, frames and log, without texts, names and secrets."));
    row->addWidget(label);
    row->addWidget(m_network);
    row->addWidget(m_cut);
    row->addSpacing(space::kS);
    row->addWidget(m_counts);
    row->addWidget(m_status, 1);
    row->addWidget(m_export);
    connect(m_network, &QComboBox::activated, this, [this](int index) {
        const client::Simulation choices[] = {{}, {false, kSlow}, {false, kVerySlow}, {true, {}}};
        m_client.simulate(choices[index]);
    });
    connect(m_cut, &QPushButton::clicked, this, [this] { m_client.cutLink(); });
    connect(m_export, &QPushButton::clicked, this, &InspectorWindow::chooseFile);
    return footer;
}

QList<int> InspectorWindow::chosenRows() const
{
    QList<int> rows;
    for (const auto &index : m_table->selectionModel()->selectedRows())
        rows << index.row();
    std::sort(rows.begin(), rows.end());
    return rows;
}

void InspectorWindow::showChosen()
{
    const auto rows = chosenRows();
    m_copyJson->setEnabled(!rows.isEmpty());
    m_copyLine->setEnabled(false);
    for (const int row : rows)
        if (m_wire.entry(row).kind != WireEntry::Kind::Http)
            m_copyLine->setEnabled(true);
    auto *head = static_cast<ElidedLabel *>(m_head);
    if (rows.isEmpty()) {
        m_chosen = 0;
        head->setFullText(tr("Choose a frame to read it."));
        m_json->clear();
        return;
    }
    const WireEntry &entry = m_wire.entry(rows.last());
    if (entry.number == m_chosen)
        return;
    m_chosen = entry.number;
    const QString at = QDateTime::fromMSecsSinceEpoch(toUnixMs(entry.at)).toString(QStringLiteral("HH:mm:ss.zzz"));
    const QString bytes = QLocale().toString(entry.bytes);
    switch (entry.kind) {
    case WireEntry::Kind::Sent:
        head->setFullText(tr("Sent at %1, %2 bytes").arg(at, bytes));
        break;
    case WireEntry::Kind::Received:
        head->setFullText(tr("Received at %1, %2 bytes").arg(at, bytes));
        break;
    case WireEntry::Kind::Http:
        head->setFullText(tr("HTTPS call, answered at %1").arg(at));
        m_json->setPlainText(QString::fromLatin1(entry.method) + QLatin1Char(' ') + entry.path +
                             QStringLiteral("\n%1 · %2 ms · ").arg(entry.status).arg(entry.took.count()) +
                             tr("%1 bytes").arg(bytes) + QStringLiteral("\n\n") +
                             tr("What it carries is not recorded: it may be a password or a token."));
        return;
    }
    QString text = models::prettyJson(entry.json, kMostShown);
    if (entry.json.size() > kMostShown)
        text += QStringLiteral("\n… ") +
                tr("%1 bytes more; Copy JSON gives all.").arg(QLocale().toString(entry.json.size() - kMostShown));
    m_json->setPlainText(text);
}

void InspectorWindow::keepChosen()
{
    const auto wanted = m_chosen;
    for (int row = m_wire.rowCount() - 1; row >= 0 && wanted > 0; --row) {
        if (m_wire.entry(row).number == wanted) {
            m_table->selectRow(row);
            m_table->scrollTo(m_wire.index(row, 0));
            return;
        }
    }
    showChosen();
    m_table->scrollToBottom();
}

void InspectorWindow::fillOps()
{
    const QString chosen = m_ops->currentData().toString();
    m_ops->clear();
    m_ops->addItem(tr("All ops"));
    for (const QString &op : m_wire.ops())
        m_ops->addItem(op, op);
    m_ops->setCurrentIndex(std::max(0, m_ops->findData(chosen)));
    m_ops->updateGeometry();
}

void InspectorWindow::showCounts()
{
    const QLocale locale;
    const int shown = m_wire.rowCount(), total = m_wire.total();
    m_counts->setText(shown == total ? tr("%Ln frame(s)", nullptr, total)
                                     : tr("%1 of %2 frames").arg(locale.toString(shown), locale.toString(total)));
}

void InspectorWindow::showSimulation()
{
    const auto now = m_client.simulation();
    m_network->setCurrentIndex(now.offline ? 3 : now.latency >= kVerySlow ? 2 : now.latency.count() > 0 ? 1 : 0);
}

void InspectorWindow::copy(bool asCommand)
{
    QStringList lines;
    const auto rows = chosenRows();
    for (const int row : rows) {
        const WireEntry &entry = m_wire.entry(row);
        if (entry.kind == WireEntry::Kind::Http) {
            if (!asCommand)
                lines << QStringLiteral(R"({"http":"%1 %2","status":%3,"took_ms":%4})")
                             .arg(QString::fromLatin1(entry.method), entry.path)
                             .arg(entry.status)
                             .arg(entry.took.count());
            continue;
        }
        lines << (asCommand          ? models::commandLine(entry.json)
                  : rows.size() == 1 ? models::prettyJson(entry.json, entry.json.size())
                                     : QString::fromUtf8(entry.json));
    }
    if (lines.isEmpty())
        return;
    QApplication::clipboard()->setText(lines.join(QLatin1Char('\n')));
    static_cast<ElidedLabel *>(m_status)->setFullText(tr("Copied."));
}

void InspectorWindow::chooseFile()
{
    auto *chooser = new QFileDialog(this, tr("Export report"));
    chooser->setAttribute(Qt::WA_DeleteOnClose);
    chooser->setAcceptMode(QFileDialog::AcceptSave);
    chooser->setDefaultSuffix(QStringLiteral("zip"));
    chooser->selectFile(QStringLiteral("kith-report-%1.zip")
                            .arg(QDateTime::currentDateTime().toString(QStringLiteral("yyyyMMdd-HHmmss"))));
    connect(chooser, &QFileDialog::fileSelected, this, [this](const QString &file) { exportTo(file); });
    chooser->open();
}

QCoro::Task<void> InspectorWindow::exportTo(QString file)
{
    const QPointer<InspectorWindow> alive(this);
    auto *status = static_cast<ElidedLabel *>(m_status);
    m_export->setEnabled(false);
    status->setFullText(tr("Writing the report…"));
    auto task = diagnostics::exportTo(m_client, file, m_settings());
    auto done = co_await task;
    if (!alive)
        co_return;
    m_export->setEnabled(true);
    status->setFullText(done ? tr("Report written: %1").arg(file)
                             : tr("The report cannot be written: %1").arg(done.error().detail));
    status->setToolTip(status->fullText());
    emit exported();
}

QString InspectorWindow::statusText() const
{
    return static_cast<ElidedLabel *>(m_status)->fullText();
}

void InspectorWindow::keyPressEvent(QKeyEvent *event)
{
    if (event->key() == Qt::Key_Escape)
        close();
    else if (event->matches(QKeySequence::Find))
        m_filter->setFocus();
    else if (event->matches(QKeySequence::Copy))
        copy(false);
    else
        QWidget::keyPressEvent(event);
}

} // namespace kith::ui
