//! Which engine an address names.

use std::fmt;

use super::error::AnyError;

/// An engine, by its name and the feature that brings it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum EngineName {
    /// SQLite: one file on one host.
    Sqlite,
    /// PostgreSQL.
    Postgres,
    /// MariaDB and MySQL.
    MariaDb,
    /// Redis and Valkey.
    Redis,
    /// NATS JetStream.
    Nats,
    /// etcd.
    Etcd,
}

impl EngineName {
    /// The engine of an address, by what stands before its first colon.
    pub(super) fn of(address: &str) -> Result<Self, AnyError> {
        let (scheme, _) = address.split_once(':').ok_or(AnyError::UnknownAddress)?;
        Ok(match scheme {
            "sqlite" => Self::Sqlite,
            "postgres" | "postgresql" => Self::Postgres,
            "mariadb" | "mysql" => Self::MariaDb,
            "redis" | "rediss" | "valkey" | "valkeys" => Self::Redis,
            "nats" | "tls" => Self::Nats,
            "etcd" => Self::Etcd,
            _ => return Err(AnyError::UnknownAddress),
        })
    }

    /// The feature of this crate that brings it.
    #[must_use]
    pub const fn feature(self) -> &'static str {
        match self {
            Self::Sqlite => "sqlite",
            Self::Postgres => "postgres",
            Self::MariaDb => "mariadb",
            Self::Redis => "redis",
            Self::Nats => "nats",
            Self::Etcd => "etcd",
        }
    }

    /// Whether it keeps the audit trail beside the records, written in the same transaction.
    #[must_use]
    pub const fn keeps_trail(self) -> bool {
        matches!(self, Self::Sqlite | Self::Postgres | Self::MariaDb)
    }
}

impl fmt::Display for EngineName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.feature())
    }
}

/// The path in an address of SQLite: `sqlite:relative`, `sqlite:/absolute` and `sqlite:///absolute` alike.
#[cfg(feature = "sqlite")]
pub(super) fn sqlite_path(address: &str) -> &str {
    let path = address.strip_prefix("sqlite:").unwrap_or(address);
    path.strip_prefix("//").unwrap_or(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_names_its_engine() {
        for (address, engine) in [
            ("sqlite:file", EngineName::Sqlite),
            ("postgresql://host/database", EngineName::Postgres),
            ("mysql://host/database", EngineName::MariaDb),
            ("valkey://host", EngineName::Redis),
            ("nats://host", EngineName::Nats),
            ("etcd://host:2379", EngineName::Etcd),
        ] {
            assert_eq!(EngineName::of(address).ok(), Some(engine));
        }
        for unknown in ["", "host", "http://host", ":", "SQLITE:file"] {
            assert!(matches!(EngineName::of(unknown), Err(AnyError::UnknownAddress)), "{unknown}");
        }
    }

    #[cfg(feature = "sqlite")]
    #[test]
    fn a_path_is_relative_or_not() {
        assert_eq!(sqlite_path("sqlite:sign-in.sqlite"), "sign-in.sqlite");
        assert_eq!(sqlite_path("sqlite:/var/sign-in"), "/var/sign-in");
        assert_eq!(sqlite_path("sqlite:///var/sign-in"), "/var/sign-in");
    }
}
