//! A record of our own, written on opening to see what the server does with it.

use pinlatch::host::{Randomness, SystemRandomness};
use redis::{Value, pipe};

use super::RedisStore;
use super::error::{RedisError, Said};
use crate::probe::{self, Failed};

/// `PTTL` of a key that never expires.
const NEVER: i64 = -1;

/// Tries a stale write, and whether what is written expires. The record is removed, whatever came out.
pub(super) async fn hold(store: &RedisStore) -> Result<(), RedisError> {
    let mut drawn = [0; 16];
    SystemRandomness.fill(&mut drawn).map_err(|_| RedisError::Randomness)?;
    let key = probe::key(u128::from_ne_bytes(drawn));
    let tried = probe::stale_write(store, &key, store.options.patience).await;
    let name = store.name(&key);
    let mut last = pipe();
    last.cmd("PTTL").arg(&name).cmd("DEL").arg(&name);
    let removed = store.swaps.ask(&last, store.deadline()).await;
    match tried {
        Err(Failed::Store(error)) => return Err(error),
        Err(Failed::Found(found)) => return Err(RedisError::Untrustworthy(found)),
        Err(Failed::Unanswered) => {
            return Err(RedisError::NoAnswer(Box::new(Said("not whether it had written".into()))));
        }
        Ok(()) => {}
    }
    let [expiry, removed] = super::answers(removed)?;
    super::accepted(removed)?;
    if expiry == Value::Int(NEVER) { Ok(()) } else { Err(RedisError::Expires) }
}
