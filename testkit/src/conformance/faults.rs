//! The checks of one call that goes wrong, or is met by another in the middle: each needs a hook of
//! the fixture; without it they are unproven.

use super::async_fixture::AsyncFixture;
use super::hooks::Hooks;
use super::probe::{Checked, ensure, holds, key, load, refused, swap, write};
use super::rival::Rival;
use pinlatch::host::{Expect, Store, Swap};

pub(super) async fn a_lost_reply_is_unknown<F: AsyncFixture>(fixture: &Hooks<'_, F>) -> Checked {
    let store = fixture.fresh().await?;
    let first = write(&store, &key(1), Expect::Absent, b"before").await?;
    fixture.lose_next_reply(&store).await?;
    let answer = answer(&store, Expect::At(first), b"after").await;
    // `Conflict` is what a client that retries by itself may say; the gate looks for its own write.
    let honest = matches!(answer, Some(Swap::Unknown | Swap::Conflict));
    ensure(honest, &format!("a write whose reply was lost was answered {}", said(answer)))?;
    holds(&store, &key(1), b"after", "the hook lost the write itself, not its reply").await
}

pub(super) async fn a_lost_request_is_not_applied<F: AsyncFixture>(fixture: &Hooks<'_, F>) -> Checked {
    let store = fixture.fresh().await?;
    let first = write(&store, &key(1), Expect::Absent, b"before").await?;
    fixture.lose_next_request(&store).await?;
    let answer = answer(&store, Expect::At(first), b"after").await;
    let honest = matches!(answer, None | Some(Swap::Unknown | Swap::Conflict));
    ensure(honest, &format!("a write that got lost on its way was answered {}", said(answer)))?;
    holds(&store, &key(1), b"before", "a write that got lost on its way is there").await?;
    write(&store, &key(1), Expect::At(first), b"again").await.map(|_| ())
}

pub(super) async fn nothing_comes_between_compare_and_write<F: AsyncFixture>(
    fixture: &Hooks<'_, F>,
) -> Checked {
    let store = fixture.fresh().await?;
    meets_a_rival(fixture, &store, 1, Expect::Absent).await?;
    let first = write(&store, &key(2), Expect::Absent, b"before").await?;
    meets_a_rival(fixture, &store, 2, Expect::At(first)).await
}

/// Two writes with the same expectation, the second in the middle of the first.
async fn meets_a_rival<F: AsyncFixture>(
    fixture: &Hooks<'_, F>,
    store: &F::Store,
    number: u128,
    expect: Expect,
) -> Checked {
    let key = key(number);
    let (rival, rivals_answer) = Rival::new(key, expect, b"the rival's");
    fixture.interrupt_next_swap(store, rival).await?;
    let own = store.compare_and_swap(&key, expect, b"our own".into(), &[]).await.ok();
    let rivals = rivals_answer.of_the_rival();
    ensure(rivals.is_some(), "the hook did not let the rival write, or its write failed")?;
    let record = load(store, &key).await?.map(|loaded| loaded.bytes);
    let holds = |wanted: &[u8]| record.as_deref() == Some(wanted);
    match (own, rivals) {
        (Some(Swap::Applied(_)), Some(Swap::Applied(_))) => {
            ensure(false, "a write came between the comparison and the write, and both were answered Applied")
        }
        (Some(Swap::Applied(_)), _) => ensure(holds(b"our own"), "an applied write is not in the record"),
        (_, Some(Swap::Applied(_))) => {
            ensure(holds(b"the rival's"), "a write that was not answered Applied overwrote one that was")
        }
        _ => ensure(false, "of two writes that met, neither was applied"),
    }
}

pub(super) async fn a_load_is_of_one_moment<F: AsyncFixture>(fixture: &Hooks<'_, F>) -> Checked {
    let store = fixture.fresh().await?;
    let first = write(&store, &key(1), Expect::Absent, b"old").await?;
    let (rival, answer) = Rival::new(key(1), Expect::At(first), b"new");
    fixture.interrupt_next_load(&store, rival).await?;
    let Some(loaded) = load(&store, &key(1)).await? else {
        return ensure(false, "a load that met a write found nothing");
    };
    let Some(Swap::Applied(second)) = answer.of_the_rival() else {
        return ensure(false, "the hook did not let the rival write, or its write was refused");
    };
    let of_one_moment = [(&b"old"[..], first), (b"new", second)];
    ensure(
        of_one_moment.contains(&(&loaded.bytes, loaded.version)),
        "a load that met a write gave the bytes of one version and the number of another",
    )
}

pub(super) async fn a_write_is_whole_or_not_at_all<F: AsyncFixture>(fixture: &Hooks<'_, F>) -> Checked {
    let store = fixture.fresh().await?;
    let (old, new) = (vec![0xaa; 100_000], vec![0x55; 150_000]);
    let first = write(&store, &key(1), Expect::Absent, &old).await?;
    fixture.stop_next_swap_half_way(&store).await?;
    let answer = answer(&store, Expect::At(first), &new).await;
    fixture.take_word_if_applied("stop_next_swap_half_way", answer);
    let store = fixture.crash_and_reopen(store).await?;
    let Some(loaded) = load(&store, &key(1)).await? else {
        return ensure(false, "the record is gone after a write that stopped half-way");
    };
    let kept = loaded.bytes == old && loaded.version == first;
    let written = loaded.bytes == new && loaded.version != first;
    ensure(kept || written, "after a write that stopped half-way the record is a mixture of two")?;
    match answer {
        Some(Swap::Applied(_)) => ensure(written, "a write that stopped half-way was answered Applied")?,
        None => ensure(kept, "a write that happened was answered by an error")?,
        Some(Swap::Conflict | Swap::Unknown) => {}
    }
    if kept {
        return write(&store, &key(1), Expect::At(first), &new).await.map(|_| ());
    }
    refused(&store, &key(1), Expect::At(first), b"stale").await
}

pub(super) async fn a_store_that_is_down_says_so<F: AsyncFixture>(fixture: &Hooks<'_, F>) -> Checked {
    let store = fixture.fresh().await?;
    let first = write(&store, &key(1), Expect::Absent, b"before").await?;
    fixture.go_down(&store).await?;
    match store.load(&key(1)).await {
        Err(_) => {}
        Ok(None) => ensure(false, "a record that could not be read was loaded as absent")?,
        Ok(Some(_)) => ensure(false, "a store that is down answered a load, so from memory")?,
    }
    let answer = answer(&store, Expect::At(first), b"after").await;
    let honest = !matches!(answer, Some(Swap::Applied(_)));
    ensure(honest, &format!("a store that is down answered a write {}", said(answer)))
}

/// The answer to a write; `None` for an error, which says that surely nothing was written.
async fn answer<S: Store>(store: &S, expect: Expect, bytes: &[u8]) -> Option<Swap> {
    swap(store, &key(1), expect, bytes).await.ok()
}

fn said(answer: Option<Swap>) -> String {
    answer.map_or("by an error, which means: surely not written".into(), |answer| format!("{answer:?}"))
}
