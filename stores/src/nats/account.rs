//! What the account of NATS may keep, and what of that breaks a promise.
//!
//! A server that has stored a write and then finds the account over its limit takes the write back, answers
//! `resource limits exceeded for account`, and **the record that the write replaced is gone already** (2.9.10). A bucket
//! that meets its own `max_bytes` first is asked before anything is replaced.

use std::collections::HashMap;

use async_nats::jetstream::response::Response;
use serde::Deserialize;

use super::connections::Link;
use super::error::NatsError;
use super::settings::{Risk, UnsafeSetting, keeps_what_it_cannot_replace};

/// The account as the server describes it, read by names of our own.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Account {
    #[serde(flatten)]
    whole: Tier,
    /// By the number of replicas, `R1` and `R3`. Where there are any, `whole` has no limits of its own.
    #[serde(default)]
    tiers: HashMap<String, Tier>,
    /// Whether its server leaves what it cannot replace.
    #[serde(skip)]
    keeps: bool,
}

#[derive(Clone, Debug, Deserialize)]
struct Tier {
    streams: u64,
    limits: Limits,
}

#[derive(Clone, Debug, Deserialize)]
struct Limits {
    /// -1 is none, here and in the next.
    #[serde(rename = "max_storage")]
    in_files: i64,
    #[serde(rename = "max_memory")]
    in_memory: i64,
    /// Every stream has `max_bytes`, and their sum is within the limit.
    #[serde(default)]
    max_bytes_required: bool,
}

/// What a bucket takes of the account, or will.
#[derive(Clone, Copy, Debug)]
pub(super) struct Takes {
    pub(super) is_in_memory: bool,
    pub(super) replicas: usize,
    /// 0 or less is no limit.
    pub(super) max_bytes: i64,
}

pub(super) async fn describe(link: &Link) -> Result<Account, NatsError> {
    let asked = link.context.request::<_, _, Response<Account>>("INFO", &());
    match link.ask(link.deadline(), asked).await?.map_err(NatsError::refused)? {
        Response::Ok(account) => {
            let keeps = keeps_what_it_cannot_replace(&link.context.client().server_info());
            Ok(Account { keeps, ..account })
        }
        Response::Err { error } => Err(NatsError::refused(error)),
    }
}

impl Account {
    /// Refuses a limit that the account can meet before the bucket meets its own.
    pub(super) fn check(&self, takes: Takes, accepted: &[Risk]) -> Result<(), UnsafeSetting> {
        let tier = self.tiers.get(&format!("R{}", takes.replicas));
        let Tier { streams, limits } = tier.unwrap_or(&self.whole);
        let (setting, limit) = if takes.is_in_memory {
            ("the account's max_memory", limits.in_memory)
        } else {
            ("the account's max_storage", limits.in_files)
        };
        // A tier's limit is one for each replica, else every replica counts.
        let counted = if tier.is_some() { 1 } else { takes.replicas };
        let of_all = i64::try_from(counted).ok().and_then(|count| takes.max_bytes.checked_mul(count));
        let is_only = *streams <= 1 || limits.max_bytes_required;
        let is_within = is_only && takes.max_bytes > 0 && of_all.is_some_and(|bytes| bytes <= limit);
        if self.keeps || limit < 0 || is_within || accepted.contains(&Risk::AccountLimit) {
            return Ok(());
        }
        Err(UnsafeSetting {
            setting,
            value: limit.to_string(),
            breaks: "a write beyond it can remove the record that it was to replace",
            remedy: "make the bucket with a max_bytes within it, in an account without other streams, or update a single server \
                     to 2.10.27 or later",
            risk: Some(Risk::AccountLimit),
        })
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may")]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    const FILE: Takes = Takes { is_in_memory: false, replicas: 1, max_bytes: -1 };

    fn limits(storage: i64, memory: i64, required: bool) -> Value {
        json!({ "max_storage": storage, "max_memory": memory, "max_bytes_required": required, "max_streams": -1 })
    }

    fn account(streams: u64, limits: &Value) -> Account {
        serde_json::from_value(json!({ "streams": streams, "limits": limits, "api": {} })).unwrap()
    }

    #[test]
    fn without_a_limit_every_bucket_passes() {
        let unlimited = account(9, &limits(-1, -1, false));
        let kept = Account { keeps: true, ..account(9, &limits(1, 1, false)) };
        for takes in [FILE, Takes { replicas: 3, ..FILE }, Takes { is_in_memory: true, ..FILE }] {
            assert_eq!(unlimited.check(takes, &[]), Ok(()));
            assert_eq!(kept.check(takes, &[]), Ok(()), "a server that leaves what it cannot replace");
        }
        // That of the other kind of storage is none.
        assert_eq!(account(1, &limits(-1, 10, false)).check(FILE, &[]), Ok(()));
        assert_eq!(
            account(1, &limits(10, -1, false)).check(Takes { is_in_memory: true, ..FILE }, &[]),
            Ok(())
        );
    }

    #[test]
    fn a_limit_that_can_come_first_is_refused_until_its_risk_is_accepted() {
        let of = |max_bytes, replicas| Takes { replicas, max_bytes, ..FILE };
        let in_memory = Takes { is_in_memory: true, max_bytes: 400, ..FILE };
        for (streams, limits, takes, passes) in [
            (1, limits(1_000, -1, false), of(-1, 1), false),
            (1, limits(1_000, -1, false), of(0, 1), false),
            (1, limits(0, -1, false), of(-1, 1), false),
            (0, limits(1_000, -1, false), of(1_000, 1), true),
            (1, limits(1_000, -1, false), of(1_000, 1), true),
            (1, limits(1_000, -1, false), of(1_001, 1), false),
            (1, limits(1_000, -1, false), of(333, 3), true),
            (1, limits(1_000, -1, false), of(334, 3), false),
            (1, limits(1_000, -1, false), of(i64::MAX, 3), false),
            // Another stream can use up what is left.
            (2, limits(1_000, -1, false), of(400, 1), false),
            (2, limits(1_000, -1, true), of(400, 1), true),
            (1, limits(-1, 300, false), in_memory, false),
            (1, limits(-1, 400, false), in_memory, true),
        ] {
            let account = account(streams, &limits);
            let checked = account.check(takes, &[Risk::Copies]);
            assert_eq!(checked.is_ok(), passes, "{streams} {limits} {takes:?}");
            assert!(checked.err().is_none_or(|refused| refused.risk == Some(Risk::AccountLimit)));
            assert_eq!(account.check(takes, &[Risk::AccountLimit]), Ok(()));
        }
    }

    #[test]
    fn the_tier_of_the_buckets_replicas_counts() {
        let account: Account = serde_json::from_value(json!({
            "streams": 3, "limits": limits(0, 0, false),
            "tiers": {
                "R1": { "streams": 2, "limits": limits(-1, -1, false) },
                "R3": { "streams": 1, "limits": limits(1_000, -1, false) },
            },
        }))
        .unwrap();
        assert_eq!(account.check(FILE, &[]), Ok(()));
        let three = Takes { replicas: 3, ..FILE };
        assert!(account.check(three, &[]).is_err());
        assert_eq!(account.check(Takes { max_bytes: 1_000, ..three }, &[]), Ok(()));
        // No tier takes it.
        assert!(account.check(Takes { replicas: 2, ..FILE }, &[]).is_err());
    }
}
