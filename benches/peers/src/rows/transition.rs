//! Transitions. Peers keep a state and nothing else; ours carries the change for the audit trail.
//!
//! A typed session comes out of the testkit here; otherwise it belongs to an account and cannot be
//! taken out of it. Lock and unlock are measured as the account's commands besides, with the tokens'
//! digests and the guards.

use std::hint::black_box;

use pinlatch::account::Account;
use pinlatch::session::{Baseline, BiometricAssertion, LockCause, Modality};
use pinlatch_testkit::{locked_session, opening};
use rust_fsm::state_machine;
use statig::prelude::*;

use crate::by_hand::{AUTHENTICATED, Line, Now, digest_of};
use crate::fixture::{Fixture, deliver, device_token, employee, session_token};
use crate::harness::{Contestant, Settings, Side};
use crate::row::{Group, Row};

state_machine! {
    latch(Open)

    Open(Lock) => Locked [Closed],
    Locked(Unlock) => Open [Opened],
}

/// The same for statig.
#[derive(Default)]
struct Latch {
    changes: u32,
}

enum Command {
    Lock,
    Unlock,
}

#[statig::state_machine(initial = "State::open()")]
impl Latch {
    #[state]
    fn open(&mut self, event: &Command) -> Outcome<State> {
        match event {
            Command::Lock => {
                self.changes = self.changes.wrapping_add(1);
                Transition(State::locked())
            }
            Command::Unlock => Handled,
        }
    }

    #[state]
    fn locked(&mut self, event: &Command) -> Outcome<State> {
        match event {
            Command::Unlock => {
                self.changes = self.changes.wrapping_add(1);
                Transition(State::open())
            }
            Command::Lock => Handled,
        }
    }
}

/// Both rows.
pub fn rows(settings: Settings) -> Vec<Row> {
    vec![typed(settings), lock_and_unlock(settings)]
}

/// Each contestant opens and locks once: two transitions. The session lies in memory before, between
/// and after them.
fn typed(settings: Settings) -> Row {
    let mut locked = Some(locked_session());
    let ours = Contestant::repeating(Side::Ours, "pinlatch", move || {
        let opened = locked.take().expect("put back").unlock(opening());
        let mut open = opened.session;
        black_box(&mut open);
        let closed = open.lock(LockCause::Asked);
        locked = Some(closed.session);
        black_box(&mut locked);
        (opened.change, closed.change)
    });
    let mut line = Line { state: AUTHENTICATED, ..Line::default() };
    let by_hand = Contestant::repeating(Side::Floor, "record in place, stamp and version", move || {
        for state in [AUTHENTICATED, AUTHENTICATED + 1] {
            let line = black_box(&mut line);
            line.state = state;
            line.last_use += 1;
            line.generation = line.generation.wrapping_add(1);
        }
    });
    let contestants = vec![ours, by_hand, by_statig(), by_rust_fsm()];
    let work = "unlock and lock of a typed session: two transitions";
    let mut row = Row::measure(settings, Group::Transition, work, contestants);
    row.at_most_nanoseconds(40.0);
    row.no_allocation();
    row
}

fn by_statig() -> Contestant<'static> {
    let mut machine = Latch::default().state_machine();
    Contestant::repeating(Side::Peer, "statig, state only", move || {
        machine.handle(black_box(&Command::Lock));
        machine.handle(black_box(&Command::Unlock));
    })
}

fn by_rust_fsm() -> Contestant<'static> {
    let mut machine = latch::StateMachine::new();
    Contestant::repeating(Side::Peer, "rust-fsm, state only", move || {
        machine.consume(black_box(&latch::Input::Lock)).expect("legal");
        machine.consume(black_box(&latch::Input::Unlock)).expect("legal")
    })
}

/// Lock by the device token, unlock by face: on an account in memory.
fn lock_and_unlock(settings: Settings) -> Row {
    let fixture = Fixture::new();
    let person = employee(1);
    let raising = fixture.raising(&person);
    let (device, session) = (device_token(1, 0), session_token(1, 0));
    let baseline = Baseline::of(b"the owner's face");
    let mut account = fixture.account(1, 1);
    account.enable_biometric(&session, Modality::Face, baseline, &raising).expect("open");
    let face = BiometricAssertion { modality: Modality::Face, recognised: true, baseline: Some(baseline) };
    let ours = Contestant::repeating(Side::Ours, "pinlatch", || {
        let account: &mut Account = black_box(&mut account);
        account.lock(&device, &raising.moment).expect("open");
        account.unlock_with_biometric(&device, &face, &raising, black_box(&session)).expect("recognised");
        deliver(account);
    });
    let mut line = Line::open(1, session.expose(), 1_000);
    let secret = session.expose().as_bytes().last_chunk().expect("a token");
    let now = Now::shortly_after(1_000);
    let by_hand = Contestant::repeating(Side::Floor, "three digests, two states", || {
        // The device proves itself twice, and the new session's digest is stored.
        let line = black_box(&mut line);
        assert!(line.admits(&digest_of(b"pinlats_", black_box(secret)), &now));
        line.state += 1;
        assert!(!line.admits(&digest_of(b"pinlats_", black_box(secret)), &now));
        line.digest = digest_of(b"pinlats_", black_box(secret));
        line.state = AUTHENTICATED;
    });
    let work = "lock and unlock by face, account in memory, events taken";
    let mut row = Row::measure(settings, Group::Transition, work, vec![ours, by_hand]);
    let floor = row.floor().expect("a floor");
    let above = (row.ours().nanoseconds() - floor.nanoseconds()) / 2.0;
    let value = format!("{above:.0} ns, guards and events included");
    row.judge("≤ 20 ns a transition above the digests".into(), value, above <= 20.0);
    row
}
