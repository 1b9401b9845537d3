//! The date in a Finnish personal identity code (henkilötunnus, HETU).

use jiff::civil::Date;

use super::digits::decimal_value;

/// The birth date that a word gives away if it is a personal identity code: day, month and year in two digits
/// each, the sign of the century, three digits and a check character, as in `131052-308T`. `None` for any
/// other word.
///
/// Neither the check character nor the number before it is judged: with a slip of the pen there, the date is
/// the person's all the same.
pub(super) fn birth_date(word: &str) -> Option<Date> {
    let mut characters = word.trim().chars();
    let day = two_digits(&mut characters)?;
    let month = two_digits(&mut characters)?;
    let year = two_digits(&mut characters)?;
    let century = century(characters.next()?)?;
    for _ in 0..3 {
        decimal_value(characters.next()?)?;
    }
    let is_complete = characters.next()?.is_ascii_alphanumeric() && characters.next().is_none();
    let year = century.checked_add(i16::from(year))?;
    if is_complete { Date::new(year, month, day).ok() } else { None }
}

/// In use since 2023 are, besides the first of each, the other signs of the last two centuries.
const fn century(sign: char) -> Option<i16> {
    match sign.to_ascii_uppercase() {
        '+' => Some(1800),
        '-' | 'U'..='Y' => Some(1900),
        'A'..='F' => Some(2000),
        _ => None,
    }
}

fn two_digits(characters: &mut impl Iterator<Item = char>) -> Option<i8> {
    let tens = decimal_value(characters.next()?)?;
    let ones = decimal_value(characters.next()?)?;
    i8::try_from(tens.checked_mul(10)?.checked_add(ones)?).ok()
}
