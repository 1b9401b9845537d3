//! The rows in an SQLite file of their own.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use rusqlite::{Connection, OptionalExtension, params};

use super::{Answer, RowsFailed};

/// How long a write waits for another process's.
const PATIENCE: Duration = Duration::from_secs(5);

const SCHEMA: &str = "
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = FULL;
    CREATE TABLE IF NOT EXISTS payroll_rows (
        kind TEXT NOT NULL, key TEXT NOT NULL, value TEXT NOT NULL, until INTEGER,
        PRIMARY KEY (kind, key)
    ) WITHOUT ROWID;";

#[derive(Debug)]
pub(super) struct Rows(Arc<Mutex<Connection>>);

impl Rows {
    pub(super) async fn open(file: PathBuf) -> Answer<Self> {
        let opened = tokio::task::spawn_blocking(
            move || -> Result<Connection, Box<dyn std::error::Error + Send + Sync>> {
                // Made for its owner alone, as is whatever SQLite puts beside it; the folder may be older than this program.
                #[cfg(unix)]
                {
                    use std::os::unix::fs::OpenOptionsExt;
                    let made = std::fs::OpenOptions::new()
                        .write(true)
                        .create(true)
                        .truncate(false)
                        .mode(0o600)
                        .open(&file);
                    let made = made.map_err(|error| format!("{}: {error}", file.display()))?;
                    // One of an earlier release may be everybody's to read.
                    made.set_permissions(std::os::unix::fs::PermissionsExt::from_mode(0o600))?;
                }
                let connection = Connection::open(file)?;
                connection.busy_timeout(PATIENCE)?;
                connection.execute_batch(SCHEMA)?;
                Ok(connection)
            },
        );
        let connection = opened.await.map_err(failed)?.map_err(failed)?;
        Ok(Self(Arc::new(Mutex::new(connection))))
    }

    async fn ask<T: Send + 'static>(
        &self,
        question: impl FnOnce(&Connection) -> rusqlite::Result<T> + Send + 'static,
    ) -> Answer<T> {
        let connection = Arc::clone(&self.0);
        let asked = tokio::task::spawn_blocking(move || {
            question(&connection.lock().unwrap_or_else(PoisonError::into_inner))
        });
        asked.await.map_err(failed)?.map_err(failed)
    }

    pub(super) async fn get(&self, kind: &'static str, key: &str, now: i64) -> Answer<Option<String>> {
        let key = key.to_owned();
        self.ask(move |connection| {
            const GET: &str =
                "SELECT value FROM payroll_rows WHERE kind = ?1 AND key = ?2 AND (until IS NULL OR until > ?3)";
            connection.prepare_cached(GET)?.query_row(params![kind, key, now], |row| row.get(0)).optional()
        })
        .await
    }

    pub(super) async fn take(&self, kind: &'static str, key: &str, now: i64) -> Answer<Option<String>> {
        let key = key.to_owned();
        self.ask(move |connection| {
            const TAKE: &str = "DELETE FROM payroll_rows WHERE kind = ?1 AND key = ?2 RETURNING value, until";
            let row = |row: &rusqlite::Row<'_>| Ok((row.get::<_, String>(0)?, row.get::<_, Option<i64>>(1)?));
            let taken = connection.prepare_cached(TAKE)?.query_row(params![kind, key], row).optional()?;
            Ok(taken.filter(|(_, until)| until.is_none_or(|until| until > now)).map(|(value, _)| value))
        })
        .await
    }

    pub(super) async fn put(
        &self,
        kind: &'static str,
        key: &str,
        value: String,
        until: Option<i64>,
    ) -> Answer<()> {
        let key = key.to_owned();
        self.ask(move |connection| {
            const PUT: &str =
                "INSERT OR REPLACE INTO payroll_rows (kind, key, value, until) VALUES (?1, ?2, ?3, ?4)";
            connection.prepare_cached(PUT)?.execute(params![kind, key, value, until]).map(drop)
        })
        .await
    }

    pub(super) async fn add(&self, kind: &'static str, key: &str, value: String) -> Answer<bool> {
        let key = key.to_owned();
        self.ask(move |connection| {
            const ADD: &str = "INSERT OR IGNORE INTO payroll_rows (kind, key, value) VALUES (?1, ?2, ?3)";
            connection.prepare_cached(ADD)?.execute(params![kind, key, value]).map(|rows| rows > 0)
        })
        .await
    }

    pub(super) async fn add_for(
        &self,
        kind: &'static str,
        key: &str,
        value: String,
        (now, until): (i64, i64),
    ) -> Answer<bool> {
        let key = key.to_owned();
        self.ask(move |connection| {
            const ADD: &str = "INSERT INTO payroll_rows (kind, key, value, until) VALUES (?1, ?2, ?3, ?4)
                ON CONFLICT (kind, key) DO UPDATE SET value = excluded.value, until = excluded.until
                WHERE payroll_rows.until <= ?5";
            connection
                .prepare_cached(ADD)?
                .execute(params![kind, key, value, until, now])
                .map(|rows| rows > 0)
        })
        .await
    }

    pub(super) async fn replace(
        &self,
        kind: &'static str,
        key: &str,
        value: String,
        until: i64,
    ) -> Answer<bool> {
        let key = key.to_owned();
        self.ask(move |connection| {
            const REPLACE: &str =
                "UPDATE payroll_rows SET value = ?3, until = ?4 WHERE kind = ?1 AND key = ?2";
            connection.prepare_cached(REPLACE)?.execute(params![kind, key, value, until]).map(|rows| rows > 0)
        })
        .await
    }

    pub(super) async fn all(
        &self,
        kind: &'static str,
        prefix: &str,
        now: i64,
    ) -> Answer<Vec<(String, String)>> {
        let prefix = prefix.to_owned();
        self.ask(move |connection| {
            const ALL: &str = "SELECT key, value FROM payroll_rows
                WHERE kind = ?1 AND substr(key, 1, length(?2)) = ?2 AND (until IS NULL OR until > ?3) ORDER BY key";
            let mut statement = connection.prepare_cached(ALL)?;
            let rows = statement.query_map(params![kind, prefix, now], |row| Ok((row.get(0)?, row.get(1)?)))?;
            rows.collect()
        })
        .await
    }

    pub(super) async fn sweep(&self, now: i64) -> Answer<()> {
        self.ask(move |connection| {
            connection.execute("DELETE FROM payroll_rows WHERE until <= ?1", params![now]).map(drop)
        })
        .await
    }
}

fn failed(error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> RowsFailed {
    RowsFailed(error.into())
}
