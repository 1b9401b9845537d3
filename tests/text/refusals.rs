//! What of a refusal may leave the server is written; that nothing else can be is in `inventory`.

use std::time::Duration;

use pinlatch::refusal::{Cause, Language, NextStep, Refusal, RefusalCode, RefusalKind};

use crate::given::{from_json, json, reads_back};

#[test]
fn e33_the_public_view_is_written_and_says_nothing_of_the_cause() {
    let refusal = Refusal::because(RefusalCode::AuthenticationRequired, Cause::UnknownPerson);
    assert_eq!(
        json(&refusal.public(Language::English)),
        concat!(
            r#"{"code":"AuthenticationRequired","kind":"Authenticate","next":"Authenticate","#,
            r#""text":"Authenticate to continue."}"#
        )
    );
    let wrong = Refusal::new(RefusalCode::IncorrectPin).public(Language::Finnish);
    assert_eq!(
        json(&wrong),
        r#"{"code":"IncorrectPin","kind":"EnterPin","next":"EnterPin","text":"Väärä PIN-koodi"}"#
    );
    for code in RefusalCode::ALL {
        let told = json(&Refusal::because(*code, Cause::RecordUnreadable).public(Language::English));
        assert_eq!(told, json(&Refusal::new(*code).public(Language::English)));
        assert!(told.starts_with(&format!(r#"{{"code":"{code}","kind":""#)), "{told}");
    }
}

#[test]
fn e33_a_step_is_written_by_its_name_and_a_wait_in_milliseconds() {
    let wait = NextStep::TryAgain { after: Duration::from_micros(2_500_900) };
    let refusal = Refusal::new(RefusalCode::GuessesInFlight).leading_to(wait).public(Language::English);
    assert_eq!(
        json(&refusal),
        concat!(
            r#"{"code":"GuessesInFlight","kind":"Retry","next":{"TryAgain":{"after_milliseconds":2500}},"#,
            r#""text":"Your PIN code is being checked. Try again in a moment."}"#
        )
    );
    for step in [NextStep::AskForInvitation, NextStep::TryAgain { after: Duration::from_millis(1) }] {
        reads_back(&step);
    }
    reads_back(&RefusalKind::FixInput);
}

#[test]
fn e40_a_code_and_a_cause_are_read_by_their_names() {
    for code in RefusalCode::ALL {
        assert_eq!(json(code), format!("\"{}\"", code.as_str()));
        reads_back(code);
    }
    assert_eq!(json(&Cause::BegunBeforeRevokeAll), r#""BegunBeforeRevokeAll""#);
    reads_back(&Cause::BegunBeforeRevokeAll);
    for other in ["\"incorrectPin\"", "\"IncorrectPin \"", "\"\"", "0", "null", r#"{"IncorrectPin":1}"#] {
        assert!(from_json::<RefusalCode>(other).is_err(), "{other}");
        assert!(from_json::<Cause>(other).is_err(), "{other}");
    }
}
