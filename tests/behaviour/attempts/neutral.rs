//! A guess without a verdict tells nothing: two lives that differ only in whether it was right cannot be told
//! apart by any answer, by what the phone is shown, by what comes later or by the stored bytes.

use std::sync::Arc;

use pinlatch::account::Wanted;
use pinlatch::refusal::{Refusal, RefusalCode as Code};
use pinlatch::secret::DeviceToken;
use pinlatch_testkit::{ACME, ANOTHER_PIN, PIN, Phone, UNMODIFIED, WRONG_PIN, World, minutes};

use super::overtaken::meanwhile;
use super::ways::{GUESSED, OPEN, Play, Purpose, Way, guarding, overtaking, policy};
use crate::given::*;

/// Everything that can be seen, in order: what was answered or shown, and the record to the byte.
#[derive(Default, PartialEq)]
struct Log(Vec<(String, Vec<u8>)>);

impl Log {
    fn note(&mut self, play: &Play<'_>, answer: impl std::fmt::Debug) {
        let shown = play.driver.view(&play.account);
        let answer = format!("{answer:?}, then {shown:?}, hashed {}", play.driver.world.hasher.count());
        self.0.push((answer, play.account.encode().unwrap()));
    }
}

/// Whether the compared guess is settled at all.
#[derive(Clone, Copy, Debug)]
enum Settled {
    Never,
    Once,
    /// And once more when it is void: by a host that was asleep.
    Late,
}

/// A life around one guess.
fn life(way: &Way, purpose: Purpose, settled: Settled, entry: &str) -> (Log, Result<(), Refusal>) {
    let world = World::builder().policy(policy()).build();
    let mut play = Play::of(&world, purpose);
    let (mut log, mut answer) = (Log::default(), Ok(()));
    (way.before)(&mut play);
    let settlement = play.guess(entry);
    log.note(&play, ());
    (way.meanwhile)(&mut play);
    log.note(&play, ());
    if !matches!(settled, Settled::Never) {
        answer = play.settle(&settlement);
        log.note(&play, answer);
    }
    (way.after)(&mut play);
    if matches!(settled, Settled::Late) {
        play.driver.wait(UNTIL_VOID);
        let late = play.settle(&settlement);
        assert_eq!(late, Err(Code::GuessOvertaken.into()), "{}", way.name);
        log.note(&play, late);
    }
    go_on(&mut play, &mut log);
    (log, answer)
}

/// What everybody could try afterwards.
fn go_on(play: &mut Play<'_>, log: &mut Log) {
    for session in [OPEN, GUESSED] {
        let token = play.driver.session(session);
        let (driver, account) = (&play.driver, &mut play.account);
        let checked = account.check(&token, Wanted::session(), &driver.facts(), &driver.context());
        let checked = driver.led(account, checked);
        log.note(play, checked);
    }
    for (number, entry) in (0..).zip([WRONG_PIN, PIN, ANOTHER_PIN, WRONG_PIN, WRONG_PIN, WRONG_PIN]) {
        let answer = play.driver.unlock(&mut play.account, entry, 500 + number, 50);
        log.note(play, answer);
    }
    let by_face = play.show_face(60);
    log.note(play, by_face);
    play.driver.wait(minutes(4));
    for (number, entry) in (0..).zip([WRONG_PIN, PIN, WRONG_PIN]) {
        let answer = play.driver.unlock(&mut play.account, entry, 600 + number, 70);
        log.note(play, answer);
    }
    let _locked_or_refused = play.account.lock(&play.driver.token, &play.driver.context());
    play.driver.written(&mut play.account);
    log.note(play, ());
    for number in 0..5 {
        let answer = play.driver.unlock(&mut play.account, WRONG_PIN, 700 + number, 80);
        log.note(play, answer);
    }
}

/// Plays it with a right and a wrong guess; answers how both were answered.
fn told_apart(way: &Way, purpose: Purpose, settled: Settled) -> Result<Result<(), Refusal>, String> {
    let [(right, answer), (wrong, _)] = [PIN, WRONG_PIN].map(|entry| life(way, purpose, settled, entry));
    match right.0.iter().zip(&wrong.0).position(|(right, wrong)| right != wrong) {
        None if right.0.len() == wrong.0.len() => Ok(answer),
        step => Err(format!("{}, {purpose:?}, {settled:?}: told apart at step {step:?}", way.name)),
    }
}

#[test]
fn d25_i12_a_guess_without_a_verdict_tells_nothing_whatever_came_between() {
    let mut played = 0;
    for way in overtaking().iter().chain(&guarding()) {
        for purpose in Purpose::ALL.into_iter().filter(|purpose| way.fits(*purpose)) {
            for settled in [Settled::Never, Settled::Once, Settled::Late] {
                let answer = told_apart(way, purpose, settled).unwrap_or_else(|how| panic!("{how}"));
                if !matches!(settled, Settled::Never) {
                    assert_eq!(answer.unwrap_err().code(), way.answer, "{}, {purpose:?}", way.name);
                }
                played += 1;
            }
        }
    }
    assert_eq!(played, (3 * 18 - 4) * 3, "each way, for each purpose that it fits");
}

#[test]
fn d25_what_tells_a_right_guess_from_a_wrong_one_is_its_verdict_and_is_seen_here() {
    let nothing = Way::nothing();
    for purpose in Purpose::ALL {
        assert!(told_apart(&nothing, purpose, Settled::Never).is_ok());
        assert!(told_apart(&nothing, purpose, Settled::Once).is_err());
    }
}

#[test]
fn d25_an_overtaken_guess_is_not_counted_and_leaves_its_place() {
    for way in overtaking() {
        for purpose in Purpose::ALL.into_iter().filter(|purpose| way.fits(*purpose)) {
            for entry in [PIN, WRONG_PIN] {
                let world = World::builder().policy(policy()).build();
                let mut play = Play::of(&world, purpose);
                (way.before)(&mut play);
                let settlement = play.guess(entry);
                (way.meanwhile)(&mut play);
                let before: Vec<_> = play.account.outbox().to_vec();
                let answer = play.settle(&settlement);
                assert_eq!(answer, Err(Code::GuessOvertaken.into()), "{}, {purpose:?}", way.name);
                let session = play.account.device_sessions().first().map(|device| device.session());
                let attempts = session.and_then(|session| session.enrolment()).map(|it| it.attempts());
                if let Some(attempts) = attempts {
                    assert_eq!((attempts.failures(), attempts.charged()), (0, 0), "{}", way.name);
                }
                let is_new = |event: &&pinlatch::account::Event| !before.contains(event);
                let new: Vec<_> = play.account.outbox().iter().filter(is_new).collect();
                assert_eq!(new.len(), usize::from(way.name == "locked by the idle window"), "{new:?}");
            }
        }
    }
}

/// Something that happens while the gate hashes.
type Meanwhile = fn(&World, &DeviceToken);

/// The same phone, in a hand that does something else meanwhile.
fn same_phone<'w>(world: &'w World, token: &DeviceToken) -> Phone<'w> {
    let mut phone = world.phone(token.person());
    phone.token = DeviceToken::parse(token.expose()).ok();
    phone
}

/// What happens, and how both guesses are answered.
const AT_THE_GATE: [(Meanwhile, Code); 8] = [
    (|world, token| same_phone(world, token).unlock(PIN).unwrap(), Code::GuessOvertaken),
    (|world, token| same_phone(world, token).log_out().unwrap(), Code::GuessOvertaken),
    (|world, token| same_phone(world, token).sign_in().unwrap(), Code::GuessOvertaken),
    (
        |world, token| revoke_all(world, &world.administrator(ACME), token.person()).unwrap(),
        Code::GuessOvertaken,
    ),
    (|world, _| world.wait(UNTIL_VOID), Code::GuessOvertaken),
    (|world, token| world.change(token.person(), only(job(&[]))), Code::NoChargeableService),
    (|world, _| world.clock.set(None), Code::ClockUnavailable),
    (|world, _| world.store.set_down(true), Code::Unavailable),
];

#[test]
fn d25_i12_nor_does_the_gate_tell_them_apart() {
    for (index, (happens, expected)) in AT_THE_GATE.into_iter().enumerate() {
        let seen = [PIN, WRONG_PIN].map(|entry| {
            let world = Arc::new(World::new());
            let phone = locked_with_pin_only(&world);
            let (inner, token) = (Arc::clone(&world), same_device(&phone));
            let answer = meanwhile(&world, &phone, entry, move || happens(&inner, &token));
            let refusal = answer.map(drop).unwrap_err();
            assert_eq!(refusal.code(), expected, "{index}");
            world.store.set_down(false);
            let view = world.gate.blocking().device_view(&same_device(&phone), &UNMODIFIED).unwrap();
            let (record, operations) = (stored(&world, phone.owner), world.store.operations());
            let told = (world.journal.events(phone.owner), world.journal.refusals(phone.owner));
            let later =
                world.gate.blocking().unlock_with_pin(&same_device(&phone), &digits(PIN), &UNMODIFIED);
            let later = later.map(drop).map_err(|error| error.refusal());
            (refusal, view, record, operations, told, world.hasher.count(), later)
        });
        assert!(seen[0] == seen[1], "told apart: {index}");
    }
}
