//! Instants: ISO 8601 in UTC with milliseconds, and the number of milliseconds beyond that calendar.

use std::collections::BTreeMap;

use pinlatch::time::{ParseTimestampError, Timestamp};
use proptest::prelude::any;
use proptest::prop_assert_eq;

use crate::given::{compact, for_all, from_compact, from_json, json};

/// 9999-12-30T21:59:59.999Z
const LAST_OF_THE_CALENDAR: u64 = 253_402_207_199_999;

fn reads_back(millis: u64) {
    let at = Timestamp::from_unix_millis(millis);
    let text = at.to_string();
    assert_eq!(text.parse(), Ok(at), "{text}");
    assert_eq!(text.ends_with(" ms"), millis > LAST_OF_THE_CALENDAR, "{text}");
    assert_eq!(json(&at), format!("\"{text}\""));
    assert_eq!(from_json::<Timestamp>(&json(&at)).unwrap(), at);
    assert_eq!(compact(&at), compact(&millis), "the number alone");
    assert_eq!(from_compact::<Timestamp>(&compact(&millis)).unwrap(), at);
}

#[test]
fn every_instant_reads_back_from_each_of_its_forms() {
    for edge in [0, 1_795_339_800_000, LAST_OF_THE_CALENDAR, 253_402_300_800_000, u64::MAX / 2, u64::MAX] {
        (edge.saturating_sub(1_001)..=edge.saturating_add(1_001)).for_each(reads_back);
    }
    let check = |millis| {
        reads_back(millis);
        Ok(())
    };
    for_all(any::<u64>(), check);
    for_all(0..=LAST_OF_THE_CALENDAR, check);
}

#[test]
fn the_forms_are_these() {
    for (millis, text) in [
        (0, "1970-01-01T00:00:00.000Z"),
        (1, "1970-01-01T00:00:00.001Z"),
        (951_782_400_000, "2000-02-29T00:00:00.000Z"),
        (1_795_339_800_000, "2026-11-22T09:30:00.000Z"),
        (LAST_OF_THE_CALENDAR, "9999-12-30T21:59:59.999Z"),
        (LAST_OF_THE_CALENDAR + 1, "253402207200000 ms"),
        (u64::MAX, "18446744073709551615 ms"),
    ] {
        let at = Timestamp::from_unix_millis(millis);
        assert_eq!((at.to_string().as_str(), text.parse()), (text, Ok(at)));
        assert_eq!(json(&at), format!("\"{text}\""));
    }
    assert_eq!(compact(&Timestamp::from_unix_millis(300)), [0xac, 0x02]);
    let log = BTreeMap::from([(Timestamp::from_unix_millis(1), "began")]);
    assert_eq!(json(&log), r#"{"1970-01-01T00:00:00.001Z":"began"}"#);
    assert_eq!(from_json::<BTreeMap<Timestamp, String>>(&json(&log)).unwrap().len(), 1);
}

const HOSTILE: [&str; 50] = [
    "",
    "Z",
    "0",
    "1795339800000",
    "2026-11-22",
    "2026-11-22T09:30:00.000",
    "2026-11-22T09:30:00Z",
    "2026-11-22T09:30Z",
    "2026-11-22T09Z",
    "2026-11-22T09:30:00.0Z",
    "2026-11-22T09:30:00.00Z",
    "2026-11-22T09:30:00,000Z",
    "2026-11-22T09:30:00.0001Z",
    "2026-11-22T09:30:00.000000Z",
    "2026-11-22T09:30:00.000000001Z",
    "2026-11-22T09:30:00.000+00:00",
    "2026-11-22T09:30:00.000-00:00",
    "2026-11-22T11:30:00.000+02:00",
    "2026-11-22T11:30:00.000+02:00[Europe/Helsinki]",
    "2026-11-22T09:30:00.000Z[UTC]",
    "2026-11-22t09:30:00.000z",
    "2026-11-22 09:30:00.000Z",
    "20261122T093000.000Z",
    "2026-W47-7T09:30:00.000Z",
    "+002026-11-22T09:30:00.000Z",
    "-002026-11-22T09:30:00.000Z",
    "1969-12-31T23:59:59.999Z",
    "0000-01-01T00:00:00.000Z",
    "2026-02-30T00:00:00.000Z",
    "2026-02-29T00:00:00.000Z",
    "2026-2-28T00:00:00.000Z",
    "2026-11-22T24:00:00.000Z",
    "2026-11-22T23:60:00.000Z",
    "2016-12-31T23:59:60.000Z",
    "9999-12-31T23:59:59.999Z",
    " 2026-11-22T09:30:00.000Z",
    "2026-11-22T09:30:00.000Z ",
    "2026-11-22T09:30:00.000Z\n",
    "２０２６-11-22T09:30:00.000Z",
    "٢٠٢٦-11-22T09:30:00.000Z",
    "2026−11−22T09:30:00.000Z",
    " ms",
    "0 ms",
    "1795339800000 ms",
    "253402207199999 ms",
    "9999-12-30T22:00:00.000Z",
    "+253402207200000 ms",
    "0253402207200000 ms",
    "18446744073709551616 ms",
    "253402207200000ms",
];

#[test]
fn e40_no_other_text_is_an_instant() {
    for text in HOSTILE {
        assert_eq!(text.parse::<Timestamp>(), Err(ParseTimestampError), "{text:?}");
        assert!(from_json::<Timestamp>(&json(&text)).is_err(), "{text:?}");
    }
    let wanted = "no instant from 1970 on: write it in UTC with milliseconds, as in 2026-11-22T09:30:00.000Z";
    assert_eq!(ParseTimestampError.to_string(), wanted, "it echoes nothing");
}

#[test]
fn e40_an_instant_has_exactly_one_text() {
    let one_text = |text: String| {
        if let Ok(at) = text.parse::<Timestamp>() {
            prop_assert_eq!(at.to_string(), text);
        }
        Ok(())
    };
    for_all(
        "[12][09][0-9]{2}-[01][0-9]-[0-3][0-9][Tt ][0-2][0-9]:[0-5][0-9]:[0-6][0-9](\\.[0-9]{1,4})?[Zz]",
        one_text,
    );
    for_all("[+ 0]?[0-9]{1,21} ?ms", one_text);
}

#[test]
fn e40_an_instant_has_one_form_in_each_kind_of_format() {
    for other in ["null", "0", "1795339800000", "-1", "1.5", "[1]", "{}"] {
        assert!(from_json::<Timestamp>(other).is_err(), "{other}");
    }
    assert!(from_compact::<Timestamp>(&compact(&"1970-01-01T00:00:00.000Z")).is_err());
    assert!(from_compact::<Timestamp>(&[0xff; 10]).is_err(), "more than 64 bits");
}
