//! What the server says of itself and of the bucket, and what of that breaks a promise.

use std::num::NonZeroUsize;

use async_nats::ServerInfo;
use pinlatch::record::MAX_RECORD_BYTES;
use serde::Deserialize;

use super::account::Takes;

/// What a message carries beside the record: subject, headers, and the protocol's own words. The names in it are
/// bounded, and come to less than half of this.
const OVERHEAD_BYTES: usize = 1024;

/// The largest message that is ever sent.
pub(super) const MESSAGE_BYTES: usize = MAX_RECORD_BYTES.saturating_add(OVERHEAD_BYTES);

crate::risk::risks! {
    /// One risk, accepted by name with [`NatsOptions::accepting`](super::NatsOptions::accepting).
    pub enum Risk {
        /// A cluster that keeps the bucket on one of its servers: that server's end is the end of all accounts.
        OneReplica,
        /// Several replicas on servers before 2.9.21, where two writers that expect the same record can both be answered that they
        /// wrote: guesses come free to whoever sends many at once.
        RacingReplicas,
        /// A bucket in memory: a restart gives spent guesses and dead sessions back, by forgetting every account.
        MemoryStorage,
        /// Records that vanish after a time: an account that was out of guesses is as new.
        Expiry,
        /// A full bucket that makes room by dropping the oldest records: whoever can make records can make others go.
        DiscardOld,
        /// Writes that are answered before they are stored (`persist_mode: async`).
        AsynchronousWrites,
        /// A bucket that copies another one: what is written here is not what is read here.
        Copies,
        /// An account of NATS with a limit that comes before the bucket's own: where it is met, an overwritten record can be
        /// gone. Whoever can make records, or another program of the account, can make others go.
        AccountLimit,
    }
}

/// A setting that breaks a promise.
pub type UnsafeSetting = crate::UnsafeSetting<Risk>;

/// A stream as the server describes it. Read by names of our own, so that settings of newer servers are seen and
/// their new words do no harm.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Described {
    pub(super) config: Config,
    pub(super) state: State,
    cluster: Option<Cluster>,
}

#[derive(Clone, Debug, Deserialize)]
pub(super) struct State {
    pub(super) messages: u64,
    pub(super) last_seq: u64,
}

#[derive(Clone, Debug, Deserialize)]
struct Cluster {
    /// Of the cluster.
    name: Option<String>,
}

#[derive(Clone, Debug, Deserialize)]
#[expect(clippy::struct_excessive_bools, reason = "the server's words")]
pub(super) struct Config {
    #[serde(default)]
    pub(super) subjects: Vec<String>,
    retention: String,
    storage: String,
    discard: String,
    #[serde(default)]
    discard_new_per_subject: bool,
    #[serde(default)]
    max_age: i64,
    #[serde(default)]
    max_msg_size: i64,
    #[serde(default)]
    max_bytes: i64,
    pub(super) num_replicas: usize,
    #[serde(default)]
    no_ack: bool,
    #[serde(default)]
    sealed: bool,
    #[serde(default)]
    mirror: Option<serde::de::IgnoredAny>,
    #[serde(default)]
    sources: Option<Vec<serde::de::IgnoredAny>>,
    #[serde(default)]
    persist_mode: Option<String>,
    #[serde(default)]
    allow_msg_ttl: bool,
    #[serde(default)]
    subject_transform: Option<serde::de::IgnoredAny>,
}

impl Config {
    pub(super) fn takes(&self) -> Takes {
        let is_in_memory = self.storage == "memory";
        Takes { is_in_memory, replicas: self.num_replicas, max_bytes: self.max_bytes }
    }
}

/// The first version whose clusters count writes that are under way when they compare (nats-server, issue 4320).
const FIRST_THAT_COMPARES: [u32; 3] = [2, 9, 21];

/// The first version of which it is shown that a write beyond the account's limit leaves the record that it was to replace:
/// 2.9.10 removes it, 2.10.27 and 2.15.1 do not.
const FIRST_THAT_KEEPS: [u32; 3] = [2, 10, 27];

/// A stream that refuses every second write, or answers none, is no store: nothing accepts that.
const NO_STORE: &str = "records cannot be written";

/// How many servers keep a new bucket, where the host did not say: three where there are several.
pub(super) fn replicas(asked: Option<NonZeroUsize>, is_clustered: bool) -> usize {
    asked.map_or(if is_clustered { 3 } else { 1 }, NonZeroUsize::get)
}

/// Whether a server that names a cluster may be a single one: with a leaf node's remote it names itself (2.10), and it knows
/// no other that clients may go to.
pub(super) fn is_alone(server: &ServerInfo) -> bool {
    server.cluster.as_ref() == Some(&server.server_name) && server.connect_urls.len() <= 1
}

/// The first setting of the bucket that breaks a promise, and whose risk was not accepted; of a server that is alone no
/// replicas are wanted.
pub(super) fn check(found: &Described, is_alone: bool, accepted: &[Risk]) -> Result<(), UnsafeSetting> {
    let is_accepted = |risk| accepted.contains(&risk);
    unsafe_settings(found, is_alone).find(|found| !found.risk.is_some_and(is_accepted)).map_or(Ok(()), Err)
}

/// Whether servers of this version compare and store as one step where a bucket has several replicas. The versions of
/// the other servers of a cluster are not known here.
pub(super) fn check_version(version: &str, replicas: usize, accepted: &[Risk]) -> Result<(), UnsafeSetting> {
    if replicas < 2 || read(version) >= FIRST_THAT_COMPARES || accepted.contains(&Risk::RacingReplicas) {
        return Ok(());
    }
    Err(refused(
        "version",
        version,
        "of two writers that expect the same record both can be told that they wrote, where there are replicas",
        "update all servers to 2.9.21 or later",
        Risk::RacingReplicas,
    ))
}

/// Whether a write that the account has no room for leaves the record that it was to replace. In a cluster, or behind a leaf
/// node, which names itself as one, another server keeps the bucket, and perhaps an older one.
pub(super) fn keeps_what_it_cannot_replace(server: &ServerInfo) -> bool {
    server.jetstream && server.cluster.is_none() && read(&server.version) >= FIRST_THAT_KEEPS
}

/// `2.10.0-beta.1` counts as 2.10.0; what cannot be read counts as old.
fn read(version: &str) -> [u32; 3] {
    let number = |part: Option<&str>| part.and_then(|part| part.parse::<u32>().ok()).unwrap_or_default();
    let mut parts = version.split(['.', '-', '+']);
    [number(parts.next()), number(parts.next()), number(parts.next())]
}

/// Whether a message of the largest record passes the server.
pub(super) fn check_payload(max_payload: usize) -> Result<(), UnsafeSetting> {
    if max_payload >= MESSAGE_BYTES {
        return Ok(());
    }
    Err(UnsafeSetting {
        setting: "max_payload",
        value: max_payload.to_string(),
        breaks: "a large account could not be written any more",
        remedy: "set it to 256KB or more",
        risk: None,
    })
}

fn unsafe_settings(found: &Described, is_alone: bool) -> impl Iterator<Item = UnsafeSetting> {
    let config = &found.config;
    let is_clustered = !is_alone && found.cluster.as_ref().is_some_and(|cluster| cluster.name.is_some());
    let small = usize::try_from(config.max_msg_size).is_ok_and(|size| (1..MESSAGE_BYTES).contains(&size));
    let copies = config.mirror.is_some() || config.sources.as_ref().is_some_and(|all| !all.is_empty());
    let persistence = config.persist_mode.as_deref().unwrap_or("default");
    let lifetime = format!("{} ns", config.max_age);
    let yes = || "true".to_owned();
    let in_memory = "a restart forgets every account";
    let with_time = "records vanish, and with them counts and revocations";
    [
        (config.storage != "file")
            .then(|| refused("storage", &config.storage, in_memory, ANEW, Risk::MemoryStorage)),
        (config.max_age != 0).then(|| refused("max_age", &lifetime, with_time, "set it to 0", Risk::Expiry)),
        config.allow_msg_ttl.then(|| refused("allow_msg_ttl", "true", with_time, ANEW, Risk::Expiry)),
        (config.discard != "new").then(|| {
            let breaks = "a full bucket drops the oldest accounts";
            refused("discard", &config.discard, breaks, "set it to new", Risk::DiscardOld)
        }),
        (config.retention != "limits").then(|| {
            let breaks = "records vanish when somebody has read them";
            let remedy = "remove the bucket if it is empty, and open again; else restore a backup of before, with every step of \
                          the manual for it: listing what is in this one may remove it";
            refused("retention", &config.retention, breaks, remedy, Risk::Expiry)
        }),
        (is_clustered && config.num_replicas < 2).then(|| {
            let breaks = "the end of one server is the end of all accounts";
            refused("num_replicas", "1", breaks, "set it to 3", Risk::OneReplica)
        }),
        (persistence != "default").then(|| {
            let breaks = "writes are answered before they are stored";
            refused("persist_mode", persistence, breaks, ANEW, Risk::AsynchronousWrites)
        }),
        copies.then(|| {
            let breaks = "what is written here is not what is read here";
            refused("mirror, sources", "set", breaks, "give the bucket that is copied", Risk::Copies)
        }),
        config.subject_transform.is_some().then(|| useless("subject_transform", "set".to_owned())),
        config.no_ack.then(|| useless("no_ack", yes())),
        config.sealed.then(|| UnsafeSetting {
            remedy: "a sealed stream is never opened again: restore a backup, with every step of the manual for it",
            ..useless("sealed", yes())
        }),
        config.discard_new_per_subject.then(|| useless("discard_new_per_subject", yes())),
        small.then(|| useless("max_msg_size", config.max_msg_size.to_string())),
    ]
    .into_iter()
    .flatten()
}

fn refused(
    setting: &'static str,
    value: &str,
    breaks: &'static str,
    remedy: &'static str,
    risk: Risk,
) -> UnsafeSetting {
    UnsafeSetting { setting, value: value.to_owned(), breaks, remedy, risk: Some(risk) }
}

/// It cannot be changed of a bucket that is there.
const ANEW: &str = "remove the bucket if it is empty, and open again; else open it with the risk accepted, and another prefix \
                    beside it, and copy every record of `accounts` and `people` there while nobody is served";

const fn useless(setting: &'static str, value: String) -> UnsafeSetting {
    UnsafeSetting { setting, value, breaks: NO_STORE, remedy: "take it back", risk: None }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may")]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn described(change: &Value) -> Described {
        let mut found = json!({
            "config": {
                "name": "KV_x", "subjects": ["$KV.x.>"], "retention": "limits", "storage": "file", "discard": "new",
                "max_age": 0, "max_msg_size": -1, "num_replicas": 1, "allow_direct": true, "a_later_setting": [1],
            },
            "state": { "messages": 0, "last_seq": 0 },
            "cluster": { "leader": "n1" },
        });
        let (path, value) = change.as_object().unwrap().iter().next().unwrap();
        let (parent, name) = path.rsplit_once('/').unwrap();
        found.pointer_mut(parent).unwrap()[name] = value.clone();
        serde_json::from_value(found).unwrap()
    }

    #[test]
    fn replicas_on_servers_that_do_not_compare_what_is_under_way_are_refused() {
        for old in ["2.9.10", "2.9.20", "2.8.4", "2", "", "dev"] {
            let refused = check_version(old, 3, &[]).unwrap_err();
            assert_eq!((refused.setting, refused.risk), ("version", Some(Risk::RacingReplicas)), "{old}");
            assert_eq!(check_version(old, 1, &[]), Ok(()), "one replica compares in one step: {old}");
            assert_eq!(check_version(old, 3, &[Risk::RacingReplicas]), Ok(()), "{old}");
        }
        for new in ["2.9.21", "2.10.0", "2.10.0-beta.1", "2.12.1", "3.0.0"] {
            assert_eq!(check_version(new, 3, &[]), Ok(()), "{new}");
        }
    }

    #[test]
    fn an_accounts_limit_is_refused_before_2_10_27() {
        for (version, keeps) in
            [("2.9.10", false), ("2.10.26", false), ("2.10.27", true), ("2.15.1", true), ("dev", false)]
        {
            let alone = ServerInfo { version: version.to_owned(), jetstream: true, ..ServerInfo::default() };
            assert_eq!(keeps_what_it_cannot_replace(&alone), keeps, "{version}");
            let in_cluster = ServerInfo { cluster: Some("c1".to_owned()), ..alone.clone() };
            let without = ServerInfo { jetstream: false, ..alone };
            assert!(
                !keeps_what_it_cannot_replace(&in_cluster) && !keeps_what_it_cannot_replace(&without),
                "{version}"
            );
        }
    }

    #[test]
    fn a_bucket_with_safe_settings_passes() {
        for change in [
            json!({"/config/num_replicas": 1}),
            json!({"/config/sources": []}),
            json!({"/config/persist_mode": "default"}),
            json!({"/config/max_msg_size": 300_000}),
        ] {
            assert_eq!(check(&described(&change), false, &[]), Ok(()), "{change}");
        }
    }

    #[test]
    fn a_server_alone_needs_no_replicas() {
        let found = described(&json!({"/cluster/name": "n1"}));
        assert!(check(&found, false, &[]).is_err());
        assert_eq!(check(&found, true, &[]), Ok(()));
        let server = |name: &str, others: usize| ServerInfo {
            server_name: "n1".to_owned(),
            cluster: Some(name.to_owned()),
            connect_urls: vec!["one:4222".to_owned(); others],
            ..ServerInfo::default()
        };
        assert!(is_alone(&server("n1", 0)) && is_alone(&server("n1", 1)));
        assert!(!is_alone(&server("n1", 3)), "a cluster that is named like one of its servers");
        assert!(!is_alone(&server("c1", 0)) && !is_alone(&ServerInfo::default()));
    }

    #[test]
    fn each_setting_that_breaks_a_promise_is_refused_until_its_risk_is_accepted() {
        for (change, setting, risk) in [
            (json!({"/config/storage": "memory"}), "storage", Some(Risk::MemoryStorage)),
            (json!({"/config/max_age": 1}), "max_age", Some(Risk::Expiry)),
            (json!({"/config/allow_msg_ttl": true}), "allow_msg_ttl", Some(Risk::Expiry)),
            (json!({"/config/discard": "old"}), "discard", Some(Risk::DiscardOld)),
            (json!({"/config/retention": "workqueue"}), "retention", Some(Risk::Expiry)),
            (json!({"/config/retention": "interest"}), "retention", Some(Risk::Expiry)),
            (json!({"/cluster/name": "c1"}), "num_replicas", Some(Risk::OneReplica)),
            (json!({"/config/persist_mode": "async"}), "persist_mode", Some(Risk::AsynchronousWrites)),
            (json!({"/config/mirror": {"name": "KV_y"}}), "mirror, sources", Some(Risk::Copies)),
            (json!({"/config/sources": [{"name": "KV_y"}]}), "mirror, sources", Some(Risk::Copies)),
            (json!({"/config/subject_transform": {"src": ">"}}), "subject_transform", None),
            (json!({"/config/no_ack": true}), "no_ack", None),
            (json!({"/config/sealed": true}), "sealed", None),
            (json!({"/config/discard_new_per_subject": true}), "discard_new_per_subject", None),
            (json!({"/config/max_msg_size": 65_536}), "max_msg_size", None),
        ] {
            let found = described(&change);
            let refused = check(&found, false, &[]).unwrap_err();
            assert_eq!((refused.setting, refused.risk), (setting, risk), "{change}");
            if let Some(risk) = risk {
                assert_eq!(check(&found, false, &[risk]), Ok(()), "{change}");
                let other = if risk == Risk::Copies { Risk::Expiry } else { Risk::Copies };
                assert_eq!(check(&found, false, &[other]), Err(refused), "{change}");
            }
        }
    }

    #[test]
    fn a_server_that_takes_no_large_record_is_refused() {
        assert!(check_payload(1 << 20).is_ok());
        assert!(check_payload(MAX_RECORD_BYTES).is_err());
    }
}
