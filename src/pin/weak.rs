//! PINs that anybody would guess first (D19). By rule, without a data file, and always on.
//!
//! An attacker has five tries. Where people choose four digits freely, five tries at the commonest
//! ones, `1234`, `1111`, `0000`, `1212` and `7777`, hit one PIN in five: so found N. Berry among 3.4
//! million leaked ones ("PIN analysis", 2012).

use core::iter;

use super::entry::Pin;

/// Why a PIN is easy to guess.
///
/// Of the 10,000 PINs of four digits the rules refuse 1,705 and leave 8,295; of the 1,000,000 of six
/// digits they refuse 7,165 and leave 992,835.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Weakness {
    /// Each digit is the one before plus the same step, beginning again after 9: `1111`, `1234`,
    /// `8642`, `789012`.
    ConstantStep,
    /// At most two different digits: `1122`, `696969`.
    FewDigits,
    /// The same read backwards: `123321`, `8047408`.
    Palindrome,
    /// A shorter block over and over: `472472`, `80368036`.
    Periodic,
    /// Straight lines of three or more neighbouring keys on a telephone's keypad, one after the
    /// other or each beginning on the key where the last one ended: `2580`, `147369`, `14789`.
    KeypadLine,
    /// All but one digit belong to a run up or down, beginning again after 9: `1235`, `123956`.
    NearSequence,
    /// Each digit twice, in a PIN of six digits or more: `445566`, `112255`.
    DoubledDigits,
    /// Two runs up or down by one, one on the odd and one on the even places, each beginning again
    /// after 9, in a PIN of six digits or more: `142536`, `132435`.
    InterleavedRuns,
    /// Numbers of two digits, each the one before plus or minus 1, 10 or 11, in a PIN of six digits or
    /// more: `101112`, `102030`, `665544`.
    EvenPairs,
    /// A year from 1900 to 2099, in a PIN of four digits.
    Year,
    /// A day of October, November or December, as month and day, in a PIN of four digits: `1012`,
    /// `1231`. Earlier months begin with 0, and are chosen less.
    LateDay,
    /// One of the commonest PINs that no other rule catches.
    Common,
}

/// Whether a PIN's ASCII digits are weak in one way.
type Rule = fn(&[u8]) -> bool;

/// Why anybody would guess this PIN, if so: the first reason in the order of [`Weakness`].
#[must_use]
pub fn weakness(pin: &Pin) -> Option<Weakness> {
    let digits = pin.digits();
    let rules: [(Rule, Weakness); 12] = [
        (has_constant_step, Weakness::ConstantStep),
        (has_few_digits, Weakness::FewDigits),
        (is_palindrome, Weakness::Palindrome),
        (is_periodic, Weakness::Periodic),
        (follows_keypad, Weakness::KeypadLine),
        (is_near_sequence, Weakness::NearSequence),
        (is_doubled, Weakness::DoubledDigits),
        (is_two_runs, Weakness::InterleavedRuns),
        (steps_in_pairs, Weakness::EvenPairs),
        (is_year, Weakness::Year),
        (is_late_day, Weakness::LateDay),
        (is_common, Weakness::Common),
    ];
    rules.into_iter().find(|(applies, _)| applies(digits)).map(|(_, weakness)| weakness)
}

fn has_constant_step(digits: &[u8]) -> bool {
    let mut steps = digits.iter().zip(digits.iter().skip(1)).map(|(from, to)| step(*from, *to));
    let first = steps.next();
    steps.all(|step| Some(step) == first)
}

/// From one digit up to the other, 0 to 9, beginning again after 9.
const fn step(from: u8, to: u8) -> u8 {
    to.wrapping_add(10).wrapping_sub(from) % 10
}

fn has_few_digits(digits: &[u8]) -> bool {
    (b'0'..=b'9').filter(|digit| digits.contains(digit)).count() <= 2
}

fn is_palindrome(digits: &[u8]) -> bool {
    digits.iter().eq(digits.iter().rev())
}

fn is_periodic(digits: &[u8]) -> bool {
    (1..digits.len()).any(|period| {
        digits.len().is_multiple_of(period)
            && digits.iter().zip(digits.iter().skip(period)).all(|(a, b)| a == b)
    })
}

/// Lines of neighbouring keys on the keypad of ITU-T E.161: 123 / 456 / 789 / 0 below 8.
const LINES: [&[u8]; 10] = [b"123", b"456", b"789", b"147", b"369", b"258", b"580", b"2580", b"159", b"357"];

fn follows_keypad(digits: &[u8]) -> bool {
    (3..=4).any(|keys| {
        let Some((line, rest)) = digits.split_at_checked(keys) else { return false };
        let corner = digits.get(keys.saturating_sub(1)..).unwrap_or_default();
        is_line(line) && (rest.is_empty() || follows_keypad(rest) || follows_keypad(corner))
    })
}

fn is_line(keys: &[u8]) -> bool {
    LINES.iter().any(|line| *line == keys || line.iter().eq(keys.iter().rev()))
}

fn is_near_sequence(digits: &[u8]) -> bool {
    (0..10).any(|start| [1, 9].into_iter().any(|step| misses(digits, start, step) <= 1))
}

/// How many digits differ from the run of values that begins at `start`.
fn misses(digits: &[u8], start: u8, step: u8) -> usize {
    let run = iter::successors(Some(start), |value| Some(value.wrapping_add(step) % 10));
    digits.iter().zip(run).filter(|(digit, value)| **digit & 0x0f != *value).count()
}

/// From so many digits on, a pattern of pairs is one that people choose and not a coincidence.
const PAIRED_FROM: usize = 6;

fn is_doubled(digits: &[u8]) -> bool {
    let (pairs, rest) = digits.as_chunks::<2>();
    digits.len() >= PAIRED_FROM && rest.is_empty() && pairs.iter().all(|[first, second]| first == second)
}

fn is_two_runs(digits: &[u8]) -> bool {
    digits.len() >= PAIRED_FROM
        && [0, 1].into_iter().all(|place| {
            let every_other = || digits.iter().skip(place).step_by(2);
            let mut steps = every_other().zip(every_other().skip(1)).map(|(from, to)| step(*from, *to));
            let first = steps.next();
            matches!(first, Some(1 | 9)) && steps.all(|step| Some(step) == first)
        })
}

fn steps_in_pairs(digits: &[u8]) -> bool {
    let (pairs, rest) = digits.as_chunks::<2>();
    let mut steps =
        pairs.iter().zip(pairs.iter().skip(1)).map(|(from, to)| number(*to).wrapping_sub(number(*from)));
    let first = steps.next();
    digits.len() >= PAIRED_FROM
        && rest.is_empty()
        && matches!(first, Some(1 | 10 | 11 | -1 | -10 | -11))
        && steps.all(|step| Some(step) == first)
}

/// The number that two digits write.
fn number([tens, ones]: [u8; 2]) -> i8 {
    let value = |digit: u8| i8::from_ne_bytes([digit & 0x0f]);
    value(tens).wrapping_mul(10).wrapping_add(value(ones))
}

const fn is_year(digits: &[u8]) -> bool {
    matches!(digits, [b'1', b'9', _, _] | [b'2', b'0', _, _])
}

fn is_late_day(digits: &[u8]) -> bool {
    // The 31st of November has two different digits only, and is refused for that already.
    matches!(digits, [b'1', b'0'..=b'2', tens, ones] if (1..=31).contains(&number([*tens, *ones])))
}

/// The commonest PINs that the rules above leave, from published analyses of leaked ones. Of four
/// digits: the front of the order in N. Berry's "PIN analysis" (2012), with `1342` from the numbers
/// in Have I Been Pwned (T. Šolc, "Analyzing PIN numbers", 2018) and `5683`, "love", from D. Amitay's
/// "Most common iPhone passcodes" (2011). Of five and six: the front of the 100,000 passwords that
/// the UK's National Cyber Security Centre published from Have I Been Pwned (2019), with `42069`
/// from N. Berry. And what follows them in such lists: π, e, 1/7, corners of the keypad, dates and
/// numbers that mean something to many.
const COMMON: [&[u8]; 44] = [
    b"0506", b"0607", b"1245", b"1314", b"1324", b"1337", b"1342", b"1379", b"1412", b"1472", b"1478",
    b"1590", b"1690", b"1701", b"2526", b"2529", b"3825", b"5150", b"5683", b"7410", b"8520", b"12413",
    b"42069", b"100200", b"112358", b"123000", b"123098", b"124578", b"134679", b"135790", b"141627",
    b"142857", b"143444", b"143445", b"143637", b"159632", b"212224", b"246810", b"271828", b"290966",
    b"314159", b"420247", b"787898", b"906090",
];

fn is_common(digits: &[u8]) -> bool {
    COMMON.contains(&digits)
}
