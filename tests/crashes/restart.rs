//! After something went wrong: a fresh host on the same store, and what has to hold then.

use std::time::Duration;

use pinlatch::account::Standing;
use pinlatch::gate::GateError;
use pinlatch::host::Key;
use pinlatch::refusal::RefusalCode as Code;
use pinlatch::secret::DeviceToken;
use pinlatch::session::SessionState;
use pinlatch_testkit::{ANOTHER_PIN, PIN, Phone, WRONG_PIN, World, minutes, seconds};

use crate::cases::Case;
use crate::given::Ready;
use crate::next_steps;
use crate::parts::Wrong;
use crate::play::{End, Honest, Run, meaning, play, told};

/// A guess without an answer is void after the answer window and the skew (D24).
const UNTIL_VOID: Duration = seconds(60 + 120 + 1);

/// How the events of a crashed command are brought to the journal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ending {
    /// By asking for it.
    Delivered,
    /// By the account's next change.
    NextChange,
    /// Not at all, until the owner has done what the phone names as the next step.
    NextStep,
}

impl Ending {
    pub(crate) const ALL: [Self; 3] = [Self::Delivered, Self::NextChange, Self::NextStep];
}

pub(crate) type Checked = Result<(), String>;

fn ensure(holds: bool, otherwise: impl FnOnce() -> String) -> Checked {
    if holds { Ok(()) } else { Err(otherwise()) }
}

/// Lets it go wrong, restarts, and looks. The error says what does not hold. Answers with the
/// number of operations that the store was asked for.
pub(crate) fn survives(
    case: &Case,
    ready: &Ready,
    honest: &Honest,
    wrong: &Wrong,
    ending: Ending,
) -> Result<Run, String> {
    let world = ready.world();
    let run = play(&world, case, ready, wrong);
    let stage = stage(&world, case, ready, honest, &run)?;
    // Everything in memory is gone: the world's own gate has taken no part so far.
    dead_tokens_stay_dead(&world, ready, honest, stage)?;
    if ending == Ending::Delivered {
        let left = world.gate.blocking().deliver_events(ready.person).map_err(|error| error.to_string())?;
        ensure(left == 0, || format!("{left} events still wait"))?;
        let waiting = world.account(ready.person).map_or(0, |account| account.outbox().len());
        ensure(waiting == 0, || format!("{waiting} events still in the record"))?;
        let journal = told(&world.journal.events(ready.person));
        ensure(journal == honest.events[stage], || format!("the journal has {journal:?}"))?;
        if case.guesses {
            let at_once = no_guess_comes_free(&world, ready, honest, stage, &run)?;
            no_answer_comes_free(&world, ready, honest, stage, at_once)?;
        }
    }
    if ending == Ending::NextStep {
        next_steps::lead_in(&world, ready, pin_by_now(case, honest, stage))?;
    }
    the_owner_gets_on(&world, ready).map_err(|code| format!("the owner does not get on: {code:?}"))?;
    dead_tokens_stay_dead(&world, ready, honest, stage)?;
    let journal = told(&world.journal.events(ready.person));
    let starts = journal.starts_with(&honest.events[stage]) && journal.len() > honest.events[stage].len();
    ensure(starts, || format!("in the end the journal has {journal:?}"))?;
    let numbered = journal.iter().map(|event| event.sequence).eq(0..journal.len() as u64);
    ensure(numbered, || "the journal has gaps".into())?;
    ensure(world.journal.contradictions() == 0, || "one number for two events".into())?;
    Ok(run)
}

/// In which stage of an honest run the account is: before, after, or with the guess charged.
fn stage(world: &World, case: &Case, ready: &Ready, honest: &Honest, run: &Run) -> Result<usize, String> {
    let record = meaning(world.store.bytes(&Key::account(ready.person)).as_deref(), ready.person);
    let stage = honest.stages.iter().rposition(|known| *known == record);
    let stage = stage.ok_or("the account is neither as before nor as after")?;
    match run.end {
        // Whatever was lost on the way: the answer is the honest one, or none.
        End::Answered(Err(Code::Unavailable)) | End::Silent | End::Panicked => {}
        // Erasing waits for the journal, and nothing is erased before (D30).
        End::Answered(Err(Code::AuditTrailFull)) if case.name == "erase" => {
            ensure(stage < honest.last_stage(), || "refused and erased".into())?;
        }
        End::Answered(answer) => {
            let expected = honest_answer(honest);
            ensure(answer == expected, || format!("answered {answer:?} instead of {expected:?}"))?;
            ensure(stage == honest.last_stage(), || format!("answered {answer:?} in stage {stage}"))?;
        }
    }
    if case.guesses && run.hashed > 0 && !honest.run.applied.is_empty() {
        ensure(stage > 0, || "a guess was compared and is not charged".into())?;
    }
    Ok(stage)
}

fn honest_answer(honest: &Honest) -> Result<(), Code> {
    match honest.run.end {
        End::Answered(answer) => answer,
        End::Silent | End::Panicked => Err(Code::Unavailable),
    }
}

/// What was dead before is dead; so is what the command has killed, once it is done.
fn dead_tokens_stay_dead(world: &World, ready: &Ready, honest: &Honest, stage: usize) -> Checked {
    let [before, after] = honest.alive;
    let done = stage == honest.last_stage();
    let alive = ready.alive(world);
    let revived = (0..alive.len()).any(|token| alive[token] && !(before[token] && (!done || after[token])));
    ensure(!revived, || format!("alive in stage {stage}: {alive:?}, before {before:?}, after {after:?}"))
}

/// Wrong PINs from now on, at once: the budget that was left before, less the guess that was charged. A
/// right PIN that was accepted renews it, but for what other guesses have in flight (I12).
fn no_guess_comes_free(
    world: &World,
    ready: &Ready,
    honest: &Honest,
    stage: usize,
    run: &Run,
) -> Result<usize, String> {
    let mut phone = phone(world, ready);
    if phone.lock().is_err() {
        return Ok(0);
    }
    let before = world.hasher.count();
    while phone.unlock(WRONG_PIN) == Err(Code::IncorrectPin) {}
    let compared = usize::try_from(world.hasher.count() - before).unwrap();
    let accepted = stage == honest.last_stage() && honest_answer(honest) == Ok(());
    let charged = usize::from(stage > 0);
    let budget = if accepted { 5 - ready.guesses_in_flight } else { ready.guesses_left - charged };
    ensure(compared == budget, || {
        format!("{compared} more guesses compared; {} before, {budget} left", run.hashed)
    })?;
    Ok(compared)
}

/// Wrong PINs once every guess without an answer is void (D24): so many answers as five less those that
/// were given, before the crash and after it. Nobody learns a sixth.
fn no_answer_comes_free(
    world: &World,
    ready: &Ready,
    honest: &Honest,
    stage: usize,
    at_once: usize,
) -> Checked {
    let mut phone = phone(world, ready);
    if phone.state() != SessionState::Locked {
        return Ok(());
    }
    let done = stage == honest.last_stage();
    let before = match honest_answer(honest) {
        Ok(()) if done => 0,
        Err(Code::IncorrectPin) if done => ready.failures + 1,
        _ => ready.failures,
    };
    world.wait(UNTIL_VOID);
    let mut answered = before + at_once;
    let last = loop {
        answered += 1;
        match phone.unlock(WRONG_PIN) {
            Err(Code::IncorrectPin) => {}
            last => break last,
        }
    };
    ensure(last == Err(Code::PinExhausted) && answered == 5, || {
        format!("after {before} and {at_once} wrong PINs: {answered} in the end, and {last:?}")
    })
}

/// The PIN of the phone, which the command may have changed.
fn pin_by_now(case: &Case, honest: &Honest, stage: usize) -> &'static str {
    let is_changed = case.name.starts_with("change_pin, right")
        && stage == honest.last_stage()
        && honest_answer(honest) == Ok(());
    if is_changed { ANOTHER_PIN } else { PIN }
}

fn phone<'w>(world: &'w World, ready: &Ready) -> Phone<'w> {
    let mut phone = world.phone(ready.person);
    phone.token = DeviceToken::parse(ready.device.expose()).ok();
    phone
}

/// With a new device session, and an invitation where the rules ask for one.
fn the_owner_gets_on(world: &World, ready: &Ready) -> Result<(), Code> {
    let mut phone = world.phone(ready.person);
    let account = world.account(ready.person);
    let barred = account.is_some_and(|account| account.standing() == Standing::RevokedAll);
    let foreign = world.directory.get(ready.person).is_some_and(|person| person.is_foreign());
    if barred || foreign {
        let invited = world.gate.blocking().invite(&ready.actor.session(), ready.actor.company, ready.person);
        phone.sign_in_with_invitation(&invited.map_err(|error: GateError| error.code())?)?;
    } else {
        // Of erasing, a start that names nobody has to be clear by the skew (D34).
        world.wait(minutes(3));
        phone.sign_in()?;
    }
    phone.create_pin(PIN)?;
    let _used = phone.check()?;
    phone.lock()?;
    phone.unlock(PIN)?;
    phone.check().map(|_| ())
}
