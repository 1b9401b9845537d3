//! The tables, and how older ones become newer ones.
//!
//! The servers commit each change of a table by itself. So the steps of an upgrade may be run again, the number of the
//! schema is written after them, and one process at a time does it, under a lock by name.

use mysql_async::prelude::Queryable;
use mysql_async::{Conn, Error};

use super::error::MariaDbError;
use super::sql::Tables;

/// Marks a table as one of ours: its comment.
const MARK: &str = "pinlatch";

/// How to get from each schema to the next: the first makes schema 1 of nothing.
const STEPS: &[&str] = &[include_str!("schema_1.sql")];

/// Makes the tables or brings them to the newest schema, and sees that they are whole. `seconds` is how long it waits for
/// another process that does the same.
pub(super) async fn prepare(conn: &mut Conn, tables: &Tables, seconds: u64) -> Result<(), MariaDbError> {
    prepare_by(conn, tables, seconds, STEPS).await
}

async fn prepare_by(
    conn: &mut Conn,
    tables: &Tables,
    seconds: u64,
    steps: &[&str],
) -> Result<(), MariaDbError> {
    let newest = number(steps);
    if known(conn, tables, newest).await? < newest {
        // Making tables takes as long as the disk needs.
        if_exists(conn.query_drop("SET SESSION max_statement_time = 0").await)?;
        lock(conn, tables, seconds).await?;
        let upgraded = upgrade(conn, tables, steps).await;
        let released = conn.query_drop(format!("DO RELEASE_LOCK({})", lock_name(tables))).await;
        upgraded?;
        released.map_err(told)?;
    }
    is_whole(conn, tables).await
}

async fn upgrade(conn: &mut Conn, tables: &Tables, steps: &[&str]) -> Result<(), MariaDbError> {
    // Asked again, now that nobody else changes it.
    let found = known(conn, tables, number(steps)).await?;
    let schema = &tables.schema;
    conn.query_drop(format!(
        "CREATE TABLE IF NOT EXISTS {schema} (one tinyint NOT NULL PRIMARY KEY, number bigint unsigned NOT NULL) \
         ENGINE=InnoDB COMMENT='{MARK}'"
    ))
    .await
    .map_err(told)?;
    for (from, step) in (0_u64..).zip(steps).filter(|(from, _)| *from >= found) {
        conn.query_drop(step.replace("{prefix}", tables.prefix())).await.map_err(told)?;
        let number = from.saturating_add(1);
        let upgraded = format!(
            "INSERT INTO {schema} (one, number) VALUES (1, {number}) ON DUPLICATE KEY UPDATE number = {number}"
        );
        conn.query_drop(upgraded).await.map_err(told)?;
    }
    Ok(())
}

/// Which schema the tables have, 0 for none, if this version may use them.
async fn known(conn: &mut Conn, tables: &Tables, newest: u64) -> Result<u64, MariaDbError> {
    let found = described(conn, tables).await?;
    if let Some(theirs) = found.iter().find(|table| table.comment != MARK) {
        return Err(MariaDbError::AnotherProgram { table: theirs.name.clone() });
    }
    if !found.iter().any(|table| table.name == tables.schema) {
        // Ours by the mark, but without their number: parts of a restored backup, perhaps.
        let part = found.into_iter().next();
        return part.map_or(Ok(0), |part| Err(MariaDbError::AnotherProgram { table: part.name }));
    }
    let number = conn.query_first(format!("SELECT number FROM {}", tables.schema)).await.map_err(told)?;
    let found = number.unwrap_or(0_u64);
    if found > newest { Err(MariaDbError::NewerSchema { found, known: newest }) } else { Ok(found) }
}

async fn is_whole(conn: &mut Conn, tables: &Tables) -> Result<(), MariaDbError> {
    let found = described(conn, tables).await?;
    for name in tables.all() {
        if !found.iter().any(|table| table.name == name) {
            return Err(MariaDbError::Missing { table: name.to_owned() });
        }
    }
    altered(conn, tables).await.map_err(told)?.map_or(Ok(()), Err)
}

/// What was done to our tables that breaks a promise, if they are there: looked for on every new connection. MySQL shows
/// triggers to those alone who have the right to make them.
pub(super) async fn altered(conn: &mut Conn, tables: &Tables) -> Result<Option<MariaDbError>, Error> {
    let look = alterations(tables);
    let found: Vec<Alteration> = conn.query(look.as_str()).await?;
    if found.is_empty() {
        return Ok(None);
    }
    // What the server tells of a table that is just being made is not of one moment: its index may come after it.
    let again: Vec<Alteration> = conn.query(look).await?;
    Ok(found.into_iter().find(|found| again.contains(found)).map(|(table, what, found)| {
        match what.as_str() {
            "engine" => MariaDbError::NotInnoDb { table, engine: found },
            "trigger" => MariaDbError::Trigger { table, trigger: found },
            _ => MariaDbError::NotUnique { table, column: found },
        }
    }))
}

/// Which table; `engine`, `trigger` or `unique`; and which of them.
type Alteration = (String, String, String);

/// The question that is answered with a row for each of them.
fn alterations(tables: &Tables) -> String {
    let Tables { records, events, changes, .. } = tables;
    let names = tables.all().map(|name| format!("'{name}'")).join(", ");
    let ours =
        format!("t.table_schema = DATABASE() AND t.table_name IN ({names}) AND t.table_comment = '{MARK}'");
    // An index on a part of the column, or on more columns, would take one for another, or one twice.
    let not_unique = [(records, "k"), (events, "id"), (changes, "id")].map(|(table, column)| {
        format!(
            "SELECT t.table_name, 'unique', '{column}' FROM information_schema.tables t \
             WHERE {ours} AND t.table_name = '{table}' AND NOT EXISTS (\
             SELECT s.index_name FROM information_schema.statistics s WHERE s.table_schema = DATABASE() \
             AND s.table_name = '{table}' AND s.non_unique = 0 GROUP BY s.index_name \
             HAVING COUNT(*) = 1 AND MAX(s.column_name) = '{column}' AND MAX(s.sub_part) IS NULL)"
        )
    });
    format!(
        "SELECT t.table_name, 'engine', t.engine FROM information_schema.tables t \
         WHERE {ours} AND t.engine <> 'InnoDB' UNION ALL \
         SELECT t.table_name, 'trigger', g.trigger_name FROM information_schema.triggers g \
         JOIN information_schema.tables t ON t.table_schema = g.event_object_schema \
         AND t.table_name = g.event_object_table WHERE {ours} UNION ALL {}",
        not_unique.join(" UNION ALL ")
    )
}

struct Described {
    name: String,
    comment: String,
}

/// What there is under our names, views included.
async fn described(conn: &mut Conn, tables: &Tables) -> Result<Vec<Described>, MariaDbError> {
    let names = tables.all().map(|name| format!("'{name}'")).join(", ");
    let select = format!(
        "SELECT table_name, table_comment FROM information_schema.tables \
         WHERE table_schema = DATABASE() AND table_name IN ({names})"
    );
    let rows: Vec<(String, String)> = conn.query(select).await.map_err(told)?;
    Ok(rows.into_iter().map(|(name, comment)| Described { name, comment }).collect())
}

async fn lock(conn: &mut Conn, tables: &Tables, seconds: u64) -> Result<(), MariaDbError> {
    let get = format!("SELECT COALESCE(GET_LOCK({}, {seconds}), 0)", lock_name(tables));
    match conn.query_first(get).await.map_err(told)? {
        Some(1) => Ok(()),
        _ => Err(MariaDbError::Busy),
    }
}

/// Names of locks are the server's, not the database's, and have at most 64 characters.
fn lock_name(tables: &Tables) -> String {
    format!("CONCAT('pinlatch ', SHA1(CONCAT(DATABASE(), '.', '{}')))", tables.prefix())
}

/// 1193: MySQL does not know the variable.
fn if_exists(set: Result<(), Error>) -> Result<(), MariaDbError> {
    match set {
        Err(Error::Server(error)) if error.code == 1193 => Ok(()),
        set => set.map_err(told),
    }
}

fn told(error: Error) -> MariaDbError {
    match error {
        Error::Server(error) => MariaDbError::answered(error),
        error => MariaDbError::NoAnswer(Some(Box::new(error))),
    }
}

fn number(steps: &[&str]) -> u64 {
    u64::try_from(steps.len()).unwrap_or(u64::MAX)
}
