//! The program from outside, over sockets.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

#[path = "../served/mod.rs"]
mod served;

mod office;
mod sign_in;
mod story;
