//! Accounts and people: bytes under a key, written by compare-and-swap, and with them the events that the
//! write tells of. A swap is one statement, so it is one transaction and one turn, and no transaction of the
//! host's can take it along.
//!
//! **Versions are drawn by the client, 64 random bits,** and not counted by the server. A sequence goes back
//! with a restored backup, and with a standby that takes over without the last writes: then it gives a
//! version again that somebody still holds, and that one's stale write is applied. Drawn, a stale write is
//! applied by accident only if a later write of the same key drew the very version that it expects: of a key
//! that was written a million times while somebody held an old version, the chance is 2⁻⁴⁴. The column is a
//! `bigint` and holds the same bits, so half of the versions are negative there.

use std::fmt;

use bytes::BytesMut;
use pinlatch::account::Event;
use pinlatch::host::{Expect, Key, Loaded, Randomness, Store, Swap, SystemRandomness, Version};
use pinlatch::id::PersonId;
use tokio_postgres::Row;
use tokio_postgres::types::{IsNull, ToSql, Type, to_sql_checked};

use super::PostgresStore;
use super::classify::{Ended, Failure, classify, keeps_connection};
use super::error::PostgresError;
use super::journal::Entries;

pub(super) const LOAD: &str = "select bytes, version from {schema}.records where key = $1";

/// The events are written where the record was, and in their order. One whose id is there is left alone.
const KEPT: &str = "kept as (
    insert into {schema}.events (id, person, event)
    select given.id, given.person, given.event::json
    from unnest($3::text[], $4::text[], $5::text[]) with ordinality as given (id, person, event, number)
    where exists (select from written)
    order by given.number
    on conflict (id) do nothing
) select true from written";

/// One that expects no record.
pub(super) fn create() -> String {
    format!(
        "with written as (
            insert into {{schema}}.records (key, bytes, version)
            values ($1, $2, $6)
            on conflict (key) do nothing
            returning true
        ), {KEPT}"
    )
}

pub(super) fn update() -> String {
    format!(
        "with written as (
            update {{schema}}.records set bytes = $2, version = $6
            where key = $1 and version = $7
            returning true
        ), {KEPT}"
    )
}

/// How many keys are read at once where all of them are.
const PAGE: i64 = 10_000;

impl Store for PostgresStore {
    type Error = PostgresError;

    /// Tried once more, on another connection, where the first did not answer for a reason of its own.
    async fn load(&self, key: &Key) -> Result<Option<Loaded>, PostgresError> {
        let deadline = self.shared.pool.deadline();
        let key = key.as_str();
        let ask = async || self.shared.pool.ask(&self.shared.load, &[&key], deadline).await;
        let rows = match ask().await {
            Err(Failure { ended, .. }) if is_of_the_connection(&ended) => ask().await,
            answered => answered,
        };
        rows.map_err(|failure| failure.error)?.first().map(loaded).transpose()
    }

    async fn compare_and_swap(
        &self,
        key: &Key,
        expect: Expect,
        bytes: Vec<u8>,
        events: &[Event],
    ) -> Result<Swap, PostgresError> {
        let Entries { ids, people, texts } = Entries::of_events(events)?;
        let (key, bytes, version) = (key.as_str(), Opaque(&bytes), draw()?);
        let drawn = column(version);
        let shared = &*self.shared;
        let deadline = shared.pool.deadline();
        let all: [&(dyn ToSql + Sync); 6] = [&key, &bytes, &ids, &people, &texts, &drawn];
        let answered = match expect {
            Expect::Absent => shared.pool.ask(&shared.create, &all, deadline).await,
            Expect::At(held) => {
                let held = column(held);
                let [key, bytes, ids, people, texts, drawn] = all;
                let all = [key, bytes, ids, people, texts, drawn, &held];
                shared.pool.ask(&shared.update, &all, deadline).await
            }
        };
        match answered {
            Ok(rows) if rows.is_empty() => Ok(Swap::Conflict),
            Ok(_) => Ok(Swap::Applied(version)),
            Err(failure) => classify(failure),
        }
    }

    fn takes_events(&self) -> bool {
        self.takes_events
    }
}

impl PostgresStore {
    /// Everybody whose facts are kept here, by number: what a page that lists people begins with.
    ///
    /// # Errors
    /// The server could not be asked.
    pub async fn people(&self) -> Result<Vec<PersonId>, PostgresError> {
        self.owners("p-", "p.").await
    }

    /// Everybody who has an account here, by number: what a job goes through that
    /// [reassesses](pinlatch::gate::Gate::reassess) or [delivers](pinlatch::gate::Gate::deliver_events), and
    /// a scan of the records.
    ///
    /// # Errors
    /// The server could not be asked.
    pub async fn accounts(&self) -> Result<Vec<PersonId>, PostgresError> {
        self.owners("a-", "a.").await
    }

    /// Page by page, each within the patience, so that no number of people is too many.
    async fn owners(&self, after: &str, before: &str) -> Result<Vec<PersonId>, PostgresError> {
        let page = "select key from {schema}.records where key > $1 and key < $2 order by key limit $3";
        let (mut owners, mut after) = (Vec::new(), after.to_owned());
        loop {
            let rows = self.ask(page, &[&after, &before, &PAGE]).await?;
            for row in &rows {
                after = row.try_get(0).map_err(PostgresError::unreadable)?;
                owners.extend(Key::parse(&after).map(|key| key.owner()));
            }
            if rows.is_empty() {
                return Ok(owners);
            }
        }
    }

    /// Removes what is known of a person, and says whether there was anything. The account stays: it is
    /// [erased](pinlatch::gate::Gate::erase) by the gate, which leaves a tombstone. Changes that still wait
    /// for the journal go with the facts: [deliver](pinlatch::gate::Gate::deliver_changes) them first.
    ///
    /// # Errors
    /// The server did not confirm it: [`TimedOut`](PostgresError::TimedOut) and
    /// [`Disconnected`](PostgresError::Disconnected) leave open whether they were removed.
    pub async fn remove_facts(&self, person: PersonId) -> Result<bool, PostgresError> {
        self.remove_record(&Key::person(person)).await
    }

    pub(super) async fn remove_record(&self, key: &Key) -> Result<bool, PostgresError> {
        let delete = "delete from {schema}.records where key = $1 returning true";
        Ok(!self.ask(delete, &[&key.as_str()]).await?.is_empty())
    }

    /// One statement of those that are not prepared when a connection is made.
    pub(super) async fn ask(
        &self,
        sql: &str,
        parameters: &[&(dyn ToSql + Sync)],
    ) -> Result<Vec<Row>, PostgresError> {
        let shared = &*self.shared;
        let answered = shared.pool.ask(&shared.schema.fill(sql), parameters, shared.pool.deadline()).await;
        answered.map_err(|failure| failure.error)
    }
}

/// Whether another connection may answer better: not where there was none, or time is up, or the server's
/// answer would be the same.
fn is_of_the_connection(ended: &Ended) -> bool {
    match ended {
        Ended::NotSent | Ended::TimedOut => false,
        Ended::NotPrepared | Ended::Broken => true,
        Ended::Refused(_) => !keeps_connection(ended),
    }
}

fn loaded(row: &Row) -> Result<Loaded, PostgresError> {
    let bytes = row.try_get(0).map_err(PostgresError::unreadable)?;
    let number: i64 = row.try_get(1).map_err(PostgresError::unreadable)?;
    Ok(Loaded { bytes, version: Version::from_number(number.cast_unsigned()) })
}

fn draw() -> Result<Version, PostgresError> {
    let mut drawn = [0; 8];
    SystemRandomness.fill(&mut drawn)?;
    Ok(Version::from_number(u64::from_ne_bytes(drawn)))
}

/// A version in its column: the same bits.
fn column(version: Version) -> i64 {
    version.number().cast_signed()
}

/// The bytes of a record, as a parameter. The driver writes parameters into its log: these stay out of it.
struct Opaque<'a>(&'a [u8]);

impl fmt::Debug for Opaque<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} bytes", self.0.len())
    }
}

impl ToSql for Opaque<'_> {
    fn to_sql(
        &self,
        kind: &Type,
        out: &mut BytesMut,
    ) -> Result<IsNull, Box<dyn std::error::Error + Sync + Send>> {
        self.0.to_sql(kind, out)
    }

    fn accepts(kind: &Type) -> bool {
        <&[u8]>::accepts(kind)
    }

    to_sql_checked!();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn i13_a_record_stays_out_of_the_drivers_log() {
        assert_eq!(format!("{:?}", Opaque(b"a verifier")), "10 bytes");
    }
}
