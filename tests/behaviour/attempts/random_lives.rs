//! Random lives of one phone, each lived twice: with one of its guesses right, and with the same guess wrong.
//! Up to the verdict of that guess they are one life.

use pinlatch::account::{
    Account, AuthenticationStart, DeviceLabel, RequestContext, SignIn, StrongAuthentication,
};
use pinlatch::host::Clock;
use pinlatch::id::{DeviceId, RequestId, StartId};
use pinlatch::people::AuthenticationMethod;
use pinlatch::pin::{ATTEMPT_LIMIT, Settlement};
use pinlatch::refusal::{Refusal, RefusalCode as Code};
use pinlatch::secret::DeviceToken;
use pinlatch::session::{Change, SessionState};
use pinlatch_testkit::{ANOTHER_PIN, PIN, UNMODIFIED, WRONG_PIN, World, seconds};

use super::driver::{Dice, pin_draw};
use super::ways::{Play, Purpose, policy};
use crate::given::*;

/// How many things happen in a life.
const STEPS: usize = 60;

struct Lived<'w> {
    play: Play<'w>,
    dice: Dice,
    /// Guesses that were compared and may be settled, some of them more than once.
    compared: Vec<(Settlement, Purpose, bool)>,
    /// For what is drawn: each number is used once.
    number: u8,
    /// The session that was opened last, dead or not.
    session: u8,
    /// What the PIN is, and what the guess that is watched enters.
    pin: &'static str,
    is_right: bool,
    has_verdict: bool,
    log: Vec<(String, Vec<u8>)>,
}

impl<'w> Lived<'w> {
    fn new(world: &'w World, seed: u64, is_right: bool) -> Self {
        let play = Play::of(world, Purpose::OpenTheLock);
        let (dice, compared, log) = (Dice(seed), Vec::new(), Vec::new());
        Self { play, dice, compared, number: 20, session: 0, pin: PIN, is_right, has_verdict: false, log }
    }

    fn next_number(&mut self) -> u8 {
        self.number += 1;
        self.number
    }

    fn note(&mut self, answer: impl std::fmt::Debug) {
        let Play { driver, account, .. } = &self.play;
        let hashed = driver.world.hasher.count();
        let text = format!("{answer:?}, then {:?}, hashed {hashed}", driver.view(account));
        self.log.push((text, account.encode().unwrap()));
    }

    fn charge(&mut self, is_watched: bool) {
        let entry = match (is_watched, self.dice.below(3)) {
            (true, _) if self.is_right => self.pin,
            (true, _) | (false, 0 | 1) => WRONG_PIN,
            (false, _) => self.pin,
        };
        let (attempt, changes) = (u128::from(self.next_number()), self.dice.below(3) == 0);
        let request = RequestId::from_u128(u128::from(self.dice.below(4)));
        let Play { driver, account, .. } = &mut self.play;
        driver.request = if self.dice.below(2) == 0 { UNMODIFIED.with_request(request) } else { UNMODIFIED };
        let (charge, purpose) = if changes {
            // To the other one of the two.
            let mut change = driver.change(attempt, entry);
            change.new = entries(if self.pin == PIN { ANOTHER_PIN } else { PIN });
            let session = driver.session(self.session);
            (driver.charge_change(account, &session, &change), Purpose::ChangeThePin)
        } else {
            (driver.charge(account, entry, attempt).map(Some), Purpose::OpenTheLock)
        };
        driver.request = UNMODIFIED;
        let answer = charge.map(|charge| charge.map(|charge| driver.compare(charge)));
        self.note(answer.as_ref().map(Option::is_some));
        if let Ok(Some(settlement)) = answer {
            self.compared.push((settlement, purpose, is_watched));
        }
    }

    /// Settles one of them, perhaps under circumstances that a guard refuses.
    fn settle(&mut self) {
        if self.compared.is_empty() {
            return;
        }
        let index = usize::try_from(self.dice.below(self.compared.len() as u64)).unwrap();
        let (circumstances, number) = (self.dice.below(8), self.next_number());
        let (settlement, purpose, is_watched) = &self.compared[index];
        let Play { driver, account, .. } = &mut self.play;
        let (now, person) = (driver.now, driver.person.clone());
        match circumstances {
            0 => driver.request = RequestContext::new(Unknown),
            1 => driver.now = None,
            2 => driver.person = only(job(&[]))(driver.person.clone()),
            3 => driver.person = access::employee(&[access::Salaries]),
            _ => {}
        }
        let answer = match purpose {
            Purpose::ChangeThePin => driver.settle_change(account, settlement),
            _ => driver.settle(account, settlement, number),
        };
        (driver.request, driver.now, driver.person) = (UNMODIFIED, now, person);
        if answer.is_ok() {
            match purpose {
                Purpose::ChangeThePin => self.pin = if self.pin == PIN { ANOTHER_PIN } else { PIN },
                _ => self.session = number,
            }
        }
        self.has_verdict |= *is_watched && is_verdict(answer);
        self.note(answer);
    }

    fn something_else(&mut self) {
        let (number, choice) = (self.next_number(), self.dice.below(12));
        let Play { driver, account, .. } = &mut self.play;
        match choice {
            0..=3 => driver.wait(seconds(self.dice.below(100))),
            4 => driver.wait(UNTIL_VOID),
            5 => {
                let answer = account.lock(&driver.token, &driver.context());
                let answer = driver.led(account, answer);
                return self.note(answer);
            }
            6 => {
                account.log_out(&driver.token, &driver.context());
                driver.written(account);
            }
            7 => {
                let answer = account.acknowledge(&driver.token, &driver.context());
                let answer = driver.led(account, answer);
                return self.note(answer);
            }
            8 | 9 => {
                let answer = self.play.show_face(number);
                if answer.is_ok() {
                    self.session = number;
                }
                return self.note(answer);
            }
            _ => return self.start_over(number),
        }
        self.note(());
    }

    /// Authenticates, perhaps after a log-out, and creates a PIN.
    fn start_over(&mut self, number: u8) {
        let Play { driver, account, .. } = &mut self.play;
        let start =
            AuthenticationStart::for_nobody(StartId::from_u128(u128::from(number)), driver.now.unwrap());
        let bank = AuthenticationMethod::BankCredentials;
        let evidence = StrongAuthentication::verified_by_host(start, account.person(), bank);
        let label = DeviceLabel::new("phone").unwrap();
        let sign_in = SignIn { evidence, label, known: Some(&driver.token), invitation: None };
        let token = DeviceToken::from_secret(account.person(), &mut [number; 32]);
        let id = DeviceId::from_u128(u128::from(number));
        let answer = account.authenticate(&sign_in, id, &token, &driver.facts(), &driver.context());
        let answer = driver.led(account, answer);
        if answer.is_ok() {
            driver.token = token;
            // Refused if the audit trail is full by now.
            let Ok(claim) = driver.claim(account, PIN, pin_draw(u128::from(number))) else {
                return self.note("waits for its PIN");
            };
            let pin = claim.assert_written().make(&driver.hashing()).unwrap();
            let session = driver.session(number);
            let (facts, context) = (driver.facts(), driver.context());
            let created = account.create_pin(&driver.token, &pin, &session, &facts, &context);
            driver.led(account, created).unwrap();
            (self.session, self.pin) = (number, PIN);
        }
        self.note(answer);
    }

    fn live(&mut self) {
        let watched = self.dice.below(STEPS as u64);
        for step in 0..STEPS as u64 {
            match self.dice.below(3) {
                _ if step == watched => self.charge(true),
                0 => self.charge(false),
                1 => self.settle(),
                _ => self.something_else(),
            }
            holds(&self.play.account);
            if self.has_verdict {
                return;
            }
        }
    }
}

fn is_verdict(answer: Result<(), Refusal>) -> bool {
    match answer {
        Ok(()) => true,
        Err(refusal) => matches!(refusal.code(), Code::IncorrectPin | Code::PinExhausted),
    }
}

/// Never more than five, settled and in flight; and between two accepted PINs never more than five verdicts.
fn holds(account: &Account) {
    for device in account.device_sessions() {
        let session = device.session();
        let is_enrolled = matches!(session.state(), SessionState::Locked | SessionState::Authenticated);
        let attempts = session.enrolment().map(|enrolment| enrolment.attempts());
        assert_eq!(attempts.is_some(), is_enrolled);
        if let Some(attempts) = attempts {
            assert!(attempts.failures() < ATTEMPT_LIMIT && attempts.charged() <= ATTEMPT_LIMIT);
        }
        let of_device = account.outbox().iter().filter(|event| event.device == Some(device.id()));
        let mut verdicts = 0;
        for event in of_device {
            match event.change {
                Change::UnlockedByPin | Change::PinChanged | Change::PinCreated => verdicts = 0,
                Change::PinRejected { .. } | Change::PinExhausted => verdicts += 1,
                _ => {}
            }
            assert!(verdicts <= ATTEMPT_LIMIT);
        }
    }
}

#[test]
fn d25_i12_random_lives_are_one_life_until_the_verdict_of_the_guess_that_differs() {
    let (mut answered, mut unanswered, mut steps) = (0, 0, 0);
    for seed in 0..400 {
        let lives = [true, false].map(|is_right| {
            let world = World::builder().policy(policy()).build();
            assert!(world.clock.now().is_some());
            let mut lived = Lived::new(&world, seed, is_right);
            lived.live();
            (lived.log, lived.has_verdict)
        });
        let [(right, has_verdict), (wrong, _)] = &lives;
        assert_eq!(lives[0].1, lives[1].1, "seed {seed}");
        assert_eq!(right.len(), wrong.len(), "seed {seed}");
        // The verdict itself is told and written.
        let alike = right.len() - usize::from(*has_verdict);
        for step in 0..alike {
            assert!(
                right[step] == wrong[step],
                "seed {seed}, step {step}: {} / {}",
                right[step].0,
                wrong[step].0
            );
        }
        if *has_verdict {
            answered += 1
        } else {
            unanswered += 1
        }
        steps += alike;
    }
    assert!(answered > 20 && unanswered > 300 && steps > 15_000, "{answered} {unanswered} {steps}");
}
