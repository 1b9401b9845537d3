//! People and their parts.

use pinlatch::access::Request;
use pinlatch::id::{CompanyId, PersonId};
use pinlatch::people::{
    Action, ChargeableService, CredentialsHeld, CustomFunction, CustomProfile, Employment, Function,
    LocalDates, Person, Profile, Reach, Right, Rights, Role, Roles, ServiceSelection, Services, UserAccess,
    Validity,
};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::{Just, any};
use proptest::prop_oneof;
use proptest::strategy::{BoxedStrategy, Strategy};

use super::{date, id, one_of};

/// Few companies, so that one is met twice.
pub(crate) fn company() -> BoxedStrategy<CompanyId> {
    (0..6_u128).prop_map(CompanyId::from_u128).boxed()
}

pub(crate) fn validity() -> BoxedStrategy<Validity> {
    let period = |(first, last): (_, Option<_>)| match last {
        None => Some(Validity::from(first)),
        Some(last) => Validity::between(first, last).ok(),
    };
    (date(), option::of(date())).prop_filter_map("ends before it begins", period).boxed()
}

pub(crate) fn local_dates() -> BoxedStrategy<LocalDates> {
    let dates = |(elsewhere, companies): (_, Vec<_>)| {
        companies
            .into_iter()
            .fold(LocalDates::everywhere(elsewhere), |dates, (company, day)| dates.with(company, day))
    };
    (date(), vec((company(), date()), 0..5)).prop_map(dates).boxed()
}

pub(crate) fn services() -> BoxedStrategy<Services> {
    vec(one_of(ChargeableService::ALL), 0..3).prop_map(|all| all.into_iter().collect()).boxed()
}

pub(crate) fn roles() -> BoxedStrategy<Roles> {
    vec(one_of(Role::ALL), 0..4).prop_map(|all| all.into_iter().collect()).boxed()
}

pub(crate) fn custom_function() -> BoxedStrategy<CustomFunction> {
    let name = prop_oneof!["[A-Z][A-Za-z0-9_-]{0,31}", "[AB]"];
    name.prop_map(|name| CustomFunction::new(&name).unwrap()).boxed()
}

pub(crate) fn function() -> BoxedStrategy<Function> {
    prop_oneof![one_of(Function::ALL), custom_function().prop_map(Function::Custom)].boxed()
}

pub(crate) fn right() -> BoxedStrategy<Right> {
    let parts = (one_of(Action::ALL), function(), one_of(Reach::ALL));
    parts.prop_map(|(action, function, reach)| Right::new(action, function, reach)).boxed()
}

pub(crate) fn rights() -> BoxedStrategy<Rights> {
    vec(right(), 0..8).prop_map(|all| all.into_iter().collect()).boxed()
}

pub(crate) fn custom_profile() -> BoxedStrategy<CustomProfile> {
    let parts = ("[ -~äÖ€]{1,64}", rights());
    parts
        .prop_filter_map("no profile", |(name, rights)| {
            let granted = rights.iter().filter(|right| right.function != Function::UsersAndRoles).collect();
            CustomProfile::new(name, granted).ok()
        })
        .boxed()
}

pub(crate) fn profile() -> BoxedStrategy<Profile> {
    let custom = custom_profile().prop_map(Profile::Custom);
    prop_oneof![Just(Profile::NoRights), Just(Profile::Employee), custom].boxed()
}

pub(crate) fn selection() -> BoxedStrategy<ServiceSelection> {
    let closed = date().prop_map(ServiceSelection::ClosedAfter);
    prop_oneof![Just(ServiceSelection::NotSelected), Just(ServiceSelection::Open), closed].boxed()
}

pub(crate) fn employment() -> BoxedStrategy<Employment> {
    let parts = (company(), validity(), selection(), selection());
    parts
        .prop_map(|(company, validity, travel, salaries)| {
            Employment::new(company, validity)
                .with_selection(ChargeableService::Travel, travel)
                .with_selection(ChargeableService::Salaries, salaries)
        })
        .boxed()
}

pub(crate) fn user_access() -> BoxedStrategy<UserAccess> {
    let parts = (company(), validity(), profile(), roles());
    parts
        .prop_map(|(company, validity, profile, roles)| {
            roles.iter().fold(UserAccess::new(company, validity).with_profile(profile), UserAccess::with_role)
        })
        .boxed()
}

pub(crate) fn credentials() -> BoxedStrategy<CredentialsHeld> {
    let parts = (any::<bool>(), any::<bool>());
    parts.prop_map(|(bank, mobile_certificate)| CredentialsHeld { bank, mobile_certificate }).boxed()
}

pub(crate) fn person() -> BoxedStrategy<Person> {
    let parts = (
        id(PersonId::from_u128),
        credentials(),
        vec(employment(), 0..4),
        vec(user_access(), 0..3),
        option::of(date()),
    );
    parts
        .prop_map(|(id, held, employments, accesses, incomplete_until)| {
            let person = Person::new(id);
            let person = if held.bank { person.with_bank_credentials() } else { person };
            let person = if held.mobile_certificate { person.with_mobile_certificate() } else { person };
            let person = employments.into_iter().fold(person, Person::with_employment);
            let person = accesses.into_iter().fold(person, Person::with_user_access);
            incomplete_until.into_iter().fold(person, Person::with_incomplete_until)
        })
        .boxed()
}

pub(crate) fn request() -> BoxedStrategy<Request> {
    let parts = (company(), one_of(Action::ALL), function(), id(PersonId::from_u128));
    parts.prop_map(|(company, action, function, owner)| Request { company, action, function, owner }).boxed()
}
