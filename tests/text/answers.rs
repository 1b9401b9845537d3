//! What a host answers over HTTP, written out: without a secret, a start or a digest in it.

use pinlatch::access::{Channel, Request, administrator, eligibility};
use pinlatch::account::{AuthenticationStart, Context, Facts, IssuedInvitation, Policy};
use pinlatch::gate::{AuthenticationOffer, FailedAuthentication};
use pinlatch::people::{Action, AuthenticationMethod, Function, LocalDates, Person};
use pinlatch::pin::PepperRing;
use pinlatch::record::StoredVersion;
use pinlatch::refusal::{Details, Language, NextStep, Refusal, RefusalCode};
use pinlatch::secret::InvitationToken;
use pinlatch_testkit::{ACME, BOLT, Phone, World, day, person, today};

use crate::given::{compact, from_json, json, reads_back};
use crate::people::{somebody, start};

/// A phone that was opened by PIN, in a world where nothing is random.
fn opened(world: &World) -> Phone<'_> {
    world.open_phone(world.employee()).unwrap()
}

/// What the clock of the world reads.
fn now(world: &World) -> String {
    use pinlatch::host::Clock as _;
    json(&world.clock.now().unwrap())
}

#[test]
fn a_view_of_a_device_is_written_like_this() {
    let world = World::new();
    let phone = opened(&world);
    let policy = Policy::default();
    let mut account = world.account(phone.owner).unwrap();
    let context =
        Context { now: None, policy: &policy, request: pinlatch::account::RequestContext::default() };
    let view = account.device_view(phone.token.as_ref().unwrap(), &PepperRing::without_pepper(), &context);
    assert_eq!(
        json(&view),
        format!(
            concat!(
                r#"{{"state":"Authenticated","next":"UseApp","device":"{}","pin_digits":6,"tries_left":5,"#,
                r#""face":false,"fingerprint":false,"last_opened":{{"at":{},"by":"Pin"}},"ended":null}}"#
            ),
            phone.id.unwrap(),
            now(&world)
        )
    );
}

#[test]
fn the_end_of_a_session_is_written_like_this_and_names_nobody() {
    let world = World::builder().writes_version(StoredVersion::V2).build();
    let (phone, by) = (opened(&world), world.administrator(ACME));
    let gate = world.gate.blocking();
    gate.log_out_device_of(&by.session(), by.company, phone.owner, phone.id.unwrap()).unwrap();
    let view = gate.device_view(phone.token.as_ref().unwrap(), &pinlatch_testkit::UNMODIFIED).unwrap();
    let ended = format!(r#"{{"at":{},"reason":"ByAdministrator"}}"#, now(&world));
    assert_eq!(json(&view.ended), ended);
    assert!(!json(&view).contains(&by.person.to_string()));
}

#[test]
fn an_overview_of_an_account_is_written_like_this_and_shows_no_digest() {
    let world = World::new();
    let phone = opened(&world);
    let (policy, dates) = (Policy::default(), LocalDates::everywhere(today()));
    let boss = world.administrator(ACME);
    let facts = |id| world.directory.get(id).unwrap();
    let (acting, target) = (facts(boss.person), facts(phone.owner));
    let proof = administrator(Some(&acting), &boss.session(), ACME, &dates, policy.access()).unwrap();
    let invitation = world.invited(phone.owner).unwrap();
    let mut account = world.account(phone.owner).unwrap();
    let context =
        Context { now: None, policy: &policy, request: pinlatch::account::RequestContext::default() };
    let asked = Facts { person: Some(&target), owner: None, dates: &dates };
    let overview = account.overview(&proof, &asked, &context).unwrap();
    let inviting = overview.invitation.unwrap();
    let device = &overview.devices[0];
    assert_eq!(
        json(&overview),
        format!(
            concat!(
                r#"{{"standing":"Good","invitation":{{"by":{},"expires":{}}},"devices":[{{"id":{},"label":{},"#,
                r#""created":{now},"last_opened":{{"at":{now},"by":"Pin"}},"state":"Authenticated","#,
                r#""this_device":false}}]}}"#
            ),
            json(&inviting.by),
            json(&invitation.expires),
            json(&device.id),
            json(&device.label),
            now = now(&world),
        )
    );
}

#[test]
fn a_grant_and_an_eligibility_are_written_like_this() {
    let world = World::new();
    let phone = opened(&world);
    let grant = phone.check().unwrap();
    let (person, device) = (json(&grant.person()), json(&grant.device()));
    assert_eq!(json(&grant), format!(r#"{{"person":{person},"device":{device},"rule":null}}"#));
    let (dates, policy) = (LocalDates::everywhere(today()), Policy::default());
    let admitted = eligibility(Some(&somebody()), Channel::Browser, &dates, policy.access()).unwrap();
    assert_eq!(
        json(&admitted),
        r#"{"person":"00000000-0000-0000-0000-00000000000a","channel":"Browser","rule":"UserInBrowser"}"#
    );
}

/// The start stays on the server: it goes into the session store there by itself, and into no answer.
#[test]
fn an_offer_is_written_without_its_start() {
    let methods = Person::new(person(1)).with_bank_credentials().methods().collect();
    let offer = AuthenticationOffer { start: start(), methods };
    assert_eq!(json(&offer), r#"{"methods":["BankCredentials","IdentityProviderAccount"]}"#);
    let alone: &[AuthenticationMethod] = &offer.methods;
    assert_eq!(compact(&offer), compact(&alone), "nor is it in compact bytes");
    assert_eq!(from_json::<AuthenticationStart>(&json(&offer.start)).unwrap(), offer.start);
}

/// The token goes to the person, and the administrator who asked learns until when.
#[test]
fn i13_an_issued_invitation_is_written_without_its_token() {
    let token = InvitationToken::from_secret(person(1), &mut [7; 32]);
    let issued = IssuedInvitation { token, expires: "2026-11-23T09:30:00.000Z".parse().unwrap() };
    assert_eq!(json(&issued), r#"{"expires":"2026-11-23T09:30:00.000Z"}"#);
    assert_eq!(compact(&issued), compact(&issued.expires));
}

#[test]
fn the_details_of_a_refusal_are_written_for_templates() {
    let refusal = Refusal::new(RefusalCode::PinMalformed).for_pin_digits(6);
    let mut written = String::new();
    let _ = refusal.public_with(|_, details: &Details| {
        written = json(details);
        ""
    });
    assert_eq!(written, r#"{"audience":"Person","pin_digits":6,"next":"CorrectInput"}"#);
}

#[test]
fn dates_requests_and_words_are_written_like_this() {
    let dates = LocalDates::everywhere(today()).with(ACME, day(2026, 11, 23)).with(BOLT, day(2026, 11, 21));
    let acme = r#"{"company":"00000000-0000-0000-0000-000000000001","day":"2026-11-23"}"#;
    let bolt = r#"{"company":"00000000-0000-0000-0000-000000000002","day":"2026-11-21"}"#;
    assert_eq!(json(&dates), format!(r#"{{"elsewhere":"2026-11-22","companies":[{acme},{bolt}]}}"#));
    reads_back(&dates);
    let request =
        Request { company: ACME, action: Action::Edit, function: Function::WorkingHours, owner: person(2) };
    assert_eq!(
        json(&request),
        concat!(
            r#"{"company":"00000000-0000-0000-0000-000000000001","action":"Edit","function":"WorkingHours","#,
            r#""owner":"00000000-0000-0000-0000-000000000002"}"#
        )
    );
    assert_eq!(json(&Language::Finnish), r#""Finnish""#);
    assert_eq!(json(&FailedAuthentication::Cancelled), r#""Cancelled""#);
    assert_eq!(json(&StoredVersion::V1), r#""V1""#);
    assert!(from_json::<StoredVersion>(r#""V0""#).is_err());
    assert_eq!(json(&NextStep::AskEmployer), r#""AskEmployer""#);
}

#[test]
fn e40_a_company_has_one_day() {
    let dates = |companies: &str| {
        from_json::<LocalDates>(&format!(r#"{{"elsewhere":"2026-11-22","companies":[{companies}]}}"#))
    };
    let acme = r#"{"company":"00000000-0000-0000-0000-000000000001","day":"2026-11-23"}"#;
    assert_eq!(dates("").unwrap(), LocalDates::everywhere(today()));
    assert_eq!(dates(acme).unwrap(), LocalDates::everywhere(today()).with(ACME, day(2026, 11, 23)));
    assert!(dates(&format!("{acme},{acme}")).is_err(), "the same day twice");
    assert!(dates(&format!("{acme},{}", acme.replace("11-23", "11-24"))).is_err(), "two days");
    assert!(dates(&acme.replace("11-23", "11-31")).is_err(), "no day");
    assert!(from_json::<LocalDates>(r#"{"elsewhere":"2026-11-22"}"#).is_err(), "it is not said");
    assert!(from_json::<LocalDates>(r#""2026-11-22""#).is_err());
}
