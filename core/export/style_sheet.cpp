// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/export/writer.h"

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

namespace kith::exporting {

// From resources, by kith_embed_text.
extern const std::string_view kTokens, kStyleSheet;

namespace {

/// --name:#rrggbb; of each colour.
std::string variables(const boost::json::value &theme)
{
    std::string out;
    for (const auto &[name, value] : theme.as_object()) {
        const auto add = [&out](std::string_view one, const boost::json::value &colour) {
            out += "--" + std::string(one) + ":" + std::string(colour.as_string()) + ";";
        };
        if (!value.is_array()) {
            add(name, value);
            continue;
        }
        int number = 0;
        for (const auto &colour : value.as_array()) // senders
            add("sender" + std::to_string(number++), colour);
    }
    return out;
}

std::string made()
{
    const auto tokens = boost::json::parse(kTokens); // our own resource: a test reads it
    return ":root{" + variables(tokens.at("light")) + "}\n@media (prefers-color-scheme: dark){:root{" +
           variables(tokens.at("dark")) + "}}\n" + std::string(kStyleSheet);
}

} // namespace

const std::string &styleSheet()
{
    static const std::string sheet = made();
    return sheet;
}

} // namespace kith::exporting
