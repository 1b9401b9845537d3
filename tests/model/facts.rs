//! People and policies in the crate's own words.

use core::num::NonZeroU16;

use pinlatch::access::{AccessPolicy, HostFunction, LeaverAccess, OwnDataUse, UsersWithoutEmployment};
use pinlatch::account::{Policy, ReinvitationScope};
use pinlatch::id::{CompanyId, PersonId};
use pinlatch::people::{
    Action, CalendarDate, ChargeableService, CustomFunction, CustomProfile, Employment, Function, Person,
    Profile, Reach, Right, Rights as RightSet, Role, Roles, ServiceSelection, UserAccess, Validity,
};
use pinlatch_testkit::{company, millis};

use crate::people::{Day, Human, Period, Rights, Service};
use crate::reference::Rules;
use crate::rights::{HOLIDAYS, Law, MESSAGES};

pub(crate) fn a_company(number: usize) -> CompanyId {
    company(number as u128 + 1)
}

pub(crate) fn date(day: Day) -> CalendarDate {
    CalendarDate::new(day.year, day.month, day.day).expect("a day")
}

pub(crate) fn validity(period: Period) -> Validity {
    let open = Validity::from(date(period.first));
    period.last.map_or(open, |last| Validity::between(date(period.first), date(last)).expect("in order"))
}

/// The host's functions: `Holidays` tied to Travel, `Messages` tied to nothing.
pub(crate) fn custom_function(name: &str) -> Function {
    Function::Custom(CustomFunction::new(name).expect("a name"))
}

/// Every function that there is in these tests.
pub(crate) fn functions() -> Vec<Function> {
    let own = [HOLIDAYS, MESSAGES].map(custom_function);
    Function::ALL.iter().copied().chain(own).collect()
}

fn mixed(bits: u32) -> CustomProfile {
    let mut rights = RightSet::EMPTY;
    for function in functions() {
        for action in Action::ALL {
            for (reach, whole_company) in [(Reach::OwnData, false), (Reach::Company, true)] {
                if bits & Rights::bit(*action, function, whole_company) != 0 {
                    rights = rights.with(Right::new(*action, function, reach));
                }
            }
        }
    }
    CustomProfile::new("Mixed", rights).expect("a profile")
}

pub(crate) fn profile(rights: Rights) -> Profile {
    let manager = [
        Right::new(Action::Read, Function::SalaryInformation, Reach::Company),
        Right::new(Action::Read, Function::TravelExpenseReports, Reach::Company),
        Right::new(Action::Edit, Function::WorkingHours, Reach::OwnData),
    ];
    match rights {
        Rights::Nothing => Profile::NoRights,
        Rights::Employee => Profile::Employee,
        Rights::Manager => {
            Profile::Custom(CustomProfile::new("Manager", RightSet::of(&manager)).expect("a profile"))
        }
        Rights::Mixed(bits) => Profile::Custom(mixed(bits)),
    }
}

pub(crate) fn fact(id: PersonId, human: &Human) -> Person {
    let mut person = Person::new(id);
    if human.bank {
        person = person.with_bank_credentials();
    }
    if human.mobile {
        person = person.with_mobile_certificate();
    }
    let selection = |service| match service {
        Service::NotSelected => ServiceSelection::NotSelected,
        Service::Open => ServiceSelection::Open,
        Service::Through(last) => ServiceSelection::ClosedAfter(date(last)),
    };
    for job in &human.jobs {
        let employment = Employment::new(a_company(job.company), validity(job.period))
            .with_selection(ChargeableService::Travel, selection(job.travel))
            .with_selection(ChargeableService::Salaries, selection(job.salaries));
        person = person.with_employment(employment);
    }
    for access in &human.accesses {
        let place = UserAccess::new(a_company(access.company), validity(access.period));
        let place = place.with_profile(profile(access.rights));
        person =
            person.with_user_access(access.roles.iter().fold(place, |place, role| place.with_role(*role)));
    }
    person
}

pub(crate) fn access_policy(law: &Law) -> AccessPolicy {
    let users = if law.users_without_employment {
        UsersWithoutEmployment::Allow
    } else {
        UsersWithoutEmployment::Refuse
    };
    let mut roles = Roles::of(&[Role::UserAdministrator]);
    if law.office_invites {
        roles = roles.with(Role::AccountingOfficeAdministrator);
    }
    let access = AccessPolicy::default().with_users_without_employment(users);
    let access = access.with_inviting_roles(roles).expect("roles that may invite");
    let reads = |function| Right::new(Action::Read, function, Reach::OwnData);
    let rights = RightSet::of(&[reads(Function::SalaryInformation), reads(Function::TravelExpenseReports)]);
    let days = NonZeroU16::new(law.leaver_days);
    let leaver = days.map(|days| LeaverAccess::new(days, rights).expect("rights to own data"));
    let access = access.with_leaver_access(leaver);
    [(HOLIDAYS, Some(ChargeableService::Travel), OwnDataUse::ReadAndEdit), (MESSAGES, None, OwnDataUse::Read)]
        .into_iter()
        .fold(access, |access, (name, service, own_data)| {
            let function = CustomFunction::new(name).expect("a name");
            access.with_function(HostFunction { function, service, own_data }).expect("few")
        })
}

pub(crate) fn policy(rules: &Rules) -> Policy {
    let access = access_policy(&rules.law);
    let mut builder = Policy::builder()
        .device_limit(u8::try_from(rules.devices).expect("few"))
        .outbox_limit(rules.outbox)
        .authentication_window(millis(rules.authentication_window))
        .answer_window(millis(rules.answer_window))
        .skew(millis(rules.skew))
        .access(access);
    if rules.invited_only {
        builder = builder.reinvitation(ReinvitationScope::InvitedIdentitiesOnly);
    }
    if let Some(idle) = rules.idle {
        builder = builder.idle_lock(millis(idle));
    }
    if let Some(lifetime) = rules.lifetime {
        builder = builder.absolute_lifetime(millis(lifetime));
    }
    builder.build().expect("a policy")
}
