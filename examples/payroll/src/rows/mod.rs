//! What the host keeps of its own, beside pinlatch's records: names, hours, passkeys, browser sessions, and what is on
//! its way (sign-ins, challenges). One table of JSON values, in SQLite, or in PostgreSQL where the accounts are there, so
//! that several hosts share it.
//!
//! What must not be guessed is no key here: the key is a [`digest`] of it.

mod postgres;
mod sqlite;

use std::error::Error;
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use data_encoding::HEXLOWER;
use pinlatch_axum::parts::PartFailed;
use serde::Serialize;
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};

/// How often what is over is removed.
const SWEEP: Duration = Duration::from_secs(300);

/// What a row is of.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Kind {
    /// A person of the host's: name, telephone. Key: the person's id.
    Resident,
    /// Who somebody is that a provider knows. Key: issuer, line feed, subject.
    Subject,
    /// A sign-in on its way, as the gate wants it back. Key: digest of the flow.
    Start,
    /// The same, as the OpenID client wants it back. Key: digest of the state.
    Flow,
    /// What the test bank gave out for a token. Key: digest of the code.
    Code,
    /// A session of the browser version. Key: digest of its cookie.
    Browser,
    /// A WebAuthn challenge on its way. Key: the device.
    Challenge,
    /// A passkey. Key: device, `/`, face or fingerprint.
    Passkey,
    /// A passkey that was shown, and that the gate has still to accept. Key: as of a passkey.
    Shown,
    /// An invitation that was sent. Key: a number.
    Letter,
    /// Hours that somebody worked. Key: company, `/`, person, `/`, date.
    Hours,
    /// A travel and expense report. Key: company, `/`, person, `/`, date, `/`, number.
    Trip,
    /// That a person is being added at this moment. Key: the person's id.
    Newcomer,
    /// By which key PINs are hashed: its number. Key: `pepper`.
    Key,
}

impl Kind {
    const fn name(self) -> &'static str {
        match self {
            Self::Resident => "resident",
            Self::Subject => "subject",
            Self::Start => "start",
            Self::Flow => "flow",
            Self::Code => "code",
            Self::Browser => "browser",
            Self::Challenge => "challenge",
            Self::Passkey => "passkey",
            Self::Shown => "shown",
            Self::Letter => "letter",
            Self::Hours => "hours",
            Self::Trip => "trip",
            Self::Newcomer => "newcomer",
            Self::Key => "key",
        }
    }
}

/// The rows could not be read or written.
#[derive(Debug, thiserror::Error)]
#[error("the host's own rows could not be used")]
pub(crate) struct RowsFailed(#[from] Box<dyn Error + Send + Sync>);

impl RowsFailed {
    /// For this reason, which is logged and never shown.
    pub(crate) fn because(reason: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self(reason.into())
    }
}

impl From<RowsFailed> for PartFailed {
    fn from(failed: RowsFailed) -> Self {
        Self::because(failed)
    }
}

type Answer<T> = Result<T, RowsFailed>;

/// The host's own rows. Clones share the connection.
#[derive(Clone, Debug)]
pub(crate) struct Rows(Arc<Engine>);

#[derive(Debug)]
enum Engine {
    Sqlite(sqlite::Rows),
    Postgres(postgres::Rows),
}

macro_rules! on_engine {
    ($self:ident, $rows:ident => $call:expr) => {
        match &*$self.0 {
            Engine::Sqlite($rows) => $call.await,
            Engine::Postgres($rows) => $call.await,
        }
    };
}

/// The key of a row that is found by a secret.
pub(crate) fn digest(secret: &str) -> String {
    HEXLOWER.encode(&Sha256::digest(secret.as_bytes()))
}

impl Rows {
    /// Beside the accounts if they are in PostgreSQL, and in a file else.
    pub(crate) async fn open(database: &str, folder: &std::path::Path) -> Answer<Self> {
        let engine = if database.starts_with("postgres:") || database.starts_with("postgresql:") {
            Engine::Postgres(postgres::Rows::open(database).await?)
        } else {
            Engine::Sqlite(sqlite::Rows::open(folder.join("payroll.sqlite")).await?)
        };
        Ok(Self(Arc::new(engine)))
    }

    /// The value under this key, unless its time is over.
    pub(crate) async fn get<T: DeserializeOwned>(&self, kind: Kind, key: &str) -> Answer<Option<T>> {
        read(on_engine!(self, rows => rows.get(kind.name(), key, now()))?)
    }

    /// The value under this key, which is there no more afterwards: of two that ask at one instant one gets it.
    pub(crate) async fn take<T: DeserializeOwned>(&self, kind: Kind, key: &str) -> Answer<Option<T>> {
        read(on_engine!(self, rows => rows.take(kind.name(), key, now()))?)
    }

    /// Keeps a value under this key, in place of another, and until further notice.
    pub(crate) async fn put<T: Serialize + Sync>(&self, kind: Kind, key: &str, value: &T) -> Answer<()> {
        let value = written(value)?;
        on_engine!(self, rows => rows.put(kind.name(), key, value, None))
    }

    /// Keeps a value for a while.
    pub(crate) async fn put_for<T>(&self, kind: Kind, key: &str, value: &T, span: Duration) -> Answer<()>
    where
        T: Serialize + Sync,
    {
        let (value, until) = (written(value)?, now().saturating_add(millis(span)));
        on_engine!(self, rows => rows.put(kind.name(), key, value, Some(until)))
    }

    /// Keeps a value if there is none under this key, and says whether it did.
    pub(crate) async fn add<T: Serialize + Sync>(&self, kind: Kind, key: &str, value: &T) -> Answer<bool> {
        let value = written(value)?;
        on_engine!(self, rows => rows.add(kind.name(), key, value))
    }

    /// Keeps a value for a while if there is none under this key, or if its time is over, and says whether it did.
    pub(crate) async fn add_for<T>(&self, kind: Kind, key: &str, value: &T, span: Duration) -> Answer<bool>
    where
        T: Serialize + Sync,
    {
        let (value, now) = (written(value)?, now());
        let until = now.saturating_add(millis(span));
        on_engine!(self, rows => rows.add_for(kind.name(), key, value, (now, until)))
    }

    /// Keeps another value for a while if there is one under this key, and says whether it did: what was removed in the
    /// meantime stays so.
    pub(crate) async fn replace<T>(&self, kind: Kind, key: &str, value: &T, span: Duration) -> Answer<bool>
    where
        T: Serialize + Sync,
    {
        let (value, until) = (written(value)?, now().saturating_add(millis(span)));
        on_engine!(self, rows => rows.replace(kind.name(), key, value, until))
    }

    /// Removes what is under this key.
    pub(crate) async fn remove(&self, kind: Kind, key: &str) -> Answer<()> {
        on_engine!(self, rows => rows.take(kind.name(), key, now())).map(drop)
    }

    /// All of a kind whose keys begin so, by their keys.
    pub(crate) async fn all<T: DeserializeOwned>(
        &self,
        kind: Kind,
        prefix: &str,
    ) -> Answer<Vec<(String, T)>> {
        let found = on_engine!(self, rows => rows.all(kind.name(), prefix, now()))?;
        found
            .into_iter()
            .filter_map(|(key, value)| Some(read(Some(value)).transpose()?.map(|value| (key, value))))
            .collect()
    }

    /// Removes what is over, every few minutes, until the task is aborted.
    pub(crate) async fn sweep_now_and_then(self) {
        let mut rounds = tokio::time::interval(SWEEP);
        rounds.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            rounds.tick().await;
            if let Err(error) = on_engine!(self, rows => rows.sweep(now())) {
                tracing::warn!(error = &error as &dyn Error, "rows that are over stay for now");
            }
        }
    }
}

fn written<T: Serialize>(value: &T) -> Answer<String> {
    serde_json::to_string(value).map_err(|error| RowsFailed(error.into()))
}

fn read<T: DeserializeOwned>(value: Option<String>) -> Answer<Option<T>> {
    value.map(|text| serde_json::from_str(&text)).transpose().map_err(|error| RowsFailed(error.into()))
}

fn millis(span: Duration) -> i64 {
    i64::try_from(span.as_millis()).unwrap_or(i64::MAX)
}

/// Milliseconds since 1970.
pub(crate) fn now() -> i64 {
    millis(SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default())
}

#[cfg(test)]
#[allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "tests"
)]
mod tests;
