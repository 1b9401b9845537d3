//! Three members on the loopback interface.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, TcpStream};
use std::path::Path;
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

use pinlatch::host::{Expect, Key, Store, Swap};
use pinlatch_stores::etcd::{EtcdOptions, EtcdStore};
use pinlatch_testkit::person;
use pinlatch_testkit::rig::{Engine, Server, free_port};

use crate::fixture::by_hand;
use crate::shared;

struct Cluster {
    members: Vec<Server>,
}

impl Cluster {
    /// `None` is a loud skip.
    fn start() -> Option<Self> {
        // Says loudly where etcd is not installed.
        shared::private(Engine::Etcd, &[])?;
        let peers: Vec<_> = (0..3).map(|_| format!("http://127.0.0.1:{}", free_port().unwrap())).collect();
        let named = peers.iter().enumerate().map(|(number, peer)| format!("m{number}={peer}"));
        let all = named.collect::<Vec<_>>().join(",");
        // None is ready before there are two.
        let starting: Vec<_> = peers
            .into_iter()
            .enumerate()
            .map(|(number, own)| {
                let all = all.clone();
                thread::spawn(move || member(number, &own, &all))
            })
            .collect();
        Some(Self { members: starting.into_iter().map(|member| member.join().unwrap()).collect() })
    }

    fn url(&self) -> String {
        let members: Vec<_> = self.members.iter().map(|member| member.address().to_string()).collect();
        format!("etcd://{}", members.join(","))
    }

    async fn open(&self) -> EtcdStore {
        EtcdStore::open(&self.url()).await.unwrap()
    }

    /// Which member leads, by its number.
    async fn leader(&self) -> usize {
        for (number, member) in self.members.iter().enumerate() {
            let status = by_hand(member.address()).await.status().await.unwrap();
            if status.leader() == status.header().unwrap().member_id() {
                return number;
            }
        }
        panic!("nobody leads")
    }
}

fn member(number: usize, own: &str, all: &str) -> Server {
    let (own, all) = (own.to_owned(), all.to_owned());
    let command = move |directory: &Path, port: u16| {
        let clients = format!("http://127.0.0.1:{port}");
        let mut command = Command::new("etcd");
        command.args(["--name", &format!("m{number}"), "--data-dir"]).arg(directory.join("data"));
        command.args(["--listen-client-urls", &clients, "--advertise-client-urls", &clients]);
        command.args(["--listen-peer-urls", &own, "--initial-advertise-peer-urls", &own]);
        command.args(["--initial-cluster", &all]);
        command
    };
    Server::start("etcd", command, is_healthy).unwrap()
}

/// Whether it has a leader.
fn is_healthy(port: u16) -> bool {
    let ask = || {
        let mut member = TcpStream::connect((Ipv4Addr::LOCALHOST, port))?;
        member.set_read_timeout(Some(Duration::from_millis(500)))?;
        member.write_all(b"GET /health HTTP/1.0\r\n\r\n")?;
        let mut answer = String::new();
        member.read_to_string(&mut answer).map(|_| answer)
    };
    ask().is_ok_and(|answer| answer.contains("\"true\""))
}

#[test]
fn the_leader_dies_under_wrong_pins() {
    let Some(cluster) = Cluster::start() else { return };
    shared::runtime().block_on(async {
        let handles = [cluster.open().await, cluster.open().await];
        let leader = cluster.leader().await;
        let kill = move || {
            cluster.members[leader].kill().unwrap();
            cluster
        };
        shared::fail_over::the_leader_dies(handles, 5, kill).await;
    });
}

/// A member that is silent, and one that is cut off from the others, give way to the next.
#[test]
fn a_member_that_is_silent_or_alone_gives_way_to_the_next() {
    let Some(cluster) = Cluster::start() else { return };
    shared::runtime().block_on(async {
        let patience = Duration::from_secs(3);
        let store = EtcdOptions::new().patience(patience).open(&cluster.url()).await.unwrap();
        let key = Key::account(person(1));
        // A handle begins with the first one that is named.
        cluster.members[0].freeze().unwrap();
        let start = Instant::now();
        // The others may have to find a leader first.
        while store.load(&key).await.is_err() {
            assert!(start.elapsed() < Duration::from_secs(20), "not back after {:?}", start.elapsed());
        }
        println!("back {:?} after the first member fell silent", start.elapsed());
        let made = store.compare_and_swap(&key, Expect::Absent, vec![1], &[]).await.unwrap();
        assert!(matches!(made, Swap::Applied(_)), "{made:?}");
        // Of three, one: it answers that it has no leader, or nothing.
        cluster.members[2].kill().unwrap();
        assert!(store.load(&key).await.is_err(), "one of three answered alone");
        cluster.members[0].thaw().unwrap();
        let start = Instant::now();
        while !matches!(store.load(&key).await, Ok(Some(_))) {
            assert!(start.elapsed() < Duration::from_secs(20), "not back after {:?}", start.elapsed());
        }
    });
}
