//! The program: see the [library](pinlatch_engines).

use std::path::Path;
use std::process::ExitCode;

use pinlatch_engines::attack::{self, Orders, Settings};
use pinlatch_engines::{Failed, figures, for_engine, revoke};

const USAGE: &str = "pinlatch-engines attack <engine> [--seconds 60] [--seed 1] [--processes 4] [--keep]\n\
                     pinlatch-engines revoke <engine>\n\
                     pinlatch-engines figures <engine> [--few | --million | --redraw | --apart]";

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match run(&words) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(failed) => {
            eprintln!("pinlatch-engines: {failed}");
            // Why, down to the driver's own words.
            let mut source = failed.source();
            while let Some(because) = source {
                eprintln!("  because {because}");
                source = because.source();
            }
            ExitCode::from(2)
        }
    }
}

/// Does what the words say; whether all was well.
fn run(words: &[&str]) -> Result<bool, Failed> {
    match *words {
        // What an attack starts for each of its hosts.
        ["host", engine, orders] => {
            let orders: Orders = serde_json::from_str(orders)?;
            for_engine!(engine, E => attack::run_host::<E>(&orders)).map(|()| true)
        }
        ["attack", engine, ref options @ ..] => {
            let mut settings = Settings::new(std::env::current_exe()?);
            let mut options = options.iter().copied();
            while let Some(option) = options.next() {
                let mut number = || options.next().ok_or(USAGE);
                match option {
                    "--seconds" => settings.seconds = number()?.parse()?,
                    "--seed" => settings.seed = number()?.parse()?,
                    "--processes" => settings.hosts = number()?.parse()?,
                    "--keep" => settings.keeps = true,
                    _ => return Err(USAGE.into()),
                }
            }
            let report = for_engine!(engine, E => attack::attack::<E>(&settings))?;
            println!("{report}");
            report.violations.iter().take(20).for_each(|violation| eprintln!("  {violation}"));
            if let Some(kept) = &report.kept {
                eprintln!("  the logs are kept in {}", kept.display());
            }
            Ok(report.violations.is_empty())
        }
        // From the page, where the plot is to look otherwise.
        ["figures", engine, "--redraw"] => {
            println!("{}", figures::redraw(engine, &Path::new("docs").join("engines"))?.display());
            Ok(true)
        }
        ["figures", engine, "--apart"] => {
            let folder = Path::new("docs").join("engines");
            println!("{}", for_engine!(engine, E => figures::apart::<E>(&folder))?.display());
            Ok(true)
        }
        ["figures", engine, ref options @ ..] => {
            let mut accounts = vec![1_000, 100_000];
            match *options {
                [] => {}
                ["--million"] => accounts.push(1_000_000),
                // A smoke test.
                ["--few"] => accounts = vec![1_000],
                ["--quick"] => accounts = vec![500],
                _ => return Err(USAGE.into()),
            }
            let seconds = if accounts == [500] { 0.3 } else { 3.0 };
            let folder = Path::new("docs").join("engines");
            let settings = figures::Settings { accounts, seconds, folder, program: std::env::current_exe()? };
            let files = for_engine!(engine, E => figures::figures::<E>(&settings))?;
            files.iter().for_each(|file| println!("{}", file.display()));
            Ok(true)
        }
        // What figures start for each of their processes.
        ["measure", engine, file] => {
            let orders: figures::Orders = serde_json::from_slice(&std::fs::read(file)?)?;
            let took = for_engine!(engine, E => figures::measure::<E>(&orders))?;
            println!("{}", serde_json::to_string(&took)?);
            Ok(true)
        }
        ["revoke", engine] => {
            let revoked = for_engine!(engine, E => revoke::alone::<E>(256))?;
            println!("{engine}: {revoked}");
            Ok(revoked.after == 0)
        }
        _ => Err(USAGE.into()),
    }
}
