//! The text of requests. Every value in it is a number or a hexadecimal literal, so there is nothing to escape, and
//! neither `sql_mode` nor a character set changes what it says.
//!
//! Why text and no prepared statements: a record and its events go in one transaction, and a prepared statement is one
//! statement. Several in one text are one turn of waiting, on MariaDB and on MySQL.

use std::fmt;

use pinlatch::host::Key;

use super::error::MariaDbError;

/// The longest prefix: the longest table name is then far from the 64 characters that are allowed.
const MAX_PREFIX_BYTES: usize = 32;

/// Bytes as a literal: `x'00ff'`.
#[derive(Clone, Copy)]
pub(super) struct Hex<'a>(pub(super) &'a [u8]);

impl fmt::Display for Hex<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("x'")?;
        for byte in self.0 {
            write!(f, "{byte:02x}")?;
        }
        f.write_str("'")
    }
}

/// A key as a literal.
pub(super) fn key(key: &Key) -> impl fmt::Display + use<> {
    struct Quoted(Key);
    impl fmt::Display for Quoted {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            Hex(self.0.as_str().as_bytes()).fmt(f)
        }
    }
    Quoted(*key)
}

/// The names of the tables of one deployment.
#[derive(Clone, Debug)]
pub(super) struct Tables {
    prefix: String,
    pub(super) schema: String,
    pub(super) records: String,
    pub(super) events: String,
    pub(super) changes: String,
    pub(super) refusals: String,
}

impl Tables {
    /// Lowercase letters, digits and `_`, beginning with a letter: the same name whether the server folds case or not,
    /// and nothing to quote.
    pub(super) fn of(prefix: &str) -> Result<Self, MariaDbError> {
        let begins = prefix.starts_with(|first: char| first.is_ascii_lowercase());
        let goes_on = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
        if !begins || prefix.len() > MAX_PREFIX_BYTES || !prefix.bytes().all(goes_on) {
            return Err(MariaDbError::Prefix { longest: MAX_PREFIX_BYTES });
        }
        let name = |table: &str| format!("{prefix}_{table}");
        Ok(Self {
            prefix: prefix.to_owned(),
            schema: name("schema"),
            records: name("records"),
            events: name("events"),
            changes: name("changes"),
            refusals: name("refusals"),
        })
    }

    pub(super) fn prefix(&self) -> &str {
        &self.prefix
    }

    /// A statement with this prefix, for `{prefix}`.
    pub(super) fn fill(&self, statement: &str) -> String {
        statement.replace("{prefix}", &self.prefix)
    }

    pub(super) fn all(&self) -> [&str; 5] {
        [&self.schema, &self.records, &self.events, &self.changes, &self.refusals]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_hexadecimal_and_nothing_else() {
        assert_eq!(Hex(b"\0'\\\xff").to_string(), "x'00275cff'");
        assert_eq!(Hex(b"").to_string(), "x''");
    }

    #[test]
    fn a_prefix_needs_no_quotes() {
        assert!(Tables::of("pinlatch").is_ok_and(|tables| tables.records == "pinlatch_records"));
        assert!(Tables::of("p2_b").is_ok() && Tables::of(&"p".repeat(MAX_PREFIX_BYTES)).is_ok());
        let longer = "p".repeat(MAX_PREFIX_BYTES + 1);
        for refused in ["", "2p", "_p", "P", "p q", "p;q", "p`", "p.q", "ö", longer.as_str()] {
            assert!(Tables::of(refused).is_err(), "{refused}");
        }
    }
}
