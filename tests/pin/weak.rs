//! PINs that anybody would guess first: which rule refuses which, and how many are left.

use pinlatch::pin::{Pin, Weakness, weakness};

fn weakness_of(digits: &str) -> Option<Weakness> {
    weakness(&Pin::parse(digits).unwrap())
}

/// Asserts that each PIN is weak in this way.
fn each_is(weakness: Weakness, pins: &[&str]) {
    for digits in pins {
        assert_eq!(weakness_of(digits), Some(weakness), "{digits}");
    }
}

/// Asserts that none of the PINs is weak.
fn none_is_weak(pins: &[&str]) {
    for digits in pins {
        assert_eq!(weakness_of(digits), None, "{digits}");
    }
}

#[test]
fn d19_constant_steps_are_weak() {
    each_is(
        Weakness::ConstantStep,
        &["0000", "1111", "1234", "4321", "2468", "1357", "9630", "7890", "8901", "1098", "0505", "3692"],
    );
    each_is(Weakness::ConstantStep, &["123456", "654321", "789012", "135791", "234567890123"]);
}

#[test]
fn d19_at_most_two_different_digits_are_weak() {
    each_is(Weakness::FewDigits, &["1122", "1112", "6969", "7747", "110110", "696969", "700700700070"]);
    none_is_weak(&["7740", "700800", "770747707478"]);
}

#[test]
fn d19_palindromes_are_weak() {
    each_is(Weakness::Palindrome, &["123321", "824428", "82428", "8246428", "824671176428"]);
    none_is_weak(&["824427", "82427", "824284"]);
}

#[test]
fn d19_periods_are_weak() {
    each_is(Weakness::Periodic, &["472472", "80368036", "824671824671", "824824824", "824682468246"]);
    none_is_weak(&["472473", "4724724", "80368037", "824671824672"]);
}

#[test]
fn d19_straight_lines_on_the_keypad_are_weak() {
    each_is(Weakness::KeypadLine, &["2580", "0852", "14789", "12369", "147258", "963147", "159753"]);
    each_is(Weakness::KeypadLine, &["357159", "789456", "580369", "1478963", "147369258"]);
    none_is_weak(&["2589", "0851", "1475", "14780", "147256", "159754", "1478964"]);
}

#[test]
fn d19_one_digit_off_a_run_is_weak() {
    each_is(Weakness::NearSequence, &["1235", "0234", "1934", "4329", "8904", "1097"]);
    each_is(Weakness::NearSequence, &["123457", "923456", "123956", "654381", "890127"]);
    none_is_weak(&["1246", "123967", "654389", "246813"]);
}

#[test]
fn d19_years_are_weak_in_four_digits_only() {
    each_is(Weakness::Year, &["1902", "1984", "1947", "2006", "2099"]);
    none_is_weak(&["1896", "2118", "1875", "3019", "198475", "20135"]);
}

#[test]
fn d19_doubled_digits_are_weak_from_six_digits_on() {
    each_is(Weakness::DoubledDigits, &["445566", "112255", "990011", "11335577"]);
    none_is_weak(&["445567", "4455770", "8860"]);
}

#[test]
fn d19_two_runs_on_odd_and_even_places_are_weak_from_six_digits_on() {
    each_is(Weakness::InterleavedRuns, &["142536", "132435", "415263", "918273", "16273849", "1627384"]);
    none_is_weak(&["142537", "152637849", "1829", "132537"]);
}

#[test]
fn d19_numbers_of_two_digits_in_even_steps_are_weak_from_six_digits_on() {
    each_is(Weakness::EvenPairs, &["101112", "111213", "121314", "102030", "405060", "352515", "193041"]);
    each_is(Weakness::EvenPairs, &["08091011", "131211"]);
    none_is_weak(&["101113", "1011121", "121518", "989900"]);
}

#[test]
fn d19_days_from_october_to_december_are_weak_in_four_digits_only() {
    each_is(Weakness::LateDay, &["1004", "1021", "1031", "1130", "1225", "1229"]);
    none_is_weak(&["1032", "1200", "1305", "0912", "12251", "122538"]);
}

#[test]
fn d19_the_commonest_pins_are_weak() {
    each_is(Weakness::Common, &["1342", "5683", "7410", "1314", "0607", "1379", "12413", "42069"]);
    each_is(Weakness::Common, &["246810", "290966", "314159", "159632", "271828", "420247"]);
    none_is_weak(&["5684", "10040", "102031", "01004", "314158", "1315"]);
}

/// The constants that the rule names, and one of each of its patterns.
#[test]
fn d19_every_pin_that_the_rule_names_is_refused() {
    let six = "445566 142536 101112 159632 314159 271828 141627 142857 123098 906090 787898 143444 143637 143445 \
               420420 212224 420247 132435 111213 112233";
    let four = "1012 1231 1314 2526 0506 1701 1412 0607 1379 1590 3825 1690 2529 1337 1472 1478";
    for digits in six.split_whitespace().chain(four.split_whitespace()) {
        assert_ne!(weakness_of(digits), None, "{digits}");
    }
}

/// Counted a second time by a program in another language, from the words of the rules.
#[test]
fn d19_8295_pins_of_four_digits_and_992835_of_six_are_left() {
    let left = |length: usize, pins: u32| {
        (0..pins).filter(|number| weakness_of(&format!("{number:0length$}")).is_none()).count()
    };
    assert_eq!(left(4, 10_000), 8_295);
    assert_eq!(left(6, 1_000_000), 992_835);
}
