//! A person: everything the host knows that decides over sign-in and rights.

use alloc::vec::Vec;

use crate::id::{CompanyId, PersonId};

use super::calendar::CalendarDate;
use super::employment::{Employment, Services};
use super::method::{AuthenticationMethod, CredentialsHeld};
use super::user_access::UserAccess;

/// A natural person with employments and user accesses, each per company.
///
/// The host supplies it anew with every request; nothing copies its facts into a session (E20).
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(try_from = "UncheckedPerson"))]
pub struct Person {
    id: PersonId,
    credentials: CredentialsHeld,
    employments: Vec<Employment>,
    user_accesses: Vec<UserAccess>,
}

impl Person {
    /// A person without Finnish credentials, employments and user accesses.
    #[must_use]
    pub const fn new(id: PersonId) -> Self {
        let credentials = CredentialsHeld { bank: false, mobile_certificate: false };
        Self { id, credentials, employments: Vec::new(), user_accesses: Vec::new() }
    }

    /// Who has Finnish bank credentials.
    #[must_use]
    pub fn with_bank_credentials(mut self) -> Self {
        self.credentials.bank = true;
        self
    }

    /// Who has a mobile certificate.
    #[must_use]
    pub fn with_mobile_certificate(mut self) -> Self {
        self.credentials.mobile_certificate = true;
        self
    }

    /// With one more employment. There may be several in one company (E26).
    #[must_use]
    pub fn with_employment(mut self, employment: Employment) -> Self {
        self.employments.push(employment);
        self
    }

    /// With this user access, in place of one in the same company.
    #[must_use]
    pub fn with_user_access(mut self, access: UserAccess) -> Self {
        match self.user_accesses.iter_mut().find(|known| known.company() == access.company()) {
            Some(known) => *known = access,
            None => self.user_accesses.push(access),
        }
        self
    }

    /// Who it is.
    #[must_use]
    pub const fn id(&self) -> PersonId {
        self.id
    }

    /// The credentials the person holds.
    #[must_use]
    pub const fn credentials(&self) -> CredentialsHeld {
        self.credentials
    }

    /// Whether the person is a foreign user: has no Finnish bank credentials, whatever the
    /// nationality.
    #[must_use]
    pub const fn is_foreign(&self) -> bool {
        !self.credentials.bank
    }

    /// Whether the person may authenticate by `method` (R01, R30).
    #[must_use]
    pub const fn may_use(&self, method: AuthenticationMethod) -> bool {
        self.credentials.allow(method)
    }

    /// The methods by which the person may authenticate (R01, R30).
    pub fn methods(&self) -> impl Iterator<Item = AuthenticationMethod> + use<> {
        let credentials = self.credentials;
        AuthenticationMethod::ALL.iter().copied().filter(move |method| credentials.allow(*method))
    }

    /// All employments: past, current and future.
    #[must_use]
    pub fn employments(&self) -> &[Employment] {
        &self.employments
    }

    /// The employments in one company: past, current and future.
    pub fn employments_in(&self, company: CompanyId) -> impl Iterator<Item = &Employment> {
        self.employments.iter().filter(move |employment| employment.company() == company)
    }

    /// Whether an employment in that company is current on `day`.
    #[must_use]
    pub fn is_employed(&self, company: CompanyId, day: CalendarDate) -> bool {
        self.employments_in(company).any(|employment| employment.is_current(day))
    }

    /// The services in effect in that company on `day`, of all employments there together (E26).
    #[must_use]
    pub fn services_in(&self, company: CompanyId, day: CalendarDate) -> Services {
        let each = self.employments_in(company).map(|employment| employment.services_on(day));
        each.fold(Services::EMPTY, Services::union)
    }

    /// All user accesses, at most one per company: past, current and future.
    #[must_use]
    pub fn user_accesses(&self) -> &[UserAccess] {
        &self.user_accesses
    }

    /// The user access to that company, valid or not.
    #[must_use]
    pub fn user_access(&self, company: CompanyId) -> Option<&UserAccess> {
        self.user_accesses.iter().find(|access| access.company() == company)
    }

    /// The user access to that company if it is valid on `day`.
    #[must_use]
    pub fn valid_user_access(&self, company: CompanyId, day: CalendarDate) -> Option<&UserAccess> {
        self.user_access(company).filter(|access| access.is_valid(day))
    }

    /// With what `change_to` makes of each employment in its place; nothing removes it.
    pub(crate) fn with_each_employment(
        mut self,
        change_to: impl Fn(Employment) -> Option<Employment>,
    ) -> Self {
        self.employments = self.employments.into_iter().filter_map(change_to).collect();
        self
    }

    pub(crate) fn without_user_access(mut self, company: CompanyId) -> Self {
        self.user_accesses.retain(|access| access.company() != company);
        self
    }
}

/// A person as it was read, before it is known to have one user access per company at most.
#[cfg(feature = "serde")]
#[derive(serde::Deserialize)]
#[serde(rename = "Person", deny_unknown_fields)]
struct UncheckedPerson {
    id: PersonId,
    credentials: CredentialsHeld,
    employments: Vec<Employment>,
    user_accesses: Vec<UserAccess>,
}

#[cfg(feature = "serde")]
impl TryFrom<UncheckedPerson> for Person {
    type Error = &'static str;

    fn try_from(read: UncheckedPerson) -> Result<Self, Self::Error> {
        let UncheckedPerson { id, credentials, employments, user_accesses } = read;
        let count = user_accesses.len();
        let empty = Self { id, credentials, employments, user_accesses: Vec::new() };
        let person = user_accesses.into_iter().fold(empty, Self::with_user_access);
        if person.user_accesses.len() == count {
            Ok(person)
        } else {
            Err("a person has at most one user access per company")
        }
    }
}
