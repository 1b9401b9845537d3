//! What "refused" and "unchanged" mean, and what else may come of a command.

use pinlatch::account::Event;
use pinlatch::gate::GateError;
use pinlatch::id::PersonId;
use pinlatch::refusal::{Cause, Refusal, RefusalCode};
use pinlatch::session::Change;
use pinlatch_testkit::{Phone, World};

use super::seen::{stored, trail};

/// The code of an error of the gate.
pub(crate) fn code<T>(answer: Result<T, GateError>) -> Result<T, RefusalCode> {
    answer.map_err(|error| error.code())
}

/// What can be seen of a person's account from outside: everything that a command may leave behind.
struct Seen {
    record: Option<Vec<u8>>,
    hashed: u64,
    events: Vec<Event>,
    refusals: Vec<Refusal>,
}

impl Seen {
    fn of(world: &World, person: PersonId) -> Self {
        Self {
            record: stored(world, person),
            hashed: world.hasher.count(),
            events: world.journal.events(person),
            refusals: world.journal.refusals(person),
        }
    }

    /// Nothing has come of it but these refusals.
    #[track_caller]
    fn is_still_so(&self, world: &World, person: PersonId) -> Vec<Refusal> {
        let now = Self::of(world, person);
        assert!(self.record == now.record, "the record has changed");
        assert_eq!(self.hashed, now.hashed, "a PIN was evaluated");
        assert_eq!(self.events, now.events, "a transition was reported");
        assert_eq!(world.journal.contradictions(), 0);
        let (before, new) = now.refusals.split_at(self.refusals.len());
        assert_eq!(self.refusals, before, "an older refusal has changed");
        new.to_vec()
    }
}

/// Refused, as the rules mean it: this code, no state change, no credential evaluated, nothing
/// counted, and one refusal in the audit trail. Answers with its cause.
#[track_caller]
pub(crate) fn refused<T>(
    world: &World,
    person: PersonId,
    code: RefusalCode,
    act: impl FnOnce() -> Result<T, RefusalCode>,
) -> Cause {
    let before = Seen::of(world, person);
    assert_eq!(act().err(), Some(code));
    let refusals = before.is_still_so(world, person);
    assert_eq!(refusals.iter().map(|refusal| refusal.code()).collect::<Vec<_>>(), [code]);
    refusals[0].cause()
}

/// As [`refused`], for an invitation whose time is over: the end that was found is written, once, so that
/// nothing revives it (D23, E30). Nothing else changes.
#[track_caller]
pub(crate) fn refused_as_expired(
    world: &World,
    person: PersonId,
    code: RefusalCode,
    mut act: impl FnMut() -> Result<(), RefusalCode>,
) {
    let kept = |world: &World| {
        let account = world.account(person).unwrap();
        let rows = format!("{:?}", account.device_sessions());
        (account.standing(), account.generation(), rows)
    };
    let (before, events) = (kept(world), world.journal.events(person));
    assert!(world.account(person).unwrap().invitation().is_some());
    assert_eq!(act(), Err(code));
    assert_eq!(world.journal.refusals(person).last().unwrap().cause(), Cause::InvitationExpired);
    assert_eq!(world.account(person).unwrap().invitation(), None);
    assert_eq!(kept(world), before);
    assert_eq!(world.journal.events(person), events);
    refused(world, person, code, act);
}

/// Unchanged, as the rules mean it: success without a transition or an event; nothing is written
/// and nothing hashed.
#[track_caller]
pub(crate) fn unchanged<T>(
    world: &World,
    person: PersonId,
    act: impl FnOnce() -> Result<T, RefusalCode>,
) -> T {
    let before = Seen::of(world, person);
    let answer = act().unwrap();
    assert_eq!(before.is_still_so(world, person), []);
    answer
}

/// Does something to one person that no other of these may notice.
#[track_caller]
pub(crate) fn unnoticed_by<T>(world: &World, others: &[PersonId], act: impl FnOnce() -> T) -> T {
    let before: Vec<Seen> = others.iter().map(|person| Seen::of(world, *person)).collect();
    let answer = act();
    for (person, before) in others.iter().zip(before) {
        let now = Seen::of(world, *person);
        assert!(before.record == now.record, "the record of another person has changed");
        assert_eq!(before.events, now.events);
        assert_eq!(before.refusals, now.refusals);
    }
    answer
}

/// The changes that the journal got during this, each once.
#[track_caller]
pub(crate) fn changes(world: &World, person: PersonId, act: impl FnOnce()) -> Vec<Change> {
    let before = world.journal.changes(person).len();
    act();
    assert_eq!(world.journal.contradictions(), 0);
    world.journal.changes(person)[before..].to_vec()
}

/// The command adds exactly these changes to the phone's trail, and no refusal.
pub(crate) fn adds(
    world: &World,
    phone: &mut Phone<'_>,
    changes: &[Change],
    command: impl FnOnce(&mut Phone<'_>),
) {
    let (before, refusals) = (trail(world, phone), world.journal.refusals(phone.owner));
    command(phone);
    let after = trail(world, phone);
    assert_eq!(after.strip_prefix(before.as_slice()), Some(changes));
    assert_eq!(world.journal.refusals(phone.owner), refusals);
}
