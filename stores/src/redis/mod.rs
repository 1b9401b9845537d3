//! Redis or Valkey.

mod classify;
mod connections;
mod doubts;
mod error;
mod listing;
mod options;
mod records;
mod schema;
mod settings;
mod trial;

use std::fmt;
use std::sync::Arc;

use pinlatch::host::Key;
use redis::{Cmd, Value, pipe};
use tokio::time::Instant;

pub use connections::ConnectionCounts;
pub use error::RedisError;
pub use options::{RedisOptions, Risk};

use connections::{Connections, Failed};
use doubts::Doubts;

/// A server that keeps accounts and people, with bounded loss. A clone is another handle on the same connections.
#[derive(Clone)]
pub struct RedisStore {
    /// A connection on which a write waits for replicas answers nothing else meanwhile, so then loads have theirs.
    loads: Arc<Connections>,
    swaps: Arc<Connections>,
    doubts: Arc<Doubts>,
    options: Arc<RedisOptions>,
}

impl RedisStore {
    /// Opens the server with the default [options](RedisOptions).
    ///
    /// # Errors
    /// As [`RedisOptions::open`].
    pub async fn open(address: &str) -> Result<Self, RedisError> {
        RedisOptions::new().open(address).await
    }

    /// How the connections fare, for the host's metrics: those for loads, or for everything where no
    /// replica has to acknowledge a write.
    #[must_use]
    pub fn connections(&self) -> ConnectionCounts {
        self.loads.counts()
    }

    fn deadline(&self) -> Instant {
        let now = Instant::now();
        now.checked_add(self.options.patience).unwrap_or(now)
    }

    /// What a record is called in the database.
    fn name(&self, key: &Key) -> String {
        format!("{}:{}", self.options.prefix, key.as_str())
    }

    /// Sends one command, and tries it no second time.
    async fn one(&self, command: Cmd) -> Result<Value, RedisError> {
        let mut commands = pipe();
        commands.add_command(command);
        let [answer] = answers(self.swaps.ask(&commands, self.deadline()).await)?;
        accepted(answer)
    }
}

impl fmt::Debug for RedisStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RedisStore({}, {})", self.loads.address(), self.options.prefix)
    }
}

/// The answers, where no answer is an error: not for swaps.
fn unless_failed(asked: Result<Vec<Value>, Failed>) -> Result<Vec<Value>, RedisError> {
    asked.map_err(|failed| match failed {
        Failed::NotSent(error) => error,
        Failed::NoAnswer(cause) => RedisError::NoAnswer(cause),
    })
}

/// The same of so many commands.
fn answers<const N: usize>(asked: Result<Vec<Value>, Failed>) -> Result<[Value; N], RedisError> {
    unless_failed(asked)?.try_into().map_err(|_| RedisError::Unreadable)
}

/// An answer that is no error.
fn accepted(answer: Value) -> Result<Value, RedisError> {
    match answer {
        Value::ServerError(error) => Err(classify::refused(&error)),
        answer => Ok(answer),
    }
}
