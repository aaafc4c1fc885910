// SPDX-License-Identifier: GPL-3.0-or-later
// Conformance of files and avatars (PROTOCOL §6).
#pragma once

#include "tests/conformance/conformance.h"

namespace kith::server::test {

class FileSuite final : public StoreSuite {
    Q_OBJECT

public:
    using StoreSuite::StoreSuite;

private slots:
    void announcedAgain_goesOnWhereItStands();
    void othersUploads_areNotFound();
    void appendsOfAnySize_giveTheSameBytes();
    void restart_losesNothingThatWasTaken();
    void wrongOffsetOrTooMuch_takesNothing();
    void otherBytesThanAnnounced_beginAgain();
    void sameBytesOfTwo_bothMustSendThem();
    void parallelAppendsAtOneOffset_oneIsTaken();
    void pictures_loseTheirMetadata();
    void falsePicture_isRefusedAndGone();
    void avatar_mustBeAnOwnCompletePicture();
    void avatarOfAUser_isReadByAll();
    void avatarOfAGroup_isReadByItsMembers();
    void unusedFiles_goAfterADay();
    void usedFiles_stayAndGoADayAfterTheirUseEnds();
    void sharedBytes_stayWhileSomebodyHasThem();
    void sweep_isDoneInSmallSteps();
    void tooManyUploadsOrBytes_areRefused();
    void smallPieces_areRefusedButForTheLast();
    void wrongHashes_fillTheQuotaAndNotTheDisk();
    void thirdWrongHash_endsTheUpload();
    void staleRestart_takesNothingAway();
    void expiredUploads_goAlthoughDroppedOnesWait();
    void emptyGroups_keepNoAvatar();
    void filesInUse_areBoundedToo();

private:
    NewFile announcement(const UserId &owner, const std::string &bytes, const std::string &mime = "text/plain");
    std::string download(const UserId &reader, const FileId &file, std::int64_t from = 0);
    bool isThere(const UserId &reader, const FileId &file) { return store().file(reader, file).has_value(); }
    std::int64_t sweepAll(int *steps = nullptr);
};

} // namespace kith::server::test
