//! Allocations of every hot path, exactly: one that allocates less has to be committed here too.

use std::collections::BTreeMap;

use pinlatch_counts::allocator::{Counting, allocations_of};
use pinlatch_counts::operations::{BLOCK, HASH, NOTHING, operations};

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// Allocations by operation; where the number of devices is varied, for 1, 3, 16 and 64 of them.
///
/// An account has room for its devices, its events and its latest writes: three allocations to read
/// one back. What changes it makes room for the new event: the record came with one event, so the
/// list grows, and doubles from there. Authenticating makes room for the device besides.
const EXACTLY: [(&str, &[u64]); 27] = [
    (NOTHING, &[0]),
    ("permission decision, one company", &[0]),
    ("permission decision, two companies", &[0]),
    (HASH, &[0]),
    (BLOCK, &[0]),
    ("session token from text, alone", &[0]),
    ("check from text, session wanted", &[0, 0, 0, 0]),
    ("check from text, function wanted", &[0, 0, 0, 0]),
    ("decode and check from text, session wanted", &[5, 5, 5, 5]),
    ("decode", &[5, 5, 5, 5]),
    ("encode", &[2, 2, 2, 2]),
    ("typed session: new, then revoked", &[0]),
    ("authenticate", &[3]),
    ("create PIN", &[1]),
    ("lock", &[1]),
    ("spend", &[1]),
    ("settle right: unlock", &[1]),
    ("settle wrong", &[1]),
    ("settle wrong, the fifth: exhaust", &[1]),
    ("unlock by face", &[1]),
    // The event, and the list of what ended.
    ("acknowledge", &[2]),
    ("log out", &[2]),
    ("log out, locked", &[2]),
    ("device turns modified", &[2]),
    ("invite", &[1]),
    ("log out from all devices", &[2, 2, 5, 7]),
    ("revoke all, by an administrator", &[2, 2, 5, 7]),
];

/// The allocations of every operation, by its name.
fn counted() -> BTreeMap<&'static str, Vec<u64>> {
    let mut all: BTreeMap<&str, Vec<u64>> = BTreeMap::new();
    for operation in operations() {
        let scene = operation.scene();
        let mut account = scene.account();
        let (count, done) = allocations_of(|| operation.run(&scene, &mut account));
        assert!(done, "{operation}");
        all.entry(operation.what).or_default().push(count);
    }
    all
}

#[test]
fn every_operation_allocates_exactly_what_the_table_says() {
    let counted = counted();
    let expected: BTreeMap<&str, Vec<u64>> =
        EXACTLY.iter().map(|(what, counts)| (*what, counts.to_vec())).collect();
    let differs = |(what, counts): &(&&str, &Vec<u64>)| expected.get(**what) != Some(*counts);
    let differing: Vec<_> = counted.iter().filter(differs).collect();
    assert!(differing.is_empty(), "not as in the table: {differing:?}");
    assert_eq!(counted.len(), expected.len(), "an operation of the table is gone");
}
