CREATE TABLE settings(name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE users(id TEXT PRIMARY KEY, username TEXT NOT NULL, display_name TEXT NOT NULL, avatar TEXT NOT NULL,
                   created_at INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE conversations(
  id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, title TEXT NOT NULL DEFAULT '', avatar TEXT NOT NULL DEFAULT '',
  about TEXT NOT NULL DEFAULT '', members INTEGER NOT NULL DEFAULT 0, role INTEGER NOT NULL DEFAULT 0,
  head_seq INTEGER NOT NULL DEFAULT 0, head_rev INTEGER NOT NULL DEFAULT 0, floor_seq INTEGER NOT NULL DEFAULT 1,
  known_rev INTEGER NOT NULL DEFAULT 0, read_seq INTEGER NOT NULL DEFAULT 0, confirmed_read INTEGER NOT NULL DEFAULT 0,
  acked_seq INTEGER NOT NULL DEFAULT 0, unread INTEGER NOT NULL DEFAULT 0, muted_until INTEGER NOT NULL DEFAULT 0,
  changed_at INTEGER NOT NULL DEFAULT 0, removed INTEGER NOT NULL DEFAULT 0, draft TEXT NOT NULL DEFAULT '',
  last_seq INTEGER NOT NULL DEFAULT 0, last_id TEXT NOT NULL DEFAULT '', last_sender TEXT NOT NULL DEFAULT '',
  last_kind INTEGER NOT NULL DEFAULT 0, last_body TEXT NOT NULL DEFAULT '', last_at INTEGER NOT NULL DEFAULT 0,
  last_recalled INTEGER NOT NULL DEFAULT 0);
-- seq is NULL while a message is unsent; state 0 settled, 1 sending, 2 failed.
CREATE TABLE messages(
  id INTEGER PRIMARY KEY, conversation INTEGER NOT NULL REFERENCES conversations(id), seq INTEGER, server_id TEXT NOT NULL,
  cid TEXT NOT NULL, sender TEXT NOT NULL, kind INTEGER NOT NULL, body TEXT NOT NULL, reply_to INTEGER,
  mentions TEXT NOT NULL, file TEXT, created_at INTEGER NOT NULL, edited_at INTEGER, recalled INTEGER NOT NULL,
  likes INTEGER NOT NULL, liked INTEGER NOT NULL, state INTEGER NOT NULL, failure TEXT NOT NULL DEFAULT '',
  UNIQUE(conversation, seq));
CREATE UNIQUE INDEX messages_cid ON messages(cid) WHERE cid <> '';
CREATE INDEX messages_unsent ON messages(state) WHERE state > 0;
CREATE TABLE ranges(conversation INTEGER NOT NULL, from_seq INTEGER NOT NULL, to_seq INTEGER NOT NULL,
                    PRIMARY KEY(conversation, from_seq)) WITHOUT ROWID;
CREATE TABLE receipts(conversation INTEGER NOT NULL, user TEXT NOT NULL, delivered_seq INTEGER NOT NULL,
                      read_seq INTEGER NOT NULL, PRIMARY KEY(conversation, user)) WITHOUT ROWID;
CREATE VIRTUAL TABLE messages_fts USING fts5(body, content='messages', content_rowid='id', tokenize='cjk', prefix='3');
