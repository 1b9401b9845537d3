//! What every engine can be asked, and which engines there are.

use std::pin::Pin;
use std::sync::Arc;

use pinlatch::access::PeopleEntry;
use pinlatch::account::{Event, RefusalEvent};
use pinlatch::host::{Expect, Journal, Key, Loaded, PeopleJournal, Store, Swap};
use pinlatch::id::PersonId;
use pinlatch::time::Timestamp;

use super::address::{Address, EngineName};
use super::error::AnyError;
use super::store::AnyStore;
use crate::JournalledRefusal;

/// An answer of any engine.
pub(super) type Answer<'a, T> = Pin<Box<dyn Future<Output = Result<T, AnyError>> + Send + 'a>>;

/// An engine behind a pointer. One allocation for each call, beside a network or a disk.
pub(super) trait Engine: Send + Sync {
    fn name(&self) -> EngineName;
    fn takes_events(&self) -> bool;
    fn load<'a>(&'a self, key: &'a Key) -> Answer<'a, Option<Loaded>>;
    fn swap<'a>(
        &'a self,
        key: &'a Key,
        expect: Expect,
        bytes: Vec<u8>,
        events: &'a [Event],
    ) -> Answer<'a, Swap>;
    fn people(&self) -> Answer<'_, Vec<PersonId>>;
    fn accounts(&self) -> Answer<'_, Vec<PersonId>>;
    fn remove_facts(&self, person: PersonId) -> Answer<'_, bool>;

    fn record<'a>(&'a self, _: &'a [Event]) -> Answer<'a, ()> {
        no_trail()
    }
    fn refused<'a>(&'a self, _: &'a RefusalEvent) -> Answer<'a, ()> {
        no_trail()
    }
    fn record_people<'a>(&'a self, _: &'a [PeopleEntry]) -> Answer<'a, ()> {
        no_trail()
    }
    fn events(&self, _: PersonId) -> Answer<'_, Vec<Event>> {
        no_trail()
    }
    fn changes(&self, _: PersonId) -> Answer<'_, Vec<PeopleEntry>> {
        no_trail()
    }
    fn changes_after(&self, _: u64) -> Answer<'_, Vec<PeopleEntry>> {
        no_trail()
    }
    fn refusals(&self, _: Option<PersonId>) -> Answer<'_, Vec<JournalledRefusal>> {
        no_trail()
    }
    fn remove_refusals_before(&self, _: Timestamp) -> Answer<'_, usize> {
        no_trail()
    }
    fn remove_trail(&self, _: PersonId) -> Answer<'_, usize> {
        no_trail()
    }
}

fn no_trail<'a, T: Send + 'a>() -> Answer<'a, T> {
    Box::pin(async { Err(AnyError::NoTrail) })
}

/// One engine: what it does, and if it keeps the trail, what it does with that.
macro_rules! engine {
    ($name:ident is $store:ty $(, $with_trail:ident)?) => {
        impl Engine for $store {
            fn name(&self) -> EngineName {
                EngineName::$name
            }
            fn takes_events(&self) -> bool {
                Store::takes_events(self)
            }
            asks! { $name; load<'a>(&'a self, key: &'a Key) -> Option<Loaded>, Store::load(self, key) }
            asks! { $name;
                swap<'a>(&'a self, key: &'a Key, expect: Expect, bytes: Vec<u8>, events: &'a [Event]) -> Swap,
                Store::compare_and_swap(self, key, expect, bytes, events)
            }
            asks! { $name; people<'a>(&'a self,) -> Vec<PersonId>, <$store>::people(self) }
            asks! { $name; accounts<'a>(&'a self,) -> Vec<PersonId>, <$store>::accounts(self) }
            asks! { $name;
                remove_facts<'a>(&'a self, person: PersonId) -> bool, <$store>::remove_facts(self, person)
            }
            $($with_trail! { $name is $store })?
        }

        impl From<$store> for AnyStore {
            /// With the options that it was opened with.
            fn from(store: $store) -> Self {
                Self(Arc::new(store))
            }
        }
    };
}

macro_rules! with_trail {
    ($name:ident is $store:ty) => {
        asks! { $name; record<'a>(&'a self, events: &'a [Event]) -> (), Journal::record(self, events) }
        asks! { $name;
            refused<'a>(&'a self, refusal: &'a RefusalEvent) -> (), Journal::refused(self, refusal)
        }
        asks! { $name;
            record_people<'a>(&'a self, changes: &'a [PeopleEntry]) -> (),
            PeopleJournal::record_people(self, changes)
        }
        asks! { $name; events<'a>(&'a self, person: PersonId) -> Vec<Event>, <$store>::events(self, person) }
        asks! { $name;
            changes<'a>(&'a self, person: PersonId) -> Vec<PeopleEntry>, <$store>::changes(self, person)
        }
        asks! { $name;
            changes_after<'a>(&'a self, number: u64) -> Vec<PeopleEntry>, <$store>::changes_after(self, number)
        }
        asks! { $name;
            refusals<'a>(&'a self, person: Option<PersonId>) -> Vec<JournalledRefusal>,
            <$store>::refusals(self, person)
        }
        asks! { $name;
            remove_refusals_before<'a>(&'a self, moment: Timestamp) -> usize,
            <$store>::remove_refusals_before(self, moment)
        }
        asks! { $name;
            remove_trail<'a>(&'a self, person: PersonId) -> usize, <$store>::remove_trail(self, person)
        }
    };
}

/// One method: the engine's own, and its error with the engine's name.
macro_rules! asks {
    (
        $name:ident;
        $method:ident<$life:lifetime>(&$same:lifetime $me:ident, $($argument:ident: $type:ty),*) -> $answer:ty,
        $asked:expr
    ) => {
        fn $method<$life>(&$life $me, $($argument: $type),*) -> Answer<$life, $answer> {
            Box::pin(async move { $asked.await.map_err(of(EngineName::$name)) })
        }
    };
}

fn of<E: std::error::Error + Send + Sync + 'static>(engine: EngineName) -> impl FnOnce(E) -> AnyError {
    move |error| AnyError::Engine { engine, source: Box::new(error) }
}

/// Opens the engine with what the address says.
macro_rules! opened {
    ($options:expr, $address:ident) => {{
        let mut options = $options;
        if let Some(prefix) = $address.prefix {
            options = options.prefix(prefix);
        }
        for risk in $address.risks()? {
            options = options.accepting(risk);
        }
        Ok(options.open(&$address.of_engine).await.map_err(of($address.engine))?.into())
    }};
}

/// Opens the engine that an address names.
pub(super) async fn open(address: Address<'_>) -> Result<AnyStore, AnyError> {
    match address.engine {
        #[cfg(feature = "sqlite")]
        EngineName::Sqlite => {
            let path = super::address::sqlite_path(&address.of_engine).into();
            Ok(crate::sqlite::Background::open(path).await.map_err(of(address.engine))?.into())
        }
        #[cfg(feature = "postgres")]
        EngineName::Postgres => opened! { crate::postgres::PostgresOptions::new(), address },
        #[cfg(feature = "mariadb")]
        EngineName::MariaDb => opened! { crate::mariadb::MariaDbOptions::new(), address },
        #[cfg(feature = "redis")]
        EngineName::Redis => {
            let options = crate::redis::RedisOptions::new();
            let options = match address.acknowledged_by {
                Some(replicas) => options.acknowledged_by(replicas),
                None => options,
            };
            opened! { options, address }
        }
        #[cfg(feature = "nats")]
        EngineName::Nats => opened! { crate::nats::NatsOptions::new(), address },
        #[cfg(feature = "etcd")]
        EngineName::Etcd => opened! { crate::etcd::EtcdOptions::new(), address },
        #[allow(unreachable_patterns, reason = "with every feature there is no other")]
        engine => Err(AnyError::NotBuilt { engine }),
    }
}

#[cfg(feature = "mariadb")]
engine! { MariaDb is crate::mariadb::MariaDbStore, with_trail }
#[cfg(feature = "redis")]
engine! { Redis is crate::redis::RedisStore }
#[cfg(feature = "sqlite")]
engine! { Sqlite is crate::sqlite::Background, with_trail }

#[cfg(feature = "postgres")]
engine! { Postgres is crate::postgres::PostgresStore, with_trail }
#[cfg(feature = "nats")]
engine! { Nats is crate::nats::NatsStore }
#[cfg(feature = "etcd")]
engine! { Etcd is crate::etcd::EtcdStore }
