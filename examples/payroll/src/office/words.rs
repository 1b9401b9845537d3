//! What the browser version says, in English and Finnish. What the rules say no with comes from the crate.

use pinlatch::people::{ChargeableService, Role};
use pinlatch::refusal::Language;
use pinlatch::session::SessionState;

macro_rules! words {
    ($($word:ident: $english:literal, $finnish:literal;)*) => {
        /// What the browser version says, in one language.
        #[derive(Debug)]
        pub(crate) struct Words {
            pub(crate) language: Language,
            $(pub(crate) $word: &'static str,)*
        }

        const ENGLISH: Words = Words { language: Language::English, $($word: $english,)* };
        const FINNISH: Words = Words { language: Language::Finnish, $($word: $finnish,)* };
    };
}

words! {
    tag: "en", "fi";
    app: "Payroll", "Palkat";
    users_and_roles: "Users and roles", "Käyttäjät ja roolit";
    skip: "Skip to the content", "Siirry sisältöön";
    needs_script: "The buttons on this page need JavaScript. Turn it on and load the page again.", "Tämän sivun painikkeet tarvitsevat JavaScriptin. Ota se käyttöön ja lataa sivu uudelleen.";
    signed_in_as: "Signed in:", "Kirjautuneena:";
    sign_out: "Sign out", "Kirjaudu ulos";
    other_tag: "fi", "en";
    other_language: "Suomeksi", "In English";
    done: "Done:", "Valmis:";
    signed_out: "You are signed out, and nothing was changed.", "Olet kirjautunut ulos, eikä mitään muutettu.";
    sign_in_beside: "Sign in in another window, then try again here.", "Kirjaudu toisessa ikkunassa ja yritä sitten uudelleen tässä.";
    lost: "The server did not answer. Load the page again to see whether it was done.", "Palvelin ei vastannut. Lataa sivu uudelleen, niin näet, tehtiinkö muutos.";
    back_to_list: "Back to the people", "Takaisin henkilöihin";
    cancel: "Cancel", "Peruuta";
    not_found: "There is no such page.", "Sivua ei löydy.";

    // The list.
    name: "Name", "Nimi";
    employee: "Employee", "Työntekijä";
    services: "Chargeable services", "Veloitettavat palvelut";
    user: "User", "Käyttäjä";
    account: "Mobile app", "Mobiilisovellus";
    invitation: "Invitation", "Kutsu";
    devices: "Devices", "Laitteet";
    add_person: "Add a person", "Lisää henkilö";
    nobody: "Nobody yet.", "Ei vielä ketään.";
    no: "no", "ei";
    none: "none", "ei mitään";
    unknown_name: "Name unknown", "Nimi tuntematon";
    out_of_reach: "not this company's", "ei tämän yrityksen";
    account_good: "not barred", "ei estetty";
    account_barred: "logged out from all devices", "kirjattu ulos kaikista laitteista";
    open_until: "open until {}", "voimassa {} saakka";

    // Periods.
    since: "since {}", "{} alkaen";
    until: "{} to {}", "{}–{}";
    from: "from {}", "{} alkaen";
    ended: "ended", "päättynyt";

    // One person.
    telephone: "Telephone", "Puhelin";
    oneself: "This is you. Nobody changes their own user access, profile or roles.", "Tämä olet sinä. Kukaan ei muuta omaa käyttöoikeuttaan, profiiliaan eikä roolejaan.";
    employments: "Employments", "Työsuhteet";
    no_employee: "Not an employee.", "Ei työntekijä.";
    open_service: "Select", "Valitse";
    close_service: "Close at the end of the month", "Sulje kuun lopussa";
    service_open: "selected", "valittu";
    service_not: "not selected", "ei valittu";
    service_until: "through {}", "{} saakka";
    end_employment: "End the employment", "Päätä työsuhde";
    hire: "Hire", "Palkkaa";
    hire_title: "A new employment", "Uusi työsuhde";
    first_day: "First day", "Ensimmäinen päivä";
    last_day: "Last day", "Viimeinen päivä";
    last_day_open: "Last day (empty: until further notice)", "Viimeinen päivä (tyhjä: toistaiseksi)";
    user_access: "User access", "Käyttöoikeus";
    no_user: "Not a user: signs in to the app only.", "Ei käyttäjä: kirjautuu vain sovellukseen.";
    make_user: "Make a user", "Tee käyttäjäksi";
    change_period: "Change the period", "Muuta voimassaoloa";
    end_access: "End the user access", "Päätä käyttöoikeus";
    profile: "Profile", "Profiili";
    set_profile: "Set the profile", "Aseta profiili";
    profile_none: "No rights", "Ei oikeuksia";
    profile_another: "Another profile", "Muu profiili";
    profile_employee: "Employee", "Palkansaaja";
    roles: "Roles", "Roolit";
    grant: "Grant", "Anna";
    revoke: "Take away", "Poista";
    held: "yes", "on";
    not_held: "no", "ei ole";

    // The account.
    app_account: "Signing in to the mobile app", "Kirjautuminen mobiilisovellukseen";
    standing_good: "May sign in to the app, if eligible.", "Voi kirjautua sovellukseen, jos ehdot täyttyvät.";
    standing_barred: "Logged out from all devices: signs in again with a new invitation only.", "Kirjattu ulos kaikista laitteista: kirjautuu uudelleen vain uudella kutsulla.";
    no_invitation: "No open invitation.", "Ei avointa kutsua.";
    has_invitation: "An invitation is open until {}.", "Kutsu on voimassa {} saakka.";
    invite: "Invite", "Kutsu";
    invite_again: "Invite again", "Kutsu uudelleen";
    withdraw: "Withdraw the invitation", "Peru kutsu";
    no_reach: "The account is not this company's to see: the person belongs to it no more, or not yet.", "Tili ei näy tälle yritykselle: henkilö ei kuulu siihen enää tai vielä.";
    device: "Device", "Laite";
    state: "State", "Tila";
    signed_in_on: "Signed in", "Kirjautunut";
    last_opened: "Last opened", "Avattu viimeksi";
    never: "never", "ei koskaan";
    lost_phone: "Lost phone?", "Puhelin hukassa?";
    log_out_one: "Log out this one", "Kirjaa tämä ulos";
    no_devices: "Signed in on no device.", "Ei kirjautuneena millään laitteella.";
    everywhere: "Log out from all devices", "Kirjaa ulos kaikista laitteista";
    everywhere_sure: "Log {} out from all devices?", "Kirjataanko {} ulos kaikista laitteista?";
    everywhere_text: "Every device is logged out at once, and an open invitation is void. Signing in again takes a new invitation from you.", "Kaikki laitteet kirjataan heti ulos, ja avoin kutsu mitätöityy. Uudelleen kirjautumiseen tarvitaan sinulta uusi kutsu.";

    // Somebody new.
    birth_date: "Birth date", "Syntymäaika";
    birth_date_text: "No PIN may be made of it.", "Siitä ei voi tehdä PIN-koodia.";
    subject: "How the sign-in service knows the person", "Miten tunnistuspalvelu tuntee henkilön";
    subject_text: "In the test bank a short name, such as “liisa”.", "Testipankissa lyhyt nimi, esimerkiksi ”liisa”.";
    joins_as: "Joins as", "Liittyy";
    as_employee: "an employee", "työntekijänä";
    as_user: "a user", "käyttäjänä";
    only_employees: "of employees only", "vain työntekijöille";
    add: "Add", "Lisää";
    credentials: "Finnish credentials", "Suomalaiset tunnukset";
    bank_credentials: "Bank credentials", "Pankkitunnukset";
    mobile_certificate: "Mobile certificate", "Mobiilivarmenne";
    newcomer_text: "Whoever has neither needs an invitation before the first sign-in.", "Jos henkilöllä ei ole kumpiakaan, hän tarvitsee kutsun ennen ensimmäistä kirjautumista.";
    bad_name: "This name cannot be used. Enter another one.", "Nimeä ei voi käyttää. Anna toinen nimi.";
    bad_telephone: "This telephone number cannot be used. Enter it with its country code.", "Puhelinnumeroa ei voi käyttää. Anna se maakoodin kanssa.";
    bad_birth_date: "This birth date cannot be used. Check it.", "Syntymäaikaa ei voi käyttää. Tarkista se.";
    bad_first_day: "This first day cannot be used. Check it.", "Ensimmäistä päivää ei voi käyttää. Tarkista se.";
    bad_subject: "This cannot be how the sign-in service knows the person. Check it.", "Tunnistuspalvelu ei voi tuntea henkilöä näin. Tarkista tieto.";
    subject_taken: "The sign-in service knows somebody else by this, perhaps at another company. Check it and enter another one; if it is right, ask whoever runs this service to join the two.", "Tunnistuspalvelu tuntee tällä jonkun muun, ehkä toisessa yrityksessä. Tarkista tieto ja anna toinen; jos se on oikein, pyydä palvelun ylläpitäjää yhdistämään tiedot.";
    nothing_joined: "Say whether the person joins as an employee or as a user.", "Valitse, liittyykö henkilö työntekijänä vai käyttäjänä.";

    // A user who administers nobody.
    plain_title: "Welcome", "Tervetuloa";
    plain_text: "The browser version of this example holds “Users and roles” alone, which is for user administrators. You have another role, or none. Your own payslips and hours are in the app.", "Tämän esimerkin selainversiossa on vain ”Käyttäjät ja roolit”, ja se on käyttäjähallitsijoille. Sinulla on jokin muu rooli tai ei mitään. Omat palkkalaskelmasi ja tuntisi ovat sovelluksessa.";
    your_access: "What you are here", "Mitä olet täällä";
    company: "Company", "Yritys";
    problem_title: "That did not work", "Ei onnistunut";
}

impl Words {
    /// The words of a language; English where there are none.
    pub(crate) const fn of(language: Language) -> &'static Self {
        match language {
            Language::Finnish => &FINNISH,
            _ => &ENGLISH,
        }
    }

    pub(crate) const fn service(&self, service: ChargeableService) -> &'static str {
        match (service, self.language) {
            (ChargeableService::Travel, Language::Finnish) => "Matkat",
            (ChargeableService::Travel, _) => "Travel",
            (ChargeableService::Salaries, Language::Finnish) => "Palkat",
            (ChargeableService::Salaries, _) => "Salaries",
        }
    }

    pub(crate) const fn role(&self, role: Role) -> &'static str {
        match (role, self.language) {
            (Role::UserAdministrator, Language::Finnish) => "Käyttäjähallitsija (KH)",
            (Role::UserAdministrator, _) => "User administrator (KH)",
            (Role::AccountingOfficeAdministrator, Language::Finnish) => "Tilitoimiston pääkäyttäjä (TPK)",
            (Role::AccountingOfficeAdministrator, _) => "Accounting office administrator (TPK)",
            (Role::CompanyAdministrator, Language::Finnish) => "Pääkäyttäjä",
            (Role::CompanyAdministrator, _) => "Company administrator",
            // One of a later release.
            _ => "?",
        }
    }

    pub(crate) const fn session_state(&self, state: SessionState) -> &'static str {
        match (state, self.language) {
            (SessionState::LoggedOut, Language::Finnish) => "kirjattu ulos",
            (SessionState::LoggedOut, _) => "logged out",
            (SessionState::PinPending, Language::Finnish) => "odottaa PIN-koodia",
            (SessionState::PinPending, _) => "waits for a PIN code",
            (SessionState::Authenticated, Language::Finnish) => "auki",
            (SessionState::Authenticated, _) => "open",
            (SessionState::Locked, Language::Finnish) => "lukittu",
            (SessionState::Locked, _) => "locked",
            (SessionState::PinExhausted, Language::Finnish) => "liian monta väärää PIN-koodia",
            (SessionState::PinExhausted, _) => "too many wrong PIN codes",
            (SessionState::RevokedAll, Language::Finnish) => "kirjattu ulos kaikista laitteista",
            (SessionState::RevokedAll, _) => "logged out from all devices",
        }
    }
}

/// A text with one or two places to fill.
pub(crate) fn filled(text: &str, values: &[&str]) -> String {
    values.iter().fold(text.to_owned(), |text, value| text.replacen("{}", value, 1))
}
