//! Strong authentication: the way in, and the only one (I04, I05).

use super::super::state::{Account, UsedStart};
use super::super::words::{Context, DeviceIntegrity, Facts, SignIn};
use super::attempt::DRAW_REPEATED;
use crate::id::DeviceId;
use crate::refusal::{Refusal, RefusalCode};
use crate::secret::DeviceToken;
use crate::session::{Admission, Begun, Change, Command, LogOutCause};

impl Account {
    /// Signs a device in: a device session waits for its PIN (R05, R30, R35). `new_device` and `new_token`
    /// are drawn at random by the caller. Answers with the device session, which is the known one if the
    /// device had one: that starts over (E08).
    ///
    /// # Errors
    /// A refusal, in the order of the guards. Nothing has changed then, but for a modified device
    /// that was enrolled and is wiped, or a window that had passed.
    pub fn authenticate(
        &mut self,
        sign_in: &SignIn<'_>,
        new_device: DeviceId,
        new_token: &DeviceToken,
        facts: &Facts<'_>,
        context: &Context<'_>,
    ) -> Result<DeviceId, Refusal> {
        self.arrive(context);
        let known = sign_in.known.and_then(|token| self.device_of(token));
        self.guard_integrity(known, context)?;
        if context.request.integrity == DeviceIntegrity::Unknown {
            return Err(RefusalCode::DeviceIntegrityUnknown.into());
        }
        if self.knows_device(new_device, new_token) {
            return Err(DRAW_REPEATED);
        }
        self.apply_all_windows(context);
        let known = known.filter(|id| self.device(*id).is_some());
        if let Some(id) = known {
            self.admits(id, Command::Authenticate)?;
        }
        let by_invitation = self.guard_standing(sign_in, facts, context)?;
        let made_before = self.guard_unused(sign_in, context)?;
        self.guard_eligibility(facts, context)?;
        let known = known.filter(|id| self.device(*id).is_some());
        self.guard_audit_room(context)?;
        let seen = self.now(context)?;
        Self::guard_method(sign_in, facts)?;

        self.admit(by_invitation);
        let known = made_before.or(known);
        if let Some(id) = known.filter(|id| self.is_live(*id)) {
            self.note(id, context, Change::LoggedOut(LogOutCause::Reauthenticated));
        }
        let method = sign_in.evidence.method();
        let begun = Begun { at: seen.at, on: Self::latest_date(facts) };
        let admission = Admission { begun, generation: self.generation(), method, by_invitation };
        let id = self.place_device(known, (new_device, new_token), &sign_in.label, seen, context);
        self.step(id, context, |session| session.authenticate(admission))?;
        if made_before.is_none() {
            let start = sign_in.evidence.start();
            let request = context.request.request;
            self.remember_start(UsedStart {
                id: start.id(),
                device: id,
                request,
                begun: (&start.begun).into(),
            });
        }
        Ok(id)
    }
}
