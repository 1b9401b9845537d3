//! The checker of histories, against all orders tried one by one.

use pinlatch::id::PersonId;
use pinlatch::refusal::RefusalCode;
use pinlatch_engines::call::{Answer, Asked, Call, CallId, Entry};
use pinlatch_engines::checks::linear::model::{State, Step};
use pinlatch_engines::checks::linear::{Timed, is_linearizable};

const PHONE: CallId = id(0);
const DONE: Answer = Answer::Done(None);

const fn id(number: u32) -> CallId {
    CallId { host: 1, number }
}

fn step(number: u32, asked: Asked, answer: Answer) -> Step {
    let (person, called, returned, hashed) = (PersonId::from_u128(1), 0, None, Vec::new());
    let call = Call { id: id(number), person, asked, called, returned, answer, hashed };
    Step::of(&call).expect("a call of the device")
}

fn timed(called: u64, returned: u64, step: Step) -> Timed {
    Timed { called, returned: (!step.is_unanswered()).then_some(returned), step }
}

/// Whether some order explains the answers, found by trying each.
fn by_force(life: &[Timed], state: State) -> bool {
    if life.iter().all(|timed| timed.step.is_unanswered()) {
        return true;
    }
    (0..life.len()).any(|first| {
        let next = life[first];
        let comes_first =
            life.iter().all(|other| other.returned.is_none_or(|returned| returned >= next.called));
        let mut rest = life.to_vec();
        rest.remove(first);
        let after =
            if next.step.is_unanswered() { next.step.effect(state) } else { next.step.answered(state) };
        comes_first && after.is_some_and(|after| by_force(&rest, after))
    })
}

fn refused(code: RefusalCode) -> Answer {
    Answer::Refused(code)
}

/// Any call.
fn asked(draws: &mut fastrand::Rng, number: u32) -> Asked {
    match draws.u8(0..10) {
        0..4 => Asked::Unlock(PHONE, Entry::Wrong),
        4 => Asked::Unlock(PHONE, Entry::Right),
        5 => Asked::Lock(PHONE),
        6 => Asked::CreatePin(PHONE),
        7 => Asked::LogOut(PHONE),
        _ => Asked::Check { device: PHONE, session: id(draws.u32(0..=number)) },
    }
}

const ANSWERS: [Answer; 6] = [
    DONE,
    Answer::Unknown,
    Answer::Refused(RefusalCode::IncorrectPin),
    Answer::Refused(RefusalCode::PinExhausted),
    Answer::Refused(RefusalCode::SessionRequired),
    Answer::Refused(RefusalCode::AuthenticationRequired),
];

/// A history that one device gave, with times around the moments at which things happened; then perhaps another
/// answer to one of the calls.
fn drawn(draws: &mut fastrand::Rng) -> Vec<Timed> {
    let (mut state, mut life) = (State::Pending, Vec::new());
    for number in 0..draws.u32(2..=7) {
        let asked = if number == 0 { Asked::CreatePin(PHONE) } else { asked(draws, number) };
        let fits = |answer: &Answer| {
            let is_check = matches!(asked, Asked::Check { .. });
            let step = (!is_check || *answer != Answer::Unknown).then(|| step(number, asked, *answer))?;
            let after = if step.is_unanswered() { step.effect(state) } else { step.answered(state) };
            after.map(|after| (step, after))
        };
        let mut answers = ANSWERS;
        draws.shuffle(&mut answers);
        let Some((step, after)) = answers.iter().find_map(fits) else { continue };
        state = after;
        let moment = 100 + u64::from(number) * 10;
        life.push(timed(moment - draws.u64(0..25), moment + draws.u64(0..25), step));
    }
    if draws.bool() && !life.is_empty() {
        let number = draws.usize(0..life.len());
        let answer = ANSWERS[draws.usize(0..ANSWERS.len())];
        let asked = Asked::Unlock(PHONE, if draws.bool() { Entry::Right } else { Entry::Wrong });
        life[number].step = step(u32::try_from(number).unwrap(), asked, answer);
        life[number].returned = (answer != Answer::Unknown).then(|| life[number].called + draws.u64(1..30));
    }
    life
}

#[test]
fn it_agrees_with_all_orders_tried_one_by_one() {
    let mut draws = fastrand::Rng::with_seed(7);
    let (mut good, mut bad) = (0, 0);
    for _ in 0..20_000 {
        let life = drawn(&mut draws);
        let expected = by_force(&life, State::Pending);
        assert_eq!(is_linearizable(&life), expected, "{life:#?}");
        *(if expected { &mut good } else { &mut bad }) += 1;
    }
    println!("{good} histories have an order, {bad} have none");
    assert!(good > 2_000 && bad > 2_000, "{good} good, {bad} bad: it shows too little");
}

/// A device whose PIN was created at once.
fn open(rest: &[(u64, u64, Asked, Answer)]) -> Vec<Timed> {
    let first = timed(1, 2, step(0, Asked::CreatePin(PHONE), DONE));
    let rest = (1..).zip(rest).map(|(number, (called, returned, asked, answer))| {
        timed(*called, *returned, step(number, *asked, *answer))
    });
    std::iter::once(first).chain(rest).collect()
}

const WRONG: Asked = Asked::Unlock(PHONE, Entry::Wrong);
const RIGHT: Asked = Asked::Unlock(PHONE, Entry::Right);
const CHECK: Asked = Asked::Check { device: PHONE, session: id(0) };

#[test]
fn planted_bad_histories_have_no_order() {
    let incorrect = refused(RefusalCode::IncorrectPin);
    let exhausted = refused(RefusalCode::PinExhausted);
    let lock = Asked::Lock(PHONE);
    let bad = [
        // A session that is used after the lock.
        open(&[(3, 4, lock, DONE), (5, 6, CHECK, DONE)]),
        // A fifth wrong PIN that is answered like the fourth.
        open(&[3, 5, 7, 9, 11].map(|at| (at, at + 1, WRONG, incorrect))),
        // Too many after three.
        open(&[(3, 4, WRONG, incorrect), (5, 6, WRONG, incorrect), (7, 8, WRONG, exhausted)]),
        // The right PIN after the log-out.
        open(&[(3, 4, Asked::LogOut(PHONE), DONE), (5, 6, RIGHT, DONE)]),
        // The old session after the right PIN opened the app anew.
        open(&[(3, 4, RIGHT, DONE), (5, 6, CHECK, DONE)]),
        // A session that is refused though nothing has ended it.
        open(&[(3, 4, CHECK, refused(RefusalCode::SessionRequired))]),
        // Two reads the wrong way round while a lock is under way.
        open(&[
            (3, 20, lock, DONE),
            (4, 5, CHECK, refused(RefusalCode::SessionRequired)),
            (6, 7, CHECK, DONE),
        ]),
    ];
    for life in bad {
        assert!(!is_linearizable(&life), "{life:#?}");
        assert!(!by_force(&life, State::Pending), "{life:#?}");
    }
}

#[test]
fn a_call_without_an_answer_may_have_happened_late_or_not_at_all() {
    let lock = (3, 0, Asked::Lock(PHONE), Answer::Unknown);
    let gone = refused(RefusalCode::SessionRequired);
    assert!(is_linearizable(&open(&[lock, (4, 5, CHECK, DONE)])));
    assert!(is_linearizable(&open(&[lock, (4, 5, CHECK, gone)])));
    assert!(is_linearizable(&open(&[lock, (4, 5, CHECK, DONE), (6, 7, CHECK, gone)])));
    assert!(!is_linearizable(&open(&[lock, (4, 5, CHECK, gone), (6, 7, CHECK, DONE)])));
}
