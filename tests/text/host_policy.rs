//! The host's policy, written out, and what of it is not read.

use std::time::Duration;

use pinlatch::access::AccessPolicy;
use pinlatch::account::{
    DEVICE_LIMIT_MAX, OUTBOX_LIMIT_MAX, Policy, PolicyError, ReinvitationScope, SKEW_MAX,
};
use pinlatch::pin::{HashParams, PinLength, PinPolicy};
use pinlatch_testkit::{days, hours, millis, minutes, seconds};

use crate::given::{compact, from_compact, from_json, json, reads_back};

/// The product's own, as a host writes it into its configuration.
const DEFAULT: &str = concat!(
    r#"{"device_limit":16,"invitation_lifetime_milliseconds":86400000,"pin_window_milliseconds":900000,"#,
    r#""idle_window_milliseconds":null,"absolute_lifetime_milliseconds":null,"#,
    r#""authentication_window_milliseconds":900000,"answer_window_milliseconds":60000,"#,
    r#""skew_milliseconds":120000,"outbox_limit":64,"reinvitation":"Everyone","#,
    r#""access":{"users_without_employment":"Allow","inviting_roles":["UserAdministrator"],"#,
    r#""leaver_access":null,"functions":[]},"pin":{"length":6},"hash_params":{"memory_kib":19456,"passes":2}}"#,
);

/// One in which every field differs from the default, and from every other field.
fn strict() -> Policy {
    Policy::builder()
        .device_limit(3)
        .invitation_lifetime(hours(2))
        .pin_window(minutes(4))
        .idle_lock(seconds(30))
        .absolute_lifetime(days(7))
        .authentication_window(minutes(5))
        .answer_window(seconds(20))
        .skew(millis(1_500))
        .outbox_limit(9)
        .reinvitation(ReinvitationScope::InvitedIdentitiesOnly)
        .access(crate::people::access_policy())
        .pin(PinPolicy::default().with_length(PinLength::new(8).unwrap()))
        .hash_params(HashParams::STRONG)
        .build()
        .unwrap()
}

#[test]
fn a_policy_is_written_like_this() {
    assert_eq!(json(&Policy::default()), DEFAULT);
    assert_eq!(from_json::<Policy>(DEFAULT).unwrap(), Policy::default());
    let windows = concat!(
        r#"{"device_limit":3,"invitation_lifetime_milliseconds":7200000,"pin_window_milliseconds":240000,"#,
        r#""idle_window_milliseconds":30000,"absolute_lifetime_milliseconds":604800000,"#,
        r#""authentication_window_milliseconds":300000,"answer_window_milliseconds":20000,"#,
        r#""skew_milliseconds":1500,"outbox_limit":9,"reinvitation":"InvitedIdentitiesOnly","access":"#,
    );
    let written = json(&strict());
    assert!(written.starts_with(windows), "{written}");
    assert!(written.ends_with(r#","pin":{"length":8},"hash_params":{"memory_kib":65536,"passes":3}}"#));
    reads_back(&Policy::default());
    reads_back(&strict());
}

/// The default with this in place of that.
fn with(that: &str, this: &str) -> Result<Policy, String> {
    assert!(DEFAULT.contains(that), "{that} is not there");
    from_json(&DEFAULT.replacen(that, this, 1)).map_err(|error| error.to_string())
}

#[test]
fn e40_what_the_builder_refuses_is_not_read() {
    let refusals = [
        (r#""device_limit":16"#, r#""device_limit":0"#.to_owned(), PolicyError::Zero),
        (
            r#""device_limit":16"#,
            format!(r#""device_limit":{}"#, DEVICE_LIMIT_MAX + 1),
            PolicyError::TooManyDevices,
        ),
        (r#""outbox_limit":64"#, r#""outbox_limit":0"#.to_owned(), PolicyError::Zero),
        (
            r#""outbox_limit":64"#,
            format!(r#""outbox_limit":{}"#, OUTBOX_LIMIT_MAX + 1),
            PolicyError::OutboxTooLarge,
        ),
        (
            r#""skew_milliseconds":120000"#,
            r#""skew_milliseconds":3600001"#.to_owned(),
            PolicyError::SkewTooLarge,
        ),
        (
            r#""absolute_lifetime_milliseconds":null"#,
            r#""absolute_lifetime_milliseconds":899999"#.to_owned(),
            PolicyError::InnerOutlivesOuter,
        ),
    ];
    for (that, this, error) in refusals {
        let said = with(that, &this).unwrap_err();
        assert!(said.starts_with(&error.to_string()), "{this}: {said}");
    }
    let windows = [
        ("invitation_lifetime", "86400000"),
        ("pin_window", "900000"),
        ("idle_window", "null"),
        ("absolute_lifetime", "null"),
        ("authentication_window", "900000"),
        ("answer_window", "60000"),
        ("skew", "120000"),
    ];
    for (window, default) in windows {
        let that = format!(r#""{window}_milliseconds":{default}"#);
        let other = |number: &str| with(&that, &format!(r#""{window}_milliseconds":{number}"#));
        assert!(other("0").unwrap_err().starts_with(&PolicyError::Zero.to_string()), "{window}");
        for wrong in
            ["-1", "1.5", "60000.0", "\"60000\"", "\"PT1M\"", "18446744073709551616", "true", "[60000]"]
        {
            assert!(other(wrong).is_err(), "{window}: {wrong}");
        }
        assert!(other("3600000").is_ok(), "{window}");
        assert!(with(&that, &format!(r#""{window}":3600000"#)).is_err(), "{window}: of no unit");
        assert!(with(&that, &format!(r#""{window}_seconds":3600"#)).is_err(), "{window}: of another unit");
        assert!(with(&format!("{that},"), "").is_err(), "{window}: left out");
        assert_eq!(other("null").is_ok(), default == "null", "{window}: a window that has to be there");
    }
    // The parts keep to their own bounds.
    assert!(with(r#"{"length":6}"#, r#"{"length":3}"#).is_err());
    assert!(with(r#""passes":2"#, r#""passes":1"#).is_err());
    assert!(with(r#"["UserAdministrator"]"#, r#"["CompanyAdministrator"]"#).is_err());
    assert!(with(r#""reinvitation":"Everyone""#, r#""reinvitation":"Nobody""#).is_err());
}

#[test]
fn e40_the_bounds_themselves_are_read() {
    let skew = u64::try_from(SKEW_MAX.as_millis()).unwrap();
    for (that, this) in [
        (r#""device_limit":16"#, format!(r#""device_limit":{DEVICE_LIMIT_MAX}"#)),
        (r#""device_limit":16"#, r#""device_limit":1"#.to_owned()),
        (r#""outbox_limit":64"#, format!(r#""outbox_limit":{OUTBOX_LIMIT_MAX}"#)),
        (r#""skew_milliseconds":120000"#, format!(r#""skew_milliseconds":{skew}"#)),
        (r#""absolute_lifetime_milliseconds":null"#, r#""absolute_lifetime_milliseconds":900000"#.to_owned()),
    ] {
        assert!(with(that, &this).is_ok(), "{this}");
    }
}

/// In compact bytes the bounds are the same.
#[test]
fn e40_a_policy_in_compact_bytes_keeps_to_its_bounds() {
    let parts = |devices: u8, skew: u64| {
        let windows = (86_400_000_u64, 900_000_u64, None::<u64>, None::<u64>, 900_000_u64, 60_000_u64, skew);
        let access = AccessPolicy::default();
        let rest = (64_usize, ReinvitationScope::Everyone, access, PinPolicy::default(), HashParams::DEFAULT);
        from_compact::<Policy>(&compact(&(devices, windows, rest)))
    };
    assert_eq!(parts(16, 120_000).unwrap(), Policy::default());
    assert!(parts(0, 120_000).is_err() && parts(65, 120_000).is_err());
    assert!(parts(16, 0).is_err() && parts(16, 3_600_001).is_err());
}

/// No clock can measure it, so the longest number says as much.
#[test]
fn a_window_beyond_all_numbers_of_milliseconds_is_written_as_the_largest() {
    let policy = Policy::builder().invitation_lifetime(Duration::from_secs(u64::MAX)).build().unwrap();
    let longest = format!(r#""invitation_lifetime_milliseconds":{}"#, u64::MAX);
    assert!(json(&policy).contains(&longest));
    assert_eq!(from_json::<Policy>(&json(&policy)).unwrap().invitation_lifetime(), millis(u64::MAX));
}
