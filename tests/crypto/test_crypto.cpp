// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/crypto/crypto.h"

#include <QtTest>

#include <type_traits>

using namespace kith::crypto;
static_assert(!std::is_copy_constructible_v<Secret> && !std::is_copy_assignable_v<Secret>);

class TestCrypto final : public QObject {
    Q_OBJECT
private slots:
    void otherKeyOrContext_doesNotOpen()
    {
        const Secret key = Secret::random(kKeyBytes);
        const auto sealed = seal(Secret::copyOf("hello").bytes(), key, "a");
        QVERIFY(sealed.has_value());
        QCOMPARE(open(*sealed, key, "a")->view(), std::string_view("hello"));
        QVERIFY(open(*sealed, key, "b").error() == CryptoError::WrongKey);
        QVERIFY(open(*sealed, Secret::random(kKeyBytes), "a").error() == CryptoError::WrongKey);
        QVERIFY(open("short", key, "a").error() == CryptoError::BadInput);
    }
    void password_verifiesOnlyItself()
    {
        const auto hash = hashPassword("correct horse", PasswordCost::cheapest());
        QVERIFY(hash.has_value());
        QVERIFY(verifyPassword(*hash, "correct horse"));
        QVERIFY(!verifyPassword(*hash, "correct horsf"));
        QVERIFY(!verifyPassword("nonsense", "correct horse"));
    }
    void knownVectors_match()
    {
        QCOMPARE(toHex(sha256("abc")), std::string("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"));
        QCOMPARE(toHex(hmacSha256(Secret::copyOf("Jefe"), "what do ya want for nothing?")), // RFC 4231 case 2
                 std::string("5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"));
    }
    void encodings_roundTripAndRefuseBadText()
    {
        for (std::size_t n = 0; n < 40; ++n) {
            const std::string bytes = randomBytes(n);
            QVERIFY(fromHex(toHex(bytes)) == bytes);
            QVERIFY(fromBase64Url(toBase64Url(bytes)) == bytes);
        }
        QVERIFY(!fromHex("abc"));
        QVERIFY(!fromHex("zz"));
        QVERIFY(!fromBase64Url("a+b="));
    }
};
QTEST_APPLESS_MAIN(TestCrypto)
#include "test_crypto.moc"
