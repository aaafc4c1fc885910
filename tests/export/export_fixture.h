// SPDX-License-Identifier: GPL-3.0-or-later
// A history with a chat in it and a folder to export it to.
#pragma once

#include "core/export/job.h"
#include "tests/history/history_fixture.h"

#include <QDir>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include <malloc.h>

namespace kith::test {

using exporting::ErrorCode;
using exporting::Format;
using exporting::Job;
using exporting::LocalTime;
using exporting::OutputFile;
using exporting::Period;
using exporting::Request;

/// Two hours east of Greenwich, all year.
inline LocalTime east(Timestamp at)
{
    const auto wall = at + std::chrono::hours(2);
    const auto days = std::chrono::floor<std::chrono::days>(wall);
    const std::chrono::year_month_day date(days);
    const std::chrono::hh_mm_ss time(wall - days);
    return {int(date.year()),
            int(unsigned(date.month())),
            int(unsigned(date.day())),
            int(time.hours().count()),
            int(time.minutes().count()),
            int(time.seconds().count()),
            int(time.subseconds().count()),
            120};
}

inline const Timestamp kNow = fromUnixMs(1'800'000'000'000);

/// Bytes that were asked for and not given back.
inline std::size_t inUse()
{
    const auto all = mallinfo2();
    return all.uordblks + all.hblkhd;
}

class ExportFixture : public HistoryFixture {
protected:
    QString m_out;
    std::size_t m_peak = 0; // of the memory in use

    Request request(Format format, const ConversationId &conversation = kChat, Period period = {})
    {
        Request made;
        made.conversation = conversation;
        made.format = format;
        made.period = period;
        made.path = m_out.toStdString();
        made.localTime = east;
        return made;
    }
    exporting::Result<exporting::Summary> run(Job &job)
    {
        for (bool counted = false; !counted;) {
            const auto done = job.count(store());
            if (!done)
                qFatal("count: %s", done.error().detail.c_str());
            counted = *done;
        }
        if (auto opened = job.open(); !opened)
            return Unexpected(opened.error());
        for (bool last = false; !last;) {
            auto piece = job.read(store());
            if (!piece)
                qFatal("read: %s", piece.error().detail.c_str());
            last = piece->last;
            if (auto written = job.write(*piece); !written)
                return Unexpected(written.error());
            m_peak = std::max(m_peak, inUse());
        }
        return job.finish();
    }
    exporting::Result<exporting::Summary> run(const Request &wanted)
    {
        Job job(wanted, kNow);
        return run(job);
    }
    QByteArray text() const
    {
        QFile file(m_out);
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }
    QJsonObject json() const
    {
        QJsonParseError failed;
        const auto document = QJsonDocument::fromJson(text(), &failed);
        if (failed.error != QJsonParseError::NoError)
            qWarning("not JSON: %s at %d", qPrintable(failed.errorString()), int(failed.offset));
        return document.object();
    }
    static std::vector<std::int64_t> seqsIn(const QJsonObject &json)
    {
        std::vector<std::int64_t> all;
        for (const auto &one : json.value(QStringLiteral("messages")).toArray())
            all.push_back(one.toObject().value(QStringLiteral("seq")).toInteger());
        return all;
    }
    static std::vector<std::pair<int, int>> holesIn(const QJsonObject &json)
    {
        std::vector<std::pair<int, int>> all;
        for (const auto &one : json.value(QStringLiteral("holes")).toArray())
            all.emplace_back(one.toObject().value(QStringLiteral("from")).toInt(),
                             one.toObject().value(QStringLiteral("to")).toInt());
        return all;
    }
    QStringList filesBeside() const
    {
        return QDir(m_dir.filePath(QStringLiteral("out"))).entryList(QDir::Files | QDir::Hidden, QDir::Name);
    }
    /// Messages from … to of the chat, the newest being `head`.
    void fill(std::int64_t from, std::int64_t to, std::int64_t head)
    {
        for (auto top = to; top >= from; top -= 200) {
            PageQuery query;
            query.conversation = kChat;
            query.before = Seq(top + 1);
            query.limit = static_cast<int>(std::min<std::int64_t>(200, top - from + 1));
            fetch(query, head);
        }
    }
    void put(const Message &message)
    {
        const auto done = store().applyLive(kChat, message, Rev(message.seq.value()));
        KITH_VERIFY(done);
    }
    void people()
    {
        const std::vector<User> known{{kMe, "ann", "Ann", {}, {}},
                                      {kPeer, "bob", "Bob \xe2\x80\xae<b>", {}, {}}, // turns what follows
                                      {kOther, "cleo", "Cleo", {}, {}}};
        KITH_VERIFY(store().putUsers(known));
    }

    void begin()
    {
        fresh();
        const auto folder = m_dir.filePath(QStringLiteral("out"));
        QDir(folder).removeRecursively();
        QVERIFY(QDir().mkpath(folder));
        m_out = folder + QStringLiteral("/chat");
        const Head heads[] = {head(kChat, 0)};
        KITH_VERIFY(store().applyHeads(heads));
        people();
    }
};

} // namespace kith::test
