-- Pictures of people and groups as the server gave them, by file id; bounded, the least recently shown go first. used: when one
-- was last shown (ms), to a day. The bytes come last: what is counted and sorted does not read them.
CREATE TABLE avatars(number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, size INTEGER NOT NULL, used INTEGER NOT NULL,
                     bytes BLOB NOT NULL);
CREATE INDEX avatars_by_use ON avatars(used, number, size);
