//! Every window has passed after its length and by how much the base was ahead, on a right clock, whether
//! the account is written to or only looked at; and never before its length less the skew while the hosts
//! differ by no more than that (I15). Starts for nobody are judged by their reading: see `acts`.

use std::time::Duration;

use pinlatch::account::{BeginFor, StrongAuthentication};
use pinlatch::host::Clock;
use pinlatch::id::PersonId;
use pinlatch::people::AuthenticationMethod::BankCredentials;
use pinlatch::refusal::RefusalCode as Code;
use pinlatch::time::Timestamp;
use pinlatch_testkit::{ACME, InBrowser, PIN, Phone, UNMODIFIED, World, millis};
use proptest::collection::vec;
use proptest::prelude::any;
use proptest::test_runner::{Config, TestCaseError, TestRunner};
use proptest::{prop_assert, prop_assert_eq};

use super::naive::Naive;
use super::{
    AUTHENTICATION, IDLE, INVITATION, LIFETIME, PIN_WINDOW, Reading, SKEW, hosts, readings, rests, whole,
    world,
};
use crate::given::*;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Window {
    Pin,
    Idle,
    Lifetime,
    Invitation,
    NamedStart,
    /// Five guesses without an answer: once they are void, there is room for another.
    Answer,
}

const WINDOWS: [Window; 6] =
    [Window::Pin, Window::Idle, Window::Lifetime, Window::Invitation, Window::NamedStart, Window::Answer];

impl Window {
    fn length(self) -> Duration {
        match self {
            Self::Pin => PIN_WINDOW,
            Self::Idle => IDLE,
            Self::Lifetime => LIFETIME,
            Self::Invitation => INVITATION,
            Self::NamedStart => AUTHENTICATION,
            // Void is what is older than the answer window and the skew.
            Self::Answer => super::minutes(1) + SKEW + millis(1),
        }
    }

    /// How much earlier it may pass than its length less the skew.
    fn early(self) -> Duration {
        if self == Self::Idle { IDLE / 10 } else { Duration::ZERO }
    }
}

struct Scene<'w> {
    world: &'w World,
    anna: PersonId,
    actor: InBrowser,
    right: Timestamp,
    /// The account's base, by the rule.
    naive: Naive,
    phone: Phone<'w>,
    start: Option<StrongAuthentication>,
    /// Another phone of hers, whose lock and PIN write.
    tablet: Phone<'w>,
}

impl<'w> Scene<'w> {
    fn new(world: &'w World) -> Self {
        let (anna, actor) = (world.employee(), world.administrator(ACME));
        let (phone, tablet) = (world.phone(anna), world.phone(anna));
        let right = world.clock.now().unwrap();
        Self { world, anna, actor, right, naive: Naive::new(), phone, start: None, tablet }
    }

    /// Something at this reading; whether the base followed it, a write told.
    fn at<T>(&mut self, reading: Reading, act: impl FnOnce(&mut Self) -> T) -> T {
        let reading = reading.at(self.right);
        self.world.clock.set(reading);
        let before = self.world.store.operations().1;
        let answer = act(self);
        if self.world.store.operations().1 > before {
            self.naive.arrive(Naive::is_reading(reading.map(Timestamp::as_unix_millis)));
        }
        answer
    }

    fn invite(&self) -> Result<pinlatch::account::IssuedInvitation, Code> {
        let (gate, session) = (self.world.gate.blocking(), self.actor.session());
        code(gate.invite(&session, ACME, self.anna))
    }

    /// Signs the phone in with the invitation that names Anna, and it does not matter what was before.
    fn sign_in(&mut self) -> Result<(), Code> {
        self.phone = self.world.phone(self.anna);
        let invitation = self.invite()?;
        self.phone.sign_in_with_invitation(&invitation)
    }

    fn begin(&mut self, window: Window) -> Result<(), Code> {
        match window {
            Window::Pin => self.sign_in(),
            Window::Idle => self.sign_in().and_then(|()| self.phone.create_pin(PIN)),
            Window::Invitation => self.invite().map(drop),
            Window::Lifetime => {
                self.sign_in()?;
                self.phone.create_pin(PIN)?;
                self.phone.lock()
            }
            Window::NamedStart => {
                self.sign_in()?;
                let whom = BeginFor::Device(self.phone.token.as_ref().unwrap());
                let start = code(self.world.gate.blocking().begin_authentication(whom, &UNMODIFIED))?.start;
                assert_eq!(start.person(), Some(self.anna));
                self.start = Some(StrongAuthentication::verified_by_host(start, self.anna, BankCredentials));
                Ok(())
            }
            Window::Answer => {
                self.sign_in()?;
                self.phone.create_pin(PIN)?;
                self.phone.lock()?;
                self.world.hasher.set_failing(true);
                for _ in 0..5 {
                    assert_eq!(self.phone.unlock(PIN), Err(Code::Unavailable));
                }
                self.world.hasher.set_failing(false);
                Ok(())
            }
        }
    }

    /// A look, or a write that does not concern the window.
    fn contact(&mut self, window: Window, writes: bool) {
        let _state = self.phone.state();
        if writes && window != Window::Invitation {
            let _invited = self.invite();
        } else if writes {
            let _either = self.tablet.lock();
            let _either = self.tablet.unlock(PIN);
        }
    }

    /// Uses what the window bounds; whether it has passed.
    fn has_passed(&mut self, window: Window) -> bool {
        match window {
            Window::Pin => self.phone.create_pin(PIN).is_err(),
            Window::Idle => self.phone.check().is_err(),
            Window::Lifetime => self.phone.unlock(PIN).is_err(),
            Window::NamedStart => self.phone.finish_sign_in(self.start.unwrap(), None).is_err(),
            Window::Invitation => {
                let (gate, session) = (self.world.gate.blocking(), self.actor.session());
                gate.withdraw_invitation(&session, ACME, self.anna).is_err()
            }
            Window::Answer => match self.phone.unlock(PIN) {
                // The lead may have passed the lifetime, too.
                Ok(()) | Err(Code::AuthenticationRequired) => true,
                Err(refusal) => {
                    assert_eq!(refusal, Code::GuessesInFlight);
                    false
                }
            },
        }
    }

    /// What happened to the account's clock before.
    fn live(&mut self, before: &[(Duration, Reading)]) {
        let _tablet = self.at(Reading::OfHost(0), |scene| {
            scene.tablet.sign_in().and_then(|()| scene.tablet.create_pin(PIN))
        });
        for (rest, reading) in before {
            self.right = self.right.plus(*rest);
            self.at(*reading, |scene| {
                let _invited = scene.invite();
            });
        }
    }
}

const CASES: u32 = 150;

fn config() -> Config {
    Config { cases: CASES, failure_persistence: None, ..Config::default() }
}

#[test]
fn i15_on_a_right_clock_every_window_has_passed_after_its_length_and_the_lead_of_the_base() {
    let case = (vec((rests(), readings()), 0..6), readings(), vec((0..1_000_u64, any::<bool>()), 0..6));
    let tried = TestRunner::new(config()).run(&case, |(before, reading, mut contacts)| {
        contacts.sort_unstable();
        for window in WINDOWS {
            passes(window, &before, reading, &contacts)?;
        }
        Ok(())
    });
    tried.unwrap_or_else(|error| panic!("{error}"));
}

fn passes(
    window: Window,
    before: &[(Duration, Reading)],
    reading: Reading,
    contacts: &[(u64, bool)],
) -> Result<(), TestCaseError> {
    let world = world();
    let mut scene = Scene::new(&world);
    scene.live(before);
    if scene.at(reading, |scene| scene.begin(window)).is_err() {
        // Without a clock nothing begins.
        prop_assert!(Naive::is_reading(reading.at(scene.right).map(Timestamp::as_unix_millis)).is_none());
        return Ok(());
    }
    let (begun, read) = (scene.right, reading.at(scene.right));
    let lead = scene.naive.l.saturating_sub(begun.as_unix_millis());
    let over = whole(window.length()) + lead;
    for (part, writes) in contacts {
        scene.right = begun.plus(millis(over / 1_000 * part));
        scene.at(Reading::OfHost(0), |scene| scene.contact(window, *writes));
    }
    scene.right = begun.plus(millis(over));
    let has_passed = scene.at(Reading::OfHost(0), |scene| scene.has_passed(window));
    prop_assert!(has_passed, "{window:?} has not passed after {over} ms, {lead} ms of it the lead");
    if window != Window::Answer {
        // What a write found passed never works again, whatever the clock reads then (E30).
        for reading in [read, Some(begun)] {
            world.clock.set(reading);
            prop_assert!(scene.has_passed(window), "{window:?} works again");
        }
    }
    Ok(())
}

#[test]
fn i15_no_window_passes_early_while_the_hosts_differ_by_no_more_than_the_skew() {
    let contacts = vec((0..1_000_u64, hosts(), any::<bool>()), 0..8);
    let case = (vec((rests(), readings()), 0..6), hosts(), contacts, hosts());
    let tried = TestRunner::new(config()).run(&case, |(before, first, mut contacts, last)| {
        contacts.sort_unstable();
        for window in WINDOWS {
            lasts(window, &before, first, &contacts, last)?;
        }
        Ok(())
    });
    tried.unwrap_or_else(|error| panic!("{error}"));
}

fn lasts(
    window: Window,
    before: &[(Duration, Reading)],
    first: i64,
    contacts: &[(u64, i64, bool)],
    last: i64,
) -> Result<(), TestCaseError> {
    let world = world();
    let mut scene = Scene::new(&world);
    scene.live(before);
    prop_assert_eq!(scene.at(Reading::OfHost(first), |scene| scene.begin(window)), Ok(()));
    let begun = scene.right;
    let span = whole(window.length()) - whole(SKEW + window.early()) - 1;
    for (part, host, writes) in contacts {
        scene.right = begun.plus(millis(span / 1_000 * part));
        scene.at(Reading::OfHost(*host), |scene| scene.contact(window, *writes));
    }
    scene.right = begun.plus(millis(span));
    let has_passed = scene.at(Reading::OfHost(last), |scene| scene.has_passed(window));
    prop_assert!(!has_passed, "{window:?} has passed after {span} ms");
    Ok(())
}

/// Use keeps an app open: the idle window runs from the last use, which may be noted a tenth late.
#[test]
fn i15_d33_the_idle_window_runs_from_the_last_use() {
    let case = (hosts(), vec((0..1_020_u64, hosts()), 1..20), hosts());
    let tried = TestRunner::new(config()).run(&case, |(first, uses, last)| {
        let world = world();
        let mut scene = Scene::new(&world);
        prop_assert_eq!(scene.at(Reading::OfHost(first), |scene| scene.begin(Window::Idle)), Ok(()));
        let begun = scene.right;
        // Sixteen minutes are the window less a tenth and the skew. The lifetime is no part of this.
        let longest = IDLE - IDLE / 10 - SKEW - millis(1);
        for (seconds, host) in uses {
            let next = scene.right.plus(longest.min(super::seconds(seconds)));
            if next.since(begun) >= LIFETIME - SKEW - longest {
                break;
            }
            scene.right = next;
            prop_assert!(!scene.at(Reading::OfHost(host), |scene| scene.has_passed(Window::Idle)));
        }
        let used = scene.right;
        scene.right = used.plus(longest);
        world.clock.set(Reading::OfHost(last).at(scene.right));
        prop_assert_eq!(scene.phone.state(), pinlatch::session::SessionState::Authenticated);
        scene.right = used.plus(IDLE + SKEW);
        prop_assert!(scene.at(Reading::OfHost(0), |scene| scene.has_passed(Window::Idle)));
        Ok(())
    });
    tried.unwrap_or_else(|error| panic!("{error}"));
}
