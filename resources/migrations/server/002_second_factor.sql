-- SPDX-License-Identifier: GPL-3.0-or-later
-- Second factors of accounts, and what happened to accounts. Secrets are sealed by the logic before they come here.

-- Grows with each change of what a login is checked against: a login that began before it is refused.
ALTER TABLE users ADD COLUMN credentials_version INTEGER NOT NULL DEFAULT 0;

CREATE TABLE totp_pending (
    user INTEGER PRIMARY KEY REFERENCES users (id),
    sealed BLOB NOT NULL,
    expires_ms INTEGER NOT NULL
);

-- last_step: of RFC 6238, the greatest that was accepted; only a greater one passes. answer: of the bind, sealed, for a
-- client that lost it.
CREATE TABLE totp (
    user INTEGER PRIMARY KEY REFERENCES users (id),
    sealed BLOB NOT NULL,
    last_step INTEGER NOT NULL,
    bound_ms INTEGER NOT NULL,
    answer BLOB,
    answer_expires_ms INTEGER NOT NULL DEFAULT 0
);

-- A row goes when its code is used.
CREATE TABLE recovery_codes (
    user INTEGER NOT NULL REFERENCES users (id),
    hash BLOB NOT NULL,
    PRIMARY KEY (user, hash)
) WITHOUT ROWID;

CREATE TABLE audit (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    user INTEGER NOT NULL REFERENCES users (id),
    at_ms INTEGER NOT NULL,
    event TEXT NOT NULL,
    device TEXT NOT NULL,
    address TEXT NOT NULL
);
CREATE INDEX audit_by_user ON audit (user, id);
CREATE INDEX audit_by_time ON audit (at_ms);
