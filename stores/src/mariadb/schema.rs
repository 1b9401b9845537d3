//! The tables, and how older ones become newer ones.
//!
//! The servers commit each change of a table by itself. So the steps of an upgrade may be run again, the number of the
//! schema is written after them, and one process at a time does it, under a lock by name. A step that rewrites rows goes
//! a batch at a time, each in a transaction that also says how far it has come: one that is interrupted goes on from
//! there, and nobody waits longer than for a batch.

use std::time::Duration;

use mysql_async::prelude::Queryable;
use mysql_async::{Conn, Error, TxOpts};
use tokio::time::timeout;

use super::error::MariaDbError;
use super::sql::{Hex, Tables};

/// Marks a table as one of ours: its comment.
const MARK: &str = "pinlatch";

/// A table that the server cannot read has the reason for its comment. Who reads it is told.
const DAMAGED: &str = "(t.engine IS NULL AND t.table_type = 'BASE TABLE')";

/// The server's word for a table that is not there.
const NO_SUCH_TABLE: u16 = 1146;
const NO_SUCH_COLUMN: u16 = 1054;

/// The columns of the newest schema, by the tables' names behind the prefix.
const COLUMNS: &[(&str, &[&str])] = &[
    ("schema", &["one", "number", "progress"]),
    ("records", &["k", "version", "bytes"]),
    ("events", &["number", "id", "person", "event"]),
    ("changes", &["number", "id", "person", "details"]),
    ("refusals", &["number", "person", "at", "refusal"]),
];

/// How to get from each schema to the next: the first makes schema 1 of nothing.
const STEPS: &[Step] = &[Step::Once(include_str!("schema_1.sql"))];

/// One step from a schema to the next. `{prefix}` is the deployment's.
pub(super) enum Step {
    /// Statements that may be run again, each committed by itself.
    Once(&'static str),
    /// Done in batches, from the key after `{done}` on. `last` answers the last key of the batch, null when none is left,
    /// and `rewrite` rewrites what is up to `{last}`.
    #[cfg_attr(not(test), expect(dead_code, reason = "schema 1 rewrites nothing"))]
    InBatches { last: &'static str, rewrite: &'static str },
}

/// Makes the tables or brings them to the newest schema, and sees that they are whole.
pub(super) async fn prepare(
    conn: &mut Conn,
    tables: &Tables,
    patience: Duration,
) -> Result<(), MariaDbError> {
    prepare_by(conn, tables, patience, STEPS).await
}

pub(super) async fn prepare_by(
    conn: &mut Conn,
    tables: &Tables,
    patience: Duration,
    steps: &[Step],
) -> Result<(), MariaDbError> {
    let newest = number(steps);
    if within(patience, known(conn, tables, newest)).await? < newest {
        // Making tables takes as long as the disk needs.
        if_exists(conn.query_drop("SET SESSION max_statement_time = 0").await)?;
        within(patience, lock(conn, tables, patience.as_secs())).await?;
        let upgraded = upgrade(conn, tables, patience, steps).await;
        unlocked(conn, tables, patience, upgraded).await?;
    }
    let whole = within(patience, is_whole(conn, tables)).await;
    if !matches!(whole, Err(MariaDbError::Missing { .. } | MariaDbError::MissingColumn { .. })) {
        return whole;
    }
    // A newer version may be making others of them: asked once more when nobody is.
    within(patience, lock(conn, tables, patience.as_secs())).await?;
    let whole = match within(patience, known(conn, tables, newest)).await {
        Ok(_) => within(patience, is_whole(conn, tables)).await,
        Err(error) => Err(error),
    };
    unlocked(conn, tables, patience, whole).await
}

/// The lock's end, after this. It ends with the connection, too: a server that does not answer is not asked again.
async fn unlocked(
    conn: &mut Conn,
    tables: &Tables,
    patience: Duration,
    done: Result<(), MariaDbError>,
) -> Result<(), MariaDbError> {
    if matches!(done, Err(MariaDbError::NoAnswer(_))) {
        return done;
    }
    let unlock = format!("DO RELEASE_LOCK({})", lock_name(tables));
    let unlocked = within(patience, async { conn.query_drop(unlock).await.map_err(told) }).await;
    done.and(unlocked)
}

async fn upgrade(
    conn: &mut Conn,
    tables: &Tables,
    patience: Duration,
    steps: &[Step],
) -> Result<(), MariaDbError> {
    // Asked again, now that nobody else changes it.
    let found = within(patience, known(conn, tables, number(steps))).await?;
    let schema = &tables.schema;
    let make = format!(
        "CREATE TABLE IF NOT EXISTS {schema} (one tinyint NOT NULL PRIMARY KEY, number bigint unsigned NOT NULL, \
         progress varbinary(34)) ENGINE=InnoDB COMMENT='{MARK}'"
    );
    within(patience, async { conn.query_drop(make).await.map_err(told) }).await?;
    for (from, step) in (0_u64..).zip(steps).filter(|(from, _)| *from >= found) {
        let done = done(tables, from.saturating_add(1));
        match step {
            Step::Once(sql) => {
                let both = [tables.fill(sql), done].map(|sql| sql.trim_end_matches([';', '\n']).to_owned());
                within(patience, async { conn.query_drop(both.join("; ")).await.map_err(told) }).await?;
            }
            Step::InBatches { last, rewrite } => {
                while within(patience, batch(conn, tables, last, rewrite, &done)).await? {}
            }
        }
    }
    Ok(())
}

/// Whether there was anything left to do.
async fn batch(
    conn: &mut Conn,
    tables: &Tables,
    last: &str,
    rewrite: &str,
    done: &str,
) -> Result<bool, MariaDbError> {
    let schema = &tables.schema;
    let step = async {
        let mut transaction = conn.start_transaction(TxOpts::default()).await?;
        let progress = format!("SELECT COALESCE(progress, '') FROM {schema} FOR UPDATE");
        let before: Vec<u8> = transaction.query_first(progress).await?.unwrap_or_default();
        let fill = |sql: &str, last: &[u8]| {
            let sql = tables.fill(sql).replace("{done}", &Hex(&before).to_string());
            sql.replace("{last}", &Hex(last).to_string())
        };
        let next: Option<Vec<u8>> = transaction.query_first(fill(last, b"")).await?.flatten();
        if let Some(last) = &next {
            transaction.query_drop(fill(rewrite, last)).await?;
            transaction.query_drop(format!("UPDATE {schema} SET progress = {}", Hex(last))).await?;
        } else {
            transaction.query_drop(done).await?;
        }
        transaction.commit().await.map(|()| next.is_some())
    };
    step.await.map_err(told)
}

/// Says that a step was taken.
fn done(tables: &Tables, number: u64) -> String {
    format!(
        "INSERT INTO {} (one, number) VALUES (1, {number}) ON DUPLICATE KEY UPDATE number = {number}, progress = NULL",
        tables.schema
    )
}

/// Does it within several times the patience: another process may be making the tables, and waits for the disk.
async fn within<T>(
    patience: Duration,
    does: impl Future<Output = Result<T, MariaDbError>>,
) -> Result<T, MariaDbError> {
    timeout(patience.saturating_mul(4), does).await.unwrap_or(Err(MariaDbError::NoAnswer(None)))
}

/// Which schema the tables have, 0 for none, if this version may use them.
async fn known(conn: &mut Conn, tables: &Tables, newest: u64) -> Result<u64, MariaDbError> {
    let found = described(conn, tables).await?;
    if let Some(theirs) = found.iter().find(|table| table.comment != MARK) {
        return Err(MariaDbError::AnotherProgram { table: theirs.name.clone() });
    }
    if !found.iter().any(|table| table.name == tables.schema) {
        // Ours by the mark, but without their number: parts of a restored backup, perhaps.
        return if found.is_empty() { Ok(0) } else { Err(missing(conn, &tables.schema).await) };
    }
    let number = conn.query_first(format!("SELECT number FROM {}", tables.schema)).await.map_err(told)?;
    let found = number.unwrap_or(0_u64);
    if found > newest { Err(MariaDbError::NewerSchema { found, known: newest }) } else { Ok(found) }
}

async fn is_whole(conn: &mut Conn, tables: &Tables) -> Result<(), MariaDbError> {
    let found = described(conn, tables).await?;
    for name in tables.all() {
        if !found.iter().any(|table| table.name == name) {
            return Err(missing(conn, name).await);
        }
    }
    let columns = columns(conn, tables).await?;
    for (table, ours) in COLUMNS {
        let table = format!("{}_{table}", tables.prefix());
        for column in *ours {
            if !columns.contains(&(table.clone(), (*column).to_owned())) {
                missing_column(conn, &table, column).await?;
            }
        }
    }
    altered(conn, tables).await.map_err(told)?.map_or(Ok(()), Err)
}

/// Tables are not listed to a user who has no right on them: whether one is missing, the server says when it is asked for.
async fn missing(conn: &mut Conn, table: &str) -> MariaDbError {
    match conn.query_drop(format!("SELECT 1 FROM {table} LIMIT 0")).await {
        Err(Error::Server(error)) if error.code != NO_SUCH_TABLE => MariaDbError::answered(error),
        _ => MariaDbError::Missing { table: table.to_owned() },
    }
}

/// Nor are columns, to a user who has rights on others only.
async fn missing_column(conn: &mut Conn, table: &str, column: &'static str) -> Result<(), MariaDbError> {
    match conn.query_drop(format!("SELECT {column} FROM {table} LIMIT 0")).await {
        Ok(()) => Ok(()),
        Err(Error::Server(error)) if error.code == NO_SUCH_COLUMN => {
            Err(MariaDbError::MissingColumn { table: table.to_owned(), column })
        }
        Err(error) => Err(told(error)),
    }
}

/// Each table and column of ours that there is.
async fn columns(conn: &mut Conn, tables: &Tables) -> Result<Vec<(String, String)>, MariaDbError> {
    let names = tables.all().map(|name| format!("'{name}'")).join(", ");
    let select = format!(
        "SELECT c.table_name, c.column_name FROM information_schema.columns c \
         WHERE c.table_schema = DATABASE() AND c.table_name IN ({names})"
    );
    conn.query(select).await.map_err(told)
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
            "mark" => MariaDbError::AnotherProgram { table },
            "engine" => MariaDbError::NotInnoDb { table, engine: found },
            "trigger" => MariaDbError::Trigger { table, trigger: found },
            _ => MariaDbError::NotUnique { table, column: found },
        }
    }))
}

/// Which table; `mark`, `engine`, `trigger` or `unique`; and which of them.
type Alteration = (String, String, String);

/// The question that is answered with a row for each of them.
fn alterations(tables: &Tables) -> String {
    let Tables { records, events, changes, .. } = tables;
    let names = tables.all().map(|name| format!("'{name}'")).join(", ");
    let ours = format!("t.table_schema = DATABASE() AND t.table_name IN ({names})");
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
        "SELECT t.table_name, 'mark', t.table_comment FROM information_schema.tables t \
         WHERE {ours} AND NOT {DAMAGED} AND CAST(t.table_comment AS BINARY) <> '{MARK}' UNION ALL \
         SELECT t.table_name, 'engine', t.engine FROM information_schema.tables t \
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
        "SELECT t.table_name, IF({DAMAGED}, '{MARK}', t.table_comment) FROM information_schema.tables t \
         WHERE t.table_schema = DATABASE() AND t.table_name IN ({names})"
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

/// Names of locks are the server's, not the database's, and have at most 64 characters. `SHA1` is no function of MySQL's any
/// more.
fn lock_name(tables: &Tables) -> String {
    format!("CONCAT('pinlatch ', LEFT(SHA2(CONCAT(DATABASE(), '.', '{}'), 256), 40))", tables.prefix())
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

fn number(steps: &[Step]) -> u64 {
    u64::try_from(steps.len()).unwrap_or(u64::MAX)
}
