// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/logic/second_factor.h"

#include "core/crypto/crypto.h"
#include "core/crypto/totp.h"

#include <cstdlib>

namespace kith::server {
namespace {

constexpr std::size_t kRecoveryCodes = 10; // PROTOCOL §2

std::string pendingContext(const UserId &user)
{
    return "totp_secret:" + user.str();
}

std::string boundContext(const UserId &user)
{
    return "totp:" + user.str();
}

std::string answerContext(const UserId &user)
{
    return "mfa_bind_answer:" + user.str();
}

std::string digitsOf(std::string_view code)
{
    std::string out;
    for (const char c : code)
        if (c != ' ' && c != '-' && c != '\t')
            out += c;
    return out;
}

bool looksLikeTotp(std::string_view code)
{
    const std::string digits = digitsOf(code);
    return digits.size() == crypto::kTotpDigits && digits.find_first_not_of("0123456789") == std::string::npos;
}

/// Sealing fails for a key of a wrong length only, which would be a defect of this file.
std::string sealed(crypto::Result<std::string> result)
{
    if (!result)
        std::abort();
    return std::move(*result);
}

} // namespace

std::string SecondFactors::seal(const crypto::Secret &secret, const std::string &context) const
{
    return sealed(crypto::seal(secret.bytes(), m_key, context));
}

crypto::Secret SecondFactors::open(std::string_view bytes, const std::string &context) const
{
    auto secret = crypto::open(bytes, m_key, context);
    return secret ? std::move(*secret) : crypto::Secret();
}

std::string SecondFactors::sealPending(const UserId &user, const crypto::Secret &secret) const
{
    return seal(secret, pendingContext(user));
}

std::string SecondFactors::sealBound(const UserId &user, const crypto::Secret &secret) const
{
    return seal(secret, boundContext(user));
}

crypto::Secret SecondFactors::openPending(const UserId &user, std::string_view bytes) const
{
    return open(bytes, pendingContext(user));
}

crypto::Secret SecondFactors::openBound(const UserId &user, std::string_view bytes) const
{
    return open(bytes, boundContext(user));
}

std::optional<std::int64_t> SecondFactors::stepOf(const crypto::Secret &secret, std::string_view code) const
{
    const auto now = std::chrono::duration_cast<std::chrono::seconds>(m_clock.now().time_since_epoch());
    const auto steps = crypto::matchingTotpSteps(secret, code, crypto::totpStepAt(now));
    if (!steps || steps->empty())
        return std::nullopt;
    return steps->back();
}

std::optional<SecondFactor> SecondFactors::shown(const UserId &user, std::string_view totpSealed,
                                                 std::string_view code) const
{
    if (looksLikeTotp(code)) {
        const auto step = stepOf(openBound(user, totpSealed), code);
        return step ? std::optional(SecondFactor{*step, {}}) : std::nullopt;
    }
    const std::string normalised = crypto::normalisedRecoveryCode(code);
    if (normalised.empty())
        return std::nullopt;
    return SecondFactor{std::nullopt, recoveryHash(user, normalised)};
}

/// Keyed: who reads the store alone cannot even try codes against it. They have 80 bits, so a quick hash will do.
std::string SecondFactors::recoveryHash(const UserId &user, std::string_view code) const
{
    return crypto::hmacSha256(m_key, "recovery code:" + user.str() + ":" + std::string(code));
}

SecondFactors::RecoveryCodes SecondFactors::newRecoveryCodes(const UserId &user) const
{
    RecoveryCodes made;
    for (std::size_t i = 0; i < kRecoveryCodes; ++i) {
        made.codes.push_back(crypto::makeRecoveryCode());
        made.hashes.push_back(recoveryHash(user, made.codes.back()));
    }
    return made;
}

crypto::Secret SecondFactors::answerKey(const crypto::Secret &secret, std::string_view code) const
{
    return crypto::subkey(m_key, "bind answer:" + crypto::toHex(secret.view()) + ":" + digitsOf(code));
}

std::string SecondFactors::sealAnswer(const UserId &user, const crypto::Secret &secret, std::string_view code,
                                      const std::vector<std::string> &recoveryCodes) const
{
    std::string text;
    for (const std::string &one : recoveryCodes)
        text += one + "\n";
    const auto plain = crypto::Secret::take(std::move(text));
    return sealed(crypto::seal(plain.bytes(), answerKey(secret, code), answerContext(user)));
}

std::optional<std::vector<std::string>> SecondFactors::openAnswer(const UserId &user, const crypto::Secret &secret,
                                                                  std::string_view code, std::string_view bytes) const
{
    const auto plain = crypto::open(bytes, answerKey(secret, code), answerContext(user));
    if (!plain)
        return std::nullopt;
    std::vector<std::string> codes;
    std::string_view rest = plain->view();
    while (!rest.empty()) {
        const auto end = rest.find('\n');
        codes.emplace_back(rest.substr(0, end));
        rest.remove_prefix(end + 1);
    }
    return codes;
}

} // namespace kith::server
