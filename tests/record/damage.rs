//! Damaged records are refused with an error that says how, and never read as something else.

use pinlatch::account::Account;
use pinlatch::id::PersonId;
use pinlatch::people::Person;
use pinlatch::record::{MAX_RECORD_BYTES, RecordError, StoredVersion};
use pinlatch::session::SessionState;

use crate::golden::lives::{Golden, a_person};
use crate::golden::{committed, committed_accounts};

/// Magic, version, length and checksum.
pub(crate) const HEADER_BYTES: usize = 14;

type Decoded = Result<(), RecordError>;

/// Every golden record, decoded as its kind after `damage`; and what came of it.
fn each(mut check: impl FnMut(&str, &[u8], &dyn Fn(&[u8]) -> Decoded)) {
    for Golden { name, owner, bytes, .. } in committed_accounts() {
        check(name, &bytes, &|damaged| Account::decode(damaged, owner).map(drop));
    }
    let Golden { owner, .. } = a_person(StoredVersion::V1);
    check("person", &committed("person"), &|damaged| Person::decode(damaged, owner).map(drop));
}

/// CRC-32 of IEEE 802.3: written anew, so that it checks the crate's.
fn crc32<'a>(bytes: impl IntoIterator<Item = &'a u8>) -> u32 {
    const STEPS: [u32; 256] = {
        let mut steps = [0; 256];
        let mut at = 0;
        while at < 256 {
            let (mut crc, mut bit) = (at as u32, 0);
            while bit < 8 {
                crc = if crc & 1 == 1 { crc >> 1 ^ 0xedb8_8320 } else { crc >> 1 };
                bit += 1;
            }
            steps[at] = crc;
            at += 1;
        }
        steps
    };
    let step = |crc: u32, byte: &u8| crc >> 8 ^ STEPS[usize::from(crc.to_le_bytes()[0] ^ byte)];
    !bytes.into_iter().fold(u32::MAX, step)
}

/// The record of that body: with the right length and checksum.
pub(crate) fn sealed(like: &[u8], body: &[u8]) -> Vec<u8> {
    let length = u32::try_from(body.len()).expect("a short body").to_le_bytes();
    let description = [&like[..6], &length].concat();
    let checksum = crc32(description.iter().chain(body)).to_le_bytes();
    [&description, checksum.as_slice(), body].concat()
}

#[test]
fn the_envelope_is_what_the_documentation_says() {
    each(|name, bytes, decoded| {
        assert_eq!(&bytes[..4], if name == "person" { b"PLPE" } else { b"PLAC" }, "{name}");
        assert!(matches!(bytes[4..6], [1 | 2, 0]), "{name}");
        assert_eq!(sealed(bytes, &bytes[HEADER_BYTES..]), bytes, "{name}");
        assert_eq!(decoded(bytes), Ok(()), "{name}");
    });
}

#[test]
fn e32_a_record_that_is_cut_off_anywhere_is_truncated() {
    each(|name, bytes, decoded| {
        for length in 0..bytes.len() {
            assert_eq!(decoded(&bytes[..length]), Err(RecordError::Truncated), "{name} at {length}");
        }
    });
}

#[test]
fn e32_a_record_with_any_bit_flipped_is_damaged_and_never_newer_or_of_another_kind() {
    each(|name, bytes, decoded| {
        let mut damaged = bytes.to_vec();
        for bit in 0..bytes.len() * 8 {
            let (byte, mask) = (bit / 8, 1 << (bit % 8));
            damaged[byte] ^= mask;
            // Of the length, a bit more is a record that ends too early.
            let is_longer = (6..10).contains(&byte) && damaged[byte] & mask != 0;
            let expected = if is_longer { RecordError::Truncated } else { RecordError::Corrupted };
            assert_eq!(decoded(&damaged), Err(expected), "{name}: bit {bit}");
            damaged[byte] ^= mask;
        }
    });
}

#[test]
fn e32_zeros_and_ones_are_damage_however_many() {
    each(|name, bytes, decoded| {
        for length in 0..=bytes.len() {
            for filling in [0, u8::MAX] {
                let error = decoded(&vec![filling; length]).expect_err(name);
                assert!(error.is_damage(), "{name}: {length} times {filling}: {error}");
            }
        }
        // A page that was never written, at either end.
        for at in 0..bytes.len() {
            let (head, tail) = bytes.split_at(at);
            for damaged in [[head, &vec![0; tail.len()]].concat(), [&vec![0; head.len()], tail].concat()] {
                let whole = damaged == bytes;
                assert_eq!(
                    decoded(&damaged).map_err(|error| error.is_damage()),
                    if whole { Ok(()) } else { Err(true) }
                );
            }
        }
    });
}

#[test]
fn e32_the_two_kinds_of_error_are_told_apart() {
    use RecordError::{AnotherAccount, Corrupted, NewerVersion, NotARecord, TooLarge, Truncated};
    assert!(Truncated.is_damage() && Corrupted.is_damage());
    for whole in [NotARecord, TooLarge, NewerVersion { found: 3 }, AnotherAccount] {
        assert!(!whole.is_damage(), "{whole}");
    }
}

#[test]
fn e32_a_record_of_a_newer_version_is_left_to_it() {
    each(|name, bytes, decoded| {
        for found in [3, 4, 256, u16::MAX] {
            let header = [&bytes[..4], &found.to_le_bytes()].concat();
            let newer = sealed(&header, &bytes[HEADER_BYTES..]);
            assert_eq!(decoded(&newer), Err(RecordError::NewerVersion { found }), "{name}");
        }
    });
}

#[test]
fn e32_only_a_whole_record_is_of_another_kind() {
    each(|name, bytes, decoded| {
        for magic in [b"PLAC", b"PLPE", b"plac", b"\0\0\0\0", b"{\"a\""] {
            let is_its_own = bytes.starts_with(magic);
            let other = [magic, &bytes[4..]].concat();
            let expected = if is_its_own { Ok(()) } else { Err(RecordError::Corrupted) };
            assert_eq!(decoded(&other), expected, "{name} as {magic:?}");
            let expected = if is_its_own { Ok(()) } else { Err(RecordError::NotARecord) };
            assert_eq!(decoded(&sealed(&other, &bytes[HEADER_BYTES..])), expected, "{name} as {magic:?}");
        }
        assert_eq!(decoded(&[]), Err(RecordError::Truncated), "{name}");
    });
}

#[test]
fn e32_a_record_with_something_behind_it_is_damaged() {
    each(|name, bytes, decoded| {
        let longer = [bytes, &[0]].concat();
        assert_eq!(decoded(&longer), Err(RecordError::Corrupted), "{name}");
        // Even if length and checksum agree with it.
        let sealed = sealed(bytes, &longer[HEADER_BYTES..]);
        assert_eq!(decoded(&sealed), Err(RecordError::Corrupted), "{name}");
    });
}

#[test]
fn e32_a_record_larger_than_any_is_refused_and_one_of_a_newer_version_left_to_it() {
    each(|name, bytes, decoded| {
        let mut larger = bytes.to_vec();
        larger.resize(MAX_RECORD_BYTES + 1, 0);
        assert_eq!(decoded(&larger), Err(RecordError::Corrupted), "{name}: the length does not fit");
        let whole = sealed(bytes, &larger[HEADER_BYTES..]);
        assert_eq!(decoded(&whole), Err(RecordError::TooLarge), "{name}");
        let newer = sealed(&[&bytes[..4], &[9, 0]].concat(), &larger[HEADER_BYTES..]);
        assert_eq!(decoded(&newer), Err(RecordError::NewerVersion { found: 9 }), "{name}");
    });
}

#[test]
fn e32_another_persons_record_is_not_taken() {
    let other = PersonId::from_u128(0xdead);
    for Golden { name, bytes, .. } in committed_accounts() {
        assert_eq!(Account::decode(&bytes, other).map(drop), Err(RecordError::AnotherAccount), "{name}");
    }
    assert_eq!(Person::decode(&committed("person"), other), Err(RecordError::AnotherAccount));
}

#[test]
fn e32_a_count_out_of_range_reads_as_exhausted() {
    let locked = committed_accounts().into_iter().find(|golden| golden.name == "locked");
    let Golden { owner, bytes, .. } = locked.expect("the locked one");
    // Its state, and its failures if it has a PIN, when one byte of the body is `value`.
    let with = |at: usize, value: u8| {
        let mut body = bytes[HEADER_BYTES..].to_vec();
        body[at] = value;
        let account = Account::decode(&sealed(&bytes, &body), owner).ok()?;
        let session = account.device_sessions().first()?.session();
        Some((session.state(), session.enrolment().map(|enrolment| enrolment.attempts().failures())))
    };
    let counts =
        |at: &usize| [1, 2, 3].into_iter().all(|n| with(*at, n) == Some((SessionState::Locked, Some(n))));
    let found: Vec<usize> = (0..bytes.len() - HEADER_BYTES).filter(counts).collect();
    let [count] = found.as_slice() else { panic!("one byte is the count: {found:?}") };
    for value in 0..=4 {
        assert_eq!(with(*count, value), Some((SessionState::Locked, Some(value))));
    }
    for value in 5..=u8::MAX {
        assert_eq!(with(*count, value), Some((SessionState::PinExhausted, None)), "{value}");
    }
}

/// Whatever a body says whose checksum is right: it is refused, or it is an account that keeps the
/// invariants, of the same person.
#[test]
fn i01_a_forged_body_never_makes_a_fresh_budget_out_of_range() {
    for Golden { name, owner, bytes, .. } in committed_accounts() {
        let mut body = bytes[HEADER_BYTES..].to_vec();
        // Of the large one every seventh bit: each byte, and each place in a byte, has its turn.
        let step = if body.len() > 1_000 { 7 } else { 1 };
        for bit in (0..body.len() * 8).step_by(step) {
            body[bit / 8] ^= 1 << (bit % 8);
            if let Ok(account) = Account::decode(&sealed(&bytes, &body), owner) {
                assert_eq!(account.person(), owner, "{name}: bit {bit}");
                for device in account.device_sessions() {
                    let charged =
                        device.session().enrolment().map(|enrolment| enrolment.attempts().charged());
                    assert!(charged.is_none_or(|charged| charged <= 5), "{name}: bit {bit}");
                    assert!(device.session().generation() <= account.generation(), "{name}: bit {bit}");
                }
            }
            body[bit / 8] ^= 1 << (bit % 8);
        }
    }
}
