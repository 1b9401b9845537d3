//! How often a guess is hashed: as often for a right one as for a wrong one, so that time does not tell.

use pinlatch::account::Policy;
use pinlatch::pin::{HashParams, Pepper, PepperId, PepperRing};
use pinlatch_testkit::{ANOTHER_PIN, PIN, Phone, WRONG_PIN, World, WorldBuilder};

use crate::given::*;

/// Hashes of a right guess and of a wrong one, each on a host of its own.
fn hashes(
    restart: impl Fn(&World) -> WorldBuilder,
    is_open: bool,
    guess: impl Fn(&mut Phone<'_>, &str),
) -> [u64; 2] {
    [PIN, WRONG_PIN].map(|entry| {
        let world = World::new();
        let phone = world.open_phone(world.employee()).unwrap();
        if !is_open {
            phone.lock().unwrap();
        }
        let host = restart(&world).build();
        let mut phone = moved_to(&host, &phone);
        guess(&mut phone, entry);
        host.hasher.count()
    })
}

fn unlock(phone: &mut Phone<'_>, entry: &str) {
    assert_eq!(phone.unlock(entry).is_ok(), entry == PIN);
}

fn change(phone: &mut Phone<'_>, entry: &str) {
    assert_eq!(phone.change_pin(entry, ANOTHER_PIN).is_ok(), entry == PIN);
}

#[test]
fn d25_a_right_guess_and_a_wrong_one_take_the_same_number_of_hashes() {
    let same = |world: &World| world.restarted(2);
    assert_eq!(hashes(same, false, unlock), [1, 1]);
    assert_eq!(hashes(same, true, unlock), [1, 1]);
    assert_eq!(hashes(same, true, change), [2, 2]);
}

#[test]
fn d25_so_they_do_with_an_outdated_hash() {
    let stronger = |world: &World| {
        world.restarted(2).policy(Policy::builder().hash_params(HashParams::STRONG).build().unwrap())
    };
    let newer_pepper = |world: &World| {
        let ring = PepperRing::new(PepperId::from_number(2), Pepper::new(&[0x77; 32]).unwrap());
        let older = ring.with_older(PepperId::from_number(1), Pepper::new(&[0x5a; 32]).unwrap());
        world.restarted(2).peppers(older.unwrap())
    };
    for is_open in [false, true] {
        assert_eq!(hashes(stronger, is_open, unlock), [2, 2]);
        assert_eq!(hashes(newer_pepper, is_open, unlock), [2, 2]);
    }
    assert_eq!(hashes(stronger, true, change), [2, 2]);
    assert_eq!(hashes(newer_pepper, true, change), [2, 2]);
}
