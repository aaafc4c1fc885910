// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/models/wire_json.h"

#include <algorithm>

namespace kith::models {

namespace {

constexpr int kIndent = 2;

/// The text behind the quote at `at`, escapes as they are; `at` moves behind the closing quote.
QByteArrayView textAt(const QByteArray &json, qsizetype &at)
{
    const qsizetype from = ++at;
    while (at < json.size() && json[at] != '"')
        at += json[at] == '\\' ? 2 : 1;
    const qsizetype to = std::min(at, json.size());
    at = std::min(at + 1, json.size());
    return QByteArrayView(json).sliced(from, to - from);
}

bool isSpace(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

void skipSpace(const QByteArray &json, qsizetype &at)
{
    while (at < json.size() && isSpace(json[at]))
        ++at;
}

} // namespace

FrameSummary summarise(const QByteArray &frame)
{
    FrameSummary found;
    qsizetype at = 0;
    skipSpace(frame, at);
    const int level = at < frame.size() && frame[at] == '[' ? 2 : 1; // of an envelope's own fields
    int depth = 0;
    bool key = false; // a text here names a field
    QString op, id;
    while (at < frame.size()) {
        const char c = frame[at];
        if (c == '"') {
            const QByteArrayView name = textAt(frame, at);
            if (!key || depth != level)
                continue;
            skipSpace(frame, at);
            if (at >= frame.size() || frame[at] != ':')
                continue;
            ++at;
            skipSpace(frame, at);
            key = false;
            if ((name == "op" || name == "id") && at < frame.size() && frame[at] == '"')
                (name == "op" ? op : id) = QString::fromUtf8(textAt(frame, at));
            continue;
        }
        if (c == '{' || c == '[') {
            ++depth;
            key = c == '{';
        } else if (c == '}' || c == ']') {
            if (c == '}' && depth == level) {
                found.ops << op;
                found.ids << id;
                op.clear();
                id.clear();
            }
            --depth;
            key = false;
        } else if (c == ',') {
            key = depth == level; // deeper ones are not looked at
        }
        ++at;
    }
    return found;
}

QString prettyJson(const QByteArray &json, qsizetype mostBytes)
{
    QByteArray made;
    const qsizetype end = std::min(json.size(), mostBytes);
    made.reserve(end + end / 2);
    int depth = 0;
    const auto newLine = [&] {
        made += '\n';
        made.append(static_cast<qsizetype>(depth) * kIndent, ' ');
    };
    for (qsizetype at = 0; at < end;) {
        const char c = json[at];
        if (c == '"') {
            const qsizetype from = at;
            textAt(json, at);
            made += QByteArrayView(json).sliced(from, at - from);
            continue;
        }
        ++at;
        if (isSpace(c))
            continue;
        if (c == '{' || c == '[') {
            made += c;
            qsizetype next = at;
            skipSpace(json, next);
            if (next < json.size() && (json[next] == '}' || json[next] == ']')) {
                made += json[next]; // nothing in it
                at = next + 1;
                continue;
            }
            ++depth;
            newLine();
        } else if (c == '}' || c == ']') {
            depth = std::max(0, depth - 1);
            newLine();
            made += c;
        } else if (c == ',') {
            made += c;
            newLine();
        } else {
            made += c;
            if (c == ':')
                made += ' ';
        }
    }
    return QString::fromUtf8(made);
}

QString commandLine(const QByteArray &frame)
{
    QString quoted = QString::fromUtf8(frame);
    quoted.replace(QLatin1Char('\''), QLatin1String("'\\''"));
    return QStringLiteral("kith-cli wire --send '%1'").arg(quoted);
}

} // namespace kith::models
