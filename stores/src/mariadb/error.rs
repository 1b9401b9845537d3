//! What can go wrong with a server.

use std::error::Error;
use std::time::Duration;

use super::Untrustworthy;
use super::classify::READ_ONLY;
use super::settings::UnsafeSetting;

/// What the driver or the server said. Its type is none of this crate's promises.
pub(super) type Cause = Box<dyn Error + Send + Sync>;

/// Why a server could not be used, read or written. From
/// [`compare_and_swap`](pinlatch::host::Store::compare_and_swap) every one of them means that nothing was written.
/// None of them holds the URL or a part of it.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum MariaDbError {
    /// The URL cannot be used. What it says is not repeated here: it may hold a password. Characters of a password
    /// that mean something in a URL are written as `%` and two digits.
    #[error("the URL cannot be used: {reason}")]
    Url {
        /// What is wrong with it.
        reason: &'static str,
    },
    /// The prefix is no name for tables: lowercase letters, digits and `_`, beginning with a letter.
    #[error("a prefix is at most {longest} lowercase letters, digits and `_`, and begins with a letter")]
    Prefix {
        /// How long it may be, in bytes.
        longest: usize,
    },
    /// The server's time-outs are whole seconds, so there is a least patience.
    #[error("the patience is below {} s: the server's time-outs are whole seconds", least.as_secs())]
    Patience {
        /// The least that works.
        least: Duration,
    },
    /// No connection could be made. Look at the address, the user and the server.
    #[error("no connection to the server: look at its address, the user and whether it runs")]
    CannotConnect(#[source] Cause),
    /// No connection was to be had in time: all were in use, or a new one took too long. If it persists, look for
    /// what holds rows or the server up, or give the store more [connections](super::MariaDbOptions::connections).
    #[error("no connection was free within {} ms", waited.as_millis())]
    NoConnection {
        /// How long it was waited for.
        waited: Duration,
    },
    /// The server did not answer a question in time, or the connection broke. Try again. A removal may have been
    /// done or not.
    #[error("the server did not answer")]
    NoAnswer(#[source] Option<Cause>),
    /// A setting breaks a promise of this store.
    #[error(transparent)]
    Unsafe(#[from] UnsafeSetting),
    /// The store cannot work with a setting.
    #[error("`{setting}` is `{value}`: {remedy}")]
    Unusable {
        /// The server's variable.
        setting: &'static str,
        /// Its value.
        value: String,
        /// What to do.
        remedy: &'static str,
    },
    /// A table has another storage engine: writes are neither atomic nor durable there. `ALTER TABLE … ENGINE=InnoDB`.
    #[error("the table {table} has the engine {engine}: change it to InnoDB")]
    NotInnoDb {
        /// Which table.
        table: String,
        /// Its engine.
        engine: String,
    },
    /// A table has a trigger, which may change what is written, or write elsewhere. `DROP TRIGGER`.
    #[error("the table {table} has the trigger {trigger}: drop it")]
    Trigger {
        /// Which table.
        table: String,
        /// The trigger's name.
        trigger: String,
    },
    /// A unique index is gone, without which records or entries may be there twice. Put it back:
    /// `ALTER TABLE … ADD UNIQUE`, of this column alone and the whole of it.
    #[error("the table {table} has no unique index on {column}: put it back")]
    NotUnique {
        /// Which table.
        table: String,
        /// The column that has to be unique.
        column: String,
    },
    /// A table by this name is there and is not one of this crate's, which have the comment `pinlatch`. It was left as it is:
    /// choose another [prefix](super::MariaDbOptions::prefix); or set the comment again, if it was taken off a table of this
    /// crate's.
    #[error(
        "the table {table} is another program's: choose another prefix, or if it is this one's set its comment to 'pinlatch' again"
    )]
    AnotherProgram {
        /// Which table.
        table: String,
    },
    /// A table is missing; made anew, it would be empty. Export the trail, then restore from a backup: the page
    /// `docs/which-store.md` of the repository has the commands.
    #[error("the table {table} is missing: export the trail, then restore from a backup")]
    Missing {
        /// Which table.
        table: String,
    },
    /// A column of a table is missing. Export the trail, then restore from a backup, as for a table.
    #[error("the table {table} has no column {column}: export the trail, then restore from a backup")]
    MissingColumn {
        /// Which table.
        table: String,
        /// Which column.
        column: &'static str,
    },
    /// The user has not the rights that the store needs: `SELECT`, `INSERT`, `UPDATE` and `DELETE` on its tables as a whole,
    /// and for the first opening and upgrades `CREATE`, `ALTER` and `INDEX` on the database.
    #[error(
        "the user has not the rights that are needed: grant SELECT, INSERT, UPDATE and DELETE on the tables as a whole, and for \
         making or upgrading them CREATE, ALTER and INDEX on the database"
    )]
    Denied(#[source] Cause),
    /// The tables were made by a newer version of this crate. They were left as they are: update this host.
    #[error("the tables have schema {found}, newer than {known}, the last one known here: update this host")]
    NewerSchema {
        /// The schema of the tables.
        found: u64,
        /// The newest schema that this version knows.
        known: u64,
    },
    /// Another process has been making the tables for longer than the patience. Look for one that hangs.
    #[error("another process is making the tables, and has not come to an end")]
    Busy,
    /// The server, or a proxy before it, does what no store may do. Nothing here can be trusted.
    #[error("the server cannot be trusted with records")]
    Untrustworthy(#[source] Untrustworthy),
    /// Somebody else holds the row, or the table. Try again; if it persists, look for a transaction that is left open.
    #[error("somebody else holds the row: look for a transaction that is left open")]
    Held(#[source] Cause),
    /// The server takes no writes: a replica, or one that was switched to read-only. Connect to the primary.
    #[error("the server takes no writes: connect to the primary")]
    ReadOnly(#[source] Cause),
    /// The server refused for another reason: room, a table that was changed.
    #[error("the server refused")]
    Refused(#[source] Cause),
    /// Record and events together are more than 1 MiB as text, which every server takes. Hand over fewer events at once.
    #[error("a request of {bytes} bytes: hand over fewer events at once")]
    TooLarge {
        /// How long the request was.
        bytes: usize,
    },
    /// What was read is not what this crate writes. Update this host if it is a newer version's; an entry that was changed by
    /// hand keeps the rest of its person's from being read, so put its JSON back as a backup has it.
    #[error("an entry cannot be read")]
    Unreadable(#[source] Cause),
    /// The system's random source failed, from which versions are drawn.
    #[error("the random source failed")]
    Randomness(#[source] Cause),
}

impl MariaDbError {
    /// For what the server answered to a question, or to a write that it surely did not do.
    pub(super) fn answered(error: mysql_async::ServerError) -> Self {
        let wrap = match error.code {
            1205 => Self::Held,
            code if READ_ONLY.contains(&code) => Self::ReadOnly,
            code if DENIED.contains(&code) => Self::Denied,
            _ => Self::Refused,
        };
        wrap(Box::new(Said::from(error)))
    }

    pub(super) fn unreadable_row(_: mysql_async::FromRowError) -> Self {
        // The driver's error holds the row, and that a verifier of a PIN.
        Self::Unreadable("a column has another type than this crate made".into())
    }

    pub(super) fn unreadable(error: impl Into<Cause>) -> Self {
        Self::Unreadable(error.into())
    }
}

/// No right on the database, on a table, on a column.
const DENIED: [u16; 3] = [1044, 1142, 1143];

/// Whose texts name users, tables, columns and settings, and nothing that was sent.
const TOLD: &[u16] = &[
    1021, 1037, 1038, 1040, 1041, 1044, 1045, 1046, 1047, 1049, 1054, 1099, 1114, 1118, 1136, 1142, 1143,
    1146, 1153, 1203, 1205, 1206, 1223, 1226, 1227, 1290, 1370, 1637, 1665, 1792, 1836, 1932, 1969, 3024,
];

/// What of a server's answer may go into a log. Of a text that it cannot read and of a value that does not fit it quotes
/// what it was sent, and that is a record, with a PIN's verifier.
#[derive(Debug, thiserror::Error)]
#[error("{code} ({state}){}{text}", if text.is_empty() { "" } else { ": " })]
struct Said {
    code: u16,
    state: String,
    text: String,
}

impl From<mysql_async::ServerError> for Said {
    fn from(error: mysql_async::ServerError) -> Self {
        let mysql_async::ServerError { code, message, state } = error;
        Self { code, state, text: if TOLD.contains(&code) { message } else { String::new() } }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn i13_what_the_server_quotes_of_a_request_is_not_told() {
        let said = |code, message: &str| {
            let state = "42000".to_owned();
            let refused =
                MariaDbError::answered(mysql_async::ServerError { code, message: message.to_owned(), state });
            format!("{refused:?} {refused} {}", refused.source().map(ToString::to_string).unwrap_or_default())
        };
        let quoted = said(1064, "You have an error in your SQL syntax near '0x70696E6C61746368'");
        assert!(quoted.contains("1064 (42000)") && !quoted.contains("70696E"), "{quoted}");
        let quoted = said(1366, "Incorrect string value: '\\x70\\x69' for column bytes");
        assert!(quoted.contains("1366 (42000)") && !quoted.contains("x70"), "{quoted}");
        let told = said(1146, "Table 'test.pinlatch_records' doesn't exist");
        assert!(told.contains("1146 (42000): Table 'test.pinlatch_records' doesn't exist"), "{told}");
    }
}
