-- A search goes down this from the newest message until it has what one page shows: for words that are in very many
-- messages, for from:ann alone, for days.
CREATE INDEX messages_by_time ON messages(created_at, sender);
