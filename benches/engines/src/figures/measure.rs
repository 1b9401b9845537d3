//! One process that measures.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use pinlatch::access::BrowserSession;
use pinlatch::account::Wanted;
use pinlatch::gate::Gate;
use pinlatch::id::PersonId;
use pinlatch::secret::{DeviceToken, SessionToken};
use pinlatch::session::{Baseline, BiometricAssertion, Modality};
use pinlatch_testkit::{ACME, UNMODIFIED};
use serde::{Deserialize, Serialize};

use super::fill::{Phone, digits};
use super::gate::{Parts, gate, opened, sign_in};
use super::{CALLERS, Kind, PAUSE, PHONES};
use crate::Failed;
use crate::attack::runtime;
use crate::call::{Micros, now};
use crate::host::administrator;
use crate::log::Log;
use crate::seam::{Engine, Place};

/// What a process is told.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Orders {
    pub(super) address: Option<SocketAddr>,
    pub(super) folder: PathBuf,
    pub(super) start: Micros,
    pub(super) seconds: f64,
    pub(super) phones: Vec<Phone>,
    pub(super) number: usize,
}

/// What came of a kind of call.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Measured {
    /// The microseconds that each call took.
    pub(super) took: Vec<u32>,
    /// Calls that were refused: these processes have fewer cores than they would have as hosts.
    pub(super) refused: usize,
}

impl Measured {
    pub(super) fn add(&mut self, other: &Self) {
        self.took.extend(&other.took);
        self.refused += other.refused;
    }
}

/// Of so many calls one may be refused before nothing is measured.
const REFUSED_OF: usize = 20;

/// Makes every kind of call for a while, all processes at the same times; answers for each kind.
pub fn measure<E: Engine>(orders: &Orders) -> Result<Vec<Measured>, Failed> {
    let runtime = runtime()?;
    let log = Arc::new(Log::create(&orders.folder, u32::try_from(orders.number)? + 1)?);
    let place = Place { address: orders.address, folder: &orders.folder };
    let gate = gate::<E>(runtime.block_on(opened::<E>(place))?, &log)?;
    let length = Duration::from_secs_f64(orders.seconds);
    let share = PHONES.min(orders.phones.len() / CALLERS).max(1);
    let mut shares: Vec<Vec<Hand>> =
        orders.phones.chunks(share).map(|phones| phones.iter().map(Hand::of).collect()).collect();
    let mut all = Vec::new();
    let mut start = orders.start;
    for kind in Kind::ALL {
        thread::sleep(Duration::from_micros(start.saturating_sub(now())));
        let measured = thread::scope(|scope| {
            let call = |hands| runtime.block_on(call_again_and_again::<E>(&gate, kind, hands, length));
            let threads: Vec<_> = shares.iter_mut().map(|hands| scope.spawn(move || call(hands))).collect();
            let joined = threads.into_iter().map(|one| one.join().map_err(|_| "a caller panicked")?);
            joined.collect::<Result<Vec<Measured>, Failed>>()
        })?;
        let mut together = Measured::default();
        measured.iter().for_each(|one| together.add(one));
        all.push(together);
        start += u64::try_from(length.as_micros())? + PAUSE;
    }
    Ok(all)
}

/// A phone in use.
pub(super) struct Hand {
    person: PersonId,
    pub(super) device: DeviceToken,
    session: SessionToken,
}

impl Hand {
    pub(super) fn of(phone: &Phone) -> Self {
        Self {
            person: phone.person,
            device: DeviceToken::parse(&phone.device).expect("a token"),
            session: SessionToken::parse(&phone.session).expect("a token"),
        }
    }
}

async fn call_again_and_again<E: Engine>(
    gate: &Gate<Parts<E>>,
    kind: Kind,
    hands: &mut [Hand],
    length: Duration,
) -> Result<Measured, Failed> {
    let (start, mut measured) = (Instant::now(), Measured::default());
    for number in 0.. {
        if start.elapsed() >= length {
            break;
        }
        let hand = &mut hands[number % PHONES.min(hands.len())];
        match call::<E>(gate, kind, hand).await {
            Ok(one) => measured.took.push(u32::try_from(one.as_micros()).unwrap_or(u32::MAX)),
            Err(error) => {
                eprintln!("{}: {} was refused: {error}", E::NAME, kind.name());
                measured.refused += 1;
                // The first one of a caller says nothing yet.
                if measured.refused > 1 + measured.took.len() / REFUSED_OF {
                    return Err(error);
                }
            }
        }
    }
    Ok(measured)
}

/// One call; answers how long it took. What makes it possible again is done and not measured.
async fn call<E: Engine>(gate: &Gate<Parts<E>>, kind: Kind, hand: &mut Hand) -> Result<Duration, Failed> {
    let start = Instant::now();
    match kind {
        Kind::Check => drop(gate.check(&hand.session, Wanted::session(), &UNMODIFIED).await?),
        Kind::Lock => {
            gate.lock(&hand.device, &UNMODIFIED).await?;
            let took = start.elapsed();
            let (modality, baseline) = (Modality::Face, Some(Baseline::of(b"a face")));
            let face = BiometricAssertion { modality, recognised: true, baseline };
            hand.session = gate.unlock_with_biometric(&hand.device, &face, &UNMODIFIED).await?;
            return Ok(took);
        }
        Kind::Unlock => hand.session = gate.unlock_with_pin(&hand.device, &digits(), &UNMODIFIED).await?,
        Kind::SignIn => hand.device = sign_in(gate, hand.person, Some(&hand.device)).await?,
        Kind::RevokeAll => {
            let session = BrowserSession::verified_by_host(administrator());
            gate.revoke_all(&session, ACME, hand.person).await?;
            let took = start.elapsed();
            // An open invitation is voided by the next one, so that there is something to write.
            let _invitation = gate.invite(&session, ACME, hand.person).await?;
            return Ok(took);
        }
    }
    Ok(start.elapsed())
}
