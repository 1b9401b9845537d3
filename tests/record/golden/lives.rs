//! Lives that end in a record: the same today as when the golden files were written, because time
//! and randomness come from the testkit.

use pinlatch::access::PersonRecord;
use pinlatch::account::{Context, Policy, RequestContext};
use pinlatch::host::{Clock, Key};
use pinlatch::id::{PersonId, WriteId};
use pinlatch::people::{
    Action, CalendarDate, ChargeableService, CustomProfile, Employment, Function, Person, Profile, Reach,
    Right, Role, ServiceSelection, UserAccess, Validity,
};
use pinlatch::record::{StoredVersion, stored_version};
use pinlatch::refusal::{Refusal, RefusalCode};
use pinlatch::session::Modality;
use pinlatch::time::Timestamp;
use pinlatch_testkit::{ACME, BOLT, PIN, World, company, day, person, since_last_year};

use super::rich::rich;

/// A record as a golden file holds it.
pub(crate) struct Golden {
    pub(crate) version: StoredVersion,
    pub(crate) name: &'static str,
    pub(crate) owner: PersonId,
    pub(crate) bytes: Vec<u8>,
}

type Lived = Result<PersonId, RefusalCode>;
type Life = fn(&World) -> Lived;

/// The accounts of that version, one for each state of a device, a tombstone, one whose clock was set back, and
/// one with everything.
pub(crate) fn accounts(version: StoredVersion) -> Vec<Golden> {
    let lives: [(&str, Life); 8] = [
        ("logged_out", logged_out),
        ("pin_pending", pin_pending),
        ("authenticated", authenticated),
        ("locked", locked),
        ("pin_exhausted", pin_exhausted),
        ("revoked_all", revoked_all),
        ("erased", erased),
        ("set_back", set_back),
    ];
    let each_in_a_world_of_its_own = lives.into_iter().zip(1..).map(|((name, life), seed)| {
        let world = World::builder().seed(seed).writes_version(version).build();
        let owner = life(&world).expect("a life without refusals");
        stored(version, name, &world, owner)
    });
    let mut golden: Vec<Golden> = each_in_a_world_of_its_own.collect();
    let (world, owner) = rich(version).expect("a rich life");
    golden.push(stored(version, "rich", &world, owner));
    golden
}

fn stored(version: StoredVersion, name: &'static str, world: &World, owner: PersonId) -> Golden {
    let bytes = world.store.bytes(&Key::account(owner)).expect("a stored account");
    Golden { version, name, owner, bytes }
}

fn logged_out(world: &World) -> Lived {
    let phone = world.open_phone(world.employee())?;
    phone.log_out()?;
    Ok(phone.owner)
}

fn pin_pending(world: &World) -> Lived {
    let mut phone = world.phone(world.employee());
    phone.sign_in()?;
    Ok(phone.owner)
}

fn authenticated(world: &World) -> Lived {
    Ok(world.open_phone(world.employee())?.owner)
}

fn locked(world: &World) -> Lived {
    let mut phone = world.open_phone(world.employee())?;
    phone.enable(Modality::Fingerprint)?;
    phone.lock()?;
    assert_eq!(phone.mistype(2), Err(RefusalCode::IncorrectPin));
    Ok(phone.owner)
}

fn pin_exhausted(world: &World) -> Lived {
    let mut phone = world.open_phone(world.employee())?;
    phone.lock()?;
    assert_eq!(phone.mistype(5), Err(RefusalCode::PinExhausted));
    Ok(phone.owner)
}

fn revoked_all(world: &World) -> Lived {
    let owner = world.employee();
    let phone = world.open_phone(owner)?;
    let mut other = world.open_phone(owner)?;
    phone.log_out_everywhere()?;
    assert_eq!(other.unlock(PIN), Err(RefusalCode::ReinvitationRequired));
    Ok(owner)
}

/// Erased, with an invitation open; the journal has not heard of it yet.
fn erased(world: &World) -> Lived {
    let owner = world.employee();
    let _phone = world.open_phone(owner)?;
    let _invitation = world.invited(owner)?;
    world.gate.blocking().deliver_events(owner).map_err(|error| error.code())?;
    let mut account = world.account(owner).expect("a stored account");
    let policy = Policy::default();
    let context = Context { now: world.clock.now(), policy: &policy, request: RequestContext::default() };
    account.erase(&context).map_err(Refusal::code)?;
    account.stamp(WriteId::from_u128(0xe7)).map_err(Refusal::code)?;
    let key = Key::account(owner);
    let version = stored_version(&world.store.bytes(&key).expect("stored")).expect("readable");
    world.store.overwrite(&key, Some(account.encode_as(version).expect("a small account")));
    Ok(owner)
}

/// The clock goes back by an hour while the app is open, and the journal takes nothing.
fn set_back(world: &World) -> Lived {
    let phone = world.open_phone(world.employee())?;
    world.journal.set_down(true);
    let an_hour_ago = world.clock.now().map(|now| now.as_unix_millis() - 3_600_000);
    world.clock.set(an_hour_ago.map(Timestamp::from_unix_millis));
    assert_eq!(phone.check().map(drop), Err(RefusalCode::SessionRequired));
    Ok(phone.owner)
}

/// A person with one of everything that a person may have.
pub(crate) fn somebody() -> Person {
    let between = |first: CalendarDate, last| Validity::between(first, last).expect("a period");
    let hours = Right::new(Action::Edit, Function::WorkingHours, Reach::Company);
    let salary = Right::new(Action::Read, Function::SalaryInformation, Reach::OwnData);
    let custom = CustomProfile::new("Työnjohtaja", [hours, salary].into_iter().collect()).expect("a profile");
    Person::new(person(77))
        .with_bank_credentials()
        .with_mobile_certificate()
        .with_employment(
            Employment::new(ACME, since_last_year()).with_service(ChargeableService::Travel).with_selection(
                ChargeableService::Salaries,
                ServiceSelection::ClosedAfter(day(2026, 11, 30)),
            ),
        )
        .with_employment(Employment::new(BOLT, between(day(2020, 2, 29), day(2024, 12, 31))))
        .with_user_access(
            UserAccess::new(ACME, since_last_year())
                .with_profile(Profile::Custom(custom))
                .with_role(Role::UserAdministrator)
                .with_role(Role::AccountingOfficeAdministrator)
                .with_role(Role::CompanyAdministrator),
        )
        .with_user_access(
            UserAccess::new(BOLT, between(day(2026, 1, 1), day(2026, 12, 31)))
                .with_profile(Profile::Employee),
        )
        .with_user_access(UserAccess::new(company(3), since_last_year()))
}

pub(crate) fn a_person(version: StoredVersion) -> Golden {
    let person = somebody();
    let bytes = PersonRecord::new(person.clone()).encode_as(version).expect("a record of a person");
    Golden { version, name: "person", owner: person.id(), bytes }
}
