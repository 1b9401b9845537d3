//! The program from outside, over sockets.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

#[path = "../served/mod.rs"]
mod served;

mod elsewhere;
mod fingers;
mod forged;
mod forms;
mod hood;
mod hosts;
mod letters;
mod office;
mod office_sign_in;
mod pages;
mod provider;
mod safety;
mod sensor;
mod settings;
mod sign_in;
mod stopping;
mod story;
mod third_party;
mod work;
