//! A host or a part behind a reference, a `Box` or an `Arc` is one: applications share them freely.

use alloc::boxed::Box;
use alloc::sync::Arc;
use alloc::vec::Vec;

use super::blocking::{BlockingDirectory, BlockingJournal, BlockingStore};
use super::clock::Clock;
use super::directory::Directory;
use super::journal::Journal;
use super::offload::{Offload, OffloadError};
use super::parts::Host;
use super::randomness::{Randomness, RandomnessError};
use super::store::{Expect, Key, Loaded, Store, Swap};
use crate::account::{Event, RefusalEvent};
use crate::id::PersonId;
use crate::people::{LocalDates, Person};
use crate::time::Timestamp;

macro_rules! forward {
    ($($pointer:ty),*) => {
        $(impl<T: Store> Store for $pointer {
            type Error = T::Error;

            fn load(&self, key: &Key) -> impl Future<Output = Result<Option<Loaded>, Self::Error>> + Send {
                (**self).load(key)
            }

            fn compare_and_swap(
                &self,
                key: &Key,
                expect: Expect,
                bytes: Vec<u8>,
                events: &[Event],
            ) -> impl Future<Output = Result<Swap, Self::Error>> + Send {
                (**self).compare_and_swap(key, expect, bytes, events)
            }

            fn takes_events(&self) -> bool {
                (**self).takes_events()
            }
        }

        impl<T: Directory> Directory for $pointer {
            type Error = T::Error;

            fn person(&self, id: PersonId) -> impl Future<Output = Result<Option<Person>, Self::Error>> + Send {
                (**self).person(id)
            }

            fn dates(&self, person: &Person) -> LocalDates {
                (**self).dates(person)
            }
        }

        impl<T: Journal> Journal for $pointer {
            type Error = T::Error;

            fn record(&self, events: &[Event]) -> impl Future<Output = Result<(), Self::Error>> + Send {
                (**self).record(events)
            }

            fn refused(&self, refusal: &RefusalEvent) -> impl Future<Output = Result<(), Self::Error>> + Send {
                (**self).refused(refusal)
            }
        }

        impl<T: Offload> Offload for $pointer {
            fn run<A, W>(&self, work: W) -> impl Future<Output = Result<A, OffloadError>> + Send
            where
                A: Send + 'static,
                W: FnOnce() -> A + Send + 'static,
            {
                (**self).run(work)
            }
        }

        impl<T: Host> Host for $pointer {
            type Store = T::Store;
            type Clock = T::Clock;
            type Directory = T::Directory;
            type Journal = T::Journal;
            type Offload = T::Offload;
            type Randomness = T::Randomness;

            fn store(&self) -> &Self::Store {
                (**self).store()
            }

            fn clock(&self) -> &Self::Clock {
                (**self).clock()
            }

            fn directory(&self) -> &Self::Directory {
                (**self).directory()
            }

            fn journal(&self) -> &Self::Journal {
                (**self).journal()
            }

            fn offload(&self) -> &Self::Offload {
                (**self).offload()
            }

            fn randomness(&self) -> &Self::Randomness {
                (**self).randomness()
            }
        }

        impl<T: Clock + ?Sized> Clock for $pointer {
            fn now(&self) -> Option<Timestamp> {
                (**self).now()
            }
        }

        impl<T: Randomness + ?Sized> Randomness for $pointer {
            fn fill(&self, bytes: &mut [u8]) -> Result<(), RandomnessError> {
                (**self).fill(bytes)
            }
        }

        impl<T: BlockingStore + ?Sized> BlockingStore for $pointer {
            type Error = T::Error;

            fn load(&self, key: &Key) -> Result<Option<Loaded>, Self::Error> {
                (**self).load(key)
            }

            fn compare_and_swap(
                &self,
                key: &Key,
                expect: Expect,
                bytes: Vec<u8>,
                events: &[Event],
            ) -> Result<Swap, Self::Error> {
                (**self).compare_and_swap(key, expect, bytes, events)
            }

            fn takes_events(&self) -> bool {
                (**self).takes_events()
            }
        }

        impl<T: BlockingDirectory + ?Sized> BlockingDirectory for $pointer {
            type Error = T::Error;

            fn person(&self, id: PersonId) -> Result<Option<Person>, Self::Error> {
                (**self).person(id)
            }

            fn dates(&self, person: &Person) -> LocalDates {
                (**self).dates(person)
            }
        }

        impl<T: BlockingJournal + ?Sized> BlockingJournal for $pointer {
            type Error = T::Error;

            fn record(&self, events: &[Event]) -> Result<(), Self::Error> {
                (**self).record(events)
            }

            fn refused(&self, refusal: &RefusalEvent) -> Result<(), Self::Error> {
                (**self).refused(refusal)
            }
        })*
    };
}
forward!(&T, Box<T>, Arc<T>);
