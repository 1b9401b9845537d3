//! What may be a name that people read: of a device, of a profile (D33).
//!
//! A name is shown to others: to an administrator in the list of devices, to a colleague on the page "Users
//! and roles". So nothing in it may be unseen or change how what stands beside it is read. The categories are
//! those of Unicode's `General_Category`.

use unicode_properties::{GeneralCategory as Category, UnicodeGeneralCategory as _};

/// Why a text is no name. It never contains the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[non_exhaustive]
pub enum NameError {
    /// Longer than a name of this kind may be, in bytes of UTF-8.
    #[error("the name is too long: give it at most 64 bytes")]
    TooLong,
    /// Empty, or made of blanks, filler and marks that stand on nothing.
    #[error("the name has nothing that can be seen: give it a letter, a digit or a sign")]
    NothingVisible,
    /// A control character: category `Cc`.
    #[error("the name has a control character: leave it out")]
    ControlCharacter,
    /// A line or paragraph separator: category `Zl` or `Zp`.
    #[error("the name has a line separator: write it in one line")]
    LineSeparator,
    /// A character that turns the direction of the text around it: `Bidi_Control`.
    #[error("the name has a character that turns the direction of writing: leave it out")]
    BidiControl,
    /// A character that takes no room: zero widths (the zero width joiner within an emoji included), soft
    /// hyphens, tags, fillers, and variation selectors that select nothing.
    #[error("the name has a character that cannot be seen: leave it out")]
    Invisible,
    /// A character that no release of Unicode known here has, or one of private use: it looks different from
    /// device to device, or like nothing.
    #[error("the name has a character that not every device can show: leave it out")]
    Unassigned,
}

/// The longest name in bytes of UTF-8: enough for a label, and it bounds records and the audit trail.
pub(crate) const LONGEST_BYTES: usize = 64;

/// Whether a text that was typed may be a name.
pub(crate) fn check(text: &str) -> Result<(), NameError> {
    match flaw(text) {
        None => Ok(()),
        Some(flaw) => Err(flaw),
    }
}

/// Whether a stored text is a name. A host with the tables of a newer Unicode may have written it, so what
/// is unassigned here is a name there, and no damage. What was assigned when it was written stays a name:
/// Unicode does not make a control or a separator of it.
pub(crate) fn is_kept(text: &str) -> bool {
    matches!(flaw(text), None | Some(NameError::Unassigned))
}

/// The first flaw from the left; [`NameError::Unassigned`] only if there is no other.
fn flaw(text: &str) -> Option<NameError> {
    if text.len() > LONGEST_BYTES {
        return Some(NameError::TooLong);
    }
    let (mut before, mut seen, mut unassigned) = (Looks::Blank, false, false);
    for character in text.chars() {
        let looks = Looks::of(character);
        match looks {
            Looks::Refused(flaw) => return Some(flaw), // D33
            // It chooses between two looks of the character before it, as in "❤️".
            Looks::Selector if !matches!(before, Looks::Visible | Looks::Unassigned) => {
                return Some(NameError::Invisible);
            }
            Looks::Unassigned => unassigned = true,
            _ => {}
        }
        seen |= matches!(looks, Looks::Visible | Looks::Unassigned);
        before = looks;
    }
    if !seen {
        return Some(NameError::NothingVisible); // D33
    }
    unassigned.then_some(NameError::Unassigned)
}

/// What a reader sees of a character.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Looks {
    /// Something.
    Visible,
    /// Room, and nothing in it.
    Blank,
    /// A change of the character before it, and nothing by itself.
    Mark,
    /// A choice between two looks of the character before it.
    Selector,
    /// What the tables of Unicode known here do not say.
    Unassigned,
    /// It has no place in a name.
    Refused(NameError),
}

impl Looks {
    fn of(character: char) -> Self {
        if matches!(character, '!'..='~') {
            return Self::Visible; // most of what people type, without a look into the tables
        }
        match character {
            // `Bidi_Control`, all of it.
            '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => {
                return Self::Refused(NameError::BidiControl);
            }
            // `Variation_Selector`, all of it.
            '\u{180b}'..='\u{180d}' | '\u{180f}' | '\u{fe00}'..='\u{fe0f}' | '\u{e0100}'..='\u{e01ef}' => {
                return Self::Selector;
            }
            // The pattern of braille without a dot, the place of an object that is not there, the note
            // without a head, the filler of Khitan: empty, whatever their category says.
            '\u{2800}' | '\u{fffc}' | '\u{1d159}' | '\u{16fe4}' => return Self::Blank,
            // `Default_Ignorable_Code_Point` by the category of a letter or a mark: fillers, and two vowels
            // and a joiner that show nothing.
            '\u{34f}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{3164}' | '\u{ffa0}'
            // And not assigned, but reserved for what will show nothing.
            | '\u{2065}' | '\u{fff0}'..='\u{fff8}' | '\u{e0000}'..='\u{e0fff}' => {
                return Self::Refused(NameError::Invisible);
            }
            _ => {}
        }
        match character.general_category() {
            Category::Control => Self::Refused(NameError::ControlCharacter),
            Category::LineSeparator | Category::ParagraphSeparator => Self::Refused(NameError::LineSeparator),
            Category::Format => Self::Refused(NameError::Invisible),
            Category::Unassigned | Category::PrivateUse | Category::Surrogate => Self::Unassigned,
            Category::SpaceSeparator => Self::Blank,
            Category::NonspacingMark | Category::EnclosingMark => Self::Mark,
            _ => Self::Visible,
        }
    }
}
