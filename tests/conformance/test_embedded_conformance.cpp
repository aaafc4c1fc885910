// SPDX-License-Identifier: GPL-3.0-or-later
// The embedded store against the conformance suite, on real SQLCipher files.
#include "core/crypto/crypto.h"
#include "server/store/embedded/embedded_store.h"
#include "tests/conformance/conformance.h"

#include <QCoreApplication>
#include <QTemporaryDir>

using namespace kith;
using namespace kith::server;

namespace {

class EmbeddedFactory final : public test::StoreFactory {
public:
    void wipe() override { m_dir = std::make_unique<QTemporaryDir>(); }
    std::unique_ptr<Store> open(const Clock &clock) override
    {
        auto store = EmbeddedStore::open(m_dir->filePath("kithd.db").toStdString(), m_key, clock);
        if (!store) {
            qWarning("open: %s", store.error().detail.c_str());
            return nullptr;
        }
        return std::move(*store);
    }

private:
    std::unique_ptr<QTemporaryDir> m_dir;
    crypto::Secret m_key = crypto::Secret::random(crypto::kKeyBytes);
};

} // namespace

int main(int argc, char **argv)
{
    const QCoreApplication app(argc, argv);
    EmbeddedFactory factory;
    return test::runConformance(factory, argc, argv);
}
