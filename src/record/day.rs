//! A calendar date in a record: year, month, day of the month.

use super::wire::{Reader, Writer};
use crate::people::CalendarDate;

pub(super) fn write_day(out: &mut Writer<'_>, day: CalendarDate) {
    out.signed(day.year());
    let [month, day] = [day.month(), day.day()].map(i8::unsigned_abs);
    out.byte(month);
    out.byte(day);
}

pub(super) fn read_day(from: &mut Reader<'_>) -> Option<CalendarDate> {
    let year = from.signed()?;
    let (month, day) = (i8::try_from(from.byte()?).ok()?, i8::try_from(from.byte()?).ok()?);
    CalendarDate::new(year, month, day).ok()
}
