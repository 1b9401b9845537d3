//! Which languages a person reads.

use axum::http::{HeaderMap, header};
use pinlatch::refusal::Language;

/// As many as are looked at: whoever lists more has named a readable one by then.
const MOST_LANGUAGES: usize = 16;
/// The longest tag that is looked at, in bytes (RFC 5646 §4.4.1 asks for 35 at least).
const LONGEST_TAG: usize = 35;

/// The languages of `Accept-Language`, the preferred one first, in lower case.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Languages(Vec<String>);

impl Languages {
    /// Those of a request. What cannot be read is passed over.
    #[must_use]
    pub fn of(headers: &HeaderMap) -> Self {
        let values = headers.get_all(header::ACCEPT_LANGUAGE).into_iter();
        let texts = values.filter_map(|value| value.to_str().ok());
        let mut weighed: Vec<(u16, String)> =
            texts.flat_map(|text| text.split(',')).take(MOST_LANGUAGES).filter_map(weigh).collect();
        // Stable: of equal weight the one that was named first.
        weighed.sort_by_key(|(weight, _)| std::cmp::Reverse(*weight));
        Self(weighed.into_iter().map(|(_, tag)| tag).collect())
    }

    /// The tags, the preferred one first.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(String::as_str)
    }

    /// The first of them in which the crate has texts; English if there is none.
    #[must_use]
    pub fn built_in(&self) -> Language {
        let known = self.iter().find_map(|tag| match tag.split('-').next() {
            Some("fi") => Some(Language::Finnish),
            Some("en") => Some(Language::English),
            _ => None,
        });
        known.unwrap_or_default()
    }
}

/// A tag with its weight in thousandths (RFC 9110 §12.4.2); `None` if it is not wanted or cannot be read.
fn weigh(item: &str) -> Option<(u16, String)> {
    let mut parts = item.split(';');
    let tag = parts.next()?.trim();
    let is_tag = tag.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    if tag.is_empty() || tag.len() > LONGEST_TAG || !is_tag {
        return None;
    }
    // Names of parameters are in any case (RFC 9110 §5.6.6).
    let is_weight = |name: &str| name.trim().eq_ignore_ascii_case("q");
    let weight = parts.find_map(|part| part.split_once('=').filter(|(name, _)| is_weight(name)));
    let weight = weight.map_or(Some(1_000), |(_, text)| thousandths(text))?;
    (weight > 0).then(|| (weight, tag.to_ascii_lowercase()))
}

fn thousandths(text: &str) -> Option<u16> {
    let (whole, fraction) = text.trim().split_once('.').unwrap_or((text.trim(), ""));
    let digits = format!("{fraction:0<3}");
    let fraction: u16 = digits.parse().ok().filter(|_| digits.len() == 3)?;
    match whole {
        "0" => Some(fraction),
        "1" if fraction == 0 => Some(1_000),
        _ => None,
    }
}
