//! The tables, and how older ones become newer.
//!
//! All of them are in one schema, whose table `pinlatch_schema` says which version they have. Making and
//! upgrading is one process's work, under an advisory lock. A step that rewrites rows goes a batch at a time,
//! each in a transaction of its own that also says how far it has come: one that is interrupted goes on from
//! there, and nobody waits longer than for a batch.

use std::time::Duration;

use tokio_postgres::Client;

use super::connections::within;
use super::error::PostgresError;

/// How to get from each schema to the next: the first makes schema 1.
const STEPS: &[Step] = &[Step::Once(include_str!("schema_1.sql"))];

/// The first half of the advisory lock's key, `PLch` in ASCII. The second is the schema's name, hashed.
pub(super) const LOCK: i32 = 0x504c_6368;

/// One step from a schema to the next.
pub(super) enum Step {
    /// Done at once, in one transaction.
    Once(&'static str),
    /// Done in batches. The statement gets the last key that is done, null at first, and answers the last key
    /// of its batch, null when none is left.
    #[cfg_attr(not(test), expect(dead_code, reason = "schema 1 rewrites nothing"))]
    InBatches(&'static str),
}

/// The name of a schema, as it can stand in a statement.
#[derive(Clone, Debug)]
pub(super) struct SchemaName(String);

impl SchemaName {
    /// As long as PostgreSQL lets names be.
    const MAX_BYTES: usize = 63;

    pub(super) fn new(name: &str) -> Result<Self, PostgresError> {
        let is_letter = |byte: u8| byte.is_ascii_lowercase() || byte == b'_';
        let mut bytes = name.bytes();
        let is_name = bytes.next().is_some_and(is_letter)
            && bytes.all(|byte| is_letter(byte) || byte.is_ascii_digit())
            && name.len() <= Self::MAX_BYTES
            && !name.starts_with("pg_");
        is_name.then(|| Self(name.to_owned())).ok_or_else(|| PostgresError::Name(name.to_owned()))
    }

    pub(super) fn as_str(&self) -> &str {
        &self.0
    }

    /// The statement with this name, quoted, for `{schema}`.
    pub(super) fn fill(&self, statement: &str) -> String {
        statement.replace("{schema}", &format!("\"{}\"", self.0))
    }
}

/// Brings the tables to the newest schema. Of many processes that open a new database at once, one makes the
/// tables and the others wait and find them.
pub(super) async fn upgrade(
    client: &mut Client,
    schema: &SchemaName,
    patience: Duration,
) -> Result<(), PostgresError> {
    upgrade_by(client, schema, STEPS, patience).await
}

pub(super) async fn upgrade_by(
    client: &mut Client,
    schema: &SchemaName,
    steps: &[Step],
    patience: Duration,
) -> Result<(), PostgresError> {
    if within(patience, found(client, schema, steps)).await? == steps.len() {
        return Ok(());
    }
    within(patience, lock(client, schema)).await?;
    // Asked again, now that nobody else can change it.
    let done = within(patience, found(client, schema, steps)).await?;
    for (step, number) in steps.iter().zip(1_i32..).skip(done) {
        match step {
            Step::Once(sql) => within(patience, once(client, schema, sql, number)).await?,
            Step::InBatches(sql) => while within(patience, batch(client, schema, sql, number)).await? {},
        }
    }
    within(patience, unlock(client, schema)).await
}

/// Refuses a role that could not write all that it will be given: nothing else would say why the trail stays empty.
pub(super) async fn has_rights(
    client: &Client,
    schema: &SchemaName,
    takes_events: bool,
) -> Result<(), PostgresError> {
    let row =
        client.query_one(&schema.fill(LACKING), &[&takes_events]).await.map_err(PostgresError::asked)?;
    match row.try_get::<_, Option<String>>(0).map_err(PostgresError::asked)? {
        Some(lacking) => Err(PostgresError::Denied(format!("not all rights on {lacking}").into())),
        None => Ok(()),
    }
}

/// `UPDATE` of records alone: a trail may be closed to it. The statement of a write names `events` even where it has none.
const LACKING: &str = "select string_agg(relname::text, ', ' order by relname) from pg_class
    where relnamespace = to_regnamespace('{schema}') and relname in ('records', 'events', 'changes', 'refusals')
    and ($1 or relname in ('records', 'events'))
    and not (has_table_privilege(oid, 'select') and has_table_privilege(oid, 'insert')
        and (relname <> 'records' or has_table_privilege(oid, 'update')))";

/// How many steps were taken, if this version may use the tables; none where there is nothing at all.
async fn found(client: &Client, schema: &SchemaName, steps: &[Step]) -> Result<usize, PostgresError> {
    let look = schema.fill(
        "select to_regclass('{schema}.pinlatch_schema') is not null,
            exists (select from pg_class where relnamespace = to_regnamespace('{schema}')),
            to_regclass('{schema}.records') is not null and to_regclass('{schema}.refusals') is not null",
    );
    let row = client.query_one(&look, &[]).await.map_err(PostgresError::asked)?;
    let read = |column| row.try_get::<_, bool>(column).map_err(PostgresError::asked);
    // Theirs, or ours without the note of its version: under another name there would be nobody's bar.
    let not_ours = || match read(2) {
        Ok(true) => PostgresError::Missing("pinlatch_schema says nothing of a version".into()),
        Ok(false) => PostgresError::AnotherProgram(schema.as_str().to_owned()),
        Err(error) => error,
    };
    match (read(0)?, read(1)?) {
        (false, false) => return Ok(0),
        (false, true) => return Err(not_ours()),
        (true, _) => {}
    }
    let read = client.query_opt(&schema.fill("select number from {schema}.pinlatch_schema"), &[]).await;
    let number = match read {
        Ok(row) => row.and_then(|row| row.try_get::<_, i32>(0).ok()),
        // A table of that name, without this column: not ours.
        Err(error) if error.code() == Some(&tokio_postgres::error::SqlState::UNDEFINED_COLUMN) => None,
        Err(error) => return Err(PostgresError::asked(error)),
    };
    let number = number.ok_or_else(not_ours)?;
    let known = i32::try_from(steps.len()).unwrap_or(i32::MAX);
    let newer = PostgresError::NewerSchema { found: number, known };
    usize::try_from(number).ok().filter(|number| *number <= steps.len()).ok_or(newer)
}

/// Held until the end of the session. The server's own time-out ends the wait.
async fn lock(client: &Client, schema: &SchemaName) -> Result<(), PostgresError> {
    let asked = client.execute("select pg_advisory_lock($1, hashtext($2))", &[&LOCK, &schema.as_str()]).await;
    match asked {
        Ok(_) => Ok(()),
        Err(error) if error.code() == Some(&tokio_postgres::error::SqlState::LOCK_NOT_AVAILABLE) => {
            Err(PostgresError::Upgrading)
        }
        Err(error) => Err(PostgresError::asked(error)),
    }
}

async fn unlock(client: &Client, schema: &SchemaName) -> Result<(), PostgresError> {
    let unlock = "select pg_advisory_unlock($1, hashtext($2))";
    client.execute(unlock, &[&LOCK, &schema.as_str()]).await.map(drop).map_err(PostgresError::asked)
}

async fn once(client: &mut Client, schema: &SchemaName, sql: &str, number: i32) -> Result<(), PostgresError> {
    let step = async {
        let transaction = client.transaction().await?;
        transaction.batch_execute(&schema.fill(sql)).await?;
        transaction.execute(&schema.fill(DONE), &[&number]).await?;
        transaction.commit().await
    };
    step.await.map_err(PostgresError::asked)
}

/// Whether there was anything left to do.
async fn batch(
    client: &mut Client,
    schema: &SchemaName,
    sql: &str,
    number: i32,
) -> Result<bool, PostgresError> {
    let step = async {
        let transaction = client.transaction().await?;
        let progress = schema.fill("select progress from {schema}.pinlatch_schema for update");
        let last: Option<String> = transaction.query_one(&progress, &[]).await?.try_get(0)?;
        let next: Option<String> = transaction.query_one(&schema.fill(sql), &[&last]).await?.try_get(0)?;
        let marked = match &next {
            Some(last) => transaction.execute(&schema.fill(PROGRESS), &[last]).await,
            None => transaction.execute(&schema.fill(DONE), &[&number]).await,
        };
        marked?;
        transaction.commit().await.map(|()| next.is_some())
    };
    step.await.map_err(PostgresError::asked)
}

const DONE: &str = "insert into {schema}.pinlatch_schema (number) values ($1)
    on conflict (one) do update set number = excluded.number, progress = null";
const PROGRESS: &str = "update {schema}.pinlatch_schema set progress = $1";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_plain_names_are_names() {
        for name in ["pinlatch", "_1", "sign_in_2", &"a".repeat(63)] {
            assert!(SchemaName::new(name).is_ok(), "{name}");
        }
        for name in
            ["", "1a", "Pinlatch", "a b", "a\"", "a'", "a.b", "å", "pg_mine", "{schema}", &"a".repeat(64)]
        {
            let refused = SchemaName::new(name);
            assert!(matches!(refused, Err(PostgresError::Name(_))), "{name}");
        }
    }
}
