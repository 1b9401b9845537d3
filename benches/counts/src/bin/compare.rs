//! Compares a run of the instruction counts with the committed table. `.ci/counts` calls it.
//!
//! `compare FILE` fails, naming each operation that is off; `compare --bless FILE` rewrites the
//! table. `FILE` is what `cargo bench -p pinlatch-counts -- --output-format=json` printed.

use std::process::{Command, ExitCode};
use std::{env, fs};

use pinlatch_counts::instructions::{Table, keep_the_budget};

const TABLE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/instructions.md");

fn main() -> ExitCode {
    match run() {
        Ok(summary) => {
            println!("{summary}");
            ExitCode::SUCCESS
        }
        Err(broken) => {
            eprintln!("{broken}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<String, String> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let (bless, file) = match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["--bless", file] => (true, file),
        [file] => (false, file),
        _ => return Err("usage: compare [--bless] FILE".into()),
    };
    let new = Table::from_gungraun(&read(file)?)?;
    let outside = new.outside_the_hash().ok_or("no counts of the session check")?;
    if bless {
        fs::write(TABLE, new.to_markdown(&measured_with())).map_err(|error| format!("{TABLE}: {error}"))?;
        keep_the_budget(&new)?;
        return Ok(format!("{} operations written to {TABLE}\n{outside}", new.0.len()));
    }
    let committed = read(TABLE)?;
    let mut broken = Table::from_markdown(&committed)?.broken_by(&new);
    if !broken.is_empty() {
        broken.push("if this is meant: .ci/counts --bless, and commit the table".into());
        let tools = measured_with();
        if !committed.contains(&tools) {
            broken.push(format!("mind that the table was counted with other tools than {tools}"));
        }
    }
    broken.extend(keep_the_budget(&new).err());
    if broken.is_empty() {
        return Ok(format!("{} operations as in the table\n{outside}", new.0.len()));
    }
    Err(broken.join("\n"))
}

fn read(file: &str) -> Result<String, String> {
    fs::read_to_string(file).map_err(|error| format!("{file}: {error}"))
}

/// The compiler and Valgrind: with others the counts may differ.
fn measured_with() -> String {
    [("rustc", "--version"), ("valgrind", "--version")].map(|(tool, flag)| version(tool, flag)).join(", ")
}

fn version(tool: &str, flag: &str) -> String {
    let output = Command::new(tool).arg(flag).output();
    let text = output.map(|output| String::from_utf8_lossy(&output.stdout).trim().to_owned());
    text.unwrap_or_else(|error| format!("{tool} unknown ({error})"))
}
