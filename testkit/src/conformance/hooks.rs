//! A fixture as the checks use it: what it lacks or fails at ends the check, and whatever the kit
//! did not see happen is noted as the author's word.

use std::error::Error;

use parking_lot::Mutex;

use super::async_fixture::AsyncFixture;
use super::probe::{Checked, Stop, key, load, write};
use super::report::{Evidence, Outcome};
use super::rival::Rival;
use pinlatch::account::Event;
use pinlatch::host::{Expect, Key, Swap, Version};
use pinlatch::id::PersonId;
use pinlatch::time::Timestamp;

/// The account that is written before a hook on the wire; no check looks at it.
const WARMED: u128 = 0x3a77 << 64;

/// The hooks of one check.
pub(super) struct Hooks<'f, F> {
    fixture: &'f F,
    on_word: Mutex<Vec<&'static str>>,
}

impl<'f, F: AsyncFixture> Hooks<'f, F> {
    pub(super) const fn of(fixture: &'f F) -> Self {
        Self { fixture, on_word: Mutex::new(Vec::new()) }
    }

    /// What came of the check that these were the hooks of.
    pub(super) fn outcome(self, checked: Checked) -> Outcome {
        let hooks = self.on_word.into_inner();
        match checked {
            Ok(()) if hooks.is_empty() => Outcome::Passed(Evidence::Shown),
            Ok(()) => Outcome::Passed(Evidence::OnTheAuthorsWord { hooks }),
            Err(Stop::Failed(happened)) => Outcome::Failed { happened },
            Err(Stop::Unproven(missing)) => Outcome::Unproven { missing },
        }
    }

    pub(super) async fn fresh(&self) -> Result<F::Store, Stop> {
        told(self.fixture.fresh().await, "fresh")
    }

    /// That it shares no cache with the first is the author's word.
    pub(super) async fn another(&self, store: &F::Store) -> Result<F::Store, Stop> {
        let other = self.another_if_any(store).await?;
        self.take_word_of("another");
        other.ok_or(Stop::Unproven("another"))
    }

    /// For a check that goes without as well.
    pub(super) async fn another_if_any(&self, store: &F::Store) -> Result<Option<F::Store>, Stop> {
        told(self.fixture.another(store).await, "another")
    }

    /// That it was a crash, and no orderly end, is the author's word.
    pub(super) async fn crash_and_reopen(&self, store: F::Store) -> Result<F::Store, Stop> {
        self.take_word_of("crash_and_reopen");
        let reopened = told(self.fixture.crash_and_reopen(store).await, "crash_and_reopen")?;
        reopened.ok_or(Stop::Unproven("crash_and_reopen"))
    }

    pub(super) async fn delete(&self, store: &F::Store, key: &Key) -> Checked {
        done(self.fixture.delete(store, key).await, "delete")
    }

    pub(super) async fn delete_if_unchanged(
        &self,
        store: &F::Store,
        key: &Key,
        since: Version,
    ) -> Result<bool, Stop> {
        let deleted = self.fixture.delete_if_unchanged(store, key, since).await;
        told(deleted, "delete_if_unchanged")?.ok_or(Stop::Unproven("delete_if_unchanged"))
    }

    pub(super) async fn lose_next_reply(&self, store: &F::Store) -> Checked {
        self.warm_up(store).await?;
        done(self.fixture.lose_next_reply(store).await, "lose_next_reply")
    }

    pub(super) async fn lose_next_request(&self, store: &F::Store) -> Checked {
        self.warm_up(store).await?;
        done(self.fixture.lose_next_request(store).await, "lose_next_request")
    }

    pub(super) async fn interrupt_next_swap(&self, store: &F::Store, rival: Rival) -> Checked {
        self.warm_up(store).await?;
        done(self.fixture.interrupt_next_swap(store, rival).await, "interrupt_next_swap")
    }

    pub(super) async fn interrupt_next_load(&self, store: &F::Store, rival: Rival) -> Checked {
        self.warm_up(store).await?;
        done(self.fixture.interrupt_next_load(store, rival).await, "interrupt_next_load")
    }

    pub(super) async fn stop_next_swap_half_way(&self, store: &F::Store) -> Checked {
        self.warm_up(store).await?;
        done(self.fixture.stop_next_swap_half_way(store).await, "stop_next_swap_half_way")
    }

    pub(super) async fn go_down(&self, store: &F::Store) -> Checked {
        self.warm_up(store).await?;
        done(self.fixture.go_down(store).await, "go_down")
    }

    pub(super) async fn events(&self, store: &F::Store, person: PersonId) -> Result<Vec<Event>, Stop> {
        told(self.fixture.events(store, person).await, "events")?.ok_or(Stop::Unproven("events"))
    }

    /// A store that goes by no clock looks like one whose clock did not move.
    pub(super) async fn set_clock(&self, store: &F::Store, now: Timestamp) -> Checked {
        self.take_word_of("set_clock");
        done(self.fixture.set_clock(store, now).await, "set_clock")
    }

    pub(super) async fn set_next_version(&self, store: &F::Store, number: u64) -> Checked {
        done(self.fixture.set_next_version(store, number).await, "set_next_version")
    }

    /// A write that was meant to go wrong and was `Applied` may have met no fault at all.
    pub(super) fn take_word_if_applied(&self, hook: &'static str, answer: Option<Swap>) {
        if matches!(answer, Some(Swap::Applied(_))) {
            self.take_word_of(hook);
        }
    }

    fn take_word_of(&self, hook: &'static str) {
        let mut on_word = self.on_word.lock();
        if !on_word.contains(&hook) {
            on_word.push(hook);
        }
    }

    /// One load and one write, so that the handle has connected, prepared its statements and loaded
    /// its scripts: what a hook on the wire meets is then the call of the check, and not one of those.
    async fn warm_up(&self, store: &F::Store) -> Checked {
        let found = load(store, &key(WARMED)).await?;
        let expect = found.map_or(Expect::Absent, |found| Expect::At(found.version));
        write(store, &key(WARMED), expect, b"warm").await.map(|_| ())
    }
}

/// What a hook answered, unless it failed.
fn told<T>(answer: Result<T, impl Into<Box<dyn Error + Send + Sync>>>, hook: &str) -> Result<T, Stop> {
    answer.map_err(|error| {
        let error: Box<dyn Error + Send + Sync> = error.into();
        let mut text = format!("the fixture's `{hook}` failed: {error}");
        let mut source = error.source();
        while let Some(cause) = source {
            text = format!("{text}: {cause}");
            source = cause.source();
        }
        Stop::Failed(text)
    })
}

/// For a hook that only says whether it could do what it was asked for.
fn done(answer: Result<bool, impl Into<Box<dyn Error + Send + Sync>>>, hook: &'static str) -> Checked {
    if told(answer, hook)? { Ok(()) } else { Err(Stop::Unproven(hook)) }
}
