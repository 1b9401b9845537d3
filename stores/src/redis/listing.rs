//! Who is kept here, and the removal of facts.

use std::collections::BTreeSet;

use pinlatch::host::Key;
use pinlatch::id::PersonId;
use redis::{Value, cmd};

use super::RedisStore;
use super::error::RedisError;

/// How many keys the server looks at for one question: some 0.3 ms, in which it does nothing else.
const AT_ONCE: u32 = 1000;

impl RedisStore {
    /// Everybody whose facts are kept here, by number: what a page that lists people begins with.
    ///
    /// It goes through every key of the database, other people's too, a thousand for each turn (`SCAN`, never
    /// `KEYS`). Who was there from its beginning to its end is in it; who came or went meanwhile may be. Each turn
    /// has patience of its own.
    ///
    /// # Errors
    /// The server could not be asked to the end.
    pub async fn people(&self) -> Result<Vec<PersonId>, RedisError> {
        self.owners("p-").await
    }

    /// Everybody who has an account here, by number: what a job goes through that
    /// [reassesses](pinlatch::gate::Gate::reassess) or [delivers](pinlatch::gate::Gate::deliver_events), and a scan
    /// of the records. It asks as [`people`](Self::people) does.
    ///
    /// # Errors
    /// The server could not be asked to the end.
    pub async fn accounts(&self) -> Result<Vec<PersonId>, RedisError> {
        self.owners("a-").await
    }

    /// Removes what is known of a person, and says whether there was anything. The account stays: it is
    /// [erased](pinlatch::gate::Gate::erase) by the gate, which leaves a tombstone. Changes that still wait for
    /// the journal go with the facts: [deliver](pinlatch::gate::Gate::deliver_changes) them first.
    ///
    /// # Errors
    /// Nothing was removed; after [`NoAnswer`](RedisError::NoAnswer) it may have been.
    pub async fn remove_facts(&self, person: PersonId) -> Result<bool, RedisError> {
        let mut removal = cmd("DEL");
        removal.arg(self.name(&Key::person(person)));
        match self.one(removal).await? {
            Value::Int(removed) => Ok(removed > 0),
            _ => Err(RedisError::Unreadable),
        }
    }

    async fn owners(&self, kind: &str) -> Result<Vec<PersonId>, RedisError> {
        let before = format!("{}:", self.options.prefix);
        let pattern = format!("{before}{kind}*");
        // A key may come more than once.
        let mut owners = BTreeSet::new();
        let mut cursor = "0".to_owned();
        loop {
            let mut question = cmd("SCAN");
            question.arg(&cursor).arg("MATCH").arg(&pattern).arg("COUNT").arg(AT_ONCE);
            let answer = self.one(question).await?;
            let keys: Vec<Vec<u8>>;
            (cursor, keys) = redis::from_redis_value(answer).map_err(|_| RedisError::Unreadable)?;
            let texts = keys.iter().filter_map(|key| core::str::from_utf8(key).ok());
            let ours = texts.filter_map(|key| Key::parse(key.strip_prefix(&before)?));
            owners.extend(ours.map(|key| key.owner()));
            if cursor == "0" {
                return Ok(owners.into_iter().collect());
            }
        }
    }
}
