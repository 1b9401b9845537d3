//! What the server's settings must be, and what each connection sets for itself.
//!
//! They are read on every new connection, not only at opening: a server that came back with another configuration, or
//! another one after a fail-over, is refused before it is asked for anything.

use std::collections::BTreeMap;
use std::time::Duration;

use super::error::MariaDbError;
use crate::patience::fifths;

crate::risk::risks! {
    /// A promise that a host gives up, by name.
    pub enum Risk {
        /// A crash takes the last second of writes back: the budget of PIN guesses that were spent in it, and the sessions
        /// that were locked or revoked. After a kill of a server with `innodb_flush_log_at_trx_commit=0` ten guesses were
        /// compared where five are allowed, and a session that was locked was accepted again.
        LosesTheLastWrites,
        /// A power failure can leave a page half-written, and with it records that are lost: their people have to be
        /// invited again. Safe where the disk writes whole pages.
        TornPages,
        /// A power failure takes writes back that the binary log had not on the disk: InnoDB rolls them back to agree with
        /// it. What comes of it is the same as of `LosesTheLastWrites`.
        BinaryLogBehind,
    }
}

/// A setting that breaks a promise.
pub type UnsafeSetting = crate::UnsafeSetting<Risk>;

/// The longest request that this store sends. A record has at most 192 KiB, and in a text each byte is two digits; the
/// rest is for the events of a write. The servers' own defaults are 16 MiB and 64 MiB.
pub(super) const MAX_REQUEST_BYTES: usize = 1 << 20;

/// The oldest series that this store is meant for: the oldest that were maintained in 2026. Which were tested: `docs/which-store.md`.
const OLDEST_MARIADB: (u32, u32) = (10, 6);
const OLDEST_MYSQL: (u32, u32) = (8, 0);

/// The server's time-outs are whole seconds, of which the lock's is two fifths of the patience.
pub(super) const LEAST_PATIENCE: Duration = Duration::from_secs(2);

/// No operation is waited for longer, whatever the host says: the server's time-outs have an end.
pub(super) const LONGEST_PATIENCE: Duration = Duration::from_secs(3_600);

/// Every variable that is looked at, and what MySQL says of its redo log elsewhere. One that a server does not know is not in
/// the answer, and no error. Before that, no answer is to be cut short: the server's own limit is one for `SHOW` too.
pub(super) const READ: &str = "SET SESSION sql_select_limit = 18446744073709551615; \
     SHOW GLOBAL VARIABLES WHERE Variable_name IN ('version', \
     'innodb_flush_log_at_trx_commit', 'innodb_flush_method', 'debug_no_sync', 'innodb_doublewrite', 'log_bin', \
     'sync_binlog', 'read_only', 'super_read_only', 'innodb_read_only', 'max_allowed_packet', 'wsrep_sync_wait', \
     'max_statement_time'); \
     SHOW GLOBAL STATUS LIKE 'Innodb_redo_log_enabled'";

/// The variables of a server by their names.
pub(super) struct Settings(BTreeMap<String, String>);

impl Settings {
    pub(super) fn of(rows: Vec<(String, String)>) -> Self {
        Self(rows.into_iter().map(|(name, value)| (name.to_lowercase(), value)).collect())
    }

    fn value(&self, setting: &str) -> &str {
        self.0.get(setting).map_or("", String::as_str)
    }

    fn is_on(&self, setting: &str) -> bool {
        matches!(self.value(setting), "ON" | "1")
    }

    /// Refuses what breaks a promise, unless the host has accepted that.
    pub(super) fn judge(&self, accepted: &[Risk]) -> Result<(), MariaDbError> {
        self.is_known()?;
        self.takes_writes()?;
        let accepts = |refused: &MariaDbError| match refused {
            MariaDbError::Unsafe(found) => found.risk.is_some_and(|risk| accepted.contains(&risk)),
            _ => false,
        };
        let found = [self.flushes(), self.syncs(), self.writes_whole_pages(), self.binary_log_keeps_up()];
        found.into_iter().find(|found| found.as_ref().is_err_and(|found| !accepts(found))).unwrap_or(Ok(()))
    }

    fn is_known(&self) -> Result<(), MariaDbError> {
        let version = self.value("version");
        let mut numbers = version.split(|other: char| !other.is_ascii_digit()).map(str::parse);
        let series = match (numbers.next(), numbers.next()) {
            (Some(Ok(major)), Some(Ok(minor))) => (major, minor),
            _ => (0, 0),
        };
        let oldest = if version.contains("MariaDB") { OLDEST_MARIADB } else { OLDEST_MYSQL };
        if series < oldest {
            return Err(self.unusable("version", "use MariaDB from 10.6 or MySQL from 8.0"));
        }
        Ok(())
    }

    fn takes_writes(&self) -> Result<(), MariaDbError> {
        for setting in ["read_only", "super_read_only", "innodb_read_only"] {
            if !is_off(self.value(setting)) {
                return Err(self.unusable(setting, "connect to the primary, which takes writes"));
            }
        }
        if self.value("innodb_flush_log_at_trx_commit").is_empty() {
            return Err(self.unusable("innodb_flush_log_at_trx_commit", "use a server with InnoDB"));
        }
        let packet = self.value("max_allowed_packet").parse::<usize>().unwrap_or(0);
        if packet < MAX_REQUEST_BYTES {
            return Err(self.unusable("max_allowed_packet", "raise it to 1 MiB or more"));
        }
        Ok(())
    }

    fn flushes(&self) -> Result<(), MariaDbError> {
        // 3 is MariaDB's, with one flush more than 1.
        if matches!(self.value("innodb_flush_log_at_trx_commit"), "1" | "3") {
            return Ok(());
        }
        Err(self.dangerous(
            "innodb_flush_log_at_trx_commit",
            "a crash takes spent guesses and ended sessions back",
            "set it to 1",
            Risk::LosesTheLastWrites,
        ))
    }

    /// Two settings for tests of the server itself, with which nothing is ever flushed, and one of MySQL's for imports.
    fn syncs(&self) -> Result<(), MariaDbError> {
        let breaks = "nothing is flushed to the disk, so a power failure takes writes back";
        if self.value("innodb_flush_method").eq_ignore_ascii_case("nosync") {
            let remedy = "leave it at its default";
            return Err(self.dangerous("innodb_flush_method", breaks, remedy, Risk::LosesTheLastWrites));
        }
        if self.is_on("debug_no_sync") {
            return Err(self.dangerous("debug_no_sync", breaks, "switch it off", Risk::LosesTheLastWrites));
        }
        if self.value("innodb_redo_log_enabled") == "OFF" {
            let breaks = "a server that is killed does not start again, and what it held is lost";
            let remedy = "run `ALTER INSTANCE ENABLE INNODB REDO_LOG`";
            return Err(self.dangerous("innodb_redo_log_enabled", breaks, remedy, Risk::LosesTheLastWrites));
        }
        Ok(())
    }

    fn writes_whole_pages(&self) -> Result<(), MariaDbError> {
        if !matches!(self.value("innodb_doublewrite"), "OFF" | "0" | "DETECT_ONLY") {
            return Ok(());
        }
        let breaks = "a power failure in the middle of a page loses records";
        Err(self.dangerous("innodb_doublewrite", breaks, "switch it on", Risk::TornPages))
    }

    /// With a binary log, recovery rolls back what is not in it. InnoDB then flushes at the commit only with 3.
    fn binary_log_keeps_up(&self) -> Result<(), MariaDbError> {
        let is_flushed =
            self.value("sync_binlog") == "1" || self.value("innodb_flush_log_at_trx_commit") == "3";
        if !self.is_on("log_bin") || is_flushed {
            return Ok(());
        }
        let breaks = "with a binary log, a power failure takes back what that had not on the disk";
        Err(self.dangerous("sync_binlog", breaks, "set it to 1", Risk::BinaryLogBehind))
    }

    /// What a connection sets for itself, in one request. Nothing here is left to the server's configuration, which may
    /// change, or to `init_connect`.
    pub(super) fn session(&self, patience: Duration) -> String {
        let (lock, statement) = (lock_seconds(patience), fifths(patience, 3).as_secs_f64());
        let mut set = format!(
            "SET NAMES utf8mb4; \
             SET SESSION autocommit = 1, completion_type = 0, unique_checks = 1, sql_safe_updates = 0, \
             sql_mode = 'STRICT_ALL_TABLES,NO_ENGINE_SUBSTITUTION', \
             innodb_lock_wait_timeout = {lock}, lock_wait_timeout = {lock}"
        );
        if self.0.contains_key("max_statement_time") {
            set = format!("{set}, max_statement_time = {statement:.3}");
        }
        if self.0.contains_key("wsrep_sync_wait") {
            // In a Galera cluster a read waits until its node has what the others have committed.
            set += ", wsrep_sync_wait = 1";
        }
        // No locks on gaps, and each statement sees what was committed before it.
        set + "; SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED, READ WRITE"
    }

    fn unusable(&self, setting: &'static str, remedy: &'static str) -> MariaDbError {
        MariaDbError::Unusable { setting, value: self.value(setting).to_owned(), remedy }
    }

    fn dangerous(
        &self,
        setting: &'static str,
        breaks: &'static str,
        remedy: &'static str,
        risk: Risk,
    ) -> MariaDbError {
        UnsafeSetting { setting, value: self.value(setting).to_owned(), breaks, remedy, risk: Some(risk) }
            .into()
    }
}

/// How long the server waits for a lock.
fn lock_seconds(patience: Duration) -> u64 {
    fifths(patience, 2).as_secs().max(1)
}

/// Whether a variable that keeps writes out says that it does not. One that there is not keeps none out; MariaDB 12 has
/// words for how much: `NO_LOCK`, `NO_LOCK_NO_ADMIN`.
pub(super) fn is_off(value: &str) -> bool {
    matches!(value, "" | "OFF" | "0")
}

#[cfg(test)]
mod tests {
    use super::*;

    const SAFE: &[(&str, &str)] = &[
        ("version", "10.11.19-MariaDB-0+deb12u1"),
        ("innodb_flush_log_at_trx_commit", "1"),
        ("innodb_flush_method", "O_DIRECT"),
        ("innodb_doublewrite", "ON"),
        ("log_bin", "OFF"),
        ("sync_binlog", "0"),
        ("read_only", "OFF"),
        ("max_allowed_packet", "1048576"),
        ("wsrep_sync_wait", "0"),
        ("max_statement_time", "0.000000"),
    ];

    fn with(changed: &[(&str, &str)]) -> Settings {
        let all = SAFE.iter().chain(changed);
        Settings::of(all.map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect())
    }

    /// What is refused, and by which setting's name.
    fn refused(changed: &[(&str, &str)], accepted: &[Risk]) -> Option<(&'static str, Option<Risk>)> {
        match with(changed).judge(accepted) {
            Ok(()) => None,
            Err(MariaDbError::Unsafe(found)) => Some((found.setting, found.risk)),
            Err(MariaDbError::Unusable { setting, .. }) => Some((setting, None)),
            Err(other) => Some((Box::leak(other.to_string().into_boxed_str()), None)),
        }
    }

    #[test]
    fn what_breaks_a_promise_is_refused_unless_it_is_accepted() {
        let flush = "innodb_flush_log_at_trx_commit";
        for (changed, setting, risk) in [
            (&[(flush, "0")][..], flush, Risk::LosesTheLastWrites),
            (&[(flush, "2")], flush, Risk::LosesTheLastWrites),
            (&[("innodb_flush_method", "nosync")], "innodb_flush_method", Risk::LosesTheLastWrites),
            (&[("debug_no_sync", "ON")], "debug_no_sync", Risk::LosesTheLastWrites),
            (&[("Innodb_redo_log_enabled", "OFF")], "innodb_redo_log_enabled", Risk::LosesTheLastWrites),
            (&[("innodb_doublewrite", "OFF")], "innodb_doublewrite", Risk::TornPages),
            (&[("innodb_doublewrite", "DETECT_ONLY")], "innodb_doublewrite", Risk::TornPages),
            (&[("log_bin", "ON")], "sync_binlog", Risk::BinaryLogBehind),
            (&[("log_bin", "ON"), ("sync_binlog", "100")], "sync_binlog", Risk::BinaryLogBehind),
        ] {
            assert_eq!(refused(changed, &[]), Some((setting, Some(risk))), "{changed:?}");
            assert_eq!(refused(changed, &[risk]), None, "{changed:?}");
        }
        let two = [(flush, "0"), ("innodb_doublewrite", "OFF")];
        let left = Some(("innodb_doublewrite", Some(Risk::TornPages)));
        assert_eq!(refused(&two, &[Risk::LosesTheLastWrites]), left, "one risk is not another");
    }

    #[test]
    fn what_the_store_cannot_work_with_is_refused_whatever_is_accepted() {
        let all = [Risk::LosesTheLastWrites, Risk::TornPages, Risk::BinaryLogBehind];
        for (setting, value) in [
            ("read_only", "ON"),
            ("read_only", "NO_LOCK"),
            ("super_read_only", "ON"),
            ("innodb_read_only", "ON"),
            ("max_allowed_packet", "1048575"),
            ("innodb_flush_log_at_trx_commit", ""),
            ("version", "10.5.28-MariaDB"),
            ("version", "5.7.44-log"),
            ("version", "who knows"),
        ] {
            assert_eq!(refused(&[(setting, value)], &all), Some((setting, None)), "{value}");
        }
    }

    #[test]
    fn what_is_safe_is_taken() {
        for changed in [
            &[][..],
            &[("innodb_flush_log_at_trx_commit", "3"), ("log_bin", "ON")],
            &[("log_bin", "ON"), ("sync_binlog", "1")],
            &[("innodb_doublewrite", "DETECT_AND_RECOVER")],
            &[("version", "8.0.36"), ("super_read_only", "OFF"), ("log_bin", "1"), ("sync_binlog", "1")],
            &[("version", "11.8.2-MariaDB-log")],
            &[("version", "9.1.0"), ("Innodb_redo_log_enabled", "ON")],
        ] {
            assert_eq!(refused(changed, &[]), None, "{changed:?}");
        }
    }

    #[test]
    fn the_server_gives_up_before_the_client() {
        for (seconds, lock) in [(2, 1), (5, 2), (10, 4), (60, 24)] {
            assert_eq!(lock_seconds(Duration::from_secs(seconds)), lock, "{seconds} s");
        }
        let session = with(&[]).session(Duration::from_secs(5));
        assert!(session.contains("innodb_lock_wait_timeout = 2, lock_wait_timeout = 2"), "{session}");
        assert!(session.contains("max_statement_time = 3.000, wsrep_sync_wait = 1"), "{session}");
        // MySQL has neither.
        let other = Settings::of(Vec::new()).session(Duration::from_secs(5));
        assert!(!other.contains("max_statement_time") && !other.contains("wsrep"), "{other}");
    }
}
