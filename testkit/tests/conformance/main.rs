//! The conformance kit: our own store passes it, every broken store on the shelf fails it, and what
//! a fixture cannot show is reported by name.

mod async_fixtures;
mod async_stores;
mod attributes;
mod evidence;
mod killers;
mod matrix;
mod page;
mod reports;
mod unproven;
mod watched;

use pinlatch::host::Blocking;
use pinlatch_testkit::{MemoryStore, MemoryStoreFixture};

pinlatch_testkit::store_conformance!(memory_store_by_a_closure, || Blocking(MemoryStore::new()));
pinlatch_testkit::store_conformance!(memory_store_with_every_hook, MemoryStoreFixture);
