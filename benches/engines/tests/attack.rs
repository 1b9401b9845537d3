//! Short attacks: nothing is found on sound stores, and much on a broken one.

use std::path::PathBuf;

use pinlatch_engines::attack::{Report, Settings, attack};
use pinlatch_engines::seam::{self, CheckThenWrite, Engine, Memory, Sqlite};

/// Three seconds; if the machine is so busy that they show nothing, longer.
fn short<E: Engine>() -> Report {
    let program = PathBuf::from(env!("CARGO_BIN_EXE_pinlatch-engines"));
    let mut settings =
        Settings { seconds: 3.0, hosts: 2, people: 5, kills: 2, checks: 32, ..Settings::new(program) };
    loop {
        let report = attack::<E>(&settings).unwrap();
        println!("{report}");
        if !report.was_too_short() || settings.seconds > LONGEST {
            return report;
        }
        if let Some(kept) = &report.kept {
            std::fs::remove_dir_all(kept).unwrap();
        }
        settings.seconds *= 3.0;
    }
}

/// More seconds than these are not tried once more.
const LONGEST: f64 = 20.0;

#[test]
fn two_hosts_find_nothing_in_memory() {
    assert_eq!(short::<Memory>().violations, [""; 0]);
}

#[test]
fn two_processes_killed_twice_find_nothing_in_a_file() {
    assert_eq!(short::<Sqlite>().violations, [""; 0]);
}

macro_rules! servers {
    ($($feature:literal, $test:ident, $engine:ident;)*) => {$(
        #[cfg(feature = $feature)]
        #[test]
        fn $test() {
            assert_eq!(short::<seam::$engine>().violations, [""; 0]);
        }
    )*};
}

// Killed twice under load, each on a server of its own.
servers! {
    "postgres", two_hosts_find_nothing_on_postgresql, Postgres;
    "mariadb", two_hosts_find_nothing_on_mariadb, MariaDb;
    "redis", two_hosts_find_nothing_on_redis, Redis;
    "nats", two_hosts_find_nothing_on_nats, Nats;
    "etcd", two_hosts_find_nothing_on_etcd, Etcd;
}

/// The negative control: a store that compares, lets go, and then writes.
#[test]
fn a_store_that_checks_and_then_writes_is_found_out() {
    let report = short::<CheckThenWrite>();
    if let Some(kept) = &report.kept {
        std::fs::remove_dir_all(kept).unwrap();
    }
    let found = |words: &str| report.violations.iter().any(|violation| violation.contains(words));
    assert!(found("is missing or doubled"), "{:?}", report.violations);
    assert!(found("no order of the calls"), "{:?}", report.violations);
}
