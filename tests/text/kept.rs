//! Whether a value is one that a constructor gives: each is made anew from what it says of itself.

use std::collections::BTreeMap;
use std::time::Duration;

use pinlatch::access::users_and_roles::{PeopleChange, PeopleEvent};
use pinlatch::access::{AccessPolicy, HostFunction, LeaverAccess, PeopleEntry};
use pinlatch::account::{DeviceLabel, Event, Note, Policy, PolicyBuilder};
use pinlatch::id::CompanyId;
use pinlatch::people::{
    CalendarDate, ChargeableService, CustomFunction, CustomProfile, Employment, Function, Functions,
    LocalDates, Person, Profile, Right, Rights, UserAccess, Validity,
};
use pinlatch::pin::{HashParams, PinLength, PinPolicy};
use pinlatch::refusal::NextStep;
use pinlatch::session::Change;
use serde::Deserialize;

use crate::given::{from_json, json};

/// Of a type whose every value is one that a constructor gives.
pub(crate) const fn whatever<T>(_: &T) -> bool {
    true
}

pub(crate) fn date(date: &CalendarDate) -> bool {
    CalendarDate::new(date.year(), date.month(), date.day()) == Ok(*date)
}

pub(crate) fn validity(period: &Validity) -> bool {
    let made = period
        .last()
        .map_or(Ok(Validity::from(period.first())), |last| Validity::between(period.first(), last));
    made == Ok(*period) && date(&period.first())
}

/// The companies are to be seen in the text only.
pub(crate) fn local_dates(dates: &LocalDates) -> bool {
    #[derive(Deserialize)]
    struct Written {
        elsewhere: CalendarDate,
        companies: Vec<BTreeMap<String, String>>,
    }
    let Written { elsewhere, companies } = from_json(&json(dates)).unwrap();
    let each = companies.iter().map(|local| -> (CompanyId, CalendarDate) {
        (local["company"].parse().unwrap(), local["day"].parse().unwrap())
    });
    let made = each
        .clone()
        .fold(LocalDates::everywhere(elsewhere), |dates, (company, day)| dates.with(company, day));
    made == *dates && each.into_iter().all(|(company, day)| dates.today(company) == day)
}

pub(crate) fn label(label: &DeviceLabel) -> bool {
    DeviceLabel::new(label.as_str()).as_ref() == Ok(label)
}

pub(crate) fn note(note: &Note) -> bool {
    Note::new(note.as_str()) == Ok(*note)
}

pub(crate) fn custom_function(function: &CustomFunction) -> bool {
    CustomFunction::new(function.name()) == Ok(*function)
}

pub(crate) fn function(function: &Function) -> bool {
    match function {
        Function::Custom(custom) => custom_function(custom),
        known => Function::ALL.contains(known),
    }
}

pub(crate) fn functions(all: &Functions) -> bool {
    let each: Vec<Function> = all.iter().collect();
    Functions::of(&each) == *all && each.iter().all(function)
}

pub(crate) fn right(right: &Right) -> bool {
    function(&right.function)
}

pub(crate) fn rights(all: &Rights) -> bool {
    let each: Vec<Right> = all.iter().collect();
    Rights::of(&each) == *all && each.iter().all(right)
}

pub(crate) fn custom_profile(profile: &CustomProfile) -> bool {
    CustomProfile::new(profile.name(), profile.rights().clone()).as_ref() == Ok(profile)
        && rights(profile.rights())
}

pub(crate) fn profile(profile: &Profile) -> bool {
    match profile {
        Profile::Custom(custom) => custom_profile(custom),
        _ => true,
    }
}

pub(crate) fn employment(employment: &Employment) -> bool {
    let with = |made: Employment, service: &ChargeableService| {
        made.with_selection(*service, employment.selection(*service))
    };
    let new = Employment::new(employment.company(), employment.validity());
    validity(&employment.validity()) && ChargeableService::ALL.iter().fold(new, with) == *employment
}

pub(crate) fn user_access(access: &UserAccess) -> bool {
    let new = UserAccess::new(access.company(), access.validity()).with_profile(access.profile().clone());
    let made = access.roles().iter().fold(new, UserAccess::with_role);
    validity(&access.validity()) && profile(access.profile()) && made == *access
}

pub(crate) fn person(person: &Person) -> bool {
    let held = person.credentials();
    let made = Person::new(person.id());
    let made = if held.bank { made.with_bank_credentials() } else { made };
    let made = if held.mobile_certificate { made.with_mobile_certificate() } else { made };
    let made = person.employments().iter().copied().fold(made, Person::with_employment);
    let made = person.user_accesses().iter().cloned().fold(made, Person::with_user_access);
    let made = person.incomplete_until().into_iter().fold(made, Person::with_incomplete_until);
    made == *person
        && person.employments().iter().all(employment)
        && person.user_accesses().iter().all(user_access)
}

pub(crate) fn host_function(function: &HostFunction) -> bool {
    custom_function(&function.function)
}

pub(crate) fn leaver_access(access: &LeaverAccess) -> bool {
    LeaverAccess::new(access.day_count(), access.rights().clone()).as_ref() == Ok(access)
        && rights(access.rights())
}

pub(crate) fn access_policy(policy: &AccessPolicy) -> bool {
    let made = AccessPolicy::default()
        .with_users_without_employment(policy.users_without_employment())
        .with_leaver_access(policy.leaver_access().cloned())
        .with_inviting_roles(policy.inviting_roles())
        .ok();
    let with = |made: AccessPolicy, function: &HostFunction| made.with_function(*function).ok();
    made.and_then(|made| policy.functions().iter().try_fold(made, with)).as_ref() == Some(policy)
        && policy.functions().iter().all(host_function)
        && policy.leaver_access().is_none_or(leaver_access)
}

pub(crate) fn pin_length(length: &PinLength) -> bool {
    PinLength::new(u8::from(*length)) == Ok(*length)
}

pub(crate) fn pin_policy(policy: &PinPolicy) -> bool {
    pin_length(&policy.length()) && PinPolicy::default().with_length(policy.length()) == *policy
}

pub(crate) fn hash_params(params: &HashParams) -> bool {
    HashParams::new(params.memory_kib(), params.passes()) == Ok(*params)
}

pub(crate) fn policy(policy: &Policy) -> bool {
    let made = Policy::builder()
        .device_limit(policy.device_limit().get())
        .invitation_lifetime(policy.invitation_lifetime())
        .pin_window(policy.pin_window())
        .authentication_window(policy.authentication_window())
        .answer_window(policy.answer_window())
        .skew(policy.skew())
        .outbox_limit(policy.outbox_limit())
        .reinvitation(policy.reinvitation())
        .access(policy.access().clone())
        .pin(*policy.pin())
        .hash_params(policy.hash_params());
    let made = policy.idle_window().into_iter().fold(made, PolicyBuilder::idle_lock);
    let made = policy.absolute_lifetime().into_iter().fold(made, PolicyBuilder::absolute_lifetime);
    made.build().as_ref() == Ok(policy)
        && access_policy(policy.access())
        && pin_policy(policy.pin())
        && hash_params(&policy.hash_params())
}

fn is_whole(span: Duration) -> bool {
    span.subsec_nanos().is_multiple_of(1_000_000)
}

pub(crate) fn next_step(step: &NextStep) -> bool {
    match step {
        NextStep::TryAgain { after } => is_whole(*after),
        _ => true,
    }
}

pub(crate) fn change(change: &Change) -> bool {
    match change {
        Change::ClockSetBack { largest, .. } => is_whole(*largest),
        _ => true,
    }
}

/// D16, I11: what is about one device says which, and what is about the account names none.
pub(crate) fn event(event: &Event) -> bool {
    event.device.is_none() == event.change.is_of_the_account()
        && change(&event.change)
        && event.note.as_ref().is_none_or(note)
}

pub(crate) fn people_change(change: &PeopleChange) -> bool {
    match change {
        PeopleChange::UserEstablished(period) | PeopleChange::Hired(period, _) => validity(period),
        PeopleChange::ProfileSet(set) => profile(set),
        _ => true,
    }
}

pub(crate) fn people_event(event: &PeopleEvent) -> bool {
    date(&event.on) && people_change(&event.change)
}

pub(crate) fn people_entry(entry: &PeopleEntry) -> bool {
    people_event(&entry.event)
}
