// SPDX-License-Identifier: GPL-3.0-or-later
// Limits of protocol version 1 (PROTOCOL.md), each with the place or the reason that set it.
#pragma once

#include <chrono>
#include <cstddef>

namespace kith::limits {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

inline constexpr std::size_t kMaxClientFrameBytes = 64 * 1024; // §3
inline constexpr std::size_t kMaxJsonDepth = 32;               // §3
inline constexpr std::size_t kMaxRequestIdChars = 64;          // §3
// A page of 200 messages, each as large as the frame in which it came: escapes make a body up to six times as long, and
// a client that refused such a page could never catch up.
inline constexpr std::size_t kMaxServerFrameBytes = 16 * 1024 * 1024;
inline constexpr std::size_t kMaxBodyBytes = 16 * 1024;     // longest text; leaves room for escapes in a frame
inline constexpr std::size_t kMaxEnvelopesPerFrame = 1024;  // a frame of 64 KiB cannot hold more that mean something
inline constexpr std::size_t kMaxHttpBodyBytes = 64 * 1024; // account calls are small; files have their own limit
inline constexpr int kMaxPage = 200;                        // §3, `page`
inline constexpr int kDefaultPage = 50;
inline constexpr int kMaxUserResults = 20; // §2
inline constexpr std::size_t kMaxMentions = 64;
inline constexpr std::size_t kMaxGroupMembers = 10000;
inline constexpr std::size_t kMaxMembersPerRequest = 500;
inline constexpr std::size_t kMaxNameChars = 64;   // display and group names, code points
inline constexpr std::size_t kMaxAboutChars = 500; // code points
inline constexpr std::size_t kMinUsername = 3, kMaxUsername = 32;
inline constexpr std::size_t kMinPassword = 8, kMaxPassword = 128;
inline constexpr auto kHeartbeat = seconds{30};       // §3
inline constexpr auto kSilence = seconds{75};         // §3: then the server closes with 4008
inline constexpr auto kLoginDeadline = seconds{10};   // §3: first packet
inline constexpr auto kAccessToken = seconds{7200};   // §2
inline constexpr auto kRefreshToken = hours{60 * 24}; // a device unused for two months logs in again
inline constexpr auto kRefreshGrace = seconds{30};    // §2: a lost reply
inline constexpr auto kMfaEnrolment = seconds{900};   // §2: how long a secret waits to be bound
inline constexpr auto kMfaBindRepeat = seconds{60};   // §2: a bind that succeeded is answered alike
inline constexpr auto kTypingInterval = seconds{3};   // §3: at most one
inline constexpr auto kEditWindow = hours{48};        // §3
inline constexpr auto kRecallWindow = minutes{2};     // §3
inline constexpr int kMalformedPerMinute = 10;        // §3: then 4500
inline constexpr int kSmallGroup = 100;               // §4: fan-out queue from here on
inline constexpr int kMaxDevices = 20;                // 4504 above
// Of thousands that come back somebody waits for nearly all of it, and a server that is back shall have all of them
// within 30 s (docs/performance.md): a third of that stays for the server.
inline constexpr auto kReconnectFirst = seconds{1}, kReconnectCeiling = seconds{20};

} // namespace kith::limits
