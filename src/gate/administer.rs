//! What a user administrator does in the browser.

use super::builder::Gate;
use super::command::{Command, Damaged};
use super::driver::PersonFacts;
use super::error::GateError;
use crate::access::{self, Actor, Administrator};
use crate::account::Invitation;
use crate::host::Host;
use crate::id::{InvitationId, PersonId};

impl<H: Host> Gate<H> {
    /// Invites a person, or re-invites one who is logged out from all devices (R34). Send the
    /// invitation's id to the person. Nobody is signed in by it. It is good for so long as the policy
    /// says, 24 hours by default. A damaged record is replaced by a barred account with the new
    /// invitation, in the same write (E32).
    ///
    /// # Errors
    /// `NotAuthorised` without the role, for a person of another company, or from the app (R36);
    /// `ClockUnavailable`; or a failed part of the host.
    pub async fn invite(&self, actor: &Actor, person: PersonId) -> Result<Invitation, GateError> {
        let mut command = self.raising_command(person, "invite");
        command.damaged = Damaged::ReadsAsBarred;
        let (administrator, known) = self.authorise(command, actor).await?;
        let id = InvitationId::from_bytes(self.draw()?);
        let context = self.bare_context(command);
        self.run(command, |account| account.invite(&administrator, id, &known.facts(), &context)).await
    }

    /// Withdraws the open invitation of a person.
    ///
    /// # Errors
    /// `NotAuthorised`; `NoInvitation`; or a failed part of the host.
    pub async fn withdraw_invitation(&self, actor: &Actor, person: PersonId) -> Result<(), GateError> {
        let mut command = self.command(person, "withdraw_invitation");
        command.damaged = Damaged::ReadsAsBarred;
        let (administrator, known) = self.authorise(command, actor).await?;
        let context = self.bare_context(command);
        let facts = known.facts();
        self.run(command, |account| account.withdraw_invitation(&administrator, &facts, &context)).await
    }

    /// Logs a person out from all devices: the lost phone (D17). A damaged record is replaced by a barred
    /// account (E32).
    ///
    /// # Errors
    /// `NotAuthorised`; or a failed part of the host.
    pub async fn revoke_all(&self, actor: &Actor, person: PersonId) -> Result<(), GateError> {
        let mut command = self.command(person, "revoke_all");
        command.damaged = Damaged::IsBarred;
        let (administrator, known) = self.authorise(command, actor).await?;
        let context = self.bare_context(command);
        let facts = known.facts();
        self.run(command, |account| account.revoke_all(&administrator, &facts, &context)).await
    }

    /// Proves that the acting person is a user administrator of that company, in the browser,
    /// today: what the commands of [`users_and_roles`](crate::access::users_and_roles) ask for.
    ///
    /// # Errors
    /// `NotAuthorised` (R36, D14); or a failed part of the host.
    pub async fn administrator(&self, actor: &Actor) -> Result<Administrator, GateError> {
        let command = self.command(actor.person, "administrator");
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
