//! The store of MariaDB, on private servers of the rig and on the one that `PINLATCH_MARIADB_URL` names.

#[path = "../shared/mod.rs"]
mod shared;

mod conformance;
mod guesses;
mod hosts;
mod journal;
mod kill;
mod opening;
mod people;
mod proxies;
mod recovery;
mod servers;
mod settings;
mod turns;
mod waiting;
