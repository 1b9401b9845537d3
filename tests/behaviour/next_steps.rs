//! What the person does next (I14): what a phone that starts is told, what each refusal names, and that
//! whoever follows it gets in.

use pinlatch::account::{Policy, Wanted};
use pinlatch::gate::GateError;
use pinlatch::id::PersonId;
use pinlatch::pin::{Pepper, PepperId, PepperRing};
use pinlatch::refusal::{NextStep, RefusalCode as Code};
use pinlatch::secret::DeviceToken;
use pinlatch::session::{Modality, SessionState};
use pinlatch_testkit::{ACME, PIN, Phone, UNMODIFIED, WRONG_PIN, World, hours, minutes, seconds};

use crate::given::*;

fn view(world: &World, phone: &Phone<'_>) -> (SessionState, NextStep) {
    let view = world.gate.blocking().device_view(&device_of(phone), &UNMODIFIED).unwrap();
    (view.state, view.next)
}

#[test]
fn r07_the_view_says_how_many_digits_a_new_pin_is_to_have() {
    let pin = pinlatch::pin::PinPolicy::default().with_length(pinlatch::pin::PinLength::new(8).unwrap());
    let world = World::builder().policy(Policy::builder().pin(pin).build().unwrap()).build();
    let phone = pending_phone(&world, world.employee());
    let view = world.gate.blocking().device_view(&device_of(&phone), &UNMODIFIED).unwrap();
    assert_eq!((view.state, view.pin_digits, view.tries_left), (SessionState::PinPending, Some(8), None));
}

#[test]
fn r12_r14_the_view_counts_the_tries_down_and_names_the_device() {
    let world = World::new();
    let mut phone = world.open_phone(world.employee()).unwrap();
    let seen = |phone: &Phone<'_>| {
        let view = world.gate.blocking().device_view(&device_of(phone), &UNMODIFIED).unwrap();
        (view.tries_left, view.device)
    };
    phone.lock().unwrap();
    for left in [5, 4, 3, 2, 1] {
        assert_eq!(seen(&phone), (Some(left), phone.id));
        let _wrong = phone.mistype(1);
    }
    assert_eq!(seen(&phone), (None, phone.id), "exhausted");
    let id = phone.id;
    phone.acknowledge().unwrap();
    assert_eq!(seen(&phone).0, None);
    assert!(id.is_some());

    // A guess without a verdict takes no try away (I12).
    let mut phone = world.open_phone(world.employee()).unwrap();
    world.hasher.set_failing(true);
    assert_eq!(phone.unlock(PIN), Err(Code::Unavailable));
    assert_eq!(seen(&phone).0, Some(5));
}

/// Code and next step of a refusal.
fn told<T>(answer: Result<T, GateError>) -> (Code, NextStep) {
    let refusal = answer.err().expect("refused").refusal();
    (refusal.code(), refusal.next_step())
}

/// Ten guesses that nobody was answered (D24).
fn worn_out(world: &World, phone: &mut Phone<'_>) {
    world.hasher.set_failing(true);
    for _ in 0..10 {
        assert_eq!(phone.unlock(PIN), Err(Code::Unavailable));
        world.wait(minutes(4));
    }
    world.hasher.set_failing(false);
}

/// The same world, whose pepper was lost.
fn without_the_pepper(world: &World) -> World {
    let other = PepperRing::new(PepperId::from_number(2), Pepper::new(&[0x33; 32]).unwrap());
    world.restarted(7).peppers(other).build()
}

#[test]
fn i14_a_phone_that_starts_is_told_its_state_and_what_comes_next() {
    use NextStep::{
        Acknowledge, AskForInvitation, Authenticate, CreatePin, EnterPin, PresentInvitation, UseApp,
    };
    use SessionState::{Authenticated, Locked, LoggedOut, PinExhausted, PinPending, RevokedAll};
    for (state, next) in [
        (LoggedOut, Authenticate),
        (PinPending, CreatePin),
        (Authenticated, UseApp),
        (Locked, EnterPin),
        (PinExhausted, Acknowledge),
        (RevokedAll, AskForInvitation),
    ] {
        let world = World::new();
        let phone = phone_in(&world, state);
        unchanged(&world, phone.owner, || {
            assert_eq!(view(&world, &phone), (state, next));
            Ok(())
        });
    }
    let world = World::new();
    let (anna, never_here) = (world.employee(), world.employee());
    assert_eq!(view(&world, &world.phone(never_here)), (LoggedOut, Authenticate), "unknown");

    // Barred: with a valid invitation, with one that is over, and once the bar is lifted elsewhere (E35).
    let (phone, mut other) = (world.open_phone(anna).unwrap(), world.open_phone(anna).unwrap());
    phone.log_out_everywhere().unwrap();
    let _first = world.invited(anna).unwrap();
    assert_eq!(view(&world, &phone), (RevokedAll, PresentInvitation));
    world.wait(hours(24));
    assert_eq!(view(&world, &phone), (RevokedAll, AskForInvitation));
    other.sign_in_with_invitation(&world.invited(anna).unwrap()).unwrap();
    assert_eq!(view(&world, &phone), (LoggedOut, Authenticate));
    // A device that nobody knows is not told of the bar.
    other.create_pin(PIN).unwrap();
    other.log_out_everywhere().unwrap();
    assert_eq!(view(&world, &world.phone(anna)), (LoggedOut, Authenticate));
}

#[test]
fn i14_the_view_says_what_the_lock_screen_needs() {
    let world = World::new();
    let mut phone = open_phone_with_biometrics(&world, world.employee());
    world.wait(minutes(1));
    phone.lock().unwrap();
    phone.unlock_by(Modality::Face).unwrap();
    let opened = pinlatch::host::Clock::now(&*world.clock);
    world.wait(minutes(1));
    phone.lock().unwrap();
    let view = world.gate.blocking().device_view(&device_of(&phone), &UNMODIFIED).unwrap();
    assert_eq!((view.pin_digits, view.face, view.fingerprint), (Some(6), true, true));
    let last = view.last_opened.unwrap();
    assert_eq!((Some(last.at), last.by), (opened, pinlatch::session::OpenedBy::Biometric(Modality::Face)));
}

#[test]
fn i14_d24_after_ten_guesses_without_an_answer_one_authenticates() {
    let world = World::new();
    let mut phone = locked_with_pin_only(&world);
    worn_out(&world, &mut phone);
    world.wait(seconds(1));
    assert_eq!(view(&world, &phone), (SessionState::Locked, NextStep::Authenticate));
    let wrong = world.gate.blocking().unlock_with_pin(&device_of(&phone), &digits(WRONG_PIN), &UNMODIFIED);
    assert_eq!(told(wrong), (Code::IncorrectPin, NextStep::Authenticate));
    // The PIN opens all the same, and then all is well.
    phone.unlock(PIN).unwrap();
    phone.lock().unwrap();
    assert_eq!(view(&world, &phone), (SessionState::Locked, NextStep::EnterPin));
}

/// S2 of the cases.
#[test]
fn i14_e34_where_the_pin_cannot_be_checked_one_authenticates_and_that_works_at_once() {
    let before = World::new();
    let (locked, open) = (locked_with_pin_only(&before), before.open_phone(before.employee()).unwrap());
    let world = without_the_pepper(&before);
    let gate = world.gate.blocking();
    let mut moved = moved_to(&world, &locked);
    assert_eq!(view(&world, &moved), (SessionState::Locked, NextStep::Authenticate));
    let unlock = gate.unlock_with_pin(&device_of(&moved), &digits(PIN), &UNMODIFIED);
    assert_eq!(told(unlock), (Code::CredentialUnusable, NextStep::Authenticate));
    moved.sign_in().unwrap();
    moved.create_pin(PIN).unwrap();
    let _open = moved.check().unwrap();

    // In the open app what would ask for the PIN asks for the bank.
    let moved = moved_to(&world, &open);
    assert_eq!(view(&world, &moved), (SessionState::Authenticated, NextStep::UseApp));
    world.wait(minutes(6));
    let wanted = Wanted::session().opened_by_pin_within(minutes(5));
    let stepped_up = gate.check(&session_of(&moved), wanted, &UNMODIFIED);
    assert_eq!(told(stepped_up), (Code::StepUpRequired, NextStep::Authenticate));
}

/// What each refused command names next, in each state in which it is refused.
#[test]
fn i14_a_refusal_names_the_step_that_the_phone_would_be_told() {
    type Command = fn(&World, &DeviceToken) -> Option<GateError>;
    let commands: [(&str, Command); 5] = [
        ("lock", |world, token| world.gate.blocking().lock(token, &UNMODIFIED).err()),
        ("acknowledge", |world, token| world.gate.blocking().acknowledge(token, &UNMODIFIED).err()),
        ("create_pin", |world, token| {
            let words = pinlatch::pin::PersonalWords::none();
            world.gate.blocking().create_pin(token, &entries(PIN), &words, &UNMODIFIED).err()
        }),
        ("unlock_with_pin", |world, token| {
            world.gate.blocking().unlock_with_pin(token, &digits(PIN), &UNMODIFIED).err()
        }),
        ("unlock_with_biometric", |world, token| {
            let baseline = Some(pinlatch::session::Baseline::of(b"the owner's face"));
            let modality = Modality::Face;
            let face = pinlatch::session::BiometricAssertion { modality, recognised: true, baseline };
            world.gate.blocking().unlock_with_biometric(token, &face, &UNMODIFIED).err()
        }),
    ];
    for state in SessionState::ALL {
        for invited in [false, true] {
            for (name, command) in commands {
                let world = World::new();
                let phone = phone_in(&world, state);
                if invited {
                    let _invitation = world.invited(phone.owner).unwrap();
                }
                let Some(error) = command(&world, &device_of(&phone)) else { continue };
                let (code, next) = told::<()>(Err(error));
                let (_, expected) = view(&world, &phone);
                // In the open app, "you have a PIN" and "no face here" are answered by the PIN (D26).
                let expected = match (code, expected) {
                    (Code::PinExists | Code::BiometricUnavailable, NextStep::UseApp) => NextStep::EnterPin,
                    _ => expected,
                };
                assert_eq!(next, expected, "{name}: {code} of a phone that is {state:?}, invited: {invited}");
            }
        }
    }
}

#[test]
fn i14_a_dead_session_token_leads_to_the_pin() {
    let world = World::new();
    let mut phone = world.open_phone(world.employee()).unwrap();
    let lost = same_session(&phone);
    let gate = world.gate.blocking();
    phone.unlock(PIN).unwrap();
    let refused = gate.check(&lost, Wanted::session(), &UNMODIFIED);
    assert_eq!(told(refused), (Code::SessionRequired, NextStep::EnterPin));
}

#[test]
fn i14_an_invitation_that_is_open_is_named_and_else_one_is_asked_for() {
    let world = World::new();
    let (mut phone, maria) = (revoked_phone(&world, world.employee()), world.foreign_employee());
    let sign_in = |world: &World, phone: &mut Phone<'_>| {
        assert!(
            phone
                .sign_in_by(Some(pinlatch::people::AuthenticationMethod::IdentityProviderAccount), None)
                .is_err()
        );
        let refusal = newest_refusal(world, phone.owner);
        (refusal.code(), refusal.next_step())
    };
    let mut marias = world.phone(maria);
    let barred = |next| (Code::ReinvitationRequired, next);
    let foreign = |next| (Code::InvitationRequired, next);
    assert_eq!(sign_in(&world, &mut phone), barred(NextStep::AskForInvitation));
    assert_eq!(sign_in(&world, &mut marias), foreign(NextStep::AskForInvitation));
    for person in [phone.owner, maria] {
        let _invitation = world.invited(person).unwrap();
    }
    assert_eq!(sign_in(&world, &mut phone), barred(NextStep::PresentInvitation));
    assert_eq!(sign_in(&world, &mut marias), foreign(NextStep::PresentInvitation));
    world.wait(hours(24));
    assert_eq!(sign_in(&world, &mut phone), barred(NextStep::AskForInvitation));
    assert_eq!(sign_in(&world, &mut marias), foreign(NextStep::AskForInvitation));
}

#[test]
fn i14_d34_a_second_phone_is_told_how_long_to_wait_after_the_bar_is_lifted() {
    let world = World::new();
    let anna = world.employee();
    let (mut one, mut other) = (world.open_phone(anna).unwrap(), world.open_phone(anna).unwrap());
    one.log_out_everywhere().unwrap();
    one.sign_in_with_invitation(&world.invited(anna).unwrap()).unwrap();
    // It authenticates at once, and what it began may have been begun before the log-out: a wait, and no circle.
    assert_eq!(view(&world, &other).1, NextStep::Authenticate);
    for passed in [0, 50] {
        world.wait(seconds(passed));
        assert_eq!(other.sign_in(), Err(Code::AuthenticationRequired));
        let NextStep::TryAgain { after } = newest_refusal(&world, anna).next_step() else {
            panic!("{:?}", newest_refusal(&world, anna));
        };
        // Until it is later than the log-out by more than the skew of two minutes.
        assert_eq!(after, minutes(2) - seconds(passed) + std::time::Duration::from_millis(1));
    }
    world.wait(seconds(70));
    assert_eq!(other.sign_in(), Err(Code::AuthenticationRequired));
    world.wait(std::time::Duration::from_millis(1));
    other.sign_in().unwrap();
}

/// Does what is named next, until the app is open; how many steps it took.
fn follow(world: &World, phone: &mut Phone<'_>) -> Result<usize, NextStep> {
    let mut wait = None;
    for steps in 0..8 {
        if phone.check().is_ok() {
            return Ok(steps);
        }
        if let Some(after) = wait.take() {
            world.wait(after);
            continue;
        }
        let next = view(world, phone).1;
        let answer = match next {
            NextStep::UseApp | NextStep::EnterPin => phone.unlock(PIN),
            NextStep::CreatePin => phone.create_pin(PIN),
            NextStep::Acknowledge => phone.acknowledge(),
            NextStep::Authenticate => phone.sign_in(),
            NextStep::PresentInvitation => {
                phone.sign_in_with_invitation(&world.invited(phone.owner).unwrap())
            }
            other => return Err(other),
        };
        if let Err(code) = answer
            && let NextStep::TryAgain { after } = newest_refusal(world, phone.owner).next_step()
        {
            assert_ne!(code, Code::ClockUnavailable);
            wait = Some(after);
        }
    }
    Err(NextStep::NotAllowed)
}

#[test]
fn i14_whoever_follows_the_steps_is_in_within_six() {
    type Mishap = fn(&World, &mut Phone<'_>);
    let mishaps: [(&str, Mishap); 7] = [
        ("nothing", |_, _| {}),
        ("the session token is lost", |_, phone| phone.session = None),
        ("five guesses without an answer", |world, phone| {
            world.hasher.set_failing(true);
            for _ in 0..5 {
                let _unanswered = phone.unlock(PIN);
            }
            world.hasher.set_failing(false);
            phone.session = None;
        }),
        ("ten guesses without an answer", |world, phone| {
            if phone.unlock(PIN).is_ok() {
                worn_out(world, phone);
            }
            phone.session = None;
        }),
        ("the clock was a century ahead", |world, phone| {
            let right = pinlatch::host::Clock::now(&*world.clock);
            world.wait(hours(24 * 36_500));
            let _seen = phone.lock();
            let _seen = phone.unlock(PIN);
            world.clock.set(right);
        }),
        ("the device token is lost", |_, phone| (phone.token, phone.session) = (None, None)),
        ("the bar is lifted on another phone", |world, phone| {
            let mut other = world.phone(phone.owner);
            let _either = revoke_all(world, &world.administrator(ACME), phone.owner);
            other.sign_in_with_invitation(&world.invited(phone.owner).unwrap()).unwrap();
        }),
    ];
    for state in SessionState::ALL {
        for (name, mishap) in mishaps {
            let policy = Policy::builder().idle_lock(minutes(30)).absolute_lifetime(hours(8));
            let world = World::builder().policy(policy.build().unwrap()).build();
            let mut phone = phone_in(&world, state);
            mishap(&world, &mut phone);
            if world.account(phone.owner).unwrap().standing() == pinlatch::account::Standing::RevokedAll {
                // A standing bar refuses, and says who can lift it.
                let expected: Result<usize, NextStep> = Err(NextStep::AskForInvitation);
                if phone.token.is_some() {
                    assert_eq!(follow(&world, &mut phone), expected, "{state:?}, {name}");
                }
                let _invited = world.invited(phone.owner).unwrap();
                let asked: PersonId = phone.owner;
                phone.sign_in_with_invitation(&world.invited(asked).unwrap()).unwrap();
            }
            let steps = follow(&world, &mut phone);
            assert!(steps.is_ok_and(|steps| steps <= 6), "{state:?}, {name}: {steps:?}");
        }
    }
}
