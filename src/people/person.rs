//! A person: everything the host knows that decides over sign-in and rights.

use alloc::vec::Vec;

use crate::id::{CompanyId, PersonId};

use super::calendar::{CalendarDate, LocalDates, Validity};
use super::employment::{Employment, Services};
use super::method::{AuthenticationMethod, CredentialsHeld};
use super::user_access::UserAccess;

/// A natural person with employments and user accesses, each per company.
///
/// The host supplies it anew with every request; nothing copies its facts into a session (E20).
///
/// Its size is bounded (D31): [`MOST_COMPANIES`](Self::MOST_COMPANIES), and for each of them
/// [`MOST_EMPLOYMENTS`](Self::MOST_EMPLOYMENTS) and one user access. Facts carry periods that have ended,
/// since a gap between two of them ends sessions (E23); what had to make room is no such gap, so the day up
/// to which the facts are incomplete is kept with them.
///
/// With the feature `serde` every field is written by its name; one that is not known is an error, and so are
/// facts beyond the bounds, where the builder would make room (E40).
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(try_from = "UncheckedPerson"))]
pub struct Person {
    id: PersonId,
    credentials: CredentialsHeld,
    employments: Vec<Employment>,
    user_accesses: Vec<UserAccess>,
    incomplete_until: Option<CalendarDate>,
}

/// There is no room for one more company, or one more employment in that company, and nothing that has
/// ended could make it (D31).
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no room for another entry of this person: end one first, or merge those of one company")]
pub struct PersonFull;

impl Person {
    /// The most companies of one person (D31).
    pub const MOST_COMPANIES: usize = 64;

    /// The most employments of one person in one company (D31).
    pub const MOST_EMPLOYMENTS: usize = 32;

    /// A person without Finnish credentials, employments and user accesses.
    #[must_use]
    pub const fn new(id: PersonId) -> Self {
        let credentials = CredentialsHeld { bank: false, mobile_certificate: false };
        Self { id, credentials, employments: Vec::new(), user_accesses: Vec::new(), incomplete_until: None }
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
    ///
    /// If the bounds of D31 are reached, the one with the eldest last day makes room, which may be this one;
    /// in a further company, all that the company has whose last day is the eldest. Where nothing has a last
    /// day, this one is left out: right is what was there.
    #[must_use]
    pub fn with_employment(mut self, employment: Employment) -> Self {
        let _left_out_if_full = self.add_employment(employment, &|_, validity| validity.last().is_some());
        self
    }

    /// With this user access, in place of one in the same company. For a further company than the most
    /// there may be, as for [`with_employment`](Self::with_employment).
    #[must_use]
    pub fn with_user_access(mut self, access: UserAccess) -> Self {
        let _left_out_if_full = self.add_user_access(access, &|_, validity| validity.last().is_some());
        self
    }

    /// Whose facts are incomplete up to that day, for example because the host keeps no ended employment
    /// from before: E23 asks about no day up to it. Given twice, the later day counts.
    #[must_use]
    pub fn with_incomplete_until(mut self, day: CalendarDate) -> Self {
        self.forget_until(Some(day));
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

    /// The day up to which the facts are incomplete, if anything had to make room (D31).
    #[must_use]
    pub const fn incomplete_until(&self) -> Option<CalendarDate> {
        self.incomplete_until
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

    /// With one more employment; one that has ended makes room if the bounds of D31 are reached.
    pub(crate) fn hired(mut self, employment: Employment, dates: &LocalDates) -> Result<Self, PersonFull> {
        self.add_employment(employment, &has_ended(dates))?;
        Ok(self)
    }

    /// With this user access, in place of one in the same company. One that has ended leaves its last day
    /// behind: no facts tell of the time before it any more.
    pub(crate) fn established(mut self, access: UserAccess, dates: &LocalDates) -> Result<Self, PersonFull> {
        let replaced = self.user_access(access.company()).map(|known| (known.company(), known.validity()));
        let has_ended = has_ended(dates);
        let replaced = replaced.filter(|(company, validity)| has_ended(*company, *validity));
        self.add_user_access(access, &has_ended)?;
        self.forget_until(replaced.and_then(|(_, validity)| validity.last()));
        Ok(self)
    }

    /// With this employment and no other out of its place: for facts that are read back, which were within
    /// the bounds when they were written.
    pub(crate) fn read_with_employment(mut self, employment: Employment) -> Result<Self, PersonFull> {
        self.add_employment(employment, &|_, _| false)?;
        Ok(self)
    }

    /// The same for a user access, of which a company has one.
    pub(crate) fn read_with_user_access(mut self, access: UserAccess) -> Result<Self, PersonFull> {
        if self.user_access(access.company()).is_some() {
            return Err(PersonFull);
        }
        self.add_user_access(access, &|_, _| false)?;
        Ok(self)
    }

    fn add_employment(&mut self, employment: Employment, has_ended: &HasEnded<'_>) -> Result<(), PersonFull> {
        let company = employment.company();
        self.make_room_for(company, has_ended)?;
        self.employments.push(employment);
        if self.employments_in(company).count() <= Self::MOST_EMPLOYMENTS {
            return Ok(());
        }
        let ended = |employment: &Employment| {
            employment.company() == company && has_ended(company, employment.validity())
        };
        let places = self.employments.iter().enumerate().filter(|(_, employment)| ended(employment));
        let eldest = places.min_by_key(|(_, employment)| employment.validity().last());
        let Some((place, _)) = eldest else {
            let _the_new_one = self.employments.pop();
            return Err(PersonFull);
        };
        let made_room = self.employments.remove(place);
        self.forget_until(made_room.validity().last());
        Ok(())
    }

    fn add_user_access(&mut self, access: UserAccess, has_ended: &HasEnded<'_>) -> Result<(), PersonFull> {
        if let Some(known) = self.user_accesses.iter_mut().find(|known| known.company() == access.company()) {
            *known = access;
            return Ok(());
        }
        self.make_room_for(access.company(), has_ended)?;
        self.user_accesses.push(access);
        Ok(())
    }

    /// Room for a relation to `company`: if it would be one company too many, the one where everything has
    /// ended, and ended first, is forgotten.
    fn make_room_for(&mut self, company: CompanyId, has_ended: &HasEnded<'_>) -> Result<(), PersonFull> {
        if self.relations().count() < Self::MOST_COMPANIES {
            return Ok(()); // the usual case, without looking who is whose
        }
        if self.relations().any(|(known, _)| known == company)
            || self.companies().count() < Self::MOST_COMPANIES
        {
            return Ok(());
        }
        let has_all_ended = |company: &CompanyId| {
            self.relations().filter(|(of, _)| of == company).all(|(of, validity)| has_ended(of, validity))
        };
        let last_day = |company: &CompanyId| {
            self.relations().filter(|(of, _)| of == company).filter_map(|(_, validity)| validity.last()).max()
        };
        let eldest = self.companies().filter(has_all_ended).min_by_key(last_day).ok_or(PersonFull)?;
        let last = last_day(&eldest);
        self.employments.retain(|employment| employment.company() != eldest);
        self.user_accesses.retain(|access| access.company() != eldest);
        self.forget_until(last);
        Ok(())
    }

    /// Every relation to a company, with its period.
    pub(crate) fn relations(&self) -> impl Iterator<Item = (CompanyId, Validity)> {
        let employments =
            self.employments.iter().map(|employment| (employment.company(), employment.validity()));
        employments.chain(self.user_accesses.iter().map(|access| (access.company(), access.validity())))
    }

    /// The companies, each once.
    fn companies(&self) -> impl Iterator<Item = CompanyId> {
        let each = self.relations().enumerate();
        each.filter(|(place, (company, _))| self.relations().take(*place).all(|(of, _)| of != *company))
            .map(|(_, (company, _))| company)
    }

    fn forget_until(&mut self, day: Option<CalendarDate>) {
        self.incomplete_until = self.incomplete_until.max(day);
    }

    pub(crate) fn without_user_access(mut self, company: CompanyId) -> Self {
        self.user_accesses.retain(|access| access.company() != company);
        self
    }
}

/// Whether a relation to that company, of that period, has ended.
type HasEnded<'a> = dyn Fn(CompanyId, Validity) -> bool + 'a;

fn has_ended(dates: &LocalDates) -> impl Fn(CompanyId, Validity) -> bool {
    |company, validity| validity.has_ended(dates.today(company))
}

/// A person as it was read, before it is known to keep the bounds (D31, E40).
#[cfg(feature = "serde")]
#[derive(serde::Deserialize)]
#[serde(rename = "Person", deny_unknown_fields)]
struct UncheckedPerson {
    id: PersonId,
    credentials: CredentialsHeld,
    employments: Vec<Employment>,
    user_accesses: Vec<UserAccess>,
    incomplete_until: Option<CalendarDate>,
}

#[cfg(feature = "serde")]
impl TryFrom<UncheckedPerson> for Person {
    type Error = &'static str;

    fn try_from(read: UncheckedPerson) -> Result<Self, Self::Error> {
        let UncheckedPerson { id, credentials, employments, user_accesses, incomplete_until } = read;
        let empty = Self { credentials, incomplete_until, ..Self::new(id) };
        let employed = employments.into_iter().try_fold(empty, Self::read_with_employment);
        let user = employed
            .and_then(|person| user_accesses.into_iter().try_fold(person, Self::read_with_user_access));
        user.map_err(
            |PersonFull| "a person has at most 64 companies, and 32 employments and one user access in each",
        )
    }
}
