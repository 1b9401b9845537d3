//! Unlocks beside the hasher where the engine has a core of its own: as near as one machine comes to a host and an engine
//! on two.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{self, Command};
use std::thread;

use super::page;
use super::unlocks::{Unlocks, beside_the_hasher};
use super::{UNLOCKED, fill, settings_of};
use crate::Failed;
use crate::seam::{Engine, Place};

/// Accounts on the engine.
const ACCOUNTS: usize = 1_000;

/// Turns of each: so many that the middle half of them says how far the figure goes.
const TURNS: usize = 41;

/// The cores, by the system's numbers.
const ENGINES: &str = "0";
const HOSTS: &str = "1";

/// Takes the figure, and writes it under the engine's page, which [`figures`](super::figures) wrote; answers with the file.
pub fn apart<E: Engine>(folder: &Path) -> Result<PathBuf, Failed> {
    let page = folder.join(format!("{}.md", E::NAME));
    let before = fs::read_to_string(&page)?;
    fs::write(&page, page::with_apart(&before, &measured::<E>()?))?;
    Ok(page)
}

fn measured<E: Engine>() -> Result<Unlocks, Failed> {
    let engine = E::SERVER.ok_or("it runs within the host")?;
    if thread::available_parallelism()?.get() < 2 {
        return Err("two cores are needed".into());
    }
    // What is started from here stays where it was started.
    move_to(ENGINES)?;
    let server = engine.start(settings_of(engine))?;
    move_to(HOSTS)?;
    let folder = tempfile::tempdir()?;
    let place = Place { address: Some(server.address()), folder: folder.path() };
    let phones = fill::fill::<E>(place, ACCOUNTS, UNLOCKED)?;
    let unlocks = beside_the_hasher::<E>(place, &phones, TURNS)?;
    if unlocks.cores == 1 { Ok(unlocks) } else { Err("it was not on one core".into()) }
}

/// Moves this process, all of its threads, to a core.
fn move_to(core: &str) -> Result<(), Failed> {
    let moved =
        Command::new("taskset").args(["-a", "-p", "-c", core, &process::id().to_string()]).output()?;
    if moved.status.success() { Ok(()) } else { Err(String::from_utf8_lossy(&moved.stderr).into()) }
}
