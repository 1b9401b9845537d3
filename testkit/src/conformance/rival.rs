//! A write by somebody else, in the middle of a call.

use std::fmt;
use std::sync::Arc;

use parking_lot::Mutex;

use super::executor::Task;
use pinlatch::host::{Expect, Key, Store, Swap};

/// A write by somebody else, for a [`Fixture`](super::Fixture) to let happen in the middle of a
/// call of the store under test.
pub struct Rival {
    key: Key,
    expect: Expect,
    bytes: Vec<u8>,
    answer: Answer,
}

/// What a rival was answered, for the check that sent it. `None` before it wrote, and for an error.
#[derive(Clone, Default)]
pub(super) struct Answer(Arc<Mutex<Option<Swap>>>);

impl Answer {
    pub(super) fn of_the_rival(&self) -> Option<Swap> {
        *self.0.lock()
    }
}

impl Rival {
    pub(super) fn new(key: Key, expect: Expect, bytes: &[u8]) -> (Self, Answer) {
        let answer = Answer::default();
        (Self { key, expect, bytes: bytes.into(), answer: answer.clone() }, answer)
    }

    /// Writes, through this handle. A blocking store says
    /// `at_once(rival.writes_through(&Blocking(&self.another_handle())))`.
    pub fn writes_through<S: Store>(self, store: &S) -> Task<'_> {
        Box::pin(async move {
            let answer = store.compare_and_swap(&self.key, self.expect, self.bytes, &[]).await;
            *self.answer.0.lock() = answer.ok();
        })
    }
}

impl fmt::Debug for Rival {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Rival({:?}, {:?}, {} bytes)", self.key, self.expect, self.bytes.len())
    }
}
