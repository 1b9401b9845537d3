//! Events, written out; and why they alone are read with fields that are not known.

use pinlatch::access::users_and_roles::{EmploymentChoice, PeopleChange, PeopleEvent};
use pinlatch::account::{Event, Note};
use pinlatch::id::{DeviceId, EventId, Generation, HistoryId, PersonId, WriteId};
use pinlatch::people::AuthenticationMethod::IdentityProviderAccount;
use pinlatch::people::{ChargeableService, Profile, Role, Services, Validity};
use pinlatch::session::{Change, LockCause, LogOutCause, Modality, RevokedBy};
use pinlatch::time::Timestamp;
use pinlatch_testkit::{ACME, day, millis, person};

use crate::given::{from_json, json, reads_back};

const PHONE: DeviceId = DeviceId::from_u128(0xd);

#[test]
fn an_event_is_written_like_this() {
    let id = EventId { write: WriteId::from_u128(0xe), index: 1 };
    let change = Change::PinRejected { failures: 2 };
    let mut event = Event::new(id, person(0xa), HistoryId::from_u128(0xf), 7, change);
    event.at = Some(Timestamp::from_unix_millis(1_795_339_800_000));
    event.device = Some(PHONE);
    event.note = Some(Note::new("app 3.1").unwrap());
    assert_eq!(
        json(&event),
        concat!(
            r#"{"id":"00000000-0000-0000-0000-00000000000e.1","person":"00000000-0000-0000-0000-00000000000a","#,
            r#""history":"00000000-0000-0000-0000-00000000000f","sequence":7,"at":"2026-11-22T09:30:00.000Z","device":"00000000-0000-0000-0000-00000000000d","#,
            r#""change":{"PinRejected":{"failures":2}},"note":"app 3.1"}"#
        )
    );
    reads_back(&event);
    (event.at, event.note) = (None, None);
    reads_back(&event);
    (event.device, event.change) = (None, Change::ClockSetBack { times: 1, largest: millis(9) });
    reads_back(&event);
}

/// Each kind of change, and how it is written.
fn changes() -> [(Change, &'static str); 26] {
    let by = PersonId::from_u128(1);
    let administrator = RevokedBy::Administrator { by, company: ACME };
    let revoked = |by| Change::LoggedOutEverywhere {
        by,
        generation: Generation::from_number(3),
        voided_invitation: true,
    };
    [
        (
            Change::Authenticated { method: IdentityProviderAccount, by_invitation: true },
            r#"{"Authenticated":{"method":"IdentityProviderAccount","by_invitation":true}}"#,
        ),
        (Change::PinCreated, r#""PinCreated""#),
        (Change::Locked(LockCause::Idle), r#"{"Locked":"Idle"}"#),
        (Change::UnlockedByPin, r#""UnlockedByPin""#),
        (Change::UnlockedByBiometric(Modality::Face), r#"{"UnlockedByBiometric":"Face"}"#),
        (Change::PinRejected { failures: 4 }, r#"{"PinRejected":{"failures":4}}"#),
        (Change::PinExhausted, r#""PinExhausted""#),
        (Change::Acknowledged, r#""Acknowledged""#),
        (Change::PinChanged, r#""PinChanged""#),
        (Change::BiometricEnabled(Modality::Fingerprint), r#"{"BiometricEnabled":"Fingerprint"}"#),
        (Change::BiometricDisabled(Modality::Face), r#"{"BiometricDisabled":"Face"}"#),
        (Change::BiometricBaselineChanged(Modality::Face), r#"{"BiometricBaselineChanged":"Face"}"#),
        (Change::LoggedOut(LogOutCause::MadeRoom), r#"{"LoggedOut":"MadeRoom"}"#),
        (Change::LoggedOut(LogOutCause::Asked), r#"{"LoggedOut":"Asked"}"#),
        (Change::RevokedAll, r#""RevokedAll""#),
        (
            Change::Invited { by, company: ACME, self_issued: false, replaced: true },
            concat!(
                r#"{"Invited":{"by":"00000000-0000-0000-0000-000000000001","#,
                r#""company":"00000000-0000-0000-0000-000000000001","self_issued":false,"replaced":true}}"#
            ),
        ),
        (
            Change::InvitationWithdrawn { by, company: ACME },
            concat!(
                r#"{"InvitationWithdrawn":{"by":"00000000-0000-0000-0000-000000000001","#,
                r#""company":"00000000-0000-0000-0000-000000000001"}}"#
            ),
        ),
        (
            revoked(RevokedBy::Person(PHONE)),
            concat!(
                r#"{"LoggedOutEverywhere":{"by":{"Person":"00000000-0000-0000-0000-00000000000d"},"#,
                r#""generation":3,"voided_invitation":true}}"#
            ),
        ),
        (
            revoked(administrator),
            concat!(
                r#"{"LoggedOutEverywhere":{"by":{"Administrator":{"by":"00000000-0000-0000-0000-000000000001","#,
                r#""company":"00000000-0000-0000-0000-000000000001"}},"generation":3,"voided_invitation":true}}"#
            ),
        ),
        (
            Change::ClockSetBack { times: 2, largest: millis(1_500) },
            r#"{"ClockSetBack":{"times":2,"largest_milliseconds":1500}}"#,
        ),
        (Change::Locked(LockCause::ClockSetBack), r#"{"Locked":"ClockSetBack"}"#),
        (Change::LoggedOut(LogOutCause::Reauthenticated), r#"{"LoggedOut":"Reauthenticated"}"#),
        (Change::LoggedOut(LogOutCause::Erased), r#"{"LoggedOut":"Erased"}"#),
        (
            Change::LoggedOut(LogOutCause::ByAdministrator { by, company: ACME }),
            concat!(
                r#"{"LoggedOut":{"ByAdministrator":{"by":"00000000-0000-0000-0000-000000000001","#,
                r#""company":"00000000-0000-0000-0000-000000000001"}}}"#
            ),
        ),
        (Change::DeviceRenamed, r#""DeviceRenamed""#),
        (Change::Erased, r#""Erased""#),
    ]
}

#[test]
fn every_change_is_written_like_this() {
    for (change, text) in changes() {
        assert_eq!(json(&change), text);
        reads_back(&change);
    }
}

#[test]
fn every_change_to_a_person_is_written_like_this() {
    let (today, choice) = (day(2026, 11, 22), EmploymentChoice::BeginningOn(day(2025, 1, 1)));
    let validity = Validity::between(today, today).unwrap();
    let services = Services::of(&[ChargeableService::Travel]);
    let written = [
        (
            PeopleChange::UserEstablished(validity),
            r#"{"UserEstablished":{"first":"2026-11-22","last":"2026-11-22"}}"#,
        ),
        (PeopleChange::UserAccessEnded(today), r#"{"UserAccessEnded":"2026-11-22"}"#),
        (PeopleChange::ProfileSet(Profile::Employee), r#"{"ProfileSet":"Employee"}"#),
        (PeopleChange::RoleGranted(Role::UserAdministrator), r#"{"RoleGranted":"UserAdministrator"}"#),
        (PeopleChange::RoleRevoked(Role::CompanyAdministrator), r#"{"RoleRevoked":"CompanyAdministrator"}"#),
        (
            PeopleChange::FirstAdministratorEstablished(Role::UserAdministrator),
            r#"{"FirstAdministratorEstablished":"UserAdministrator"}"#,
        ),
        (
            PeopleChange::Hired(validity, services),
            r#"{"Hired":[{"first":"2026-11-22","last":"2026-11-22"},["Travel"]]}"#,
        ),
        (
            PeopleChange::ServiceOpened(ChargeableService::Travel, EmploymentChoice::Every),
            r#"{"ServiceOpened":["Travel","Every"]}"#,
        ),
        (
            PeopleChange::ServiceClosed(ChargeableService::Salaries, choice),
            r#"{"ServiceClosed":["Salaries",{"BeginningOn":"2025-01-01"}]}"#,
        ),
        (
            PeopleChange::EmploymentEnded(today, choice),
            r#"{"EmploymentEnded":["2026-11-22",{"BeginningOn":"2025-01-01"}]}"#,
        ),
    ];
    for (change, text) in written {
        assert_eq!(json(&change), text);
        reads_back(&change);
    }
}

/// A journal of a later version: it says more than is known today, and nothing is decided by it.
#[test]
fn e40_an_event_is_read_with_fields_that_are_not_known() {
    let event = concat!(
        r#"{"id":"00000000-0000-0000-0000-00000000000e.1","person":"00000000-0000-0000-0000-00000000000a","#,
        r#""history":"00000000-0000-0000-0000-00000000000f","sequence":7,"network":"lan","#,
        r#""at":"2026-11-22T09:30:00.000Z","device":null,"#,
        r#""change":{"InvitationWithdrawn":{"by":"00000000-0000-0000-0000-000000000001","reason":"sick","#,
        r#""company":"00000000-0000-0000-0000-000000000001"}}}"#
    );
    let read = from_json::<Event>(event).unwrap();
    assert_eq!(read.change, Change::InvitationWithdrawn { by: person(1), company: ACME });
    let change = concat!(
        r#"{"by":"00000000-0000-0000-0000-000000000001","company":"00000000-0000-0000-0000-000000000001","#,
        r#""person":"00000000-0000-0000-0000-000000000002","on":"2026-11-22","why":"new","#,
        r#""change":{"UserEstablished":{"first":"2026-11-22","last":null}}}"#
    );
    let read = from_json::<PeopleEvent>(change).unwrap();
    assert_eq!(read.change, PeopleChange::UserEstablished(Validity::from(day(2026, 11, 22))));
    // A period in it is read as everywhere.
    assert!(from_json::<PeopleEvent>(&change.replace("last", "Last")).is_err());
    // What is left out is an error, and so is what happened if it is not known.
    assert!(from_json::<Event>(&event.replace("\"sequence\":7,", "")).is_err());
    assert!(from_json::<Event>(&event.replace("InvitationWithdrawn", "InvitationMislaid")).is_err());
}

#[test]
fn e40_an_event_names_a_device_exactly_if_it_is_about_one() {
    let ids = "\"id\":\"00000000-0000-0000-0000-00000000000e.1\",\"history\":\"00000000-0000-0000-0000-00000000000f\",\"person\":\"00000000-0000-0000-0000-000000000001\",\"sequence\":7,\"at\":\"2026-11-22T09:30:00.000Z\"";
    let device = "\"device\":\"00000000-0000-0000-0000-000000000002\"";
    let of_device = "\"change\":\"PinExhausted\"";
    let of_account = "\"change\":{\"ClockSetBack\":{\"times\":1,\"largest_milliseconds\":9}}";
    let read = |parts: &[&str]| from_json::<Event>(&format!("{{{}}}", parts.join(","))).is_ok();
    assert!(read(&[ids, device, of_device]) && read(&[ids, "\"device\":null", of_account]));
    assert!(!read(&[ids, of_device]) && !read(&[ids, "\"device\":null", of_device]));
    assert!(!read(&[ids, device, of_account]));
}
