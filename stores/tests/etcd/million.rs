//! What a million people make of opening and of listing: within the usual patience. `.ci/long` runs it.

use std::collections::HashSet;
use std::time::Instant;

use etcd_client::{Client, Txn, TxnOp};
use pinlatch::host::{Expect, Key, Store, Swap};
use pinlatch::id::PersonId;
use pinlatch_testkit::rig::Engine;

use crate::fixture::{by_hand, open};
use crate::shared;

const PEOPLE: u128 = 1_000_000;
const WRITERS: usize = 16;

/// etcd takes 128 in one transaction.
const AT_ONCE: usize = 100;

/// Spread over all numbers, as drawn ones are.
fn somebody(number: u128) -> PersonId {
    PersonId::from_bytes(number.wrapping_mul(0x9E37_79B9_7F4A_7C15_F39C_C060_5CED_C835).to_be_bytes())
}

/// One writer's share, from this person on: an account and facts of each.
async fn fill(mut client: Client, first: usize) {
    let numbers = (0..PEOPLE).skip(first).step_by(WRITERS);
    let keys = numbers.flat_map(|number| [Key::account(somebody(number)), Key::person(somebody(number))]);
    let keys: Vec<Key> = keys.collect();
    for some in keys.chunks(AT_ONCE) {
        let puts = some.iter().map(|key| TxnOp::put(format!("many/{}", key.as_str()), vec![7; 200], None));
        client.txn(Txn::new().and_then(puts.collect::<Vec<_>>())).await.unwrap();
    }
}

#[test]
#[ignore = "a minute"]
fn a_prefix_of_a_million_people_is_opened_and_listed() {
    let Some(server) = shared::private(Engine::Etcd, &["--quota-backend-bytes=8589934592"]) else { return };
    shared::runtime().block_on(async {
        drop(open(server.address(), "many").await);
        let client = by_hand(server.address()).await;
        let writers = (0..WRITERS).map(|first| tokio::spawn(fill(client.clone(), first)));
        for writer in writers.collect::<Vec<_>>() {
            writer.await.unwrap();
        }
        let begun = Instant::now();
        let store = open(server.address(), "many").await;
        println!("opened in {:?}", begun.elapsed());
        let begun = Instant::now();
        let accounts = store.accounts().await.unwrap();
        println!("listed in {:?}", begun.elapsed());
        assert_eq!(accounts.len(), usize::try_from(PEOPLE).unwrap());
        assert_eq!(accounts.iter().collect::<HashSet<_>>().len(), accounts.len());
        assert_eq!(store.people().await.unwrap().len(), accounts.len());
        let one = Key::account(somebody(1));
        let found = store.load(&one).await.unwrap().unwrap();
        let swapped = store.compare_and_swap(&one, Expect::At(found.version), vec![8], &[]).await.unwrap();
        assert!(matches!(swapped, Swap::Applied(_)), "{swapped:?}");
    });
}
