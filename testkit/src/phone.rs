//! A phone in somebody's hand.

use pinlatch::access::Request;
use pinlatch::account::{
    BeginFor, DeviceIntegrity, DeviceLabel, DeviceSummary, Grant, IssuedInvitation, PinEntries,
    RequestContext, SignIn, StrongAuthentication, Wanted,
};
use pinlatch::gate::{AuthenticationOffer, BlockingGate, GateError};
use pinlatch::id::{DeviceId, PersonId};
use pinlatch::people::{Action, AuthenticationMethod, Function};
use pinlatch::pin::{PersonalWords, Pin};
use pinlatch::refusal::RefusalCode;
use pinlatch::secret::{DeviceToken, SessionToken};
use pinlatch::session::{Baseline, BiometricAssertion, Modality, SessionState};

use super::people::ACME;
use super::world::{TestHost, World};

/// A good PIN.
pub const PIN: &str = "284917";
/// Another good PIN.
pub const ANOTHER_PIN: &str = "530648";
/// A wrong PIN.
pub const WRONG_PIN: &str = "111222";

/// A request of a device that was attested as unmodified.
pub const UNMODIFIED: RequestContext = RequestContext::new(DeviceIntegrity::Unmodified);

/// The entry of these digits, or the code of its refusal.
///
/// # Errors
/// `PinMalformed`, if it is none.
pub fn pin(digits: &str) -> Result<Pin, RefusalCode> {
    Pin::parse(digits).map_err(|error| error.refusal().code())
}

/// A phone: the tokens that it keeps, its integrity, and the faces enrolled on it. Every method is
/// one touch of the person, and answers with the code of a refusal.
#[derive(Debug)]
pub struct Phone<'w> {
    world: &'w World,
    /// Whose hand it is in.
    pub owner: PersonId,
    /// What attestation says of it.
    pub integrity: DeviceIntegrity,
    /// Its set of faces and fingerprints, as the platform reports it.
    pub biometric_state: Vec<u8>,
    /// The device token it keeps.
    pub token: Option<DeviceToken>,
    /// The session token it keeps; kept after a lock, to see it refused.
    pub session: Option<SessionToken>,
    /// Its device session.
    pub id: Option<DeviceId>,
}

#[expect(clippy::needless_pass_by_value, reason = "fits `map_err`")]
fn code(error: GateError) -> RefusalCode {
    error.code()
}

impl World {
    /// A phone in that person's hand, unmodified, not signed in.
    pub fn phone(&self, owner: PersonId) -> Phone<'_> {
        Phone::new(self, owner)
    }

    /// A phone that is signed in, with the PIN [`PIN`], the app open; the person is
    /// invited first if foreign.
    ///
    /// # Errors
    /// If the rules refuse it.
    pub fn open_phone(&self, owner: PersonId) -> Result<Phone<'_>, RefusalCode> {
        let mut phone = self.phone(owner);
        let foreign = self.directory.get(owner).is_some_and(|person| person.is_foreign());
        if foreign {
            phone.sign_in_with_invitation(&self.invited(owner)?)?;
        } else {
            phone.sign_in()?;
        }
        phone.create_pin(PIN)?;
        Ok(phone)
    }
}

impl<'w> Phone<'w> {
    fn new(world: &'w World, owner: PersonId) -> Self {
        Self {
            world,
            owner,
            integrity: DeviceIntegrity::Unmodified,
            biometric_state: Vec::from(*b"the owner's face"),
            token: None,
            session: None,
            id: None,
        }
    }

    const fn gate(&self) -> BlockingGate<'w, TestHost> {
        self.world.gate.blocking()
    }

    const fn context(&self) -> RequestContext {
        RequestContext::new(self.integrity)
    }

    fn token(&self) -> Result<&DeviceToken, RefusalCode> {
        self.token.as_ref().ok_or(RefusalCode::AuthenticationRequired)
    }

    fn live(&self) -> Result<&SessionToken, RefusalCode> {
        self.session.as_ref().ok_or(RefusalCode::SessionRequired)
    }

    /// Authenticates by the first method offered that the owner has.
    ///
    /// # Errors
    /// The code of the refusal, as everywhere below.
    pub fn sign_in(&mut self) -> Result<(), RefusalCode> {
        self.sign_in_by(None, None)
    }

    /// Authenticates, presenting an invitation.
    ///
    /// # Errors
    /// The code of the refusal.
    pub fn sign_in_with_invitation(&mut self, invitation: &IssuedInvitation) -> Result<(), RefusalCode> {
        self.sign_in_by(None, Some(invitation))
    }

    /// Authenticates by this method, or the first one offered that the owner has, perhaps with an invitation.
    ///
    /// # Errors
    /// The code of the refusal.
    pub fn sign_in_by(
        &mut self,
        method: Option<AuthenticationMethod>,
        invitation: Option<&IssuedInvitation>,
    ) -> Result<(), RefusalCode> {
        let offer = self.begin_sign_in(invitation)?;
        let chosen = method.or_else(|| self.choose(&offer.methods)).ok_or(RefusalCode::MethodNotAvailable)?;
        let evidence = StrongAuthentication::verified_by_host(offer.start, self.owner, chosen);
        self.finish_sign_in(evidence, invitation)
    }

    /// The first of these methods that the owner has: who is a stranger to the gate is offered all of them.
    fn choose(&self, offered: &[AuthenticationMethod]) -> Option<AuthenticationMethod> {
        let owner = self.world.directory.get(self.owner);
        let has =
            |method: &&AuthenticationMethod| owner.as_ref().is_some_and(|owner| owner.may_use(**method));
        offered.iter().find(has).or(offered.first()).copied()
    }

    /// Begins an authentication: for whom the invitation or the device's token names, as an app does that
    /// has one.
    ///
    /// # Errors
    /// The code of the refusal.
    pub fn begin_sign_in(
        &self,
        invitation: Option<&IssuedInvitation>,
    ) -> Result<AuthenticationOffer, RefusalCode> {
        let whom = match (invitation, &self.token) {
            (Some(invitation), _) => BeginFor::Invitation(&invitation.token),
            (None, Some(token)) => BeginFor::Device(token),
            (None, None) => BeginFor::Nobody,
        };
        self.gate().begin_authentication(whom, &self.context()).map_err(code)
    }

    /// Hands in evidence of an authentication that began earlier.
    ///
    /// # Errors
    /// The code of the refusal.
    pub fn finish_sign_in(
        &mut self,
        evidence: StrongAuthentication,
        invitation: Option<&IssuedInvitation>,
    ) -> Result<(), RefusalCode> {
        let label = DeviceLabel::new("phone").map_err(|_| RefusalCode::Unavailable)?;
        let invitation = invitation.map(|invitation| &invitation.token);
        let sign_in = SignIn { evidence, label, known: self.token.as_ref(), invitation };
        let signed_in = self.gate().authenticate(sign_in, &self.context()).map_err(code)?;
        self.token = Some(signed_in.token);
        self.id = Some(signed_in.device);
        self.session = None;
        Ok(())
    }

    /// Creates a PIN, entered twice the same.
    ///
    /// # Errors
    /// The code of the refusal.
    pub fn create_pin(&mut self, digits: &str) -> Result<(), RefusalCode> {
        self.create_pin_twice(digits, digits)
    }

    /// Creates a PIN from two entries.
    ///
    /// # Errors
    /// The code of the refusal.
    pub fn create_pin_twice(&mut self, first: &str, second: &str) -> Result<(), RefusalCode> {
        let entries = PinEntries { pin: pin(first)?, confirmation: pin(second)? };
        let words = PersonalWords::none();
        let session =
            self.gate().create_pin(self.token()?, &entries, &words, &self.context()).map_err(code)?;
        self.session = Some(session);
        Ok(())
    }

    /// Lock.
    ///
    /// # Errors
    /// The code of the refusal.
    pub fn lock(&self) -> Result<(), RefusalCode> {
        self.gate().lock(self.token()?, &self.context()).map_err(code)
    }

    /// Enters a PIN to open the lock.
    ///
    /// # Errors
    /// The code of the refusal.
    pub fn unlock(&mut self, digits: &str) -> Result<(), RefusalCode> {
        let session =
            self.gate().unlock_with_pin(self.token()?, &pin(digits)?, &self.context()).map_err(code)?;
        self.session = Some(session);
        Ok(())
    }

    /// Enters a wrong PIN so many times; answers with the last refusal.
    ///
    /// # Errors
    /// The code of the last refusal.
    pub fn mistype(&mut self, times: usize) -> Result<(), RefusalCode> {
        let mut last = Ok(());
        for _ in 0..times {
            last = self.unlock(WRONG_PIN);
        }
        last
    }

    /// Enables a biometric, with the phone's present set.
    ///
    /// # Errors
    /// The code of the refusal.
    pub fn enable(&self, modality: Modality) -> Result<(), RefusalCode> {
        let baseline = Baseline::of(&self.biometric_state);
        self.gate().enable_biometric(self.live()?, modality, baseline, &self.context()).map_err(code)
    }

    /// Shows a face, or lays a finger on it, and is recognised.
    ///
    /// # Errors
    /// The code of the refusal.
    pub fn unlock_by(&mut self, modality: Modality) -> Result<(), RefusalCode> {
        let baseline = Some(Baseline::of(&self.biometric_state));
        self.assert_biometric(BiometricAssertion { modality, recognised: true, baseline })
    }

    /// Hands in a biometric assertion of whatever kind.
    ///
    /// # Errors
    /// The code of the refusal.
    pub fn assert_biometric(&mut self, assertion: BiometricAssertion) -> Result<(), RefusalCode> {
        let token = self.token()?;
        let session = self.gate().unlock_with_biometric(token, &assertion, &self.context()).map_err(code)?;
        self.session = Some(session);
        Ok(())
    }

    /// Whether the session that the phone keeps is live.
    ///
    /// # Errors
    /// The code of the refusal.
    pub fn check(&self) -> Result<Grant, RefusalCode> {
        self.gate().check(self.live()?, Wanted::session(), &self.context()).map_err(code)
    }

    /// Reads the owner's own data of a function, in ACME.
    ///
    /// # Errors
    /// The code of the refusal.
    pub fn read(&self, function: Function) -> Result<Grant, RefusalCode> {
        self.request(&Request { company: ACME, action: Action::Read, function, owner: self.owner })
    }

    /// Makes whatever request.
    ///
    /// # Errors
    /// The code of the refusal.
    pub fn request(&self, request: &Request) -> Result<Grant, RefusalCode> {
        self.gate().check(self.live()?, Wanted::function(request), &self.context()).map_err(code)
    }

    /// Changes the PIN.
    ///
    /// # Errors
    /// The code of the refusal.
    pub fn change_pin(&self, current: &str, new: &str) -> Result<(), RefusalCode> {
        let (current, new) = (pin(current)?, PinEntries { pin: pin(new)?, confirmation: pin(new)? });
        let words = PersonalWords::none();
        self.gate().change_pin(self.live()?, &current, &new, &words, &self.context()).map_err(code)
    }

    /// "OK".
    ///
    /// # Errors
    /// The code of the refusal.
    pub fn acknowledge(&self) -> Result<(), RefusalCode> {
        self.gate().acknowledge(self.token()?, &self.context()).map_err(code)
    }

    /// Log out.
    ///
    /// # Errors
    /// The code of the refusal.
    pub fn log_out(&self) -> Result<(), RefusalCode> {
        self.gate().log_out(self.token()?, &self.context()).map_err(code)
    }

    /// Log out from all devices.
    ///
    /// # Errors
    /// The code of the refusal.
    pub fn log_out_everywhere(&self) -> Result<(), RefusalCode> {
        self.gate().log_out_everywhere(self.live()?, &self.context()).map_err(code)
    }

    /// The owner's devices.
    ///
    /// # Errors
    /// The code of the refusal.
    pub fn devices(&self) -> Result<Vec<DeviceSummary>, RefusalCode> {
        self.gate().devices(self.live()?, &self.context()).map_err(code)
    }

    /// Another label for this device.
    ///
    /// # Errors
    /// The code of the refusal; `UnknownDevice` before the first sign-in.
    ///
    /// # Panics
    /// If that is no label.
    pub fn rename(&self, label: &str) -> Result<(), RefusalCode> {
        let label = DeviceLabel::new(label).expect("a label");
        let device = self.id.ok_or(RefusalCode::UnknownDevice)?;
        self.gate().rename_device(self.live()?, device, label, &self.context()).map_err(code)
    }

    /// In which state the phone finds itself when the app starts.
    #[must_use]
    pub fn state(&self) -> SessionState {
        let status = self.token.as_ref().map(|token| self.gate().device_view(token, &self.context()));
        status.and_then(Result::ok).map_or(SessionState::LoggedOut, |view| view.state)
    }
}
