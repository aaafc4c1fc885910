// SPDX-License-Identifier: GPL-3.0-or-later
// One-time passwords against the RFC's vectors and oathtool, the QR code against zbarimg: tools that we did not write.
#include "core/crypto/qr.h"
#include "core/crypto/totp.h"

#include <QFile>
#include <QProcess>
#include <QTemporaryDir>
#include <QtTest>

#include <set>

using namespace kith::crypto;

namespace {

/// Standard output of a program, without the last line end; empty if it failed.
QByteArray outputOf(const QString &program, const QStringList &arguments)
{
    QProcess process;
    process.start(program, arguments);
    if (!process.waitForFinished(30'000) || process.exitCode() != 0)
        qWarning("%s: %s", qPrintable(program), process.readAllStandardError().constData());
    return process.readAllStandardOutput().trimmed();
}

Secret rfcSecret()
{
    return Secret::copyOf(std::string_view("12345678901234567890"));
}

} // namespace

class TestTotp final : public QObject {
    Q_OBJECT
private slots:
    void vectorsOfRfc6238_data()
    {
        QTest::addColumn<qint64>("seconds");
        QTest::addColumn<QByteArray>("code");
        QTest::newRow("1970") << qint64(59) << QByteArray("94287082");
        QTest::newRow("2005a") << qint64(1111111109) << QByteArray("07081804");
        QTest::newRow("2005b") << qint64(1111111111) << QByteArray("14050471");
        QTest::newRow("2009") << qint64(1234567890) << QByteArray("89005924");
        QTest::newRow("2033") << qint64(2000000000) << QByteArray("69279037");
        QTest::newRow("2603") << qint64(20000000000) << QByteArray("65353130");
    }
    void vectorsOfRfc6238()
    {
        QFETCH(qint64, seconds);
        QFETCH(QByteArray, code);
        const auto step = totpStepAt(std::chrono::seconds(seconds));
        QCOMPARE(QByteArray::fromStdString(*totpCode(rfcSecret(), step, 8)), code);
        QCOMPARE(QByteArray::fromStdString(*totpCode(rfcSecret(), step)), code.right(6)); // the same number, truncated
    }
    void randomSecrets_agreeWithOathtool()
    {
        for (int i = 0; i < 10; ++i) {
            const Secret secret = Secret::random(kTotpSecretBytes);
            const std::string base32 = toBase32(secret.view());
            QCOMPARE(base32.size(), std::size_t(32));
            const qint64 seconds = 1'700'000'000 + i * 12'345'678;
            const QByteArray theirs =
                outputOf(QStringLiteral("oathtool"),
                         {QStringLiteral("--totp"), QStringLiteral("--base32"), QString::fromStdString(base32),
                          QStringLiteral("--now"), QStringLiteral("@%1").arg(seconds)});
            QCOMPARE(QByteArray::fromStdString(*totpCode(secret, totpStepAt(std::chrono::seconds(seconds)))), theirs);
        }
    }
    void window_isOneStepToEitherSide()
    {
        const std::int64_t step = 41'152'263;
        for (int away = -3; away <= 3; ++away) {
            const auto found = matchingTotpSteps(rfcSecret(), *totpCode(rfcSecret(), step + away), step);
            QVERIFY(found.has_value());
            const std::vector<std::int64_t> expected =
                std::abs(away) <= 1 ? std::vector{step + away} : std::vector<std::int64_t>{};
            QVERIFY(*found == expected);
        }
        const std::string code = *totpCode(rfcSecret(), step);
        QVERIFY(*matchingTotpSteps(rfcSecret(), code.substr(0, 3) + " " + code.substr(3), step) == std::vector{step});
        for (const std::string &wrong : {std::string(), code.substr(1), code + "0", code.substr(0, 5) + "x",
                                         std::string("\0\0\0\0\0\0", 6), std::string(5000, '1')})
            QVERIFY(matchingTotpSteps(rfcSecret(), wrong, step)->empty());
        QVERIFY(matchingTotpSteps(rfcSecret(), code, 0)->empty()); // no step before 1970
        QVERIFY(!matchingTotpSteps(Secret(), code, step));
    }
    void base32_takesWhatPeoplePasteAndNothingElse()
    {
        QCOMPARE(toBase32("foobar"), std::string("MZXW6YTBOI")); // RFC 4648 §10
        QCOMPARE(toBase32("f"), std::string("MY"));
        for (const char *text : {"MZXW6YTBOI", "mzxw 6ytb oi", "MZXW6YTBOI======"})
            QCOMPARE(fromBase32(text)->view(), std::string_view("foobar"));
        for (const char *wrong : {"MZXW6YTBO1", "M", "MZ=XW", "MZ", "MZXW6YTBOIA"})
            QVERIFY2(!fromBase32(wrong), wrong);
        QCOMPARE(fromBase32("")->size(), std::size_t(0));
    }
    void uri_escapesTheNames()
    {
        QCOMPARE(
            otpauthUri("Kith", "ada", "MZXW6YTBOI"),
            std::string("otpauth://totp/Kith:ada?secret=MZXW6YTBOI&issuer=Kith&algorithm=SHA1&digits=6&period=30"));
        QCOMPARE(otpauthUri("A & B", "x:/é", "AA"),
                 std::string("otpauth://totp/A%20%26%20B:x%3A%2F%C3%A9?secret=AA&issuer=A%20%26%20B&algorithm=SHA1&"
                             "digits=6&period=30"));
    }
    void recoveryCodes_areDifferentAndReadInAnyCase()
    {
        std::set<std::string> codes;
        for (int i = 0; i < 1000; ++i)
            codes.insert(makeRecoveryCode());
        QCOMPARE(codes.size(), std::size_t(1000));
        const std::string one = *codes.begin();
        QCOMPARE(one.size(), std::size_t(19)); // 16 characters of 5 bits: 80 bits
        QCOMPARE(normalisedRecoveryCode(one), one);
        std::string upper;
        for (const char c : one)
            if (c != '-')
                upper += static_cast<char>(std::toupper(c));
        QCOMPARE(normalisedRecoveryCode(" " + upper.substr(0, 8) + "  " + upper.substr(8)), one);
        QCOMPARE(normalisedRecoveryCode("OoIi-LlAb-cdef-ghjk"), std::string("0011-11ab-cdef-ghjk"));
        for (const char *wrong : {"", "abcd", "abcd-efgh-jkmn-pqr", "abcd-efgh-jkmn-pqru", "abcd-efgh-jkmn-pqr!"})
            QVERIFY2(normalisedRecoveryCode(wrong).empty(), wrong);
    }
    void qrCode_isReadByZbarimg()
    {
        QTemporaryDir folder;
        for (const std::string &text :
             {otpauthUri("Kith", "lin.wei", toBase32(Secret::random(kTotpSecretBytes).view())), std::string("x"),
              otpauthUri("A long name of an operator & Sons", std::string(64, 'm'), std::string(32, 'A'))}) {
            const auto png = qrPng(text);
            QVERIFY(png.has_value());
            const QString path = folder.filePath(QStringLiteral("code.png"));
            QFile file(path);
            QVERIFY(file.open(QIODevice::WriteOnly));
            file.write(png->data(), static_cast<qint64>(png->size()));
            file.close();
            QCOMPARE(outputOf(QStringLiteral("zbarimg"), {QStringLiteral("--quiet"), QStringLiteral("--raw"), path}),
                     QByteArray::fromStdString(text));
        }
    }
    void qrCode_thatCannotBe_isAnError()
    {
        QVERIFY(!qrPng(""));
        QVERIFY(!qrPng(std::string(2001, 'x')));
        QVERIFY(!qrPng("x", 0));
        QVERIFY(!qrPng("x", 33));
    }
};

QTEST_GUILESS_MAIN(TestTotp)
#include "test_totp.moc"
