//! "Users and roles" for hosts without async: the same methods, the same code path.

use super::blocking::BlockingGate;
use super::error::GateError;
use crate::access::BrowserSession;
use crate::access::users_and_roles::EmploymentChoice;
use crate::host::{ChangesPeople, Host, PeopleJournal, at_once};
use crate::id::{CompanyId, PersonId};
use crate::people::{CalendarDate, ChargeableService, Person, Profile, Role, Services, Validity};

macro_rules! at_once {
    ($(fn $name:ident($($argument:ident: $kind:ty),*) -> $answer:ty;)*) => {
        impl<H: Host> BlockingGate<'_, H>
        where
            H::Directory: ChangesPeople,
            H::Journal: PeopleJournal,
        {
            $(
                #[doc = concat!("See [`Gate::", stringify!($name), "`](super::Gate::", stringify!($name), ").")]
                ///
                /// # Errors
                /// The same; and [`GateError::NotBlocking`] if a part of the host is not blocking.
                pub fn $name(&self, $($argument: $kind),*) -> Result<$answer, GateError> {
                    at_once(self.0.$name($($argument),*)).unwrap_or(Err(GateError::NotBlocking))
                }
            )*
        }
    };
}

at_once! {
    fn establish_user(
        session: &BrowserSession,
        company: CompanyId,
        person: PersonId,
        validity: Validity
    ) -> Person;
    fn end_user_access(
        session: &BrowserSession,
        company: CompanyId,
        person: PersonId,
        last_day: CalendarDate
    ) -> Person;
    fn set_profile(session: &BrowserSession, company: CompanyId, person: PersonId, profile: Profile) -> Person;
    fn grant_role(session: &BrowserSession, company: CompanyId, person: PersonId, role: Role) -> Person;
    fn revoke_role(session: &BrowserSession, company: CompanyId, person: PersonId, role: Role) -> Person;
    fn hire(
        session: &BrowserSession,
        company: CompanyId,
        person: PersonId,
        validity: Validity,
        services: Services
    ) -> Person;
    fn open_service(
        session: &BrowserSession,
        company: CompanyId,
        person: PersonId,
        service: ChargeableService,
        employments: EmploymentChoice
    ) -> Person;
    fn close_service(
        session: &BrowserSession,
        company: CompanyId,
        person: PersonId,
        service: ChargeableService,
        employments: EmploymentChoice
    ) -> Person;
    fn end_employment(
        session: &BrowserSession,
        company: CompanyId,
        person: PersonId,
        last_day: CalendarDate,
        employments: EmploymentChoice
    ) -> Person;
    fn establish_first_administrator(company: CompanyId, person: PersonId) -> Person;
    fn deliver_changes(person: PersonId) -> usize;
}
