//! The few steps of which every check is made.

use pinlatch::host::{Expect, Key, Loaded, Store, Swap, Version};
use pinlatch::id::PersonId;

/// Why a check ended early.
#[derive(Debug)]
pub(super) enum Stop {
    Failed(String),
    Unproven(&'static str),
}

pub(super) type Checked = Result<(), Stop>;

/// The key of the account with this number.
pub(super) fn key(number: u128) -> Key {
    Key::account(PersonId::from_u128(number))
}

pub(super) fn ensure(holds: bool, otherwise: &str) -> Checked {
    if holds { Ok(()) } else { Err(Stop::Failed(otherwise.into())) }
}

pub(super) async fn load<S: Store>(store: &S, key: &Key) -> Result<Option<Loaded>, Stop> {
    store.load(key).await.map_err(|error| Stop::Failed(format!("a load failed: {error}")))
}

pub(super) async fn bytes<S: Store>(store: &S, key: &Key) -> Result<Option<Vec<u8>>, Stop> {
    Ok(load(store, key).await?.map(|loaded| loaded.bytes))
}

pub(super) async fn swap<S: Store>(store: &S, key: &Key, expect: Expect, bytes: &[u8]) -> Result<Swap, Stop> {
    let answer = store.compare_and_swap(key, expect, bytes.into(), &[]).await;
    answer.map_err(|error| Stop::Failed(format!("a swap failed: {error}")))
}

/// A swap that has to be applied.
pub(super) async fn write<S: Store>(
    store: &S,
    key: &Key,
    expect: Expect,
    bytes: &[u8],
) -> Result<Version, Stop> {
    match swap(store, key, expect, bytes).await? {
        Swap::Applied(version) => Ok(version),
        other => Err(Stop::Failed(format!("an uncontended write was answered {other:?}"))),
    }
}

/// Whether a store has exactly these bytes under a key.
pub(super) async fn holds<S: Store>(store: &S, key: &Key, wanted: &[u8], otherwise: &str) -> Checked {
    ensure(bytes(store, key).await?.as_deref() == Some(wanted), otherwise)
}

/// A swap that has to conflict, and leave what is there.
pub(super) async fn refused<S: Store>(store: &S, key: &Key, expect: Expect, bytes: &[u8]) -> Checked {
    let before = load(store, key).await?;
    let answer = swap(store, key, expect, bytes).await?;
    let after = load(store, key).await?;
    let trace = if after == before { "left the record alone" } else { "changed the record" };
    ensure(
        answer == Swap::Conflict && after == before,
        &format!("a write expecting {expect:?}, which was not there, was answered {answer:?} and {trace}"),
    )
}
