-- Schema 1. Frozen: a change is a schema_2.sql that starts from this one.

-- The last version that was given out, of all records together. One row, and it only grows, so a
-- key that is deleted and written again never sees a version that it has had before.
CREATE TABLE versions (
    only INTEGER PRIMARY KEY CHECK (only = 1),
    last INTEGER NOT NULL CHECK (last >= 0)
) STRICT;
INSERT INTO versions (only, last) VALUES (1, 0);

-- Accounts under `a-…`, people under `p-…`, compared byte by byte.
CREATE TABLE records (
    key TEXT NOT NULL COLLATE BINARY PRIMARY KEY,
    version INTEGER NOT NULL,
    bytes BLOB NOT NULL
) STRICT;

-- Accepted transitions, as JSON, in the order in which they came. `id` is the event's own identity;
-- `person` is the key of that person's record.
CREATE TABLE events (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL COLLATE BINARY UNIQUE,
    person TEXT NOT NULL COLLATE BINARY,
    event TEXT NOT NULL
) STRICT;
CREATE INDEX events_of_person ON events (person, number);

-- What administrators changed about people, as JSON, in the order in which it came. `id` is the change's own
-- identity; `person` is the key of that person's record.
CREATE TABLE changes (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL COLLATE BINARY UNIQUE,
    person TEXT NOT NULL COLLATE BINARY,
    change TEXT NOT NULL
) STRICT;
CREATE INDEX changes_of_person ON changes (person, number);

-- Refusals, as JSON, in the order in which they came. `person` is null where the command was aimed at nobody
-- in particular; `at` in unix milliseconds, if known.
CREATE TABLE refusals (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    person TEXT COLLATE BINARY,
    at INTEGER,
    refusal TEXT NOT NULL
) STRICT;
CREATE INDEX refusals_of_person ON refusals (person, number);
CREATE INDEX refusals_by_time ON refusals (at);
