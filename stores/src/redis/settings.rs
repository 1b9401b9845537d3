//! What the server is set up to do, read on every new connection; what breaks a promise is refused.
//!
//! `CONFIG GET` tells all of it. Where it is forbidden, `INFO` tells whether there is an append-only file, what
//! is evicted, and of replicas how many there are; `appendfsync`, `no-appendfsync-on-rewrite` and
//! `min-replicas-to-write` it does not tell.

use std::collections::HashMap;

use redis::{FromRedisValue, Pipeline, Value, pipe};

use super::classify;
use super::error::RedisError;
use super::options::RedisOptions;
use super::{RedisStore, unless_failed};

crate::risk::risks! {
    /// Something that the server's settings let happen, and that the host accepts in so many words.
    pub enum Risk {
        /// `appendfsync everysec`: a power cut loses the writes of a second, sometimes two. A process that is killed
        /// loses none, unless a sync is under way: then those since it began, two seconds at most, for Redis writes
        /// nothing meanwhile (seen once on a disk that was busy: ten guesses were compared).
        LosesASecond,
        /// `appendfsync no`, or `no-appendfsync-on-rewrite yes`: a power cut loses what the operating system had not
        /// written yet, usually up to 30 s. Includes [`LosesASecond`](Self::LosesASecond).
        LosesUnsyncedWrites,
        /// `appendonly no`: any restart loses everything since the last snapshot, or everything. Spent guesses come
        /// back, and sessions that were locked or ended are accepted again.
        LosesSinceSnapshot,
        /// An `allkeys-*` policy: when memory is short, any record is dropped, and reads as an account that never
        /// signed in.
        Evicts,
        /// There are replicas, and no write waits for them: a fail-over loses the writes that no replica has.
        FailOverLosesWrites,
        /// `min-replicas-to-write` is below what has to [acknowledge](RedisOptions::acknowledged_by) a write: while
        /// replicas are away, writes are made here all the same. They are answered as unknown, and another handle may
        /// read them.
        UnacknowledgedWrites,
        /// The server is a node of a cluster, and answers for its part of the keys only. Something before it has to
        /// send each key to its node.
        Cluster,
        /// Some settings cannot be read. Whatever the server does tell is still refused if it breaks a promise.
        SettingsUnread,
    }
}

/// A setting that breaks a promise.
pub type UnsafeSetting = crate::UnsafeSetting<Risk>;

const SECTIONS: [&str; 4] = ["persistence", "replication", "memory", "cluster"];

/// Asked for one by one: before version 7 `CONFIG GET` takes one name.
const NAMES: [&str; 5] =
    ["appendonly", "appendfsync", "no-appendfsync-on-rewrite", "maxmemory-policy", "min-replicas-to-write"];

/// What the server tells about itself, by name.
#[derive(Clone, Default)]
struct Told {
    info: HashMap<String, String>,
    config: HashMap<String, String>,
}

/// What a server is asked before anything else, in one request.
pub(super) fn questions() -> Pipeline {
    let mut questions = pipe();
    for section in SECTIONS {
        questions.cmd("INFO").arg(section);
    }
    for name in NAMES {
        questions.cmd("CONFIG").arg("GET").arg(name);
    }
    questions
}

/// Refuses a server that is no primary, or loses what was answered as written: on every connection that is made.
pub(super) fn check(answers: Vec<Value>, options: &RedisOptions) -> Result<(), RedisError> {
    // A user who may not read settings is told so of each; whoever gave no password is none.
    if let Some(Value::ServerError(error)) = answers.first()
        && error.code() == "NOAUTH"
    {
        return Err(RedisError::Unauthenticated(Box::new(classify::refused(error))));
    }
    Judge { told: Told::by(answers), options }.durable()
}

/// Refuses replicas that are too few, or that could take over without the last writes: on opening. Later
/// they come and go, and a session is to be checked all the same.
pub(super) async fn check_replicas(store: &RedisStore) -> Result<(), RedisError> {
    let questions = questions();
    let asked = store.loads.ask(&questions, store.deadline()).await;
    let told = Told::by(unless_failed(asked)?);
    Judge { told, options: &store.options }.replicated()
}

impl Told {
    /// An error in place of an answer is a setting that cannot be read, and not one that is right.
    fn by(answers: Vec<Value>) -> Self {
        let mut told = Self::default();
        for (number, answer) in answers.into_iter().enumerate() {
            if number < SECTIONS.len() {
                let text = String::from_redis_value(answer).unwrap_or_default();
                let fields = text.lines().filter_map(|line| line.split_once(':'));
                told.info.extend(fields.map(|(name, value)| (name.to_owned(), value.to_owned())));
            } else if let Ok(named) = HashMap::<String, String>::from_redis_value(answer) {
                told.config.extend(named);
            }
        }
        told
    }

    fn info(&self, name: &str) -> Option<&str> {
        self.info.get(name).map(String::as_str)
    }

    fn config(&self, name: &str) -> Option<&str> {
        self.config.get(name).map(String::as_str)
    }

    fn appends(&self) -> Option<&str> {
        let by_info = || match self.info("aof_enabled")? {
            "1" => Some("yes"),
            _ => Some("no"),
        };
        self.config("appendonly").or_else(by_info)
    }
}

struct Judge<'a> {
    told: Told,
    options: &'a RedisOptions,
}

impl Judge<'_> {
    fn durable(&self) -> Result<(), RedisError> {
        let told = &self.told;
        match told.info("role") {
            Some("master") => {}
            Some(role) => return Err(RedisError::NotPrimary { role: role.into() }),
            None => self.unread("role")?,
        }
        if let Some(yes @ "1") = told.info("cluster_enabled") {
            self.refuse(&CLUSTER, yes)?;
        }
        match told.appends() {
            Some("yes") => self.synced()?,
            Some(no) => self.refuse(&APPEND_ONLY, no)?,
            None => self.unread(APPEND_ONLY.name)?,
        }
        match told.config("maxmemory-policy").or_else(|| told.info("maxmemory_policy")) {
            // `volatile-*` drops only what has an expiry, and our records have none.
            Some(policy) if policy == "noeviction" || policy.starts_with("volatile-") => Ok(()),
            // Also while `maxmemory` is 0: it can be set at any time, and then nobody looks here.
            Some(policy) => self.refuse(&EVICTION, policy),
            None => self.unread(EVICTION.name),
        }
    }

    fn synced(&self) -> Result<(), RedisError> {
        match self.told.config(SYNC_EACH_SECOND.name) {
            Some("always") => {}
            Some(each @ "everysec") => self.refuse(&SYNC_EACH_SECOND, each)?,
            Some(other) => self.refuse(&SYNC_NEVER, other)?,
            None => self.unread(SYNC_EACH_SECOND.name)?,
        }
        match self.told.config(SYNC_ON_REWRITE.name) {
            Some("no") => Ok(()),
            Some(other) => self.refuse(&SYNC_ON_REWRITE, other),
            None => self.unread(SYNC_ON_REWRITE.name),
        }
    }

    fn replicated(&self) -> Result<(), RedisError> {
        let number = |text: Option<&str>| text.and_then(|number| number.parse::<u32>().ok());
        let connected = number(self.told.info("connected_slaves"));
        let needed = number(self.told.config(MIN_REPLICAS.name));
        let wanted = self.options.replicas;
        if wanted == 0 {
            return match (connected, needed.unwrap_or_default()) {
                (Some(0), 0) => Ok(()),
                (Some(connected), needed) => self.refuse(&REPLICAS, &connected.max(needed).to_string()),
                (None, _) => self.unread(REPLICAS.name),
            };
        }
        match connected {
            Some(found) if found < wanted => return Err(RedisError::TooFewReplicas { found, wanted }),
            Some(_) => {}
            None => self.unread(REPLICAS.name)?,
        }
        match needed {
            Some(needed) if needed < wanted => self.refuse(&MIN_REPLICAS, &needed.to_string()),
            Some(_) => Ok(()),
            None => self.unread(MIN_REPLICAS.name),
        }
    }

    fn refuse(&self, breaking: &Breaking, value: &str) -> Result<(), RedisError> {
        let &Breaking { name, breaks, remedy, risk } = breaking;
        if self.options.accepts(risk) {
            return Ok(());
        }
        Err(UnsafeSetting { setting: name, value: value.into(), breaks, remedy, risk: Some(risk) }.into())
    }

    fn unread(&self, name: &'static str) -> Result<(), RedisError> {
        if self.options.accepts(Risk::SettingsUnread) { Ok(()) } else { Err(RedisError::Unread { name }) }
    }
}

/// A setting that breaks a promise.
struct Breaking {
    name: &'static str,
    breaks: &'static str,
    remedy: &'static str,
    risk: Risk,
}

const APPEND_ONLY: Breaking = Breaking {
    name: "appendonly",
    breaks: "a restart loses writes that were answered, and spent guesses come back",
    remedy: "set it to `yes`, for good in the configuration file or on the command line (`CONFIG SET` lasts until a restart)",
    risk: Risk::LosesSinceSnapshot,
};
const SYNC_EACH_SECOND: Breaking = Breaking {
    name: "appendfsync",
    breaks: "a power cut loses the writes of a second",
    remedy: "set it to `always`, for good in the configuration file or on the command line (`CONFIG SET` lasts until a restart)",
    risk: Risk::LosesASecond,
};
const SYNC_NEVER: Breaking = Breaking {
    name: "appendfsync",
    breaks: "a power cut loses what the operating system had not written yet",
    remedy: "set it to `always`, for good in the configuration file or on the command line (`CONFIG SET` lasts until a restart)",
    risk: Risk::LosesUnsyncedWrites,
};
const SYNC_ON_REWRITE: Breaking = Breaking {
    name: "no-appendfsync-on-rewrite",
    breaks: "while the file is rewritten, a power cut loses what the operating system had not written yet",
    remedy: "set it to `no`, for good in the configuration file or on the command line (`CONFIG SET` lasts until a restart)",
    risk: Risk::LosesUnsyncedWrites,
};
const EVICTION: Breaking = Breaking {
    name: "maxmemory-policy",
    breaks: "a record that is dropped reads as an account that never signed in",
    remedy: "set it to `noeviction`, for good in the configuration file or on the command line (`CONFIG SET` lasts until a restart)",
    risk: Risk::Evicts,
};
const REPLICAS: Breaking = Breaking {
    name: "replicas",
    breaks: "a fail-over loses the writes that no replica has",
    remedy: "let writes wait for them with `acknowledged_by`",
    risk: Risk::FailOverLosesWrites,
};
const MIN_REPLICAS: Breaking = Breaking {
    name: "min-replicas-to-write",
    breaks: "while replicas are away, writes are made that none of them has",
    remedy: "set it to what `acknowledged_by` says",
    risk: Risk::UnacknowledgedWrites,
};
const CLUSTER: Breaking = Breaking {
    name: "cluster_enabled",
    breaks: "a node answers for its part of the keys only",
    remedy: "use a server outside of a cluster, or a proxy that sends each key to its node",
    risk: Risk::Cluster,
};

#[cfg(test)]
#[expect(clippy::unwrap_used, clippy::panic, reason = "a test may")]
#[path = "../../tests/inside/redis_settings.rs"]
mod tests;
