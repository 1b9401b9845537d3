//! Bodies laid out by hand: what is read has one form and keeps its bounds, even behind a checksum
//! that fits.

use pinlatch::account::Account;
use pinlatch::id::{Generation, PersonId};
use pinlatch::people::Person;
use pinlatch::record::RecordError;

use crate::damage::sealed;

const NOBODY: [u8; 16] = [0; 16];
const ACCOUNT: &[u8] = b"PLAC\x01\0";
const PERSON: &[u8] = b"PLPE\x01\0";
/// The numbers of two states.
const LOGGED_OUT: u8 = 0;
const LOCKED: u8 = 3;

/// A number as postcard 1 writes it.
fn number(value: u64) -> Vec<u8> {
    postcard::to_allocvec(&value).expect("a number")
}

/// The account of nobody: after the person come its generation, whether it was revoked and admitted,
/// its invitation, the devices, and what lies behind them.
fn account(generation: &[u8], flags: [u8; 3], devices: &[u8], tail: &[u8]) -> Result<Account, RecordError> {
    let body = [&NOBODY, generation, &flags, devices, tail].concat();
    Account::decode(&sealed(ACCOUNT, &body), PersonId::from_bytes(NOBODY))
}

/// No high-water mark, no event, no write.
const TAIL: &[u8] = &[0, 0, 0, 0];

fn of_generation(generation: &[u8]) -> Option<Generation> {
    account(generation, [0; 3], &[0], TAIL).ok().map(|account| account.generation())
}

#[test]
fn a_number_is_read_in_its_one_form_only() {
    for value in (0..64).flat_map(|bit| [1 << bit, u64::MAX >> bit]).chain([0]) {
        assert_eq!(of_generation(&number(value)), Some(Generation::from_number(value)), "{value}");
    }
    let overlong: [&[u8]; 3] = [&[0x80, 0], &[0x85, 0], &[0x80, 0x80, 0]];
    let most = [0xff; 9];
    let too_large = [2, 3, 0x40, 0x7f].map(|last| [most.as_slice(), &[last]].concat());
    let too_long = [0, 1, 0x7f].map(|last| [most.as_slice(), &[0x81, last]].concat());
    let without_end = [most.as_slice(), &[0xff]].concat();
    let wrong =
        overlong.into_iter().map(<[u8]>::to_vec).chain(too_large).chain(too_long).chain([without_end]);
    for bytes in wrong {
        assert_eq!(of_generation(&bytes), None, "{bytes:x?}");
    }
}

#[test]
fn a_flag_is_nought_or_one() {
    let with = |flags| account(&[0], flags, &[0], TAIL).map(drop);
    for value in 0..=u8::MAX {
        let expected = if value <= 1 { Ok(()) } else { Err(RecordError::Corrupted) };
        assert_eq!(with([value, 0, 0]), expected, "revoked: {value}");
        assert_eq!(with([0, value, 0]), expected, "admitted: {value}");
        if value > 1 {
            assert_eq!(with([0, 0, value]), expected, "invited: {value}");
        }
    }
}

/// A device named by one byte, with the bytes of its session behind it.
fn device(name: u8, session: &[u8]) -> Vec<u8> {
    [&[name; 16], [1, b'a', 0, 0, 0].as_slice(), &[name; 32], &[0], session].concat()
}

#[test]
fn lists_end_at_their_bounds() {
    let with_devices = |count: u8| {
        let rows: Vec<u8> = (1..=count).flat_map(|name| device(name, &[LOGGED_OUT])).collect();
        account(&[0], [0; 3], &[&[count], rows.as_slice()].concat(), TAIL).map(drop)
    };
    assert_eq!((with_devices(64), with_devices(65)), (Ok(()), Err(RecordError::Corrupted)));
    let with_writes = |count: u8| {
        let tail = [&[0, 0, 0, count], vec![7; 16 * usize::from(count)].as_slice()].concat();
        account(&[0], [0; 3], &[0], &tail).map(drop)
    };
    assert_eq!((with_writes(4), with_writes(5)), (Ok(()), Err(RecordError::Corrupted)));
}

#[test]
fn devices_that_share_their_first_byte_are_told_apart() {
    let names = |other: [u8; 2]| {
        let (first, mut second) = (device(5, &[LOGGED_OUT]), device(5, &[LOGGED_OUT]));
        // The last bytes of the identifier and of the token.
        (second[15], second[52]) = (other[0], other[1]);
        account(&[0], [0; 3], &[&[2], first.as_slice(), &second].concat(), TAIL).map(drop)
    };
    assert_eq!(names([6, 6]), Ok(()));
    assert_eq!(names([5, 6]), Err(RecordError::Corrupted), "the same identifier");
    assert_eq!(names([6, 5]), Err(RecordError::Corrupted), "the same token");
}

#[test]
fn the_next_event_has_a_number_of_its_own() {
    // The mark, the next number, one event at time 0 that says that the device 1 created its PIN.
    let with = |next, sequence| {
        let event = [&[0, next, 1, sequence, 0, 1], [1; 16].as_slice(), &[1, 0]].concat();
        account(&[0], [0; 3], &[0], &event).map(drop)
    };
    assert_eq!(with(3, 2), Ok(()));
    assert_eq!((with(3, 3), with(3, 4)), (Err(RecordError::Corrupted), Err(RecordError::Corrupted)));
}

#[test]
fn a_number_of_32_bits_is_no_larger() {
    let with = |[memory, passes, pepper]: [u64; 3]| {
        let costs = [number(memory), number(passes), vec![1], number(pepper)].concat();
        let verifier = [&[9; 16], [4].as_slice(), &costs, &[8; 16], &[7; 32]].concat();
        let session = [&[LOCKED, 0], verifier.as_slice(), &[0, 0, 0, 0]].concat();
        account(&[0], [0; 3], &[&[1], device(1, &session).as_slice()].concat(), TAIL).map(drop)
    };
    let most = u64::from(u32::MAX);
    assert_eq!(with([most; 3]), Ok(()));
    for larger in [[most + 1, 1, 1], [1, most + 1, 1], [1, 1, most + 1], [1 << 32 | 1; 3]] {
        assert_eq!(with(larger), Err(RecordError::Corrupted), "{larger:?}");
    }
}

/// Somebody employed since that day, and if there is a second one, through it; without a service.
fn employed(first: &[u8], last: Option<&[u8]>) -> Result<Person, RecordError> {
    let last = last.map_or(vec![0], |last| [&[1], last].concat());
    let body = [&NOBODY, [0, 0, 1].as_slice(), &[1; 16], first, &last, &[0, 0], &[0; 6]].concat();
    Person::decode(&sealed(PERSON, &body), PersonId::from_bytes(NOBODY))
}

#[test]
fn d31_l4_a_stored_person_with_two_accesses_to_one_company_is_damaged() {
    let access = |company: u8| [[company; 16].as_slice(), &day(4052, 3, 14), &[0, 0, 0]].concat();
    let with = |companies: &[u8]| {
        let accesses: Vec<u8> = companies.iter().copied().flat_map(access).collect();
        let count = companies.len() as u8;
        let body = [&NOBODY, [0, 0, 0, count].as_slice(), &accesses, &[0; 5]].concat();
        Person::decode(&sealed(PERSON, &body), PersonId::from_bytes(NOBODY)).map(drop)
    };
    assert_eq!((with(&[1]), with(&[1, 2])), (Ok(()), Ok(())));
    assert_eq!(with(&[1, 1]), Err(RecordError::Corrupted));
}

#[test]
fn d31_a_stored_person_beyond_the_bounds_is_damaged() {
    let job = [[1; 16].as_slice(), &day(4052, 3, 14), &[0, 0, 0]].concat();
    let with = |count: u8| {
        let body = [&NOBODY, [0, 0, count].as_slice(), &job.repeat(count.into()), &[0; 6]].concat();
        Person::decode(&sealed(PERSON, &body), PersonId::from_bytes(NOBODY)).map(drop)
    };
    assert_eq!((with(32), with(33)), (Ok(()), Err(RecordError::Corrupted)));
}

/// A day with its year in zigzag form.
fn day(zigzag: u64, month: u8, day: u8) -> Vec<u8> {
    [number(zigzag), vec![month, day]].concat()
}

#[test]
fn a_day_is_one_of_the_calendar() {
    let year = 2 * 2026;
    let person = employed(&day(year, 3, 14), None).expect("a person");
    assert_eq!(person.employments()[0].validity().first(), pinlatch_testkit::day(2026, 3, 14));
    for wrong in [
        day(year + (1 << 17), 3, 14), // the same year in sixteen bits
        day(year + 1, 3, 14),         // a year before the first
        day(0, 3, 14),
        day(year, 0x80 | 3, 14),
        day(year, 3, 0x80 | 14),
        day(year, 2, 29),
    ] {
        assert_eq!(employed(&wrong, None), Err(RecordError::Corrupted), "{wrong:x?}");
    }
}

#[test]
fn a_period_ends_after_it_begins() {
    let (first, second) = (day(4052, 3, 14), day(4052, 3, 15));
    assert!(employed(&first, Some(&first)).is_ok() && employed(&first, Some(&second)).is_ok());
    assert_eq!(employed(&second, Some(&first)), Err(RecordError::Corrupted));
}

#[test]
fn each_credential_of_a_person_is_its_own() {
    for (bank, mobile) in [(0, 0), (1, 0), (0, 1), (1, 1)] {
        let body = [&NOBODY, [bank, mobile, 0, 0, 0, 0, 0, 0, 0].as_slice()].concat();
        let person = Person::decode(&sealed(PERSON, &body), PersonId::from_bytes(NOBODY)).expect("a person");
        let found = person.credentials();
        assert_eq!((found.bank, found.mobile_certificate), (bank == 1, mobile == 1));
    }
}

#[test]
fn an_event_names_a_device_exactly_if_it_is_about_one() {
    // One event at time 0: that the PIN was exhausted, or that the clock jumped by nothing.
    let with = |device: &[u8], change: &[u8]| {
        let tail = [&[0, 1, 1, 0, 0], device, change, &[0]].concat();
        account(&[0], [0; 3], &[0], &tail).map(drop)
    };
    let (nobody, somebody) = ([0].as_slice(), [&[1], [1; 16].as_slice()].concat());
    let (exhausted, jumped) = ([7].as_slice(), [19, 0].as_slice());
    assert_eq!((with(&somebody, exhausted), with(nobody, jumped)), (Ok(()), Ok(())));
    assert_eq!(with(nobody, exhausted), Err(RecordError::Corrupted));
    assert_eq!(with(&somebody, jumped), Err(RecordError::Corrupted));
}

#[test]
fn an_event_of_an_unknown_number_is_refused() {
    // The last that there is has the number 19, and a span of one byte.
    let with = |change| {
        let tail = [0, 1, 1, 0, 0, 0, change, 0, 0];
        account(&[0], [0; 3], &[0], &tail).map(drop)
    };
    assert_eq!(with(19), Ok(()));
    for change in 20..=u8::MAX {
        assert_eq!(with(change), Err(RecordError::Corrupted), "{change}");
    }
}
