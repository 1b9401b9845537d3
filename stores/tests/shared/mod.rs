//! What the tests of every server's store have in common.
#![allow(dead_code, reason = "each test target uses a part")]

pub(crate) mod commands;
pub(crate) mod fail_over;
pub(crate) mod guessing;

use std::process::Command;
use std::{env, io};

use pinlatch_testkit::rig::{Engine, Server};
use tokio::runtime::Runtime;

/// Where the engine is that this variable names. Without it the test is skipped, loudly; under `PINLATCH_NO_SKIPS`
/// that is a failure.
pub(crate) fn url(variable: &str) -> Option<String> {
    let found = env::var(variable).ok();
    if found.is_none() {
        assert!(env::var_os("PINLATCH_NO_SKIPS").is_none(), "{variable} is not set");
        println!("SKIPPED: {variable} is not set, so nothing is shown of this engine");
    }
    found
}

/// A private server, or a loud skip where the engine is not installed.
pub(crate) fn private(engine: Engine, settings: &[&str]) -> Option<Server> {
    match engine.start(settings) {
        Err(missing) if missing.kind() == io::ErrorKind::NotFound => {
            assert!(env::var_os("PINLATCH_NO_SKIPS").is_none(), "{missing}");
            println!("SKIPPED: {missing}");
            None
        }
        started => Some(started.unwrap()),
    }
}

/// Where a program is that is no engine, or a loud skip.
pub(crate) fn installed(program: &str) -> Option<String> {
    let places = [program.to_owned(), format!("/usr/sbin/{program}")];
    let found = places.into_iter().find(|place| Command::new(place).arg("--version").output().is_ok());
    if found.is_none() {
        assert!(env::var_os("PINLATCH_NO_SKIPS").is_none(), "{program} is not installed");
        println!("SKIPPED: {program} is not installed");
    }
    found
}

/// A runtime as a server has it.
pub(crate) fn runtime() -> Runtime {
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap()
}
