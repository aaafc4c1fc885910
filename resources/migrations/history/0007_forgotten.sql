-- What the user took off this computer. below: of what the server holds below this seq nothing is stored again until the
-- user asks for it; 0: all of it is wanted again. todo: rows below this seq are still to be deleted, those in a range
-- excepted, which were asked for since.
CREATE TABLE forgotten(conversation INTEGER PRIMARY KEY, below INTEGER NOT NULL, todo INTEGER NOT NULL);
