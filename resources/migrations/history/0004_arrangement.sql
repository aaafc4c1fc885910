-- How the user arranges conversations on this computer. pinned_at: when (ms), 0 where it is not pinned. shelved: out of the
-- list until something new comes. marked_unread: by hand, until it is opened. mention_seq: the newest message here that
-- mentions the user.
CREATE TABLE arrangement(
  conversation INTEGER PRIMARY KEY, pinned_at INTEGER NOT NULL DEFAULT 0, shelved INTEGER NOT NULL DEFAULT 0,
  marked_unread INTEGER NOT NULL DEFAULT 0, mention_seq INTEGER NOT NULL DEFAULT 0);
