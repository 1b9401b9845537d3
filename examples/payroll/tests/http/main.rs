//! The program from outside, over sockets.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

#[path = "../served/mod.rs"]
mod served;

mod elsewhere;
mod forged;
mod forms;
mod hood;
mod hosts;
mod letters;
mod office;
mod office_sign_in;
mod provider;
mod safety;
mod sign_in;
mod story;
mod third_party;
mod work;
