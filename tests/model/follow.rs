//! Nobody is stranded (I14): from wherever a life has led, whoever holds the phone does what the view of the
//! device and the refusals name, and is in within six steps, seven with a start that named nobody; or is told
//! what bars, and it does.

use std::collections::BTreeMap;

use pinlatch::account::DeviceIntegrity;
use pinlatch::people::AuthenticationMethod as Method;
use pinlatch::refusal::{NextStep, Refusal, RefusalCode as Code};

use crate::choose::administrator;
use crate::commands::{Command, Dice, GOOD_PINS, SignIn, Whom};
use crate::reference::{Answer, Model};

const STEPS: u32 = 6;
const STEPS_WITH_ANONYMOUS_START: u32 = 7;

/// How it ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Ending {
    /// In, after so many steps.
    In(u32),
    BarredByFacts,
    BarredByDevice,
    BarredUntilInvited,
}

pub(crate) type Endings = BTreeMap<Ending, u64>;

/// Somebody with a phone, on the way in.
pub(crate) struct Way {
    phone: usize,
    person: usize,
    steps: u32,
    is_anonymous: bool,
    told: Vec<String>,
}

/// Who gives commands and hears the answers.
pub(crate) trait Follows {
    fn model(&self) -> &Model;

    /// One command, obeyed and compared with what the model says.
    fn step(&mut self, command: Command) -> Result<Result<Answer, Refusal>, String>;

    /// Whether the person was sent that invitation. Its reply may have been lost.
    fn has_invitation(&self, _number: usize) -> bool {
        true
    }

    /// The host is whole again, and its clock right; whatever was done to the accounts is done.
    fn mend_host(&mut self) -> Result<(), String> {
        let whole = [
            Command::SetJournal { up: true },
            Command::SetHasher { up: true },
            Command::SetDirectory { up: true },
            Command::PassTime(0),
        ];
        whole.into_iter().try_for_each(|command| self.step(command).map(drop))
    }

    /// The owner of a phone, or now and then somebody else who was given it.
    fn follow_the_steps(&mut self, phone: usize, dice: &mut Dice) -> Result<Ending, String> {
        self.mend_host()?;
        let owner = self.model().phones[phone].owner;
        let person = if dice.once_in(8) { dice.roll(self.model().people.len()) } else { owner };
        let mut way = Way { phone, person, steps: 0, is_anonymous: false, told: Vec::new() };
        let mut next = if person == owner { self.look_at_phone(&mut way)? } else { NextStep::Authenticate };
        loop {
            way.told.push(format!("{next:?}"));
            let taken = self.take(next, &mut way)?;
            let limit = if way.is_anonymous { STEPS_WITH_ANONYMOUS_START } else { STEPS };
            if way.steps > limit {
                return Err(format!("I14: not in after {} steps: {:?}", way.steps, way.told));
            }
            match taken {
                Taken::Ended(ending) => return Ok(ending),
                Taken::Done => next = self.look_at_phone(&mut way)?,
                // It bars for so long as it cannot be told what it is, and the refusal says so.
                Taken::Refused(refusal)
                    if refusal.code() == Code::DeviceIntegrityUnknown
                        && self.model().phones[phone].integrity == DeviceIntegrity::Unknown =>
                {
                    return Ok(Ending::BarredByDevice);
                }
                Taken::Refused(refusal) => {
                    way.told.push(refusal.code().to_string());
                    next = self.after(refusal, next, &mut way)?;
                }
            }
        }
    }

    fn look_at_phone(&mut self, way: &mut Way) -> Result<NextStep, String> {
        let token = self.model().phones[way.phone].token;
        match self.step(Command::View { token })? {
            Ok(Answer::View(view)) => Ok(view.next),
            other => Err(format!("I14: no view: {other:?}")),
        }
    }

    /// One step of the owner's, or two: to authenticate is begun and ended.
    fn take(&mut self, next: NextStep, way: &mut Way) -> Result<Taken, String> {
        let Way { phone, person, .. } = *way;
        let hand = self.model().phones[phone].clone();
        let (token, session) = (hand.token, hand.session);
        let ending = match next {
            NextStep::UseApp => {
                let check = Command::Check { phone, session, want: None, by_pin: None };
                return self.one(check, true, way);
            }
            NextStep::CreatePin => {
                let [first, ..] = GOOD_PINS;
                return self.one(Command::CreatePin { phone, token, first, second: first }, true, way);
            }
            NextStep::EnterPin => {
                let (person, place) = self.model().device_of(token);
                let device = place.map(|place| &self.model().accounts[person].devices[place]);
                let keys =
                    device.and_then(|device| device.read_keys()).ok_or("I14: there is no PIN to enter")?;
                return self.one(Command::Unlock { phone, token, pin: keys.pin, request: None }, true, way);
            }
            NextStep::Acknowledge => return self.one(Command::Acknowledge { token }, false, way),
            NextStep::LogOutHere => {
                // The way in of a person who was given a phone begins where the phone is free.
                let taken = self.one(Command::LogOut { token }, false, way)?;
                (way.steps, way.is_anonymous) = (0, false);
                return Ok(taken);
            }
            NextStep::Authenticate => {
                let whom = if hand.owner == person { Whom::Device(token) } else { Whom::Nobody };
                return self.authenticate(whom, None, way);
            }
            NextStep::PresentInvitation => {
                let open = self.model().accounts[person].invitation.ok_or("I14: there is no invitation")?;
                if !self.has_invitation(open.number) {
                    return self.take(NextStep::AskForInvitation, way);
                }
                return self.authenticate(Whom::Invitation(open.number), Some(open.number), way);
            }
            NextStep::AskForInvitation => {
                let account = &self.model().accounts[person];
                let human = &self.model().people[person];
                if !account.revoked && (human.bank || account.signed_in) {
                    return Err("I14: an invitation is not what bars".into());
                }
                // Which invitation is not the owner's step.
                let by = administrator(self.model(), person, &mut Dice(0));
                if self.step(Command::Invite { by, person })?.is_ok() {
                    return self.take(NextStep::PresentInvitation, way);
                }
                Ending::BarredUntilInvited
            }
            NextStep::AskEmployer => {
                if self.model().people[person].may_use_app(self.model().today, self.model().rules.law).is_ok()
                {
                    return Err("I14: the facts do not bar".into());
                }
                Ending::BarredByFacts
            }
            NextStep::UseAnotherDevice if hand.integrity == DeviceIntegrity::Modified => {
                Ending::BarredByDevice
            }
            other => return Err(format!("I14: {other:?} leads nowhere: {:?}", way.told)),
        };
        Ok(Taken::Ended(ending))
    }

    /// What a refusal names: the step, or after a wait the same again, and that is to begin anew.
    fn after(&mut self, refusal: Refusal, before: NextStep, way: &mut Way) -> Result<NextStep, String> {
        let NextStep::TryAgain { after } = refusal.next_step() else { return Ok(refusal.next_step()) };
        way.steps += 1;
        let _done = self.step(Command::PassTime(u64::try_from(after.as_millis()).expect("a wait")))?;
        Ok(before)
    }

    fn one(&mut self, command: Command, is_last: bool, way: &mut Way) -> Result<Taken, String> {
        way.steps += 1;
        Ok(match self.step(command)? {
            Ok(_) if is_last => Taken::Ended(Ending::In(way.steps)),
            Ok(_) => Taken::Done,
            Err(refusal) => Taken::Refused(refusal),
        })
    }

    fn authenticate(
        &mut self,
        whom: Whom,
        invitation: Option<usize>,
        way: &mut Way,
    ) -> Result<Taken, String> {
        let Way { phone, person, .. } = *way;
        let start = self.model().starts.len();
        if let Taken::Refused(refusal) = self.one(Command::Begin { whom }, false, way)? {
            return Ok(Taken::Refused(refusal));
        }
        way.is_anonymous |= self.model().starts[start].named.is_none();
        let method = if self.model().people[person].bank {
            Method::BankCredentials
        } else {
            Method::IdentityProviderAccount
        };
        let known = Some(self.model().phones[phone].token);
        let sign_in = SignIn { phone, start, person, method, known, invitation, request: None };
        self.one(Command::Authenticate(sign_in), false, way)
    }
}

/// What came of a step.
pub(crate) enum Taken {
    Ended(Ending),
    Done,
    Refused(Refusal),
}
