//! The checks with another handle, a crash, a delete, a clock or a long history: each needs a hook
//! of the fixture; without it they are unproven.

use super::super::spans::{days, hours, minutes};
use super::async_fixture::AsyncFixture;
use super::hooks::Hooks;
use super::probe::{Checked, ensure, holds, key, load, refused, swap, write};
use pinlatch::host::{Expect, Store, Swap, Version};
use pinlatch::time::Timestamp;

/// 2026-11-22T11:00:00Z
const ELEVEN: Timestamp = Timestamp::from_unix_seconds(1_795_345_200);

/// Both handles load before each write and after it: whatever a handle remembers, it has by then, and
/// whatever its own writes make it forget is remembered again.
pub(super) async fn another_handle_sees_every_write<F: AsyncFixture>(fixture: &Hooks<'_, F>) -> Checked {
    let store = fixture.fresh().await?;
    let other = fixture.another(&store).await?;
    for handle in [&store, &other] {
        ensure(load(handle, &key(1)).await?.is_none(), "a fresh store has a record")?;
    }
    let first = write(&store, &key(1), Expect::Absent, b"first").await?;
    both_give(&store, &other, b"first").await?;
    let second = write(&other, &key(1), Expect::At(first), b"second").await?;
    both_give(&other, &store, b"second").await?;
    refused(&store, &key(1), Expect::At(first), b"stale").await?;
    refused(&store, &key(1), Expect::Absent, b"again").await?;
    both_give(&store, &other, b"second").await?;
    write(&store, &key(1), Expect::At(second), b"third").await?;
    both_give(&store, &other, b"third").await
}

/// A load of the handle that wrote last, and one of the other.
async fn both_give<S: Store>(writer: &S, other: &S, wanted: &[u8]) -> Checked {
    holds(writer, &key(1), wanted, "a handle does not give what it wrote itself").await?;
    holds(other, &key(1), wanted, "a handle gives an old record after another handle's write").await
}

/// No load comes before the stale writes: what a handle remembers must not count.
pub(super) async fn another_handles_write_makes_ours_stale<F: AsyncFixture>(
    fixture: &Hooks<'_, F>,
) -> Checked {
    let store = fixture.fresh().await?;
    let other = fixture.another(&store).await?;
    let first = write(&store, &key(1), Expect::Absent, b"first").await?;
    write(&other, &key(1), Expect::At(first), b"the other's").await?;
    let answer = swap(&store, &key(1), Expect::At(first), b"stale").await?;
    ensure(
        answer == Swap::Conflict,
        &format!("a write at a version that another handle had replaced was answered {answer:?}"),
    )?;
    holds(&other, &key(1), b"the other's", "it overwrote the other handle's record").await?;
    ensure(load(&store, &key(2)).await?.is_none(), "a key that was never written has a record")?;
    write(&other, &key(2), Expect::Absent, b"the other's").await?;
    let answer = swap(&store, &key(2), Expect::Absent, b"again").await?;
    ensure(
        answer == Swap::Conflict,
        &format!("creating what another handle had created since was answered {answer:?}"),
    )?;
    holds(&other, &key(2), b"the other's", "it overwrote the other handle's record").await
}

pub(super) async fn an_applied_write_survives_a_crash<F: AsyncFixture>(fixture: &Hooks<'_, F>) -> Checked {
    let store = fixture.fresh().await?;
    let first = write(&store, &key(1), Expect::Absent, b"first").await?;
    let second = write(&store, &key(1), Expect::At(first), b"second").await?;
    write(&store, &key(2), Expect::Absent, b"another").await?;
    let store = fixture.crash_and_reopen(store).await?;
    holds(&store, &key(1), b"second", "a write that was answered Applied is gone after a crash").await?;
    holds(&store, &key(2), b"another", "a record that was answered Applied is gone after a crash").await?;
    refused(&store, &key(1), Expect::At(first), b"stale").await?;
    let third = write(&store, &key(1), Expect::At(second), b"third").await?;
    ensure(third != first && third != second, "versions start again after a crash")
}

pub(super) async fn versions_go_on_after_a_delete<F: AsyncFixture>(fixture: &Hooks<'_, F>) -> Checked {
    let store = fixture.fresh().await?;
    let first = write(&store, &key(1), Expect::Absent, b"first life").await?;
    let second = write(&store, &key(1), Expect::At(first), b"first life, later").await?;
    fixture.delete(&store, &key(1)).await?;
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

pub(super) async fn a_stale_delete_is_refused<F: AsyncFixture>(fixture: &Hooks<'_, F>) -> Checked {
    let store = fixture.fresh().await?;
    let first = write(&store, &key(1), Expect::Absent, b"seen by the clean-up").await?;
    let second = write(&store, &key(1), Expect::At(first), b"in use again").await?;
    let deleted = fixture.delete_if_unchanged(&store, &key(1), first).await?;
    holds(&store, &key(1), b"in use again", "a delete at an old version removed the record").await?;
    ensure(!deleted, "a delete at an old version was reported as done")?;
    let deleted = fixture.delete_if_unchanged(&store, &key(1), second).await?;
    ensure(deleted, "a delete at the record's own version was refused")?;
    ensure(load(&store, &key(1)).await?.is_none(), "a deleted record is still there")
}

pub(super) async fn nothing_expires<F: AsyncFixture>(fixture: &Hooks<'_, F>) -> Checked {
    let store = fixture.fresh().await?;
    fixture.set_clock(&store, ELEVEN).await?;
    let version = write(&store, &key(1), Expect::Absent, b"kept").await?;
    let later = [
        ("90 minutes", minutes(90)),
        ("26 hours", hours(26)),
        ("40 days", days(40)),
        ("4000 days", days(4_000)),
    ];
    for (after, span) in later {
        fixture.set_clock(&store, ELEVEN.plus(span)).await?;
        let loaded = load(&store, &key(1)).await?;
        let kept = loaded.is_some_and(|loaded| loaded.bytes == b"kept" && loaded.version == version);
        ensure(kept, &format!("a record that nobody touched is gone or changed after {after}"))?;
    }
    write(&store, &key(1), Expect::At(version), b"used again").await.map(|_| ())
}

pub(super) async fn versions_do_not_follow_the_clock<F: AsyncFixture>(fixture: &Hooks<'_, F>) -> Checked {
    let noon = ELEVEN.plus(hours(1));
    let store = fixture.fresh().await?;
    let mut seen = Vec::new();
    let mut expect = Expect::Absent;
    for now in [noon, noon, ELEVEN, ELEVEN, noon] {
        fixture.set_clock(&store, now).await?;
        let version = write(&store, &key(1), expect, b"again").await?;
        ensure(
            !seen.contains(&version),
            "two writes got the same version while the clock stood still or was turned back",
        )?;
        seen.push(version);
        expect = Expect::At(version);
    }
    Ok(())
}

pub(super) async fn versions_do_not_wrap<F: AsyncFixture>(fixture: &Hooks<'_, F>) -> Checked {
    let store = fixture.fresh().await?;
    let mut seen = vec![write(&store, &key(1), Expect::Absent, b"0").await?];
    writes_get_new_versions(&store, &mut seen, 8).await?;
    for bits in [8, 16, 31, 32, 53] {
        let before_the_wrap = 1_u64.wrapping_shl(bits).saturating_sub(4);
        // A store that has come this far by itself is past this edge already.
        if seen.last().is_some_and(|last| last.number() >= before_the_wrap) {
            continue;
        }
        fixture.set_next_version(&store, before_the_wrap).await?;
        let writes_before = seen.len();
        writes_get_new_versions(&store, &mut seen, 8).await?;
        let next = seen.get(writes_before).is_some_and(|next| next.number() >= before_the_wrap);
        ensure(next, "the hook did not set the next version, or the version was cut")?;
    }
    for stale in seen.iter().rev().skip(1) {
        refused(&store, &key(1), Expect::At(*stale), b"stale").await?;
    }
    Ok(())
}

async fn writes_get_new_versions<S: Store>(store: &S, seen: &mut Vec<Version>, writes: u8) -> Checked {
    for tag in 0..writes {
        let Some(last) = seen.last().copied() else { break };
        let version = write(store, &key(1), Expect::At(last), &[tag]).await?;
        let number = version.number();
        ensure(!seen.contains(&version), &format!("a record got version {number} a second time"))?;
        seen.push(version);
    }
    Ok(())
}
