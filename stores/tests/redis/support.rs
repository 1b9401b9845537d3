//! A server for each test, and what somebody does there by hand.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use pinlatch::host::{Expect, Key, Store, Swap, Version};
use pinlatch_stores::redis::{RedisOptions, RedisStore};
use pinlatch_testkit::rig::{Engine, Server};
use redis::{Client, FromRedisValue, cmd};

/// Where the machine's server is.
pub(crate) const URL: &str = "PINLATCH_REDIS_URL";

pub(crate) fn server(settings: &[&str]) -> Option<Server> {
    crate::shared::private(Engine::Redis, settings)
}

pub(crate) fn at(address: SocketAddr) -> String {
    format!("redis://{address}")
}

pub(crate) async fn open(address: SocketAddr) -> RedisStore {
    opened(RedisOptions::new(), address).await
}

pub(crate) async fn opened(options: RedisOptions, address: SocketAddr) -> RedisStore {
    options.open(&at(address)).await.unwrap_or_else(|error| panic!("{error}: {error:?}"))
}

/// One command on a connection of its own, as an operator would type it.
pub(crate) async fn by_hand<T: FromRedisValue>(address: SocketAddr, command: &str) -> T {
    let client = Client::open(at(address)).unwrap();
    let mut connection = client.get_multiplexed_async_connection().await.unwrap();
    let mut words = command.split(' ');
    let mut typed = cmd(words.next().unwrap());
    for word in words {
        typed.arg(word);
    }
    typed.query_async(&mut connection).await.unwrap()
}

pub(crate) async fn applied<S: Store>(store: &S, key: &Key, expect: Expect, bytes: &[u8]) -> Version {
    match store.compare_and_swap(key, expect, bytes.to_vec(), &[]).await.unwrap() {
        Swap::Applied(version) => version,
        other => panic!("{other:?}"),
    }
}

/// Waits until a replica is connected, and has what is there now.
pub(crate) async fn is_replicated(address: SocketAddr) {
    let client = Client::open(at(address)).unwrap();
    let mut connection = client.get_multiplexed_async_connection().await.unwrap();
    let start = Instant::now();
    let mut wait = redis::pipe();
    // `WAIT` is about what its own connection wrote.
    wait.cmd("INCR").arg("mark").ignore().cmd("WAIT").arg(1).arg(200);
    // Refused while there is none, if the server asks for one.
    while !wait.query_async::<(u32,)>(&mut connection).await.is_ok_and(|(replicas,)| replicas == 1) {
        assert!(start.elapsed() < Duration::from_secs(20), "the replica does not follow");
    }
}
