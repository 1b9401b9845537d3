//! The store itself: each call goes to the engine that was chosen.

use std::fmt;
use std::sync::Arc;

use pinlatch::access::PeopleEntry;
use pinlatch::account::Event;
use pinlatch::host::{Expect, Key, Loaded, Store, Swap};
use pinlatch::id::PersonId;
use pinlatch::time::Timestamp;

use super::address::{Address, EngineName};
use super::engines::{Engine, open};
use super::error::AnyError;
use super::journal::{AnyJournal, NoJournal};
use crate::JournalledRefusal;

/// A store of one of the engines, chosen at run time. Clones share its connections.
#[derive(Clone)]
pub struct AnyStore(pub(super) Arc<dyn Engine>);

impl AnyStore {
    /// Opens the store that the address names, with its engine's default options but for what the address says: its
    /// settings are checked, and its tables or keys are made if there are none. The [table](crate::any) says what addresses
    /// look like.
    ///
    /// # Errors
    /// [`AnyError::UnknownAddress`], [`AnyError::NotBuilt`], [`AnyError::Parameter`], [`AnyError::Risk`], or what the
    /// engine says.
    pub async fn open(address: &str) -> Result<Self, AnyError> {
        open(Address::parse(address)?).await
    }

    /// Which engine it is.
    #[must_use]
    pub fn engine(&self) -> EngineName {
        self.0.name()
    }

    /// A journal for the gate: the engine's own if it keeps the trail, and this one if not, or if the store was opened
    /// `without_events`. For "Users and roles" it is a [`PeopleJournal`](pinlatch::host::PeopleJournal) too. `PostgresStore`,
    /// `MariaDbStore` and `sqlite::Background` are one, an `AnyStore` is none: `in_nats.journal_or(in_postgres)` has the accounts in NATS and the
    /// trail in PostgreSQL.
    #[must_use]
    pub fn journal_or<J>(&self, otherwise: J) -> AnyJournal<J> {
        AnyJournal::of(self, otherwise)
    }

    /// The engine's own journal, for hosts that take no engine without one.
    ///
    /// # Errors
    /// [`AnyError::NoTrail`] for an engine that keeps no trail, and for a store that was opened `without_events`.
    pub fn journal(&self) -> Result<AnyJournal<NoJournal>, AnyError> {
        AnyJournal::own(self)
    }

    /// Everybody whose facts are kept here, in no promised order.
    ///
    /// # Errors
    /// The engine could not be asked.
    pub async fn people(&self) -> Result<Vec<PersonId>, AnyError> {
        self.0.people().await
    }

    /// Everybody who has an account here, erased ones included, in no promised order.
    ///
    /// # Errors
    /// The engine could not be asked.
    pub async fn accounts(&self) -> Result<Vec<PersonId>, AnyError> {
        self.0.accounts().await
    }

    /// Removes what is known of a person, and says whether there was anything: after
    /// [`deliver_changes`](pinlatch::gate::Gate::deliver_changes), which hands over what waits there. The account stays: the gate
    /// [erases](pinlatch::gate::Gate::erase) it next.
    ///
    /// # Errors
    /// The engine could not be asked.
    pub async fn remove_facts(&self, person: PersonId) -> Result<bool, AnyError> {
        self.0.remove_facts(person).await
    }

    /// The accepted transitions of one person, in the order in which they came; of a store opened `without_events`, those that
    /// it took before.
    ///
    /// # Errors
    /// [`AnyError::NoTrail`], or the engine could not be asked.
    pub async fn events(&self, person: PersonId) -> Result<Vec<Event>, AnyError> {
        self.0.events(person).await
    }

    /// What administrators changed about one person, in the order in which it came.
    ///
    /// # Errors
    /// [`AnyError::NoTrail`], or the engine could not be asked.
    pub async fn changes(&self, person: PersonId) -> Result<Vec<PeopleEntry>, AnyError> {
        self.0.changes(person).await
    }

    /// What administrators changed about anybody, behind this number of the engine's table of changes: what came after a
    /// backup whose last number it is.
    ///
    /// # Errors
    /// [`AnyError::NoTrail`], also of a store that was opened `without_events`: ask the journal that has them. Or the engine
    /// could not be asked.
    pub async fn changes_after(&self, number: u64) -> Result<Vec<PeopleEntry>, AnyError> {
        if !self.takes_events() {
            return Err(AnyError::NoTrail);
        }
        self.0.changes_after(number).await
    }

    /// The refusals of one person, in the order in which they came; with `None` those of authentications that were
    /// begun for nobody in particular.
    ///
    /// # Errors
    /// [`AnyError::NoTrail`], or the engine could not be asked.
    pub async fn refusals(
        &self,
        person: impl Into<Option<PersonId>>,
    ) -> Result<Vec<JournalledRefusal>, AnyError> {
        self.0.refusals(person.into()).await
    }

    /// Removes everybody's refusals from before a moment, and says how many.
    ///
    /// # Errors
    /// [`AnyError::NoTrail`], or the engine could not be asked.
    pub async fn remove_refusals_before(&self, moment: Timestamp) -> Result<usize, AnyError> {
        self.0.remove_refusals_before(moment).await
    }

    /// Removes a person's whole trail, and says how many entries they were.
    ///
    /// # Errors
    /// [`AnyError::NoTrail`], or the engine could not be asked.
    pub async fn remove_trail(&self, person: PersonId) -> Result<usize, AnyError> {
        self.0.remove_trail(person).await
    }
}

impl Store for AnyStore {
    type Error = AnyError;

    async fn load(&self, key: &Key) -> Result<Option<Loaded>, AnyError> {
        self.0.load(key).await
    }

    async fn compare_and_swap(
        &self,
        key: &Key,
        expect: Expect,
        bytes: Vec<u8>,
        events: &[Event],
    ) -> Result<Swap, AnyError> {
        self.0.swap(key, expect, bytes, events).await
    }

    fn takes_events(&self) -> bool {
        self.0.takes_events()
    }
}

impl fmt::Debug for AnyStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "AnyStore({})", self.engine().feature())
    }
}
