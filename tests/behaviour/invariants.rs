//! Invariants by example: I01 to I06 and I08 to I10. I07 is in `lowering`, I11 in `journal`, I12 in
//! `attempts`, I13 in `secrets`.

use std::collections::BTreeSet;

use pinlatch::access::{Functions, Request};
use pinlatch::id::Generation;
use pinlatch::people::{
    Action, AuthenticationMethod, ChargeableService, CustomProfile, Employment, Function, Person, Profile,
    Right, Rights, UserAccess,
};
use pinlatch::refusal::RefusalCode as Code;
use pinlatch::session::{Modality, SessionState};
use pinlatch_testkit::{ACME, ANOTHER_PIN, PIN, Phone, UNMODIFIED, World, since_last_year};

use crate::given::record_bytes::{State, read};
use crate::given::*;

/// Something that a phone does.
type Deed = fn(&mut Phone<'_>) -> Result<(), Code>;

/// Something that happens to a phone or to its owner.
type Mishap = fn(&World, &mut Phone<'_>);

fn contains(haystack: &[u8], needle: &[u8]) -> bool {
    haystack.windows(needle.len()).any(|window| window == needle)
}

#[test]
fn i01_a_locked_device_has_a_pin_and_at_most_four_failures() {
    let world = World::new();
    let mut phone = world.open_phone(world.employee()).unwrap();
    phone.lock().unwrap();
    for failures in 0..=4 {
        assert_eq!((phone.state(), ledger(&world, &phone)), (SessionState::Locked, Some((failures, 0))));
        assert!(phone.mistype(1).is_err());
    }
    assert_eq!((phone.state(), ledger(&world, &phone)), (SessionState::PinExhausted, None));
}

#[test]
fn i02_where_no_session_can_be_nothing_of_one_is_left_in_the_record() {
    let leave: [fn(&mut Phone<'_>); 3] = [
        |phone| phone.log_out().unwrap(),
        |phone| {
            phone.lock().unwrap();
            assert_eq!(phone.mistype(5), Err(Code::PinExhausted));
        },
        |phone| phone.log_out_everywhere().unwrap(),
    ];
    for leave in leave {
        let world = World::new();
        let mut phone = world.open_phone(world.employee()).unwrap();
        phone.enable(Modality::Face).unwrap();
        let bytes = stored(&world, phone.owner).unwrap();
        let State::Authenticated { enrolment, token, .. } = read(&bytes).0.devices.remove(0).session else {
            panic!("open");
        };
        let secrets = [enrolment.credential.hash, enrolment.face.unwrap(), token];
        assert!(secrets.iter().all(|secret| contains(&bytes, secret)));
        leave(&mut phone);
        assert_eq!(ledger(&world, &phone), None);
        let bytes = stored(&world, phone.owner).unwrap();
        assert!(!secrets.iter().any(|secret| contains(&bytes, secret)));
        assert!(!contains(&bytes, &enrolment.credential.salt));
    }
}

#[test]
fn i03_every_entry_asks_for_an_unmodified_device_a_current_generation_and_an_eligible_person() {
    let enter: [Deed; 3] =
        [|phone| phone.create_pin(PIN), |phone| phone.unlock(PIN), |phone| phone.unlock_by(Modality::Face)];
    let spoil: [(Mishap, Code); 4] = [
        (|_, phone| phone.integrity = Modified, Code::UnsupportedDevice),
        (|_, phone| phone.integrity = Unknown, Code::DeviceIntegrityUnknown),
        (
            |world, phone| revoke_all(world, &world.administrator(ACME), phone.owner).unwrap(),
            Code::ReinvitationRequired,
        ),
        (|world, phone| world.directory.remove(phone.owner), Code::NotEligible),
    ];
    for (way, enter) in enter.into_iter().enumerate() {
        for (spoil, code) in spoil {
            let world = World::new();
            let mut phone = world.open_phone(world.employee()).unwrap();
            phone.enable(Modality::Face).unwrap();
            if way == 0 {
                phone.log_out().unwrap();
                phone.sign_in().unwrap();
            } else {
                phone.lock().unwrap();
            }
            spoil(&world, &mut phone);
            let hashed = world.hasher.count();
            assert_eq!(enter(&mut phone), Err(code));
            assert_eq!(world.hasher.count(), hashed);
            assert_ne!(phone.state(), SessionState::Authenticated);
        }
    }
}

/// Everything a phone can try, but strong authentication.
const WITHOUT_AUTHENTICATION: [Deed; 10] = [
    |phone| phone.create_pin(PIN),
    |phone| phone.unlock(PIN),
    |phone| phone.unlock_by(Modality::Face),
    |phone| phone.check().map(|_| ()),
    |phone| phone.change_pin(PIN, ANOTHER_PIN),
    |phone| phone.enable(Modality::Face),
    |phone| phone.lock(),
    |phone| phone.acknowledge(),
    |phone| phone.log_out_everywhere(),
    |phone| phone.log_out(),
];

fn stays(world: &World, phone: &mut Phone<'_>, state: SessionState) {
    for _ in 0..2 {
        for command in WITHOUT_AUTHENTICATION {
            let before = stored(world, phone.owner);
            let _answer = command(phone);
            assert_eq!(stored(world, phone.owner), before);
            assert_eq!(phone.state(), state);
        }
    }
}

#[test]
fn i04_nothing_but_a_strong_authentication_leads_from_logged_out() {
    let world = World::new();
    let mut phone = world.open_phone(world.employee()).unwrap();
    phone.enable(Modality::Face).unwrap();
    phone.log_out().unwrap();
    stays(&world, &mut phone, SessionState::LoggedOut);
    phone.sign_in().unwrap();
    assert_eq!(phone.state(), SessionState::PinPending);
}

#[test]
fn i05_nothing_but_an_accepted_invitation_leads_out_of_revoked_all() {
    let world = World::new();
    let mut phone = world.open_phone(world.employee()).unwrap();
    phone.enable(Modality::Face).unwrap();
    phone.log_out_everywhere().unwrap();
    stays(&world, &mut phone, SessionState::RevokedAll);
    let invitation = world.invited(phone.owner).unwrap();
    stays(&world, &mut phone, SessionState::RevokedAll);
    for method in AuthenticationMethod::ALL {
        assert_eq!(phone.sign_in_by(Some(*method), None), Err(Code::ReinvitationRequired));
        stays(&world, &mut phone, SessionState::RevokedAll);
    }
    phone.sign_in_with_invitation(&invitation).unwrap();
    assert_eq!(phone.state(), SessionState::PinPending);
}

#[test]
fn i06_tokens_never_repeat_and_a_dead_one_is_never_accepted_again() {
    let world = World::new();
    let anna = world.employee();
    let mut phone = world.phone(anna);
    let (mut texts, mut sessions) = (BTreeSet::new(), Vec::new());
    for _ in 0..3 {
        phone.sign_in().unwrap();
        assert!(texts.insert(phone.token.as_ref().unwrap().expose().to_owned()));
        phone.create_pin(PIN).unwrap();
        phone.enable(Modality::Face).unwrap();
        for by_face in [false, true, false] {
            assert!(texts.insert(phone.session.as_ref().unwrap().expose().to_owned()));
            sessions.push(same_session(&phone));
            phone.lock().unwrap();
            if by_face {
                phone.unlock_by(Modality::Face).unwrap()
            } else {
                phone.unlock(PIN).unwrap()
            }
            for dead in &sessions {
                refused(&world, anna, Code::SessionRequired, || answer_to(&world, dead));
            }
        }
        sessions.push(same_session(&phone));
        let device = same_device(&phone);
        phone.log_out().unwrap();
        let with_dead = world.gate.blocking().unlock_with_pin(&device, &digits(PIN), &UNMODIFIED);
        assert_eq!(with_dead.unwrap_err().code(), Code::AuthenticationRequired);
    }
    assert_eq!(texts.len(), 3 + 9);
}

#[test]
fn i06_a_restarted_gate_with_another_seed_accepts_live_tokens_and_no_dead_ones() {
    let world = World::new();
    let phone = world.open_phone(world.employee()).unwrap();
    let dead = same_session(&phone);
    phone.lock().unwrap();
    let restarted = world.restarted(2).build();
    let mut phone = moved_to(&restarted, &phone);
    assert_eq!(answer_to(&restarted, &dead), Err(Code::SessionRequired));
    phone.unlock(PIN).unwrap();
    assert_eq!(answer_to(&world, phone.session.as_ref().unwrap()), Ok(()));
}

#[test]
fn i08_the_generation_never_decreases() {
    let world = World::new();
    let anna = world.employee();
    let mut phone = world.phone(anna);
    let mut seen = Vec::new();
    for round in 0..3 {
        let invitation = world.invited(anna).unwrap();
        phone.sign_in_with_invitation(&invitation).unwrap();
        phone.create_pin(PIN).unwrap();
        seen.push(world.account(anna).unwrap().generation());
        phone.log_out_everywhere().unwrap();
        phone.log_out().unwrap();
        seen.push(world.account(anna).unwrap().generation());
        assert_eq!(seen.last().unwrap().number(), round + 1);
    }
    assert!(seen.is_sorted());
    assert_eq!(Generation::from_number(u64::MAX).next().number(), u64::MAX);
}

#[test]
fn i09_functions_offered_are_always_within_the_services() {
    use ChargeableService::{Salaries, Travel};
    let all: Rights = Right::all().filter(|right| right.function != Function::UsersAndRoles).collect();
    let boss = CustomProfile::new("everything", all).unwrap();
    for services in [&[Salaries][..], &[Travel], &[Salaries, Travel]] {
        for profile in
            [None, Some(Profile::NoRights), Some(Profile::Employee), Some(Profile::Custom(boss.clone()))]
        {
            let world = World::new();
            let new = Employment::new(ACME, since_last_year());
            let employment = services.iter().copied().fold(new, Employment::with_service);
            let person = world.stranger().with_bank_credentials().with_employment(employment);
            let is_company_wide = matches!(profile, Some(Profile::Custom(_)));
            let access =
                profile.map(|profile| UserAccess::new(ACME, since_last_year()).with_profile(profile));
            let anna = world.knows(access.into_iter().fold(person, Person::with_user_access));
            let phone = world.open_phone(anna).unwrap();
            let session = phone.session.as_ref().unwrap();
            let offered = world.gate.blocking().functions(session, ACME, &UNMODIFIED).unwrap();
            let within =
                services.iter().fold(Functions::EMPTY, |all, service| all.union(&service.functions()));
            // A profile for the whole company is bound by the owners' services, each time it is used.
            assert!(offered.is_subset(&within) || is_company_wide);
            for function in Function::ALL.iter().filter(|function| !offered.contains(**function)) {
                assert!(phone.read(*function).is_err(), "{function:?}");
            }
        }
    }
}

#[test]
fn i10_own_data_rights_never_reach_another_person() {
    let world = World::new();
    let (anna, bert) = (world.employee(), world.employee());
    let phone = world.open_phone(anna).unwrap();
    let employee = UserAccess::new(ACME, since_last_year()).with_profile(Profile::Employee);
    for profiled in [false, true] {
        if profiled {
            world.change(anna, |person| person.with_user_access(employee.clone()));
        }
        for function in [Function::SalaryInformation, Function::WorkingHours, Function::TravelExpenseReports]
        {
            for action in Action::ALL.iter().copied() {
                let wanted = Request { company: ACME, action, function, owner: bert };
                refused(&world, anna, Code::NotOwnData, || phone.request(&wanted));
            }
            let _granted = phone.read(function).unwrap();
        }
    }
}
