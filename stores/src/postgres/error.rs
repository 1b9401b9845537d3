//! What can go wrong with a server.

use std::error::Error;
use std::time::Duration;

use tokio_postgres::error::SqlState;

use super::settings::UnsafeSetting;
use crate::Untrustworthy;

/// What the driver said. Its type is none of this crate's promises.
type Cause = Box<dyn Error + Send + Sync>;

/// Why a server could not be opened, read or written. From
/// [`compare_and_swap`](pinlatch::host::Store::compare_and_swap) every one of them means that nothing was
/// written. None holds the address, which may have a password in it, nor a server's details of an error,
/// which quote rows.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PostgresError {
    /// The address is none. Its text is not repeated, since it may hold a password; one with `@`, `/`, `?` or
    /// `#` in it has them as `%40`, `%2F`, `%3F` and `%23`.
    #[error("the address cannot be read: it has the form postgres://user:password@host:port/database")]
    Address,
    /// The name for the schema is none: 1 to 63 lowercase letters, digits and underscores, no digit first,
    /// and not beginning with `pg_`.
    #[error(
        "`{0}` cannot be a schema's name: 1 to 63 lowercase letters, digits and underscores, not `pg_` first"
    )]
    Name(String),
    /// The address says `sslmode=require`, and nothing was given to encrypt with.
    #[error(
        "the address says sslmode=require: build with the feature `tls`, or use `open_with` and a TLS connector"
    )]
    TlsRequired,
    /// No connection was made. Look at the address, the network, the server and the role's rights.
    #[error(
        "the server cannot be connected to: look at the address, the network, the server and the role's rights"
    )]
    CannotConnect(#[source] Cause),
    /// The server, or a table of ours, is set up so that a promise would not hold.
    #[error(transparent)]
    Unsafe(#[from] UnsafeSetting),
    /// The server, or what stands before it, does what no store may do. Do not use it.
    #[error("the server, or what stands before it, is not to be trusted with versions")]
    Untrustworthy(#[from] Untrustworthy),
    /// The schema of this name holds tables of another program. They were left as they are: choose another
    /// name.
    #[error("the schema `{0}` holds tables of another program: choose another name")]
    AnotherProgram(String),
    /// A table of ours, or a column of one, is missing; made anew, it would be empty. Export the trail, then restore from a
    /// backup: the page `docs/which-store.md` of the repository has the commands, and of a table of the trail, or of the one that
    /// says the version, a way that signs nobody out.
    #[error("a table, or a column of one, is missing: export the trail, then restore from a backup")]
    Missing(#[source] Cause),
    /// The role has not the rights that are needed: `CONNECT` on the database, `USAGE` on the schema, `SELECT`, `INSERT`,
    /// `UPDATE` and `DELETE` on its tables, not on columns of them; for the first opening `CREATE` on the database, or an empty
    /// schema that it owns, and for upgrades ownership of the tables.
    #[error(
        "the role has not the rights that are needed: grant connect on the database, usage on the schema, and select, insert, \
         update and delete on its tables, or, where there are none yet, an empty schema that it owns"
    )]
    Denied(#[source] Cause),
    /// The tables were made by a newer version of this crate. They were left as they are: update this host.
    #[error("the tables have schema {found}, newer than {known}, the last one known here: update this host")]
    NewerSchema {
        /// The schema of the tables.
        found: i32,
        /// The newest schema that this version knows.
        known: i32,
    },
    /// Another process is making or upgrading the tables. Open again in a moment.
    #[error("another process is making or upgrading the tables: open again in a moment")]
    Upgrading,
    /// All connections were in use, or no new one was had in time. Retry; if it persists, look at
    /// [`connections`](super::PostgresStore::connections), and for rows that somebody holds.
    #[error("no connection was to be had in {} ms", waited.as_millis())]
    NoConnection {
        /// How long was waited: a quarter of the patience.
        waited: Duration,
    },
    /// The server did not answer in time. Retry; if it persists, look at the server and the network.
    #[error("the server did not answer within {} ms", patience.as_millis())]
    TimedOut {
        /// The store's patience.
        patience: Duration,
    },
    /// The connection broke before the server had answered. Retry.
    #[error("the connection broke before the server had answered")]
    Disconnected(#[source] Cause),
    /// The server answered with an error: `55P03` and `57014` for a row that somebody holds, `25006` for a
    /// server that does not take writes, `53…` for one that is full.
    #[error("the server refused with SQLSTATE {code}")]
    Refused {
        /// The code, as `PostgreSQL`'s documentation lists them.
        code: String,
        /// What the server said: severity, code and message.
        #[source]
        said: Cause,
    },
    /// An entry cannot be read. Update this host if it is a newer version's; one that was changed by hand keeps the rest of its
    /// person's from being read, so put its JSON back as a backup has it.
    #[error("an entry in a table cannot be read")]
    UnreadableEntry(#[source] Cause),
    /// The operating system gave no random number for a version or for the trial write. Nothing was written.
    #[error("the random source failed, so that nothing was written")]
    Randomness(#[from] pinlatch::host::RandomnessError),
}

impl PostgresError {
    pub(super) fn unreadable(error: impl Into<Cause>) -> Self {
        Self::UnreadableEntry(error.into())
    }

    /// An error of the driver's on a connection that was there.
    pub(super) fn asked(error: tokio_postgres::Error) -> Self {
        match error.code() {
            Some(code) if is_missing(code) => Self::Missing(told(error)),
            Some(code) if *code == SqlState::INSUFFICIENT_PRIVILEGE => Self::Denied(told(error)),
            Some(code) => Self::Refused { code: code.code().to_owned(), said: told(error) },
            None => Self::Disconnected(told(error)),
        }
    }

    /// An error of the driver's while a connection was made and its statements were prepared.
    pub(super) fn connecting(error: tokio_postgres::Error) -> Self {
        match error.code() {
            Some(code) if is_missing(code) => Self::Missing(told(error)),
            Some(code) if *code == SqlState::INSUFFICIENT_PRIVILEGE => Self::Denied(told(error)),
            _ => Self::CannotConnect(told(error)),
        }
    }
}

fn is_missing(code: &SqlState) -> bool {
    [SqlState::UNDEFINED_TABLE, SqlState::UNDEFINED_COLUMN].contains(code)
}

/// What of a server's answer may go into a log. Its details, its hint and its context quote rows: `Failing
/// row contains (…)`, and the statement with what it was given.
#[derive(Debug, thiserror::Error)]
#[error("{severity} {code}: {message}")]
struct Said {
    severity: String,
    code: String,
    message: String,
}

fn told(error: tokio_postgres::Error) -> Cause {
    let Some(said) = error.as_db_error() else { return Box::new(error) };
    Box::new(Said {
        severity: said.severity().to_owned(),
        code: said.code().code().to_owned(),
        message: said.message().to_owned(),
    })
}
