//! The program in a real browser. See `driver` for how.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]
#![allow(dead_code, reason = "each test takes of the driver what it needs")]

mod administrator;
mod authenticator;
mod axe;
mod chromedriver;
mod driver;
mod office;
mod phone;
#[allow(unused_imports, reason = "these tests take of it what they need")]
#[path = "../served/mod.rs"]
mod served;

mod office_axe;
mod office_hood;
mod office_people;
mod office_pictures;
mod phones_around;
mod phones_at_once;
mod phones_back;
mod phones_fingers;
mod phones_out;
mod phones_people;
mod phones_pin;
