//! Three servers on the loopback interface.

use std::num::NonZeroUsize;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use pinlatch::host::{Expect, Key, Store, Swap};
use pinlatch_stores::nats::{NatsError, NatsOptions, NatsStore, Risk};
use pinlatch_testkit::person;
use pinlatch_testkit::rig::{Engine, Server, free_port};

use crate::fixture::by_hand;
use crate::shared;

/// Until a cluster has its first leader.
const ELECTION: Duration = Duration::from_secs(30);

/// Of servers that may be old ones.
fn any_version() -> NatsOptions {
    NatsOptions::new().accepting(Risk::RacingReplicas)
}

struct Cluster {
    servers: Vec<Server>,
}

impl Cluster {
    /// `None` is a loud skip.
    fn start() -> Option<Self> {
        // Says loudly where NATS is not installed.
        shared::private(Engine::Nats, &[])?;
        let routes: Vec<_> = (0..3).map(|_| free_port().unwrap()).collect();
        let all: Vec<_> = routes.iter().map(|port| format!("nats://127.0.0.1:{port}")).collect();
        let all = all.join(",");
        let server = |(number, own): (usize, &u16)| {
            let (own, all) = (format!("nats://127.0.0.1:{own}"), all.clone());
            let command = move |directory: &Path, port: u16| {
                let mut command = Command::new("nats-server");
                command.args(["-a", "127.0.0.1", "-p", &port.to_string(), "-js", "-sd"]);
                command.arg(directory.join("data")).args([
                    "-n",
                    &format!("n{number}"),
                    "--cluster_name",
                    "c",
                ]);
                command.args(["--cluster", &own, "--routes", &all]);
                command
            };
            let is_ready = |port| std::net::TcpStream::connect((std::net::Ipv4Addr::LOCALHOST, port)).is_ok();
            Server::start("NATS", command, is_ready).unwrap()
        };
        Some(Self { servers: routes.iter().enumerate().map(server).collect() })
    }

    fn url(&self) -> String {
        let servers: Vec<_> = self.servers.iter().map(|server| server.address().to_string()).collect();
        format!("nats://{}", servers.join(","))
    }

    /// As soon as the cluster can make a bucket.
    async fn open(&self, options: &NatsOptions) -> Result<NatsStore, NatsError> {
        let start = Instant::now();
        loop {
            match options.clone().open(&self.url()).await {
                Err(error @ (NatsError::Refused(_) | NatsError::NoAnswer(_)))
                    if start.elapsed() < ELECTION =>
                {
                    println!("not yet: {error:?}");
                    tokio::time::sleep(Duration::from_millis(100)).await;
                }
                opened => return opened,
            }
        }
    }

    /// Whether its servers are before 2.9.21, and so refused with several replicas: on them two writers of one version can
    /// both be told that they wrote.
    async fn is_refused_as_old(&self) -> bool {
        match self.open(&NatsOptions::new()).await {
            Ok(_) => false,
            Err(NatsError::Unsafe(found)) => {
                assert_eq!((found.setting, found.risk), ("version", Some(Risk::RacingReplicas)));
                true
            }
            Err(error) => panic!("{error:?}"),
        }
    }

    /// Which server leads the bucket, by its number.
    async fn leader(&self) -> usize {
        let context = by_hand(self.servers[0].address()).await;
        let mut stream = context.get_stream("KV_pinlatch").await.unwrap();
        let cluster = stream.info().await.unwrap().cluster.clone().unwrap();
        cluster.leader.unwrap().trim_start_matches('n').parse().unwrap()
    }
}

#[test]
fn one_replica_in_a_cluster_is_refused_and_three_are_the_rule() {
    let Some(cluster) = Cluster::start() else { return };
    shared::runtime().block_on(async {
        let old = cluster.is_refused_as_old().await;
        println!("servers that do not compare what is under way: {old}");
        drop(cluster.open(&any_version()).await.unwrap());
        let context = by_hand(cluster.servers[0].address()).await;
        let mut stream = context.get_stream("KV_pinlatch").await.unwrap();
        let config = stream.info().await.unwrap().config.clone();
        assert_eq!((config.num_replicas, config.allow_direct), (3, false));
        let one = any_version().prefix("one").replicas(NonZeroUsize::MIN);
        let refused = cluster.open(&one).await.unwrap_err();
        let NatsError::Unsafe(found) = refused else { panic!("{refused:?}") };
        assert_eq!((found.setting, found.risk), ("num_replicas", Some(Risk::OneReplica)));
        cluster.open(&one.accepting(Risk::OneReplica)).await.unwrap();
    });
}

/// The driver knows the others by then, but would stay with the first for minutes.
#[test]
fn a_server_that_falls_silent_gives_way_to_another() {
    let Some(cluster) = Cluster::start() else { return };
    shared::runtime().block_on(async {
        cluster.open(&any_version()).await.unwrap();
        let first = format!("nats://{}", cluster.servers[0].address());
        let store = any_version().patience(Duration::from_secs(3)).open(&first).await.unwrap();
        let key = Key::account(person(1));
        cluster.servers[0].freeze().unwrap();
        let start = Instant::now();
        while store.load(&key).await.is_err() {
            assert!(start.elapsed() < ELECTION, "not back after {:?}", start.elapsed());
        }
        println!("back {:?} after the server fell silent", start.elapsed());
        let made = store.compare_and_swap(&key, Expect::Absent, vec![1], &[]).await.unwrap();
        assert!(matches!(made, Swap::Applied(_)), "{made:?}");
    });
}

#[test]
fn the_leader_dies_under_wrong_pins() {
    let Some(cluster) = Cluster::start() else { return };
    shared::runtime().block_on(async {
        let old = cluster.is_refused_as_old().await;
        let handles = [cluster.open(&any_version()).await, cluster.open(&any_version()).await];
        let handles = handles.map(Result::unwrap);
        let leader = cluster.leader().await;
        let kill = move || {
            cluster.servers[leader].kill().unwrap();
            cluster
        };
        // All of them, where both writers of a race can be told that they wrote: 7 to 12 were seen on 2.9.10.
        let most = if old { u64::MAX } else { 5 };
        shared::fail_over::the_leader_dies(handles, most, kill).await;
    });
}
