//! The store of MariaDB, on private servers of the rig and on the one that `PINLATCH_MARIADB_URL` names.

#[path = "../shared/mod.rs"]
mod shared;

mod conformance;
mod servers;
