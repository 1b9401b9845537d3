//! Version 2 of an account is version 1 of it, and behind that the device sessions that ended last.

use pinlatch::account::{Account, ENDED_REMEMBERED};
use pinlatch::record::{RecordError, StoredVersion};

use super::committed_in;
use super::lives::{Golden, accounts};
use crate::damage::{HEADER_BYTES, sealed};

/// The digest of a dead token, when it ended, and the number of the reason.
type Ended = ([u8; 32], Option<u64>, u8);

fn version_2() -> impl Iterator<Item = Golden> {
    accounts(StoredVersion::V2)
        .into_iter()
        .map(|golden| Golden { bytes: committed_in(golden.version, golden.name), ..golden })
}

/// What follows version 1, as the `postcard` crate reads it.
fn ended(golden: &Golden) -> Vec<Ended> {
    let version_1 = committed_in(StoredVersion::V1, golden.name);
    let tail =
        golden.bytes[HEADER_BYTES..].strip_prefix(&version_1[HEADER_BYTES..]).expect("version 1 comes first");
    postcard::from_bytes(tail).expect("a list, and nothing behind it")
}

#[test]
fn it_says_how_the_last_sessions_ended() {
    // When the files were written, the clock of the test kit read noon.
    let noon = Some(1_795_348_800_000);
    for golden in version_2() {
        let found: Vec<_> = ended(&golden).into_iter().map(|(_, at, reason)| (at, reason)).collect();
        let expected: &[_] = match golden.name {
            "logged_out" => &[(noon, 0)],
            "rich" => continue,
            _ => &[],
        };
        assert_eq!(found, expected, "{}", golden.name);
    }
}

/// `v1/rich.txt` says which they were: found modified (event 45), logged out from another device (54) and by an
/// administrator (58), and the one that made room (78). Who has left (48, 49) is not told so.
#[test]
fn of_many_that_ended_the_last_are_remembered() {
    let rich = version_2().find(|golden| golden.name == "rich").expect("a rich one");
    let reasons: Vec<u8> = ended(&rich).into_iter().map(|(.., reason)| reason).collect();
    assert_eq!(reasons.len(), ENDED_REMEMBERED);
    assert_eq!(reasons, [7, 1, 2, 8]);
}

#[test]
fn what_is_read_is_as_the_layout_says_and_nothing_else() {
    let golden = version_2().find(|golden| golden.name == "locked").expect("a locked one");
    let version_1 = committed_in(StoredVersion::V1, "locked");
    let with = |ended: &[Ended]| {
        let tail = postcard::to_allocvec(ended).expect("small");
        let body = [&version_1[HEADER_BYTES..], &tail].concat();
        Account::decode(&sealed(b"PLAC\x02\0", &body), golden.owner).map(drop)
    };
    let one = |name: u8| ([name; 32], Some(7), 0);
    assert_eq!((with(&[]), with(&[one(1), ([2; 32], None, 8)])), (Ok(()), Ok(())));
    assert_eq!(with(&[1, 2, 3, 4].map(one)), Ok(()));
    assert_eq!(with(&[1, 2, 3, 4, 5].map(one)), Err(RecordError::Corrupted), "more than are remembered");
    assert_eq!(with(&[one(1), one(1)]), Err(RecordError::Corrupted), "there twice");
    for unknown in 9..=u8::MAX {
        assert_eq!(with(&[([1; 32], None, unknown)]), Err(RecordError::Corrupted), "{unknown}");
    }
    // The digest of the token of the device that is locked: nothing is both.
    let alive = digest_of_the_device(&version_1);
    assert_eq!(with(&[(alive, None, 0)]), Err(RecordError::Corrupted));
    // Version 1 with the number of version 2, and version 2 with that of version 1.
    let body = |bytes: &[u8], like: &[u8]| {
        Account::decode(&sealed(like, &bytes[HEADER_BYTES..]), golden.owner).map(drop)
    };
    assert_eq!(body(&version_1, b"PLAC\x02\0"), Err(RecordError::Corrupted));
    assert_eq!(body(&golden.bytes, b"PLAC\x01\0"), Err(RecordError::Corrupted));
}

/// When the device was created, used, and opened by what; and the digest of its token.
type BeforeItsGeneration = (u64, u128, Option<(u64, Option<u8>)>, [u8; 32]);

fn digest_of_the_device(version_1: &[u8]) -> [u8; 32] {
    let label = version_1.windows(5).position(|part| part == b"phone").expect("its label");
    let (before, _): (BeforeItsGeneration, _) =
        postcard::take_from_bytes(&version_1[label + 5..]).expect("as the layout says");
    before.3
}
