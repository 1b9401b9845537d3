//! Gates over the parts of a world, with one part put in the place of the world's own.

use pinlatch::gate::Gate;
use pinlatch::host::{Blocking, Host, HostParts, Inline, Journal, Randomness, Store};
use pinlatch_testkit::{SeededRandomness, World};

use super::credentials::peppers;

fn gate<'w>(
    world: &'w World,
    store: impl Store + 'w,
    journal: impl Journal + 'w,
    randomness: impl Randomness + 'w,
) -> Gate<impl Host + 'w> {
    let directory = Blocking(&*world.directory);
    let host = HostParts { store, clock: &*world.clock, directory, journal, offload: Inline, randomness };
    let policy = world.gate.policy().clone();
    Gate::builder(host).hasher(world.hasher.clone()).peppers(peppers()).policy(policy).build().unwrap()
}

/// Draws that nobody else makes.
fn draws() -> SeededRandomness {
    SeededRandomness::new(0x6a7e)
}

pub(crate) fn gate_on_store<'w>(world: &'w World, store: impl Store + 'w) -> Gate<impl Host + 'w> {
    gate(world, store, Blocking(&*world.journal), draws())
}

pub(crate) fn gate_with_journal<'w>(world: &'w World, journal: impl Journal + 'w) -> Gate<impl Host + 'w> {
    gate(world, Blocking(&*world.store), journal, draws())
}

pub(crate) fn gate_drawing<'w>(
    world: &'w World,
    store: impl Store + 'w,
    randomness: impl Randomness + 'w,
) -> Gate<impl Host + 'w> {
    gate(world, store, Blocking(&*world.journal), randomness)
}
