//! The conformance kit: our own store passes it, every broken store on the shelf fails it, and what
//! a fixture cannot show is reported by name.

mod async_stores;
mod killers;
mod matrix;
mod page;
mod reports;
mod unproven;

use pinlatch::host::Blocking;
use pinlatch::testkit::{MemoryStore, MemoryStoreFixture};

pinlatch::store_conformance!(memory_store_by_a_closure, || Blocking(MemoryStore::new()));
pinlatch::store_conformance!(memory_store_with_every_hook, MemoryStoreFixture);
