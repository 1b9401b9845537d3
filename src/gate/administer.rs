//! What a user administrator does in the browser, and what anybody may do there.

use futures_util::future::join;

use super::builder::Gate;
use super::command::{Command, Damaged};
use super::driver::PersonFacts;
use super::error::GateError;
use super::writing::Start;
use crate::access::{self, Administrator, BrowserSession, Channel, Request, Rule};
use crate::account::{Account, AccountOverview, Context, IssuedInvitation};
use crate::host::{Host, Loaded};
use crate::id::{CompanyId, DeviceId, PersonId};
use crate::secret::InvitationToken;

impl<H: Host> Gate<H> {
    /// The per-request call of the browser version: may this person do this there now? Only a user of the
    /// request's company may do anything there (R18, E25). The app's call is [`check`](Self::check): "Users
    /// and roles" is never granted there (R36).
    ///
    /// # Errors
    /// `NotAUser`; the refusal of the permission; or a failed part of the host.
    pub async fn browser_check(
        &self,
        session: &BrowserSession,
        request: &Request,
    ) -> Result<Rule, GateError> {
        let command = Command::in_browser(session, session.person(), "browser_check");
        let known = self.know_for(command, request.owner).await?;
        let (facts, policy) = (known.facts(), self.policy.access());
        let channel = Channel::Browser;
        let decision = access::decide(facts.person, channel, request, facts.owner, facts.dates, policy);
        match decision.into_result() {
            Ok(rule) => Ok(rule),
            Err(refusal) => Err(self.reported(command, refusal.into()).await),
        }
    }

    /// Invites a person, or re-invites one who is logged out from all devices (R34). Send the
    /// invitation's token to the person, and to nobody else. Nobody is signed in by it. It is good for so long
    /// as the policy says, 24 hours by default. A damaged record is replaced by a barred account with the new
    /// invitation, in the same write (E32).
    ///
    /// # Errors
    /// `NotAuthorised` without the role in that company, or for a person who has no relation to it that is in
    /// effect (R36, D31); `ClockUnavailable`; or a failed part of the host.
    pub async fn invite(
        &self,
        session: &BrowserSession,
        company: CompanyId,
        person: PersonId,
    ) -> Result<IssuedInvitation, GateError> {
        let damaged = Damaged::ReadsAsBarred;
        let command = Command { raises: true, damaged, ..Command::in_browser(session, person, "invite") };
        let (administrator, known, loaded) = self.authorise(command, session, company).await?;
        let token = InvitationToken::from_secret(person, &mut self.draw()?);
        let facts = known.facts();
        let decide = |account: &mut Account, context: &Context<'_>| {
            account.invite(&administrator, &token, &facts, context)
        };
        let expires = self.run_from(command, Start::Loaded(loaded), decide).await?.expires();
        Ok(IssuedInvitation { token, expires })
    }

    /// Withdraws the open invitation of a person.
    ///
    /// # Errors
    /// `NotAuthorised` without the role in that company, or without reach over the person (D31);
    /// `NoInvitation`; or a failed part of the host.
    pub async fn withdraw_invitation(
        &self,
        session: &BrowserSession,
        company: CompanyId,
        person: PersonId,
    ) -> Result<(), GateError> {
        let damaged = Damaged::ReadsAsBarred;
        let command = Command { damaged, ..Command::in_browser(session, person, "withdraw_invitation") };
        let (administrator, known, loaded) = self.authorise(command, session, company).await?;
        let facts = known.facts();
        let decide = |account: &mut Account, context: &Context<'_>| {
            account.withdraw_invitation(&administrator, &facts, context)
        };
        Ok(self.run_from(command, Start::Loaded(loaded), decide).await?)
    }

    /// Logs a person out from all devices: the lost phone (D17), or the leaver's (D31). A damaged record is
    /// replaced by a barred account (E32).
    ///
    /// # Errors
    /// `NotAuthorised` without the role in that company, or without reach over the person (D31); or a failed
    /// part of the host.
    #[doc(alias = "revoke")]
    pub async fn revoke_all(
        &self,
        session: &BrowserSession,
        company: CompanyId,
        person: PersonId,
    ) -> Result<(), GateError> {
        let command =
            Command { damaged: Damaged::IsBarred, ..Command::in_browser(session, person, "revoke_all") };
        let (administrator, known, loaded) = self.authorise(command, session, company).await?;
        let facts = known.facts();
        let decide = |account: &mut Account, context: &Context<'_>| {
            account.revoke_all(&administrator, &facts, context)
        };
        Ok(self.run_from(command, Start::Loaded(loaded), decide).await?)
    }

    /// Logs out one device of a person: the lost phone, where the others are not lost. Its id is in the
    /// [`overview`](Self::overview).
    ///
    /// # Errors
    /// `NotAuthorised` without the role in that company, or without reach over the person (D31);
    /// `UnknownDevice`; or a failed part of the host.
    pub async fn log_out_device_of(
        &self,
        session: &BrowserSession,
        company: CompanyId,
        person: PersonId,
        device: DeviceId,
    ) -> Result<(), GateError> {
        let damaged = Damaged::ReadsAsBarred;
        let command = Command { damaged, ..Command::in_browser(session, person, "log_out_device_of") };
        let (administrator, known, loaded) = self.authorise(command, session, company).await?;
        let facts = known.facts();
        let decide = |account: &mut Account, context: &Context<'_>| {
            account.log_out_device_of(&administrator, device, &facts, context)
        };
        Ok(self.run_from(command, Start::Loaded(loaded), decide).await?)
    }

    /// What an administrator may see of a person's account: whether it is barred, the open invitation, the
    /// devices. Nothing is written. A damaged record reads as a barred account without devices (E32).
    ///
    /// # Errors
    /// `NotAuthorised` without the role in that company, or without reach over the person (D31); or a failed
    /// part of the host.
    pub async fn overview(
        &self,
        session: &BrowserSession,
        company: CompanyId,
        person: PersonId,
    ) -> Result<AccountOverview, GateError> {
        let damaged = Damaged::ReadsAsBarred;
        let command = Command { damaged, ..Command::in_browser(session, person, "overview") };
        let (administrator, known, loaded) = self.authorise(command, session, company).await?;
        let facts = known.facts();
        let look =
            |account: &mut Account, context: &Context<'_>| account.overview(&administrator, &facts, context);
        match self.look_at(command, loaded, look) {
            Ok(Ok(overview)) => Ok(overview),
            Ok(Err(refusal)) => Err(self.reported(command, refusal.into()).await),
            Err(error) => Err(self.reported(command, error).await),
        }
    }

    /// Proves that the person of a browser session is a user administrator of that company today: what the
    /// commands of [`users_and_roles`](crate::access::users_and_roles) ask for.
    ///
    /// # Errors
    /// `NotAuthorised` (R36, D14); or a failed part of the host.
    pub async fn administrator(
        &self,
        session: &BrowserSession,
        company: CompanyId,
    ) -> Result<Administrator, GateError> {
        let command = Command::in_browser(session, session.person(), "administrator");
        self.prove(command, session, company).await
    }

    /// The proof of who acts, the facts of who is acted on, and that person's record: three reads at once.
    async fn authorise(
        &self,
        command: Command,
        session: &BrowserSession,
        company: CompanyId,
    ) -> Result<(Administrator, PersonFacts, Option<Loaded>), GateError> {
        let both = async {
            let (administrator, target) =
                join(self.prove(command, session, company), self.ask(command.person)).await;
            let administrator = administrator?;
            match target {
                Ok(target) => Ok((administrator, target)),
                Err(error) => Err(self.reported(command, error).await),
            }
        };
        let ((administrator, target), loaded) = self.beside_loading(command, both).await?;
        Ok((administrator, target, loaded))
    }

    pub(super) async fn prove(
        &self,
        command: Command,
        session: &BrowserSession,
        company: CompanyId,
    ) -> Result<Administrator, GateError> {
        let known = self.know_other(command, session.person()).await?;
        let acting = known.facts();
        let policy = self.policy.access();
        match access::administrator(acting.person, session, company, acting.dates, policy) {
            Ok(administrator) => Ok(administrator),
            Err(refusal) => Err(self.reported(command, refusal.into()).await),
        }
    }
}
