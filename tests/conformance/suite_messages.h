// SPDX-License-Identifier: GPL-3.0-or-later
// Conformance of messages: appends, pages, edits, recalls, likes, changes and cursors.
#pragma once

#include "tests/conformance/conformance.h"

namespace kith::server::test {

class AppendSuite final : public StoreSuite {
    Q_OBJECT

public:
    using StoreSuite::StoreSuite;

private slots:
    void firstMessageTo_opensThePrivateConversation();
    void privateConversationById_opensAsWell();
    void allFields_comeBack();
    void sameCid_isAnsweredAlikeForEver();
    void sameCid_withAnotherContent_isAConflict();
    void sameCid_ofAnotherSender_isAnotherMessage();
    void anyCid_comesBackAsSent();
    void strangersAndNobodies_areRefused();
    void disabledReceiver_isNotFound();
    void blockedSender_isRefused();
    void systemMessage_isForbidden();
    void replyToTheFuture_isNotFound();
    void ids_growAcrossRestartsAndClockSteps();
    void manyThreads_leaveNoGapInSeq();
    void repliesOfOneConversation_comeInSeqOrder();
    void restart_keepsAll();
};

class PageSuite final : public StoreSuite {
    Q_OBJECT

public:
    using StoreSuite::StoreSuite;

private slots:
    void newest_isNewestFirst();
    void before_excludesItsSeq();
    void after_givesTheNearest();
    void around_holdsItsSeqInTheMiddle();
    void limits_areClamped();
    void pages_tileTheWholeConversation();
    void cidAndLiked_areTheReadersOwn();
    void outsiders_getNothing();
};

class ChangeSuite final : public StoreSuite {
    Q_OBJECT

public:
    using StoreSuite::StoreSuite;

private slots:
    void edit_replacesTheBodyWithinTwoDays();
    void edit_ofOthersOrSystem_isForbidden();
    void recall_leavesATombstone();
    void recall_isForTheSenderWithinTwoMinutes();
    void recall_byAdmins_isAlwaysAllowed();
    void likes_areCountedOncePerUser();
    void changes_areOrderedByRevAndPaged();
    void changes_afterRandomWrites_equalTheModel();
};

class CursorSuite final : public StoreSuite {
    Q_OBJECT

public:
    using StoreSuite::StoreSuite;

private slots:
    void read_isClampedAndNeverGoesBack();
    void read_impliesDelivered();
    void unread_countsOthersAboveTheCursor();
    void ownSend_countsAsRead();
    void manyMoves_leaveTheFurthest();
    void receipts_tellWhoReadAndWhoReceived();
    void receipts_arePaged();
    void receipts_leaveOutWhoJoinedLater();
    void outsiders_cannotMoveCursors();
};

} // namespace kith::server::test
