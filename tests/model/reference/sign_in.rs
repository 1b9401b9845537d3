//! Strong authentication, and the invitation that it may need.

use pinlatch::account::DeviceIntegrity;
use pinlatch::people::AuthenticationMethod as Method;
use pinlatch::refusal::RefusalCode as Code;
use pinlatch::session::{Change, LogOutCause};

use super::{Answer, Device, Model, State};
use crate::commands::SignIn;

type Outcome = Result<Answer, Code>;

impl Model {
    pub(super) fn begin(&mut self, person: usize) -> Answer {
        let human = &self.people[person];
        let mut methods = Vec::new();
        if human.known && human.bank {
            methods.push(Method::BankCredentials);
        }
        if human.known && human.mobile {
            methods.push(Method::MobileCertificate);
        }
        methods.push(Method::IdentityProviderAccount);
        self.starts.push((person, self.accounts[person].generation));
        Answer::Start(self.starts.len() - 1, methods)
    }

    pub(super) fn authenticate(&mut self, sign_in: SignIn) -> Outcome {
        let SignIn { phone, start, method, known, invitation } = sign_in;
        let (person, begun) = self.starts[start];
        let integrity = self.phones[phone].integrity;
        let known = known.map(|token| self.device_of(token));
        if let Some((other, place)) = known.filter(|(whose, _)| *whose != person) {
            self.command.aimed_at = other;
            self.vacant(other, place, integrity)?;
        }
        self.command.aimed_at = person;
        let mine = known.filter(|(whose, _)| *whose == person).and_then(|(_, place)| place);
        self.not_modified(person, mine, integrity)?;
        if integrity == DeviceIntegrity::Unknown {
            return Err(Code::DeviceIntegrityUnknown);
        }
        self.vacant(person, mine, integrity)?;
        // Left in the table: one that is revoked, to be signed in again in its place.
        let mine = known.filter(|(whose, _)| *whose == person).map(|_| sign_in.known.unwrap_or(0));
        let mine = mine.and_then(|token| self.device_of(token).1);

        let by_invitation = self.invited(person, invitation)?;
        if begun != self.accounts[person].generation {
            return Err(Code::AuthenticationRequired);
        }
        self.eligible(person, mine)?;
        self.room_in_trail(person)?;
        let at = self.moment(person).ok_or(Code::ClockUnavailable)?;
        let human = &self.people[person];
        let has = match method {
            Method::BankCredentials => human.bank,
            Method::MobileCertificate => human.mobile,
            _ => true,
        };
        if !has {
            return Err(Code::MethodNotAvailable);
        }
        if by_invitation {
            self.accounts[person].invitation = None;
            self.accounts[person].admitted = true;
        }
        self.accounts[person].revoked = false;
        Ok(self.place(person, mine, at, phone, Change::Authenticated { method, by_invitation }))
    }

    /// E08, E09, D06: nobody is enrolled on the device.
    fn vacant(
        &mut self,
        person: usize,
        place: Option<usize>,
        integrity: DeviceIntegrity,
    ) -> Result<(), Code> {
        self.not_modified(person, place, integrity)?;
        let Some(place) = place else { return Ok(()) };
        if self.let_windows_pass(person, place).is_err() {
            return Ok(());
        }
        match self.accounts[person].devices[place].state {
            State::PinPending { .. } | State::Open { .. } | State::Locked { .. } => {
                Err(Code::AlreadyEnrolled)
            }
            State::Exhausted => Err(Code::AcknowledgementRequired),
            State::Revoked => Ok(()),
        }
    }

    /// R02, R33, R35, D13, D18, E16, E27: whether an invitation is used up.
    fn invited(&mut self, person: usize, presented: Option<usize>) -> Result<bool, Code> {
        let (account, human) = (&self.accounts[person], &self.people[person]);
        let foreign = human.known && !human.bank;
        let bound = !self.rules.invited_only || account.admitted || foreign;
        let refusal = if account.revoked && bound {
            Code::ReinvitationRequired
        } else if foreign && !account.admitted {
            Code::InvitationRequired
        } else {
            return Ok(false);
        };
        let open = account.invitation.ok_or(refusal)?;
        let at = self.moment(person).filter(|_| presented == Some(open.number)).ok_or(refusal)?;
        if at < open.expires {
            return Ok(true);
        }
        self.note_expiry(person, open.expires);
        Err(refusal)
    }

    /// E30: an invitation once seen to be over stays over, even if the clock goes back.
    pub(super) fn note_expiry(&mut self, person: usize, expires: u64) {
        if self.accounts[person].time < Some(expires) {
            self.write_time(person);
        }
    }

    fn place(&mut self, person: usize, mine: Option<usize>, at: u64, phone: usize, change: Change) -> Answer {
        self.device_tokens.push(person);
        let token = self.device_tokens.len() - 1;
        let fresh = Device { name: self.names, token, last_used: at, state: State::PinPending { since: at } };
        let place = if let Some(place) = mine {
            let name = self.accounts[person].devices[place].name;
            self.accounts[person].devices[place] = Device { name, ..fresh };
            place
        } else {
            self.names += 1;
            while self.accounts[person].devices.len() >= self.rules.devices {
                let devices = &self.accounts[person].devices;
                let (oldest, _) =
                    devices.iter().enumerate().min_by_key(|(_, device)| device.last_used).expect("full");
                if devices[oldest].state == State::Revoked {
                    self.accounts[person].devices.remove(oldest);
                } else {
                    self.log_out(person, oldest, LogOutCause::MadeRoom);
                }
            }
            self.accounts[person].devices.push(fresh);
            self.accounts[person].devices.len() - 1
        };
        self.change(person, place, change);
        let hand = &mut self.phones[phone];
        (hand.owner, hand.token, hand.session) = (person, token, person);
        Answer::SignedIn { device: self.accounts[person].devices[place].name, token }
    }
}
