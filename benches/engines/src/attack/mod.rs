//! One attack: several hosts, each a process of its own, in bad weather; three kills under load; then everybody
//! signs in, and what was written down is checked.
//!
//! | what goes wrong | with a server | without |
//! |---|---|---|
//! | replies cut, requests lost, writes late | on a wire of each host's own, in gusts | between gate and store ([`storm`](crate::storm)) |
//! | kill -9, three times under load | the server, which is started again | every second host; others take their places |
//!
//! An engine that lives in one process has hosts that are threads, and nothing of it is killed.

mod actor;
mod end;
mod hosts;
mod report;

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use pinlatch_testkit::rig::{Server, Weather};
use serde::{Deserialize, Serialize};
use tokio::runtime::{Builder, Runtime};

pub use hosts::run_host;
pub use report::Report;

use crate::Failed;
use crate::call::{Micros, now};
use crate::host::{Host, victim};
use crate::log::Said;
use crate::seam::{Engine, Place, Trail};
use hosts::Hosts;

/// The number of the host that prepares the run and ends it.
pub(crate) const FIRST_HOST: u32 = 0;

/// How an attack goes.
#[derive(Clone, Debug)]
pub struct Settings {
    /// How long the storm lasts.
    pub seconds: f64,
    /// Where the draws begin.
    pub seed: u64,
    /// How many processes, or groups of threads.
    pub hosts: u32,
    /// How many tasks in each.
    pub tasks: u32,
    /// On how many accounts.
    pub people: u32,
    /// How often the server, or every second host, is killed.
    pub kills: u32,
    /// How many check at once during one revoke-all.
    pub checks: usize,
    /// Whether the logs are kept, though all is well.
    pub keeps: bool,
    /// This program, which is started again for each host.
    pub program: PathBuf,
}

impl Settings {
    /// As CI and the documentation have it: 4 × 16 tasks on 20 accounts for a minute, three kills.
    #[must_use]
    pub const fn new(program: PathBuf) -> Self {
        Self {
            seconds: 60.0,
            seed: 1,
            hosts: 4,
            tasks: 16,
            people: 20,
            kills: 3,
            checks: 256,
            keeps: false,
            program,
        }
    }
}

/// 30 of 100 replies cut, 5 of 100 requests lost, 10 of 100 late by up to 1.5 s.
#[must_use]
pub const fn weather(seed: u64) -> Weather {
    Weather { lost_replies: 30, lost_requests: 5, late: 10, at_most: Duration::from_millis(1_500), seed }
}

/// What a host is told.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Orders {
    number: u32,
    until: Micros,
    seed: u64,
    tasks: u32,
    people: u32,
    folder: PathBuf,
    address: Option<SocketAddr>,
}

/// Attacks an engine.
pub fn attack<E: Engine>(settings: &Settings) -> Result<Report, Failed> {
    let folder = tempfile::tempdir()?;
    let server = E::SERVER.map(|engine| engine.start(&[])).transpose()?;
    let address = server.as_ref().map(Server::address);
    let runtime = runtime()?;
    let url = E::url(Place { address, folder: folder.path() });
    let host = runtime.block_on(async {
        let host = Host::<E>::new(E::open(&url).await?, folder.path(), FIRST_HOST, None)?;
        host.import(settings.people + 1).await?;
        Ok::<_, Failed>(host)
    })?;

    let kills = storm::<E>(settings, folder.path(), server.as_ref())?;
    let stranded = runtime.block_on(end::everybody_in(&host, settings.people));
    let revoked = crate::revoke::race(&runtime, &host, victim(settings.people), settings.checks)?;

    let said = Said::read(folder.path())?;
    let trails = runtime.block_on(trails(&host, &said, settings.people))?;
    let mut report = Report::of(E::NAME, &said, &trails, kills, revoked);
    report.violations.extend(stranded);
    if settings.keeps || !report.violations.is_empty() {
        report.kept = Some(folder.keep());
    }
    Ok(report)
}

/// The runtime of a host.
pub(crate) fn runtime() -> std::io::Result<Runtime> {
    Builder::new_multi_thread().worker_threads(2).enable_all().build()
}

/// Hosts at work in bad weather until the time is over; answers how often something was killed.
fn storm<E: Engine>(settings: &Settings, folder: &Path, server: Option<&Server>) -> Result<u32, Failed> {
    let length = Duration::from_secs_f64(settings.seconds);
    let end = std::time::Instant::now() + length;
    let orders = Orders {
        number: FIRST_HOST,
        until: now() + u64::try_from(length.as_micros())?,
        seed: settings.seed,
        tasks: settings.tasks,
        people: settings.people,
        folder: folder.to_owned(),
        address: server.map(Server::address),
    };
    let mut hosts = Hosts::start::<E>(settings, &orders)?;
    let kills = if E::IN_PROCESS { 0 } else { settings.kills };
    for kill in 0..kills {
        let left = end.saturating_duration_since(std::time::Instant::now());
        std::thread::sleep(left / (settings.kills - kill + 1));
        match server {
            Some(server) => server.restart()?,
            None => hosts.kill_every_second::<E>(settings, &orders)?,
        }
    }
    hosts.wait()?;
    Ok(kills)
}

/// What journals keep of everybody: the engine's own, else what the hosts' took.
async fn trails<E: Engine>(host: &Host<E>, said: &Said, people: u32) -> Result<Vec<Trail>, Failed> {
    let mut trails = Vec::new();
    for person in (0..people).map(victim) {
        let kept = E::kept(&host.store, person).await?;
        let events = || said.events.iter().filter(|event| event.person == person).copied().collect();
        let changes =
            || said.changes.iter().filter(|change| change.event.person == person).cloned().collect();
        let (events, changes) = (kept.events.unwrap_or_else(events), kept.changes.unwrap_or_else(changes));
        trails.push(Trail { events, changes });
    }
    Ok(trails)
}
