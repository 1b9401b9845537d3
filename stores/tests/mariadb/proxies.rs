//! A proxy that does not keep a request of several statements together.

use std::io::{self, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::num::NonZeroUsize;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use pinlatch::host::{Expect, Key, Store, Swap};
use pinlatch_stores::mariadb::MariaDbOptions;
use pinlatch_testkit::person;

use crate::servers::{by_hand, common, database};
use crate::shared;

const COMMIT: &[u8] = b"; COMMIT";

/// Passes everything on, but for the commit at the end of a request, while it swallows.
fn swallowing(server: SocketAddr) -> (SocketAddr, Arc<AtomicBool>) {
    let (listener, swallows) = (TcpListener::bind("127.0.0.1:0").unwrap(), Arc::new(AtomicBool::new(false)));
    let (address, switch) = (listener.local_addr().unwrap(), Arc::clone(&swallows));
    thread::spawn(move || {
        for client in listener.incoming() {
            let (mut from, mut to) = (client.unwrap(), TcpStream::connect(server).unwrap());
            let (mut answers, mut back) = (to.try_clone().unwrap(), from.try_clone().unwrap());
            thread::spawn(move || {
                let _gone = io::copy(&mut answers, &mut back);
                let _gone = back.shutdown(Shutdown::Both);
            });
            let swallows = Arc::clone(&switch);
            thread::spawn(move || {
                while pass_on(&mut from, &mut to, &swallows).is_ok() {}
                let _gone = to.shutdown(Shutdown::Both);
            });
        }
    });
    (address, swallows)
}

/// One packet: three bytes of its length, its number, and what it says.
fn pass_on(from: &mut TcpStream, to: &mut TcpStream, swallows: &AtomicBool) -> io::Result<()> {
    let mut head = [0; 4];
    from.read_exact(&mut head)?;
    let mut says = vec![0; u32::from_le_bytes([head[0], head[1], head[2], 0]) as usize];
    from.read_exact(&mut says)?;
    if swallows.load(Ordering::SeqCst) && says.ends_with(COMMIT) {
        says.truncate(says.len() - COMMIT.len());
    }
    let length = u32::try_from(says.len()).unwrap().to_le_bytes();
    to.write_all(&[&[length[0], length[1], length[2], head[3]], says.as_slice()].concat())
}

#[test]
fn a_commit_that_was_not_answered_is_unknown_and_its_connection_is_closed() {
    let Some(server) = common() else { return };
    shared::runtime().block_on(async {
        let (proxy, swallows) = swallowing(server.address());
        let url = database(&server, proxy).await;
        let store = MariaDbOptions::new().connections(NonZeroUsize::MIN).open(&url).await.unwrap();
        let key = Key::account(person(1));
        swallows.store(true, Ordering::SeqCst);
        let swapped = store.compare_and_swap(&key, Expect::Absent, vec![1], &[]).await;
        assert!(matches!(swapped, Ok(Swap::Unknown)), "{swapped:?}");
        swallows.store(false, Ordering::SeqCst);
        // The connection that had written it without a commit would see it.
        assert!(store.load(&key).await.unwrap().is_none());
        assert_eq!(by_hand(&url, "DELETE FROM pinlatch_records").await, 0, "and nobody holds a row");
    });
}
