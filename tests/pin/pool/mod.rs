//! Argon2id in a pool: bounded, first come first served, used again, wiped, and never stuck.

mod hashing;
mod slots;
mod sources;

use std::panic::resume_unwind;
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::thread;
use std::time::Duration;

/// Runs a test beside this thread, so that one that is stuck fails instead of running for ever.
fn in_time(test: impl FnOnce() + Send + 'static) {
    let (done, heard) = channel();
    let test = thread::spawn(move || {
        test();
        done.send(()).unwrap();
    });
    match heard.recv_timeout(Duration::from_secs(60)) {
        Err(RecvTimeoutError::Timeout) => panic!("stuck: somebody waits for a slot that never comes"),
        Ok(()) | Err(RecvTimeoutError::Disconnected) => {
            test.join().unwrap_or_else(|panic| resume_unwind(panic))
        }
    }
}
