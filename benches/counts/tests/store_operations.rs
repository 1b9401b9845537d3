//! What every method of the gate asks of its host, exactly: uncontended, nothing lost.
//!
//! A command loads once and swaps once; a PIN attempt loads once and swaps twice, since the first
//! swap answers with the version that the second expects, and so does the creation of a PIN; what only looks
//! swaps never. The person is read once where eligibility or rights are asked, twice by what hashes, which
//! judges the guards again, and never elsewhere; an administrator's command reads two people, the one who acts
//! and the one acted on.

use std::collections::BTreeSet;
use std::fmt::Debug;
use std::fs;
use std::path::Path;
use std::sync::Arc;

use pinlatch::access::Request;
use pinlatch::account::DeviceIntegrity::{self, Modified, Unknown, Unmodified};
use pinlatch::account::{
    BeginFor, DeviceLabel, PinEntries, RequestContext, SignIn, StrongAuthentication, Wanted,
};
use pinlatch::gate::{AnyDevice, BlockingGate, FailedAuthentication, Gate, GateError, SignedIn};
use pinlatch::host::{Blocking, Host, HostParts, Inline};
use pinlatch::id::PersonId;
use pinlatch::people::AuthenticationMethod::BankCredentials;
use pinlatch::people::{Action, Function};
use pinlatch::pin::{PepperRing, PersonalWords};
use pinlatch::refusal::RefusalCode;
use pinlatch::secret::{InvitationToken, SessionToken};
use pinlatch::session::{Baseline, BiometricAssertion, Modality, SessionState};
use pinlatch_counts::forgetful::Forgetful;
use pinlatch_counts::host::{Asked, CountedDirectory, CountedStore, Counter};
use pinlatch_testkit::{
    ACME, ANOTHER_PIN, InBrowser, PIN, QuickHasher, SeededRandomness, UNMODIFIED, WRONG_PIN, World, pin,
};

/// (loads, swaps, reads of a person)
type Row = (u64, u64, u64);

/// Runs commands, and compares what each asks for with its row of the table.
struct Table {
    counter: Counter,
    methods: BTreeSet<&'static str>,
    differing: Vec<String>,
}

impl Table {
    /// The command is accepted, at exactly this price.
    fn row<T, E: Debug>(
        &mut self,
        method: &'static str,
        case: &str,
        price: Row,
        command: impl FnOnce() -> Result<T, E>,
    ) -> T {
        let answer = self.priced(method, case, price, command);
        answer.unwrap_or_else(|error| panic!("{method}, {case}: {error:?}"))
    }

    /// The command is refused with this code, at exactly this price.
    fn refused<T>(
        &mut self,
        method: &'static str,
        code: RefusalCode,
        price: Row,
        command: impl FnOnce() -> Result<T, GateError>,
    ) {
        let answer = self.priced(method, "refused", price, command);
        assert_eq!(answer.map(|_| ()).map_err(|error| error.code()), Err(code), "{method}");
    }

    fn priced<T>(
        &mut self,
        method: &'static str,
        case: &str,
        (loads, swaps, people): Row,
        command: impl FnOnce() -> T,
    ) -> T {
        let _earlier = self.counter.take();
        let answer = command();
        let asked = self.counter.take();
        if asked != (Asked { loads, swaps, people }) {
            self.differing.push(format!("{method}, {case}: {asked:?}, not {:?}", (loads, swaps, people)));
        }
        self.methods.insert(method);
        answer
    }
}

fn entries(digits: &str) -> PinEntries {
    PinEntries { pin: pin(digits).unwrap(), confirmation: pin(digits).unwrap() }
}

fn face() -> BiometricAssertion {
    let baseline = Some(Baseline::of(b"a face"));
    BiometricAssertion { modality: Modality::Face, recognised: true, baseline }
}

fn sign_in(evidence: StrongAuthentication, invitation: Option<&InvitationToken>) -> SignIn<'_> {
    SignIn { evidence, label: DeviceLabel::new("phone").unwrap(), known: None, invitation }
}

/// From nothing to an open app.
fn entering(
    table: &mut Table,
    gate: BlockingGate<'_, impl Host>,
    anna: PersonId,
    invited: Option<&InvitationToken>,
) -> (SignedIn, SessionToken) {
    let (whom, price) = invited
        .map_or((BeginFor::Nobody, (0, 0, 0)), |invitation| (BeginFor::Invitation(invitation), (1, 0, 1)));
    let start =
        table.row("begin_authentication", "", price, || gate.begin_authentication(whom, &UNMODIFIED)).start;
    let failed = FailedAuthentication::Cancelled;
    table.priced("authentication_failed", "", (0, 0, 0), || {
        gate.authentication_failed(&start, failed, &UNMODIFIED)
    });
    let evidence = StrongAuthentication::verified_by_host(start, anna, BankCredentials);
    let authenticate = || gate.authenticate(sign_in(evidence, invited), &UNMODIFIED);
    let phone = table.row("authenticate", "", (1, 1, 1), authenticate);
    let (weak, good, words) = (entries("123456"), entries(PIN), PersonalWords::none());
    let create = |entries| gate.create_pin(&phone.token, entries, &words, &UNMODIFIED);
    table.refused("create_pin", RefusalCode::PinTooWeak, (1, 0, 1), || create(&weak));
    let session = table.row("create_pin", "", (1, 2, 2), || create(&good));
    let begin = || gate.begin_authentication(BeginFor::Device(&phone.token), &UNMODIFIED);
    table.row("begin_authentication", "for a device", (1, 0, 1), begin);
    (phone, session)
}

/// Lock, and every way through it.
fn locking(
    table: &mut Table,
    gate: BlockingGate<'_, impl Host>,
    phone: &SignedIn,
    session: &SessionToken,
) -> SessionToken {
    let token = &phone.token;
    let (right, wrong) = (pin(PIN).unwrap(), pin(WRONG_PIN).unwrap());
    let enable = || gate.enable_biometric(session, Modality::Face, Baseline::of(b"a face"), &UNMODIFIED);
    table.row("enable_biometric", "", (1, 1, 1), enable);
    table.row("enable_biometric", "already", (1, 0, 1), enable);
    table.row("lock", "", (1, 1, 0), || gate.lock(token, &UNMODIFIED));
    table.row("lock", "locked already", (1, 0, 0), || gate.lock(token, &UNMODIFIED));
    let view = table.row("device_view", "", (1, 0, 0), || gate.device_view(token, &UNMODIFIED));
    assert_eq!(view.state, SessionState::Locked);
    let check = |session, integrity| gate.check(session, Wanted::session(), &RequestContext::new(integrity));
    table.refused("check", RefusalCode::SessionRequired, (1, 0, 1), || check(session, Unmodified));
    let unlock = |entry, integrity| gate.unlock_with_pin(token, entry, &RequestContext::new(integrity));
    table.refused("unlock_with_pin", RefusalCode::DeviceIntegrityUnknown, (1, 0, 1), || {
        unlock(&right, Unknown)
    });
    table.refused("unlock_with_pin", RefusalCode::IncorrectPin, (1, 2, 2), || unlock(&wrong, Unmodified));
    table.row("unlock_with_pin", "right", (1, 2, 2), || unlock(&right, Unmodified));
    gate.lock(token, &UNMODIFIED).unwrap();
    let by_face = || gate.unlock_with_biometric(token, &face(), &UNMODIFIED);
    let session = table.row("unlock_with_biometric", "", (1, 1, 1), by_face);
    let disable = || gate.disable_biometric(&session, Modality::Face, &UNMODIFIED);
    table.row("disable_biometric", "", (1, 1, 0), disable);
    table.row("disable_biometric", "already", (1, 0, 0), disable);
    session
}

/// What an open app does.
fn using(table: &mut Table, gate: BlockingGate<'_, impl Host>, session: &SessionToken) {
    let _grant = table.row("check", "", (1, 0, 1), || gate.check(session, Wanted::session(), &UNMODIFIED));
    table.row("functions", "", (1, 0, 1), || gate.functions(session, ACME, &UNMODIFIED));
    table.row("devices", "", (1, 0, 1), || gate.devices(session, &UNMODIFIED));
    let (old, wrong) = (pin(PIN).unwrap(), pin(WRONG_PIN).unwrap());
    let (new, words) = (entries(ANOTHER_PIN), PersonalWords::none());
    let change = |current, new| gate.change_pin(session, current, new, &words, &UNMODIFIED);
    table.refused("change_pin", RefusalCode::IncorrectPin, (1, 2, 2), || change(&wrong, &new));
    table.row("change_pin", "", (1, 2, 2), || change(&old, &new));
}

/// The typed road: the first command after the look starts from what was loaded.
fn by_handle(table: &mut Table, gate: BlockingGate<'_, impl Host>, anna: PersonId) {
    let start = gate.begin_authentication(BeginFor::Nobody, &UNMODIFIED).unwrap().start;
    let evidence = StrongAuthentication::verified_by_host(start, anna, BankCredentials);
    let label = DeviceLabel::new("phone").unwrap();
    let pending = table.row("sign_in", "", (1, 1, 1), || gate.sign_in(evidence, label, None, &UNMODIFIED));
    let (new, words) = (entries(PIN), PersonalWords::none());
    let open = gate.at_once(pending.create_pin(&new, &words, &UNMODIFIED)).unwrap();
    let (token, session) = open.into_tokens();
    let found = || match gate.device(&token, &UNMODIFIED)? {
        AnyDevice::Authenticated(device) => Ok::<_, GateError>(device),
        other => panic!("{other:?}"),
    };
    let open = table.row("device", "", (1, 0, 0), found);
    let with_session = || Ok::<_, GateError>(gate.at_once(open.with_session(&session, &UNMODIFIED))?);
    let _open = table.row("with_session", "", (1, 0, 0), with_session);
    let lock = || Ok::<_, GateError>(gate.at_once(found()?.lock(&UNMODIFIED)).map(drop)?);
    table.row("device", "and lock", (1, 1, 0), lock);
    gate.log_out(&token, &UNMODIFIED).unwrap();
}

/// The ways out, each by a device of its own.
fn leaving(table: &mut Table, gate: BlockingGate<'_, impl Host>, anna: PersonId, actor: InBrowser) {
    let (phone, session) = entering(table, gate, anna, None);
    let (other, _) = entering(table, gate, anna, None);
    let log_out_other = || gate.log_out_device(&session, other.device, &UNMODIFIED);
    let label = DeviceLabel::new("tablet").unwrap();
    let rename = || gate.rename_device(&session, other.device, label, &UNMODIFIED);
    table.row("rename_device", "", (1, 1, 1), rename);
    table.row("log_out_device", "", (1, 1, 0), log_out_other);
    table.refused("log_out_device", RefusalCode::UnknownDevice, (1, 0, 0), log_out_other);
    table.row("log_out", "", (1, 1, 0), || gate.log_out(&phone.token, &UNMODIFIED));
    table.row("log_out", "already", (1, 0, 0), || gate.log_out(&phone.token, &UNMODIFIED));

    let (lost, _) = entering(table, gate, anna, None);
    let (browser, company) = (actor.session(), actor.company);
    table.row("overview", "", (1, 0, 2), || gate.overview(&browser, company, anna));
    let log_out_lost = || gate.log_out_device_of(&browser, company, anna, lost.device);
    table.row("log_out_device_of", "", (1, 1, 2), log_out_lost);
    table.row("reassess", "nothing to end", (1, 0, 1), || gate.reassess(anna));

    let (phone, _) = entering(table, gate, anna, None);
    gate.lock(&phone.token, &UNMODIFIED).unwrap();
    for _ in 0..5 {
        let wrong = pin(WRONG_PIN).unwrap();
        let _counted = gate.unlock_with_pin(&phone.token, &wrong, &UNMODIFIED).unwrap_err();
    }
    table.row("acknowledge", "", (1, 1, 0), || gate.acknowledge(&phone.token, &UNMODIFIED));

    let (phone, _) = entering(table, gate, anna, None);
    let report = |integrity: DeviceIntegrity| gate.report_integrity(&phone.token, &integrity.into());
    table.row("report_integrity", "unmodified", (1, 0, 0), || report(Unmodified));
    table.row("report_integrity", "modified", (1, 1, 0), || report(Modified));

    let (_, session) = entering(table, gate, anna, None);
    table.row("log_out_everywhere", "", (1, 1, 0), || gate.log_out_everywhere(&session, &UNMODIFIED));
    table.row("invite", "", (1, 1, 2), || gate.invite(&actor.session(), actor.company, anna));
    table.row("withdraw_invitation", "", (1, 1, 2), || {
        gate.withdraw_invitation(&actor.session(), actor.company, anna)
    });
    let invitation =
        table.row("invite", "again", (1, 1, 2), || gate.invite(&actor.session(), actor.company, anna));
    let _back_in = entering(table, gate, anna, Some(&invitation.token));
    table.row("revoke_all", "", (1, 1, 2), || gate.revoke_all(&actor.session(), actor.company, anna));
    table.row("revoke_all", "already", (1, 0, 2), || gate.revoke_all(&actor.session(), actor.company, anna));
    table.row("deliver_events", "one command's", (1, 1, 0), || gate.deliver_events(anna));
    table.row("deliver_events", "nothing waits", (1, 0, 0), || gate.deliver_events(anna));
    table.row("erase", "", (3, 2, 0), || gate.erase(anna));
    table.row("erase", "already", (3, 1, 0), || gate.erase(anna));
}

#[test]
fn every_method_of_the_gate_asks_for_exactly_what_the_table_says() {
    let world = World::new();
    let counter = Counter::default();
    let host = HostParts {
        store: Blocking(CountedStore::new(counter.clone())),
        clock: Arc::clone(&world.clock),
        directory: Blocking(CountedDirectory {
            directory: Arc::clone(&world.directory),
            counter: counter.clone(),
        }),
        journal: Blocking(Forgetful),
        offload: Inline,
        randomness: SeededRandomness::new(3),
    };
    let gate = Gate::builder(host).hasher(QuickHasher::default());
    let gate = gate.peppers(PepperRing::without_pepper()).build().unwrap();
    let gate = gate.blocking();
    let (anna, actor) = (world.employee(), world.administrator(ACME));
    let mut table = Table { counter, methods: BTreeSet::new(), differing: Vec::new() };

    table.row("browser_access", "", (0, 0, 1), || gate.browser_access(actor.person));
    let _proof =
        table.row("administrator", "", (0, 0, 1), || gate.administrator(&actor.session(), actor.company));
    let roles = Request {
        company: actor.company,
        action: Action::Read,
        function: Function::UsersAndRoles,
        owner: actor.person,
    };
    let _rule = table.row("browser_check", "", (0, 0, 1), || gate.browser_check(&actor.session(), &roles));
    let of_another = Request { owner: anna, ..roles };
    let check = || gate.browser_check(&actor.session(), &of_another);
    let _rule = table.row("browser_check", "of somebody else", (0, 0, 2), check);
    table.refused("lock", RefusalCode::AuthenticationRequired, (1, 0, 0), || {
        gate.lock(&pinlatch::secret::DeviceToken::from_secret(anna, &mut [1; 32]), &UNMODIFIED)
    });
    let (phone, session) = entering(&mut table, gate, anna, None);
    let session = locking(&mut table, gate, &phone, &session);
    using(&mut table, gate, &session);
    by_handle(&mut table, gate, anna);
    leaving(&mut table, gate, anna, actor);

    assert!(table.differing.is_empty(), "not as in the table:\n{}", table.differing.join("\n"));
    assert_eq!(table.methods, methods_of_the_gate(), "a method is not in the table");
}

/// The names of the gate's asynchronous methods, from its source.
fn methods_of_the_gate() -> BTreeSet<&'static str> {
    let folder = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../src/gate"));
    let mut methods = BTreeSet::new();
    for file in fs::read_dir(folder).unwrap() {
        let path = file.unwrap().path();
        // The page "Users and roles" asks the directory, which may keep people anywhere.
        if path.ends_with("people.rs") {
            continue;
        }
        let text: &'static str = fs::read_to_string(path).unwrap().leak();
        let names = text.split("    pub async fn ").skip(1);
        methods.extend(names.filter_map(|rest| rest.split(['(', '<']).next()));
    }
    assert!(methods.len() > 20, "found suspiciously few: {methods:?}");
    methods
}
