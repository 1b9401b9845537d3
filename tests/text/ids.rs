//! Ids: the text of a UUID, a key in JSON, sixteen bytes elsewhere.

use std::collections::BTreeMap;
use std::fmt::{Debug, Display};
use std::str::FromStr;

use pinlatch::id::{
    AttemptId, CompanyId, CredentialId, DeviceId, HistoryId, ParseIdError, PersonId, RequestId, StartId,
    WriteId,
};
use proptest::prelude::any;
use proptest::prop_assert_eq;
use serde::Serialize;
use serde::de::DeserializeOwned;
use uuid::Uuid;

use crate::given::{compact, for_all, from_compact, from_json, json};

const NUMBER: u128 = 0x67e5_5044_10b1_426f_9247_bb68_0e5f_e0c8;
const TEXT: &str = "67e55044-10b1-426f-9247-bb680e5fe0c8";

/// What all kinds have in common.
trait Id:
    Copy + Debug + Display + Ord + FromStr<Err = ParseIdError> + Serialize + DeserializeOwned + From<Uuid>
{
    const KIND: &str;

    fn from_number(number: u128) -> Self;
    fn uuid(self) -> Uuid;
}

macro_rules! kinds {
    ($($kind:ident,)*) => {
        $(impl Id for $kind {
            const KIND: &str = stringify!($kind);

            fn from_number(number: u128) -> Self {
                Self::from_u128(number)
            }

            fn uuid(self) -> Uuid {
                self.into()
            }
        })*

        /// Calls a function for every kind of id.
        macro_rules! for_every_kind {
            ($check:ident($argument:expr)) => { $($check::<$kind>($argument);)* };
        }
    };
}

kinds! { PersonId, CompanyId, DeviceId, CredentialId, AttemptId, WriteId, HistoryId, StartId, RequestId, }

/// The text, as another library writes it, and all the ways back.
fn round_trips<T: Id>(number: u128) {
    let id = T::from_number(number);
    let text = id.to_string();
    assert_eq!(text, Uuid::from_u128(number).hyphenated().to_string());
    assert_eq!(text.parse(), Ok(id));
    assert_eq!(text.to_uppercase().parse(), Ok(id), "digits are read in either case");
    assert_eq!(json(&id), format!("\"{text}\""));
    assert_eq!(from_json::<T>(&json(&id)).unwrap(), id);
    assert_eq!(compact(&id), number.to_be_bytes());
    assert_eq!(from_compact::<T>(&number.to_be_bytes()).unwrap(), id);
    assert_eq!((id.uuid(), T::from(id.uuid())), (Uuid::from_u128(number), id));
}

#[test]
fn every_id_reads_back_from_each_of_its_forms() {
    for number in [0, 1, NUMBER, 0xff << 120, u128::MAX] {
        for_every_kind!(round_trips(number));
    }
    for_all(any::<u128>(), |number| {
        for_every_kind!(round_trips(number));
        Ok(())
    });
}

fn is_written_out<T: Id>(_: ()) {
    let id = T::from_number(NUMBER);
    assert_eq!(id.to_string(), "67e55044-10b1-426f-9247-bb680e5fe0c8");
    assert_eq!(json(&id), r#""67e55044-10b1-426f-9247-bb680e5fe0c8""#);
    assert_eq!(compact(&id), *b"\x67\xe5\x50\x44\x10\xb1\x42\x6f\x92\x47\xbb\x68\x0e\x5f\xe0\xc8");
    assert_eq!(T::from_number(0xa).to_string(), "00000000-0000-0000-0000-00000000000a");
    assert_eq!(format!("{id:?}"), format!("{}(…e0c8)", T::KIND), "redacted to the last four digits");
    assert_eq!(format!("{:?}", T::from_number(0xa)), format!("{}(…000a)", T::KIND));
}

#[test]
fn the_forms_are_these() {
    for_every_kind!(is_written_out(()));
}

fn is_a_key<T: Id>(_: ()) {
    let map = BTreeMap::from([(T::from_number(NUMBER), 1), (T::from_number(2), 2)]);
    let text = r#"{"00000000-0000-0000-0000-000000000002":2,"67e55044-10b1-426f-9247-bb680e5fe0c8":1}"#;
    assert_eq!(json(&map), text);
    assert_eq!(from_json::<BTreeMap<T, i32>>(text).unwrap(), map);
    assert_eq!(from_compact::<BTreeMap<T, i32>>(&compact(&map)).unwrap(), map);
    assert!(from_json::<BTreeMap<T, i32>>(r#"{"2":2}"#).is_err());
}

#[test]
fn an_id_is_a_key_of_a_json_object() {
    for_every_kind!(is_a_key(()));
}

/// Texts that are no id. The length of some is right, in bytes or in characters.
fn hostile() -> Vec<String> {
    let swapped = |from: &str, to: &str| TEXT.replacen(from, to, 1);
    let mut texts: Vec<String> = [
        "",
        "-",
        "----",
        "67e55044",
        "67e5504410b1426f9247bb680e5fe0c8",
        "{67e55044-10b1-426f-9247-bb680e5fe0c8}",
        "urn:uuid:67e55044-10b1-426f-9247-bb680e5fe0c8",
        "PersonId(…e0c8)",
        "67e55044-10b1-426f-9247-bb680e5fe0c",
        "67e55044-10b1-426f-9247-bb680e5fe0c80",
        "67e5504-410b1-426f-9247-bb680e5fe0c8",
        "67e55044-10b1-426f-9247bb680e5fe-0c8",
        "67e55044010b10426f092470bb680e5fe0c8",
        "------------------------------------",
        "138107983286847842912937893612836127",
    ]
    .map(str::to_owned)
    .into();
    texts.extend([" ", "\n", "\t", "\0", "\u{a0}", "\u{feff}"].map(|space| format!("{space}{TEXT}")));
    texts.extend([" ", "\n", "\0"].map(|space| format!("{TEXT}{space}")));
    texts.extend([" ", "+", "-", "g", "x", "_", "\0"].map(|digit| swapped("6", digit)));
    // Digits of other scripts, a minus and dashes that are not ASCII.
    texts.extend(["６", "٦", "६", "𝟔"].map(|digit| swapped("6", digit)));
    texts.extend(["67", "67e"].into_iter().zip(["٦", "６"]).map(|(from, digit)| swapped(from, digit)));
    texts.extend(["‐", "−", "–", " ", "_", ":"].map(|dash| swapped("-", dash)));
    texts.push("é".repeat(18));
    texts.push("a".repeat(1 << 20));
    texts
}

fn is_refused<T: Id>(text: &str) {
    assert_eq!(text.parse::<T>().err(), Some(ParseIdError), "{text:.60}");
    assert!(from_json::<T>(&json(&text)).is_err(), "{text:.60}");
}

#[test]
fn e40_no_other_text_is_an_id() {
    for text in hostile() {
        for_every_kind!(is_refused(&text));
    }
    let wanted =
        "no identifier: write 32 hexadecimal digits in groups of 8, 4, 4, 4 and 12 with hyphens between";
    assert_eq!(ParseIdError.to_string(), wanted, "the same whatever was read: it echoes nothing");
}

/// Of the texts of that length another library reads exactly the same ones, as the same ids.
#[test]
fn e40_ids_are_read_as_another_library_reads_them() {
    for_all("[0-9a-fA-F]{8}-[0-9a-f]{4}[-4][0-9a-fg]{4}-[0-9a-f]{4}-[0-9a-f]{12}", |text| {
        let theirs = Uuid::try_parse(&text).ok().map(|uuid| uuid.as_u128());
        prop_assert_eq!(text.parse().ok().map(|id: PersonId| id.as_u128()), theirs);
        Ok(())
    });
    for_all("[0-9a-fA-F{}-]{36}", |text| {
        let theirs = Uuid::try_parse(&text).ok().map(|uuid| uuid.as_u128());
        prop_assert_eq!(text.parse().ok().map(|id: PersonId| id.as_u128()), theirs);
        Ok(())
    });
}

fn has_no_other_form<T: Id>(_: ()) {
    let array = json(&NUMBER.to_be_bytes());
    for other in ["null", "0", "1.5", "true", "{}", "[]", &array, &format!("[{}]", json(&TEXT))] {
        assert!(from_json::<T>(other).is_err(), "{other}");
    }
    let bytes = NUMBER.to_be_bytes();
    assert!(from_compact::<T>(&bytes[..15]).is_err());
    assert!(from_compact::<T>(&[&bytes[..], &[0]].concat()).is_err());
    assert!(from_compact::<T>(&compact(&TEXT)).is_err(), "a text is for human readers");
}

#[test]
fn e40_an_id_has_one_form_in_each_kind_of_format() {
    for_every_kind!(has_no_other_form(()));
}
