//! What was asked for on the command line.

use std::num::NonZeroU32;
use std::time::Duration;

use pinlatch::pin::HashParams;

pub(crate) const USAGE: &str = "\
Measures Argon2id on this machine and proposes parameters and a pool.

  cargo run --release --example tune -- [options]

  --target-ms N    one verification alone takes at most so long; default 250, at most 1000
  --memory-mib N   all working memory together; default: as much as the proposal needs
  --per-second N   the verifications that you expect at the peak; default: shown for several loads
  --help           this text
";

/// A quarter of the second that the OWASP Password Storage Cheat Sheet ("Work Factors") gives one
/// hash at most, so that the last of four in a row is still done within it.
const TARGET: Duration = Duration::from_millis(250);
/// OWASP's second itself.
const LONGEST_TARGET_MS: u32 = 1_000;

/// What to aim at.
pub(crate) struct Options {
    pub(crate) target: Duration,
    pub(crate) memory_kib: Option<u64>,
    pub(crate) per_second: Option<NonZeroU32>,
}

/// Why nothing is measured.
pub(crate) enum Stop {
    /// Help was asked for.
    Help,
    /// An argument is wrong: what to do instead.
    Wrong(String),
}

pub(crate) fn parse(mut arguments: impl Iterator<Item = String>) -> Result<Options, Stop> {
    let mut options = Options { target: TARGET, memory_kib: None, per_second: None };
    while let Some(argument) = arguments.next() {
        let (name, value) = match argument.split_once('=') {
            Some((name, value)) => (name.to_owned(), Some(value.to_owned())),
            None => (argument, None),
        };
        if matches!(name.as_str(), "--help" | "-h") {
            return Err(Stop::Help);
        }
        if !matches!(name.as_str(), "--target-ms" | "--memory-mib" | "--per-second") {
            return Err(Stop::Wrong(format!("there is no option `{name}`")));
        }
        let number = number(&name, value.or_else(|| arguments.next()))?;
        match name.as_str() {
            "--target-ms" => options.target = target(number)?,
            "--memory-mib" => options.memory_kib = Some(memory_kib(number)?),
            _ => options.per_second = Some(number),
        }
    }
    Ok(options)
}

fn number(name: &str, value: Option<String>) -> Result<NonZeroU32, Stop> {
    let value = value.ok_or_else(|| Stop::Wrong(format!("{name} needs a number, as in `{name} 250`")))?;
    value.parse().map_err(|_| Stop::Wrong(format!("{name} needs a whole number above 0, not `{value}`")))
}

fn target(milliseconds: NonZeroU32) -> Result<Duration, Stop> {
    if milliseconds.get() > LONGEST_TARGET_MS {
        let most = format!("--target-ms is at most {LONGEST_TARGET_MS}: OWASP gives a hash one second");
        return Err(Stop::Wrong(most));
    }
    Ok(Duration::from_millis(milliseconds.get().into()))
}

fn memory_kib(mib: NonZeroU32) -> Result<u64, Stop> {
    let (kib, least) = (u64::from(mib.get()) * 1_024, u64::from(HashParams::DEFAULT.memory_kib()));
    if kib < least {
        let least = format!("--memory-mib is at least {}: one hash with the default", least / 1_024);
        return Err(Stop::Wrong(least));
    }
    Ok(kib)
}
