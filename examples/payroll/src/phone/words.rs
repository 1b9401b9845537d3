//! What the phone's page says, in English and Finnish. What the rules say no with comes from the crate.

use pinlatch::refusal::Language;

macro_rules! words {
    ($($word:ident: $english:literal, $finnish:literal;)*) => {
        /// What the page says, in one language.
        #[derive(Debug)]
        pub(super) struct Words {
            $(pub(super) $word: &'static str,)*
        }

        const ENGLISH: Words = Words { $($word: $english,)* };
        const FINNISH: Words = Words { $($word: $finnish,)* };
    };
}

words! {
    app: "Payroll", "Palkat";
    phone: "Phone", "Puhelin";
    starting: "One moment…", "Hetkinen…";
    needs_script: "This page is an app: it needs JavaScript. Turn it on and load the page again.", "Tämä sivu on sovellus: se tarvitsee JavaScriptin. Ota se käyttöön ja lataa sivu uudelleen.";
    language: "Language", "Kieli";
    to_stage: "Back to the phones side by side", "Takaisin puhelimiin rinnakkain";
    back: "Back", "Takaisin";
    cancel: "Cancel", "Peruuta";
    save: "Save", "Tallenna";
    check_again: "Check again", "Tarkista uudelleen";

    // Sign-in.
    sign_in: "Sign in", "Kirjaudu sisään";
    sign_in_text: "You authenticate once. After that you open the app with a personal PIN code.", "Tunnistaudut kerran. Sen jälkeen avaat sovelluksen henkilökohtaisella PIN-koodilla.";
    invited: "You have opened an invitation on this phone. Sign in to use it.", "Olet avannut kutsun tällä puhelimella. Käytä se kirjautumalla sisään.";
    forget_invitation: "Sign in without the invitation", "Kirjaudu ilman kutsua";
    methods: "How do you authenticate?", "Millä tunnistaudut?";
    bank_credentials: "Bank credentials", "Pankkitunnukset";
    mobile_certificate: "Mobile certificate", "Mobiilivarmenne";
    identity_provider_account: "Visma Connect account", "Visma Connect -tili";
    another_method: "Another way", "Muu tapa";

    // The PIN.
    create_pin: "Create a personal PIN code", "Luo henkilökohtainen PIN-koodi";
    create_pin_text: "You open the app with it from now on. Choose one that nobody guesses: not your birthday, not 123456.", "Avaat sovelluksen sillä tästä lähtien. Valitse koodi, jota kukaan ei arvaa: ei syntymäpäivääsi eikä 123456.";
    pin: "PIN code", "PIN-koodi";
    new_pin: "New PIN code", "Uusi PIN-koodi";
    current_pin: "Current PIN code", "Nykyinen PIN-koodi";
    pin_again: "The same again", "Sama uudelleen";
    digits: "{n} digits", "{n} numeroa";
    unlock: "Enter your PIN code", "Syötä PIN-koodisi";
    open: "Open", "Avaa";
    erase: "Erase the last digit", "Pyyhi viimeinen numero";
    entered: "Digits entered: {n}", "Syötetty numeroita: {n}";
    tries_left: "Tries left: {n}", "Yrityksiä jäljellä: {n}";
    with_face: "Use your face", "Käytä kasvoja";
    with_fingerprint: "Use your fingerprint", "Käytä sormenjälkeä";
    forgot: "Forgot your PIN code?", "Unohditko PIN-koodisi?";
    forgot_text: "Log out, authenticate again, and create a new one. Five wrong codes in a row lead there, too.", "Kirjaudu ulos, tunnistaudu uudelleen ja luo uusi koodi. Samaan johtaa viisi väärää koodia peräkkäin.";
    exhausted: "Too many wrong PIN codes", "Liian monta väärää PIN-koodia";
    ok: "OK", "OK";

    // Where there is no way on, or not yet.
    invitation: "You have been invited again", "Sinut on kutsuttu uudelleen";
    invitation_text: "Open the invitation that was sent to you, on this phone, and sign in.", "Avaa sinulle lähetetty kutsu tällä puhelimella ja kirjaudu sisään.";
    ask_invitation: "You need an invitation", "Tarvitset kutsun";
    ask_invitation_text: "A user administrator of your company sends it from the browser version. Open it on this phone.", "Yrityksesi käyttäjähallitsija lähettää sen selainversiosta. Avaa kutsu tällä puhelimella.";
    someone_else: "Sign in as someone else", "Kirjaudu toisena henkilönä";
    letters: "See the letters", "Katso kirjeet";
    unsupported: "This device is not supported", "Tätä laitetta ei tueta";
    unsupported_text: "For security reasons a rooted or jailbroken device cannot be used.", "Tietoturvasyistä rootattua tai jailbreak-laitetta ei voi käyttää.";
    stopped: "You cannot go on here", "Tästä ei pääse eteenpäin";
    stopped_text: "Your employer keeps your employment, your services and your user access. Ask there.", "Työnantajasi ylläpitää työsuhdettasi, palveluitasi ja käyttöoikeuksiasi. Ota yhteyttä työnantajaasi.";
    wait: "Not available right now", "Ei käytettävissä juuri nyt";
    wait_text: "The page tries again by itself.", "Sivu yrittää itse uudelleen.";
    wait_seconds: "Wait {n} s.", "Odota {n} s.";
    try_again: "Try again", "Yritä uudelleen";
    offline: "No connection", "Ei yhteyttä";
    offline_text: "The service could not be reached. Nothing is lost: try again.", "Palveluun ei saatu yhteyttä. Mitään ei ole menetetty: yritä uudelleen.";
    lost: "The reply did not arrive. This is how things stand now; try again if need be.", "Vastaus ei tullut perille. Tilanne on nyt tämä; yritä tarvittaessa uudelleen.";
    unreadable: "The answer could not be read. Try again.", "Vastausta ei voitu lukea. Yritä uudelleen.";

    // Home.
    hello: "Hello, {n}", "Hei, {n}";
    nothing_here: "There is nothing here for you yet. Your employer says what you may see.", "Täällä ei ole vielä mitään sinulle. Työnantajasi päättää, mitä näet.";
    salary_information: "Salary information", "Palkkatiedot";
    working_hours: "Working hours", "Työtunnit";
    travel_reports: "Travel and expense reports", "Matka- ja kululaskut";
    users_and_roles: "Users and roles", "Käyttäjät ja roolit";
    only_in_browser: "in the browser version only", "vain selainversiossa";
    whose: "Whose", "Kenen";
    own: "My own", "Omat";
    nothing_entered: "Nothing yet.", "Ei vielä mitään.";
    month: "Month", "Kuukausi";
    gross: "Gross", "Brutto";
    tax: "Tax", "Vero";
    net: "Paid", "Maksetaan";
    date: "Date", "Päivä";
    hours: "Hours", "Tunnit";
    note: "Note", "Selite";
    enter_hours: "Enter hours", "Kirjaa tunteja";
    enter: "Enter", "Kirjaa";
    enter_trip: "Report a trip", "Ilmoita matka";
    destination: "Where", "Kohde";
    expenses: "Expenses, €", "Kulut, €";
    fill_in: "Fill this in.", "Täytä tämä.";
    saved: "Saved.", "Tallennettu.";

    // The menu.
    menu: "Menu", "Valikko";
    lock: "Lock", "Lukitse";
    lock_text: "Ends the session. You come back by face, fingerprint or PIN code.", "Päättää istunnon. Palaat kasvoilla, sormenjäljellä tai PIN-koodilla.";
    log_out: "Log out", "Kirjaudu ulos";
    log_out_text: "Logs out this phone. The PIN code is gone; to come back you authenticate again.", "Kirjaa ulos tämän puhelimen. PIN-koodi poistuu; palataksesi tunnistaudut uudelleen.";
    log_out_everywhere: "Log out from all devices", "Kirjaudu ulos kaikista laitteista";
    log_out_everywhere_text: "Logs you out on every device. To come back you need a new invitation from your user administrator.", "Kirjaa sinut ulos jokaisesta laitteesta. Palataksesi tarvitset uuden kutsun käyttäjähallitsijalta.";
    sure: "Log out from all devices?", "Kirjaudutaanko ulos kaikista laitteista?";

    // Settings.
    settings: "Settings", "Asetukset";
    change_pin: "Change the PIN code", "Vaihda PIN-koodi";
    pin_changed: "The PIN code is changed.", "PIN-koodi on vaihdettu.";
    face: "Face", "Kasvot";
    fingerprint: "Fingerprint", "Sormenjälki";
    is_on: "On", "Käytössä";
    is_off: "Off", "Ei käytössä";
    turned_on: "Turned on.", "Otettu käyttöön.";
    turned_off: "Turned off.", "Poistettu käytöstä.";
    devices: "Devices", "Laitteet";
    this_one: "this one", "tämä";
    signed_in_on: "Signed in {n}", "Kirjautunut {n}";
    last_used: "Last opened {n}", "Avattu viimeksi {n}";
    never_used: "Never opened", "Ei avattu vielä";
    by_pin: "by PIN code", "PIN-koodilla";
    by_face: "by face", "kasvoilla";
    by_fingerprint: "by fingerprint", "sormenjäljellä";
    rename: "Rename", "Nimeä uudelleen";
    new_name: "New name", "Uusi nimi";
    renamed: "The device has a new name.", "Laitteella on uusi nimi.";
    log_out_others: "Log out the other devices", "Kirjaa ulos muut laitteet";
    device_logged_out: "Logged out.", "Kirjattu ulos.";
    state_logged_out: "Logged out", "Kirjautunut ulos";
    state_pin_pending: "PIN code to be created", "PIN-koodi puuttuu";
    state_authenticated: "Open", "Auki";
    state_locked: "Locked", "Lukittu";
    state_pin_exhausted: "Too many wrong PIN codes", "Liian monta väärää PIN-koodia";
    state_revoked_all: "Logged out from all devices", "Kirjautunut ulos kaikista laitteista";

    // Face and fingerprint.
    finger_window: "Go on in the small window.", "Jatka pienessä ikkunassa.";
    finger_blocked: "The browser has blocked the small window. Allow it, or open the phone on its own.", "Selain esti pienen ikkunan. Salli se, tai avaa puhelin omaan ikkunaansa.";
    finger_missing: "This browser knows no face and no fingerprint. Use your PIN code.", "Tämä selain ei tunne kasvoja eikä sormenjälkeä. Käytä PIN-koodia.";
    finger_cancelled: "Not recognised, or cancelled. Try again or use your PIN code.", "Ei tunnistettu, tai keskeytetty. Yritä uudelleen tai käytä PIN-koodia.";
    finger_done: "Done. You can close this window.", "Valmis. Voit sulkea tämän ikkunan.";
    close: "Close", "Sulje";

    // What is around the phone.
    around: "Around this phone", "Tämän puhelimen ympärillä";
    around_text: "Not on the phone: what you play in order to see what happens.", "Ei puhelimessa: voit leikkiä näillä ja katsoa, mitä tapahtuu.";
    rooted: "This phone is rooted", "Tämä puhelin on rootattu";
    lose_reply: "The next reply gets lost", "Seuraava vastaus katoaa";
    will_lose_reply: "The reply to what you do next will get lost.", "Vastaus siihen, mitä teet seuraavaksi, katoaa.";
}

impl Words {
    pub(super) const fn of(language: Language) -> &'static Self {
        match language {
            Language::Finnish => &FINNISH,
            _ => &ENGLISH,
        }
    }
}
