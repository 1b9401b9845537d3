//! What pinlatch costs, counted and not timed: instructions, allocations, store operations, bytes.
//!
//! The hot paths are those of the benchmarks in `benches/hot_paths`, from the same files.

pub mod allocator;
#[path = "../../hot_paths/forgetful.rs"]
pub mod forgetful;
pub mod host;
pub mod instructions;
#[path = "../../hot_paths/operations.rs"]
pub mod operations;
#[path = "../../hot_paths/scene.rs"]
pub mod scene;
pub mod sharded_store;
pub mod town;
