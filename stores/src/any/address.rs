//! What an address says: the engine, and for several deployments in one place what tells them apart.

use std::fmt;
use std::num::NonZeroU32;

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

    /// The parameters that are this crate's own.
    const fn own(self) -> &'static [&'static str] {
        match self {
            Self::Sqlite => &[],
            Self::Redis => &["prefix", "accept", "acknowledged_by"],
            _ => &["prefix", "accept"],
        }
    }

    /// The parameters of its driver's that are about how it is reached. How many connections there are, and how long they
    /// are waited for, is this crate's to say.
    const fn passed(self) -> &'static [&'static str] {
        match self {
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
        }
    }

    fn knows(self, parameter: &str) -> bool {
        self.own().contains(&parameter) || self.passed().contains(&parameter)
    }

    /// What is said of a parameter that it does not know.
    fn unknown(self) -> String {
        let known = [self.own(), self.passed()].concat();
        if known.is_empty() { "there is none".into() } else { format!("there are {}", known.join(", ")) }
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
    /// How many replicas have to have a write.
    #[cfg_attr(not(feature = "redis"), allow(dead_code, reason = "of Redis alone"))]
    pub(super) acknowledged_by: Option<NonZeroU32>,
    accepted: Vec<&'a str>,
}

impl<'a> Address<'a> {
    pub(super) fn parse(address: &'a str) -> Result<Self, AnyError> {
        let engine = EngineName::of(address)?;
        // A password that was not encoded may hold a question mark; a file has no password.
        let at = address.rfind('@').filter(|_| engine != EngineName::Sqlite);
        let (before, rest) = address.split_at(at.map_or(0, |at| at.saturating_add(1)));
        // Parameters that an `@` makes look like a password would name another deployment, or accept nothing.
        let hidden =
            before.split('?').skip(1).filter_map(|after| after.split_once('=')).map(|(name, _)| name);
        let refused = |name: &str, wrong: &str| {
            Err(AnyError::Parameter { engine, name: name.to_owned(), wrong: wrong.to_owned() })
        };
        if let Some(name) = hidden.into_iter().find(|name| engine.knows(name)) {
            return refused(
                name,
                "an `@` comes after it: in a parameter it is written %40, and a `?` in a password %3F",
            );
        }
        let (place, parameters) = rest.split_once('?').unwrap_or((rest, ""));
        let (mut prefix, mut acknowledged_by, mut accepted, mut passed) =
            (None, None, Vec::new(), Vec::new());
        for parameter in parameters.split('&').filter(|parameter| !parameter.is_empty()) {
            let (name, value) = parameter.split_once('=').unwrap_or((parameter, ""));
            match name {
                "prefix" | "accept" if engine == EngineName::Sqlite => {
                    return refused(name, "a file is one deployment, and its settings are the store's own");
                }
                _ if !engine.knows(name) => return refused(name, &engine.unknown()),
                "prefix" if prefix.is_some() => return refused(name, "it is there twice"),
                "prefix" => prefix = Some(value),
                "acknowledged_by" if acknowledged_by.is_some() => return refused(name, "it is there twice"),
                "acknowledged_by" => match value.parse() {
                    Ok(replicas) => acknowledged_by = Some(replicas),
                    Err(_) => return refused(name, "it is a number of replicas, from 1 on"),
                },
                "accept" => accepted.extend(value.split(',')),
                _ => passed.push(parameter),
            }
        }
        if engine == EngineName::Etcd && prefix.is_some() && has_path(place) {
            return refused("prefix", "there is one already, behind the servers");
        }
        let passed = if passed.is_empty() { String::new() } else { format!("?{}", passed.join("&")) };
        Ok(Self { engine, of_engine: format!("{before}{place}{passed}"), prefix, acknowledged_by, accepted })
    }
}

#[cfg(any(feature = "postgres", feature = "mariadb", feature = "redis", feature = "nats", feature = "etcd"))]
impl Address<'_> {
    /// The risks that it accepts, of this engine's.
    pub(super) fn risks<R: std::str::FromStr<Err = crate::UnknownRisk>>(&self) -> Result<Vec<R>, AnyError> {
        let refused = |name: &str, crate::UnknownRisk { known }| AnyError::Risk {
            engine: self.engine,
            name: name.to_owned(),
            known,
        };
        self.accepted.iter().map(|name| name.parse().map_err(|unknown| refused(name, unknown))).collect()
    }
}

/// Whether anything stands behind the servers.
fn has_path(place: &str) -> bool {
    let servers = place.split_once("//").map_or(place, |(_, servers)| servers);
    servers.split_once('/').is_some_and(|(_, path)| !path.is_empty())
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
            ("nats://a:p?pre=b@h", "nats://a:p?pre=b@h", None),
            ("etcd://h?", "etcd://h", None),
        ] {
            let parsed = Address::parse(address)?;
            assert_eq!((parsed.of_engine.as_str(), parsed.prefix), (of_engine, prefix), "{address}");
        }
        let parsed = Address::parse("redis://h?accept=LosesASecond,Evicts&accept=Cluster")?;
        assert_eq!(parsed.accepted, ["LosesASecond", "Evicts", "Cluster"]);
        assert_eq!(parsed.acknowledged_by, None);
        let parsed = Address::parse("redis://h/1?acknowledged_by=2&prefix=blue")?;
        assert_eq!((parsed.acknowledged_by, parsed.of_engine.as_str()), (NonZeroU32::new(2), "redis://h/1"));
        Ok(())
    }

    #[test]
    fn what_is_unknown_is_refused_by_its_name_and_without_its_value() {
        for (address, said) in [
            (
                "redis://h?prefx=b",
                "the parameter `prefx` of an address of redis: there are prefix, accept, acknowledged_by, protocol",
            ),
            (
                "etcd://h?sslmode=secret",
                "the parameter `sslmode` of an address of etcd: there are prefix, accept",
            ),
            ("nats://h?prefix=a&prefix=b", "the parameter `prefix` of an address of nats: it is there twice"),
            (
                "sqlite:file?prefix=a",
                "the parameter `prefix` of an address of sqlite: a file is one deployment, and its settings are the store's own",
            ),
            (
                "etcd://me@h/foo?prefix=blue",
                "the parameter `prefix` of an address of etcd: there is one already, behind the servers",
            ),
            ("sqlite:file?mode=ro", "the parameter `mode` of an address of sqlite: there is none"),
            (
                "redis://h?acknowledged_by=0",
                "the parameter `acknowledged_by` of an address of redis: it is a number of replicas, from 1 on",
            ),
            (
                "redis://h?acknowledged_by=1&acknowledged_by=2",
                "the parameter `acknowledged_by` of an address of redis: it is there twice",
            ),
            (
                "etcd://h?acknowledged_by=1",
                "the parameter `acknowledged_by` of an address of etcd: there are prefix, accept",
            ),
        ] {
            assert_eq!(refused(address), said);
        }
        assert!(refused("postgres://h/d?password=secret").starts_with(
            "the parameter `password` of an address of postgres: there are prefix, accept, application_name"
        ));
        let hidden = "an `@` comes after it: in a parameter it is written %40, and a `?` in a password %3F";
        for (address, engine, name) in [
            ("redis://h/0?prefix=blue@green", "redis", "prefix"),
            ("redis://h/0?accept=Nonsense&x=me@here", "redis", "accept"),
            ("postgres://h/d?application_name=pay@web1", "postgres", "application_name"),
            ("nats://h?prefix=blue@green", "nats", "prefix"),
            // This may be a password as well as not.
            ("nats://a:p?prefix=b@h", "nats", "prefix"),
        ] {
            assert_eq!(
                refused(address),
                format!("the parameter `{name}` of an address of {engine}: {hidden}")
            );
        }
        assert!(
            refused("sqlite:file?prefix=blue@green")
                .starts_with("the parameter `prefix` of an address of sqlite")
        );
        for sound in [
            "etcd://h/?prefix=blue",
            "etcd://h/blue",
            "postgres://app:a?b=c@h/d?application_name=pay%40web1",
            "redis://:pass?word@h?prefix=blue",
        ] {
            assert!(Address::parse(sound).is_ok(), "{sound}");
        }
    }

    #[cfg(feature = "redis")]
    #[test]
    fn a_risk_is_one_of_the_engines() -> Result<(), AnyError> {
        use crate::redis::Risk;
        let risks = |address| Address::parse(address)?.risks::<Risk>();
        assert_eq!(risks("redis://h?accept=LosesASecond,Risk::Evicts")?, [Risk::LosesASecond, Risk::Evicts]);
        let said = risks("redis://h?accept=TornPages").err().map(|error| error.to_string());
        let said = said.unwrap_or_default();
        assert!(said.starts_with("redis has no risk `TornPages`, but LosesASecond, "), "{said}");
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
