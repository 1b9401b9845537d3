//! Proxies that change what is asked.

use std::io::{self, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::num::NonZeroUsize;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use pinlatch::host::{Expect, Key, Store, Swap};
use pinlatch_stores::mariadb::{MariaDbError, MariaDbOptions, MariaDbStore, Untrustworthy};
use pinlatch_testkit::person;

use crate::servers::{by_hand, common, database};
use crate::shared;

const COMMIT: &[u8] = b"; COMMIT";

/// A proxy that changes each packet of the client's like this.
fn proxy(server: SocketAddr, change: impl Fn(&mut Vec<u8>) + Clone + Send + 'static) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    thread::spawn(move || {
        for client in listener.incoming() {
            let (mut from, mut to) = (client.unwrap(), TcpStream::connect(server).unwrap());
            let (mut answers, mut back) = (to.try_clone().unwrap(), from.try_clone().unwrap());
            thread::spawn(move || {
                let _gone = io::copy(&mut answers, &mut back);
                let _gone = back.shutdown(Shutdown::Both);
            });
            let change = change.clone();
            thread::spawn(move || {
                while pass_on(&mut from, &mut to, &change).is_ok() {}
                let _gone = to.shutdown(Shutdown::Both);
            });
        }
    });
    address
}

/// One packet: three bytes of its length, its number, and what it says.
fn pass_on(from: &mut TcpStream, to: &mut TcpStream, change: &impl Fn(&mut Vec<u8>)) -> io::Result<()> {
    let mut head = [0; 4];
    from.read_exact(&mut head)?;
    let mut says = vec![0; u32::from_le_bytes([head[0], head[1], head[2], 0]) as usize];
    from.read_exact(&mut says)?;
    change(&mut says);
    let length = u32::try_from(says.len()).unwrap().to_le_bytes();
    to.write_all(&[&[length[0], length[1], length[2], head[3]], says.as_slice()].concat())
}

#[test]
fn a_commit_that_was_not_answered_is_unknown_and_its_connection_is_closed() {
    let Some(server) = common() else { return };
    shared::runtime().block_on(async {
        let swallows = Arc::new(AtomicBool::new(false));
        let switch = Arc::clone(&swallows);
        let proxy = proxy(server.address(), move |says| {
            if switch.load(Ordering::SeqCst) && says.ends_with(COMMIT) {
                says.truncate(says.len() - COMMIT.len());
            }
        });
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

/// Opening writes a record of each kind, and reads it.
#[test]
fn a_server_that_does_not_give_back_what_was_written_is_refused() {
    let Some(server) = common() else { return };
    shared::runtime().block_on(async {
        for kind in ["a-", "p-"] {
            let key = format!("k = x'{}", hex(kind));
            let proxy = proxy(server.address(), move |says| {
                let text = String::from_utf8_lossy(says).into_owned();
                if text.contains("UPDATE") && text.contains(&key) {
                    *says = text.replace(&hex("second"), &hex("other!")).into_bytes();
                }
            });
            let url = database(&server, proxy).await;
            let refused = MariaDbStore::open(&url).await.unwrap_err();
            assert!(
                matches!(refused, MariaDbError::Untrustworthy(Untrustworthy::Forgets)),
                "{kind}: {refused}"
            );
            assert_eq!(by_hand(&url, "DELETE FROM pinlatch_records").await, 0, "a probe left its record");
        }
    });
}

fn hex(text: &str) -> String {
    text.bytes().map(|byte| format!("{byte:02x}")).collect()
}
