// SPDX-License-Identifier: GPL-3.0-or-later
// Reads the recorded transcripts of tests/data/protocol.
#pragma once

#ifndef Q_MOC_RUN // moc 6.4 stumbles over libstdc++'s concepts
#include "core/protocol/envelope.h"

#include <boost/json.hpp>

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>
#endif

namespace kith::test {

struct TranscriptLine {
    std::string who;
    boost::json::object line;

    bool incoming() const { return line.contains("in"); }
    bool outgoing() const { return line.contains("out"); }
    const boost::json::value &envelope() const { return line.at(incoming() ? "in" : "out"); }
};

inline std::vector<TranscriptLine> readTranscript(const std::filesystem::path &path)
{
    std::vector<TranscriptLine> lines;
    std::ifstream file(path);
    for (std::string text; std::getline(file, text);) {
        auto object = boost::json::parse(text).as_object();
        std::string who(object.at("who").as_string());
        lines.push_back({std::move(who), std::move(object)});
    }
    return lines;
}

inline std::vector<std::filesystem::path> transcripts()
{
    std::vector<std::filesystem::path> all;
    for (const auto &entry : std::filesystem::directory_iterator(KITH_TEST_DATA "/protocol"))
        if (entry.path().extension() == ".jsonl")
            all.push_back(entry.path());
    return all;
}

/// The one envelope of a frame; op Error with id "undecodable" otherwise.
inline protocol::Envelope envelopeOf(const boost::json::value &value)
{
    const auto items = protocol::decodeFrame(boost::json::serialize(value), std::size_t{1} << 22);
    if (items && items->size() == 1)
        if (const auto *envelope = std::get_if<protocol::Envelope>(&items->front()))
            return *envelope;
    return {protocol::Op::Error, "undecodable", {}, {}};
}

} // namespace kith::test
