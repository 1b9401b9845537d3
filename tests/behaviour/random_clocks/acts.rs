//! Every contact is answered as the naive account of the rule says, whatever the clocks read.

use std::time::Duration;

use pinlatch::access::BrowserSession;
use pinlatch::account::{AuthenticationStart, BeginFor, StrongAuthentication};
use pinlatch::id::PersonId;
use pinlatch::people::AuthenticationMethod::BankCredentials;
use pinlatch::time::Timestamp;
use pinlatch_testkit::{ACME, InBrowser, PIN, Phone, UNMODIFIED, World};
use proptest::collection::vec;
use proptest::prelude::{Just, Strategy};
use proptest::test_runner::{Config, TestCaseError, TestRunner};
use proptest::{prop_assert, prop_assert_eq, prop_oneof};

use super::naive::{Naive, Phone as Kept, Start};
use super::{IDLE, Reading, readings, rests, whole, world};
use crate::given::*;

#[derive(Clone, Copy, Debug)]
enum Act {
    View,
    Overview,
    Check,
    Lock,
    Unlock,
    SignIn,
    CreatePin,
    /// Begins an authentication that is kept for later.
    Begin,
    /// Uses the oldest, or the newest, of those that were kept.
    UseKept(bool),
    Invite,
    Withdraw,
}

fn acts() -> impl Strategy<Value = Act> {
    prop_oneof![
        3 => Just(Act::View),
        1 => Just(Act::Overview),
        6 => Just(Act::Check),
        2 => Just(Act::Lock),
        5 => Just(Act::Unlock),
        3 => Just(Act::SignIn),
        4 => Just(Act::CreatePin),
        2 => Just(Act::Begin),
        2 => (proptest::prelude::any::<bool>()).prop_map(Act::UseKept),
        1 => Just(Act::Invite),
        1 => Just(Act::Withdraw),
    ]
}

struct Life<'w> {
    world: &'w World,
    anna: PersonId,
    actor: InBrowser,
    phone: Phone<'w>,
    right: Timestamp,
    naive: Naive,
    kept: Vec<(usize, AuthenticationStart, Start)>,
    begun: usize,
}

impl<'w> Life<'w> {
    fn new(world: &'w World) -> Self {
        let (anna, actor) = (world.employee(), world.administrator(ACME));
        let right = pinlatch::host::Clock::now(&*world.clock).unwrap();
        let (phone, naive) = (world.phone(anna), Naive::new());
        Self { world, anna, actor, phone, right, naive, kept: Vec::new(), begun: 0 }
    }

    fn contact(&mut self, rest: Duration, reading: Reading, act: Act) -> Result<(), TestCaseError> {
        self.right = self.right.plus(rest);
        let reading = reading.at(self.right);
        self.world.clock.set(reading);
        let r = Naive::is_reading(reading.map(Timestamp::as_unix_millis));
        let mut seen = self.naive.clone();
        seen.arrive(r);
        let before = self.world.store.operations().1;
        let (is_done, expected) = self.act(act, r, &mut seen)?;
        prop_assert_eq!(is_done, expected, "{:?} at {:?}: {:?}", act, reading, seen);
        let has_written = self.world.store.operations().1 > before;
        let is_look = matches!(act, Act::View | Act::Overview | Act::Begin);
        if is_look {
            prop_assert!(!has_written, "{:?} wrote", act);
        } else {
            prop_assert!(has_written || !seen.found, "{:?} wrote no end", act);
        }
        if has_written {
            seen.found = false;
            self.naive = seen;
        }
        Ok(())
    }

    /// Whether it was done, and whether it should have been.
    fn act(&mut self, act: Act, r: Option<u64>, seen: &mut Naive) -> Result<(bool, bool), TestCaseError> {
        let has_token = match act {
            Act::Check => self.phone.session.is_some(),
            Act::Lock | Act::Unlock | Act::CreatePin => self.phone.token.is_some(),
            _ => true,
        };
        if !has_token {
            // The phone has nothing to make contact with.
            *seen = self.naive.clone();
            return Ok((false, false));
        }
        Ok(match act {
            Act::View => {
                seen.pass_windows();
                prop_assert_eq!(self.phone.state(), seen.state());
                (true, true)
            }
            Act::Overview => {
                let (gate, session) = (self.world.gate.blocking(), self.actor.session());
                let overview = gate.overview(&session, ACME, self.anna).unwrap();
                prop_assert_eq!(overview.invitation.is_some(), seen.is_invited());
                seen.pass_windows();
                let states: Vec<_> = overview.devices.iter().map(|device| device.state).collect();
                let expected: Vec<_> =
                    Some(seen.state()).into_iter().filter(|_| seen.phone != Kept::Out).collect();
                prop_assert_eq!(states, expected);
                (true, true)
            }
            Act::Check => {
                // Of a token that is dead already nothing is looked at: it names no device.
                if matches!(seen.phone, Kept::Open { .. }) && r.is_some() {
                    seen.pass_windows();
                }
                let is_good = r.is_some() && matches!(seen.phone, Kept::Open { .. });
                if let (Kept::Open { begun, opened, used }, Some(r)) = (seen.phone, r) {
                    let is_due = (seen.t - used.t) * 10 >= u128::from(whole(IDLE));
                    let used = if is_due { seen.now(r) } else { used };
                    seen.phone = Kept::Open { begun, opened, used };
                }
                (self.phone.check().is_ok(), is_good)
            }
            Act::Lock => {
                seen.pass_windows();
                let is_good = matches!(seen.phone, Kept::Open { .. } | Kept::Locked { .. });
                if let Kept::Open { begun, .. } = seen.phone {
                    seen.phone = Kept::Locked { begun };
                }
                (self.phone.lock().is_ok(), is_good)
            }
            Act::Unlock => {
                seen.pass_windows();
                let is_good =
                    if let (Kept::Open { begun, .. } | Kept::Locked { begun }, Some(r)) = (seen.phone, r) {
                        let now = seen.now(r);
                        seen.phone = Kept::Open { begun, opened: now, used: now };
                        true
                    } else {
                        false
                    };
                (self.phone.unlock(PIN).is_ok(), is_good)
            }
            Act::CreatePin => {
                seen.pass_windows();
                let is_good = if let (Kept::Pending { begun }, Some(r)) = (seen.phone, r) {
                    let now = seen.now(r);
                    seen.phone = Kept::Open { begun, opened: now, used: now };
                    true
                } else {
                    false
                };
                (self.phone.create_pin(PIN).is_ok(), is_good)
            }
            Act::Begin => {
                let begun = self.begin(seen, r);
                self.kept.extend(begun);
                (begun.is_some(), r.is_some())
            }
            Act::SignIn => {
                let Some((number, start, naive)) = self.begin(&mut seen.clone(), r) else {
                    *seen = self.naive.clone();
                    return Ok((false, r.is_some()));
                };
                self.use_start(number, start, naive, r, seen)
            }
            Act::UseKept(oldest) => {
                let kept = if oldest { self.kept.first() } else { self.kept.last() };
                let Some((number, start, naive)) = kept.copied() else {
                    *seen = self.naive.clone();
                    return Ok((false, false));
                };
                self.use_start(number, start, naive, r, seen)
            }
            Act::Invite => {
                if r.is_some() {
                    seen.invite();
                }
                (self.invite().is_ok(), r.is_some())
            }
            Act::Withdraw => {
                let is_good = seen.is_invited();
                seen.found |= seen.invited_until.is_some() && !is_good;
                seen.invited_until = None;
                let (gate, session) = (self.world.gate.blocking(), self.actor.session());
                (gate.withdraw_invitation(&session, ACME, self.anna).is_ok(), is_good)
            }
        })
    }

    fn begin(&mut self, seen: &mut Naive, r: Option<u64>) -> Option<(usize, AuthenticationStart, Start)> {
        seen.pass_windows();
        let whom = self.phone.token.as_ref().map_or(BeginFor::Nobody, BeginFor::Device);
        let start = self.world.gate.blocking().begin_authentication(whom, &UNMODIFIED).ok()?.start;
        self.begun += 1;
        let naive = match seen.phone {
            Kept::Out => Start::ForNobody { reading: r? },
            _ => Start::Named { t: seen.t },
        };
        assert_eq!(start.person().is_some(), matches!(naive, Start::Named { .. }));
        Some((self.begun, start, naive))
    }

    fn use_start(
        &mut self,
        number: usize,
        start: AuthenticationStart,
        naive: Start,
        r: Option<u64>,
        seen: &mut Naive,
    ) -> (bool, bool) {
        seen.pass_windows();
        let is_good = r.is_some() && seen.use_start(number, naive);
        let evidence = StrongAuthentication::verified_by_host(start, self.anna, BankCredentials);
        (self.phone.finish_sign_in(evidence, None).is_ok(), is_good)
    }

    fn invite(&self) -> Result<(), pinlatch::refusal::RefusalCode> {
        let session: BrowserSession = self.actor.session();
        code(self.world.gate.blocking().invite(&session, ACME, self.anna)).map(drop)
    }
}

/// T, L, the windows on T, the floor and the used starts, to the millisecond.
#[test]
fn d23_e30_under_random_clocks_every_contact_is_answered_as_the_rule_says() {
    let config = Config { cases: 400, failure_persistence: None, ..Config::default() };
    let lives = vec((rests(), readings(), acts()), 1..60);
    let tried = TestRunner::new(config).run(&lives, |contacts| {
        let world = world();
        let mut life = Life::new(&world);
        for (rest, reading, act) in contacts {
            life.contact(rest, reading, act)?;
        }
        Ok(())
    });
    tried.unwrap_or_else(|error| panic!("{error}"));
}
