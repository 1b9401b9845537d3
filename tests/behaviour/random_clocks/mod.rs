//! Random clocks (D23, E30, I15): hosts that differ, glitches forward and back by seconds to centuries, no
//! clock, nonsense, rests of years; commands that write and mere looks in any order.

mod acts;
mod naive;
mod windows;

use std::time::Duration;

use pinlatch::account::{Policy, PolicyBuilder};
use pinlatch::time::Timestamp;
use pinlatch_testkit::{World, days, hours, millis, minutes, seconds};
use proptest::prelude::{Just, Strategy, any};
use proptest::prop_oneof;

const SKEW: Duration = minutes(2);
const IDLE: Duration = minutes(20);
const PIN_WINDOW: Duration = minutes(15);
const LIFETIME: Duration = hours(3);
const INVITATION: Duration = hours(2);
const AUTHENTICATION: Duration = minutes(15);

/// What one host reads while it is right to within a minute, or not at all.
#[derive(Clone, Copy, Debug)]
enum Reading {
    /// By the clock of a host that is off by this: any two of them differ by the skew at most.
    OfHost(i64),
    Ahead(Duration),
    Behind(Duration),
    None,
    Nonsense(u64),
}

impl Reading {
    fn at(self, right: Timestamp) -> Option<Timestamp> {
        let right = right.as_unix_millis();
        let reading = match self {
            Self::OfHost(off) => right.saturating_add_signed(off),
            Self::Ahead(span) => right + whole(span),
            Self::Behind(span) => right.saturating_sub(whole(span)),
            Self::None => return None,
            Self::Nonsense(millis) => millis,
        };
        Some(Timestamp::from_unix_millis(reading))
    }
}

fn whole(span: Duration) -> u64 {
    u64::try_from(span.as_millis()).unwrap()
}

fn hosts() -> impl Strategy<Value = i64> {
    -60_000..=60_000_i64
}

/// Seconds to centuries.
fn spans() -> impl Strategy<Value = Duration> {
    prop_oneof![
        (1..200_u64).prop_map(seconds),
        (1..300_u64).prop_map(minutes),
        (1..2_000_u64).prop_map(days),
        (2_000..100_000_u64).prop_map(days),
    ]
}

fn readings() -> impl Strategy<Value = Reading> {
    prop_oneof![
        12 => hosts().prop_map(Reading::OfHost),
        2 => spans().prop_map(Reading::Ahead),
        2 => spans().prop_map(Reading::Behind),
        1 => Just(Reading::None),
        1 => prop_oneof![Just(0), Just(u64::MAX), any::<u64>()].prop_map(Reading::Nonsense),
    ]
}

/// How long nobody makes contact: often not, mostly for minutes, sometimes for years.
fn rests() -> impl Strategy<Value = Duration> {
    prop_oneof![
        4 => (0..2_000_u64).prop_map(millis),
        8 => (1..25_u64).prop_map(minutes),
        3 => (1..30_u64).prop_map(|tens| minutes(10 * tens)),
        1 => (1..4_000_u64).prop_map(days),
    ]
}

fn policy() -> PolicyBuilder {
    let windows = Policy::builder().idle_lock(IDLE).absolute_lifetime(LIFETIME).pin_window(PIN_WINDOW);
    windows.invitation_lifetime(INVITATION).authentication_window(AUTHENTICATION).skew(SKEW)
}

fn world() -> World {
    World::builder().policy(policy().build().unwrap()).build()
}
