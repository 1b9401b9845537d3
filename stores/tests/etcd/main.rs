//! The store on etcd: real servers, and a wire that breaks.

mod cluster;
mod conformance;
mod faults;
mod fixture;
mod million;
mod opening;
mod operations;
#[path = "../shared/mod.rs"]
mod shared;
