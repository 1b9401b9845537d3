//! The public texts, in English and Finnish, for the one who reads them.
//!
//! The texts of [`RefusalCode::IncorrectPin`] and [`RefusalCode::PinExhausted`] are the product's
//! own, to the letter (R12, R13). The others are ours.

use alloc::borrow::Cow;
use alloc::format;

use super::code::RefusalCode;
use super::public::{Audience, Details};
use super::step::NextStep;

/// A language of the public texts.
///
/// With the feature `serde` it is its name, as in `"Finnish"`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub enum Language {
    /// English.
    #[default]
    English,
    /// Finnish.
    Finnish,
}

impl RefusalCode {
    /// The text for the person whom it is about, without data.
    ///
    /// A [`Refusal`](super::Refusal) knows its data and its reader: show the text of
    /// [`Refusal::public`](super::Refusal::public).
    #[must_use]
    pub const fn message(self, language: Language) -> &'static str {
        match language {
            Language::English => english(self),
            Language::Finnish => finnish(self),
        }
    }
}

/// The text for this reader, with its data.
pub(super) fn text(code: RefusalCode, details: &Details, language: Language) -> Cow<'static, str> {
    match (code, details.pin_digits) {
        (RefusalCode::PinMalformed, Some(digits)) => match language {
            Language::English => format!("Enter a PIN code of {digits} digits.").into(), // D19
            Language::Finnish => format!("Syötä {digits}-numeroinen PIN-koodi.").into(),
        },
        _ => match details.audience {
            Audience::Administrator => about_another(code, language),
            Audience::Person => another_way_on(code, details.next, language),
        }
        .unwrap_or(code.message(language))
        .into(),
    }
}

/// The text for who has another step before them than the one that the code's own text names (I14).
const fn another_way_on(code: RefusalCode, next: NextStep, language: Language) -> Option<&'static str> {
    use Language::{English, Finnish};
    use RefusalCode as C;
    Some(match (code, next, language) {
        (C::InvitationRequired, NextStep::PresentInvitation, English) => {
            "You have been invited. Open the invitation that was sent to you, and authenticate."
        }
        (C::InvitationRequired, NextStep::PresentInvitation, Finnish) => {
            "Sinut on kutsuttu. Avaa sinulle lähetetty kutsu ja tunnistaudu."
        }
        (C::ReinvitationRequired, NextStep::PresentInvitation, English) => {
            "You are logged out from all devices and invited again. Open the invitation that was sent to you, and \
             authenticate."
        }
        (C::ReinvitationRequired, NextStep::PresentInvitation, Finnish) => {
            "Sinut on kirjattu ulos kaikista laitteista ja kutsuttu uudelleen. Avaa sinulle lähetetty kutsu ja \
             tunnistaudu."
        }
        (C::ReinvitationRequired, NextStep::Authenticate, English) => {
            "You are logged out from all devices. Authenticate again."
        }
        (C::ReinvitationRequired, NextStep::Authenticate, Finnish) => {
            "Sinut on kirjattu ulos kaikista laitteista. Tunnistaudu uudelleen."
        }
        (C::AuthenticationRequired, NextStep::TryAgain { .. }, English) => {
            "It is too early to authenticate again. Wait a moment, then authenticate."
        }
        (C::AuthenticationRequired, NextStep::TryAgain { .. }, Finnish) => {
            "Uuden tunnistautumisen aika ei ole vielä. Odota hetki ja tunnistaudu sitten."
        }
        (C::NoInvitation, NextStep::AskForInvitation, English) => {
            "This invitation cannot be used. Open the whole link that was sent to you, or ask your user \
             administrator for a new invitation."
        }
        (C::NoInvitation, NextStep::AskForInvitation, Finnish) => {
            "Kutsua ei voi käyttää. Avaa sinulle lähetetty linkki kokonaan tai pyydä käyttäjähallitsijalta uusi \
             kutsu."
        }
        // The PIN that these ask for cannot be checked any more.
        (
            C::PinExists | C::StepUpRequired | C::BiometricUnavailable | C::BiometricRejected,
            NextStep::Authenticate,
            _,
        ) => C::CredentialUnusable.message(language),
        _ => return None,
    })
}

/// The text for who acts on another person, where "you" would be the wrong one.
const fn about_another(code: RefusalCode, language: Language) -> Option<&'static str> {
    use Language::{English, Finnish};
    use RefusalCode as C;
    Some(match (code, language) {
        (C::NotAUser, English) => "This person has not been added as a user.",
        (C::NotAUser, Finnish) => "Henkilöä ei ole lisätty käyttäjäksi.",
        (C::InvitationRequired, English) => "This person needs an invitation before signing in.",
        (C::InvitationRequired, Finnish) => "Henkilö tarvitsee kutsun ennen kirjautumista.",
        (C::ReinvitationRequired, English) => {
            "This person is logged out from all devices and needs a new invitation."
        }
        (C::ReinvitationRequired, Finnish) => {
            "Henkilö on kirjattu ulos kaikista laitteista ja tarvitsee uuden kutsun."
        }
        (C::NoChargeableService, English) => "No service has been selected for this person.",
        (C::NoChargeableService, Finnish) => "Henkilölle ei ole valittu palvelua.",
        (C::NotEligible, English) => "This person cannot sign in to this service.",
        (C::NotEligible, Finnish) => "Henkilö ei voi kirjautua tähän palveluun.",
        (C::FunctionNotInServices, English) => "This function is not part of this person's services.",
        (C::FunctionNotInServices, Finnish) => "Toiminto ei kuulu henkilön palveluihin.",
        _ => return None,
    })
}

const fn english(code: RefusalCode) -> &'static str {
    use RefusalCode as C;
    match code {
        C::IncorrectPin => "Incorrect PIN code",
        C::PinExhausted => {
            "Incorrect PIN code. You entered the wrong PIN code too many times. Authenticate again."
        }
        C::UnsupportedDevice => "This device is not supported. Use an unmodified device.",
        C::DeviceIntegrityUnknown => "This device could not be checked. Try again.",
        C::AuthenticationRequired => "Authenticate to continue.",
        C::AuthenticationFailed => "Authentication did not succeed. Try again.",
        C::MethodNotAvailable => "This way of authenticating is not available to you. Choose another one.",
        C::InvitationRequired => {
            "You need an invitation before you can sign in. Ask your user administrator for one."
        }
        C::ReinvitationRequired => {
            "You are logged out from all devices. Ask your user administrator for a new invitation."
        }
        C::DeviceInUse => "Someone else is signed in on this device. Log out first.",
        C::AcknowledgementRequired => "Select OK first, then authenticate again.",
        C::NothingToAcknowledge => "There is nothing to confirm.",
        C::PinRequired => "Create a PIN code first.",
        C::PinExists => "You already have a PIN code. Enter it.",
        C::PinMismatch => "The PIN codes are not the same.",
        C::PinMalformed => "Enter all digits of your PIN code, and digits only.",
        C::PinTooWeak => "This PIN code is too easy to guess. Choose another one.",
        C::PinUnchanged => "The new PIN code is the same as the old one.",
        C::GuessesInFlight => "Your PIN code is being checked. Try again in a moment.",
        C::GuessOvertaken => "Something has changed in the meantime. Try again.",
        C::CredentialUnusable => "Your PIN code cannot be checked. Authenticate again.",
        C::Locked => "The app is locked.",
        C::SessionRequired => "Your session has ended.",
        C::StepUpRequired => "Enter your PIN code to continue.",
        C::BiometricUnavailable => "Use your PIN code.",
        C::BiometricRejected => "Not recognised. Try again or use your PIN code.",
        C::NotAUser => "You have not been added as a user. Ask your employer.",
        C::NoChargeableService => "No service has been selected for you. Ask your employer.",
        C::NotEligible => "You cannot sign in to this service. Ask your employer.",
        C::FunctionNotInServices => "This function is not part of your services. Ask your employer.",
        C::NotOwnData => "You can only see your own information.",
        C::NoRight => "You have no right to this function.",
        C::NotAuthorised => "You are not allowed to do this.",
        C::RecordFull => "No more entries fit for this person.",
        C::NothingToChange => "There is nothing to change.",
        C::UnknownDevice => "There is no such device.",
        C::NoInvitation => "There is no open invitation.",
        C::ClockUnavailable | C::AuditTrailFull | C::Unavailable => {
            "The service is not available. Try again later."
        }
    }
}

const fn finnish(code: RefusalCode) -> &'static str {
    use RefusalCode as C;
    match code {
        C::IncorrectPin => "Väärä PIN-koodi",
        C::PinExhausted => {
            "Väärä PIN-koodi. Syötit väärän PIN-koodin liian monta kertaa. Tunnistaudu uudelleen."
        }
        C::UnsupportedDevice => "Tätä laitetta ei tueta. Käytä muokkaamatonta laitetta.",
        C::DeviceIntegrityUnknown => "Laitetta ei voitu tarkistaa. Yritä uudelleen.",
        C::AuthenticationRequired => "Tunnistaudu jatkaaksesi.",
        C::AuthenticationFailed => "Tunnistautuminen ei onnistunut. Yritä uudelleen.",
        C::MethodNotAvailable => "Tämä tunnistautumistapa ei ole käytettävissäsi. Valitse toinen.",
        C::InvitationRequired => "Tarvitset kutsun ennen kirjautumista. Pyydä se käyttäjähallitsijalta.",
        C::ReinvitationRequired => {
            "Sinut on kirjattu ulos kaikista laitteista. Pyydä käyttäjähallitsijalta uusi kutsu."
        }
        C::DeviceInUse => "Tällä laitteella on kirjautuneena toinen henkilö. Kirjaudu ensin ulos.",
        C::AcknowledgementRequired => "Valitse ensin OK ja tunnistaudu sitten uudelleen.",
        C::NothingToAcknowledge => "Vahvistettavaa ei ole.",
        C::PinRequired => "Luo ensin PIN-koodi.",
        C::PinExists => "Sinulla on jo PIN-koodi. Syötä se.",
        C::PinMismatch => "PIN-koodit eivät täsmää.",
        C::PinMalformed => "Syötä PIN-koodisi kaikki numerot, ei muita merkkejä.",
        C::PinTooWeak => "PIN-koodi on liian helppo arvata. Valitse toinen.",
        C::PinUnchanged => "Uusi PIN-koodi on sama kuin vanha.",
        C::GuessesInFlight => "PIN-koodiasi tarkistetaan. Yritä hetken kuluttua uudelleen.",
        C::GuessOvertaken => "Tilanne on muuttunut. Yritä uudelleen.",
        C::CredentialUnusable => "PIN-koodia ei voida tarkistaa. Tunnistaudu uudelleen.",
        C::Locked => "Sovellus on lukittu.",
        C::SessionRequired => "Istuntosi on päättynyt.",
        C::StepUpRequired => "Jatka syöttämällä PIN-koodisi.",
        C::BiometricUnavailable => "Käytä PIN-koodia.",
        C::BiometricRejected => "Ei tunnistettu. Yritä uudelleen tai käytä PIN-koodia.",
        C::NotAUser => "Sinua ei ole lisätty käyttäjäksi. Ota yhteyttä työnantajaasi.",
        C::NoChargeableService => "Sinulle ei ole valittu palvelua. Ota yhteyttä työnantajaasi.",
        C::NotEligible => "Et voi kirjautua tähän palveluun. Ota yhteyttä työnantajaasi.",
        C::FunctionNotInServices => "Toiminto ei kuulu palveluihisi. Ota yhteyttä työnantajaasi.",
        C::NotOwnData => "Näet vain omat tietosi.",
        C::NoRight => "Sinulla ei ole oikeutta tähän toimintoon.",
        C::NotAuthorised => "Sinulla ei ole oikeutta tehdä tätä.",
        C::RecordFull => "Tälle henkilölle ei mahdu enempää merkintöjä.",
        C::NothingToChange => "Muutettavaa ei ole.",
        C::UnknownDevice => "Laitetta ei löydy.",
        C::NoInvitation => "Avointa kutsua ei ole.",
        C::ClockUnavailable | C::AuditTrailFull | C::Unavailable => {
            "Palvelu ei ole käytettävissä. Yritä myöhemmin."
        }
    }
}
