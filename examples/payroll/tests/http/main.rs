//! The program from outside, over sockets.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

#[path = "../served/mod.rs"]
mod served;

mod elsewhere;
mod forged;
mod hosts;
mod office;
mod provider;
mod safety;
mod sign_in;
mod story;
mod third_party;
mod work;
