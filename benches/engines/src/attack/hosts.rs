//! The hosts of an attack: processes, or threads where the engine lives in one process.

use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::thread::{self, JoinHandle};
use std::time::Duration;

use pinlatch_testkit::rig::{Weather, Wire};

use super::actor::Actor;
use super::{Orders, Settings, runtime, weather};
use crate::Failed;
use crate::call::{Micros, now};
use crate::host::Host;
use crate::seam::{Engine, Place};

/// The first word on the command line of a process that is a host.
pub(crate) const HOST: &str = "host";

/// How long a gust lasts on a wire, and the lull after it.
const GUST: Duration = Duration::from_millis(400);

/// Hosts at work.
pub(super) enum Hosts {
    /// Processes, and how many there have been.
    Processes(Vec<Child>, u32),
    /// Threads.
    Threads(Vec<JoinHandle<Result<(), Failed>>>),
}

impl Hosts {
    pub(super) fn start<E: Engine>(settings: &Settings, orders: &Orders) -> Result<Self, Failed> {
        let numbers = 1..=settings.hosts;
        if E::IN_PROCESS {
            let start = |number| {
                let orders = Orders { number, ..orders.clone() };
                thread::spawn(move || run_host::<E>(&orders))
            };
            return Ok(Self::Threads(numbers.map(start).collect()));
        }
        let started: Result<_, _> = numbers.map(|number| process::<E>(settings, orders, number)).collect();
        Ok(Self::Processes(started?, settings.hosts))
    }

    /// Kills every second process, and starts others in their places.
    pub(super) fn kill_every_second<E: Engine>(
        &mut self,
        settings: &Settings,
        orders: &Orders,
    ) -> Result<(), Failed> {
        let Self::Processes(processes, so_many) = self else { return Ok(()) };
        for process in processes.iter_mut().step_by(2) {
            process.kill()?;
            process.wait()?;
            *so_many += 1;
            *process = self::process::<E>(settings, orders, *so_many)?;
        }
        // Another half the next time.
        processes.rotate_left(1);
        Ok(())
    }

    /// Waits until all have come to their end, which must be a good one.
    pub(super) fn wait(self) -> Result<(), Failed> {
        match self {
            Self::Processes(processes, _) => {
                for mut process in processes {
                    if !process.wait()?.success() {
                        return Err("a host failed: see above".into());
                    }
                }
            }
            Self::Threads(threads) => {
                for thread in threads {
                    thread.join().map_err(|_| "a host failed: see above")??;
                }
            }
        }
        Ok(())
    }
}

fn process<E: Engine>(settings: &Settings, orders: &Orders, number: u32) -> Result<Child, Failed> {
    let orders = serde_json::to_string(&Orders { number, ..orders.clone() })?;
    let mut command = Command::new(&settings.program);
    Ok(command.args([HOST, E::NAME, &orders]).stdin(Stdio::null()).stdout(Stdio::null()).spawn()?)
}

/// A host at work, until its time is over.
pub fn run_host<E: Engine>(orders: &Orders) -> Result<(), Failed> {
    let weather = weather(orders.seed.wrapping_mul(1_000).wrapping_add(orders.number.into()));
    let wire = orders.address.map(Wire::before).transpose()?;
    let place = Place { address: wire.as_ref().map(Wire::address), folder: &orders.folder };
    let runtime = runtime()?;
    let inside = wire.is_none().then_some(weather);
    let host = runtime.block_on(async {
        Host::<E>::new(E::open(&E::url(place)).await?, &orders.folder, orders.number, inside)
    })?;

    let host = Arc::new(host);
    // A thread for each task: stores that block, block their own, and no future has to be `Send`.
    let handle = runtime.handle();
    thread::scope(|scope| {
        if let Some(wire) = &wire {
            scope.spawn(|| gusts(wire, weather, orders.until));
        }
        let tasks: Vec<_> = (0..orders.tasks)
            .map(|task| {
                let mut actor = Actor::new(&host, weather.seed.wrapping_mul(1_000) + u64::from(task), orders);
                scope.spawn(move || handle.block_on(actor.act()))
            })
            .collect();
        tasks.into_iter().try_for_each(|task| task.join().map_err(|_| "a task failed: see above")?)
    })
}

/// Bad weather on a wire in gusts. A cut reply breaks a connection, and with it every call in flight there: on one
/// that all tasks share, hardly a guess would come through without the lulls.
fn gusts(wire: &Wire, weather: Weather, until: Micros) {
    let mut seed = weather.seed;
    while now() < until {
        wire.weather(Some(Weather { seed, ..weather }));
        thread::sleep(GUST);
        wire.weather(None);
        thread::sleep(GUST);
        seed = seed.wrapping_add(1_000_003);
    }
}
