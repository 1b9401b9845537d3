//! The text forms of ids, days, instants and spans, and what serde makes of the public types: JSON
//! written out, compact bytes, and what must not be read.

#[cfg(not(all(feature = "serde", feature = "uuid")))]
compile_error!("the dev-dependency on pinlatch-testkit turns on `serde` and `uuid`: has that changed?");

mod answers;
mod bounds;
mod dates;
mod drawn;
mod given;
mod host_policy;
mod hostile;
mod ids;
mod instants;
mod inventory;
mod journal;
mod kept;
mod names;
mod people;
mod properties;
mod refusals;
mod source;
mod spans;
mod unknown_fields;
