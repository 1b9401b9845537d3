//! One task of the attack: somebody with anybody's phone in hand, who does what the rules allow and what they
//! don't.

use pinlatch::gate::GateError;
use pinlatch::id::PersonId;
use pinlatch::people::Profile;
use pinlatch::refusal::RefusalCode;

use super::Orders;
use crate::Failed;
use crate::call::{Entry, Micros, now};
use crate::host::{Device, Host, Session, victim};
use crate::seam::Engine;

/// A task and its draws.
pub(super) struct Actor<'h, E: Engine> {
    host: &'h Host<E>,
    draws: fastrand::Rng,
    people: u32,
    until: Micros,
}

impl<'h, E: Engine> Actor<'h, E> {
    pub(super) fn new(host: &'h Host<E>, seed: u64, orders: &Orders) -> Self {
        let draws = fastrand::Rng::with_seed(seed);
        Self { host, draws, people: orders.people, until: orders.until }
    }

    /// Acts until the time is over.
    pub(super) async fn act(&mut self) -> Result<(), Failed> {
        while now() < self.until {
            let person = victim(self.draws.u32(0..self.people));
            let (mut devices, sessions) = self.host.seen(person)?;
            match self.one_of_the_last(devices.len()).map(|index| devices.swap_remove(index)) {
                Some(device) => self.with_phone(person, &device, &sessions).await,
                None => self.come_in(person, None).await,
            }
        }
        Ok(())
    }

    /// The last of so many, now and then an earlier one.
    fn one_of_the_last(&mut self, so_many: usize) -> Option<usize> {
        let back = if self.draws.u8(0..8) == 0 { self.draws.usize(0..4) } else { 0 };
        Some(so_many.checked_sub(1)?.saturating_sub(back))
    }

    async fn with_phone(&mut self, person: PersonId, device: &Device, sessions: &[Session]) {
        let host = self.host;
        let answer = match self.draws.u8(0..100) {
            0..40 => host.unlock(device, Entry::Wrong).await.map(drop),
            40..46 => host.unlock(device, Entry::Right).await.map(drop),
            46..52 => host.lock(device).await,
            52..80 => self.check(sessions).await,
            80..82 => host.log_out(device).await,
            82..86 => return self.come_in(person, Some(device)).await,
            86..88 => return self.revoke(person, device).await,
            88..94 => host.create_pin(device).await.map(drop),
            _ => self.set_profile(person).await,
        };
        if let Err(refused) = answer {
            self.go_on(person, device, refused.code()).await;
        }
    }

    /// Uses the latest session, or an earlier one, which may be dead.
    async fn check(&mut self, sessions: &[Session]) -> Result<(), GateError> {
        match self.one_of_the_last(sessions.len()) {
            Some(index) => self.host.check(&sessions[index]).await,
            None => Ok(()),
        }
    }

    async fn set_profile(&mut self, person: PersonId) -> Result<(), GateError> {
        let profile = if self.draws.bool() { Profile::Employee } else { Profile::NoRights };
        self.host.set_profile(person, profile).await
    }

    /// Does what the refusal names as the next step; not always, or nobody would try the wrong thing.
    async fn go_on(&mut self, person: PersonId, device: &Device, refused: RefusalCode) {
        if self.draws.u8(0..3) == 0 {
            return;
        }
        match refused {
            RefusalCode::PinExhausted | RefusalCode::AcknowledgementRequired => {
                self.start_over(person, device).await;
            }
            RefusalCode::PinRequired => drop(self.host.create_pin(device).await),
            RefusalCode::AuthenticationRequired | RefusalCode::GuessesInFlight => {
                self.come_in(person, Some(device)).await;
            }
            RefusalCode::ReinvitationRequired => self.come_back(person, device).await,
            _ => {}
        }
    }

    /// "OK", and then anew.
    async fn start_over(&mut self, person: PersonId, device: &Device) {
        if self.host.acknowledge(device).await.is_ok() {
            self.come_in(person, Some(device)).await;
        }
    }

    /// Signs in and creates a PIN.
    async fn come_in(&mut self, person: PersonId, device: Option<&Device>) {
        match self.host.sign_in(person, device, None).await {
            Ok(device) => drop(self.host.create_pin(&device).await),
            Err(refused) if refused.code() == RefusalCode::ReinvitationRequired => {
                if let Ok(invitation) = self.host.invite(person).await
                    && let Ok(device) = self.host.sign_in(person, None, Some(&invitation)).await
                {
                    drop(self.host.create_pin(&device).await);
                }
            }
            Err(_) => {}
        }
    }

    /// Revoke-all, a look at whether the phone is still in, and a new invitation.
    async fn revoke(&mut self, person: PersonId, device: &Device) {
        if self.host.revoke_all(person).await.is_ok() {
            let _refused = self.host.unlock(device, Entry::Right).await;
        }
        self.come_back(person, device).await;
    }

    async fn come_back(&mut self, person: PersonId, device: &Device) {
        if let Ok(invitation) = self.host.invite(person).await
            && let Ok(device) = self.host.sign_in(person, Some(device), Some(&invitation)).await
        {
            drop(self.host.create_pin(&device).await);
        }
    }
}
