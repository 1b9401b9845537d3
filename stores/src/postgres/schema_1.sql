-- Schema 1. Frozen: a change is a further step that starts from this one. `{schema}` is the name that the
-- host chose; a schema of that name may be there already, empty, for a role that may not make one.
do $$ begin
    if to_regnamespace('{schema}') is null then
        create schema {schema};
    end if;
end $$;

-- One row: which schema this is, and how far a step has come that rewrites rows.
create table {schema}.pinlatch_schema (
    one boolean primary key default true check (one),
    number integer not null,
    progress text
);

-- Accounts under `a-…`, people under `p-…`, compared byte by byte. `version` is 64 bits drawn at random. Room
-- is left on each page for the next version of a row, so that an update touches no index.
create table {schema}.records (
    key text collate "C" primary key,
    bytes bytea not null,
    version bigint not null
) with (fillfactor = 70);

-- Accepted transitions, as JSON, in the order in which they came. `id` is the event's own identity; `person`
-- is the key of that person's record.
create table {schema}.events (
    number bigint generated always as identity primary key,
    id text collate "C" not null unique,
    person text collate "C" not null,
    event json not null
);
create index events_of_person on {schema}.events (person, number);

-- What administrators changed about people, likewise.
create table {schema}.changes (
    number bigint generated always as identity primary key,
    id text collate "C" not null unique,
    person text collate "C" not null,
    change json not null
);
create index changes_of_person on {schema}.changes (person, number);

-- Refusals, as JSON, in the order in which they came. `person` is null where the command was aimed at nobody
-- in particular; `at` in unix milliseconds, if known.
create table {schema}.refusals (
    number bigint generated always as identity primary key,
    person text collate "C",
    at bigint,
    refusal json not null
);
create index refusals_of_person on {schema}.refusals (person, number);
create index refusals_by_time on {schema}.refusals (at);
