//! Bodies laid out by hand: what is read has one form and keeps its bounds, even behind a checksum
//! that fits.

use pinlatch::account::Account;
use pinlatch::id::{Generation, PersonId};
use pinlatch::people::{CustomProfile, Person, Profile, Rights, UserAccess};
use pinlatch::record::RecordError;
use pinlatch_testkit::{ACME, since_last_year};

use crate::damage::{HEADER_BYTES, sealed};

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

/// The account of nobody: after the person come its generation, whether it was revoked, admitted and signed
/// in, its invitation, the devices, and what lies behind them.
fn account(generation: &[u8], flags: [u8; 4], devices: &[u8], tail: &[u8]) -> Result<Account, RecordError> {
    let body = [&NOBODY, generation, &flags, devices, tail].concat();
    Account::decode(&sealed(ACCOUNT, &body), PersonId::from_bytes(NOBODY))
}

/// No time has passed and none was read, no start was used or forgotten; no event, no write, no history.
const TAIL: &[u8] = &[0; 9];

/// An event that the write 7 carries, of nobody's clock: its number, its device, and what happened. No
/// note.
fn event(sequence: u8, device: &[u8], change: &[u8]) -> Vec<u8> {
    [&[7; 16], [0, sequence, 0].as_slice(), device, change, &[0]].concat()
}

/// The account of nobody in which these events wait.
fn waiting(next: u8, events: &[Vec<u8>], history: &[u8]) -> Result<(), RecordError> {
    let count = u8::try_from(events.len()).expect("a few");
    let tail = [&[0, 0, 0, 0, 0, next, count], events.concat().as_slice(), &[0], history].concat();
    account(&[0], [0; 4], &[0], &tail).map(drop)
}

const HISTORY: &[u8] = &[1, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8];
/// The device 1.
const DEVICE: &[u8] = &[1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1];

fn of_generation(generation: &[u8]) -> Option<Generation> {
    account(generation, [0; 4], &[0], TAIL).ok().map(|account| account.generation())
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

/// How much time has passed is a number of 128 bits (D23).
#[test]
fn a_moment_is_read_in_its_one_form_only() {
    let with = |elapsed: &[u8]| {
        let read = account(&[0], [0; 4], &[0], &[elapsed, &TAIL[1..]].concat());
        read.map(|account| account.encode().expect("small"))
    };
    for value in (0..128).flat_map(|bit| [1_u128 << bit, u128::MAX >> bit]).chain([0]) {
        let bytes = postcard::to_allocvec(&value).expect("a number");
        let written = with(&bytes).expect("a moment");
        assert!(written.windows(bytes.len()).any(|part| part == bytes), "{value}");
    }
    let most = [0xff; 18];
    let wrong = [
        vec![0x80, 0],
        vec![0x85, 0],
        [most.as_slice(), &[4]].concat(),
        [most.as_slice(), &[0x83, 0]].concat(),
    ];
    for bytes in wrong {
        assert_eq!(with(&bytes), Err(RecordError::Corrupted), "{bytes:x?}");
    }
}

#[test]
fn a_flag_is_nought_or_one() {
    let with = |flags| account(&[0], flags, &[0], TAIL).map(drop);
    for value in 0..=u8::MAX {
        let expected = if value <= 1 { Ok(()) } else { Err(RecordError::Corrupted) };
        assert_eq!(with([value, 0, 0, 0]), expected, "revoked: {value}");
        assert_eq!(with([0, value, 0, 0]), expected, "admitted: {value}");
        assert_eq!(with([0, 0, value, 0]), expected, "signed in: {value}");
        if value > 1 {
            assert_eq!(with([0, 0, 0, value]), expected, "invited: {value}");
        }
    }
}

/// A device named by one byte, with the bytes of its session behind it.
fn device(name: u8, session: &[u8]) -> Vec<u8> {
    [&[name; 16], [1, b'a', 0, 0, 0].as_slice(), &[name; 32], &[0], session].concat()
}

/// Whether an account is read that has one device with this label.
fn is_read_with_label(label: &[u8]) -> bool {
    let (row, length) = (device(1, &[LOGGED_OUT]), u8::try_from(label.len()).expect("a short label"));
    let row = [&row[..16], &[length], label, &row[18..]].concat();
    match account(&[0], [0; 4], &[&[1], row.as_slice()].concat(), TAIL) {
        Ok(account) => {
            let labels = account.device_sessions().iter().map(|device| device.label().as_str().as_bytes());
            assert_eq!(labels.collect::<Vec<_>>(), [label]);
            true
        }
        Err(error) => {
            assert_eq!(error, RecordError::Corrupted);
            false
        }
    }
}

#[test]
fn d33_a_stored_label_is_one_that_can_be_given() {
    for label in ["a", "~", "Anna's phone", "❤️", &"x".repeat(64)] {
        assert!(is_read_with_label(label.as_bytes()), "{label:?}");
    }
    for label in ["", " ", "  ", "\n", "a\u{202e}", "a\u{200d}b", "\u{2028}", "\u{3164}", &"x".repeat(65)] {
        assert!(!is_read_with_label(label.as_bytes()), "{label:?}");
    }
    assert!(!is_read_with_label(b"a\xff"));
}

/// In a rolling upgrade an older host reads what a newer one has written (E32).
#[test]
fn d33_a_stored_label_may_have_a_character_of_a_newer_unicode() {
    for label in ["\u{378}", "a \u{378}\u{fe0f}", "\u{1fbfb}\u{10ffff}"] {
        assert!(is_read_with_label(label.as_bytes()), "{label:?}");
    }
    assert!(!is_read_with_label("\u{378}\u{202e}".as_bytes()));
}

#[test]
fn d33_a_stored_name_of_a_profile_is_one_that_can_be_given_or_of_a_newer_unicode() {
    let profile = CustomProfile::new("Payroll", Rights::EMPTY).expect("a profile");
    let access = UserAccess::new(ACME, since_last_year()).with_profile(Profile::Custom(profile));
    let person = Person::new(PersonId::from_bytes(NOBODY)).with_user_access(access);
    let bytes = person.encode().expect("a short record");
    let at = bytes.windows(7).position(|name| name == b"Payroll").expect("its name");
    for (name, is_read) in [
        ("Payroll", true),
        ("a❤️", true),
        ("Ty\u{378}öa", true),
        ("a\u{202e}abc", false),
        ("\u{200b}abcd", false),
        ("abc\u{2028}d", false),
        ("abcdef\n", false),
        ("       ", false),
    ] {
        assert_eq!(name.len(), 7, "so the length before it need not change: {name:?}");
        let body = [&bytes[HEADER_BYTES..at], name.as_bytes(), &bytes[at + 7..]].concat();
        let read = Person::decode(&sealed(PERSON, &body), PersonId::from_bytes(NOBODY));
        let name_of = |person: Person| match person.user_accesses()[0].profile() {
            Profile::Custom(profile) => profile.name().to_owned(),
            other => panic!("another profile: {other:?}"),
        };
        let expected = if is_read { Ok(name.to_owned()) } else { Err(RecordError::Corrupted) };
        assert_eq!(read.map(name_of), expected, "{name:?}");
    }
}

#[test]
fn lists_end_at_their_bounds() {
    let with_devices = |count: u8| {
        let rows: Vec<u8> = (1..=count).flat_map(|name| device(name, &[LOGGED_OUT])).collect();
        account(&[0], [0; 4], &[&[count], rows.as_slice()].concat(), TAIL).map(drop)
    };
    assert_eq!((with_devices(64), with_devices(65)), (Ok(()), Err(RecordError::Corrupted)));
    let with_writes = |count: u8| {
        let tail =
            [&[0, 0, 0, 0, 0, 0, 0, count], vec![7; 20 * usize::from(count)].as_slice(), &[0]].concat();
        account(&[0], [0; 4], &[0], &tail).map(drop)
    };
    assert_eq!((with_writes(4), with_writes(5)), (Ok(()), Err(RecordError::Corrupted)));
}

#[test]
fn devices_that_share_their_first_byte_are_told_apart() {
    let names = |other: [u8; 2]| {
        let (first, mut second) = (device(5, &[LOGGED_OUT]), device(5, &[LOGGED_OUT]));
        // The last bytes of the identifier and of the token.
        (second[15], second[52]) = (other[0], other[1]);
        account(&[0], [0; 4], &[&[2], first.as_slice(), &second].concat(), TAIL).map(drop)
    };
    assert_eq!(names([6, 6]), Ok(()));
    assert_eq!(names([5, 6]), Err(RecordError::Corrupted), "the same identifier");
    assert_eq!(names([6, 5]), Err(RecordError::Corrupted), "the same token");
}

#[test]
fn the_next_event_has_a_number_of_its_own() {
    // The device 1 created its PIN.
    let with = |next, sequence| waiting(next, &[event(sequence, DEVICE, &[1])], HISTORY);
    assert_eq!(with(3, 2), Ok(()));
    assert_eq!((with(3, 3), with(3, 4)), (Err(RecordError::Corrupted), Err(RecordError::Corrupted)));
}

#[test]
fn a_number_of_32_bits_is_no_larger() {
    let with = |[memory, passes, pepper]: [u64; 3]| {
        let costs = [number(memory), number(passes), vec![1], number(pepper)].concat();
        let verifier = [&[9; 16], [4].as_slice(), &costs, &[8; 16], &[7; 32]].concat();
        let begun = [&[LOCKED, 0], day(2 * 2026, 11, 22).as_slice()].concat();
        let session = [begun.as_slice(), &verifier, &[0; 7]].concat();
        account(&[0], [0; 4], &[&[1], device(1, &session).as_slice()].concat(), TAIL).map(drop)
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
    // The PIN was exhausted, or the clock was set back once.
    let with = |device: &[u8], change: &[u8]| waiting(1, &[event(0, device, change)], HISTORY);
    let (nobody, somebody) = ([0].as_slice(), DEVICE);
    let (exhausted, set_back) = ([7].as_slice(), [19, 1, 9].as_slice());
    assert_eq!((with(somebody, exhausted), with(nobody, set_back)), (Ok(()), Ok(())));
    assert_eq!(with(nobody, exhausted), Err(RecordError::Corrupted));
    assert_eq!(with(somebody, set_back), Err(RecordError::Corrupted));
}

#[test]
fn an_event_of_an_unknown_number_is_refused() {
    // The last that there is has the number 22: the account was erased.
    let with = |change| waiting(1, &[event(0, &[0], &[change])], HISTORY);
    assert_eq!(with(22), Ok(()));
    for change in 23..=u8::MAX {
        assert_eq!(with(change), Err(RecordError::Corrupted), "{change}");
    }
}

#[test]
fn i11_events_wait_in_a_record_that_was_written_only() {
    assert_eq!(waiting(1, &[event(0, DEVICE, &[7])], HISTORY), Ok(()));
    assert_eq!(waiting(1, &[event(0, DEVICE, &[7])], &[0]), Err(RecordError::Corrupted));
    assert_eq!(waiting(1, &[], &[0]), Ok(()));
}

#[test]
fn a_note_has_1_to_64_bytes_without_controls() {
    let with = |note: &[u8]| {
        let mut event = event(0, DEVICE, &[7]);
        event.pop();
        let length = u8::try_from(note.len()).expect("short");
        waiting(1, &[[event.as_slice(), &[1, length], note].concat()], HISTORY)
    };
    assert_eq!((with(b"app 3.1"), with(&[b'x'; 64])), (Ok(()), Ok(())));
    for wrong in [b"".as_slice(), &[b'x'; 65], b"a\nb", b"\xff"] {
        assert_eq!(with(wrong), Err(RecordError::Corrupted), "{wrong:?}");
    }
}
