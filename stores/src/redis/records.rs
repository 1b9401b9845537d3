//! Accounts and people: a hash under each key, with the bytes in `d` and the version in `v`.
//!
//! **Versions are drawn by the client, 64 random bits,** and not counted by the server. A counter would
//! come back with a restored snapshot, and with a replica that takes over without the last writes: then it gives a
//! version again that somebody still holds, and that one's stale write is applied. It would be a second key
//! as well, in the same slot of a cluster and never to be deleted. Drawn, the same version comes
//! again under one key with a probability of writes / 2⁶⁴, whatever was deleted, restored or lost.

use pinlatch::account::Event;
use pinlatch::host::{Expect, Key, Loaded, Randomness, Store, Swap, SystemRandomness, Version};
use redis::{Pipeline, Value, pipe};
use tokio::time::Instant;

use super::doubts::Since;
use super::error::RedisError;
use super::settings::Risk;
use super::{RedisStore, accepted, answers, classify};

/// One EVAL and not EVALSHA, which has to be sent again where the server does not know the script yet.
const SWAP: &str = include_str!("swap.lua");
const TOUCH: &str = include_str!("touch.lua");

impl Store for RedisStore {
    type Error = RedisError;

    async fn load(&self, key: &Key) -> Result<Option<Loaded>, RedisError> {
        let until = self.deadline();
        match self.read(key, until).await {
            // The connection broke, and time is left: once more, on a new one.
            Err(RedisError::NoAnswer(_)) if Instant::now() < until => self.read(key, until).await,
            read => read,
        }
    }

    async fn compare_and_swap(
        &self,
        key: &Key,
        expect: Expect,
        bytes: Vec<u8>,
        _: &[Event],
    ) -> Result<Swap, RedisError> {
        let expected = match expect {
            Expect::Absent => "absent".to_owned(),
            Expect::At(version) => version.number().to_string(),
        };
        let version = drawn()?;
        let mut commands = pipe();
        commands.cmd("EVAL").arg(SWAP).arg(1).arg(self.name(key));
        commands.arg(expected).arg(version.number().to_string()).arg(bytes);
        self.and_wait(&mut commands);
        // Before it is sent: whoever drops this future in the middle leaves the doubt behind.
        let doubt = (self.options.replicas > 0).then(|| self.doubts.add(key, expect));
        let asked = self.swaps.ask(&commands, self.deadline()).await;
        let swapped = classify::swap(asked, version, self.options.replicas);
        if !matches!(swapped, Ok(Swap::Unknown))
            && let Some(doubt) = doubt
        {
            self.doubts.take_back(key, doubt);
        }
        swapped
    }
}

impl RedisStore {
    async fn read(&self, key: &Key, until: Instant) -> Result<Option<Loaded>, RedisError> {
        if let Some(since) = self.doubts.of(key) {
            return self.read_acknowledged(key, since, until).await;
        }
        let mut commands = pipe();
        commands.cmd("HMGET").arg(self.name(key)).arg("d").arg("v").cmd("ROLE");
        let [found, role] = answers(self.loads.ask(&commands, until).await)?;
        self.is_primary(role)?;
        self.record(key, found)
    }

    /// What is there once enough replicas have it.
    async fn read_acknowledged(
        &self,
        key: &Key,
        since: Since,
        until: Instant,
    ) -> Result<Option<Loaded>, RedisError> {
        let mut commands = pipe();
        commands.cmd("EVAL").arg(TOUCH).arg(1).arg(self.name(key));
        self.and_wait(&mut commands);
        let [found, acknowledged] = answers(self.swaps.ask(&commands, until).await)?;
        let (found, wanted) = (self.record(key, found)?, self.options.replicas);
        let acknowledged = classify::acknowledged(Some(&acknowledged));
        if acknowledged < wanted {
            return Err(RedisError::NotAcknowledged { found: acknowledged, wanted });
        }
        self.doubts.settle(key, since, found.as_ref());
        Ok(found)
    }

    /// On the connection of the write, in the same request: `WAIT` is about what its own connection wrote.
    fn and_wait(&self, commands: &mut Pipeline) {
        if self.options.replicas > 0 {
            // 0 would be for ever.
            let millis = self.options.patience.mul_f64(0.6).as_millis().max(1);
            commands.cmd("WAIT").arg(self.options.replicas).arg(u64::try_from(millis).unwrap_or(u64::MAX));
        }
    }

    /// A primary that was made a replica goes on answering, from what it was told up to then. Asked after the
    /// record, in the same request.
    fn is_primary(&self, role: Value) -> Result<(), RedisError> {
        let role = match accepted(role) {
            // Forbidden, and the host knows: then the server is what it was on opening.
            Err(RedisError::Refused { .. }) if self.options.accepts(Risk::SettingsUnread) => return Ok(()),
            role => role?,
        };
        let Value::Array(mut told) = role else { return Err(RedisError::Unreadable) };
        let first = told.drain(..).next().ok_or(RedisError::Unreadable)?;
        match redis::from_redis_value::<String>(first) {
            Ok(role) if role == "master" => Ok(()),
            Ok(role) => Err(RedisError::NotPrimary { role: role.into() }),
            Err(_) => Err(RedisError::Unreadable),
        }
    }

    fn record(&self, key: &Key, answer: Value) -> Result<Option<Loaded>, RedisError> {
        let foreign = || RedisError::ChangedByHand { key: format!("{}:{key:?}", self.options.prefix).into() };
        let answer = match accepted(answer) {
            Err(RedisError::Refused { code, .. }) if &*code == "WRONGTYPE" => return Err(foreign()),
            answer => answer?,
        };
        let Value::Array(fields) = answer else { return Err(RedisError::Unreadable) };
        match <[Value; 2]>::try_from(fields) {
            // A hash without both fields reads as absent here, and a swap finds it: `Conflict`.
            Ok([Value::Nil, Value::Nil]) => Ok(None),
            Ok([Value::BulkString(bytes), Value::BulkString(number)]) => {
                let version = version(&number).ok_or_else(foreign)?;
                Ok(Some(Loaded { bytes, version }))
            }
            Ok([Value::Nil | Value::BulkString(_), Value::Nil | Value::BulkString(_)]) => Err(foreign()),
            _ => Err(RedisError::Unreadable),
        }
    }
}

/// Only the text that a swap writes: what reads as the same number and is another text would never compare equal.
fn version(text: &[u8]) -> Option<Version> {
    let text = core::str::from_utf8(text).ok()?;
    let number: u64 = text.parse().ok()?;
    (number.to_string() == text).then_some(Version::from_number(number))
}

fn drawn() -> Result<Version, RedisError> {
    let mut number = [0; 8];
    SystemRandomness.fill(&mut number).map_err(|_| RedisError::Randomness)?;
    Ok(Version::from_number(u64::from_ne_bytes(number)))
}
