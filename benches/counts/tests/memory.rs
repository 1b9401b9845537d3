//! What an account takes in memory, and that a day of use leaves nothing behind. The program
//! `memory` does the same with a million accounts.

use pinlatch_counts::allocator::Counting;
use pinlatch_counts::town::{BUDGET_BYTES, town_of};

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// An unoptimised build takes minutes for as many as an optimised one does in seconds.
const PEOPLE: u32 = if cfg!(debug_assertions) { 2_000 } else { 50_000 };

#[test]
fn a_day_of_use_leaves_nothing_behind() {
    let mut town = town_of(PEOPLE);
    town.settle_in();
    town.lock_up();
    // A record remembers the last eight sign-ins, and numbers its events: until neither takes more room.
    for _ in 0..16 {
        town.live_through_a_day();
    }
    let morning = town.held();
    for day in 1..=2 {
        town.live_through_a_day();
        assert_eq!(town.held(), morning, "after day {day}");
    }
}

#[test]
fn an_account_with_one_device_stays_within_its_budget() {
    let mut town = town_of(PEOPLE);
    town.settle_in();
    let open = town.per_account(town.held().live);
    assert!(open <= BUDGET_BYTES, "{open} bytes for each account in steady use, budget {BUDGET_BYTES}");
}
