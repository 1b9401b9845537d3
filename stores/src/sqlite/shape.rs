//! Whether the tables are still as they were made: a column, a unique index or the one row of `versions` that is gone
//! would be an error at the first write, a trigger would not be one at all.

use rusqlite::{Connection, OptionalExtension, Transaction};

use super::error::SqliteError;

/// Each table's columns with type, `NOT NULL` and place in the primary key, and its unique indexes with the columns'
/// collations: without their names, which are the engine's own. An index on a part of the rows is none.
const PARTS: &str = "
    SELECT t.name, 'the column ' || rtrim(c.name || ' ' || c.type || iif(c.\"notnull\", ' NOT NULL', '')
        || iif(c.pk, ' PRIMARY KEY', ''))
    FROM sqlite_schema t, pragma_table_xinfo(t.name) c
    WHERE t.type = 'table' AND c.hidden = 0
    UNION ALL
    SELECT t.name, 'the unique index on ' || (SELECT group_concat(coalesce(i.name, '?') || ' ' || i.coll, ', ')
        FROM pragma_index_xinfo(x.name) i WHERE i.key)
    FROM sqlite_schema t, pragma_index_list(t.name) x
    WHERE t.type = 'table' AND x.\"unique\" AND NOT x.partial";

/// What a table of this name consists of.
type Part = (String, String);

/// Compares a file with what `make` makes of an empty one.
pub(super) fn is_whole(
    transaction: &Transaction<'_>,
    make: impl FnOnce(&mut Connection) -> Result<(), SqliteError>,
) -> Result<(), SqliteError> {
    let mut fresh = Connection::open_in_memory()?;
    make(&mut fresh)?;
    let tables = tables(&fresh)?;
    let found = self::tables(transaction)?;
    if let Some(table) = tables.iter().find(|table| !found.contains(table)) {
        return Err(SqliteError::Missing { table: table.clone() });
    }
    let (expected, found) = (parts(&fresh)?, parts(transaction)?);
    if let Some((table, lacks)) = expected.into_iter().find(|part| !found.contains(part)) {
        return Err(SqliteError::Changed { table, lacks });
    }
    if transaction.query_row("SELECT last FROM versions", [], |_| Ok(())).optional()?.is_none() {
        return Err(SqliteError::Changed { table: "versions".to_owned(), lacks: "its row".to_owned() });
    }
    let mut triggers =
        transaction.prepare("SELECT tbl_name, name FROM sqlite_schema WHERE type = 'trigger'")?;
    let triggers = triggers.query_map([], part)?.collect::<Result<Vec<_>, _>>()?;
    match triggers.into_iter().find(|(table, _)| tables.contains(table)) {
        Some((table, trigger)) => Err(SqliteError::Trigger { table, trigger }),
        None => Ok(()),
    }
}

fn tables(connection: &Connection) -> Result<Vec<String>, SqliteError> {
    let mut names = connection.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'")?;
    Ok(names.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?)
}

fn parts(connection: &Connection) -> Result<Vec<Part>, SqliteError> {
    Ok(connection.prepare(PARTS)?.query_map([], part)?.collect::<Result<_, _>>()?)
}

fn part(row: &rusqlite::Row<'_>) -> rusqlite::Result<Part> {
    Ok((row.get(0)?, row.get(1)?))
}
