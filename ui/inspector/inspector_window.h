// SPDX-License-Identifier: GPL-3.0-or-later
// The wire inspector: frames and calls, the chosen one as JSON, the connection's story, a worse network, a report.
#pragma once

#ifndef Q_MOC_RUN // moc 6.4 stumbles over libstdc++
#include "core/client/client.h"
#include "core/models/link_log.h"
#include "core/models/wire_log.h"
#include "ui/theme/theme.h"
#include <functional>
#endif

#include <QJsonObject>
#include <QWidget>

class QLabel;
class QLineEdit;
class QPlainTextEdit;
class QPushButton;
class QTableView;

namespace kith::ui {

class Choice;

/// A window of its own. What it simulates ends with it.
class InspectorWindow final : public QWidget {
    Q_OBJECT
public:
    /// `settings`: of the program, for a report.
    InspectorWindow(client::Client &client, const Theme &theme, std::function<QJsonObject()> settings,
                    QWidget *parent = nullptr);
    ~InspectorWindow() override;

    models::WireLogModel &wire() { return m_wire; }
    models::LinkLogModel &link() { return m_link; }
    QTableView *table() const { return m_table; }
    QTableView *linkTable() const { return m_linkTable; }
    QPlainTextEdit *json() const { return m_json; }
    QLineEdit *filter() const { return m_filter; }
    Choice *ops() const { return m_ops; }
    Choice *network() const { return m_network; }
    QPushButton *pauseButton() const { return m_pause; }
    QPushButton *clearButton() const { return m_clear; }
    QPushButton *copyJsonButton() const { return m_copyJson; }
    QPushButton *copyLineButton() const { return m_copyLine; }
    QPushButton *cutButton() const { return m_cut; }
    QString statusText() const;
    /// Writes the report; how it went is said in the window.
    QCoro::Task<void> exportTo(QString file);

signals:
    void exported();

protected:
    void keyPressEvent(QKeyEvent *event) override;

private:
    QWidget *makeTools();
    QWidget *makeFrames();
    QWidget *makeConnection();
    QWidget *makeFooter();
    void showChosen();
    void keepChosen();
    void fillOps();
    void showCounts();
    void showSimulation();
    void copy(bool asCommand);
    void chooseFile();
    QList<int> chosenRows() const;

    client::Client &m_client;
    const Theme &m_theme;
    std::function<QJsonObject()> m_settings;
    models::WireLogModel m_wire;
    models::LinkLogModel m_link;
    QLineEdit *m_filter;
    Choice *m_ops;
    QPushButton *m_pause;
    QPushButton *m_clear;
    QPushButton *m_copyJson;
    QPushButton *m_copyLine;
    QTableView *m_table;
    QLabel *m_head;
    QPlainTextEdit *m_json;
    QTableView *m_linkTable;
    Choice *m_network;
    QPushButton *m_cut;
    QPushButton *m_export;
    QLabel *m_counts;
    QLabel *m_status;
    QTimer m_typing;
    std::uint64_t m_chosen = 0; // WireEntry::number
    bool m_follow = true;       // the newest row is in sight
};

} // namespace kith::ui
