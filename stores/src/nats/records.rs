//! Records as entries of the bucket.

use std::time::Duration;

use async_nats::HeaderMap;
use async_nats::jetstream::context::PublishError;
use async_nats::jetstream::message::{PublishMessage, StreamMessage};
use async_nats::jetstream::publish::PublishAck;
use async_nats::jetstream::stream::Stream;
use futures_util::StreamExt;
use pinlatch::account::Event;
use pinlatch::host::{Expect, Key, Loaded, Store, Swap, Version};
use pinlatch::id::PersonId;
use tokio::time::{Instant, timeout};

use super::connections::Link;
use super::error::NatsError;
use super::{NatsStore, classify, schema};

/// What the key-value convention puts on an entry that says "there is nothing any more".
const OPERATION: &str = "KV-Operation";
const PURGED: &str = "PURGE";
/// What a server puts on one that it wrote itself.
const MARKER: &str = "Nats-Marker-Reason";
/// Replaces the history of the entry as well.
const ROLLUP: (&str, &str) = ("Nats-Rollup", "sub");

/// A bucket and the way to it.
#[derive(Clone, Debug)]
pub(super) struct Bucket {
    pub(super) link: Link,
    name: String,
}

impl Bucket {
    pub(super) fn new(link: Link, name: &str) -> Self {
        Self { link, name: name.to_owned() }
    }

    pub(super) fn stream_name(&self) -> String {
        format!("KV_{}", self.name)
    }

    pub(super) fn subject(&self, key: &str) -> String {
        format!("$KV.{}.{key}", self.name)
    }

    /// The newest entry under a key, removed ones included. Asked of the stream's leader, never by a direct get;
    /// once more on a new connection if the first one broke.
    pub(super) async fn last(
        &self,
        deadline: Instant,
        key: &str,
    ) -> Result<Option<StreamMessage>, NatsError> {
        match self.last_once(deadline, key).await {
            Err(error) if error.is_without_answer() && Instant::now() < deadline => {
                self.last_once(deadline, key).await
            }
            answered => answered,
        }
    }

    async fn last_once(&self, deadline: Instant, key: &str) -> Result<Option<StreamMessage>, NatsError> {
        let stream: Stream<()> =
            self.link.context.get_stream_no_info(self.stream_name()).await.map_err(NatsError::refused)?;
        let subject = self.subject(key);
        match self.link.ask(deadline, stream.get_last_raw_message_by_subject(&subject)).await? {
            Ok(entry) => Ok(Some(entry)),
            Err(error) if schema::says_nothing_there(&error) => Ok(None),
            Err(error) => Err(NatsError::refused(error)),
        }
    }

    /// Sends a write, once.
    pub(super) async fn send(
        &self,
        deadline: Instant,
        key: &str,
        write: PublishMessage,
    ) -> Result<Result<PublishAck, PublishError>, NatsError> {
        // Another stream that listens to this subject answers as well, and then says that it is not this one.
        let write = write.expected_stream(self.stream_name());
        let publish = async { self.link.context.send_publish(self.subject(key), write).await?.await };
        self.link.ask(deadline, publish).await
    }

    /// Sends a write that compares, once.
    async fn write(
        &self,
        deadline: Instant,
        key: &Key,
        at: u64,
        write: PublishMessage,
    ) -> Result<Swap, NatsError> {
        let write = write.expected_last_subject_sequence(at);
        match self.send(deadline, key.as_str(), write).await {
            Ok(answer) => classify::swap(answer),
            Err(NatsError::NoAnswer(_)) => Ok(Swap::Unknown),
            Err(error) => Err(error),
        }
    }

    /// What a create finds where there was a record once: the sequence of the entry that says "removed".
    async fn removed_at(&self, deadline: Instant, key: &Key) -> Result<Option<u64>, NatsError> {
        let last = self.last(deadline, key.as_str()).await?;
        Ok(last.filter(|entry| is_removed(&entry.headers)).map(|entry| entry.sequence))
    }

    /// Removes an entry and what says so; for a key that nobody uses.
    pub(super) async fn forget(&self, key: &Key) -> Result<(), NatsError> {
        let stream: Stream<()> =
            self.link.context.get_stream_no_info(self.stream_name()).await.map_err(NatsError::refused)?;
        let purge = async { stream.purge().filter(self.subject(key.as_str())).await };
        let purged = self.link.ask(self.link.deadline(), purge).await?;
        // A bucket may deny purges. Then what says "removed" stays, which is nobody's record.
        if purged.is_err() {
            self.remove(key).await?;
        }
        Ok(())
    }

    async fn remove(&self, key: &Key) -> Result<bool, NatsError> {
        let deadline = self.link.deadline();
        loop {
            let last = self.last(deadline, key.as_str()).await?;
            let Some(found) = last.filter(|entry| !is_removed(&entry.headers)) else { return Ok(false) };
            let removed = PublishMessage::build().header(OPERATION, PURGED).header(ROLLUP.0, ROLLUP.1);
            match self.write(deadline, key, found.sequence, removed).await? {
                Swap::Applied(_) => return Ok(true),
                // Somebody wrote in between: what is there now goes.
                Swap::Conflict if Instant::now() < deadline => {}
                Swap::Conflict | Swap::Unknown => return Err(NatsError::NoAnswer(self.link.patience)),
            }
        }
    }

    /// The keys of all records. Each next one is waited for as long as `patience`.
    async fn keys(&self, patience: Duration) -> Result<Vec<Key>, NatsError> {
        let silent = |_| NatsError::NoAnswer(patience);
        let bucket = self.link.context.get_key_value(&self.name);
        let bucket = self.link.ask(self.link.deadline(), bucket).await?.map_err(NatsError::refused)?;
        let mut keys =
            self.link.ask(self.link.deadline(), bucket.keys()).await?.map_err(NatsError::refused)?;
        let mut found = Vec::new();
        while let Some(key) = timeout(patience, keys.next()).await.map_err(silent)? {
            found.extend(Key::parse(&key.map_err(NatsError::refused)?));
        }
        found.sort_unstable();
        // One that was written during the listing may come twice.
        found.dedup();
        Ok(found)
    }
}

impl Store for NatsStore {
    type Error = NatsError;

    async fn load(&self, key: &Key) -> Result<Option<Loaded>, NatsError> {
        let last = self.bucket.last(self.bucket.link.deadline(), key.as_str()).await?;
        Ok(last.filter(|entry| !is_removed(&entry.headers)).map(|entry| Loaded {
            bytes: entry.payload.into(),
            version: Version::from_number(entry.sequence),
        }))
    }

    async fn compare_and_swap(
        &self,
        key: &Key,
        expect: Expect,
        bytes: Vec<u8>,
        _: &[Event],
    ) -> Result<Swap, NatsError> {
        let deadline = self.bucket.link.deadline();
        let record = PublishMessage::build().payload(bytes.into());
        let at = match expect {
            Expect::Absent => 0,
            // To NATS it says "nothing is there". No write ever gave it.
            Expect::At(version) if version.number() == 0 => return Ok(Swap::Conflict),
            Expect::At(version) => version.number(),
        };
        let swap = self.bucket.write(deadline, key, at, record.clone()).await?;
        if (expect, swap) != (Expect::Absent, Swap::Conflict) {
            return Ok(swap);
        }
        // The first write was surely not made, so this is no repetition of one.
        match self.bucket.removed_at(deadline, key).await? {
            Some(at) => self.bucket.write(deadline, key, at, record).await,
            None => Ok(Swap::Conflict),
        }
    }
}

impl NatsStore {
    /// Everybody whose facts are kept here, by number: what a page that lists people begins with. One pass over
    /// the names of all records.
    ///
    /// # Errors
    /// [`NatsError`].
    pub async fn people(&self) -> Result<Vec<PersonId>, NatsError> {
        self.owners(Key::person).await
    }

    /// Everybody who has an account here, by number: what a job goes through that
    /// [reassesses](pinlatch::gate::Gate::reassess) or [delivers](pinlatch::gate::Gate::deliver_events), and a scan
    /// of the records. One pass over the names of all records.
    ///
    /// # Errors
    /// [`NatsError`].
    pub async fn accounts(&self) -> Result<Vec<PersonId>, NatsError> {
        self.owners(Key::account).await
    }

    async fn owners(&self, kind: fn(PersonId) -> Key) -> Result<Vec<PersonId>, NatsError> {
        let keys = self.bucket.keys(self.bucket.link.patience).await?;
        Ok(keys.iter().filter(|key| **key == kind(key.owner())).map(Key::owner).collect())
    }

    /// Removes what is known of a person, and says whether there was anything. The account stays: it is
    /// [erased](pinlatch::gate::Gate::erase) by the gate, which leaves a tombstone. Changes that still wait for
    /// the journal go with the facts: [deliver](pinlatch::gate::Gate::deliver_changes) them first. The key stays
    /// in the bucket with an empty entry that says "removed".
    ///
    /// # Errors
    /// [`NatsError`]; after [`NatsError::NoAnswer`] they may be gone or not.
    pub async fn remove_facts(&self, person: PersonId) -> Result<bool, NatsError> {
        self.bucket.remove(&Key::person(person)).await
    }
}

fn is_removed(headers: &HeaderMap) -> bool {
    headers.get(OPERATION).is_some_and(|said| said.as_str() != "PUT") || headers.get(MARKER).is_some()
}
