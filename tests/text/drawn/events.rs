//! What happened, and what was answered.

use std::time::Duration;

use pinlatch::access::PeopleEntry;
use pinlatch::access::users_and_roles::{EmploymentChoice, PeopleChange, PeopleEvent};
use pinlatch::account::{AuthenticationStart, Event, LastOpened};
use pinlatch::id::{CompanyId, DeviceId, PersonId, StartId};
use pinlatch::people::{AuthenticationMethod, ChargeableService, Role};
use pinlatch::refusal::NextStep;
use pinlatch::session::{Change, LockCause, LogOutCause, Modality, OpenedBy, RevokedBy};
use proptest::option;
use proptest::prelude::{Just, any};
use proptest::prop_oneof;
use proptest::strategy::{BoxedStrategy, Strategy};

use super::{
    company, date, event_id, generation, history, id, note, one_of, profile, services, timestamp, validity,
};
use crate::given::{from_json, json};

pub(crate) const MODALITIES: [Modality; 2] = [Modality::Face, Modality::Fingerprint];
pub(crate) const LOCK_CAUSES: [LockCause; 3] = [LockCause::Asked, LockCause::Idle, LockCause::ClockSetBack];
const STEPS: [NextStep; 12] = [
    NextStep::UseApp,
    NextStep::CreatePin,
    NextStep::EnterPin,
    NextStep::Acknowledge,
    NextStep::Authenticate,
    NextStep::PresentInvitation,
    NextStep::AskForInvitation,
    NextStep::AskEmployer,
    NextStep::CorrectInput,
    NextStep::LogOutHere,
    NextStep::UseAnotherDevice,
    NextStep::NotAllowed,
];
const LOG_OUT_CAUSES: [LogOutCause; 9] = [
    LogOutCause::Asked,
    LogOutCause::FromAnotherDevice,
    LogOutCause::PinWindowPassed,
    LogOutCause::LifetimePassed,
    LogOutCause::DeviceModified,
    LogOutCause::NoLongerEligible,
    LogOutCause::MadeRoom,
    LogOutCause::Reauthenticated,
    LogOutCause::Erased,
];
const PLAIN_CHANGES: [Change; 9] = [
    Change::PinCreated,
    Change::UnlockedByPin,
    Change::PinExhausted,
    Change::Acknowledged,
    Change::PinChanged,
    Change::RevokedAll,
    Change::DeviceRenamed,
    Change::Erased,
    Change::Locked(LockCause::Asked),
];

pub(crate) fn next_step() -> BoxedStrategy<NextStep> {
    let wait = any::<u64>().prop_map(|millis| NextStep::TryAgain { after: Duration::from_millis(millis) });
    prop_oneof![one_of(&STEPS), wait].boxed()
}

pub(crate) fn opened_by() -> BoxedStrategy<OpenedBy> {
    prop_oneof![Just(OpenedBy::Pin), one_of(&MODALITIES).prop_map(OpenedBy::Biometric)].boxed()
}

pub(crate) fn last_opened() -> BoxedStrategy<LastOpened> {
    (timestamp(), opened_by()).prop_map(|(at, by)| LastOpened { at, by }).boxed()
}

pub(crate) fn revoked_by() -> BoxedStrategy<RevokedBy> {
    let administrator = (id(PersonId::from_u128), company());
    prop_oneof![
        id(DeviceId::from_u128).prop_map(RevokedBy::Person),
        administrator.prop_map(|(by, company)| RevokedBy::Administrator { by, company }),
    ]
    .boxed()
}

pub(crate) fn log_out_cause() -> BoxedStrategy<LogOutCause> {
    let administrator = (id(PersonId::from_u128), company());
    prop_oneof![
        one_of(&LOG_OUT_CAUSES),
        administrator.prop_map(|(by, company)| LogOutCause::ByAdministrator { by, company }),
    ]
    .boxed()
}

pub(crate) fn change() -> BoxedStrategy<Change> {
    let by = || (id(PersonId::from_u128), id(CompanyId::from_u128));
    let clock = (any::<u32>(), any::<u64>().prop_map(Duration::from_millis));
    prop_oneof![
        one_of(&PLAIN_CHANGES),
        (one_of(AuthenticationMethod::ALL), any::<bool>())
            .prop_map(|(method, by_invitation)| Change::Authenticated { method, by_invitation }),
        one_of(&LOCK_CAUSES).prop_map(Change::Locked),
        one_of(&MODALITIES).prop_map(Change::UnlockedByBiometric),
        (1..=4_u8).prop_map(|failures| Change::PinRejected { failures }),
        log_out_cause().prop_map(Change::LoggedOut),
        (by(), any::<bool>(), any::<bool>()).prop_map(|((by, company), self_issued, replaced)| {
            Change::Invited { by, company, self_issued, replaced }
        }),
        by().prop_map(|(by, company)| Change::InvitationWithdrawn { by, company }),
        (revoked_by(), generation(), any::<bool>()).prop_map(|(by, generation, voided_invitation)| {
            Change::LoggedOutEverywhere { by, generation, voided_invitation }
        }),
        clock.prop_map(|(times, largest)| Change::ClockSetBack { times, largest }),
    ]
    .boxed()
}

pub(crate) fn event() -> BoxedStrategy<Event> {
    let ids = (event_id(), id(PersonId::from_u128), history(), id(DeviceId::from_u128));
    let rest = (any::<u64>(), option::of(timestamp()), change(), option::of(note()));
    (ids, rest)
        .prop_map(|((id, person, history, device), (sequence, at, change, note))| {
            let device = (!change.is_of_the_account()).then_some(device);
            let mut event = Event::new(id, person, history, sequence, change);
            (event.at, event.device, event.note) = (at, device, note);
            event
        })
        .boxed()
}

pub(crate) fn choice() -> BoxedStrategy<EmploymentChoice> {
    prop_oneof![Just(EmploymentChoice::Every), date().prop_map(EmploymentChoice::BeginningOn)].boxed()
}

pub(crate) fn people_change() -> BoxedStrategy<PeopleChange> {
    let service = || one_of(ChargeableService::ALL);
    prop_oneof![
        validity().prop_map(PeopleChange::UserEstablished),
        date().prop_map(PeopleChange::UserAccessEnded),
        profile().prop_map(PeopleChange::ProfileSet),
        one_of(Role::ALL).prop_map(PeopleChange::RoleGranted),
        one_of(Role::ALL).prop_map(PeopleChange::RoleRevoked),
        (validity(), services()).prop_map(|(validity, services)| PeopleChange::Hired(validity, services)),
        (service(), choice()).prop_map(|(service, choice)| PeopleChange::ServiceOpened(service, choice)),
        (service(), choice()).prop_map(|(service, choice)| PeopleChange::ServiceClosed(service, choice)),
        (date(), choice()).prop_map(|(day, choice)| PeopleChange::EmploymentEnded(day, choice)),
        one_of(Role::ALL).prop_map(PeopleChange::FirstAdministratorEstablished),
    ]
    .boxed()
}

/// Only a command makes one: here it is read, field by field.
pub(crate) fn people_event() -> BoxedStrategy<PeopleEvent> {
    let parts =
        (option::of(id(PersonId::from_u128)), company(), id(PersonId::from_u128), date(), people_change());
    parts
        .prop_map(|(by, company, person, on, change)| {
            let [by, company, person] = [json(&by), json(&company), json(&person)];
            let [on, change] = [json(&on), json(&change)];
            from_json(&format!(
                r#"{{"by":{by},"company":{company},"person":{person},"on":{on},"change":{change}}}"#
            ))
            .unwrap()
        })
        .boxed()
}

pub(crate) fn people_entry() -> BoxedStrategy<PeopleEntry> {
    let parts = (event_id(), history(), any::<u64>(), option::of(timestamp()), people_event());
    parts
        .prop_map(|(id, history, sequence, at, event)| PeopleEntry { id, history, sequence, at, event })
        .boxed()
}

/// For nobody, or for an account that only the gate names: that one is read, field by field.
pub(crate) fn start() -> BoxedStrategy<AuthenticationStart> {
    let nobody = (id(StartId::from_u128), timestamp());
    let ids = (id(StartId::from_u128), id(PersonId::from_u128), history(), generation());
    let named = (ids, any::<u128>(), one_of(&["Device", "Invitation"])).prop_map(
        |((id, person, history, generation), at, by)| {
            let [id, person, history] = [json(&id), json(&person), json(&history)];
            from_json(&format!(
                concat!(
                    r#"{{"id":{},"begun":{{"Named":{{"person":{},"history":{},"#,
                    r#""generation":{},"at":"{}","by":"{}"}}}}}}"#
                ),
                id,
                person,
                history,
                json(&generation),
                at,
                by
            ))
            .unwrap()
        },
    );
    prop_oneof![nobody.prop_map(|(id, now)| AuthenticationStart::for_nobody(id, now)), named].boxed()
}
