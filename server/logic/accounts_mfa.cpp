// SPDX-License-Identifier: GPL-3.0-or-later
// The second factor of an account: enrolment, binding, recovery codes, and turning it off; and the account's own log.
#include "core/base/limits.h"
#include "core/base/logging.h"
#include "core/crypto/qr.h"
#include "core/crypto/totp.h"
#include "server/logic/audit.h"
#include "server/logic/errors.h"
#include "server/logic/http_call.h"
#include "server/ops/log.h"

#include <charconv>

namespace kith::server {

void audit::note(const HttpCall &call, const UserId &user, std::string_view event, const DeviceId &device)
{
    call.core()->store.audit({0, user, {}, std::string(event), device.str(), call.maskedAddress()});
}

namespace accounts {

using protocol::ErrorCode;
using protocol::makeError;

namespace {

protocol::WireError wrongCode()
{
    return makeError(ErrorCode::MfaInvalid, "the code is wrong or was used", "code");
}

/// Guesses at codes are counted per account, whichever call they are made at.
std::vector<std::string> codeKeys(const UserId &user)
{
    return {"code:" + user.str()};
}

struct Bind {
    HttpCallPtr call;
    Claims claims;
    protocol::BindRequest request;
    crypto::Secret secret; // that the client named; empty: it could not be one
    bool again = false;    // somebody else's bind came between
};
using BindPtr = std::shared_ptr<Bind>;

void decideBind(const BindPtr &bind);

void bound(const BindPtr &bind, const std::vector<std::string> &codes)
{
    bind->call->core()->codes.clear(codeKeys(bind->claims.user));
    bind->call->ok(protocol::encode(protocol::RecoveryCodesReply{codes}));
}

void storeBinding(const BindPtr &bind, std::string pendingSealed, std::int64_t step)
{
    const CorePtr &core = bind->call->core();
    const UserId &user = bind->claims.user;
    auto made = core->factors.newRecoveryCodes(user);
    TotpBinding binding{user,
                        std::move(pendingSealed),
                        core->factors.sealBound(user, bind->secret),
                        step,
                        std::move(made.hashes),
                        core->factors.sealAnswer(user, bind->secret, bind->request.code, made.codes),
                        core->clock.now() + limits::kMfaBindRepeat};
    core->store.bindTotp(std::move(binding), [bind, codes = std::move(made.codes)](StoreResult<void> done) {
        const UserId &who = bind->claims.user;
        if (!done && (done.error() == StoreError::MfaNotPending || done.error() == StoreError::MfaBound) &&
            !bind->again) {
            bind->again = true; // the same request twice at once: the second gets what the first was given
            return decideBind(bind);
        }
        if (!done)
            return bind->call->fail(done.error());
        log(LogLevel::Info, logging::kLogic, "second factor bound", {{"user", who.str()}});
        audit::note(*bind->call, who, audit::kMfaBound, bind->claims.device);
        bound(bind, codes);
    });
}

void judgeBind(const BindPtr &bind, const MfaState &state)
{
    Core &core = *bind->call->core();
    const UserId &user = bind->claims.user;
    if (!state.bindAnswer.empty())
        if (const auto codes = core.factors.openAnswer(user, bind->secret, bind->request.code, state.bindAnswer))
            return bound(bind, *codes);
    if (state.bound || state.pendingSealed.empty()) {
        core.codes.refund(codeKeys(user));
        return bind->call->fail(StoreError::MfaNotPending);
    }
    const crypto::Secret pending = core.factors.openPending(user, state.pendingSealed);
    if (pending.empty() || !pending.equals(bind->secret)) {
        core.codes.refund(codeKeys(user));
        return bind->call->fail(
            makeError(ErrorCode::MfaSecretMismatch, "this is not the secret of the last enrolment", "secret"));
    }
    const auto step = core.factors.stepOf(pending, bind->request.code);
    if (!step) {
        audit::note(*bind->call, user, audit::kMfaFailed, bind->claims.device);
        return bind->call->fail(wrongCode());
    }
    storeBinding(bind, state.pendingSealed, *step);
}

void decideBind(const BindPtr &bind)
{
    bind->call->core()->store.mfa(bind->claims.user, [bind](StoreResult<MfaState> state) {
        if (state)
            return judgeBind(bind, *state);
        bind->call->core()->codes.refund(codeKeys(bind->claims.user));
        bind->call->fail(state.error());
    });
}

/// Password and code, both right, for what takes protection away.
struct Proof {
    HttpCallPtr call;
    Claims claims;
    protocol::FactorRequest request;
    std::vector<std::string> passwordKeys;
    std::function<void(const std::shared_ptr<Proof> &, SecondFactor)> proven;
};
using ProofPtr = std::shared_ptr<Proof>;

void forgive(const Proof &proof)
{
    proof.call->core()->logins.clear(proof.passwordKeys);
    proof.call->core()->codes.clear(codeKeys(proof.claims.user));
}

void passwordJudged(const ProofPtr &proof, const Credentials &known, bool right)
{
    Core &core = *proof->call->core();
    const UserId &user = proof->claims.user;
    if (!right) {
        core.codes.refund(codeKeys(user)); // nobody looked at it
        audit::note(*proof->call, user, audit::kPasswordFailed, proof->claims.device);
        return proof->call->fail(makeError(ErrorCode::InvalidCredentials, "wrong password", "password"));
    }
    auto factor = core.factors.shown(user, known.totpSealed, proof->request.code);
    if (!factor) {
        audit::note(*proof->call, user, audit::kMfaFailed, proof->claims.device);
        return proof->call->fail(wrongCode());
    }
    factor->credentialsVersion = known.version;
    proof->proven(proof, std::move(*factor));
}

void prove(const HttpCallPtr &call, const Claims &claims, decltype(Proof::proven) proven)
{
    auto request = call->decodeBody<protocol::FactorRequest>();
    if (!request)
        return;
    const CorePtr &core = call->core();
    auto proof =
        std::make_shared<Proof>(Proof{call, claims, std::move(*request), {"password:" + claims.user.str()}, {}});
    proof->proven = std::move(proven);
    if (const auto wait = core->logins.admit(proof->passwordKeys))
        return call->fail(rateLimited(*wait));
    if (const auto wait = core->codes.admit(codeKeys(claims.user))) {
        core->logins.refund(proof->passwordKeys);
        return call->fail(rateLimited(*wait));
    }
    core->store.credentialsById(claims.user, [proof](StoreResult<Credentials> found) {
        Core &c = *proof->call->core();
        const auto giveUp = [&](const protocol::WireError &error) {
            c.logins.refund(proof->passwordKeys);
            c.codes.refund(codeKeys(proof->claims.user));
            proof->call->fail(error);
        };
        if (!found)
            return giveUp(wireError(found.error()));
        if (found->totpSealed.empty())
            return giveUp(wireError(StoreError::MfaNotBound));
        const bool queued = c.passwords.verify(
            addressPrefix(proof->call->request().address), found->passwordHash, proof->request.password,
            [proof, known = *found](bool right) { passwordJudged(proof, known, right); });
        if (!queued)
            giveUp(overloaded());
    });
}

} // namespace

void mfa(const HttpCallPtr &call, const Claims &claims)
{
    call->core()->store.mfa(claims.user, [call](StoreResult<MfaState> state) {
        if (!state)
            return call->fail(state.error());
        call->ok(protocol::encode(protocol::MfaReply{state->bound, state->boundAt, state->recoveryLeft}));
    });
}

void enrollMfa(const HttpCallPtr &call, const Claims &claims)
{
    call->core()->store.user(claims.user, [call, claims](StoreResult<User> user) {
        if (!user)
            return call->fail(user.error());
        const CorePtr &core = call->core();
        const auto secret = crypto::Secret::random(crypto::kTotpSecretBytes);
        const std::string base32 = crypto::toBase32(secret.view());
        const std::string uri = crypto::otpauthUri(core->settings.issuer, user->username, base32);
        const auto png = crypto::qrPng(uri);
        if (!png)
            return call->fail(makeError(ErrorCode::Internal, "no QR code could be made"));
        protocol::EnrollReply reply{base32, uri, crypto::toBase64(*png), limits::kMfaEnrolment.count()};
        core->store.enrolTotp(claims.user, core->factors.sealPending(claims.user, secret),
                              core->clock.now() + limits::kMfaEnrolment,
                              [call, reply = std::move(reply)](StoreResult<void> done) {
                                  if (!done)
                                      return call->fail(done.error());
                                  call->ok(protocol::encode(reply));
                              });
    });
}

void bindMfa(const HttpCallPtr &call, const Claims &claims)
{
    auto request = call->decodeBody<protocol::BindRequest>();
    if (!request)
        return;
    if (const auto wait = call->core()->codes.admit(codeKeys(claims.user)))
        return call->fail(rateLimited(*wait));
    auto secret = crypto::fromBase32(request->secret);
    decideBind(std::make_shared<Bind>(
        Bind{call, claims, std::move(*request), secret ? std::move(*secret) : crypto::Secret()}));
}

void unbindMfa(const HttpCallPtr &call, const Claims &claims)
{
    prove(call, claims, [](const ProofPtr &proof, SecondFactor factor) {
        const CorePtr &core = proof->call->core();
        core->store.unbindTotp(proof->claims.user, std::move(factor), [proof](StoreResult<void> done) {
            if (!done)
                return proof->call->fail(done.error());
            forgive(*proof);
            log(LogLevel::Info, logging::kLogic, "second factor unbound", {{"user", proof->claims.user.str()}});
            audit::note(*proof->call, proof->claims.user, audit::kMfaUnbound, proof->claims.device);
            proof->call->noContent();
        });
    });
}

void renewRecoveryCodes(const HttpCallPtr &call, const Claims &claims)
{
    prove(call, claims, [](const ProofPtr &proof, SecondFactor factor) {
        const CorePtr &core = proof->call->core();
        auto made = core->factors.newRecoveryCodes(proof->claims.user);
        core->store.replaceRecoveryCodes(proof->claims.user, std::move(factor), std::move(made.hashes),
                                         [proof, codes = std::move(made.codes)](StoreResult<void> done) {
                                             if (!done)
                                                 return proof->call->fail(done.error());
                                             forgive(*proof);
                                             audit::note(*proof->call, proof->claims.user, audit::kRecoveryCodes,
                                                         proof->claims.device);
                                             proof->call->ok(protocol::encode(protocol::RecoveryCodesReply{codes}));
                                         });
    });
}

void auditLog(const HttpCallPtr &call, const Claims &claims)
{
    constexpr int kDefault = 50, kMost = 200;
    const auto &query = call->request().query;
    const auto numberOf = [&](const char *key) -> std::optional<std::int64_t> {
        const auto found = query.find(key);
        if (found == query.end())
            return std::nullopt;
        std::int64_t value = 0;
        const char *end = found->second.data() + found->second.size();
        const auto [stop, error] = std::from_chars(found->second.data(), end, value);
        return error == std::errc() && stop == end ? std::optional(value) : std::optional(std::int64_t{-1});
    };
    const auto before = numberOf("before");
    const auto limit = numberOf("limit").value_or(kDefault);
    if (limit < 1 || limit > kMost || before == -1)
        return call->fail(makeError(ErrorCode::Malformed, "must be a number in its bounds", "limit"));
    call->core()->store.auditLog(
        claims.user, before, static_cast<int>(limit), [call, limit](StoreResult<std::vector<AuditEvent>> found) {
            if (!found)
                return call->fail(found.error());
            protocol::AuditReply reply;
            reply.more = found->size() == static_cast<std::size_t>(limit);
            for (AuditEvent &event : *found)
                reply.events.push_back({event.id, std::move(event.event), event.at, std::move(event.device),
                                        std::move(event.addressMasked)});
            call->ok(protocol::encode(reply));
        });
}

} // namespace accounts
} // namespace kith::server
