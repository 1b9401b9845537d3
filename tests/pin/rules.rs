//! What is a PIN, and which PINs a person may choose (D19, R08).

use pinlatch::pin::{
    PersonalWords, PersonalWordsError, Pin, PinError, PinLength, PinPolicy, PinPolicyError, to_ascii_digits,
};
use pinlatch::refusal::{Cause, Language, Refusal, RefusalCode};

fn pin(digits: &str) -> Pin {
    Pin::parse(digits).unwrap()
}

/// What the default policy says of six digits, entered twice alike.
fn judged(digits: &str, personal: &PersonalWords) -> Result<(), Refusal> {
    let policy = PinPolicy::default().with_length(pin(digits).length());
    policy.accept(&pin(digits), &pin(digits), personal)
}

const TOO_WEAK_BY_WORD: Result<(), Refusal> =
    Err(Refusal::because(RefusalCode::PinTooWeak, Cause::WeakByPersonalWord));

mod parsing {
    use super::*;

    #[test]
    fn d19_four_to_twelve_ascii_digits_are_a_pin() {
        for (digits, length) in [("8246", 4), ("82467", 5), ("824671", 6), ("824671903582", 12)] {
            assert_eq!(Pin::parse(digits).unwrap().length().get(), length);
        }
    }

    #[test]
    fn d19_shorter_and_longer_entries_are_refused() {
        for digits in ["", "8", "824"] {
            assert_eq!(Pin::parse(digits).unwrap_err(), PinError::TooShort, "{digits}");
        }
        for digits in ["8246719035821", &"7".repeat(100_000)] {
            assert_eq!(Pin::parse(digits).unwrap_err(), PinError::TooLong);
        }
    }

    #[test]
    fn d19_anything_but_ascii_digits_is_refused_and_nothing_is_trimmed() {
        for text in [
            " 824671",
            "824671 ",
            "824671\n",
            "824 671",
            "82467a",
            "+824671",
            "-824671",
            "824671\0",
            "8246.1",
            "/82467",
            ":82467",
            "٨٢٤٦٧١",
            "８２４６７１",
            "²³¹⁴",
            "８24671",
        ] {
            assert_eq!(Pin::parse(text).unwrap_err(), PinError::NotDigits, "{text:?}");
        }
    }

    #[test]
    fn d19_a_malformed_entry_is_refused_as_such_with_its_cause() {
        let malformed = |cause| Refusal::because(RefusalCode::PinMalformed, cause);
        assert_eq!(PinError::NotDigits.refusal(), malformed(Cause::NotDigits));
        assert_eq!(PinError::TooShort.refusal(), malformed(Cause::WrongLength));
        assert_eq!(Refusal::from(PinError::TooLong), malformed(Cause::WrongLength));
    }

    #[test]
    fn d19_the_refusal_of_a_malformed_entry_says_how_many_digits_are_wanted() {
        for error in [PinError::NotDigits, PinError::TooShort, PinError::TooLong] {
            for digits in 4..=12 {
                let refusal = error.refusal_for(PinLength::new(digits).unwrap());
                assert_eq!(
                    (refusal.code(), refusal.cause()),
                    (RefusalCode::PinMalformed, error.refusal().cause())
                );
                let said = [Language::English, Language::Finnish].map(|it| refusal.public(it).text);
                assert_eq!(said[0], format!("Enter a PIN code of {digits} digits."));
                assert_eq!(said[1], format!("Syötä {digits}-numeroinen PIN-koodi."));
            }
            // Where the length is not known, it still says what is wrong.
            let said = error.refusal().public(Language::English).text;
            assert_eq!(said, "Enter all digits of your PIN code, and digits only.");
        }
    }

    #[test]
    fn d19_the_length_is_four_to_twelve_and_six_by_default() {
        assert_eq!(PinLength::default().get(), 6);
        for digits in 4..=12 {
            assert_eq!(PinLength::new(digits).map(PinLength::get), Ok(usize::from(digits)));
        }
        for digits in [0, 3, 13, 255] {
            assert_eq!(PinLength::new(digits), Err(PinPolicyError::LengthOutOfBounds));
        }
    }

    #[cfg(feature = "serde")]
    #[test]
    fn d19_a_length_read_from_a_configuration_is_checked() {
        assert_eq!(postcard::from_bytes(&[4]), Ok(PinLength::new(4).unwrap()));
        assert!(postcard::from_bytes::<PinLength>(&[3]).is_err());
        assert!(postcard::from_bytes::<PinPolicy>(&[13]).is_err());
    }
}

mod digits_of_other_scripts {
    use super::*;

    #[test]
    fn d19_decimal_digits_of_any_script_are_written_in_ascii() {
        for text in ["0123456789", "٠١٢٣٤٥٦٧٨٩", "۰۱۲۳۴۵۶۷۸۹", "०१२३४५६७८९", "০১২৩৪৫৬৭৮৯", "๐๑๒๓๔๕๖๗๘๙"]
        {
            assert_eq!(*to_ascii_digits(text).unwrap(), "0123456789", "{text}");
        }
        assert_eq!(*to_ascii_digits("０１２３４５６７８９").unwrap(), "0123456789");
        assert_eq!(*to_ascii_digits("𝟎𝟗𝟘𝟡𝟬𝟵𝟶𝟿").unwrap(), "09090909");
        assert_eq!(*to_ascii_digits("٨2४６").unwrap(), "8246");
    }

    #[test]
    fn d19_other_numerals_and_characters_are_refused() {
        for text in [
            "/", ":", "\u{65f}", "\u{66a}", "Ⅷ", "八", "²", "½", "①", "8 2", " 824671", "824671\n", "-8246",
            "a",
        ] {
            assert_eq!(to_ascii_digits(text).unwrap_err(), PinError::NotDigits, "{text:?}");
        }
    }

    #[test]
    fn d19_exactly_the_decimal_digits_of_unicode_18_are_converted() {
        let digits = (char::MIN..=char::MAX).filter(|c| to_ascii_digits(c.encode_utf8(&mut [0; 4])).is_ok());
        assert_eq!(digits.count(), 770);
    }

    #[test]
    fn d19_length_is_judged_after_the_conversion() {
        assert_eq!(*to_ascii_digits("").unwrap(), "");
        assert_eq!(pin(&to_ascii_digits("𝟘𝟘𝟟𝟠𝟜𝟚").unwrap()).length().get(), 6);
    }
}

mod policy {
    use super::*;

    #[test]
    fn r07_d19_two_equal_strong_entries_of_the_right_length_are_accepted() {
        assert_eq!(judged("824671", &PersonalWords::none()), Ok(()));
        assert_eq!(judged("8246", &PersonalWords::none()), Ok(()));
    }

    #[test]
    fn r08_d19_an_entry_of_another_length_is_malformed() {
        let policy = PinPolicy::default();
        for digits in ["82467", "8246719", "111"].into_iter().filter_map(|text| Pin::parse(text).ok()) {
            let refused = policy.accept(&digits, &digits, &PersonalWords::none());
            let malformed = Refusal::because(RefusalCode::PinMalformed, Cause::WrongLength);
            assert_eq!(refused, Err(malformed.for_pin_digits(6)));
        }
        let eight = policy.with_length(PinLength::new(8).unwrap());
        assert_eq!(eight.length().get(), 8);
        assert_eq!(eight.accept(&pin("82467190"), &pin("82467190"), &PersonalWords::none()), Ok(()));
    }

    #[test]
    fn r08_entries_that_differ_are_a_mismatch() {
        for other in ["824672", "924671", "82467", "8246710", "824671000000"] {
            let refused = PinPolicy::default().accept(&pin("824671"), &pin(other), &PersonalWords::none());
            assert_eq!(refused, Err(Refusal::new(RefusalCode::PinMismatch)), "{other}");
        }
    }

    #[test]
    fn r08_a_confirmation_that_differs_in_zeros_at_the_end_is_a_mismatch() {
        let refused = PinPolicy::default().accept(&pin("824600"), &pin("8246"), &PersonalWords::none());
        assert_eq!(refused, Err(Refusal::new(RefusalCode::PinMismatch)));
    }

    #[test]
    fn r08_d19_a_weak_pin_is_too_weak() {
        let too_weak = Err(Refusal::because(RefusalCode::PinTooWeak, Cause::WeakByRule));
        for digits in ["123456", "111111", "123321", "472472", "147258", "123956", "112233", "1984"] {
            assert_eq!(judged(digits, &PersonalWords::none()), too_weak, "{digits}");
        }
    }

    #[test]
    fn r08_length_comes_before_mismatch_and_mismatch_before_weakness() {
        let policy = PinPolicy::default();
        let code = |entry: &str, other: &str| {
            policy.accept(&pin(entry), &pin(other), &PersonalWords::none()).unwrap_err().code()
        };
        assert_eq!(code("1111", "2222"), RefusalCode::PinMalformed);
        assert_eq!(code("111111", "222222"), RefusalCode::PinMismatch);
    }
}

mod personal_words {
    use super::*;

    fn known(word: &str) -> PersonalWords {
        PersonalWords::none().with(word).unwrap()
    }

    #[test]
    fn d19_a_pin_inside_a_word_is_weak_forwards_and_backwards() {
        let phone = || known("+358 40 735 9146");
        for digits in ["358407", "840735", "359146", "641953", "704853", "9146", "6419"] {
            assert_eq!(judged(digits, &phone()), TOO_WEAK_BY_WORD, "{digits}");
        }
        for digits in ["359147", "735916", "461953", "9147"] {
            assert_eq!(judged(digits, &phone()), Ok(()), "{digits}");
        }
    }

    #[test]
    fn d19_a_pin_that_contains_a_word_of_four_digits_is_weak() {
        for digits in ["873509", "087350", "053780", "805378"] {
            assert_eq!(judged(digits, &known("8-7-3-5")), TOO_WEAK_BY_WORD, "{digits}");
        }
        for digits in ["490873", "873609", "783509"] {
            assert_eq!(judged(digits, &known("8-7-3-5")), Ok(()), "{digits}");
        }
    }

    #[test]
    fn d19_a_word_with_fewer_than_four_digits_says_nothing() {
        for word in ["873", "Helsinki", "", "A8 7"] {
            assert_eq!(judged("873509", &known(word)), Ok(()), "{word}");
        }
    }

    #[test]
    fn d19_digits_of_other_scripts_count_in_words() {
        assert_eq!(judged("873509", &known("٨٧٣٥")), TOO_WEAK_BY_WORD);
    }

    #[test]
    fn d19_every_word_counts() {
        let words = || known("8735").with("2960").unwrap().with_birth_date(1980, 12, 24).unwrap();
        for digits in ["873509", "729608", "241280"] {
            assert_eq!(judged(digits, &words()), TOO_WEAK_BY_WORD, "{digits}");
        }
        assert_eq!(judged("824671", &words()), Ok(()));
    }

    #[test]
    fn d19_a_birth_date_is_weak_in_the_orders_people_write_it() {
        let born = || PersonalWords::none().with_birth_date(1980, 3, 4).unwrap();
        for digits in [
            "040380",
            "030480",
            "800304",
            "04031980",
            "03041980",
            "19800304",
            "431980",
            "341980",
            "198034",
            "4380",
            "3480",
            "8034",
            "0403",
            "0304",
            "0380",
            "0480",
            "8003",
            "198075",
            "751980",
            "040375",
            "030475",
            "089140",
            "04031980275",
        ] {
            assert_eq!(judged(digits, &born()), TOO_WEAK_BY_WORD, "{digits}");
        }
        for digits in ["050380", "057381", "197935", "4681"] {
            assert_eq!(judged(digits, &born()), Ok(()), "{digits}");
        }
    }

    #[test]
    fn d19_a_personal_identity_code_gives_its_birth_date_away() {
        for word in ["131052-308T", " 131052-308t ", "131052Y308T", "131052-308X", "١٣١٠٥٢-308T"] {
            for digits in [
                "131052", "521013", "101352", "250131", "310125", "1310", "195207", "13101952", "19521013",
                "871310", "052308",
            ] {
                assert_eq!(judged(digits, &known(word)), TOO_WEAK_BY_WORD, "{digits} by {word:?}");
            }
            for digits in ["131153", "520113", "205207", "824671"] {
                assert_eq!(judged(digits, &known(word)), Ok(()), "{digits} by {word:?}");
            }
        }
        // The sign tells the century.
        for (sign, year) in [('+', 1852), ('-', 1952), ('V', 1952), ('A', 2052), ('F', 2052), ('a', 2052)] {
            for of in [1852, 1952, 2052] {
                let expected = if of == year { TOO_WEAK_BY_WORD } else { Ok(()) };
                assert_eq!(
                    judged(&format!("{of}79"), &known(&format!("131052{sign}308T"))),
                    expected,
                    "{sign} {of}"
                );
            }
        }
    }

    #[test]
    fn d19_only_a_personal_identity_code_is_read_as_one() {
        for word in [
            "131052308T",
            "131052G308T",
            "131052-308",
            "131052-308TT",
            "131052-30T",
            "13105-2308T",
            "311152-308T",
            "131352-308T",
            "131052--308T",
            "131052-308 T",
            "HETU 131052-308T",
            "130052-308T",
            "001052-308T",
        ] {
            assert_eq!(judged("521079", &known(word)), Ok(()), "{word}");
            assert_eq!(judged("195279", &known(word)), Ok(()), "{word}");
        }
        // It is one word, and its digits count as those of any other.
        let mut words = PersonalWords::none();
        for _ in 0..PersonalWords::MAX_WORDS {
            words = words.with("131052-308T").unwrap();
        }
        assert_eq!(words.with("131052-308T").unwrap_err(), PersonalWordsError::TooManyWords);
    }

    #[test]
    fn d19_a_birth_date_must_exist() {
        for (year, month, day) in
            [(1981, 2, 29), (1980, 13, 1), (1980, 0, 1), (1980, 1, 0), (0, 1, 1), (-1, 1, 1)]
        {
            let refused = PersonalWords::none().with_birth_date(year, month, day).unwrap_err();
            assert_eq!(refused, PersonalWordsError::NoSuchDay);
        }
        assert!(PersonalWords::none().with_birth_date(1980, 2, 29).is_ok());
        assert!(PersonalWords::none().with_birth_date(1, 1, 1).is_ok());
    }

    #[test]
    fn d19_words_beyond_the_bounds_are_an_error_and_not_passed_over() {
        let longest = "8735".repeat(8);
        assert!(PersonalWords::none().with(&longest).is_ok());
        let refused = PersonalWords::none().with(&format!("{longest}2")).unwrap_err();
        assert_eq!(refused, PersonalWordsError::WordTooLong);

        let mut words = PersonalWords::none().with_birth_date(1980, 12, 24).unwrap();
        for _ in 1..PersonalWords::MAX_WORDS {
            words = words.with("Helsinki").unwrap();
        }
        assert_eq!(words.with("8735").unwrap_err(), PersonalWordsError::TooManyWords);
    }
}

#[test]
fn i13_debug_shows_no_digit_of_a_pin_or_a_word() {
    assert_eq!(format!("{:?}", pin("824671")), "Pin(redacted)");
    assert_eq!(format!("{:#?}", pin("824671")), "Pin(redacted)");
    let words = PersonalWords::none().with("8735").unwrap().with_birth_date(1980, 12, 24).unwrap();
    assert_eq!(format!("{words:?}"), "PersonalWords(redacted)");
    assert_eq!(format!("{words:#?}"), "PersonalWords(redacted)");
}
