// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/client/profile.h"

#include "core/base/durable.h"
#include "core/client/errors.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QLockFile>

#include <algorithm>

namespace kith::client {

namespace {

bool take(QLockFile &lock)
{
    if (lock.tryLock())
        return true;
    // A loss of power may leave a lock file that names nobody, which Qt calls held for ever. Whoever does hold it has
    // locked the file itself too, and then it is not removed.
    qint64 pid = 0;
    QString host, program;
    const bool namesNobody = !lock.getLockInfo(&pid, &host, &program) || pid <= 0;
    return lock.error() == QLockFile::LockFailedError && namesNobody && lock.removeStaleLockFile() && lock.tryLock();
}

/// What is durable in a folder must not go with its name.
bool makeDurableFolder(const QString &path)
{
    QStringList made;
    for (QString at = path; !QFileInfo::exists(at); at = QFileInfo(at).path())
        made.append(at);
    return QDir().mkpath(path) && std::all_of(made.begin(), made.end(),
                                              [](const QString &folder) { return syncFolderOf(folder.toStdString()); });
}

} // namespace

Profile::Profile(QString dir, std::unique_ptr<QLockFile> lock) : m_dir(std::move(dir)), m_lock(std::move(lock)) {}
Profile::Profile(Profile &&) noexcept = default;
Profile &Profile::operator=(Profile &&) noexcept = default;
Profile::~Profile() = default;

Result<Profile> Profile::open(const QString &dir)
{
    const auto path = QDir(dir).absolutePath();
    if (!QFileInfo::exists(path)) {
        if (!makeDurableFolder(path))
            return Unexpected(makeError(ClientErrorCode::Storage, QStringLiteral("%1 cannot be made").arg(path)));
        QFile::setPermissions(path, QFileDevice::ReadOwner | QFileDevice::WriteOwner | QFileDevice::ExeOwner);
    }
    auto lock = std::make_unique<QLockFile>(QDir(path).filePath(QStringLiteral("lock")));
    lock->setStaleLockTime(std::chrono::milliseconds{0}); // by process id, never by age
    if (!take(*lock)) {
        if (lock->error() == QLockFile::LockFailedError) {
            qint64 pid = 0;
            QString host, program;
            lock->getLockInfo(&pid, &host, &program);
            return Unexpected(makeError(ClientErrorCode::ProfileInUse,
                                        QStringLiteral("%1 is open in %2 (process %3)").arg(path, program).arg(pid)));
        }
        return Unexpected(makeError(ClientErrorCode::Storage, QStringLiteral("%1 cannot be written").arg(path)));
    }
    return Profile(path, std::move(lock));
}

QString Profile::databasePath() const
{
    return QDir(m_dir).filePath(QStringLiteral("history.db"));
}

bool Profile::databaseExists() const
{
    return QFileInfo::exists(databasePath());
}

} // namespace kith::client
