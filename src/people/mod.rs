//! People
mod calendar;
pub use calendar::{CalendarDate, CalendarError, LocalDates, Validity};
