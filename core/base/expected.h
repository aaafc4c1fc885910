// SPDX-License-Identifier: GPL-3.0-or-later
// A value or a typed error, API-compatible with the part of std::expected (C++23) that we use.
#pragma once

#include <type_traits>
#include <utility>
#include <variant>

namespace kith {

template <class E>
class Unexpected final {
public:
    constexpr explicit Unexpected(E error) : m_error(std::move(error)) {}
    constexpr const E &error() const & { return m_error; }
    constexpr E &&error() && { return std::move(m_error); }

private:
    E m_error;
};

/// Holds a T or an E. Reading value() without a value, or error() without an error, throws std::bad_variant_access.
template <class T, class E>
class [[nodiscard]] Expected final {
    using Stored = std::conditional_t<std::is_void_v<T>, std::monostate, T>;

public:
    using value_type = T;
    using error_type = E;

    Expected() requires std::is_void_v<T> : m_state(std::in_place_index<0>) {}
    template <class U = Stored>
    requires(!std::is_void_v<T> && std::is_constructible_v<Stored, U &&> &&
             !std::is_same_v<std::remove_cvref_t<U>, Expected> &&
             !std::is_same_v<std::remove_cvref_t<U>, Unexpected<E>>) Expected(U &&value)
        : m_state(std::in_place_index<0>, std::forward<U>(value)) // NOLINT(google-explicit-constructor)
    {
    }
    template <class G>
    requires std::is_constructible_v<E, G &&> Expected(Unexpected<G> failure) // NOLINT(google-explicit-constructor)
        : m_state(std::in_place_index<1>, std::move(failure).error())
    {
    }

    bool has_value() const noexcept { return m_state.index() == 0; }
    explicit operator bool() const noexcept { return has_value(); }

    Stored &value() & { return std::get<0>(m_state); }
    const Stored &value() const & { return std::get<0>(m_state); }
    Stored &&value() && { return std::get<0>(std::move(m_state)); }
    Stored &operator*() & { return value(); }
    const Stored &operator*() const & { return value(); }
    Stored &&operator*() && { return std::move(*this).value(); }
    Stored *operator->() { return &value(); }
    const Stored *operator->() const { return &value(); }

    E &error() & { return std::get<1>(m_state); }
    const E &error() const & { return std::get<1>(m_state); }
    E &&error() && { return std::get<1>(std::move(m_state)); }

    template <class U>
    Stored value_or(U &&fallback) const &
    {
        return has_value() ? value() : static_cast<Stored>(std::forward<U>(fallback));
    }

private:
    std::variant<Stored, E> m_state;
};

} // namespace kith

/// Evaluates an Expected; on failure returns its error from the enclosing function, else names the value.
#define KITH_CONCAT_INNER(a, b) a##b
#define KITH_CONCAT(a, b) KITH_CONCAT_INNER(a, b)
#define KITH_TRY_VALUE(name, expression)                                                                               \
    auto KITH_CONCAT(kithTry, __LINE__) = (expression);                                                                \
    if (!KITH_CONCAT(kithTry, __LINE__))                                                                               \
        return ::kith::Unexpected(std::move(KITH_CONCAT(kithTry, __LINE__)).error());                                  \
    auto name = std::move(KITH_CONCAT(kithTry, __LINE__)).value()
#define KITH_TRY(expression)                                                                                           \
    if (auto kithTried = (expression); !kithTried)                                                                     \
    return ::kith::Unexpected(std::move(kithTried).error())
