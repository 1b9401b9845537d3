//! Records as keys under a prefix.

use etcd_client::{Compare, CompareOp, GetOptions, KeyValue, ResponseHeader, Txn, TxnOp};
use pinlatch::account::Event;
use pinlatch::host::{Expect, Key, Loaded, Store, Swap, Version};
use pinlatch::id::PersonId;
use tokio::time::Instant;

use super::EtcdStore;
use super::classify::{self, Means};
use super::connections::Link;
use super::error::EtcdError;

/// How many keys are read at once: some 1 MiB, where gRPC takes 4 MiB.
const PAGE: i64 = 10_000;

/// What a person's number begins with, in a key. For each page etcd walks through all keys to the end of what is asked for,
/// whatever the limit is: a sixteenth at a time, that is seconds for a million people, and not an hour.
const DIGITS: &str = "0123456789abcdef";

/// A prefix and the way to it.
#[derive(Clone, Debug)]
pub(super) struct Keys {
    pub(super) link: Link,
    pub(super) prefix: String,
}

impl Keys {
    pub(super) fn of(&self, name: &str) -> String {
        format!("{}/{name}", self.prefix)
    }

    /// What is under a key, by a read that sees every write that was answered; once more on a new connection if the
    /// first one broke.
    async fn get(&self, deadline: Instant, key: &Key) -> Result<Option<KeyValue>, EtcdError> {
        match self.get_once(deadline, key).await {
            Err(error) if error.is_without_answer() && Instant::now() < deadline => {
                self.get_once(deadline, key).await
            }
            answered => answered,
        }
    }

    async fn get_once(&self, deadline: Instant, key: &Key) -> Result<Option<KeyValue>, EtcdError> {
        let key = self.of(key.as_str());
        let answer = self.link.ask(deadline, |mut client| async move { client.get(key, None).await }).await?;
        match answer {
            Ok(mut found) => Ok(found.take_kvs().into_iter().next()),
            Err(error) if classify::is_without_answer(&error) => Err(EtcdError::NoAnswer(self.link.patience)),
            Err(error) => Err(EtcdError::refused(error)),
        }
    }

    /// Writes in one transaction if the key is at this revision; 0 is a key that is not there.
    async fn put(&self, key: &Key, at: i64, bytes: Vec<u8>) -> Result<Swap, EtcdError> {
        let (deadline, name) = (self.link.deadline(), self.of(key.as_str()));
        let unchanged = Compare::mod_revision(name.clone(), CompareOp::Equal, at);
        let write = Txn::new().when([unchanged]).and_then([TxnOp::put(name, bytes, None)]);
        let sent = self.link.ask(deadline, |mut client| async move { client.txn(write).await }).await;
        let answer = match sent {
            Ok(answer) => answer.map(|done| (done.succeeded(), done.header().map(ResponseHeader::revision))),
            Err(EtcdError::NoAnswer(_)) => return Ok(Swap::Unknown),
            Err(not_sent) => return Err(not_sent),
        };
        match (classify::swap(&answer), answer) {
            (Means::Answered(swap), _) => Ok(swap),
            (Means::Refused, answer) => {
                Err(answer.map_or_else(EtcdError::refused, |_| EtcdError::AnotherProgram))
            }
            (Means::Full, answer) => match self.get(deadline, key).await {
                Ok(found) if found.as_ref().map_or(0, KeyValue::mod_revision) == at => {
                    Err(EtcdError::Full(answer.err().map(Into::into)))
                }
                _ => Ok(Swap::Unknown),
            },
        }
    }

    pub(super) async fn remove(&self, key: &Key) -> Result<bool, EtcdError> {
        let (deadline, key) = (self.link.deadline(), self.of(key.as_str()));
        let answer =
            self.link.ask(deadline, |mut client| async move { client.delete(key, None).await }).await?;
        match answer {
            Ok(removed) => Ok(removed.deleted() > 0),
            Err(error) if classify::is_without_answer(&error) => Err(EtcdError::NoAnswer(self.link.patience)),
            Err(error) => Err(EtcdError::refused(error)),
        }
    }

    /// Everybody who has a key of this kind, in pages. Each page has a patience of its own.
    async fn owners(&self, kind: &str) -> Result<Vec<PersonId>, EtcdError> {
        let mut owners = Vec::new();
        for digit in DIGITS.chars() {
            let begin = self.of(&format!("{kind}{digit}"));
            let (mut from, end) = (begin.clone(), format!("{begin}~"));
            loop {
                let options = GetOptions::new().with_range(end.clone()).with_keys_only().with_limit(PAGE);
                let start = from.clone();
                let page = self.link.ask(self.link.deadline(), |mut client| async move {
                    client.get(start, Some(options)).await
                });
                let page = page.await?.map_err(EtcdError::refused)?;
                let mut names = page.kvs().iter().filter_map(|entry| entry.key_str().ok());
                owners.extend(names.clone().filter_map(|name| self.owner(name)));
                match names.next_back() {
                    // The first name after this one.
                    Some(last) if page.more() => from = format!("{last}\0"),
                    _ => break,
                }
            }
        }
        Ok(owners)
    }

    fn owner(&self, name: &str) -> Option<PersonId> {
        let key = name.strip_prefix(&self.prefix)?.strip_prefix('/')?;
        Key::parse(key).map(|key| key.owner())
    }
}

impl Store for EtcdStore {
    type Error = EtcdError;

    async fn load(&self, key: &Key) -> Result<Option<Loaded>, EtcdError> {
        let Some(found) = self.keys.get(self.keys.link.deadline(), key).await? else { return Ok(None) };
        // Of the key, never of the answer: that is the newest of all keys.
        let version = classify::version(Some(found.mod_revision()));
        let version = version.ok_or_else(|| EtcdError::refused("a revision that is none"))?;
        Ok(Some(Loaded { bytes: found.into_key_value().1, version }))
    }

    async fn compare_and_swap(
        &self,
        key: &Key,
        expect: Expect,
        bytes: Vec<u8>,
        _: &[Event],
    ) -> Result<Swap, EtcdError> {
        match expect {
            Expect::Absent => self.keys.put(key, 0, bytes).await,
            Expect::At(version) => match revision(version) {
                Some(at) => self.keys.put(key, at, bytes).await,
                None => Ok(Swap::Conflict),
            },
        }
    }
}

/// `None` for what no write ever gave. To etcd, 0 says "nothing is there".
fn revision(version: Version) -> Option<i64> {
    i64::try_from(version.number()).ok().filter(|revision| *revision > 0)
}

impl EtcdStore {
    /// Everybody whose facts are kept here, by number: what a page that lists people begins with.
    ///
    /// # Errors
    /// [`EtcdError`].
    pub async fn people(&self) -> Result<Vec<PersonId>, EtcdError> {
        self.keys.owners("p-").await
    }

    /// Everybody who has an account here, by number: what a job goes through that
    /// [reassesses](pinlatch::gate::Gate::reassess) or [delivers](pinlatch::gate::Gate::deliver_events), and a scan
    /// of the records.
    ///
    /// # Errors
    /// [`EtcdError`].
    pub async fn accounts(&self) -> Result<Vec<PersonId>, EtcdError> {
        self.keys.owners("a-").await
    }

    /// Removes what is known of a person, and says whether there was anything. The account stays: it is
    /// [erased](pinlatch::gate::Gate::erase) by the gate, which leaves a tombstone. Changes that still wait for
    /// the journal go with the facts: [deliver](pinlatch::gate::Gate::deliver_changes) them first. What was there
    /// stays in etcd's history until it is compacted.
    ///
    /// # Errors
    /// [`EtcdError`]; after [`EtcdError::NoAnswer`] they may be gone or not.
    pub async fn remove_facts(&self, person: PersonId) -> Result<bool, EtcdError> {
        self.keys.remove(&Key::person(person)).await
    }
}
