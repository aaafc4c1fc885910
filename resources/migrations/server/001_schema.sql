-- SPDX-License-Identifier: GPL-3.0-or-later
-- The embedded store of kithd. Times are milliseconds since 1970, ids of users and messages are the numbers that the wire
-- carries as decimal strings, hashes and cids are raw bytes.

CREATE TABLE meta (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE users (
    id INTEGER PRIMARY KEY,
    username TEXT NOT NULL UNIQUE,
    display_name TEXT NOT NULL,
    display_folded TEXT NOT NULL,
    avatar TEXT NOT NULL DEFAULT '',
    password_hash TEXT NOT NULL,
    disabled INTEGER NOT NULL DEFAULT 0,
    created_ms INTEGER NOT NULL
);
CREATE INDEX users_by_display ON users (display_folded);

CREATE TABLE blocks (
    user INTEGER NOT NULL REFERENCES users (id),
    other INTEGER NOT NULL REFERENCES users (id),
    created_ms INTEGER NOT NULL,
    PRIMARY KEY (user, other)
) WITHOUT ROWID;

-- One row a device that is logged in.
CREATE TABLE sessions (
    user INTEGER NOT NULL REFERENCES users (id),
    device TEXT NOT NULL,
    family TEXT NOT NULL,
    name TEXT NOT NULL,
    platform TEXT NOT NULL,
    address TEXT NOT NULL,
    opened_ms INTEGER NOT NULL,
    seen_ms INTEGER NOT NULL,
    expires_ms INTEGER NOT NULL,
    PRIMARY KEY (user, device)
) WITHOUT ROWID;
CREATE INDEX sessions_by_expiry ON sessions (expires_ms);

-- Used tokens stay until they expire: that is how a second use is told from an unknown token.
CREATE TABLE refresh_tokens (
    hash BLOB PRIMARY KEY,
    user INTEGER NOT NULL,
    device TEXT NOT NULL,
    family TEXT NOT NULL,
    expires_ms INTEGER NOT NULL,
    used_ms INTEGER,
    successor BLOB
) WITHOUT ROWID;
CREATE INDEX refresh_tokens_by_session ON refresh_tokens (user, device);
CREATE INDEX refresh_tokens_by_expiry ON refresh_tokens (expires_ms);

CREATE TABLE conversations (
    id INTEGER PRIMARY KEY,
    wire TEXT NOT NULL UNIQUE,
    type INTEGER NOT NULL,
    name TEXT NOT NULL DEFAULT '',
    avatar TEXT NOT NULL DEFAULT '',
    about TEXT NOT NULL DEFAULT '',
    user_a INTEGER,
    user_b INTEGER,
    head_seq INTEGER NOT NULL DEFAULT 0,
    head_rev INTEGER NOT NULL DEFAULT 0,
    changed_ms INTEGER NOT NULL,
    members INTEGER NOT NULL DEFAULT 0,
    members_version INTEGER NOT NULL DEFAULT 1
);

-- Rows of people who left stay, with removed = 1, so that their other devices learn it.
CREATE TABLE members (
    conversation INTEGER NOT NULL REFERENCES conversations (id),
    user INTEGER NOT NULL REFERENCES users (id),
    role INTEGER NOT NULL DEFAULT 0,
    joined_ms INTEGER NOT NULL,
    joined_seq INTEGER NOT NULL DEFAULT 0,
    left_seq INTEGER,
    left_rev INTEGER,
    read_seq INTEGER NOT NULL DEFAULT 0,
    delivered_seq INTEGER NOT NULL DEFAULT 0,
    muted_until_ms INTEGER NOT NULL DEFAULT 0,
    changed_ms INTEGER NOT NULL,
    removed INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (conversation, user)
) WITHOUT ROWID;
CREATE INDEX members_by_user ON members (user, conversation);

-- The hot table: no foreign keys and three indexes, of which an append touches two. born_rev is the rev that the append
-- got and grows with seq; rev is that of the last change. See writer_messages.cpp and reader_messages.cpp.
CREATE TABLE messages (
    id INTEGER PRIMARY KEY,
    conversation INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    born_rev INTEGER NOT NULL,
    rev INTEGER NOT NULL,
    message_id INTEGER NOT NULL,
    sender INTEGER NOT NULL,
    cid BLOB NOT NULL,
    digest BLOB NOT NULL,
    kind INTEGER NOT NULL,
    created_ms INTEGER NOT NULL,
    recalled INTEGER NOT NULL DEFAULT 0,
    likes INTEGER NOT NULL DEFAULT 0,
    edited_ms INTEGER,
    reply_to INTEGER,
    mentions TEXT,
    file TEXT,
    body TEXT NOT NULL
);
CREATE UNIQUE INDEX messages_by_seq ON messages (conversation, seq);
CREATE UNIQUE INDEX messages_by_cid ON messages (sender, cid);
CREATE INDEX messages_changed ON messages (conversation, rev) WHERE rev <> born_rev;

CREATE TABLE likes (
    message INTEGER NOT NULL,
    user INTEGER NOT NULL,
    created_ms INTEGER NOT NULL,
    PRIMARY KEY (message, user)
) WITHOUT ROWID;
