-- Another data set of the server (PROTOCOL §1, epoch): what was known of the old one stays readable until the new one is
-- seen to hold the same message (by its id) or another. stale: the conversation's numbers are the old data set's.
ALTER TABLE conversations ADD COLUMN stale INTEGER NOT NULL DEFAULT 0;
-- Ranges whose messages have not been compared yet.
CREATE TABLE suspects(conversation INTEGER NOT NULL, from_seq INTEGER NOT NULL, to_seq INTEGER NOT NULL,
                      PRIMARY KEY(conversation, from_seq)) WITHOUT ROWID;
