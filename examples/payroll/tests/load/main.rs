//! Many phones at once, as people use them: percentiles, errors, and broken rules.
//!
//! A short run by itself; `.ci/load` has the whole one: 200 phones for a minute on one core, and with two hosts on PostgreSQL.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stdout, reason = "tests")]

#[path = "../served/mod.rs"]
mod served;

mod people;
mod person;

use std::collections::BTreeMap;
use std::time::Duration;

use futures_util::future::join_all;
use served::{Database, Served};
use tokio::time::Instant;

use person::{Person, Tally};

/// A number from the environment, or what a short run has.
fn told(name: &str, otherwise: u64) -> u64 {
    std::env::var(name).map_or(otherwise, |number| number.parse().unwrap())
}

/// Runs the phones, each calling whichever of the hosts a balancer would choose; what came of it.
async fn load(hosts: &[&Served]) -> Tally {
    let phones = usize::try_from(told("PAYROLL_LOAD_PHONES", 12)).unwrap();
    let length = Duration::from_secs(told("PAYROLL_LOAD_SECONDS", 4));
    let ports: Vec<u16> = hosts.iter().map(|host| host.port).collect();
    let moved_in = people::move_in(hosts[0], phones).await;
    let end = Instant::now() + length;
    let lives =
        (0..).zip(moved_in).map(|(number, phone)| Person::new(phone, number, ports.clone()).lives_until(end));
    let mut all = Tally::default();
    for tally in join_all(lives).await {
        all.add(tally);
    }
    report(hosts.len(), phones, length, &mut all);
    all
}

fn report(hosts: usize, phones: usize, length: Duration, all: &mut Tally) {
    let took: &mut BTreeMap<_, Vec<Duration>> = &mut all.took;
    let calls: usize = took.values().map(Vec::len).sum();
    let a_second = calls as f64 / length.as_secs_f64();
    println!(
        "{hosts} host(s), {phones} phones, {} s: {calls} calls, {a_second:.0} a second",
        length.as_secs()
    );
    println!("| call | calls | p50 ms | p95 ms | p99 ms | longest ms |\n|---|---|---|---|---|---|");
    for (name, times) in took {
        times.sort_unstable();
        let percentile = |percent: usize| {
            let index = (times.len() * percent / 100).min(times.len() - 1);
            times[index].as_secs_f64() * 1e3
        };
        let [p50, p95, p99, longest] = [50, 95, 99, 100].map(percentile);
        println!("| {name} | {} | {p50:.1} | {p95:.1} | {p99:.1} | {longest:.1} |", times.len());
    }
    println!("errors: {}, rules broken: {}", all.errors.len(), all.broken.len());
    for line in all.errors.iter().chain(&all.broken).take(10) {
        println!("  {line}");
    }
}

fn is_well(all: &Tally) {
    assert!(all.errors.is_empty() && all.broken.is_empty(), "see what was printed");
    // A run that did nothing proves nothing.
    for name in ["look", "payslips", "lock", "unlock", "wrong PIN"] {
        assert!(all.took.contains_key(name), "nobody made the call {name:?}");
    }
}

/// All phones of a run come from one address.
const NO_LIMIT: [&str; 2] = ["--requests-a-second", "1000000"];

#[tokio::test]
async fn phones_on_one_core() {
    let host = Served::on_core(0, &NO_LIMIT, None);
    is_well(&load(&[&host]).await);
}

#[tokio::test]
async fn phones_of_two_hosts_on_postgresql() {
    let Some(database) = Database::made("load").await else { return };
    let host = Served::on_core(0, &NO_LIMIT, Some(&database.address));
    let other = host.beside();
    let all = load(&[&host, &other]).await;
    drop((host, other));
    database.drop().await;
    is_well(&all);
}
