//! The gate with its parts, and what the handlers share.

use std::error::Error;
use std::fmt;
use std::io::Write;
use std::num::NonZeroU16;
use std::ops::Deref;
use std::sync::Arc;
use std::time::Duration;

use pinlatch::access::{AccessPolicy, BrowserSession, LeaverAccess};
use pinlatch::account::Policy;
use pinlatch::gate::Gate;
use pinlatch::host::{Blocking, HostParts, Key, Store, StoredDirectory, SystemClock, SystemRandomness};
use pinlatch::id::{CompanyId, PersonId};
use pinlatch::people::{Action, Function, LocalDates, Person, Reach, Right, Rights};
use pinlatch::pin::{PersonalWords, PooledArgon2id};
use pinlatch::record::StoredVersion;
use pinlatch::refusal::RefusalCode;
use pinlatch_axum::asked::ClientAddress;
use pinlatch_axum::parts::{Answer, KnowsPersonalWords, PartFailed};
use pinlatch_axum::running::BoundedPool;
use pinlatch_axum::{App, HasApp};
use pinlatch_stores::any::{AnyJournal, AnyStore};
use pinlatch_testkit::CollectingJournal;
use tokio::sync::watch;

use crate::letters::Letters;
use crate::office::BrowserSessions;
use crate::phone::{Attestation, Fingers};
use crate::rows::{Kind, Rows, RowsFailed};
use crate::settings::Settings;
use crate::sign_in::{OpenId, Starts};
use crate::town::{self, Resident};

/// At home every host runs on this machine, by its one clock.
const SKEW_AT_HOME: Duration = Duration::from_secs(1);

/// What day it is for a person.
type Dates = Box<dyn Fn(&Person) -> LocalDates + Send + Sync>;

/// The host, part by part.
pub(crate) type PayrollHost = HostParts<
    AnyStore,
    SystemClock,
    StoredDirectory<AnyStore, Dates>,
    AnyJournal<Blocking<CollectingJournal>>,
    BoundedPool,
    SystemRandomness,
>;

/// The state of every handler. Cloning shares it.
#[derive(Clone)]
pub(crate) struct Payroll(Arc<Shared>);

/// What is shared.
pub(crate) struct Shared {
    pub(crate) settings: Settings,
    pub(crate) app: App<PayrollHost>,
    pub(crate) store: AnyStore,
    pub(crate) rows: Rows,
    pub(crate) open_id: OpenId,
    pub(crate) fingers: Fingers,
    pub(crate) browsers: BrowserSessions,
    /// True once the program is to stop.
    pub(crate) stopping: watch::Sender<bool>,
}

impl Deref for Payroll {
    type Target = Shared;

    fn deref(&self) -> &Shared {
        &self.0
    }
}

impl fmt::Debug for Payroll {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Payroll")
    }
}

impl HasApp for Payroll {
    type Host = PayrollHost;

    fn app(&self) -> &App<PayrollHost> {
        &self.app
    }
}

impl Payroll {
    /// Opens the store, moves the first people in, and joins the gate with its parts.
    pub(crate) async fn open(settings: Settings) -> Result<Self, Box<dyn Error>> {
        warn_of_what_lets_nobody_in(&settings);
        let store = AnyStore::open(&settings.database).await?;
        let rows = Rows::open(&settings.database, &settings.folder).await?;
        recognise_key(&settings, &rows).await?;
        let gate = Arc::new(gate(&store, &settings)?);
        move_in(&gate, &rows).await?;
        establish(&gate, &rows, &settings.first_administrators).await?;

        let open_id = OpenId::of(&settings, rows.clone())?;
        open_id.introduce(&settings, &residents(&rows).await?).await?;
        let fingers = Fingers::of(&settings, rows.clone())?;
        let browsers = BrowserSessions::of(&settings, rows.clone());
        let letters = Letters::of(&settings, rows.clone());
        let app = App::builder(gate)
            .verifying(open_id.clone())
            .remembering_starts(Starts::of(rows.clone()))
            .attesting(Attestation::of(&settings))
            .knowing_words(Words(rows.clone()))
            .with_biometrics(fingers.clone())
            .with_browser(browsers.clone())
            .sending_invitations(letters)
            .with_address(ClientAddress::Peer)
            .showing_tries_left(true)
            .build();
        let (stopping, _) = watch::channel(false);
        let shared = Shared { settings, app, store, rows, open_id, fingers, browsers, stopping };
        Ok(Self(Arc::new(shared)))
    }

    /// Somebody's row; `None` of somebody whom the host does not know by name.
    pub(crate) async fn resident(&self, person: PersonId) -> Result<Option<Resident>, RowsFailed> {
        self.rows.get(Kind::Resident, &person.to_string()).await
    }

    /// Everybody whom the host knows by name, by their ids.
    pub(crate) async fn residents(&self) -> Result<Vec<(PersonId, Resident)>, RowsFailed> {
        residents(&self.rows).await
    }

    /// Says where it is, once it listens. Where nobody reads it, it runs all the same.
    pub(crate) fn say_hello(&self) {
        let Settings { origin, folder, listening, .. } = &self.settings;
        let first = if self.settings.is_at_home() {
            format!("Open http://localhost:{}", listening.port())
        } else {
            format!("Open {origin}, which has to lead to {listening}")
        };
        let bank = if self.settings.provider.is_none() {
            "Sign-in is by a TEST BANK, which believes whoever comes. It runs on this machine only.\n"
        } else {
            ""
        };
        let mut out = std::io::stdout().lock();
        let engine = self.store.engine();
        drop(write!(out, "{first}\n{engine}; files in {}\n{bank}", folder.display()));
        drop(out.flush());
    }
}

async fn residents(rows: &Rows) -> Result<Vec<(PersonId, Resident)>, RowsFailed> {
    let rows: Vec<(String, Resident)> = rows.all(Kind::Resident, "").await?;
    Ok(rows.into_iter().filter_map(|(id, resident)| Some((id.parse().ok()?, resident))).collect())
}

/// What can be meant so, and leaves everybody outside.
fn warn_of_what_lets_nobody_in(settings: &Settings) {
    if settings.provider.as_ref().is_some_and(|provider| provider.subjects.is_empty()) {
        tracing::warn!(
            "no --subject: the provider's accounts are nobody's, but for those of an earlier start"
        );
    }
    if !settings.is_at_home() && !settings.trusts_browsers {
        tracing::warn!("without --trusts-browsers nobody signs in from a browser: it attests no device");
    }
}

/// Every host on a database has one key. A host with another would have everybody make a new PIN at each turn.
async fn recognise_key(settings: &Settings, rows: &Rows) -> Result<(), Box<dyn Error>> {
    const PEPPER: &str = "pepper";
    let own = settings.pepper_id().number();
    if settings.is_key_new {
        return Ok(rows.put(Kind::Key, PEPPER, &own).await?);
    }
    rows.add(Kind::Key, PEPPER, &own).await?;
    if rows.get::<u32>(Kind::Key, PEPPER).await?.is_none_or(|known| known == own) {
        return Ok(());
    }
    let folder = settings.folder.display();
    Err(format!(
        "the database knows another key than the file payroll.key in {folder}. Put the right file there: of several hosts on \
         one database all have the same. If it is lost, start with --new-key: everybody then makes a new PIN"
    )
    .into())
}

fn gate(store: &AnyStore, settings: &Settings) -> Result<Gate<PayrollHost>, Box<dyn Error>> {
    let first_day = town::today()?;
    let dates: Dates = Box::new(move |_: &Person| LocalDates::everywhere(town::today().unwrap_or(first_day)));
    let hasher = PooledArgon2id::one_per_core();
    let host = HostParts {
        store: store.clone(),
        clock: SystemClock,
        directory: StoredDirectory::new(store.clone(), dates),
        // SQLite, PostgreSQL and MariaDB keep the trail; elsewhere it goes with the process. PRODUCTION: a journal of yours.
        journal: store.journal_or(Blocking(CollectingJournal::new())),
        offload: BoundedPool::beside(&hasher),
        randomness: SystemRandomness,
    };
    let policy = policy(settings)?;
    Ok(Gate::builder(host)
        .policy(policy)
        .hasher(hasher)
        .peppers(settings.peppers()?)
        .writes_version(VERSION)
        .build()?)
}

/// How accounts are written: with why sessions ended. PRODUCTION: where an older release shares the store, version 1 until
/// its last host has stopped.
const VERSION: StoredVersion = StoredVersion::V2;

/// Whoever has left still enters the last hours, for so many days, and sees the last payslip.
const LEAVERS_DAYS: NonZeroU16 = NonZeroU16::new(30).unwrap();

/// What a leaver has access to: own data, within the services of the last day (D29).
fn leaver_access() -> Result<LeaverAccess, Box<dyn Error>> {
    let own = |action, function| Right::new(action, function, Reach::OwnData);
    let rights = Rights::from_iter([
        own(Action::Read, Function::SalaryInformation),
        own(Action::Read, Function::WorkingHours),
        own(Action::Edit, Function::WorkingHours),
        own(Action::Read, Function::TravelExpenseReports),
        own(Action::Edit, Function::TravelExpenseReports),
    ]);
    Ok(LeaverAccess::new(LEAVERS_DAYS, rights)?)
}

/// The policy is the crate's, but for leavers and, at home, for the clocks: whoever was logged out from all devices signs in anew on a second
/// phone only when that is surely later, and that is after the skew (D34).
fn policy(settings: &Settings) -> Result<Policy, Box<dyn Error>> {
    let policy = Policy::builder().access(AccessPolicy::default().with_leaver_access(Some(leaver_access()?)));
    Ok(if settings.is_at_home() { policy.skew(SKEW_AT_HOME).build()? } else { policy.build()? })
}

/// On the first day, people move in. Who is there already stays as administrators made them.
async fn move_in(gate: &Gate<PayrollHost>, rows: &Rows) -> Result<(), Box<dyn Error>> {
    for (id, resident, facts) in town::first_day()? {
        rows.add(Kind::Resident, &id.to_string(), &resident).await?;
        if gate.host().store.load(&Key::person(id)).await?.is_none() {
            gate.host().directory.change(id, |_| Ok(facts.clone())).await?;
        }
    }
    Ok(())
}

/// The operator's way in, for a company without a user administrator. Told again, it is done already.
async fn establish(
    gate: &Gate<PayrollHost>,
    rows: &Rows,
    administrators: &[(CompanyId, PersonId)],
) -> Result<(), Box<dyn Error>> {
    for (company, person) in administrators {
        if !town::COMPANIES.iter().any(|(known, _)| known == company) {
            return Err(format!("--first-administrator: {company} is no company's id").into());
        }
        if rows.get::<Resident>(Kind::Resident, &person.to_string()).await?.is_none() {
            return Err(format!("--first-administrator: {person} is no person's id").into());
        }
        if has_administrator(gate, rows, *company).await? {
            tracing::warn!(%company, "it has a user administrator: --first-administrator does nothing");
            continue;
        }
        match gate.establish_first_administrator(*company, *person).await {
            Err(error) if error.code() != RefusalCode::NothingToChange => return Err(error.into()),
            _ => {}
        }
    }
    Ok(())
}

async fn has_administrator(
    gate: &Gate<PayrollHost>,
    rows: &Rows,
    company: CompanyId,
) -> Result<bool, Box<dyn Error>> {
    for (person, _) in residents(rows).await? {
        // As if they were signed in: what they could do then is what is asked.
        match gate.administrator(&BrowserSession::verified_by_host(person), company).await {
            Ok(_) => return Ok(true),
            Err(error) if error.code() == RefusalCode::Unavailable => return Err(error.into()),
            Err(_) => {}
        }
    }
    Ok(false)
}

/// Birth dates and telephone numbers, of which no PIN is made.
struct Words(Rows);

impl KnowsPersonalWords for Words {
    fn words(&self, person: PersonId) -> Answer<'_, Result<PersonalWords, PartFailed>> {
        Box::pin(async move {
            let resident: Option<Resident> = self.0.get(Kind::Resident, &person.to_string()).await?;
            resident.map_or(Ok(PersonalWords::none()), |resident| {
                resident.personal_words().map_err(PartFailed::because)
            })
        })
    }
}
