//! What may be sent again after a lost reply: the table of the manual's page `screens`. Guesses are in `attempts`,
//! sign-ins in `evidence`, log-outs where they belong.

use pinlatch::access::BrowserSession;
use pinlatch::access::users_and_roles::EmploymentChoice::Every;
use pinlatch::gate::{Gate, GateError};
use pinlatch::host::{Blocking, HostParts, Inline, StoredDirectory, SystemClock};
use pinlatch::people::{ChargeableService::Travel, LocalDates, Profile, Role, Services};
use pinlatch::pin::PepperRing;
use pinlatch::refusal::RefusalCode as Code;
use pinlatch::session::Modality;
use pinlatch_testkit::{
    ACME, CollectingJournal, MemoryStore, QuickHasher, SeededRandomness, UNMODIFIED, World, day, person,
    since_last_year, today,
};

use crate::given::*;

#[test]
fn d26_a_face_that_is_shown_again_opens_anew() {
    let world = World::new();
    let mut phone = locked_phone(&world, world.employee());
    phone.unlock_by(Modality::Face).unwrap();
    let lost = same_session(&phone);
    phone.unlock_by(Modality::Face).unwrap();
    assert!(is_live(&world, &same_session(&phone)) && !is_live(&world, &lost));
}

#[test]
fn settings_sent_again_are_done() {
    let world = World::new();
    let phone = world.open_phone(world.employee()).unwrap();
    for _ in 0..2 {
        phone.enable(Modality::Face).unwrap();
        phone.rename("Anna's phone").unwrap();
    }
    let session = phone.session.as_ref().unwrap();
    for _ in 0..2 {
        world.gate.blocking().disable_biometric(session, Modality::Face, &UNMODIFIED).unwrap();
    }
}

#[test]
fn a_device_that_is_logged_out_is_unknown() {
    let world = World::new();
    let anna = world.employee();
    let [phone, other, third] = [(); 3].map(|()| world.open_phone(anna).unwrap());
    let (gate, session) = (world.gate.blocking(), phone.session.as_ref().unwrap());
    let own = || code(gate.log_out_device(session, other.id.unwrap(), &UNMODIFIED));
    assert_eq!([own(), own()], [Ok(()), Err(Code::UnknownDevice)]);
    assert_eq!(code(gate.log_out_device(session, phone.id.unwrap(), &UNMODIFIED)), Ok(()));
    assert_eq!(
        code(gate.log_out_device(session, phone.id.unwrap(), &UNMODIFIED)),
        Err(Code::SessionRequired)
    );
    let administrator = world.administrator(ACME).session();
    let lost = || code(gate.log_out_device_of(&administrator, ACME, anna, third.id.unwrap()));
    assert_eq!([lost(), lost()], [Ok(()), Err(Code::UnknownDevice)]);
}

#[test]
fn e13_e16_an_invitation_made_again_voids_the_earlier_one_and_a_bar_set_again_the_open_one() {
    let world = World::new();
    let anna = world.foreign_employee();
    let administrator = world.administrator(ACME).session();
    let gate = world.gate.blocking();
    let invite = || gate.invite(&administrator, ACME, anna).unwrap();
    let (lost, sent) = (invite(), invite());
    assert_eq!(world.phone(anna).sign_in_with_invitation(&lost), Err(Code::InvitationRequired));
    world.phone(anna).sign_in_with_invitation(&sent).unwrap();

    let _open = invite();
    let withdraw = || code(gate.withdraw_invitation(&administrator, ACME, anna));
    assert_eq!([withdraw(), withdraw()], [Ok(()), Err(Code::NoInvitation)]);

    gate.revoke_all(&administrator, ACME, anna).unwrap();
    let made_meanwhile = invite();
    gate.revoke_all(&administrator, ACME, anna).unwrap();
    let refused = world.phone(anna).sign_in_with_invitation(&made_meanwhile);
    assert_eq!(refused, Err(Code::ReinvitationRequired));
}

#[test]
fn users_and_roles_sent_again_change_nothing() {
    let people = StoredDirectory::new(Blocking(MemoryStore::new()), |_: &_| LocalDates::everywhere(today()));
    let host = HostParts {
        store: Blocking(MemoryStore::new()),
        clock: SystemClock,
        directory: people,
        journal: Blocking(CollectingJournal::new()),
        offload: Inline,
        randomness: SeededRandomness::new(1),
    };
    let gate = Gate::builder(host).hasher(QuickHasher::new()).peppers(PepperRing::without_pepper());
    let gate = gate.build().unwrap();
    let (gate, anna) = (gate.blocking(), person(2));
    gate.establish_first_administrator(ACME, person(1)).unwrap();
    let kaisa = BrowserSession::verified_by_host(person(1));
    let (long, yesterday) = (since_last_year(), day(2026, 11, 21));

    let again = |send: &dyn Fn() -> Result<pinlatch::people::Person, GateError>| {
        send().unwrap();
        send().unwrap_err().code()
    };
    let commands: [&dyn Fn() -> Result<_, _>; 9] = [
        &|| gate.hire(&kaisa, ACME, anna, long, Services::of(&[])),
        &|| gate.open_service(&kaisa, ACME, anna, Travel, Every),
        &|| gate.close_service(&kaisa, ACME, anna, Travel, Every),
        &|| gate.establish_user(&kaisa, ACME, anna, long),
        &|| gate.set_profile(&kaisa, ACME, anna, Profile::Employee),
        &|| gate.grant_role(&kaisa, ACME, anna, Role::UserAdministrator),
        &|| gate.revoke_role(&kaisa, ACME, anna, Role::UserAdministrator),
        &|| gate.end_user_access(&kaisa, ACME, anna, today()),
        &|| gate.end_employment(&kaisa, ACME, anna, today(), Every),
    ];
    assert_eq!(commands.map(again), [Code::NothingToChange; 9]);
    // Ended by yesterday, they are no user, and then not on the page.
    assert_eq!(again(&|| gate.end_user_access(&kaisa, ACME, anna, yesterday)), Code::NotAUser);
    assert_eq!(again(&|| gate.end_employment(&kaisa, ACME, anna, yesterday, Every)), Code::NotAuthorised);
}
