//! The program in a real browser. See `driver` for how.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]
#![allow(dead_code, reason = "each test takes of the driver what it needs")]

mod driver;
mod phone;
#[allow(unused_imports, reason = "these tests take of it what they need")]
#[path = "../served/mod.rs"]
mod served;

mod phones_pin;
