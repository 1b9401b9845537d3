//! What the committed records say.

use std::collections::BTreeSet;
use std::fs;

use pinlatch::account::{Account, Device, Event, LastOpened, Standing};
use pinlatch::id::Generation;
use pinlatch::people::Person;
use pinlatch::record::StoredVersion;
use pinlatch::session::{Change, LockCause, LogOutCause, Modality, OpenedBy, RevokedBy, SessionState};
use pinlatch_testkit::hours;

use super::lives::{Golden, somebody};
use super::rich::{LABELS, NOTE};
use super::{committed, committed_accounts, path};

fn read(name: &str) -> Account {
    let found = committed_accounts().into_iter().find(|golden| golden.name == name);
    let Golden { owner, bytes, .. } = found.expect("a golden record");
    Account::decode(&bytes, owner).expect("a readable record")
}

fn states(account: &Account) -> Vec<SessionState> {
    account.device_sessions().iter().map(|device| device.session().state()).collect()
}

/// Failures, attempts in flight, face, fingerprint.
fn enrolment(device: &Device) -> Option<(u8, usize, bool, bool)> {
    let enrolment = device.session().enrolment()?;
    let (attempts, biometrics) = (enrolment.attempts(), enrolment.biometrics());
    Some((
        attempts.failures(),
        attempts.in_flight().len(),
        biometrics.enabled(Modality::Face),
        biometrics.enabled(Modality::Fingerprint),
    ))
}

fn only_device(account: &Account) -> &Device {
    let [device] = account.device_sessions() else { panic!("one device") };
    device
}

#[test]
fn there_is_one_of_every_state() {
    let revoked = SessionState::RevokedAll;
    for (name, expected) in [
        ("logged_out", vec![]),
        ("pin_pending", vec![SessionState::PinPending]),
        ("authenticated", vec![SessionState::Authenticated]),
        ("locked", vec![SessionState::Locked]),
        ("pin_exhausted", vec![SessionState::PinExhausted]),
        ("revoked_all", vec![revoked, revoked]),
        ("erased", vec![]),
        ("set_back", vec![SessionState::Locked]),
    ] {
        let account = read(name);
        assert_eq!(states(&account), expected, "{name}");
        let barred = name == "revoked_all";
        let standing = if barred { Standing::RevokedAll } else { Standing::Good };
        assert_eq!(account.standing(), standing, "{name}");
        assert_eq!(account.generation(), Generation::from_number(u64::from(barred)), "{name}");
        assert!(account.invitation().is_none(), "{name}");
        for device in account.device_sessions() {
            assert_eq!(device.label().as_str(), "phone", "{name}");
            assert_eq!(device.created().to_string(), "2026-11-22T12:00:00.000Z", "{name}");
        }
    }
}

#[test]
fn i02_i13_only_an_open_or_locked_device_has_an_enrolment() {
    assert_eq!(enrolment(only_device(&read("authenticated"))), Some((0, 0, false, false)));
    assert_eq!(enrolment(only_device(&read("locked"))), Some((2, 0, false, true)));
    for name in ["pin_pending", "pin_exhausted", "revoked_all"] {
        assert!(read(name).device_sessions().iter().all(|device| enrolment(device).is_none()), "{name}");
    }
    // The tokens and digests in the records are not in their text.
    let text = format!("{:?}", read("locked"));
    assert!(text.contains("Credential(redacted)") && text.contains("Digest(redacted)"), "{text}");
}

#[test]
fn the_rich_one_has_three_devices() {
    let account = read("rich");
    let labels: Vec<&str> = account.device_sessions().iter().map(|device| device.label().as_str()).collect();
    assert_eq!(labels, LABELS);
    let [kitchen, tablet, waiting] = account.device_sessions() else { panic!("three devices") };
    assert_eq!(
        states(&account),
        [SessionState::Authenticated, SessionState::Locked, SessionState::PinPending]
    );
    assert_eq!(enrolment(kitchen), Some((0, 0, true, true)));
    assert_eq!(enrolment(tablet), Some((1, 2, true, false)));
    let attempts = |device: &Device| device.session().enrolment().map(|known| known.attempts().void());
    assert_eq!((attempts(kitchen), attempts(tablet)), (Some(0), Some(1)), "guesses that nobody answered");
    assert_eq!(enrolment(waiting), None);
    assert!(kitchen.created() < tablet.created() && tablet.created() < waiting.created());
    let opened = LastOpened { at: waiting.created(), by: OpenedBy::Pin };
    assert_eq!(kitchen.last_opened(), Some(opened));
    assert_eq!(waiting.last_opened(), None);
}

#[test]
fn the_rich_one_stands_where_its_life_led() {
    let account = read("rich");
    assert_eq!(account.standing(), Standing::Good);
    assert_eq!(account.generation(), Generation::from_number(2));
    assert!(account.device_sessions().iter().all(|d| d.session().generation() == account.generation()));
    let invitation = account.invitation().expect("an open invitation");
    let [.., last] = account.outbox() else { panic!("no events") };
    let Change::Invited { by, replaced, self_issued, .. } = last.change else {
        panic!("the last thing that happened was an invitation: {last:?}");
    };
    assert_eq!((invitation.by(), replaced, self_issued), (by, false, false));
    assert_eq!(invitation.expires().since(last.at.unwrap()), hours(24));
}

/// What the ledgers of guesses and the memory of used starts hold has no name outside: it is read in the text
/// of the account.
#[test]
fn d24_d27_d34_e38_the_rich_one_remembers_requests_claims_and_starts() {
    let text = format!("{:?}", read("rich"));
    for (part, times) in [
        // One guess was overtaken by a lock; one came with a request, and one without.
        ("overtaken: true", 1),
        ("Charged {", 3),
        ("Answered {", 1),
        ("changed_by: Some(", 1),
        ("UsedStart {", 8),
        ("begun: Named(", 2),
        ("begun: ForNobody(", 6),
        ("forgotten: Some(", 1),
    ] {
        assert_eq!(text.matches(part).count(), times, "{part}");
    }
}

#[test]
fn d30_a_tombstone_keeps_no_device_and_tells_of_its_end() {
    let account = read("erased");
    assert_eq!(account.outbox().iter().map(kind).collect::<Vec<_>>(), ["LoggedOut(Erased)", "Erased"]);
    assert!(account.outbox().iter().zip(3..).all(|(event, number)| event.sequence == number));
    let text = format!("{account:?}");
    assert!(text.contains("signed_in: true"), "who was signed in before counts as invited (R02)");
    assert!(text.contains("UsedStart {"), "old evidence stays used (D34)");
    assert!(!text.contains("phone"), "nothing of the device is left");
}

#[test]
fn d23_a_clock_that_was_set_back_locks_what_was_opened_later_and_says_so() {
    let account = read("set_back");
    let [.., set_back, locked] = account.outbox() else { panic!("two events") };
    assert_eq!(set_back.change, Change::ClockSetBack { times: 1, largest: hours(1) });
    assert_eq!(locked.change, Change::Locked(LockCause::ClockSetBack));
    assert_eq!(set_back.at.unwrap().to_string(), "2026-11-22T11:00:00.000Z", "as it was read");
}

/// The event without ids, numbers of generations and spans.
fn kind(event: &Event) -> String {
    if let Change::LoggedOut(LogOutCause::ByAdministrator { .. }) = event.change {
        return "LoggedOut(ByAdministrator)".into();
    }
    if event.device.is_some() {
        return format!("{:?}", event.change);
    }
    match event.change {
        Change::Invited { self_issued, replaced, .. } => {
            format!("Invited self_issued={self_issued} replaced={replaced}")
        }
        Change::InvitationWithdrawn { .. } => "InvitationWithdrawn".into(),
        Change::LoggedOutEverywhere { by: RevokedBy::Person(_), .. } => "RevokedAll by Person".into(),
        Change::LoggedOutEverywhere { by: RevokedBy::Administrator { .. }, .. } => {
            "RevokedAll by Administrator".into()
        }
        Change::ClockSetBack { .. } => "ClockSetBack".into(),
        Change::Erased => "Erased".into(),
        other => format!("unknown {other:?}"),
    }
}

const KINDS: [&str; 42] = [
    "Acknowledged",
    "Authenticated { method: BankCredentials, by_invitation: false }",
    "Authenticated { method: BankCredentials, by_invitation: true }",
    "Authenticated { method: IdentityProviderAccount, by_invitation: false }",
    "Authenticated { method: MobileCertificate, by_invitation: false }",
    "BiometricBaselineChanged(Face)",
    "BiometricBaselineChanged(Fingerprint)",
    "BiometricDisabled(Face)",
    "BiometricDisabled(Fingerprint)",
    "BiometricEnabled(Face)",
    "BiometricEnabled(Fingerprint)",
    "ClockSetBack",
    "DeviceRenamed",
    "InvitationWithdrawn",
    "Invited self_issued=false replaced=false",
    "Invited self_issued=false replaced=true",
    "Invited self_issued=true replaced=false",
    "Locked(Asked)",
    "Locked(ClockSetBack)",
    "Locked(Idle)",
    "LoggedOut(Asked)",
    "LoggedOut(ByAdministrator)",
    "LoggedOut(DeviceModified)",
    "LoggedOut(FromAnotherDevice)",
    "LoggedOut(LifetimePassed)",
    "LoggedOut(MadeRoom)",
    "LoggedOut(NoLongerEligible)",
    "LoggedOut(PinWindowPassed)",
    "LoggedOut(Reauthenticated)",
    "PinChanged",
    "PinCreated",
    "PinExhausted",
    "PinRejected { failures: 1 }",
    "PinRejected { failures: 2 }",
    "PinRejected { failures: 3 }",
    "PinRejected { failures: 4 }",
    "RevokedAll",
    "RevokedAll by Administrator",
    "RevokedAll by Person",
    "UnlockedByBiometric(Face)",
    "UnlockedByBiometric(Fingerprint)",
    "UnlockedByPin",
];

#[test]
fn i11_the_rich_one_has_every_kind_of_event_numbered_without_gaps() {
    let account = read("rich");
    let found: BTreeSet<String> = account.outbox().iter().map(kind).collect();
    assert_eq!(found, KINDS.into_iter().map(String::from).collect());
    for (event, sequence) in account.outbox().iter().zip(0..) {
        assert_eq!((event.sequence, event.person), (sequence, account.person()));
    }
    // A reading is told as it was; the order is that of the numbers (D23).
    let set_back =
        account.outbox().iter().position(|event| matches!(event.change, Change::ClockSetBack { .. }));
    let (before, after) = account.outbox().split_at(set_back.expect("it was set back"));
    assert!([before, after].iter().all(|events| events.is_sorted_by_key(|event| event.at)));
    let notes: Vec<_> = account.outbox().iter().filter_map(|event| event.note).collect();
    assert_eq!(notes.iter().map(|note| note.as_str()).collect::<Vec<_>>(), [NOTE]);
}

/// In the order in which they happened: two kinds that were swapped would be seen here.
#[test]
fn the_events_of_the_rich_one_read_as_they_did() {
    let line = |event: &Event| format!("{} {} {}\n", event.sequence, event.at.unwrap(), kind(event));
    let found: String = read("rich").outbox().iter().map(line).collect();
    let path = path(StoredVersion::V1, "rich").with_extension("txt");
    if std::env::var_os("PINLATCH_BLESS").is_some() {
        fs::write(&path, &found).expect("the file can be written");
    }
    assert_eq!(found, fs::read_to_string(&path).expect("tests/record/golden/v1/rich.txt"));
}

#[test]
fn the_person_is_the_one_who_was_stored() {
    assert_eq!(Person::decode(&committed("person"), somebody().id()), Ok(somebody()));
}
