//! What of a refusal may leave the server is written, and nothing else can be.

use pinlatch::account::RefusalEvent;
use pinlatch::refusal::{AuditRefusal, Cause, Language, PublicRefusal, Refusal, RefusalCode};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::given::{from_json, json, reads_back};

/// Does not compile if the type has the trait: `method` would then be of two traits at once.
macro_rules! lacks {
    ($type:ty, $trait:ident) => {
        const _: fn() = || {
            trait AmbiguousIfBoth<Marker> {
                fn method() {}
            }
            struct HasIt;
            impl<T: ?Sized> AmbiguousIfBoth<()> for T {}
            impl<T: ?Sized + $trait> AmbiguousIfBoth<HasIt> for T {}
            let _ = <$type as AmbiguousIfBoth<_>>::method;
        };
    };
}

lacks!(Refusal, Serialize);
lacks!(Refusal, DeserializeOwned);
lacks!(AuditRefusal, Serialize);
lacks!(AuditRefusal, DeserializeOwned);
lacks!(RefusalEvent, Serialize);
lacks!(RefusalEvent, DeserializeOwned);
// Whoever reads it is shown a text that others chose: a client shows its own, by the code.
lacks!(PublicRefusal, DeserializeOwned);

#[test]
fn e33_the_public_view_is_written_and_says_nothing_of_the_cause() {
    let refusal = Refusal::because(RefusalCode::AuthenticationRequired, Cause::UnknownPerson);
    assert_eq!(
        json(&refusal.public(Language::English)),
        r#"{"code":"AuthenticationRequired","text":"Authenticate to continue."}"#
    );
    let wrong = Refusal::new(RefusalCode::IncorrectPin).public(Language::Finnish);
    assert_eq!(json(&wrong), r#"{"code":"IncorrectPin","text":"Väärä PIN-koodi"}"#);
    for code in RefusalCode::ALL {
        let told = json(&Refusal::because(*code, Cause::RecordUnreadable).public(Language::English));
        assert_eq!(told, json(&Refusal::new(*code).public(Language::English)));
        assert!(told.starts_with(&format!(r#"{{"code":"{code}","text":""#)), "{told}");
    }
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
