//! Days: ISO 8601, ten characters.

use std::collections::BTreeMap;

use pinlatch::people::{CalendarDate, CalendarError};
use pinlatch_testkit::day;
use proptest::{prop_assert, prop_assert_eq};

use crate::given::{compact, for_all, from_compact, from_json, json};

/// A text of that form is a day if and only if there is such a day, and then it is that one.
fn is_read_if_it_exists(year: i16, month: i8, day: i8) {
    let text = format!("{year:04}-{month:02}-{day:02}");
    let read = text.parse::<CalendarDate>();
    match CalendarDate::new(year, month, day) {
        Ok(date) => {
            assert_eq!((read, date.to_string()), (Ok(date), text.clone()));
            assert_eq!(from_json::<CalendarDate>(&json(&date)).unwrap(), date);
            assert_eq!(json(&date), format!("\"{text}\""));
            assert_eq!(from_compact::<CalendarDate>(&compact(&date)).unwrap(), date);
        }
        Err(_) => assert_eq!(read, Err(CalendarError::NotADate), "{text}"),
    }
}

#[test]
fn every_day_reads_back_and_no_other_day_is_read() {
    for year in [0, 1, 4, 99, 100, 400, 1582, 1900, 1999, 2000, 2024, 2026, 2100, 9996, 9999] {
        for month in 0..=13 {
            (0..=32).for_each(|day| is_read_if_it_exists(year, month, day));
        }
    }
    for_all((0_i16..=9_999, 0_i8..=13, 0_i8..=32), |(year, month, day)| {
        is_read_if_it_exists(year, month, day);
        Ok(())
    });
}

#[test]
fn the_forms_are_these() {
    let today = day(2026, 11, 22);
    assert_eq!(today.to_string(), "2026-11-22");
    assert_eq!(json(&today), r#""2026-11-22""#);
    assert_eq!(compact(&today), [0xd4, 0x1f, 11, 22], "year, month, day: no text");
    assert_eq!("0001-01-01".parse(), Ok(CalendarDate::MIN));
    assert_eq!("9999-12-31".parse(), Ok(day(9999, 12, 31)));
    assert_eq!("2024-02-29".parse(), Ok(day(2024, 2, 29)), "a leap day");
    let holidays = BTreeMap::from([(day(2026, 12, 6), "itsenäisyyspäivä")]);
    assert_eq!(json(&holidays), r#"{"2026-12-06":"itsenäisyyspäivä"}"#);
    assert_eq!(from_json::<BTreeMap<CalendarDate, String>>(r#"{"2026-12-06":""}"#).unwrap().len(), 1);
}

const HOSTILE: [&str; 50] = [
    "",
    "-",
    "--",
    "2026",
    "2026-11",
    "2026-2-30",
    "2026-2-3",
    "2026-02-3",
    "26-11-22",
    "2026-02-29",
    "2026-02-30",
    "2025-02-29",
    "1900-02-29",
    "2100-02-29",
    "2026-04-31",
    "2026-13-01",
    "2026-00-10",
    "2026-10-00",
    "2026-10-32",
    "0000-01-01",
    "-001-01-01",
    "-2026-11-22",
    "+2026-11-22",
    "+002026-11-22",
    "-002026-11-22",
    "10000-01-01",
    "02026-11-22",
    "20261122",
    "2026/11/22",
    "22.11.2026",
    "11-22-2026",
    "2026-11-22Z",
    "2026-11-22T00:00:00",
    "2026-11-22T00:00:00Z",
    "2026-11-22 00:00",
    "2026-11-22[Europe/Helsinki]",
    "2026-W47-7",
    "2026-326",
    " 2026-11-22",
    "2026-11-22 ",
    "2026-11-22\n",
    "2026-11-22\0",
    "2026- 1-22",
    "２０２６-１１-２２",
    "٢٠٢٦-١١-٢٢",
    "2026‐11‐22",
    "2026−11−22",
    "\u{feff}2026-11-22",
    "today",
    "null",
];

#[test]
fn e40_no_other_text_is_a_day() {
    for text in HOSTILE {
        assert_eq!(text.parse::<CalendarDate>(), Err(CalendarError::NotADate), "{text:?}");
        assert!(from_json::<CalendarDate>(&json(&text)).is_err(), "{text:?}");
    }
    let wanted = "no day of the years 0001 to 9999: write it as year, month and day, as in 2026-11-22";
    assert_eq!(CalendarError::NotADate.to_string(), wanted, "it echoes nothing");
}

#[test]
fn e40_a_day_has_exactly_one_text() {
    for_all("[+-]?[0-9]{4}-?[0-3]?[0-9]-?[0-3]?[0-9][TZ ]?", |text| {
        if let Ok(date) = text.parse::<CalendarDate>() {
            prop_assert_eq!(date.to_string(), text);
        }
        Ok(())
    });
    for_all("[0-9-]{10}", |text| {
        let is_of_the_form = text.split('-').map(str::len).eq([4, 2, 2]);
        prop_assert!(text.parse::<CalendarDate>().is_err() || is_of_the_form);
        Ok(())
    });
}

#[test]
fn e40_a_day_has_one_form_in_each_kind_of_format() {
    for other in ["null", "20261122", "[2026,11,22]", r#"{"year":2026}"#, r#"["2026-11-22"]"#] {
        assert!(from_json::<CalendarDate>(other).is_err(), "{other}");
    }
    for (year, month, day) in [(2026_i16, 2_i8, 30_i8), (0, 1, 1), (-1, 1, 1), (2026, 13, 1), (2026, 1, -1)] {
        assert!(from_compact::<CalendarDate>(&compact(&(year, month, day))).is_err());
    }
    assert!(from_compact::<CalendarDate>(&compact(&"2026-11-22")).is_err());
}
