-- SPDX-License-Identifier: GPL-3.0-or-later
-- Files in pieces (PROTOCOL §6, docs/decisions/0016-files-in-the-one-file.md).

-- What is stored, once for all who stored the same: sha256 is set when it is complete and verified. Dropped: nothing
-- refers to it any more, and the sweep takes its pieces away; until then they count for `owner`, who had them last.
-- Numbers are not used twice: an append that was planned for a content that is gone must not meet another.
CREATE TABLE file_contents (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    sha256 BLOB,
    size INTEGER NOT NULL DEFAULT 0,
    dropped INTEGER NOT NULL DEFAULT 0,
    owner INTEGER NOT NULL DEFAULT 0
);
CREATE UNIQUE INDEX file_contents_by_hash ON file_contents (sha256) WHERE sha256 IS NOT NULL;
CREATE INDEX file_contents_dropped ON file_contents (owner) WHERE dropped = 1;

CREATE TABLE file_pieces (
    content INTEGER NOT NULL,
    start INTEGER NOT NULL,
    bytes BLOB NOT NULL
);
CREATE UNIQUE INDEX file_pieces_by_place ON file_pieces (content, start);

-- Uploads and what became of them. size and sha256 are those that were announced, state is that of the hash over the
-- first `taken` bytes, wrong how often other bytes came than were announced, used_ms the last use of what nothing
-- refers to.
CREATE TABLE files (
    id INTEGER PRIMARY KEY,
    wire TEXT NOT NULL UNIQUE,
    owner INTEGER NOT NULL REFERENCES users (id),
    content INTEGER NOT NULL REFERENCES file_contents (id),
    name TEXT NOT NULL,
    mime TEXT NOT NULL,
    size INTEGER NOT NULL,
    sha256 BLOB NOT NULL,
    chunk INTEGER NOT NULL,
    taken INTEGER NOT NULL DEFAULT 0,
    complete INTEGER NOT NULL DEFAULT 0,
    state BLOB,
    wrong INTEGER NOT NULL DEFAULT 0,
    used_ms INTEGER NOT NULL
);
CREATE INDEX files_by_owner ON files (owner, sha256);
CREATE INDEX files_by_content ON files (content);
CREATE INDEX files_by_use ON files (used_ms);

CREATE INDEX users_by_avatar ON users (avatar) WHERE avatar <> '';
CREATE INDEX conversations_by_avatar ON conversations (avatar) WHERE avatar <> '';
