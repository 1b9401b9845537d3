//! A person with a phone: looks, reads, locks, opens, mistypes; and says when an answer is not what it has to be.

use std::collections::BTreeMap;
use std::time::Duration;

use pinlatch_testkit::{PIN, WRONG_PIN};
use reqwest::Method;
use serde_json::{Value, json};
use tokio::time::{Instant, sleep};

use crate::served::{Browser, KUURA, Reply, id};

/// What came of a run.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    pub(crate) took: BTreeMap<&'static str, Vec<Duration>>,
    /// Answers that a working host does not give.
    pub(crate) errors: Vec<String>,
    /// Answers that no host may give.
    pub(crate) broken: Vec<String>,
}

impl Tally {
    pub(crate) fn add(&mut self, other: Self) {
        for (name, took) in other.took {
            self.took.entry(name).or_default().extend(took);
        }
        self.errors.extend(other.errors);
        self.broken.extend(other.broken);
    }
}

pub(crate) struct Person {
    phone: Browser,
    ports: Vec<u16>,
    chance: fastrand::Rng,
    tally: Tally,
}

impl Person {
    pub(crate) fn new(phone: Browser, number: u64, ports: Vec<u16>) -> Self {
        Self { phone, ports, chance: fastrand::Rng::with_seed(number), tally: Tally::default() }
    }

    /// Something every second or so.
    pub(crate) async fn lives_until(mut self, end: Instant) -> Tally {
        while Instant::now() < end {
            sleep(Duration::from_millis(self.chance.u64(500..1_500))).await;
            match self.chance.u32(0..100) {
                0..60 => self.looks().await,
                60..80 => self.reads().await,
                80..95 => self.locks_and_opens(0).await,
                // Five in a row would end the PIN.
                wrong => self.locks_and_opens(1 + wrong % 3).await,
            }
        }
        self.tally
    }

    async fn call(&mut self, name: &'static str, method: Method, path: &str, body: Option<Value>) -> Reply {
        let port = self.ports[self.chance.usize(0..self.ports.len())];
        self.phone.move_to(port);
        let request = self.phone.request(method, path);
        let request = if let Some(body) = body { request.json(&body) } else { request };
        let begun = Instant::now();
        let reply = self.phone.send(request).await;
        self.tally.took.entry(name).or_default().push(begun.elapsed());
        if reply.status >= 500 || reply.status == 429 {
            self.tally.errors.push(format!("{name}: {} {}", reply.status, reply.code()));
        }
        reply
    }

    /// An answer that has to be a success.
    fn is_done(&mut self, name: &str, reply: &Reply) {
        if !(200..300).contains(&reply.status) && reply.status < 500 && reply.status != 429 {
            self.tally.broken.push(format!("{name}: shut out: {} {}", reply.status, reply.code()));
        }
    }

    /// An answer that has to be this refusal.
    fn is_refused(&mut self, name: &str, reply: &Reply, code: &str) {
        if reply.status < 500 && reply.status != 429 && reply.code() != code {
            self.tally.broken.push(format!("{name}: {} {} and not {code}", reply.status, reply.code()));
        }
    }

    async fn looks(&mut self) {
        let seen = self.call("look", Method::GET, "/api/me", None).await;
        self.is_done("look", &seen);
    }

    async fn reads(&mut self) {
        let path = format!("/api/companies/{}/payslips", id(KUURA));
        let seen = self.call("payslips", Method::GET, &path, None).await;
        self.is_done("payslips", &seen);
    }

    async fn locks_and_opens(&mut self, wrong: u32) {
        let locked = self.call("lock", Method::POST, "/api/lock", Some(json!({}))).await;
        self.is_done("lock", &locked);
        let dead = self.call("look, locked", Method::GET, "/api/me", None).await;
        self.is_refused("look, locked", &dead, "SessionRequired");
        for _ in 0..wrong {
            let mistyped =
                self.call("wrong PIN", Method::POST, "/api/unlock", Some(json!({ "pin": WRONG_PIN }))).await;
            self.is_refused("wrong PIN", &mistyped, "IncorrectPin");
        }
        let opened = self.call("unlock", Method::POST, "/api/unlock", Some(json!({ "pin": PIN }))).await;
        self.is_done("unlock", &opened);
    }
}
