//! The checks that need a hook of the fixture; without it they are unproven.

use alloc::format;

use super::checks::holds;
use super::fixture::Fixture;
use super::probe::{Checked, Stop, ensure, hook, key, load, refused, swap, write};
use crate::host::{Expect, Swap};

pub(super) async fn another_handle_sees_every_write<F: Fixture>(fixture: &F) -> Checked {
    let store = fixture.fresh().await;
    let other = hook(fixture.another(&store).await, "another")?;
    let first = write(&store, &key(1), Expect::Absent, b"first").await?;
    holds(&other, &key(1), b"first", "a finished write is not visible to another handle").await?;
    let second = write(&other, &key(1), Expect::At(first), b"second").await?;
    holds(&store, &key(1), b"second", "a handle gives an old record after another handle's write").await?;
    refused(&store, &key(1), Expect::At(first), b"stale").await?;
    refused(&store, &key(1), Expect::Absent, b"again").await?;
    write(&store, &key(1), Expect::At(second), b"third").await?;
    holds(&other, &key(1), b"third", "a handle gives an old record after another handle's write").await
}

pub(super) async fn an_applied_write_survives_a_crash<F: Fixture>(fixture: &F) -> Checked {
    let store = fixture.fresh().await;
    let first = write(&store, &key(1), Expect::Absent, b"first").await?;
    let second = write(&store, &key(1), Expect::At(first), b"second").await?;
    write(&store, &key(2), Expect::Absent, b"another").await?;
    let store = hook(fixture.crash_and_reopen(store).await, "crash_and_reopen")?;
    holds(&store, &key(1), b"second", "a write that was answered Applied is gone after a crash").await?;
    holds(&store, &key(2), b"another", "a record that was answered Applied is gone after a crash").await?;
    refused(&store, &key(1), Expect::At(first), b"stale").await?;
    let third = write(&store, &key(1), Expect::At(second), b"third").await?;
    ensure(third != first && third != second, "versions start again after a crash")
}

pub(super) async fn versions_go_on_after_a_delete<F: Fixture>(fixture: &F) -> Checked {
    let store = fixture.fresh().await;
    let first = write(&store, &key(1), Expect::Absent, b"first life").await?;
    let second = write(&store, &key(1), Expect::At(first), b"first life, later").await?;
    if !fixture.delete(&store, &key(1)).await {
        return Err(Stop::Unproven("delete"));
    }
    ensure(load(&store, &key(1)).await?.is_none(), "a deleted record is still there")?;
    refused(&store, &key(1), Expect::At(second), b"revived").await?;
    let third = write(&store, &key(1), Expect::Absent, b"second life").await?;
    refused(&store, &key(1), Expect::At(first), b"stale").await?;
    refused(&store, &key(1), Expect::At(second), b"stale").await?;
    let fourth = write(&store, &key(1), Expect::At(third), b"second life, later").await?;
    ensure(
        ![first, second].contains(&third) && ![first, second, third].contains(&fourth),
        "versions start again after a delete",
    )
}

pub(super) async fn a_lost_reply_is_unknown<F: Fixture>(fixture: &F) -> Checked {
    let store = fixture.fresh().await;
    let first = write(&store, &key(1), Expect::Absent, b"before").await?;
    if !fixture.lose_next_reply(&store) {
        return Err(Stop::Unproven("lose_next_reply"));
    }
    let answer = store_answer(&store, Expect::At(first), b"after").await;
    // `Conflict` is what a client that retries by itself may say; the gate looks for its own write.
    let honest = matches!(answer, Some(Swap::Unknown | Swap::Conflict));
    ensure(honest, &format!("a write whose reply was lost was answered {answer:?}"))?;
    holds(&store, &key(1), b"after", "the hook lost the write itself, not its reply").await
}

pub(super) async fn a_lost_request_is_not_applied<F: Fixture>(fixture: &F) -> Checked {
    let store = fixture.fresh().await;
    let first = write(&store, &key(1), Expect::Absent, b"before").await?;
    if !fixture.lose_next_request(&store) {
        return Err(Stop::Unproven("lose_next_request"));
    }
    let answer = store_answer(&store, Expect::At(first), b"after").await;
    let honest = matches!(answer, None | Some(Swap::Unknown | Swap::Conflict));
    ensure(honest, &format!("a write that got lost on its way was answered {answer:?}"))?;
    holds(&store, &key(1), b"before", "a write that got lost on its way is there").await?;
    write(&store, &key(1), Expect::At(first), b"again").await.map(|_| ())
}

/// The answer to a write; `None` for an error, which says that surely nothing was written.
async fn store_answer<S: crate::host::Store>(store: &S, expect: Expect, bytes: &[u8]) -> Option<Swap> {
    swap(store, &key(1), expect, bytes).await.ok()
}
