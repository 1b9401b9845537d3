-- Schema 1. Frozen: a change is a schema_2.sql that starts from this one. `{prefix}` is the deployment's. The table
-- `{prefix}_schema` is made before this. Each statement may be run again: a process that died half-way is no harm.

-- Accounts under `a-…`, people under `p-…`, compared byte by byte. A BLOB would end at 64 KiB.
CREATE TABLE IF NOT EXISTS {prefix}_records (
    k varbinary(34) NOT NULL PRIMARY KEY,
    version bigint unsigned NOT NULL,
    bytes mediumblob NOT NULL
) ENGINE=InnoDB ROW_FORMAT=DYNAMIC COMMENT='pinlatch';

-- Accepted transitions, as JSON, in the order in which they came. `id` is the event's own identity; `person` is the key
-- of that person's record. Text, and not the type JSON: MySQL's would write it anew.
CREATE TABLE IF NOT EXISTS {prefix}_events (
    number bigint unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY,
    id varbinary(64) NOT NULL UNIQUE,
    person varbinary(34) NOT NULL,
    event mediumtext CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    KEY of_person (person, number)
) ENGINE=InnoDB ROW_FORMAT=DYNAMIC COMMENT='pinlatch';

-- What administrators changed about people, as JSON, in the order in which it came.
CREATE TABLE IF NOT EXISTS {prefix}_changes (
    number bigint unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY,
    id varbinary(64) NOT NULL UNIQUE,
    person varbinary(34) NOT NULL,
    details mediumtext CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    KEY of_person (person, number)
) ENGINE=InnoDB ROW_FORMAT=DYNAMIC COMMENT='pinlatch';

-- Refusals, as JSON, in the order in which they came. `person` is null where the command was aimed at nobody in
-- particular; `at` in unix milliseconds, if known.
CREATE TABLE IF NOT EXISTS {prefix}_refusals (
    number bigint unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY,
    person varbinary(34),
    at bigint unsigned,
    refusal mediumtext CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    KEY of_person (person, number),
    KEY by_time (at)
) ENGINE=InnoDB ROW_FORMAT=DYNAMIC COMMENT='pinlatch';
