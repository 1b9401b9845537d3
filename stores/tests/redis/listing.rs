//! Who is kept here.

use pinlatch::host::{Expect, Key};
use pinlatch_testkit::person;

use crate::shared;
use crate::support::{applied, by_hand, open, opened, server};
use pinlatch_stores::redis::RedisOptions;

/// More keys than one turn of `SCAN` looks at, other people's among them.
#[test]
fn everybody_is_listed_once_and_nobody_else() {
    let Some(server) = server(&[]) else { return };
    shared::runtime().block_on(async {
        let store = open(server.address()).await;
        let other = opened(RedisOptions::new().prefix("pinlatch2"), server.address()).await;
        let many = 1500;
        let fill = "for n = 1, 5000 do redis.call('SET', 'else:' .. n, n) end";
        let client = redis::Client::open(crate::support::at(server.address())).unwrap();
        let mut connection = client.get_multiplexed_async_connection().await.unwrap();
        redis::cmd("EVAL").arg(fill).arg(0).exec_async(&mut connection).await.unwrap();
        for number in 0..many {
            applied(&store, &Key::account(person(number)), Expect::Absent, b"").await;
        }
        applied(&store, &Key::person(person(7)), Expect::Absent, b"").await;
        applied(&other, &Key::account(person(9_999)), Expect::Absent, b"").await;
        let _: String = by_hand(server.address(), "SET pinlatch:a-nobody 1").await;
        let expected: Vec<_> = (0..many).map(person).collect();
        assert_eq!(store.accounts().await.unwrap(), expected);
        assert_eq!(store.people().await.unwrap(), [person(7)]);
        assert!(store.remove_facts(person(7)).await.unwrap());
        assert!(store.people().await.unwrap().is_empty());
        assert_eq!(other.accounts().await.unwrap(), [person(9_999)]);
    });
}
