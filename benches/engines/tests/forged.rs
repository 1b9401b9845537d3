//! A good history of one person, and forgeries of it: each is found by its check.

use pinlatch::account::Event;
use pinlatch::id::{DeviceId, EventId, HistoryId, WriteId};
use pinlatch::people::AuthenticationMethod::BankCredentials;
use pinlatch::refusal::RefusalCode;
use pinlatch::session::{Change, LockCause};
use pinlatch_engines::call::{Answer, Asked, Call, CallId, Entry};
use pinlatch_engines::checks::of_person;
use pinlatch_engines::host::victim;
use pinlatch_engines::seam::Trail;

const PHONE: CallId = id(1);
const OPENED: CallId = id(2);
const SALT: [u8; 16] = [7; 16];
const WRONG: Answer = Answer::Refused(RefusalCode::IncorrectPin);

const fn id(number: u32) -> CallId {
    CallId { host: 1, number }
}

/// Calls one after the other, and the events that they caused.
#[derive(Clone, Default)]
struct Story {
    calls: Vec<Call>,
    trail: Trail,
}

impl Story {
    fn then(mut self, asked: Asked, answer: Answer, change: Option<Change>) -> Self {
        let number = u32::try_from(self.calls.len()).unwrap() + 1;
        let called = u64::from(number) * 10;
        let is_hashed = matches!(asked, Asked::CreatePin(_))
            || matches!(asked, Asked::Unlock(..))
                && (answer.is_done() || answer == WRONG || change.is_some());
        let hashed = is_hashed.then_some((called + 3, SALT)).into_iter().collect();
        let returned = Some(called + 5);
        let call = Call { id: id(number), person: victim(0), asked, called, returned, answer, hashed };
        if let Some(change) = change {
            let sequence = u64::try_from(self.trail.events.len()).unwrap();
            let event = EventId { write: WriteId::from_u128(u128::from(sequence) + 1), index: 0 };
            let mut event = Event::new(event, victim(0), HistoryId::from_u128(1), sequence, change);
            event.note = Some(call.id.note());
            event.device = Some(DeviceId::from_u128(1));
            self.trail.events.push(event);
        }
        self.calls.push(call);
        self
    }

    fn open() -> Self {
        let device = Answer::Done(Some(DeviceId::from_u128(1)));
        let authenticated = Change::Authenticated { method: BankCredentials, by_invitation: false };
        Self::default().then(Asked::SignIn(None), device, Some(authenticated)).then(
            Asked::CreatePin(PHONE),
            Answer::Done(None),
            Some(Change::PinCreated),
        )
    }

    fn wrong(self, failures: u8) -> Self {
        let rejected = Change::PinRejected { failures };
        self.then(Asked::Unlock(PHONE, Entry::Wrong), WRONG, Some(rejected))
    }

    fn right(self) -> Self {
        let opened = Some(Change::UnlockedByPin);
        self.then(Asked::Unlock(PHONE, Entry::Right), Answer::Done(None), opened)
    }

    fn fifth(self) -> Self {
        let answer = Answer::Refused(RefusalCode::PinExhausted);
        self.then(Asked::Unlock(PHONE, Entry::Wrong), answer, Some(Change::PinExhausted))
    }

    fn lock(self) -> Self {
        self.then(Asked::Lock(PHONE), Answer::Done(None), Some(Change::Locked(LockCause::Asked)))
    }

    fn check(self, answer: Answer) -> Self {
        self.then(Asked::Check { device: PHONE, session: OPENED }, answer, None)
    }

    fn violations(&self) -> Vec<String> {
        let calls: Vec<&Call> = self.calls.iter().collect();
        of_person(victim(0), &calls, &self.trail).violations
    }

    fn is_found(&self, words: &str) {
        let violations = self.violations();
        assert!(violations.iter().any(|violation| violation.contains(words)), "{violations:?}");
    }
}

/// The whole life of a phone.
fn good() -> Story {
    let done = Answer::Done(None);
    let refused = Answer::Refused(RefusalCode::SessionRequired);
    Story::open()
        .check(done)
        .wrong(1)
        .wrong(2)
        .lock()
        .check(refused)
        .wrong(3)
        .wrong(4)
        .right()
        .wrong(1)
        .wrong(2)
        .wrong(3)
        .wrong(4)
        .fifth()
}

#[test]
fn a_good_history_is_fine() {
    assert_eq!(good().violations(), [""; 0]);
}

/// Its reply was lost, five others wrote, and it was decided anew: refused for what they entered, though it was done.
#[test]
fn a_pin_that_was_created_and_refused_is_fine() {
    let device = Answer::Done(Some(DeviceId::from_u128(1)));
    let authenticated = Change::Authenticated { method: BankCredentials, by_invitation: false };
    let exhausted = Answer::Refused(RefusalCode::PinExhausted);
    let mut story = Story::default().then(Asked::SignIn(None), device, Some(authenticated)).then(
        Asked::CreatePin(PHONE),
        exhausted,
        Some(Change::PinCreated),
    );
    story = story.wrong(1).wrong(2).wrong(3).wrong(4).fifth();
    story.calls[1].returned = Some(1_000);
    assert_eq!(story.violations(), Vec::<String>::new());
}

#[test]
fn a_session_used_after_the_lock_is_found_twice() {
    let story = Story::open().lock().check(Answer::Done(None));
    story.is_found("was accepted after call 1.3, Lock");
    story.is_found("no order of the calls");
}

#[test]
fn a_pin_accepted_after_a_revoke_all_is_found() {
    let story = Story::open().then(Asked::RevokeAll, Answer::Done(None), None).right();
    story.is_found("was accepted after call 1.3, RevokeAll");
    story.is_found("no order of the calls");
}

#[test]
fn six_comparisons_for_one_budget_are_found() {
    let mut story = Story::open();
    for _ in 0..6 {
        story = story.then(Asked::Unlock(PHONE, Entry::Wrong), Answer::Unknown, None);
        let last = story.calls.last_mut().unwrap();
        last.hashed.push((last.called + 3, SALT));
    }
    story.is_found("6 PINs of the device");
    story.calls.pop();
    assert_eq!(story.violations(), [""; 0], "five are in the budget");
}

#[test]
fn a_failure_that_is_not_counted_is_found() {
    let story = Story::open().wrong(1).wrong(1);
    story.is_found("after Some(1) failures");
    Story::open().wrong(1).wrong(2).fifth().is_found("PinExhausted after Some(2)");
}

#[test]
fn a_wrong_pin_that_opens_and_a_right_one_that_does_not_are_found() {
    let wrong = Asked::Unlock(PHONE, Entry::Wrong);
    Story::open().then(wrong, Answer::Done(None), Some(Change::UnlockedByPin)).is_found("a wrong PIN opened");
    let right = Asked::Unlock(PHONE, Entry::Right);
    let rejected = Some(Change::PinRejected { failures: 1 });
    Story::open().then(right, WRONG, rejected).is_found("the right PIN was answered wrong");
}

#[test]
fn an_event_that_is_lost_or_doubled_is_found() {
    for lost in 0..good().trail.events.len() - 1 {
        let mut story = good();
        story.trail.events.remove(lost);
        story.is_found("is missing or doubled");
    }
    // The last one leaves no gap; its call does not fit.
    let mut story = Story::open();
    story.trail.events.pop();
    story.is_found("0 events");
    let mut story = Story::open().right();
    let mut again = *story.trail.events.last().unwrap();
    again.id.write = WriteId::from_u128(99);
    story.trail.events.push(again);
    story.is_found("is missing or doubled");
    story.is_found("2 events");
}

#[test]
fn a_comparison_that_was_refused_its_charge_is_found() {
    let in_flight = Answer::Refused(RefusalCode::GuessesInFlight);
    let mut story = Story::open().then(Asked::Unlock(PHONE, Entry::Wrong), in_flight, None);
    story.calls.last_mut().unwrap().hashed.push((33, SALT));
    story.is_found("was compared 1 times");
}
