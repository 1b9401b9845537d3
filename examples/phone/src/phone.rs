//! One phone. Each method is one touch of its screen, and one call of the gate.

use pinlatch::access::Request;
use pinlatch::account::{
    BeginFor, DeviceIntegrity, DeviceLabel, DeviceSummary, DeviceView, EndReason, Grant, PinEntries,
    RequestContext, SignIn, StrongAuthentication, Wanted,
};
use pinlatch::gate::{AuthenticationOffer, BlockingGate, GateError};
use pinlatch::id::{CompanyId, DeviceId, PersonId};
use pinlatch::people::{Action, AuthenticationMethod, Function, Functions};
use pinlatch::pin::{PersonalWords, Pin, PinLength};
use pinlatch::refusal::{Language, RefusalCode};
use pinlatch::secret::{DeviceToken, InvitationToken, SessionToken};
use pinlatch::session::{Baseline, BiometricAssertion, Modality, SessionState};
use serde::{Deserialize, Serialize};

use crate::office::Server;
use crate::town::{self, Resident};

/// A phone: what the app on it keeps, and what the platform knows.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Phone {
    pub(crate) label: String,
    /// Who has it in the hand.
    pub(crate) holder: PersonId,
    /// What attestation would find.
    pub(crate) rooted: bool,
    pub(crate) finnish: bool,
    /// The sets of faces and fingerprints that the platform knows, numbered as they change.
    faces: u32,
    fingerprints: u32,
    #[serde(with = "token_text")]
    token: Option<DeviceToken>,
    /// Why the last session ended, as the server told; shown until somebody authenticates.
    #[serde(default)]
    pub(crate) ended: Option<EndReason>,
    /// In memory only.
    #[serde(skip)]
    session: Option<SessionToken>,
}

impl Phone {
    /// A new phone of somebody.
    pub(crate) fn of(resident: &Resident) -> Self {
        Self::named(format!("{}'s phone", resident.first_name), resident.id)
    }

    pub(crate) const fn named(label: String, holder: PersonId) -> Self {
        Self {
            label,
            holder,
            rooted: false,
            finnish: false,
            faces: 1,
            fingerprints: 1,
            token: None,
            ended: None,
            session: None,
        }
    }

    pub(crate) const fn language(&self) -> Language {
        if self.finnish { Language::Finnish } else { Language::English }
    }

    pub(crate) fn company(&self) -> CompanyId {
        town::resident(self.person()).map_or(CompanyId::from_u128(0), |resident| resident.company)
    }

    /// Whose account is signed in; otherwise who holds the phone.
    pub(crate) fn person(&self) -> PersonId {
        self.token.as_ref().map_or(self.holder, DeviceToken::person)
    }

    /// Why somebody's session ended is not for the next one who has the phone.
    pub(crate) const fn given_to(&mut self, holder: PersonId) {
        (self.holder, self.ended) = (holder, None);
    }

    /// Somebody adds a face or a finger in the settings of the platform.
    pub(crate) const fn change_set(&mut self, modality: Modality) {
        let set = match modality {
            Modality::Face => &mut self.faces,
            Modality::Fingerprint => &mut self.fingerprints,
        };
        *set = set.wrapping_add(1);
    }

    /// What the app does whenever its screen lights up: has the platform attested, asks how it stands and
    /// what comes next, and forgets what is void. `None` where nobody is signed in, which the phone knows by
    /// itself.
    pub(crate) fn look(&mut self, gate: BlockingGate<'_, Server>) -> Result<Option<DeviceView>, GateError> {
        let Some(token) = &self.token else {
            return Ok(None);
        };
        if self.rooted {
            gate.report_integrity(token, &self.request())?;
        }
        let mut view = gate.device_view(token, &self.request())?;
        if view.state == SessionState::Authenticated && self.session.is_none() {
            // The app was closed while it was open, by whatever end (D01).
            gate.lock(token, &self.request())?;
            view = gate.device_view(token, &self.request())?;
        }
        if view.state != SessionState::Authenticated {
            self.session = None;
        }
        if view.state == SessionState::LoggedOut {
            self.token = None;
            self.ended = view.ended.map(|ended| ended.reason);
            return Ok(None);
        }
        Ok(Some(view))
    }

    /// Begins for whom the invitation names, or the phone; otherwise for nobody: who it is, the bank will say.
    pub(crate) fn begin_authentication(
        &self,
        gate: BlockingGate<'_, Server>,
        invitation: Option<&InvitationToken>,
    ) -> Result<AuthenticationOffer, GateError> {
        let known = self.token.as_ref().map_or(BeginFor::Nobody, BeginFor::Device);
        gate.begin_authentication(invitation.map_or(known, BeginFor::Invitation), &self.request())
    }

    /// The bank, the operator or the identity provider has said yes.
    pub(crate) fn authenticate(
        &mut self,
        gate: BlockingGate<'_, Server>,
        offer: &AuthenticationOffer,
        method: AuthenticationMethod,
        invitation: Option<&InvitationToken>,
    ) -> Result<(), GateError> {
        let evidence = StrongAuthentication::verified_by_host(offer.start, self.holder, method);
        let label = DeviceLabel::new(&self.label).map_err(|_| RefusalCode::Unavailable)?;
        let sign_in = SignIn { evidence, label, known: self.token.as_ref(), invitation };
        let signed_in = gate.authenticate(sign_in, &self.request())?;
        self.token = Some(signed_in.token);
        (self.ended, self.session) = (None, None);
        Ok(())
    }

    pub(crate) fn create_pin(
        &mut self,
        gate: BlockingGate<'_, Server>,
        [first, second]: [&str; 2],
        words: &PersonalWords,
    ) -> Result<(), GateError> {
        let entries = entries(first, second)?;
        let opened = gate.create_pin(self.token()?, &entries, words, &self.request())?;
        self.session = Some(opened);
        Ok(())
    }

    pub(crate) fn lock(&mut self, gate: BlockingGate<'_, Server>) -> Result<(), GateError> {
        gate.lock(self.token()?, &self.request())?;
        self.session = None;
        Ok(())
    }

    pub(crate) fn unlock(&mut self, gate: BlockingGate<'_, Server>, entry: &str) -> Result<(), GateError> {
        let opened = gate.unlock_with_pin(self.token()?, &pin(entry)?, &self.request())?;
        self.session = Some(opened);
        Ok(())
    }

    pub(crate) fn unlock_by(
        &mut self,
        gate: BlockingGate<'_, Server>,
        modality: Modality,
        recognised: bool,
    ) -> Result<(), GateError> {
        let assertion = BiometricAssertion { modality, recognised, baseline: Some(self.baseline(modality)) };
        let opened = gate.unlock_with_biometric(self.token()?, &assertion, &self.request())?;
        self.session = Some(opened);
        Ok(())
    }

    pub(crate) fn acknowledge(&self, gate: BlockingGate<'_, Server>) -> Result<(), GateError> {
        gate.acknowledge(self.token()?, &self.request())
    }

    pub(crate) fn log_out(&self, gate: BlockingGate<'_, Server>) -> Result<(), GateError> {
        gate.log_out(self.token()?, &self.request())
    }

    pub(crate) fn log_out_everywhere(&self, gate: BlockingGate<'_, Server>) -> Result<(), GateError> {
        gate.log_out_everywhere(self.session()?, &self.request())
    }

    /// The app's menu.
    pub(crate) fn functions(&self, gate: BlockingGate<'_, Server>) -> Result<Functions, GateError> {
        gate.functions(self.session()?, self.company(), &self.request())
    }

    pub(crate) fn read(
        &self,
        gate: BlockingGate<'_, Server>,
        function: Function,
        owner: PersonId,
    ) -> Result<Grant, GateError> {
        let request = Request { company: self.company(), action: Action::Read, function, owner };
        gate.check(self.session()?, Wanted::function(&request), &self.request())
    }

    /// Whether a face or finger opens the app.
    pub(crate) fn is_enabled(
        &self,
        gate: BlockingGate<'_, Server>,
        modality: Modality,
    ) -> Result<bool, GateError> {
        Ok(is_enabled(&gate.device_view(self.token()?, &self.request())?, modality))
    }

    /// Enables a biometric that is off, disables one that is on. Answers whether it is on now.
    pub(crate) fn switch(
        &self,
        gate: BlockingGate<'_, Server>,
        modality: Modality,
    ) -> Result<bool, GateError> {
        if self.is_enabled(gate, modality)? {
            gate.disable_biometric(self.session()?, modality, &self.request())?;
            return Ok(false);
        }
        let baseline = self.baseline(modality);
        gate.enable_biometric(self.session()?, modality, baseline, &self.request())?;
        Ok(true)
    }

    pub(crate) fn change_pin(
        &self,
        gate: BlockingGate<'_, Server>,
        current: &str,
        [first, second]: [&str; 2],
        words: &PersonalWords,
    ) -> Result<(), GateError> {
        let new = entries(first, second)?;
        gate.change_pin(self.session()?, &pin(current)?, &new, words, &self.request())
    }

    pub(crate) fn devices(&self, gate: BlockingGate<'_, Server>) -> Result<Vec<DeviceSummary>, GateError> {
        gate.devices(self.session()?, &self.request())
    }

    pub(crate) fn log_out_device(
        &self,
        gate: BlockingGate<'_, Server>,
        device: DeviceId,
    ) -> Result<(), GateError> {
        gate.log_out_device(self.session()?, device, &self.request())
    }

    const fn integrity(&self) -> DeviceIntegrity {
        if self.rooted { DeviceIntegrity::Modified } else { DeviceIntegrity::Unmodified }
    }

    /// What the host attests of the phone with every request.
    pub(crate) const fn request(&self) -> RequestContext {
        RequestContext::new(self.integrity())
    }

    fn baseline(&self, modality: Modality) -> Baseline {
        let set = match modality {
            Modality::Face => self.faces,
            Modality::Fingerprint => self.fingerprints,
        };
        Baseline::of(format!("{modality:?} {set}").as_bytes())
    }

    /// A phone without a token knows by itself what to do.
    fn token(&self) -> Result<&DeviceToken, GateError> {
        self.token.as_ref().ok_or(RefusalCode::AuthenticationRequired.into())
    }

    fn session(&self) -> Result<&SessionToken, GateError> {
        self.session.as_ref().ok_or(RefusalCode::SessionRequired.into())
    }
}

/// Whether a face or finger opens the app, as the view of its device says.
pub(crate) const fn is_enabled(view: &DeviceView, modality: Modality) -> bool {
    match modality {
        Modality::Face => view.face,
        Modality::Fingerprint => view.fingerprint,
    }
}

fn entries(first: &str, second: &str) -> Result<PinEntries, GateError> {
    Ok(PinEntries { pin: pin(first)?, confirmation: pin(second)? })
}

fn pin(entry: &str) -> Result<Pin, GateError> {
    Pin::parse(entry).map_err(|error| error.refusal_for(PinLength::default()).into())
}

/// The token as text in the phone's key store.
mod token_text {
    use pinlatch::secret::DeviceToken;
    use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};
    use zeroize::Zeroizing;

    #[expect(clippy::ref_option, reason = "serde gives the field as it is")]
    pub(super) fn serialize<S: Serializer>(
        token: &Option<DeviceToken>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        token.as_ref().map(DeviceToken::expose).serialize(serializer)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<DeviceToken>, D::Error> {
        let text = Option::<String>::deserialize(deserializer)?.map(Zeroizing::new);
        text.map(|text| DeviceToken::parse(&text)).transpose().map_err(D::Error::custom)
    }
}
