//! The rows in PostgreSQL, beside the accounts: several hosts share them.

use std::time::Duration;

use deadpool_postgres::{Manager, ManagerConfig, Pool, RecyclingMethod, Runtime};
use tokio_postgres::NoTls;

use super::{Answer, RowsFailed};

/// How long to wait for a connection, and for an answer.
const PATIENCE: Duration = Duration::from_secs(5);
/// At most so many connections, beside those of the accounts.
const CONNECTIONS: usize = 8;

/// The lock is there because ten hosts that make a table at one instant fail but for one, even with IF NOT EXISTS.
const SCHEMA: &str = "
    BEGIN;
    SELECT pg_advisory_xact_lock(7020101);
    CREATE TABLE IF NOT EXISTS payroll_rows (
        kind TEXT NOT NULL, key TEXT COLLATE \"C\" NOT NULL, value TEXT NOT NULL, until BIGINT,
        PRIMARY KEY (kind, key)
    );
    COMMIT;";

#[derive(Debug)]
pub(super) struct Rows(Pool);

impl Rows {
    pub(super) async fn open(address: &str) -> Answer<Self> {
        let mut config: tokio_postgres::Config = address.parse().map_err(failed)?;
        // What the address asks for stands behind, and so counts where both name one setting.
        let asked = config.get_options().unwrap_or_default();
        let options = format!("-c statement_timeout=4000 -c lock_timeout=2000 {asked}");
        config.connect_timeout(PATIENCE).options(options);
        let recycling = ManagerConfig { recycling_method: RecyclingMethod::Fast };
        let pool = Pool::builder(Manager::from_config(config, NoTls, recycling))
            .max_size(CONNECTIONS)
            .wait_timeout(Some(PATIENCE))
            .create_timeout(Some(PATIENCE))
            .runtime(Runtime::Tokio1)
            .build()
            .map_err(failed)?;
        let rows = Self(pool);
        rows.0.get().await.map_err(failed)?.batch_execute(SCHEMA).await.map_err(failed)?;
        Ok(rows)
    }

    async fn ask(
        &self,
        statement: &str,
        values: &[&(dyn tokio_postgres::types::ToSql + Sync)],
    ) -> Answer<Vec<tokio_postgres::Row>> {
        let client = self.0.get().await.map_err(failed)?;
        let statement = client.prepare_cached(statement).await.map_err(failed)?;
        client.query(&statement, values).await.map_err(failed)
    }

    pub(super) async fn get(&self, kind: &'static str, key: &str, now: i64) -> Answer<Option<String>> {
        const GET: &str =
            "SELECT value FROM payroll_rows WHERE kind = $1 AND key = $2 AND (until IS NULL OR until > $3)";
        let rows = self.ask(GET, &[&kind, &key, &now]).await?;
        rows.first().map(|row| row.try_get(0).map_err(failed)).transpose()
    }

    pub(super) async fn take(&self, kind: &'static str, key: &str, now: i64) -> Answer<Option<String>> {
        const TAKE: &str = "DELETE FROM payroll_rows WHERE kind = $1 AND key = $2 RETURNING value, until";
        let rows = self.ask(TAKE, &[&kind, &key]).await?;
        let Some(row) = rows.first() else { return Ok(None) };
        let until: Option<i64> = row.try_get(1).map_err(failed)?;
        let value = row.try_get(0).map_err(failed)?;
        Ok(until.is_none_or(|until| until > now).then_some(value))
    }

    pub(super) async fn put(
        &self,
        kind: &'static str,
        key: &str,
        value: String,
        until: Option<i64>,
    ) -> Answer<()> {
        const PUT: &str = "INSERT INTO payroll_rows (kind, key, value, until) VALUES ($1, $2, $3, $4)
            ON CONFLICT (kind, key) DO UPDATE SET value = excluded.value, until = excluded.until";
        self.ask(PUT, &[&kind, &key, &value, &until]).await.map(drop)
    }

    pub(super) async fn add(&self, kind: &'static str, key: &str, value: String) -> Answer<bool> {
        const ADD: &str = "INSERT INTO payroll_rows (kind, key, value) VALUES ($1, $2, $3)
            ON CONFLICT (kind, key) DO NOTHING RETURNING key";
        self.ask(ADD, &[&kind, &key, &value]).await.map(|rows| !rows.is_empty())
    }

    pub(super) async fn add_for(
        &self,
        kind: &'static str,
        key: &str,
        value: String,
        (now, until): (i64, i64),
    ) -> Answer<bool> {
        const ADD: &str = "INSERT INTO payroll_rows (kind, key, value, until) VALUES ($1, $2, $3, $4)
            ON CONFLICT (kind, key) DO UPDATE SET value = excluded.value, until = excluded.until
            WHERE payroll_rows.until <= $5 RETURNING key";
        self.ask(ADD, &[&kind, &key, &value, &until, &now]).await.map(|rows| !rows.is_empty())
    }

    pub(super) async fn replace(
        &self,
        kind: &'static str,
        key: &str,
        value: String,
        until: i64,
    ) -> Answer<bool> {
        const REPLACE: &str =
            "UPDATE payroll_rows SET value = $3, until = $4 WHERE kind = $1 AND key = $2 RETURNING key";
        self.ask(REPLACE, &[&kind, &key, &value, &until]).await.map(|rows| !rows.is_empty())
    }

    pub(super) async fn all(
        &self,
        kind: &'static str,
        prefix: &str,
        now: i64,
    ) -> Answer<Vec<(String, String)>> {
        const ALL: &str = "SELECT key, value FROM payroll_rows
            WHERE kind = $1 AND starts_with(key, $2) AND (until IS NULL OR until > $3) ORDER BY key";
        let rows = self.ask(ALL, &[&kind, &prefix, &now]).await?;
        rows.iter()
            .map(|row| Ok((row.try_get(0).map_err(failed)?, row.try_get(1).map_err(failed)?)))
            .collect()
    }

    pub(super) async fn sweep(&self, now: i64) -> Answer<()> {
        self.ask("DELETE FROM payroll_rows WHERE until <= $1", &[&now]).await.map(drop)
    }
}

fn failed(error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> RowsFailed {
    RowsFailed(error.into())
}
