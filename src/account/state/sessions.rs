//! The device table: looked up by digest, moved by transitions, never any other way.

use core::mem;

use super::super::words::{Context, DeviceLabel, LastOpened, Standing};
use super::account::Account;
use super::device::Device;
use super::ended::reason_of;
use super::find::find;
use crate::id::{DeviceId, Generation};
use crate::pin::Binding;
use crate::refusal::{Refusal, RefusalCode};
use crate::secret::{DeviceToken, SessionToken};
use crate::session::{AnySession, Change, LogOutCause, OpenedBy, Session, SessionState, Step};
use crate::time::Seen;

impl Account {
    /// The device with this token. Every device is compared, in constant time.
    pub(in crate::account) fn device_of(&self, token: &DeviceToken) -> Option<DeviceId> {
        find(&self.stored.devices, token.digest(), |device| Some(&device.token)).map(Device::id)
    }

    /// The device with this live session token. A row of an older generation has none (E12).
    pub(in crate::account) fn device_in_session(&self, token: &SessionToken) -> Option<DeviceId> {
        let device = find(&self.stored.devices, token.digest(), |device| {
            device.session.authenticated().map(|open| &open.token)
        })?;
        self.serves(device.session.generation()).then_some(device.id)
    }

    /// Nothing older than the account's generation is served, whatever its row says (E12).
    pub(in crate::account) fn serves(&self, generation: Generation) -> bool {
        generation == self.stored.generation && self.stored.standing == Standing::Good
    }

    /// In which state a device is: one that was revoked is logged out once the bar is lifted (E03, E35).
    pub(in crate::account) fn state_of(&self, device: &Device) -> SessionState {
        match (device.session.state(), self.stored.standing) {
            (SessionState::RevokedAll, Standing::Good) => SessionState::LoggedOut,
            (state, _) => state,
        }
    }

    /// Whether a device with this id or token is in the table already, or such a token in what is remembered of
    /// those that ended: they are drawn at random, and used once (E39).
    pub(in crate::account) fn knows_device(&self, id: DeviceId, token: &DeviceToken) -> bool {
        self.device(id).is_some() || self.device_of(token).is_some() || self.ended(token).is_some()
    }

    /// To what a PIN of this device is bound.
    pub(in crate::account) fn binding(&self, device: DeviceId) -> Binding {
        let session = self.device(device).map(|device| device.session().generation());
        Binding { person: self.person(), device, generation: session.unwrap_or(self.generation()) }
    }

    pub(super) fn device_mut(&mut self, id: DeviceId) -> Option<&mut Device> {
        self.stored.devices.iter_mut().find(|device| device.id == id)
    }

    /// Applies a transition to one device session: the only way a session of the table moves. A
    /// session that ends up logged out leaves the table.
    pub(in crate::account) fn step(
        &mut self,
        id: DeviceId,
        context: &Context<'_>,
        transition: impl FnOnce(AnySession) -> Step,
    ) -> Result<Option<Change>, Refusal> {
        let generation = self.stored.generation;
        let Some(device) = self.device_mut(id) else {
            return Err(RefusalCode::UnknownDevice.into());
        };
        let vacant = AnySession::LoggedOut(Session::new(id, generation));
        let Step { session, outcome } = transition(mem::replace(&mut device.session, vacant));
        device.session = session;
        let gone = (device.session.state() == SessionState::LoggedOut).then_some(device.token);
        if let Ok(Some(change)) = outcome {
            self.record(context, Some(id), change);
            if let Some((token, reason)) = gone.zip(reason_of(change)) {
                self.remember_end(token, reason, context);
            }
        }
        if gone.is_some() {
            self.stored.devices.retain(|device| device.id != id);
        }
        outcome
    }

    /// Records a change within a state.
    pub(in crate::account) fn note(&mut self, id: DeviceId, context: &Context<'_>, change: Change) {
        let _noted = self.step(id, context, |session| Step { session, outcome: Ok(Some(change)) });
    }

    /// Logs a device session out, from whatever state; never fails.
    pub(in crate::account) fn end(&mut self, id: DeviceId, context: &Context<'_>, cause: LogOutCause) {
        let _unchanged_or_done = self.step(id, context, |session| session.log_out(cause));
    }

    /// Notes that a device was opened.
    pub(in crate::account) fn note_opening(&mut self, id: DeviceId, seen: Seen, by: OpenedBy) {
        if let Some(device) = self.device_mut(id) {
            device.last_used = seen.at;
            device.last_opened = Some(LastOpened { at: seen.reading, by });
            self.changed = true;
        }
    }

    /// Notes that an open session was used.
    pub(in crate::account) fn note_use(&mut self, id: DeviceId, seen: Seen) {
        if let Some(device) = self.device_mut(id) {
            device.last_used = seen.at;
            if let Some(open) = device.session.authenticated_mut() {
                open.last_use = seen;
            }
            self.changed = true;
        }
    }

    /// Puts a device that authenticated into the table: into the row that it has, otherwise into a new
    /// one, for which another may have to make room.
    pub(in crate::account) fn place_device(
        &mut self,
        known: Option<DeviceId>,
        new: (DeviceId, &DeviceToken),
        label: &DeviceLabel,
        seen: Seen,
        context: &Context<'_>,
    ) -> DeviceId {
        self.changed = true;
        let (id, token) = (new.0, new.1.digest());
        let (Seen { at, reading }, generation) = (seen, self.stored.generation);
        if let Some(device) = known.and_then(|id| self.device_mut(id)) {
            device.token = token;
            device.label = label.clone();
            device.created = reading;
            device.last_used = at;
            device.last_opened = None;
            return device.id;
        }
        self.make_room(context);
        let session = AnySession::LoggedOut(Session::new(id, generation));
        let label = label.clone();
        self.stored.devices.push(Device {
            id,
            label,
            created: reading,
            last_used: at,
            last_opened: None,
            token,
            session,
        });
        id
    }

    /// Makes room for one device more (D33): the dead go first, then the exhausted, then those that wait
    /// for a PIN, then the one unused for the longest time. Those whose windows have passed are gone already.
    /// One that was revoked has been logged out already, so it goes without an event.
    fn make_room(&mut self, context: &Context<'_>) {
        while self.stored.devices.len() >= usize::from(context.policy.device_limit().get()) {
            let first = self.stored.devices.iter().min_by_key(|device| (value_of(device), device.last_used));
            let Some(first) = first.map(Device::id) else { break };
            self.end(first, context, LogOutCause::MadeRoom);
            self.remove_row(first);
        }
    }

    pub(in crate::account) fn relabel(&mut self, id: DeviceId, label: DeviceLabel) {
        if let Some(device) = self.device_mut(id) {
            device.label = label;
            self.changed = true;
        }
    }

    /// Takes a row out of the table, whatever it holds.
    pub(in crate::account) fn remove_row(&mut self, id: DeviceId) {
        self.stored.devices.retain(|device| device.id != id);
        self.changed = true;
    }
}

/// How much a device has to lose, the least first.
const fn value_of(device: &Device) -> u8 {
    match device.session.state() {
        SessionState::LoggedOut | SessionState::RevokedAll => 0,
        SessionState::PinExhausted => 1,
        SessionState::PinPending => 2,
        SessionState::Authenticated | SessionState::Locked => 3,
    }
}
