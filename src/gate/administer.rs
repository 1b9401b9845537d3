//! What a user administrator does in the browser.

use super::builder::Gate;
use super::command::{Command, Damaged};
use super::driver::PersonFacts;
use super::error::GateError;
use crate::access::{self, Actor, Administrator};
use crate::account::{Account, Context, IssuedInvitation};
use crate::host::Host;
use crate::id::PersonId;
use crate::secret::InvitationToken;

impl<H: Host> Gate<H> {
    /// Invites a person, or re-invites one who is logged out from all devices (R34). Send the
    /// invitation's token to the person, and to nobody else. Nobody is signed in by it. It is good for so long
    /// as the policy says, 24 hours by default. A damaged record is replaced by a barred account with the new
    /// invitation, in the same write (E32).
    ///
    /// # Errors
    /// `NotAuthorised` without the role, for a person of another company, or from the app (R36);
    /// `ClockUnavailable`; or a failed part of the host.
    pub async fn invite(&self, actor: &Actor, person: PersonId) -> Result<IssuedInvitation, GateError> {
        let damaged = Damaged::ReadsAsBarred;
        let command = Command { raises: true, damaged, ..Command::bare(person, "invite") };
        let (administrator, known) = self.authorise(command, actor).await?;
        let token = InvitationToken::from_secret(person, &mut self.draw()?);
        let facts = known.facts();
        let decide = |account: &mut Account, context: &Context<'_>| {
            account.invite(&administrator, &token, &facts, context)
        };
        let expires = self.run(command, decide).await?.expires();
        Ok(IssuedInvitation { token, expires })
    }

    /// Withdraws the open invitation of a person.
    ///
    /// # Errors
    /// `NotAuthorised`; `NoInvitation`; or a failed part of the host.
    pub async fn withdraw_invitation(&self, actor: &Actor, person: PersonId) -> Result<(), GateError> {
        let damaged = Damaged::ReadsAsBarred;
        let command = Command { damaged, ..Command::bare(person, "withdraw_invitation") };
        let (administrator, known) = self.authorise(command, actor).await?;
        let facts = known.facts();
        self.run(command, |account, context| account.withdraw_invitation(&administrator, &facts, context))
            .await
    }

    /// Logs a person out from all devices: the lost phone (D17). A damaged record is replaced by a barred
    /// account (E32).
    ///
    /// # Errors
    /// `NotAuthorised`; or a failed part of the host.
    pub async fn revoke_all(&self, actor: &Actor, person: PersonId) -> Result<(), GateError> {
        let command = Command { damaged: Damaged::IsBarred, ..Command::bare(person, "revoke_all") };
        let (administrator, known) = self.authorise(command, actor).await?;
        let facts = known.facts();
        self.run(command, |account, context| account.revoke_all(&administrator, &facts, context)).await
    }

    /// Proves that the acting person is a user administrator of that company, in the browser,
    /// today: what the commands of [`users_and_roles`](crate::access::users_and_roles) ask for.
    ///
    /// # Errors
    /// `NotAuthorised` (R36, D14); or a failed part of the host.
    pub async fn administrator(&self, actor: &Actor) -> Result<Administrator, GateError> {
        let command = Command::bare(actor.person, "administrator");
        self.prove(command, actor).await
    }

    async fn authorise(
        &self,
        command: Command,
        actor: &Actor,
    ) -> Result<(Administrator, PersonFacts), GateError> {
        let administrator = self.prove(command, actor).await?;
        let target = self.know(command).await?;
        Ok((administrator, target))
    }

    async fn prove(&self, command: Command, actor: &Actor) -> Result<Administrator, GateError> {
        let known = self.know_other(command, actor.person).await?;
        let acting = known.facts();
        let access = self.policy.access();
        match access::administrator(acting.person, actor, acting.dates, access) {
            Ok(administrator) => Ok(administrator),
            Err(refusal) => {
                self.report(command, refusal).await;
                Err(refusal.into())
            }
        }
    }
}
