//! Whether a connection is a session of its own: a pooler that gives it to others between transactions, or resets it, is
//! found out before anything else is set, so that this mark is all that is left on sessions of somebody else's. A quiet
//! pooler gives the session that was used last, which a second connection finds marked; a busy one now another, now the same,
//! so each asks a few times.

use pinlatch::host::{Randomness, SystemRandomness};
use tokio_postgres::{Client, SimpleQueryMessage};

use super::error::PostgresError;
use super::settings::is_not_ours;

/// How often each asks.
const TIMES: usize = 8;

/// Named with its schema: nobody else's function is run as the store's role.
const READ: &str = "select pg_catalog.current_setting('pinlatch.session', true)";

/// Marks a session, and asks for the mark in requests of their own. This session is to be given up then.
pub(super) async fn keeps_what_is_set(client: &Client) -> Result<(), PostgresError> {
    let mut drawn = [0; 8];
    SystemRandomness.fill(&mut drawn)?;
    let mark = u64::from_le_bytes(drawn).to_string();
    client.batch_execute(&format!("set pinlatch.session = '{mark}'")).await.map_err(PostgresError::asked)?;
    for _ in 0..TIMES {
        let found = read(client).await?;
        if found != mark {
            return Err(is_not_ours(&found).into());
        }
    }
    Ok(())
}

/// Whether nobody has marked this one.
pub(super) async fn is_new(client: &Client) -> Result<(), PostgresError> {
    for _ in 0..TIMES {
        let found = read(client).await?;
        if !found.is_empty() {
            // For whoever opens it when the pooler is another.
            client.batch_execute("reset pinlatch.session").await.map_err(PostgresError::asked)?;
            return Err(is_not_ours(&found).into());
        }
    }
    Ok(())
}

async fn read(client: &Client) -> Result<String, PostgresError> {
    let answered = client.simple_query(READ).await.map_err(PostgresError::asked)?;
    let mark = answered.iter().find_map(|message| match message {
        SimpleQueryMessage::Row(row) => row.get(0).map(ToOwned::to_owned),
        _ => None,
    });
    Ok(mark.unwrap_or_default())
}
