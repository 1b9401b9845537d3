//! Values of the public types, drawn at random from all that their constructors give.

mod events;
mod people;
mod policies;

use pinlatch::account::{DeviceLabel, Note};
use pinlatch::id::{EventId, Generation, HistoryId, WriteId};
use pinlatch::people::CalendarDate;
use pinlatch::time::Timestamp;
use proptest::prelude::{Just, any};
use proptest::prop_oneof;
use proptest::strategy::{BoxedStrategy, Strategy};

pub(crate) use events::*;
pub(crate) use people::*;
pub(crate) use policies::*;

/// Numbers of 128 bits, as ids.
pub(crate) fn id<T: std::fmt::Debug + 'static>(from: fn(u128) -> T) -> BoxedStrategy<T> {
    prop_oneof![any::<u128>(), 0..3_u128, Just(u128::MAX)].prop_map(from).boxed()
}

/// One of these.
pub(crate) fn one_of<T: Clone + std::fmt::Debug + 'static>(all: &'static [T]) -> BoxedStrategy<T> {
    proptest::sample::select(all).boxed()
}

pub(crate) fn timestamp() -> BoxedStrategy<Timestamp> {
    // The whole range, and today's.
    let millis = prop_oneof![any::<u64>(), 1_700_000_000_000..1_900_000_000_000_u64, Just(u64::MAX)];
    millis.prop_map(Timestamp::from_unix_millis).boxed()
}

pub(crate) fn date() -> BoxedStrategy<CalendarDate> {
    let parts = (prop_oneof![1_i16..=9_999, 2024_i16..=2027], 1_i8..=12, 1_i8..=31);
    parts
        .prop_filter_map("no such day", |(year, month, day)| CalendarDate::new(year, month, day).ok())
        .boxed()
}

pub(crate) fn generation() -> BoxedStrategy<Generation> {
    any::<u64>().prop_map(Generation::from_number).boxed()
}

pub(crate) fn event_id() -> BoxedStrategy<EventId> {
    (id(WriteId::from_u128), any::<u32>()).prop_map(|(write, index)| EventId { write, index }).boxed()
}

pub(crate) fn history() -> BoxedStrategy<HistoryId> {
    id(HistoryId::from_u128)
}

pub(crate) fn note() -> BoxedStrategy<Note> {
    "[ -~äÖ€\u{1f4f1}]{1,64}".prop_filter_map("no note", |text| Note::new(&text).ok()).boxed()
}

pub(crate) fn label() -> BoxedStrategy<DeviceLabel> {
    "[ -~äÖ€\u{1f4f1}]{1,64}".prop_filter_map("no label", |text| DeviceLabel::new(&text).ok()).boxed()
}
