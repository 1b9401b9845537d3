//! What an address says: the engine, and for several deployments in one place what tells them apart.

use std::fmt;
use std::str::FromStr;

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
    fn of(address: &str) -> Result<Self, AnyError> {
        let (scheme, _) = address.split_once(':').ok_or(AnyError::UnknownAddress)?;
        Ok(match scheme {
            "sqlite" => Self::Sqlite,
            "postgres" | "postgresql" => Self::Postgres,
            "mariadb" | "mysql" => Self::MariaDb,
            "redis" | "rediss" | "valkey" | "valkeys" => Self::Redis,
            "nats" | "tls" => Self::Nats,
            "etcd" | "etcds" => Self::Etcd,
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

    /// Whether its driver knows a parameter by this name that is about how it is reached. How many connections there are,
    /// and how long they are waited for, is this crate's to say.
    fn passes(self, parameter: &str) -> bool {
        let known: &[&str] = match self {
            Self::Postgres => &[
                "application_name",
                "channel_binding",
                "connect_timeout",
                "host",
                "hostaddr",
                "keepalives",
                "keepalives_idle",
                "keepalives_interval",
                "keepalives_retries",
                "load_balance_hosts",
                "options",
                "port",
                "sslmode",
                "sslnegotiation",
                "target_session_attrs",
                "tcp_user_timeout",
            ],
            Self::MariaDb => {
                &["built_in_roots", "compression", "require_ssl", "socket", "verify_ca", "verify_identity"]
            }
            Self::Redis => &["protocol"],
            Self::Sqlite | Self::Nats | Self::Etcd => &[],
        };
        known.contains(&parameter)
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

/// An address in its parts.
pub(super) struct Address<'a> {
    pub(super) engine: EngineName,
    /// What is left for the engine: without what is said of deployments and risks.
    pub(super) of_engine: String,
    pub(super) prefix: Option<&'a str>,
    accepted: Vec<&'a str>,
}

impl<'a> Address<'a> {
    pub(super) fn parse(address: &'a str) -> Result<Self, AnyError> {
        let engine = EngineName::of(address)?;
        // A password that was not encoded may hold a question mark.
        let credentials = address.rfind('@').map_or(0, |at| at.saturating_add(1));
        let (before, rest) = address.split_at(credentials);
        let (place, parameters) = rest.split_once('?').unwrap_or((rest, ""));
        let (mut prefix, mut accepted, mut passed) = (None, Vec::new(), Vec::new());
        for parameter in parameters.split('&').filter(|parameter| !parameter.is_empty()) {
            let (name, value) = parameter.split_once('=').unwrap_or((parameter, ""));
            let refused = |wrong| Err(AnyError::Parameter { engine, name: name.to_owned(), wrong });
            match name {
                "prefix" | "accept" if engine == EngineName::Sqlite => {
                    return refused("a file is one deployment, and its settings are the store's own");
                }
                "prefix" if prefix.is_some() => return refused("it is there twice"),
                "prefix" => prefix = Some(value),
                "accept" => accepted.extend(value.split(',')),
                name if engine.passes(name) => passed.push(parameter),
                _ => return refused("there is none of this name"),
            }
        }
        let passed = if passed.is_empty() { String::new() } else { format!("?{}", passed.join("&")) };
        Ok(Self { engine, of_engine: format!("{before}{place}{passed}"), prefix, accepted })
    }

    /// The risks that it accepts, of this engine's.
    pub(super) fn risks<R: FromStr>(&self) -> Result<Vec<R>, AnyError> {
        let refused = |name: &str| AnyError::Risk { engine: self.engine, name: name.to_owned() };
        self.accepted.iter().map(|name| name.parse().map_err(|_| refused(name))).collect()
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

    fn refused(address: &str) -> String {
        Address::parse(address).err().map(|error| error.to_string()).unwrap_or_default()
    }

    #[test]
    fn what_is_said_of_deployments_is_taken_out_and_the_rest_is_the_engines() -> Result<(), AnyError> {
        for (address, of_engine, prefix) in [
            ("redis://host/3?prefix=blue", "redis://host/3", Some("blue")),
            (
                "postgres://a:b?c@h/d?sslmode=require&prefix=blue",
                "postgres://a:b?c@h/d?sslmode=require",
                Some("blue"),
            ),
            ("mysql://h/d?accept=TornPages&socket=/run/s", "mysql://h/d?socket=/run/s", None),
            ("nats://a:p?prefix=b@h", "nats://a:p?prefix=b@h", None),
            ("etcd://h?", "etcd://h", None),
        ] {
            let parsed = Address::parse(address)?;
            assert_eq!((parsed.of_engine.as_str(), parsed.prefix), (of_engine, prefix), "{address}");
        }
        let parsed = Address::parse("redis://h?accept=LosesASecond,Evicts&accept=Cluster")?;
        assert_eq!(parsed.accepted, ["LosesASecond", "Evicts", "Cluster"]);
        Ok(())
    }

    #[test]
    fn what_is_unknown_is_refused_by_its_name_and_without_its_value() {
        for (address, said) in [
            ("redis://h?prefx=b", "the parameter `prefx` of an address of redis: there is none of this name"),
            (
                "etcd://h?sslmode=secret",
                "the parameter `sslmode` of an address of etcd: there is none of this name",
            ),
            ("nats://h?prefix=a&prefix=b", "the parameter `prefix` of an address of nats: it is there twice"),
            (
                "sqlite:file?prefix=a",
                "the parameter `prefix` of an address of sqlite: a file is one deployment, and its settings are the store's own",
            ),
            (
                "postgres://h/d?password=secret",
                "the parameter `password` of an address of postgres: there is none of this name",
            ),
        ] {
            assert_eq!(refused(address), said);
        }
    }

    #[cfg(feature = "redis")]
    #[test]
    fn a_risk_is_one_of_the_engines() -> Result<(), AnyError> {
        use crate::redis::Risk;
        let risks = |address| Address::parse(address)?.risks::<Risk>();
        assert_eq!(risks("redis://h?accept=LosesASecond,Evicts")?, [Risk::LosesASecond, Risk::Evicts]);
        let said = risks("redis://h?accept=TornPages").err().map(|error| error.to_string());
        assert_eq!(said.as_deref(), Some("redis has no risk `TornPages`"));
        Ok(())
    }

    #[cfg(feature = "sqlite")]
    #[test]
    fn a_path_is_relative_or_not() {
        assert_eq!(sqlite_path("sqlite:sign-in.sqlite"), "sign-in.sqlite");
        assert_eq!(sqlite_path("sqlite:/var/sign-in"), "/var/sign-in");
        assert_eq!(sqlite_path("sqlite:///var/sign-in"), "/var/sign-in");
    }
}
