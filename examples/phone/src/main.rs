//! A phone in the terminal, with a payroll app on it: the whole of `pinlatch` by hand.
//!
//! ```sh
//! cargo run -p pinlatch-phone
//! ```
//!
//! | file | what it plays |
//! |---|---|
//! | `office` | the server: the gate over one database file, the directory, the company's calendar |
//! | `town` | who there is: two companies, six people |
//! | `phone` | one phone: each method is one touch, and one call of the gate |
//! | `key_store` | the file in which the phones keep their tokens, as their key stores would |
//! | `home`, `menu`, `enter` | the phone's screen, what it offers, what has to be typed |
//! | `around` | what happens around a phone: another one, another person, rooting |
//! | `browser`, `trail` | the page "Users and roles", and the audit trail |
//! | `screen`, `prompt`, `words` | drawing, asking, and the app's own words in two languages |
#![forbid(unsafe_code)]
#![deny(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::string_slice
)]
#![warn(clippy::pedantic)]

mod around;
mod browser;
mod enter;
mod files;
mod home;
mod key_store;
mod menu;
mod office;
mod phone;
mod prompt;
mod screen;
mod town;
mod trail;
mod words;

use std::error::Error;
use std::io::IsTerminal;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;

use crate::files::Files;
use crate::home::Home;
use crate::key_store::KeyStore;
use crate::office::Office;

/// A phone in the terminal, with a payroll app on it: lock it, mistype its PIN code, log it out.
#[derive(Debug, Parser)]
#[command(version)]
struct Arguments {
    /// The database file to keep everything in [default: payroll.db in your data directory]
    #[arg(long, value_name = "FILE")]
    db: Option<PathBuf>,
    /// Forget everything and begin anew
    #[arg(long)]
    reset: bool,
}

/// What clap answers to wrong arguments, too: the call was wrong, nothing was done.
const WRONG_CALL: u8 = 2;

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    // Prompts are drawn on the standard error.
    let terminal =
        std::io::stdin().is_terminal() && std::io::stdout().is_terminal() && std::io::stderr().is_terminal();
    if !terminal {
        eprintln!("pinlatch-phone: this phone needs a terminal: run it without pipes and redirections");
        return ExitCode::from(WRONG_CALL);
    }
    match run(arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("pinlatch-phone: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: Arguments) -> Result<(), Box<dyn Error>> {
    let files = arguments.db.map_or_else(Files::of_user, |db| Ok(Files::beside(db)))?;
    if arguments.reset {
        files.remove()?;
    }
    prompt::give_terminal_back_on_signals()?;
    let office = Office::open(&files)?;
    let phones = KeyStore::open(files.phones())?;
    Home::new(&office, phones).run()
}
