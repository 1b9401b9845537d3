//! The manual: pages for those who build a host and for those who run one.
//!
//! | page | for whom, and what for |
//! |---|---|
//! | [`start`] | a host's author: from nothing to the first unlock |
//! | [`screens`] | the app's author: which call stands behind which screen, lost replies, statuses of HTTP |
//! | [`people`] | whoever keeps employees, users and rights: ids, facts, functions, profiles, leavers |
//! | [`operating`] | whoever runs it: upgrades, keys, erasing, backups, replicas, clocks, the journal, metrics, sizes |
//! | [`stores`] | whoever chooses a store, or writes one for an engine of theirs |
//! | [`testing`] | whoever tests a host |
//! | [`languages`] | whoever shows refusals in a third language |
//!
//! What is promised, rule by rule, is in [`rules`](crate::rules). What each function does is said where it stands.
//! Each example of these pages is compiled and run by `cargo test --doc`. `pinlatch_testkit` in them is the test
//! kit, a dev-dependency: parts in memory, people and phones in one line.
//!
//! `cargo doc --open` shows these pages.
//!
//! # Questions an operator asks
//!
//! - [How do I upgrade the stored version?](operating#upgrading-the-stored-version)
//! - [How do I rotate the pepper, and when may the old one go?](operating#rotating-the-pepper)
//! - [How do I erase a person, or give them what is kept of them?](operating#erasing-and-exporting-a-person)
//! - [How do I restore a backup?](operating#restoring-a-backup)
//! - [How do I run three replicas?](operating#running-several-hosts)
//! - [How do I survive a wrong clock?](operating#clocks)
//! - [How do I deliver waiting events, and who waits for the journal?](operating#delivering-the-journal)
//! - [What do I log, and what never?](operating#what-to-log)
//! - [Which metrics do I watch?](operating#metrics)
//! - [What do I limit per address?](operating#what-to-limit-per-address)
//! - [What do I do about a damaged record?](operating#damaged-records)
//! - [How large does the database become?](operating#sizing-the-database)
//! - [Which cost of Argon2 do I choose?](operating#choosing-the-cost-of-argon2)
//! - [Which status of HTTP does a refusal get?](screens#statuses-of-http)
//! - [What do I answer where there is no refusal?](screens#what-is-no-refusal)
//! - [How do I show how many tries are left?](screens#showing-the-tries-left)
//! - [How do I ask for the PIN again?](screens#asking-for-the-pin-again)
//! - [What works offline?](screens#working-offline)
//! - [What does the app do after a restart?](screens#when-the-app-starts)
//! - [Why is a phone logged out?](screens#why-a-phone-is-logged-out)
//! - [What does the app do after a lost reply?](screens#after-a-lost-reply)
//! - [What does the app do after a reinstall?](screens#after-a-reinstall)
//! - [Which store do I take?](stores#which-store-to-take)
//! - [How do I build an async host on SQLite?](start#blocking-and-async)
//! - [How do I name the type of my gate?](start#naming-the-type-of-your-gate)
//! - [How do I map my ids of people and companies?](people#mapping-your-ids)
//! - [How do I list a company's phones?](people#listing-the-phones-of-a-company)
//! - [How do I see who is online?](people#seeing-who-is-online)
//! - [How do I add a function?](people#adding-a-function)
//! - [How do I add a role?](people#adding-a-role)
//! - [How do I suspend somebody?](people#suspending-somebody)
//! - [How do I add a language?](languages#adding-swedish)
//! - [How do I test with a clock of my own?](testing#a-clock-of-your-own)
#![allow(clippy::doc_markdown, reason = "names of databases are names, and no code")]

#[doc = include_str!("start.md")]
pub mod start {}

#[doc = include_str!("screens.md")]
#[doc = include_str!("statuses.md")]
pub mod screens {}

#[doc = include_str!("people.md")]
#[doc = include_str!("rights.md")]
pub mod people {}

#[doc = include_str!("operating.md")]
#[doc = include_str!("watching.md")]
pub mod operating {}

#[doc = include_str!("stores.md")]
pub mod stores {}

#[doc = include_str!("testing.md")]
pub mod testing {}

#[doc = include_str!("languages.md")]
pub mod languages {}
