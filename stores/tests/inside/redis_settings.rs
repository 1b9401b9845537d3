//! Which settings are refused, and what accepts them.

use std::num::NonZeroU32;

use super::*;

const SAFE_INFO: &[(&str, &str)] = &[
    ("role", "master"),
    ("connected_slaves", "0"),
    ("aof_enabled", "1"),
    ("maxmemory_policy", "noeviction"),
    ("cluster_enabled", "0"),
];
const SAFE_CONFIG: &[(&str, &str)] = &[
    ("appendonly", "yes"),
    ("appendfsync", "always"),
    ("no-appendfsync-on-rewrite", "no"),
    ("maxmemory-policy", "noeviction"),
    ("min-replicas-to-write", "0"),
];

fn map(pairs: &[(&str, &str)]) -> HashMap<String, String> {
    pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

fn safe() -> Told {
    Told { info: map(SAFE_INFO), config: map(SAFE_CONFIG) }
}

/// A safe server, but for this.
fn but(changes: &[(&str, &str)]) -> Told {
    let mut told = safe();
    for (name, value) in map(changes) {
        let in_info = SAFE_INFO.iter().any(|(known, _)| *known == name);
        if in_info { &mut told.info } else { &mut told.config }.insert(name, value);
    }
    told
}

fn acknowledged(replicas: u32) -> RedisOptions {
    RedisOptions::new().acknowledged_by(NonZeroU32::new(replicas).unwrap())
}

/// All that is looked at on opening.
fn judge(told: Told, options: &RedisOptions) -> Result<(), RedisError> {
    let judge = Judge { told, options };
    judge.durable().and_then(|()| judge.replicated())
}

#[test]
fn a_safe_server_is_taken() {
    let options = RedisOptions::new();
    assert!(judge(safe(), &options).is_ok());
    assert!(judge(but(&[("maxmemory-policy", "volatile-lru")]), &options).is_ok());
    let replicated = [("connected_slaves", "2"), ("min-replicas-to-write", "1")];
    assert!(judge(but(&replicated), &acknowledged(1)).is_ok());
}

#[test]
fn each_unsafe_setting_is_refused_by_name_and_taken_with_its_own_risk_only() {
    let risks = [
        Risk::LosesASecond,
        Risk::LosesUnsyncedWrites,
        Risk::LosesSinceSnapshot,
        Risk::Evicts,
        Risk::FailOverLosesWrites,
        Risk::UnacknowledgedWrites,
        Risk::Cluster,
        Risk::SettingsUnread,
    ];
    let few = [("connected_slaves", "1"), ("min-replicas-to-write", "0")];
    let cases: [(Told, RedisOptions, &str, Risk); 10] = [
        (but(&[("appendonly", "no")]), RedisOptions::new(), "appendonly", Risk::LosesSinceSnapshot),
        (but(&[("appendfsync", "everysec")]), RedisOptions::new(), "appendfsync", Risk::LosesASecond),
        (but(&[("appendfsync", "no")]), RedisOptions::new(), "appendfsync", Risk::LosesUnsyncedWrites),
        (
            but(&[("no-appendfsync-on-rewrite", "yes")]),
            RedisOptions::new(),
            "no-appendfsync-on-rewrite",
            Risk::LosesUnsyncedWrites,
        ),
        (but(&[("maxmemory-policy", "allkeys-lru")]), RedisOptions::new(), "maxmemory-policy", Risk::Evicts),
        (but(&[("maxmemory-policy", "new-policy")]), RedisOptions::new(), "maxmemory-policy", Risk::Evicts),
        (but(&[("cluster_enabled", "1")]), RedisOptions::new(), "cluster_enabled", Risk::Cluster),
        (but(&[("connected_slaves", "1")]), RedisOptions::new(), "replicas", Risk::FailOverLosesWrites),
        (but(&[("min-replicas-to-write", "1")]), RedisOptions::new(), "replicas", Risk::FailOverLosesWrites),
        (but(&few), acknowledged(1), "min-replicas-to-write", Risk::UnacknowledgedWrites),
    ];
    for (told, options, setting, needed) in cases {
        match judge(told.clone(), &options) {
            Err(RedisError::Unsafe(found)) => {
                assert_eq!((found.setting, found.risk), (setting, Some(needed)));
            }
            judged => panic!("{setting}: {judged:?}"),
        }
        for risk in risks {
            let taken = judge(told.clone(), &options.clone().accepting(risk)).is_ok();
            let includes = needed == Risk::LosesASecond && risk == Risk::LosesUnsyncedWrites;
            assert_eq!(taken, risk == needed || includes, "{setting} with {risk:?}");
        }
    }
}

#[test]
fn a_replica_and_missing_replicas_are_refused_whatever_is_accepted() {
    let slave = but(&[("role", "slave")]);
    let all = RedisOptions::new().accepting(Risk::FailOverLosesWrites).accepting(Risk::SettingsUnread);
    assert!(matches!(judge(slave, &all), Err(RedisError::NotPrimary { role }) if &*role == "slave"));
    let one = but(&[("connected_slaves", "1"), ("min-replicas-to-write", "2")]);
    let judged = judge(one, &acknowledged(2).accepting(Risk::UnacknowledgedWrites));
    assert!(matches!(judged, Err(RedisError::TooFewReplicas { found: 1, wanted: 2 })), "{judged:?}");
}

/// A server that forbids `CONFIG`: what `INFO` tells still counts.
#[test]
fn what_cannot_be_read_has_to_be_accepted_and_hides_nothing_else() {
    let hosted = Told { config: HashMap::new(), ..safe() };
    let judged = judge(hosted.clone(), &RedisOptions::new());
    assert!(matches!(judged, Err(RedisError::Unread { name: "appendfsync" })), "{judged:?}");
    let knowing = RedisOptions::new().accepting(Risk::SettingsUnread);
    assert!(judge(hosted.clone(), &knowing).is_ok());
    for (name, value) in
        [("aof_enabled", "0"), ("maxmemory_policy", "allkeys-lfu"), ("connected_slaves", "1")]
    {
        let mut told = Told { config: HashMap::new(), ..safe() };
        told.info.insert(name.to_owned(), value.to_owned());
        let judged = judge(told.clone(), &knowing);
        assert!(matches!(judged, Err(RedisError::Unsafe(_))), "{name}: {judged:?}");
    }
    let nothing = Told::by(Vec::new());
    assert!(matches!(judge(nothing.clone(), &RedisOptions::new()), Err(RedisError::Unread { name: "role" })));
    assert!(judge(nothing.clone(), &knowing).is_ok());
    let unread = judge(nothing.clone(), &acknowledged(1).accepting(Risk::SettingsUnread));
    assert!(unread.is_ok(), "{unread:?}");
}
