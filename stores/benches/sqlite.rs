//! What a load and a swap cost: `cargo bench -p pinlatch-stores`.

use divan::Bencher;
use pinlatch::host::{BlockingStore, Expect, Key, Swap, Version};
use pinlatch::id::PersonId;
use pinlatch_stores::sqlite::SqliteStore;
use tempfile::TempDir;

/// About an account with one device, and about one with many.
const RECORD_BYTES: [usize; 2] = [300, 4_000];
const KEY: u128 = 1;

fn main() {
    divan::main();
}

fn store(bytes: usize) -> (TempDir, SqliteStore, Key) {
    // Beside the sources and not in a temporary directory, which may be in memory.
    let directory = tempfile::tempdir_in(env!("CARGO_MANIFEST_DIR")).expect("a directory");
    let store = SqliteStore::open(directory.path().join("store")).expect("a new file");
    let key = Key::account(PersonId::from_u128(KEY));
    swap(&store, &key, Expect::Absent, bytes);
    (directory, store, key)
}

fn swap(store: &SqliteStore, key: &Key, expect: Expect, bytes: usize) -> Version {
    match store.compare_and_swap(key, expect, vec![7; bytes], &[]) {
        Ok(Swap::Applied(version)) => version,
        other => panic!("{other:?}"),
    }
}

#[divan::bench(args = RECORD_BYTES)]
fn load(bencher: Bencher<'_, '_>, bytes: usize) {
    let (_directory, store, key) = store(bytes);
    bencher.bench(|| store.load(&key).expect("a load"));
}

#[divan::bench(args = RECORD_BYTES)]
fn load_and_swap(bencher: Bencher<'_, '_>, bytes: usize) {
    let (_directory, store, key) = store(bytes);
    bencher.bench(|| {
        let found = store.load(&key).expect("a load").expect("a record");
        swap(&store, &key, Expect::At(found.version), bytes)
    });
}
