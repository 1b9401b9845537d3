//! The public texts, in English and Finnish.
//!
//! The texts of [`RefusalCode::IncorrectPin`] and [`RefusalCode::PinExhausted`] are the product's
//! own, to the letter (R12, R13). The others are ours.

use super::code::RefusalCode;

/// A language of the public texts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Language {
    /// English.
    #[default]
    English,
    /// Finnish.
    Finnish,
}

impl RefusalCode {
    /// The text to show to the person.
    #[must_use]
    pub const fn message(self, language: Language) -> &'static str {
        match language {
            Language::English => english(self),
            Language::Finnish => finnish(self),
        }
    }
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
        C::MethodNotAvailable => "This way of authenticating is not available to you.",
        C::InvitationRequired => "You need an invitation before you can sign in.",
        C::ReinvitationRequired => {
            "You are logged out from all devices. Ask your user administrator for a new invitation."
        }
        C::AlreadyEnrolled => "You are signed in on this device already.",
        C::AcknowledgementRequired => "Select OK first, then authenticate again.",
        C::NothingToAcknowledge => "There is nothing to confirm.",
        C::PinRequired => "Create a PIN code first.",
        C::PinMismatch => "The PIN codes are not the same.",
        C::PinMalformed => "Enter the digits of your PIN code.",
        C::PinTooWeak => "This PIN code is too easy to guess. Choose another one.",
        C::PinUnchanged => "The new PIN code is the same as the old one.",
        C::CredentialUnusable => "Your PIN code cannot be checked. Authenticate again.",
        C::Locked => "The app is locked.",
        C::NotLocked => "The app is open already.",
        C::SessionRequired => "Your session has ended.",
        C::BiometricUnavailable => "Use your PIN code.",
        C::BiometricRejected => "Not recognised. Try again or use your PIN code.",
        C::NotAUser => "You have not been added as a user.",
        C::NoChargeableService => "No service has been selected for you. Ask your employer.",
        C::NotEligible => "You cannot sign in to this service.",
        C::FunctionNotInServices => "This function is not part of your services.",
        C::NotOwnData => "You can only see your own information.",
        C::NoRight => "You have no right to this function.",
        C::NotAuthorised => "You are not allowed to do this.",
        C::NothingToChange => "There is nothing to change.",
        C::RecordFull => "No more entries fit for this person.",
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
        C::MethodNotAvailable => "Tämä tunnistautumistapa ei ole käytettävissäsi.",
        C::InvitationRequired => "Tarvitset kutsun ennen kirjautumista.",
        C::ReinvitationRequired => {
            "Sinut on kirjattu ulos kaikista laitteista. Pyydä käyttäjähallitsijalta uusi kutsu."
        }
        C::AlreadyEnrolled => "Olet jo kirjautunut tällä laitteella.",
        C::AcknowledgementRequired => "Valitse ensin OK ja tunnistaudu sitten uudelleen.",
        C::NothingToAcknowledge => "Vahvistettavaa ei ole.",
        C::PinRequired => "Luo ensin PIN-koodi.",
        C::PinMismatch => "PIN-koodit eivät täsmää.",
        C::PinMalformed => "Anna PIN-koodisi numerot.",
        C::PinTooWeak => "PIN-koodi on liian helppo arvata. Valitse toinen.",
        C::PinUnchanged => "Uusi PIN-koodi on sama kuin vanha.",
        C::CredentialUnusable => "PIN-koodia ei voida tarkistaa. Tunnistaudu uudelleen.",
        C::Locked => "Sovellus on lukittu.",
        C::NotLocked => "Sovellus on jo auki.",
        C::SessionRequired => "Istuntosi on päättynyt.",
        C::BiometricUnavailable => "Käytä PIN-koodia.",
        C::BiometricRejected => "Ei tunnistettu. Yritä uudelleen tai käytä PIN-koodia.",
        C::NotAUser => "Sinua ei ole lisätty käyttäjäksi.",
        C::NoChargeableService => "Sinulle ei ole valittu palvelua. Ota yhteyttä työnantajaasi.",
        C::NotEligible => "Et voi kirjautua tähän palveluun.",
        C::FunctionNotInServices => "Toiminto ei kuulu palveluihisi.",
        C::NotOwnData => "Näet vain omat tietosi.",
        C::NoRight => "Sinulla ei ole oikeutta tähän toimintoon.",
        C::NotAuthorised => "Sinulla ei ole oikeutta tehdä tätä.",
        C::NothingToChange => "Muutettavaa ei ole.",
        C::RecordFull => "Tälle henkilölle ei mahdu enempää merkintöjä.",
        C::UnknownDevice => "Laitetta ei löydy.",
        C::NoInvitation => "Avointa kutsua ei ole.",
        C::ClockUnavailable | C::AuditTrailFull | C::Unavailable => {
            "Palvelu ei ole käytettävissä. Yritä myöhemmin."
        }
    }
}
