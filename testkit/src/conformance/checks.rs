//! The deterministic checks: two holders of one version, step by step. No thread, no sleep.

use super::async_fixture::AsyncFixture;
use super::hooks::Hooks;
use super::probe::{Checked, bytes, ensure, key, load, refused, swap, write};
use pinlatch::host::{Expect, Key, Version};
use pinlatch::id::PersonId;
use pinlatch::record::MAX_RECORD_BYTES;

pub(super) async fn an_absent_record_loads_as_none<F: AsyncFixture>(fixture: &Hooks<'_, F>) -> Checked {
    let store = fixture.fresh().await?;
    ensure(load(&store, &key(1)).await?.is_none(), "a fresh store has a record")?;
    write(&store, &key(2), Expect::Absent, b"another").await?;
    ensure(load(&store, &key(1)).await?.is_none(), "a key that was never written has a record")
}

pub(super) async fn a_write_is_read_back<F: AsyncFixture>(fixture: &Hooks<'_, F>) -> Checked {
    let store = fixture.fresh().await?;
    // The handle that creates the record has seen before that there was none.
    ensure(load(&store, &key(1)).await?.is_none(), "a fresh store has a record")?;
    let mut expect = Expect::Absent;
    for round in 0..8_u8 {
        let value = [round; 5];
        let version = write(&store, &key(1), expect, &value).await?;
        let loaded = load(&store, &key(1)).await?;
        let Some(loaded) = loaded else {
            return ensure(false, "a record that was just written is not there");
        };
        ensure(loaded.bytes == value, "a load after a write gives other bytes than were written")?;
        ensure(loaded.version == version, "a load after a write gives another version than the write did")?;
        expect = Expect::At(version);
    }
    Ok(())
}

pub(super) async fn create_does_not_overwrite<F: AsyncFixture>(fixture: &Hooks<'_, F>) -> Checked {
    let store = fixture.fresh().await?;
    write(&store, &key(1), Expect::Absent, b"first").await?;
    refused(&store, &key(1), Expect::Absent, b"second").await
}

pub(super) async fn a_stale_version_is_refused<F: AsyncFixture>(fixture: &Hooks<'_, F>) -> Checked {
    let store = fixture.fresh().await?;
    let both = write(&store, &key(1), Expect::Absent, b"read by two").await?;
    write(&store, &key(1), Expect::At(both), b"the first holder's").await?;
    refused(&store, &key(1), Expect::At(both), b"the second holder's").await
}

pub(super) async fn every_older_version_is_refused<F: AsyncFixture>(fixture: &Hooks<'_, F>) -> Checked {
    let store = fixture.fresh().await?;
    let mut old = vec![write(&store, &key(1), Expect::Absent, b"0").await?];
    for round in 1..12_u8 {
        let Some(last) = old.last().copied() else { break };
        let version = write(&store, &key(1), Expect::At(last), &[round]).await?;
        for stale in &old {
            refused(&store, &key(1), Expect::At(*stale), b"stale").await?;
        }
        old.push(version);
    }
    Ok(())
}

pub(super) async fn a_version_never_made_is_refused<F: AsyncFixture>(fixture: &Hooks<'_, F>) -> Checked {
    let store = fixture.fresh().await?;
    let version = write(&store, &key(1), Expect::Absent, b"there").await?;
    let next = Version::from_number(version.number().wrapping_add(1));
    refused(&store, &key(1), Expect::At(next), b"the next one").await?;
    for bit in 0..u64::BITS {
        let other = Version::from_number(version.number() ^ 1_u64.wrapping_shl(bit));
        refused(&store, &key(1), Expect::At(other), b"never made").await?;
    }
    Ok(())
}

pub(super) async fn an_update_does_not_create<F: AsyncFixture>(fixture: &Hooks<'_, F>) -> Checked {
    let store = fixture.fresh().await?;
    let version = write(&store, &key(1), Expect::Absent, b"another's").await?;
    refused(&store, &key(2), Expect::At(version), b"revived").await?;
    refused(&store, &key(2), Expect::At(Version::from_number(0)), b"revived").await
}

pub(super) async fn versions_do_not_follow_the_bytes<F: AsyncFixture>(fixture: &Hooks<'_, F>) -> Checked {
    let store = fixture.fresh().await?;
    let first = write(&store, &key(1), Expect::Absent, b"A").await?;
    let second = write(&store, &key(1), Expect::At(first), b"B").await?;
    let third = write(&store, &key(1), Expect::At(second), b"A").await?;
    ensure(first != third, "writing the same bytes again gave an old version again")?;
    refused(&store, &key(1), Expect::At(first), b"stale").await?;
    let same = write(&store, &key(1), Expect::At(third), b"A").await?;
    ensure(same != third, "a write of the same bytes did not change the version")
}

pub(super) async fn quick_writes_get_different_versions<F: AsyncFixture>(fixture: &Hooks<'_, F>) -> Checked {
    let store = fixture.fresh().await?;
    let mut seen = vec![write(&store, &key(1), Expect::Absent, b"0").await?];
    for round in 1..300_u16 {
        let Some(last) = seen.last().copied() else { break };
        let version = write(&store, &key(1), Expect::At(last), &round.to_le_bytes()).await?;
        ensure(!seen.contains(&version), "two writes got the same version")?;
        seen.push(version);
    }
    Ok(())
}

pub(super) async fn versions_belong_to_their_key<F: AsyncFixture>(fixture: &Hooks<'_, F>) -> Checked {
    let store = fixture.fresh().await?;
    let one = write(&store, &key(1), Expect::Absent, b"one").await?;
    let other = write(&store, &key(2), Expect::Absent, b"other").await?;
    let other = write(&store, &key(2), Expect::At(other), b"other, later").await?;
    for (key, version) in [(key(1), one), (key(2), other), (key(1), one)] {
        let loaded = load(&store, &key).await?.map(|loaded| loaded.version);
        ensure(loaded == Some(version), "a load gave the version of another key's write or read")?;
    }
    write(&store, &key(1), Expect::At(one), b"one, later").await.map(|_| ())
}

pub(super) async fn keys_are_told_apart<F: AsyncFixture>(fixture: &Hooks<'_, F>) -> Checked {
    let store = fixture.fresh().await?;
    let all_but = |bit: u32| u128::MAX ^ 1_u128.wrapping_shl(bit);
    let mut keys: Vec<Key> = [0, 1, 31, 32, 63, 64, 95, 96, 126, 127].map(|bit| key(all_but(bit))).into();
    keys.push(key(u128::MAX));
    keys.push(Key::person(PersonId::from_u128(u128::MAX)));
    keys.push(key(0));
    let mut versions = Vec::new();
    for (tag, key) in (0_u8..).zip(&keys) {
        versions.push(write(&store, key, Expect::Absent, &[tag]).await?);
    }
    for (tag, key) in (0_u8..).zip(&keys) {
        let right = bytes(&store, key).await? == Some(vec![tag]);
        ensure(right, "two keys that differ in one place, or only in their kind, share a record")?;
    }
    for ((tag, key), version) in (100_u8..).zip(&keys).zip(&versions) {
        write(&store, key, Expect::At(*version), &[tag]).await?;
    }
    for (tag, key) in (100_u8..).zip(&keys) {
        ensure(bytes(&store, key).await? == Some(vec![tag]), "a write to one key changed another's record")?;
    }
    Ok(())
}

pub(super) async fn any_bytes_are_kept<F: AsyncFixture>(fixture: &Hooks<'_, F>) -> Checked {
    let store = fixture.fresh().await?;
    let every: Vec<u8> = (0..=255).collect();
    let not_text = vec![0xff, 0xfe, 0x00, 0x80, 0xc3, 0x28];
    let spaces = b" \t\r\n'\"\\%_;--\0 \r\n".to_vec();
    let zeros = vec![0; 300];
    for (number, value) in (1..).zip([every, not_text, spaces, zeros]) {
        write(&store, &key(number), Expect::Absent, &value).await?;
        let kept = bytes(&store, &key(number)).await?;
        ensure(kept == Some(value), "bytes came back changed: they passed through a text")?;
    }
    Ok(())
}

pub(super) async fn the_largest_record_is_kept<F: AsyncFixture>(fixture: &Hooks<'_, F>) -> Checked {
    let store = fixture.fresh().await?;
    let mut pattern = 0x9d_u8;
    let large: Vec<u8> = std::iter::repeat_with(|| {
        pattern = pattern.wrapping_mul(5).wrapping_add(37);
        pattern
    })
    .take(MAX_RECORD_BYTES)
    .collect();
    let version = write(&store, &key(1), Expect::Absent, b"small").await?;
    let version = write(&store, &key(1), Expect::At(version), &large).await?;
    ensure(bytes(&store, &key(1)).await?.as_ref() == Some(&large), "the largest record came back changed")?;
    write(&store, &key(1), Expect::At(version), b"short").await?;
    let short = bytes(&store, &key(1)).await?;
    ensure(short.as_deref() == Some(b"short"), "a shorter record kept the end of the longer one before it")
}

pub(super) async fn nothing_is_evicted<F: AsyncFixture>(fixture: &Hooks<'_, F>) -> Checked {
    let store = fixture.fresh().await?;
    for number in 0..600_u16 {
        write(&store, &key(number.into()), Expect::Absent, &number.to_le_bytes()).await?;
    }
    for number in 0..600_u16 {
        let kept = bytes(&store, &key(number.into())).await?;
        let whole = kept.as_deref() == Some(&number.to_le_bytes()[..]);
        ensure(whole, &format!("record {number} of 600 is gone or changed"))?;
    }
    Ok(())
}

pub(super) async fn a_refused_write_leaves_no_trace<F: AsyncFixture>(fixture: &Hooks<'_, F>) -> Checked {
    let store = fixture.fresh().await?;
    let first = write(&store, &key(1), Expect::Absent, b"kept").await?;
    let second = write(&store, &key(1), Expect::At(first), b"kept too").await?;
    let _refused = swap(&store, &key(1), Expect::At(first), b"refused").await?;
    let _refused = swap(&store, &key(1), Expect::Absent, b"refused").await?;
    let loaded = load(&store, &key(1)).await?;
    ensure(
        loaded.is_some_and(|loaded| loaded.bytes == b"kept too" && loaded.version == second),
        "a refused write changed the bytes or the version",
    )?;
    write(&store, &key(1), Expect::At(second), b"goes on").await.map(|_| ())
}

pub(super) async fn stores_are_independent<F: AsyncFixture>(fixture: &Hooks<'_, F>) -> Checked {
    let one = fixture.fresh().await?;
    write(&one, &key(1), Expect::Absent, b"mine").await?;
    let other = fixture.fresh().await?;
    ensure(load(&other, &key(1)).await?.is_none(), "a fresh store has the records of the one before")
}
