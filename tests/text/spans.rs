//! Spans are `core::time::Duration`s; the crate counts in whole milliseconds.

use std::time::Duration;

use pinlatch::account::{Policy, PolicyBuilder, PolicyError};
use pinlatch::host::Key;
use pinlatch::session::Change;
use pinlatch::time::Timestamp;
use pinlatch_testkit::{World, days, hours, millis, minutes, seconds};
use proptest::prelude::any;
use proptest::prop_assert_eq;

use crate::given::{compact, for_all, from_compact, from_json, json};

#[test]
fn the_kits_spans_are_what_they_say() {
    assert_eq!(millis(1_500), Duration::from_millis(1_500));
    assert_eq!(seconds(90), Duration::from_millis(90_000));
    assert_eq!(minutes(90), Duration::from_secs(5_400));
    assert_eq!(hours(26), Duration::from_secs(93_600));
    assert_eq!(days(366), Duration::from_secs(31_622_400));
    assert_eq!([minutes(u64::MAX), hours(u64::MAX), days(u64::MAX)], [Duration::from_secs(u64::MAX); 3]);
}

#[test]
fn an_instant_goes_forward_by_whole_milliseconds_and_saturates() {
    let at = Timestamp::from_unix_millis(1_000);
    let plus = |span| at.plus(span).as_unix_millis();
    assert_eq!(plus(Duration::ZERO), 1_000);
    assert_eq!(plus(Duration::from_micros(999)), 1_000);
    assert_eq!(plus(Duration::new(1, 1_999_999)), 2_001);
    assert_eq!(plus(Duration::from_millis(u64::MAX - 1_000)), u64::MAX);
    assert_eq!(plus(Duration::from_millis(u64::MAX)), u64::MAX);
    assert_eq!(plus(Duration::from_secs(u64::MAX / 1_000 + 1)), u64::MAX, "not the rest of a division");
    assert_eq!(plus(Duration::MAX), u64::MAX);
    for_all((any::<u64>(), any::<u64>()), |(one, other)| {
        let [from, to] = [one, other].map(Timestamp::from_unix_millis);
        prop_assert_eq!(to.since(from), Duration::from_millis(other.saturating_sub(one)));
        prop_assert_eq!(from.plus(to.since(from)), from.max(to));
        Ok(())
    });
}

type Set = fn(PolicyBuilder, Duration) -> PolicyBuilder;

/// The windows of a policy, each alone.
const WINDOWS: [(&str, Set); 7] = [
    ("invitation_lifetime", PolicyBuilder::invitation_lifetime),
    ("pin_window", PolicyBuilder::pin_window),
    ("idle_lock", PolicyBuilder::idle_lock),
    ("absolute_lifetime", |builder, span| builder.pin_window(millis(1)).absolute_lifetime(span)),
    ("authentication_window", PolicyBuilder::authentication_window),
    ("answer_window", PolicyBuilder::answer_window),
    ("skew", PolicyBuilder::skew),
];

#[test]
fn a_window_with_a_fraction_of_a_millisecond_is_refused() {
    let fractions = [
        Duration::from_nanos(1),
        Duration::from_micros(999),
        Duration::from_nanos(999_999),
        Duration::from_micros(1_500),
        hours(1) + Duration::from_nanos(1),
        Duration::MAX,
    ];
    for (name, set) in WINDOWS {
        for span in fractions {
            let refused = set(Policy::builder(), span).build().map(drop);
            assert_eq!(refused, Err(PolicyError::NotWholeMilliseconds), "{name} {span:?}");
        }
        assert_eq!(
            set(Policy::builder(), Duration::ZERO).build().map(drop),
            Err(PolicyError::Zero),
            "{name}"
        );
        for span in [millis(1), Duration::from_micros(2_000), days(1), millis(u64::MAX)] {
            let built = set(Policy::builder(), span).build().map(drop);
            // D23: clocks that differ by more than an hour judge nothing.
            let is_bounded = name == "skew" && span > hours(1);
            let expected = if is_bounded { Err(PolicyError::SkewTooLarge) } else { Ok(()) };
            assert_eq!(built, expected, "{name} {span:?}");
        }
    }
}

#[test]
fn a_window_is_the_span_that_was_given() {
    let builder =
        Policy::builder().invitation_lifetime(hours(1)).pin_window(minutes(2)).idle_lock(seconds(3));
    let policy = builder.absolute_lifetime(days(4)).skew(millis(5)).build().unwrap();
    let given = (hours(1), minutes(2), Some(seconds(3)), Some(days(4)), millis(5));
    let read = (policy.invitation_lifetime(), policy.pin_window(), policy.idle_window());
    assert_eq!((read.0, read.1, read.2, policy.absolute_lifetime(), policy.skew()), given);
    let policy =
        Policy::builder().authentication_window(minutes(6)).answer_window(seconds(7)).build().unwrap();
    assert_eq!((policy.authentication_window(), policy.answer_window()), (minutes(6), seconds(7)));
    let default = Policy::default();
    assert_eq!((default.invitation_lifetime(), default.pin_window()), (hours(24), minutes(15)));
    assert_eq!((default.skew(), default.idle_window()), (minutes(2), None));
    assert_eq!((default.authentication_window(), default.answer_window()), (minutes(15), seconds(60)));
}

/// The use of an open app is noted when a tenth of the idle window has passed, however short that is.
#[test]
fn a_use_is_noted_once_in_a_tenth_of_the_idle_window() {
    for (window, noted_after) in
        [(1, 1), (9, 1), (10, 1), (11, 2), (15, 2), (20, 2), (21, 3), (600_000, 60_000)]
    {
        let world =
            World::builder().policy(Policy::builder().idle_lock(millis(window)).build().unwrap()).build();
        let anna = world.employee();
        let phone = world.open_phone(anna).unwrap();
        let stored = || world.store.bytes(&Key::account(anna));
        let before = stored();
        if noted_after < window {
            world.wait(millis(noted_after - 1));
            assert!(phone.check().is_ok());
            assert_eq!(stored(), before, "{window} ms: noted too early");
            world.wait(millis(1));
            assert!(phone.check().is_ok());
            assert_ne!(stored(), before, "{window} ms: not noted");
        }
        world.wait(millis(window - 1));
        assert!(phone.check().is_ok(), "{window} ms: locked too early");
        world.wait(millis(window));
        assert!(phone.check().is_err(), "{window} ms: still open");
    }
}

#[test]
fn a_span_in_an_event_is_a_number_of_milliseconds() {
    let set_back = |largest| Change::ClockSetBack { times: 1, largest };
    assert_eq!(json(&set_back(millis(1_500))), r#"{"ClockSetBack":{"times":1,"largest_milliseconds":1500}}"#);
    assert_eq!(compact(&set_back(millis(300))).last_chunk(), Some(&[0xac, 0x02]), "a number there too");
    for_all(any::<u64>(), |number| {
        let change = set_back(millis(number));
        prop_assert_eq!(from_json::<Change>(&json(&change)).unwrap(), change);
        prop_assert_eq!(from_compact::<Change>(&compact(&change)).unwrap(), change);
        Ok(())
    });
    let finer = set_back(Duration::from_nanos(1_999_999));
    assert_eq!(from_json::<Change>(&json(&finer)).unwrap(), set_back(millis(1)), "whole milliseconds only");
    assert_eq!(from_json::<Change>(&json(&set_back(Duration::MAX))).unwrap(), set_back(millis(u64::MAX)));
    for other in ["-1", "1.5", "\"1500\"", "null", "18446744073709551616", r#"{"secs":1,"nanos":0}"#] {
        let text = format!(r#"{{"ClockSetBack":{{"times":1,"largest_milliseconds":{other}}}}}"#);
        assert!(from_json::<Change>(&text).is_err(), "{other}");
    }
    assert!(from_json::<Change>(r#"{"ClockSetBack":{"times":1,"largest":1500}}"#).is_err(), "of no unit");
}
