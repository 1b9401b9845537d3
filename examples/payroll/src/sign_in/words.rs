//! What a page says of a sign-in that came to nothing, and what to do then.

use axum::http::HeaderMap;
use pinlatch::refusal::{Language, RefusalCode};
use pinlatch_axum::asked::Languages;

use crate::phone::{Jar, Keep};
use crate::settings::Settings;

/// The codes of a sign-in that are none of pinlatch's.
pub(crate) const SIGN_IN_OVER: &str = "SignInOver";
pub(crate) const CANCELLED: &str = "SignInCancelled";
pub(crate) const ACCOUNT_UNKNOWN: &str = "AccountUnknown";
pub(crate) const INVITATION_OF_ANOTHER: &str = "InvitationOfAnother";

/// What a code means to the person.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Explained {
    pub(crate) what: &'static str,
    /// The next step, where the first does not say it.
    pub(crate) next: Option<&'static str>,
}

/// What the person chose by the cookie, else what the browser asks for.
pub(crate) fn language(settings: &Settings, headers: &HeaderMap) -> Language {
    language_over(settings.is_tls(), headers)
}

/// The same, for who knows only whether browsers come by TLS.
pub(crate) fn language_over(is_tls: bool, headers: &HeaderMap) -> Language {
    match Jar::sent_over(is_tls, headers).get(Keep::Language) {
        Some("fi") => Language::Finnish,
        Some("en") => Language::English,
        _ => Languages::of(headers).built_in(),
    }
}

/// What a code means that an address carries. One that is unknown is a sign-in that did not succeed: no text from an address
/// is shown.
pub(crate) fn explained(code: &str, language: Language) -> Explained {
    let is_finnish = language == Language::Finnish;
    let own = |english: [&'static str; 2], finnish: [&'static str; 2]| {
        let [what, next] = if is_finnish { finnish } else { english };
        Explained { what, next: Some(next) }
    };
    match code {
        SIGN_IN_OVER => own(
            ["That sign-in is over: it took too long, or was begun in another window.", "Sign in again."],
            ["Kirjautuminen vanheni tai se aloitettiin toisessa ikkunassa.", "Kirjaudu uudelleen."],
        ),
        CANCELLED => own(
            ["You cancelled the sign-in. Nothing has changed.", "Sign in when you like."],
            ["Peruutit kirjautumisen. Mikään ei muuttunut.", "Kirjaudu, kun haluat."],
        ),
        ACCOUNT_UNKNOWN => own(
            [
                "Nobody here has the account that you signed in with.",
                "Sign in with another account, or ask your user administrator.",
            ],
            [
                "Kukaan täällä ei käytä tiliä, jolla kirjauduit.",
                "Kirjaudu toisella tilillä tai ota yhteyttä käyttäjähallitsijaan.",
            ],
        ),
        INVITATION_OF_ANOTHER => own(
            [
                "The invitation that was opened here is for somebody else. It has been put away.",
                "Sign in again. Whom it is for may still open it.",
            ],
            [
                "Tässä avattu kutsu on toiselle henkilölle. Se on siirretty syrjään.",
                "Kirjaudu uudelleen. Kutsun saaja voi yhä avata sen.",
            ],
        ),
        "NotAUser" => own(
            [
                "You have not been added as a user, and the browser version is for users.",
                "The app on your phone works without. Ask your user administrator if you need the browser version, or sign \
                 in as somebody else.",
            ],
            [
                "Sinua ei ole lisätty käyttäjäksi, ja selainversio on käyttäjille.",
                "Puhelinsovellus toimii ilmankin. Jos tarvitset selainversiota, ota yhteyttä käyttäjähallitsijaan, tai \
                 kirjaudu toisena henkilönä.",
            ],
        ),
        _ => {
            let known = RefusalCode::ALL.iter().find(|known| known.as_str() == code);
            let what = known.copied().unwrap_or(RefusalCode::AuthenticationFailed).message(language);
            Explained { what, next: None }
        }
    }
}
