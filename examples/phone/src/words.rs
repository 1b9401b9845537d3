//! The app's own words, in the languages of the phone. What the rules say no with comes from the
//! crate.

use pinlatch::people::{AuthenticationMethod, Function};
use pinlatch::refusal::Language;
use pinlatch::session::{Modality, SessionState};

macro_rules! words {
    ($($word:ident: $english:literal, $finnish:literal;)*) => {
        /// Something that the app says.
        #[derive(Clone, Copy, Debug)]
        pub(crate) enum Word {
            $($word,)*
        }

        impl Word {
            pub(crate) const fn text(self, language: Language) -> &'static str {
                let [english, finnish] = match self {
                    $(Self::$word => [$english, $finnish],)*
                };
                match language {
                    Language::Finnish => finnish,
                    _ => english,
                }
            }
        }
    };
}

words! {
    App: "PAYROLL", "PALKAT";
    // The states.
    LoggedOut: "Logged out", "Kirjautunut ulos";
    PinPending: "PIN code to be created", "PIN-koodi puuttuu";
    Open: "Open", "Auki";
    IsLocked: "Locked", "Lukittu";
    TooManyWrong: "Too many wrong PIN codes", "Liian monta väärää PIN-koodia";
    LoggedOutEverywhere: "Logged out from all devices", "Kirjautunut ulos kaikista laitteista";
    // What to do in them.
    ToAuthenticate: "Authenticate to use the app.", "Tunnistaudu käyttääksesi sovellusta.";
    ToPresentInvitation: "You have been invited again. Authenticate with the invitation.", "Sinut on kutsuttu uudelleen. Tunnistaudu kutsulla.";
    ToCreatePin: "Create a personal PIN code of six digits.", "Luo henkilökohtainen kuusinumeroinen PIN-koodi.";
    ToUnlock: "Open the lock to continue.", "Avaa lukitus jatkaaksesi.";
    ToChoose: "Choose a function below.", "Valitse toiminto alta.";
    // The menu.
    Authenticate: "Authenticate", "Tunnistaudu";
    CreatePin: "Create the PIN code", "Luo PIN-koodi";
    UnlockWithPin: "Unlock with the PIN code", "Avaa PIN-koodilla";
    UnlockWithFace: "Unlock with the face", "Avaa kasvoilla";
    UnlockWithFingerprint: "Unlock with the fingerprint", "Avaa sormenjäljellä";
    Ok: "OK", "OK";
    Lock: "Lock", "Lukitse";
    LogOut: "Log out", "Kirjaudu ulos";
    LogOutEverywhere: "Log out from all devices", "Kirjaudu ulos kaikista laitteista";
    Settings: "Settings", "Asetukset";
    EnableFace: "Enable the face", "Ota kasvot käyttöön";
    DisableFace: "Disable the face", "Poista kasvot käytöstä";
    EnableFingerprint: "Enable the fingerprint", "Ota sormenjälki käyttöön";
    DisableFingerprint: "Disable the fingerprint", "Poista sormenjälki käytöstä";
    ChangePin: "Change the PIN code", "Vaihda PIN-koodi";
    Devices: "Devices", "Laitteet";
    OtherLanguage: "Suomeksi", "In English";
    // The functions.
    SalaryInformation: "Salary information", "Palkkatiedot";
    WorkingHours: "Working hours", "Työtunnit";
    TravelExpenseReports: "Travel and expense reports", "Matka- ja kululaskut";
    UsersAndRoles: "Users and roles", "Käyttäjät ja roolit";
    OwnData: "My own", "Omat";
    DataOf: "Those of", "Henkilön";
    // The methods.
    BankCredentials: "Bank credentials", "Pankkitunnukset";
    MobileCertificate: "Mobile certificate", "Mobiilivarmenne";
    IdentityProvider: "Visma Connect account", "Visma Connect -tili";
    // Questions and answers.
    WhatNow: "What now?", "Mitä nyt?";
    WhichMethod: "How do you authenticate?", "Millä tunnistaudut?";
    WhichInvitation: "Which invitation do you use?", "Mitä kutsua käytät?";
    NoInvitation: "None", "En mitään";
    InvitationOf: "The one received on", "Saapunut";
    EnterPin: "PIN code", "PIN-koodi";
    EnterCurrentPin: "Current PIN code", "Nykyinen PIN-koodi";
    EnterNewPin: "New PIN code", "Uusi PIN-koodi";
    EnterAgain: "The same again", "Sama uudelleen";
    SureEverywhere: "You must be invited again afterwards. Log out from all devices?", "Tarvitset sen jälkeen uuden kutsun. Kirjaudutaanko ulos kaikista laitteista?";
    No: "No", "Ei";
    Yes: "Yes", "Kyllä";
    WhichDevice: "Log which device out?", "Mikä laite kirjataan ulos?";
    ThisDevice: "this one", "tämä";
    // What was done.
    PinChanged: "The PIN code is changed.", "PIN-koodi on vaihdettu.";
    Enabled: "Enabled.", "Käytössä.";
    Disabled: "Disabled.", "Poistettu käytöstä.";
    DeviceLoggedOut: "The device is logged out.", "Laite on kirjattu ulos.";
    Hours: "37.5 hours this week", "37,5 tuntia tällä viikolla";
    Trip: "Tampere, 14 November: 96.40 €", "Tampere 14.11.: 96,40 €";
    Salary: "Salary of October:", "Lokakuun palkka:";
}

pub(crate) const fn state(state: SessionState) -> Word {
    match state {
        SessionState::LoggedOut => Word::LoggedOut,
        SessionState::PinPending => Word::PinPending,
        SessionState::Authenticated => Word::Open,
        SessionState::Locked => Word::IsLocked,
        SessionState::PinExhausted => Word::TooManyWrong,
        SessionState::RevokedAll => Word::LoggedOutEverywhere,
    }
}

pub(crate) const fn function(function: Function) -> Word {
    match function {
        Function::WorkingHours => Word::WorkingHours,
        Function::TravelExpenseReports => Word::TravelExpenseReports,
        Function::UsersAndRoles => Word::UsersAndRoles,
        _ => Word::SalaryInformation,
    }
}

pub(crate) const fn method(method: AuthenticationMethod) -> Word {
    match method {
        AuthenticationMethod::BankCredentials => Word::BankCredentials,
        AuthenticationMethod::MobileCertificate => Word::MobileCertificate,
        _ => Word::IdentityProvider,
    }
}

pub(crate) const fn unlock_with(modality: Modality) -> Word {
    match modality {
        Modality::Face => Word::UnlockWithFace,
        Modality::Fingerprint => Word::UnlockWithFingerprint,
    }
}

pub(crate) const fn switch(modality: Modality, enabled: bool) -> Word {
    match (modality, enabled) {
        (Modality::Face, false) => Word::EnableFace,
        (Modality::Face, true) => Word::DisableFace,
        (Modality::Fingerprint, false) => Word::EnableFingerprint,
        (Modality::Fingerprint, true) => Word::DisableFingerprint,
    }
}
