//! What may be the label of a device or the name of a profile, and which flaw is found in what may not.

use pinlatch::account::DeviceLabel;
use pinlatch::name::NameError;
use pinlatch::people::{CustomProfile, ProfileError, Rights};

use crate::given::{from_json, json, reads_back};

/// What each constructor and each reader says of a text: one and the same.
#[track_caller]
fn judged(text: &str) -> Result<(), NameError> {
    let label = DeviceLabel::new(text).map(|label| assert_eq!(label.as_str(), text));
    let profile = CustomProfile::new(text, Rights::EMPTY).map(|profile| assert_eq!(profile.name(), text));
    assert_eq!(profile, label.map_err(ProfileError::Name), "{text:?}");
    assert_eq!(from_json::<DeviceLabel>(&json(&text)).is_ok(), label.is_ok(), "{text:?}");
    let written = format!(r#"{{"name":{},"rights":[]}}"#, json(&text));
    assert_eq!(from_json::<CustomProfile>(&written).is_ok(), label.is_ok(), "{text:?}");
    label
}

/// Asserts that each character is refused for that flaw wherever it stands in a name.
#[track_caller]
fn each_is(flaw: NameError, characters: impl IntoIterator<Item = char>) {
    for character in characters {
        for text in [
            format!("{character}"),
            format!("{character}Anna"),
            format!("An{character}na"),
            format!("Anna{character}"),
        ] {
            assert_eq!(judged(&text), Err(flaw), "{text:?}");
        }
    }
}

#[test]
fn d33_what_people_call_their_phones_is_a_label() {
    for text in [
        "phone",
        "Anna's phone",
        "Phone in the kitchen",
        "Työpuhelin (Åbo) #2",
        "Телефон Анны",
        "アンナの携帯",
        "هاتف آنا",
        "안나 휴대폰",
        "अन्ना का फ़ोन",
        "📱",
        "❤️ phone",
        "☎\u{fe0e}",
        "1️⃣",
        "👍🏽",
        "🇫🇮",
        "葛\u{e0100}城",
        "e\u{301}",
        "a\u{a0}b",
        " a ",
        "-",
    ] {
        assert_eq!(judged(text), Ok(()), "{text:?}");
    }
    reads_back(&DeviceLabel::new("Annan puhelin 📱").unwrap());
    assert_eq!(json(&DeviceLabel::new("Annan puhelin").unwrap()), r#""Annan puhelin""#);
}

#[test]
fn d33_a_name_made_of_nothing_visible_is_refused() {
    for text in [
        "",
        " ",
        "   ",
        "\u{a0}",
        "\u{3000}\u{2003} \u{1680}",
        "\u{2800}",
        "\u{2800} \u{2800}",
        "\u{301}",
        " \u{20dd}",
        "\u{fffc}",
        "\u{1d159}",
        "\u{16fe4}",
    ] {
        assert_eq!(judged(text), Err(NameError::NothingVisible), "{text:?}");
    }
    // Blanks are no flaw beside something that can be seen.
    assert_eq!(judged("⠁\u{2800}⠃"), Ok(()));
}

#[test]
fn d33_controls_are_refused_in_a_name() {
    each_is(NameError::ControlCharacter, ('\0'..'\u{20}').chain('\u{7f}'..'\u{a0}'));
}

#[test]
fn d33_line_separators_are_refused_in_a_name() {
    each_is(NameError::LineSeparator, ['\u{2028}', '\u{2029}']);
}

#[test]
fn d33_characters_that_turn_the_direction_are_refused_in_a_name() {
    let overrides = ('\u{202a}'..='\u{202e}').chain('\u{2066}'..='\u{2069}');
    each_is(NameError::BidiControl, overrides.chain(['\u{61c}', '\u{200e}', '\u{200f}']));
}

#[test]
fn d33_zero_widths_fillers_and_tags_are_refused_in_a_name() {
    each_is(NameError::Invisible, ['\u{200b}', '\u{200c}', '\u{200d}', '\u{2060}', '\u{feff}', '\u{ad}']);
    each_is(NameError::Invisible, ['\u{3164}', '\u{115f}', '\u{1160}', '\u{ffa0}', '\u{34f}']);
    each_is(NameError::Invisible, ['\u{17b4}', '\u{17b5}', '\u{180e}', '\u{fff9}', '\u{fffb}']);
    each_is(NameError::Invisible, ('\u{2061}'..='\u{2065}').chain('\u{206a}'..='\u{206f}'));
    each_is(NameError::Invisible, ['\u{e0001}', '\u{e0020}', '\u{e007f}', '\u{e0fff}', '\u{fff0}']);
    each_is(NameError::Invisible, ['\u{1bca0}', '\u{1d173}', '\u{1d17a}']);
    // In an emoji, too: by sight nobody can tell which one joins something.
    assert_eq!(judged("👩\u{200d}💻"), Err(NameError::Invisible));
}

#[test]
fn d33_a_variation_selector_selects_one_look_of_something_visible() {
    for selector in ['\u{fe00}', '\u{fe0f}', '\u{180b}', '\u{180f}', '\u{e0100}', '\u{e01ef}'] {
        assert_eq!(judged(&format!("a{selector}")), Ok(()), "{selector:?}");
        for text in ["", " ", "a ", &format!("a{selector}"), "\u{2800}"] {
            let text = format!("{text}{selector}b");
            assert_eq!(judged(&text), Err(NameError::Invisible), "{text:?}");
        }
    }
}

#[test]
fn d33_what_unicode_does_not_know_is_refused_in_a_name() {
    each_is(NameError::Unassigned, ['\u{378}', '\u{fdd0}', '\u{ffff}', '\u{10ffff}', '\u{2fe0}']);
    each_is(NameError::Unassigned, ['\u{e000}', '\u{f8ff}', '\u{f0000}', '\u{10fffd}']);
    // Any other flaw is said first.
    assert_eq!(judged("\u{378}\u{202e}"), Err(NameError::BidiControl));
}

#[test]
fn d33_a_name_has_at_most_64_bytes() {
    assert_eq!(judged(&"x".repeat(64)), Ok(()));
    assert_eq!(judged(&"ä".repeat(32)), Ok(()));
    assert_eq!(judged(&"x".repeat(65)), Err(NameError::TooLong));
    assert_eq!(judged(&"ä".repeat(33)), Err(NameError::TooLong));
}

/// No character of which Unicode's derived properties say that it shows nothing is let through by itself:
/// the ranges are those of `Default_Ignorable_Code_Point` in Unicode 18's `DerivedCoreProperties.txt`.
#[test]
fn d33_no_default_ignorable_character_is_a_name() {
    let ranges = [
        ('\u{ad}', '\u{ad}'),
        ('\u{34f}', '\u{34f}'),
        ('\u{61c}', '\u{61c}'),
        ('\u{115f}', '\u{1160}'),
        ('\u{17b4}', '\u{17b5}'),
        ('\u{180b}', '\u{180f}'),
        ('\u{200b}', '\u{200f}'),
        ('\u{202a}', '\u{202e}'),
        ('\u{2060}', '\u{206f}'),
        ('\u{3164}', '\u{3164}'),
        ('\u{fe00}', '\u{fe0f}'),
        ('\u{feff}', '\u{feff}'),
        ('\u{ffa0}', '\u{ffa0}'),
        ('\u{fff0}', '\u{fff8}'),
        ('\u{1bca0}', '\u{1bca3}'),
        ('\u{1d173}', '\u{1d17a}'),
        ('\u{e0000}', '\u{e0fff}'),
    ];
    for character in ranges.into_iter().flat_map(|(first, last)| first..=last) {
        assert!(judged(&character.to_string()).is_err(), "{character:?}");
        assert!(judged(&format!("a {character}")).is_err(), "{character:?}");
    }
}

#[test]
fn d33_the_error_says_what_to_leave_out_and_not_the_text() {
    let said = DeviceLabel::new("Anna\u{202e}").unwrap_err().to_string();
    assert_eq!(said, "the name has a character that turns the direction of writing: leave it out");
    assert_eq!(CustomProfile::new("Anna\u{202e}", Rights::EMPTY).unwrap_err().to_string(), said);
}
