//! The owner after a crash, who does what the phone and its refusals name as the next step (I14).

use pinlatch::account::{BeginFor, DeviceLabel, SignIn, StrongAuthentication, Wanted};
use pinlatch::gate::{BlockingGate, GateError};
use pinlatch::people::AuthenticationMethod as Method;
use pinlatch::pin::PersonalWords;
use pinlatch::refusal::NextStep;
use pinlatch::secret::{DeviceToken, InvitationToken, SessionToken};
use pinlatch_testkit::{TestHost, UNMODIFIED, World};

use crate::credentials::{digits, entries};
use crate::given::Ready;
use crate::restart::Checked;

/// A step is one call or one wait; six are enough, and seven where a start names nobody.
const STEPS: usize = 7;

struct Owner<'a> {
    world: &'a World,
    ready: &'a Ready,
    pin: &'static str,
    device: DeviceToken,
    session: Option<SessionToken>,
    invitation: Option<InvitationToken>,
}

/// Leads the owner in, who has lost the session token with the app, and has the invitation that was sent.
pub(crate) fn lead_in(world: &World, ready: &Ready, pin: &'static str) -> Checked {
    let device = DeviceToken::parse(ready.device.expose()).map_err(|error| error.to_string())?;
    let invitation = ready.invitation.as_ref().map(|_| ready.presented());
    let mut owner = Owner { world, ready, pin, device, session: None, invitation };
    let mut said = Vec::new();
    let mut next = owner.shown()?;
    for _ in 0..STEPS {
        said.push(format!("{next:?}"));
        let refused = match owner.follow(next) {
            Ok(()) if owner.is_in() => return Ok(()),
            Ok(()) => None,
            Err(error) => Some(error.refusal()),
        };
        said.extend(refused.map(|refusal| format!("refused {:?}", refusal.code())));
        // What the refusal says, and where nothing was refused, what the phone shows.
        next = match refused.map(|refusal| refusal.next_step()) {
            Some(next) => next,
            None => owner.shown()?,
        };
    }
    Err(format!("not in by the steps that were named: {said:?}"))
}

impl Owner<'_> {
    fn gate(&self) -> BlockingGate<'_, TestHost> {
        self.world.gate.blocking()
    }

    fn shown(&self) -> Result<NextStep, String> {
        let view = self.gate().device_view(&self.device, &UNMODIFIED).map_err(|error| error.to_string())?;
        // The app is open, but the phone has lost its session token: the PIN opens it anew (D26).
        let lost = view.next == NextStep::UseApp && self.session.is_none();
        Ok(if lost { NextStep::EnterPin } else { view.next })
    }

    fn is_in(&self) -> bool {
        let wanted = Wanted::session();
        self.session.as_ref().is_some_and(|session| self.gate().check(session, wanted, &UNMODIFIED).is_ok())
    }

    fn follow(&mut self, next: NextStep) -> Result<(), GateError> {
        match next {
            NextStep::EnterPin => {
                self.session =
                    Some(self.gate().unlock_with_pin(&self.device, &digits(self.pin), &UNMODIFIED)?);
            }
            NextStep::CreatePin => {
                let (entries, words) = (entries(self.pin), PersonalWords::none());
                self.session = Some(self.gate().create_pin(&self.device, &entries, &words, &UNMODIFIED)?);
            }
            NextStep::Acknowledge => self.gate().acknowledge(&self.device, &UNMODIFIED)?,
            NextStep::Authenticate => self.sign_in(None)?,
            NextStep::PresentInvitation => match self.invitation.take() {
                // One that is refused is of no use; it is kept otherwise, for the step may come again.
                Some(invitation) => {
                    self.sign_in(Some(&invitation))?;
                    self.invitation = Some(invitation);
                }
                None => self.invite()?,
            },
            NextStep::AskForInvitation => self.invite()?,
            NextStep::TryAgain { after } => self.world.wait(after),
            other => panic!("nothing that helps: {other:?}"),
        }
        Ok(())
    }

    fn invite(&mut self) -> Result<(), GateError> {
        let actor = self.ready.actor;
        self.invitation = Some(self.gate().invite(&actor.session(), actor.company, self.ready.person)?.token);
        Ok(())
    }

    fn sign_in(&mut self, invitation: Option<&InvitationToken>) -> Result<(), GateError> {
        let whom = invitation.map_or(BeginFor::Device(&self.device), BeginFor::Invitation);
        let start = self.gate().begin_authentication(whom, &UNMODIFIED)?.start;
        let person = self.ready.person;
        let evidence = StrongAuthentication::verified_by_host(start, person, Method::IdentityProviderAccount);
        let label = DeviceLabel::new("phone").expect("a label");
        let sign_in = SignIn { evidence, label, known: Some(&self.device), invitation };
        self.device = self.gate().authenticate(sign_in, &UNMODIFIED)?.token;
        Ok(())
    }
}
