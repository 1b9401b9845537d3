//! Whether a connection is a session of its own: a pooler that gives it to others between transactions, or resets it, is
//! found out before anything else is set, so that a mark is all that is left on sessions of somebody else's.
//!
//! Two connections are there at once. One has marked its session; the other holds its own in a transaction while the mark is
//! asked for. A pooler of transactions gives the other the session that was used last, which is the marked one, unless
//! somebody else has just taken it: then the mark is asked for in another session. Both can fail at once, where others use
//! the pooler too, so it is tried a few times. Where there are whole sessions neither ever happens.

use std::time::Duration;

use pinlatch::host::{Randomness, SystemRandomness};
use tokio::time::timeout;
use tokio_postgres::{Client, SimpleQueryMessage};

use super::error::PostgresError;
use super::settings::is_not_ours;

/// How often it is tried.
const TIMES: usize = 4;

/// Named with its schema: nobody else's function is run as the store's role.
const READ: &str = "select pg_catalog.current_setting('pinlatch.session', true)";
const HOLD_AND_READ: &str = "begin; select pg_catalog.current_setting('pinlatch.session', true)";

/// Marks a session. It is to be given up then.
pub(super) async fn mark(client: &Client) -> Result<String, PostgresError> {
    let mut drawn = [0; 8];
    SystemRandomness.fill(&mut drawn)?;
    let mark = u64::from_le_bytes(drawn).to_string();
    client.batch_execute(&format!("set pinlatch.session = '{mark}'")).await.map_err(PostgresError::asked)?;
    Ok(mark)
}

/// Two sessions that did not meet.
pub(super) enum Apart {
    Stay,
    /// The other has no session yet.
    Waits,
}

/// Whether the marked session and the other one stay two. A pooler that has no second session before the first is given up
/// keeps the other waiting for longer than this.
pub(super) async fn stay_apart(
    (marked, mark): (&Client, &str),
    other: &Client,
    wait: Duration,
) -> Result<Apart, PostgresError> {
    // The first time without a transaction, which a pooler of statements does not know.
    for question in [READ].into_iter().chain([HOLD_AND_READ; TIMES]) {
        let Ok(held) = timeout(wait, read(other, question)).await else { return Ok(Apart::Waits) };
        let held = match held {
            // Of statements: here it does know a second session.
            Err(PostgresError::Refused { code, .. }) if code == "08P01" => {
                return Err(is_not_ours("another's").into());
            }
            held => held?,
        };
        is_unmarked(other, &held).await?;
        let found = read(marked, READ).await?;
        if question == HOLD_AND_READ {
            end(other).await?;
        }
        if found != mark {
            return Err(is_not_ours(&found).into());
        }
    }
    Ok(Apart::Stay)
}

/// Whether nobody has marked this one: one that was given up, without a reset in between.
pub(super) async fn is_new(client: &Client, apart: Apart) -> Result<(), PostgresError> {
    if matches!(apart, Apart::Waits) {
        end(client).await?;
    }
    let found = read(client, READ).await?;
    is_unmarked(client, &found).await
}

async fn is_unmarked(client: &Client, found: &str) -> Result<(), PostgresError> {
    if found.is_empty() {
        return Ok(());
    }
    // For whoever opens it when the pooler is another.
    client.batch_execute("rollback; reset pinlatch.session").await.map_err(PostgresError::asked)?;
    Err(is_not_ours(found).into())
}

/// Of what is held, if anything is.
async fn end(client: &Client) -> Result<(), PostgresError> {
    client.batch_execute("rollback").await.map_err(PostgresError::asked)
}

async fn read(client: &Client, question: &str) -> Result<String, PostgresError> {
    let answered = client.simple_query(question).await.map_err(PostgresError::asked)?;
    let mark = answered.iter().find_map(|message| match message {
        SimpleQueryMessage::Row(row) => row.get(0).map(ToOwned::to_owned),
        _ => None,
    });
    Ok(mark.unwrap_or_default())
}
