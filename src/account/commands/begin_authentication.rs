//! Beginning a strong authentication.

use subtle::ConstantTimeEq;

use super::super::state::Account;
use super::super::words::{AuthenticationStart, BeginFor, BegunFor, Context, Named, NamedBy};
use crate::id::StartId;
use crate::refusal::{Refusal, RefusalCode};

impl Account {
    /// Begins a strong authentication, for the person whom a live device or a valid invitation of this
    /// account names, and otherwise for nobody (D34): a token that is not known is answered like none at
    /// all. `id` is drawn at random. To be asked of an account that is not written afterwards.
    ///
    /// # Errors
    /// `ClockUnavailable`.
    pub fn begin_authentication(
        &mut self,
        whom: BeginFor<'_>,
        id: StartId,
        context: &Context<'_>,
    ) -> Result<AuthenticationStart, Refusal> {
        self.arrive(context);
        let now = context.reading().ok_or(RefusalCode::ClockUnavailable)?;
        let nobody = AuthenticationStart::for_nobody(id, now);
        let by = match whom {
            BeginFor::Nobody => return Ok(nobody),
            BeginFor::Device(token) => {
                let live = self
                    .device_of(token)
                    .filter(|id| self.apply_windows(*id, context).is_ok() && self.is_live(*id));
                live.map(|_| NamedBy::Device)
            }
            BeginFor::Invitation(token) => {
                let open = self.invitation().filter(|open| bool::from(open.digest.ct_eq(&token.digest())));
                open.filter(|open| self.latest() < open.until).map(|_| NamedBy::Invitation)
            }
        };
        let Some((by, history)) = by.zip(self.stored().history) else {
            return Ok(nobody);
        };
        let (generation, at) = (self.generation(), self.latest().max(self.starts_from()));
        let named = Named { person: self.person(), history, generation, at, by };
        Ok(AuthenticationStart { id, begun: BegunFor::Named(named) })
    }
}
