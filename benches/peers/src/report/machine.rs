//! On what it was measured, and when.

use std::process::Command;
use std::thread::available_parallelism;

/// Machine, system, compiler and date, as lines of a list.
pub fn described(command: &str) -> String {
    let cores = available_parallelism().map_or(0, usize::from);
    let release = fact("/etc/os-release", "PRETTY_NAME").trim_matches('"').to_owned();
    let kernel = output("uname", &["-r"]).split('.').take(2).collect::<Vec<_>>().join(".");
    let lines = [
        format!("- Machine: {}, {cores} cores; caches {}", processor(), fact("/proc/cpuinfo", "cache size")),
        format!("- System: {release}, Linux {kernel}"),
        format!("- Compiler: {}; profile {}", output("rustc", &["--version"]), profile()),
        format!("- Date: {}", today()),
        format!("- Command: `{command}`"),
    ];
    lines.join("\n")
}

fn processor() -> String {
    let flags = fact("/proc/cpuinfo", "flags");
    let has = |name: &str| flags.split(' ').any(|flag| flag == name);
    let wanted = ["sha_ni", "avx2", "avx512f"].into_iter().filter(|name| has(name)).collect::<Vec<_>>();
    let number = |name| fact("/proc/cpuinfo", name);
    format!(
        "{} (family {}, model {}; {})",
        number("model name"),
        number("cpu family"),
        number("model"),
        wanted.join(", ")
    )
}

/// The profile this was built in, by the folder in which it lies, and what the workspace says of it.
fn profile() -> String {
    let program = std::env::current_exe().unwrap_or_default();
    let folder = program.parent().and_then(|folder| folder.file_name());
    let name = folder.map_or_else(|| "unknown".into(), |name| name.to_string_lossy().into_owned());
    let manifest = include_str!("../../../../Cargo.toml");
    let settings: Vec<&str> = manifest
        .lines()
        .skip_while(|line| *line != format!("[profile.{name}]"))
        .skip(1)
        .take_while(|line| !line.starts_with('['))
        .map(str::trim)
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .collect();
    let settings = if settings.is_empty() { "cargo's defaults".into() } else { settings.join(", ") };
    format!("`{name}`: {settings}")
}

/// The value of `name` in a file of lines `name: value` or `name=value`.
fn fact(path: &str, name: &str) -> String {
    let text = std::fs::read_to_string(path).unwrap_or_default();
    let named = text.lines().find_map(|line| {
        let (key, value) = line.split_once([':', '='])?;
        (key.trim() == name).then(|| value.trim().to_owned())
    });
    named.unwrap_or_else(|| "unknown".to_owned())
}

fn output(program: &str, arguments: &[&str]) -> String {
    let run = Command::new(program).args(arguments).output();
    run.map_or_else(|_| "unknown".to_owned(), |run| String::from_utf8_lossy(&run.stdout).trim().to_owned())
}

fn today() -> String {
    time::OffsetDateTime::now_utc().date().to_string()
}
