//! Whether the tables are still as they were made: a column, a unique index or the one row of `versions` that is gone would
//! be an error at the first write; a trigger or a unique index too many would not be one at all. Columns that may be empty
//! and other indexes may be added. A `CHECK` too many is not looked for: it is an error at the write that it is against, and
//! nothing is written.

use rusqlite::{Connection, OptionalExtension, Transaction};

use super::error::SqliteError;

/// Of the tables `{ours}`: each one's columns with type, `NOT NULL` and place in the primary key, its unique indexes with the
/// columns' collations, without their names, which are the engine's own, and some words about the whole. An index on a part
/// of the rows counts as another. Names in small letters: SQLite makes no difference, and keeps what was typed.
const PARTS: &str = "
    WITH t AS (SELECT name, lower(name) AS low, sql FROM sqlite_schema WHERE type = 'table' AND lower(name) IN ({ours}))
    SELECT low, 'the column ' || rtrim(lower(c.name) || ' ' || upper(c.type) || iif(c.\"notnull\", ' NOT NULL', '')
        || iif(c.pk, ' PRIMARY KEY', ''))
    FROM t, pragma_table_xinfo(t.name) c WHERE c.hidden = 0
    UNION ALL
    SELECT low, iif(x.partial, 'the partial', 'the') || ' unique index on '
        || (SELECT group_concat(coalesce(lower(i.name), '?') || ' ' || i.coll, ', ') FROM pragma_index_xinfo(x.name) i WHERE i.key)
    FROM t, pragma_index_list(t.name) x WHERE x.\"unique\"
    UNION ALL
    SELECT low, 'the word STRICT' FROM t, pragma_table_list(t.name) l WHERE l.schema = 'main' AND l.strict
    UNION ALL
    SELECT low, 'the word AUTOINCREMENT' FROM t WHERE sql LIKE '%AUTOINCREMENT%'
    UNION ALL
    SELECT low, 'the words ON CONFLICT' FROM t
    WHERE replace(replace(replace(replace(sql, ' ', ''), char(9), ''), char(10), ''), char(13), '') LIKE '%ONCONFLICT%'
    UNION ALL
    SELECT low, 'the foreign key to ' || f.\"table\" FROM t, pragma_foreign_key_list(t.name) f";

/// What a table of this name consists of.
type Part = (String, String);

/// Compares a file with what `make` makes of an empty one.
pub(super) fn is_whole(
    transaction: &Transaction<'_>,
    make: impl FnOnce(&mut Connection) -> Result<(), SqliteError>,
) -> Result<(), SqliteError> {
    let mut fresh = Connection::open_in_memory()?;
    make(&mut fresh)?;
    let ours = tables(&fresh)?;
    let there = tables(transaction)?;
    if let Some(table) = ours.iter().find(|table| !there.contains(table)) {
        return Err(SqliteError::Missing { table: table.clone() });
    }
    let (expected, found) = (parts(&fresh, &ours)?, parts(transaction, &ours)?);
    if let Some((table, part)) = expected.iter().find(|part| !found.contains(part)) {
        return Err(changed(table, format!("lacks {part}")));
    }
    let may_be_added = |part: &str| part.starts_with("the column") && !part.contains(" NOT NULL");
    if let Some((table, part)) = found.iter().find(|part| !expected.contains(part) && !may_be_added(&part.1))
    {
        return Err(changed(table, format!("has {part} too much")));
    }
    if transaction.query_row("SELECT last FROM versions", [], |_| Ok(())).optional()?.is_none() {
        return Err(SqliteError::Versions { how: "is gone" });
    }
    let triggers = "SELECT lower(tbl_name), name FROM sqlite_schema WHERE type = 'trigger'";
    let mut triggers = transaction.prepare(triggers)?;
    let triggers = triggers.query_map([], part)?.collect::<Result<Vec<_>, _>>()?;
    match triggers.into_iter().find(|(table, _)| ours.contains(table)) {
        Some((table, trigger)) => Err(SqliteError::Trigger { table, trigger }),
        None => Ok(()),
    }
}

fn changed(table: &str, how: String) -> SqliteError {
    SqliteError::Changed { table: table.to_owned(), how }
}

fn tables(connection: &Connection) -> Result<Vec<String>, SqliteError> {
    let mut names = connection.prepare("SELECT lower(name) FROM sqlite_schema WHERE type = 'table'")?;
    Ok(names.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?)
}

fn parts(connection: &Connection, ours: &[String]) -> Result<Vec<Part>, SqliteError> {
    let ours = ours.iter().map(|name| format!("'{name}'")).collect::<Vec<_>>().join(", ");
    let mut question = connection.prepare(&PARTS.replace("{ours}", &ours))?;
    Ok(question.query_map([], part)?.collect::<Result<_, _>>()?)
}

fn part(row: &rusqlite::Row<'_>) -> rusqlite::Result<Part> {
    Ok((row.get(0)?, row.get(1)?))
}
