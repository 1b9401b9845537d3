//! So many requests against one revoke-all: every check that begins after it returned is refused.

use std::fmt;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use pinlatch::id::PersonId;
use pinlatch_testkit::rig::Server;
use tokio::runtime::Runtime;

use crate::Failed;
use crate::attack::runtime;
use crate::call::{Micros, now};
use crate::host::{Host, Session, victim};
use crate::seam::{Engine, Place};

/// A request that is granted for so long after the revoke-all is one that will never be refused.
const PATIENCE: Duration = Duration::from_secs(20);

/// What the checks met.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Revoked {
    /// How many asked at once.
    pub requests: usize,
    /// Granted, and done before the revoke-all began.
    pub before: usize,
    /// Granted while it was under way: before it, as far as anybody can tell.
    pub during: usize,
    /// Refused, though begun before it returned.
    pub refused_during: usize,
    /// Granted though begun after it returned. Never.
    pub after: usize,
}

impl fmt::Display for Revoked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { requests, before, during, refused_during, after } = self;
        write!(
            f,
            "{requests} requests against one revoke-all: {before} granted before, {during} during, \
             {refused_during} refused during, {after} granted after"
        )
    }
}

/// A check, its times, and whether it was granted.
type Checked = (Micros, Micros, bool);

/// Lets so many threads check one session again and again until they are refused, and meanwhile revokes all.
pub fn race<E: Engine>(
    runtime: &Runtime,
    host: &Host<E>,
    person: PersonId,
    requests: usize,
) -> Result<Revoked, Failed> {
    let session = runtime.block_on(async {
        let device = host.sign_in(person, None, None).await?;
        host.create_pin(&device).await
    })?;
    let granted = AtomicUsize::new(0);
    let (checked, (called, returned)) = thread::scope(|scope| {
        let check = || runtime.block_on(until_refused(host, &session, &granted));
        let threads: Vec<_> = (0..requests).map(|_| scope.spawn(check)).collect();
        // All are at work: each has been granted once.
        while granted.load(Ordering::Relaxed) < requests && !threads.iter().any(|one| one.is_finished()) {
            thread::yield_now();
        }
        let called = now();
        let revoked = runtime.block_on(host.revoke_all(person)).map(|()| (called, now()));
        let checked = threads.into_iter().map(|one| one.join().map_err(|_| "a request panicked".into()));
        Ok::<_, Failed>((checked.collect::<Result<Vec<_>, Failed>>()?, revoked?))
    })?;
    let mut met = Revoked { requests, ..Revoked::default() };
    for (begun, ended, is_granted) in checked.into_iter().flatten() {
        match (is_granted, begun > returned) {
            (true, true) => met.after += 1,
            (true, false) if ended < called => met.before += 1,
            (true, false) => met.during += 1,
            (false, false) => met.refused_during += 1,
            (false, true) => {}
        }
    }
    Ok(met)
}

/// The same on an engine of its own.
pub fn alone<E: Engine>(requests: usize) -> Result<Revoked, Failed> {
    let folder = tempfile::tempdir()?;
    let server = E::SERVER.map(|engine| engine.start(&[])).transpose()?;
    let place = Place { address: server.as_ref().map(Server::address), folder: folder.path() };
    let runtime = runtime()?;
    let host = runtime.block_on(async {
        let host = Host::<E>::new(E::open(&E::url(place)).await?, folder.path(), 0, None)?;
        host.import(1).await?;
        Ok::<_, Failed>(host)
    })?;
    race(&runtime, &host, victim(0), requests)
}

async fn until_refused<E: Engine>(host: &Host<E>, session: &Session, granted: &AtomicUsize) -> Vec<Checked> {
    let (start, mut checked) = (Instant::now(), Vec::new());
    loop {
        let begun = now();
        let is_granted = host.check(session).await.is_ok();
        checked.push((begun, now(), is_granted));
        if !is_granted || start.elapsed() > PATIENCE {
            return checked;
        }
        if checked.len() == 1 {
            granted.fetch_add(1, Ordering::Relaxed);
        }
    }
}
