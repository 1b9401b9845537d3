//! A day of five thousand people, every operation counted: what `docs/which-store.md` multiplies up to a thousand
//! million. Nothing is timed.
//!
//! The day is a busy one of a payroll app: everybody opens the app three times, by fingerprint or PIN, looks at twelve
//! things each time and locks it; one PIN in twenty is mistyped; and the rarer things happen to as many as the
//! constants say. What it has to cost is worked out beside it from the price of each command, as
//! `store_operations.rs` pins it, and both have to agree.

use std::fs;
use std::sync::Arc;

use pinlatch::account::{BeginFor, DeviceLabel, PinEntries, SignIn, StrongAuthentication, Wanted};
use pinlatch::gate::{BlockingGate, Gate};
use pinlatch::host::{Blocking, Host, HostParts, Inline};
use pinlatch::id::PersonId;
use pinlatch::people::AuthenticationMethod::BankCredentials;
use pinlatch::pin::{PepperRing, PersonalWords};
use pinlatch::secret::{DeviceToken, InvitationToken, SessionToken};
use pinlatch::session::{Baseline, BiometricAssertion, Modality};
use pinlatch_counts::forgetful::Forgetful;
use pinlatch_counts::host::{Asked, CountedDirectory, CountedStore, Counter};
use pinlatch_testkit::{
    ACME, InBrowser, PIN, QuickHasher, SeededRandomness, UNMODIFIED, WRONG_PIN, World, hours, pin,
};

const PEOPLE: usize = 5_000;
const OPENINGS: usize = 3;
const CHECKS: usize = 12;
/// Of ten openings, how many are by PIN.
const BY_PIN: usize = 3;
/// One PIN in so many is mistyped.
const MISTYPED: usize = 20;
/// One person in so many signs in anew that day: a new phone, or the time is up.
const ANEW: usize = 90;
/// One person in so many enters five wrong PINs and has to authenticate again.
const EXHAUSTED: usize = 2_000;
/// One person in so many logs out from all devices, is invited again and signs in.
const REVOKED: usize = 5_000;

/// What each command costs, as `store_operations.rs` has it.
mod price {
    use super::Asked;

    const fn of(loads: u64, swaps: u64, people: u64) -> Asked {
        Asked { loads, swaps, people }
    }

    pub(super) const CHECK: Asked = of(1, 0, 1);
    pub(super) const LOCK: Asked = of(1, 1, 0);
    pub(super) const BY_FINGERPRINT: Asked = of(1, 1, 1);
    pub(super) const PIN_ENTERED: Asked = of(1, 2, 2);
    pub(super) const BEGIN: Asked = of(0, 0, 0);
    pub(super) const BEGIN_INVITED: Asked = of(1, 0, 1);
    pub(super) const AUTHENTICATE: Asked = of(1, 1, 1);
    pub(super) const CREATE_PIN: Asked = of(1, 2, 2);
    pub(super) const ENABLE: Asked = of(1, 1, 1);
    pub(super) const ACKNOWLEDGE: Asked = of(1, 1, 0);
    pub(super) const LOG_OUT_EVERYWHERE: Asked = of(1, 1, 0);
    pub(super) const INVITE: Asked = of(1, 1, 2);
}

/// A person's phone.
struct Phone {
    person: PersonId,
    token: DeviceToken,
    session: SessionToken,
}

/// The day so far: who asks, and what it should have cost.
struct Day<'g, H: Host> {
    gate: BlockingGate<'g, H>,
    administrator: InBrowser,
    expected: Asked,
}

fn finger() -> BiometricAssertion {
    BiometricAssertion {
        modality: Modality::Fingerprint,
        recognised: true,
        baseline: Some(Baseline::of(b"a finger")),
    }
}

impl<H: Host> Day<'_, H> {
    fn costs(&mut self, price: Asked) {
        self.expected.loads += price.loads;
        self.expected.swaps += price.swaps;
        self.expected.people += price.people;
    }

    fn signs_in(&mut self, person: PersonId, invitation: Option<&InvitationToken>) -> Phone {
        // For nobody in particular it asks for nothing.
        let (whom, price) = invitation.map_or((BeginFor::Nobody, price::BEGIN), |token| {
            (BeginFor::Invitation(token), price::BEGIN_INVITED)
        });
        let start = self.gate.begin_authentication(whom, &UNMODIFIED).unwrap().start;
        self.costs(price);
        let evidence = StrongAuthentication::verified_by_host(start, person, BankCredentials);
        let label = DeviceLabel::new("phone").unwrap();
        let sign_in = SignIn { evidence, label, known: None, invitation };
        let token = self.gate.authenticate(sign_in, &UNMODIFIED).unwrap().token;
        self.costs(price::AUTHENTICATE);
        let entries = PinEntries { pin: pin(PIN).unwrap(), confirmation: pin(PIN).unwrap() };
        let session = self.gate.create_pin(&token, &entries, &PersonalWords::none(), &UNMODIFIED).unwrap();
        self.costs(price::CREATE_PIN);
        self.gate
            .enable_biometric(&session, Modality::Fingerprint, Baseline::of(b"a finger"), &UNMODIFIED)
            .unwrap();
        self.costs(price::ENABLE);
        self.locks(Phone { person, token, session })
    }

    fn locks(&mut self, phone: Phone) -> Phone {
        self.gate.lock(&phone.token, &UNMODIFIED).unwrap();
        self.costs(price::LOCK);
        phone
    }

    fn mistypes(&mut self, phone: &Phone) {
        self.gate.unlock_with_pin(&phone.token, &pin(WRONG_PIN).unwrap(), &UNMODIFIED).unwrap_err();
        self.costs(price::PIN_ENTERED);
    }

    fn opens(&mut self, phone: &mut Phone, by_pin: bool, mistyped: bool) {
        if mistyped {
            self.mistypes(phone);
        }
        let opened = if by_pin {
            self.gate.unlock_with_pin(&phone.token, &pin(PIN).unwrap(), &UNMODIFIED)
        } else {
            self.gate.unlock_with_biometric(&phone.token, &finger(), &UNMODIFIED)
        };
        phone.session = opened.unwrap();
        self.costs(if by_pin { price::PIN_ENTERED } else { price::BY_FINGERPRINT });
    }

    fn looks(&mut self, phone: &Phone) {
        let _granted = self.gate.check(&phone.session, Wanted::session(), &UNMODIFIED).unwrap();
        self.costs(price::CHECK);
    }

    fn exhausts(&mut self, phone: Phone) -> Phone {
        for _ in 0..5 {
            self.mistypes(&phone);
        }
        self.gate.acknowledge(&phone.token, &UNMODIFIED).unwrap();
        self.costs(price::ACKNOWLEDGE);
        self.signs_in(phone.person, None)
    }

    fn revokes(&mut self, mut phone: Phone) -> Phone {
        self.opens(&mut phone, false, false);
        self.gate.log_out_everywhere(&phone.session, &UNMODIFIED).unwrap();
        self.costs(price::LOG_OUT_EVERYWHERE);
        let InBrowser { company, .. } = self.administrator;
        let invited = self.gate.invite(&self.administrator.session(), company, phone.person).unwrap();
        self.costs(price::INVITE);
        self.signs_in(phone.person, Some(&invited.token))
    }
}

/// One person's day; `pins` counts the PINs that everybody has entered so far.
fn lives<H: Host>(day: &mut Day<'_, H>, number: usize, mut phone: Phone, pins: &mut usize) {
    if number % ANEW == 1 {
        phone = day.signs_in(phone.person, None);
    }
    if number % EXHAUSTED == 2 {
        phone = day.exhausts(phone);
    }
    if number % REVOKED == 3 {
        phone = day.revokes(phone);
    }
    for opening in 0..OPENINGS {
        let by_pin = (number * OPENINGS + opening) % 10 < BY_PIN;
        *pins += usize::from(by_pin);
        let mistyped = by_pin && pins.is_multiple_of(MISTYPED);
        day.opens(&mut phone, by_pin, mistyped);
        (0..CHECKS).for_each(|_| day.looks(&phone));
        phone = day.locks(phone);
    }
}

/// A day that was counted.
struct Counted {
    asked: Asked,
    /// What its commands cost.
    expected: Asked,
    /// Events that the store took.
    events: u64,
    /// PINs that were hashed.
    hashed: u64,
    /// Bytes of a record in the evening.
    bytes: f64,
}

fn a_day(store: impl FnOnce(CountedStore) -> CountedStore) -> Counted {
    let world = World::new();
    let counter = Counter::default();
    let directory = CountedDirectory { directory: Arc::clone(&world.directory), counter: counter.clone() };
    let host = HostParts {
        store: Blocking(store(CountedStore::new(counter.clone()))),
        clock: Arc::clone(&world.clock),
        directory: Blocking(directory),
        journal: Blocking(Forgetful),
        offload: Inline,
        randomness: SeededRandomness::new(3),
    };
    let hasher = QuickHasher::default();
    let gate = Gate::builder(host).hasher(hasher.clone());
    let gate = gate.peppers(PepperRing::without_pepper()).build().unwrap();
    let administrator = world.administrator(ACME);
    let mut day = Day { gate: gate.blocking(), administrator, expected: Asked::default() };

    // Yesterday everybody signed in.
    let phones: Vec<_> = (0..PEOPLE).map(|_| day.signs_in(world.employee(), None)).collect();
    world.wait(hours(20));
    let (_yesterday, hashed) = ((counter.take(), counter.take_events()), hasher.count());
    day.expected = Asked::default();
    let mut pins = 0;
    for (number, phone) in phones.into_iter().enumerate() {
        lives(&mut day, number, phone, &mut pins);
    }
    let bytes = u32::try_from(counter.stored_bytes()).unwrap();
    let bytes = f64::from(bytes) / PEOPLE as f64;
    let hashed = hasher.count() - hashed;
    Counted { asked: counter.take(), expected: day.expected, events: counter.take_events(), hashed, bytes }
}

fn of_each(count: u64) -> f64 {
    count as f64 / PEOPLE as f64
}

/// An operation a person and day.
fn each(count: u64) -> String {
    format!("{:.2}", of_each(count))
}

fn page() -> String {
    fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/which-store.md")).unwrap()
}

/// The page multiplies these: who changes the day changes the page.
fn stands_on_the_page(figure: &str) {
    assert!(page().contains(figure), "docs/which-store.md does not say {figure}");
}

/// What follows for a million people and more, worked out once more beside the page.
mod far {
    /// What one person comes to on that day.
    pub(super) struct Person {
        pub(super) reads: f64,
        pub(super) swaps: f64,
        pub(super) events: f64,
        pub(super) hashes: f64,
        pub(super) bytes: f64,
    }

    /// A person's facts; a key in hexadecimal with its two characters, and a version, of each of the two records.
    const FACTS_AND_KEYS: f64 = 100.0 + 2.0 * (34.0 + 8.0);
    const BYTES_AN_EVENT: f64 = 450.0;
    const SECONDS_A_HASH: f64 = 0.0157;
    /// Of a day, a quarter is in its busiest hour: so much of it in a second.
    const BUSIEST: f64 = 0.25 / 3_600.0;
    const PEOPLE: [f64; 3] = [1e6, 1e8, 1e9];

    pub(super) fn the_page_multiplies(person: &Person) {
        for said in [
            "a person of 100 bytes",
            "450 bytes an event",
            "15.7 ms a hash",
            "a quarter of the day in its busiest hour",
        ] {
            super::stands_on_the_page(said);
        }
        let busiest = |a_day: f64| a_day * BUSIEST;
        let rows = [
            ("keys", 2.0),
            ("bytes at rest", person.bytes + FACTS_AND_KEYS),
            ("writes a day", person.swaps),
            ("swaps a second, busiest hour", busiest(person.swaps)),
            ("reads a second, busiest hour", busiest(person.reads)),
            ("trail a day", person.events * BYTES_AN_EVENT),
            ("cores that hash, busiest hour", busiest(person.hashes) * SECONDS_A_HASH),
        ];
        for (name, of_one) in rows {
            for (said, people) in row(name).into_iter().zip(PEOPLE) {
                let value = of_one * people;
                assert!((said / value - 1.0).abs() < 0.05, "{name}: {said}, not {value}");
            }
        }
        for engine in ["PostgreSQL", "MariaDB", "etcd"] {
            for (said, people) in row(&format!("partitions, {engine}")).into_iter().zip(PEOPLE) {
                let needed = partitions(engine, person) * people;
                assert!(
                    (0.0..1.0 + needed / 100.0).contains(&(said - needed)),
                    "{engine}: {said}, not {needed}"
                );
            }
        }
    }

    /// Of a partition, what one person takes in the busiest hour: a check is two reads, a lock a read and a swap.
    fn partitions(engine: &str, person: &Person) -> f64 {
        let row = cells(&super::page(), engine, 6);
        let [checks, locks] = [&row[1], &row[2]].map(|cell| number(cell).unwrap());
        for (call, said) in [("check", checks), ("lock", locks)] {
            let measured = measured(engine, call);
            assert!(
                (said / measured - 1.0).abs() < 0.03,
                "{engine}: {said} of {call}, and {measured} were measured"
            );
        }
        let a_read = 1.0 / (2.0 * checks);
        let a_swap = 1.0 / locks - a_read;
        // etcd keeps no trail: the journal is elsewhere, which the other test counts.
        let swaps = if engine == "etcd" { 7.56 } else { person.swaps };
        BUSIEST * (person.reads * a_read + swaps * a_swap)
    }

    /// Calls a second with a million accounts and four processes, on the engine's own page.
    fn measured(engine: &str, call: &str) -> f64 {
        let name = if engine == "PostgreSQL" { "postgres".to_owned() } else { engine.to_lowercase() };
        let page = format!("{}/../../docs/engines/{name}.md", env!("CARGO_MANIFEST_DIR"));
        let page = std::fs::read_to_string(page).unwrap();
        let line = page.lines().find(|line| line.starts_with(&format!("| {call} | 1000000 | 4 |"))).unwrap();
        line.trim_matches('|').rsplit('|').next().unwrap().trim().parse().unwrap()
    }

    fn row(name: &str) -> [f64; 3] {
        let cells = cells(&super::page(), name, 4);
        [1, 2, 3].map(|place| number(&cells[place]).unwrap())
    }

    /// The row of so many cells that begins with this name and a number.
    fn cells(page: &str, name: &str, cells: usize) -> Vec<String> {
        let rows =
            page.lines().map(|line| line.trim_matches('|').split('|').map(|cell| cell.trim().to_owned()));
        let mut rows =
            rows.map(Iterator::collect::<Vec<_>>).filter(|row| row.len() == cells && row[0] == name);
        rows.find(|row| number(&row[1]).is_some()).unwrap_or_else(|| panic!("no row {name}"))
    }

    /// `5.7 million`, `57 GB`, `4,000`.
    fn number(cell: &str) -> Option<f64> {
        let mut words = cell.split(' ');
        let digits: f64 = words.next()?.replace(',', "").parse().ok()?;
        let unit = match words.next() {
            Some("million") => 1e6,
            Some("GB") => 1e9,
            Some("TB") => 1e12,
            _ => 1.0,
        };
        Some(digits * unit)
    }
}

#[test]
fn a_day_of_five_thousand_people_costs_what_its_commands_cost() {
    let Counted { asked, expected, events, hashed, bytes } = a_day(CountedStore::taking_events);
    assert_eq!(asked, expected, "the day does not cost what its commands cost");
    let Asked { loads, swaps, people } = asked;
    let counts = [loads, swaps, people, events, hashed].map(each);
    println!("loads, swaps, reads of a person, events, PINs hashed: {counts:?}; {bytes:.0} bytes");
    let figures = counts.into_iter().chain([format!("{bytes:.0}")]).collect::<Vec<_>>();
    figures.iter().for_each(|it| stands_on_the_page(it));
    far::the_page_multiplies(&far::Person {
        reads: of_each(loads + people),
        swaps: of_each(swaps),
        events: of_each(events),
        hashes: of_each(hashed),
        bytes,
    });
}

/// With the journal elsewhere, what it took leaves the record with the next write; or, where nine wait, by itself.
#[test]
fn with_the_journal_elsewhere_at_most_one_write_in_nine_events_comes_on_top() {
    let Counted { asked, expected, bytes, .. } = a_day(|store| store);
    assert_eq!((asked.loads, asked.people), (expected.loads, expected.people));
    let on_top = asked.swaps - expected.swaps;
    println!("{} swaps, {bytes:.0} bytes", each(asked.swaps));
    assert!(0 < on_top && on_top <= expected.swaps / 9, "{on_top} of {}", expected.swaps);
    stands_on_the_page(&each(asked.swaps));
}
