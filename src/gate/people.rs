//! The page "Users and roles": one method for each of its commands. Person, event and its number are one
//! write of the directory; the event is handed over after it (I11).

use super::builder::Gate;
use super::command::Command;
use super::error::GateError;
use crate::access::users_and_roles::{self, Changed, EmploymentChoice};
use crate::access::{self, Administrator, BrowserSession, PeopleEntry};
use crate::host::{
    ChangeError, ChangesPeople, Clock, Directory, Host, PeopleJournal, Randomness, WrittenPerson,
};
use crate::id::{CompanyId, PersonId, WriteId};
use crate::people::{CalendarDate, ChargeableService, LocalDates, Person, Profile, Role, Services, Validity};
use crate::refusal::{Refusal, RefusalCode};

/// So many changes about one person may wait for the journal before nothing is raised any more; what lowers
/// goes on (E36).
const WAITING_CHANGES: usize = 16;

/// A change on its way, as the commands of the page decide it.
type Decide<'d> = dyn FnMut(&Person, &LocalDates) -> Result<Changed, Refusal> + Send + 'd;

impl<H: Host> Gate<H>
where
    H::Directory: ChangesPeople,
    H::Journal: PeopleJournal,
{
    /// See [`establish_user`](users_and_roles::establish_user).
    ///
    /// # Errors
    /// `NotAuthorised` without the role in that company (R36, D14); the refusals of that function;
    /// `AuditTrailFull`; or a failed part of the host.
    pub async fn establish_user(
        &self,
        session: &BrowserSession,
        company: CompanyId,
        person: PersonId,
        validity: Validity,
    ) -> Result<Person, GateError> {
        let command = Command { raises: true, ..Command::in_browser(session, person, "establish_user") };
        let by = self.acting(command, session, company).await?;
        self.change(command, &mut |person, dates| {
            users_and_roles::establish_user(&by.proof, person, validity, &by.dates(dates))
        })
        .await
    }

    /// See [`end_user_access`](users_and_roles::end_user_access).
    ///
    /// # Errors
    /// `NotAuthorised` without the role in that company (R36, D14); the refusals of that function; or a failed
    /// part of the host.
    pub async fn end_user_access(
        &self,
        session: &BrowserSession,
        company: CompanyId,
        person: PersonId,
        last_day: CalendarDate,
    ) -> Result<Person, GateError> {
        let command = Command::in_browser(session, person, "end_user_access");
        let by = self.acting(command, session, company).await?;
        self.change(command, &mut |person, dates| {
            users_and_roles::end_user_access(&by.proof, person, last_day, &by.dates(dates))
        })
        .await
    }

    /// See [`set_profile`](users_and_roles::set_profile).
    ///
    /// # Errors
    /// As for [`establish_user`](Self::establish_user).
    pub async fn set_profile(
        &self,
        session: &BrowserSession,
        company: CompanyId,
        person: PersonId,
        profile: Profile,
    ) -> Result<Person, GateError> {
        let command = Command { raises: true, ..Command::in_browser(session, person, "set_profile") };
        let by = self.acting(command, session, company).await?;
        self.change(command, &mut |person, dates| {
            users_and_roles::set_profile(&by.proof, person, profile.clone(), &by.dates(dates))
        })
        .await
    }

    /// See [`grant_role`](users_and_roles::grant_role).
    ///
    /// # Errors
    /// As for [`establish_user`](Self::establish_user).
    pub async fn grant_role(
        &self,
        session: &BrowserSession,
        company: CompanyId,
        person: PersonId,
        role: Role,
    ) -> Result<Person, GateError> {
        let command = Command { raises: true, ..Command::in_browser(session, person, "grant_role") };
        let by = self.acting(command, session, company).await?;
        self.change(command, &mut |person, dates| {
            users_and_roles::grant_role(&by.proof, person, role, &by.dates(dates))
        })
        .await
    }

    /// See [`revoke_role`](users_and_roles::revoke_role).
    ///
    /// # Errors
    /// As for [`end_user_access`](Self::end_user_access).
    pub async fn revoke_role(
        &self,
        session: &BrowserSession,
        company: CompanyId,
        person: PersonId,
        role: Role,
    ) -> Result<Person, GateError> {
        let command = Command::in_browser(session, person, "revoke_role");
        let by = self.acting(command, session, company).await?;
        self.change(command, &mut |person, dates| {
            users_and_roles::revoke_role(&by.proof, person, role, &by.dates(dates))
        })
        .await
    }

    /// See [`hire`](users_and_roles::hire). Somebody whom the directory does not know is added. The same again, after
    /// a lost reply, is `NothingToChange`.
    ///
    /// # Errors
    /// As for [`establish_user`](Self::establish_user).
    pub async fn hire(
        &self,
        session: &BrowserSession,
        company: CompanyId,
        person: PersonId,
        validity: Validity,
        services: Services,
    ) -> Result<Person, GateError> {
        let command = Command { raises: true, ..Command::in_browser(session, person, "hire") };
        let by = self.acting(command, session, company).await?;
        self.change(command, &mut |person, dates| {
            users_and_roles::hire(&by.proof, person, validity, services, &by.dates(dates))
        })
        .await
    }

    /// See [`open_service`](users_and_roles::open_service).
    ///
    /// # Errors
    /// As for [`establish_user`](Self::establish_user).
    pub async fn open_service(
        &self,
        session: &BrowserSession,
        company: CompanyId,
        person: PersonId,
        service: ChargeableService,
        employments: EmploymentChoice,
    ) -> Result<Person, GateError> {
        let command = Command { raises: true, ..Command::in_browser(session, person, "open_service") };
        let by = self.acting(command, session, company).await?;
        self.change(command, &mut |person, dates| {
            users_and_roles::open_service(&by.proof, person, service, employments, &by.dates(dates))
        })
        .await
    }

    /// See [`close_service`](users_and_roles::close_service).
    ///
    /// # Errors
    /// As for [`end_user_access`](Self::end_user_access).
    pub async fn close_service(
        &self,
        session: &BrowserSession,
        company: CompanyId,
        person: PersonId,
        service: ChargeableService,
        employments: EmploymentChoice,
    ) -> Result<Person, GateError> {
        let command = Command::in_browser(session, person, "close_service");
        let by = self.acting(command, session, company).await?;
        self.change(command, &mut |person, dates| {
            users_and_roles::close_service(&by.proof, person, service, employments, &by.dates(dates))
        })
        .await
    }

    /// See [`end_employment`](users_and_roles::end_employment).
    ///
    /// # Errors
    /// As for [`end_user_access`](Self::end_user_access).
    pub async fn end_employment(
        &self,
        session: &BrowserSession,
        company: CompanyId,
        person: PersonId,
        last_day: CalendarDate,
        employments: EmploymentChoice,
    ) -> Result<Person, GateError> {
        let command = Command::in_browser(session, person, "end_employment");
        let by = self.acting(command, session, company).await?;
        self.change(command, &mut |person, dates| {
            users_and_roles::end_employment(&by.proof, person, last_day, employments, &by.dates(dates))
        })
        .await
    }

    /// Makes a person the first user administrator of a company: see
    /// [`first_administrator`](access::first_administrator). **It takes no actor, and the crate cannot see
    /// whether there are others already.**
    ///
    /// # Errors
    /// The refusals of that function, `NothingToChange` for one who is one already among them: at a second start that is
    /// no failure; `AuditTrailFull`; or a failed part of the host.
    pub async fn establish_first_administrator(
        &self,
        company: CompanyId,
        person: PersonId,
    ) -> Result<Person, GateError> {
        let command = Command { raises: true, ..Command::bare(person, "establish_first_administrator") };
        let policy = self.policy.access();
        self.change(command, &mut |person, dates| access::first_administrator(person, company, dates, policy))
            .await
    }

    /// Hands the waiting changes about a person to the journal, and answers how many it did not take: 0 or all
    /// of them.
    ///
    /// # Errors
    /// A failed directory. A journal that takes nothing is none: the changes stay.
    pub async fn deliver_changes(&self, person: PersonId) -> Result<usize, GateError> {
        let waiting = self.host.directory().waiting_changes(person).await.map_err(GateError::directory)?;
        Ok(if self.hand_over_changes(person, &waiting).await { 0 } else { waiting.len() })
    }

    async fn acting(
        &self,
        command: Command,
        session: &BrowserSession,
        company: CompanyId,
    ) -> Result<Acting, GateError> {
        let known = self.know_other(command, session.person()).await?;
        let facts = known.facts();
        let policy = self.policy.access();
        match access::administrator(facts.person, session, company, facts.dates, policy) {
            Ok(proof) => Ok(Acting { proof, today: facts.dates.today(company) }),
            Err(refusal) => Err(self.reported(command, refusal.into()).await),
        }
    }

    /// Changes, reassesses, and hands over; a full trail is handed over first, once.
    async fn change(&self, command: Command, decide: &mut Decide<'_>) -> Result<Person, GateError> {
        let mut result = self.write_change(command, decide).await;
        let is_full = |error: &GateError| error.code() == RefusalCode::AuditTrailFull;
        if result.as_ref().is_err_and(is_full) && self.deliver_changes(command.person).await? == 0 {
            result = self.write_change(command, decide).await;
        }
        let WrittenPerson { person, waiting } = match result {
            Ok(written) => written,
            Err(error) => return Err(self.reported(command, error).await),
        };
        // Else at the person's next contact: every command of theirs looks at the facts.
        let _reassessed = self.reassess(command.person).await;
        let _taken = self.hand_over_changes(command.person, &waiting).await;
        Ok(person)
    }

    async fn write_change(
        &self,
        command: Command,
        decide: &mut Decide<'_>,
    ) -> Result<WrittenPerson, GateError> {
        let directory = self.host.directory();
        let decide = |person: &Person, waiting: &[PeopleEntry]| {
            if command.raises && waiting.len() >= WAITING_CHANGES {
                return Err(RefusalCode::AuditTrailFull.into());
            }
            decide(person, &directory.dates(person))
        };
        let draw = || {
            let mut bytes = [0; 16];
            self.host.randomness().fill(&mut bytes)?;
            Ok(WriteId::from_bytes(bytes))
        };
        match directory.change_person(command.person, self.host.clock().now(), draw, decide).await {
            Ok(written) => Ok(written),
            Err(ChangeError::Refused(refusal)) => Err(refusal.into()),
            Err(ChangeError::Randomness(error)) => Err(error.into()),
            Err(ChangeError::Directory(error)) => Err(GateError::directory(error)),
        }
    }

    /// Whether the journal has them all. What it takes leaves the record with a write of its own. If that fails, or
    /// if the journal takes nothing, it is handed over again with the next change: its identity tells a duplicate.
    async fn hand_over_changes(&self, person: PersonId, waiting: &[PeopleEntry]) -> bool {
        if waiting.is_empty() {
            return true;
        }
        if self.host.journal().record_people(waiting).await.is_err() {
            return false;
        }
        let _again_if_lost = self.host.directory().forget_changes(person, waiting).await;
        true
    }
}

/// Who acts, and what day it is in the company acted for.
struct Acting {
    proof: Administrator,
    today: CalendarDate,
}

impl Acting {
    /// The dates of the person acted on, to whom the company may be new.
    fn dates(&self, of_person: &LocalDates) -> LocalDates {
        of_person.clone().with(self.proof.company(), self.today)
    }
}
