//! Whose a prefix is, and in which form records are under it.

use redis::{Value, cmd};

use super::RedisStore;
use super::error::RedisError;

/// The form of what is stored: a hash for each record, with fields `d` and `v`. What reads another one comes here.
const SCHEMA: u64 = 1;

const CLAIM: &str = include_str!("schema.lua");

/// Claims the prefix if nobody has; ten at once do so one after the other, since a script runs alone.
pub(super) async fn claim(store: &RedisStore) -> Result<(), RedisError> {
    let key = format!("{}:schema", store.options.prefix);
    let mut question = cmd("EVAL");
    question.arg(CLAIM).arg(1).arg(&key).arg(SCHEMA);
    let note = match store.one(question).await {
        Err(RedisError::Refused { code, .. }) if &*code == "WRONGTYPE" => None,
        Err(failed) => return Err(failed),
        Ok(answer) => read(answer),
    };
    match note {
        None => Err(RedisError::ForeignObject { key: key.into() }),
        Some(found) if found > SCHEMA => Err(RedisError::NewerSchema { found, known: SCHEMA }),
        Some(_) => Ok(()),
    }
}

/// The schema, if the note is ours.
fn read(answer: Value) -> Option<u64> {
    let (application, schema): (String, String) = redis::from_redis_value(answer).ok()?;
    (application == "pinlatch").then(|| schema.parse().ok()).flatten().filter(|schema| *schema > 0)
}
