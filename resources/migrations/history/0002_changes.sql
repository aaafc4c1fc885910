-- What the user did to messages and the server has not confirmed yet, oldest first. kind: 0 edit, 1 recall, 2 like,
-- 3 unlike. The message is named by its row: it may have no seq yet. An id is never used again: an answer that is on its way
-- must not settle a later change.
CREATE TABLE changes(
  id INTEGER PRIMARY KEY AUTOINCREMENT, conversation INTEGER NOT NULL REFERENCES conversations(id),
  message INTEGER NOT NULL, kind INTEGER NOT NULL, body TEXT NOT NULL DEFAULT '', made_at INTEGER NOT NULL);
CREATE INDEX changes_by_message ON changes(message);
