//! The texts of the bank's page.

use pinlatch::refusal::Language;

pub(super) struct Words {
    pub(super) tag: &'static str,
    pub(super) title: &'static str,
    pub(super) warning: &'static str,
    pub(super) signs_in_by: &'static str,
    pub(super) who: &'static str,
    pub(super) stranger: &'static str,
    pub(super) about_stranger: &'static str,
    pub(super) cancel: &'static str,
    pub(super) refused: &'static str,
    pub(super) what_then: &'static str,
    methods: [&'static str; 3],
}

static ENGLISH: Words = Words {
    tag: "en",
    title: "TEST BANK",
    warning: "It believes whoever comes, runs on this machine only, and proves nothing.",
    signs_in_by: "You sign in by:",
    who: "Who are you?",
    stranger: "Somebody else",
    about_stranger: "whom the app does not know",
    cancel: "Cancel",
    refused: "The test bank does not know who sends you, so it sends you nowhere.",
    what_then: "Close this page and sign in from the app again.",
    methods: ["bank credentials", "mobile certificate", "account with an identity provider"],
};

static FINNISH: Words = Words {
    tag: "fi",
    title: "TESTIPANKKI",
    warning: "Se uskoo jokaista tulijaa, toimii vain tällä koneella eikä todista mitään.",
    signs_in_by: "Tunnistautumistapa:",
    who: "Kuka olet?",
    stranger: "Joku muu",
    about_stranger: "jota sovellus ei tunne",
    cancel: "Peruuta",
    refused: "Testipankki ei tiedä, kuka sinut lähetti, eikä siksi lähetä sinua mihinkään.",
    what_then: "Sulje tämä sivu ja kirjaudu sovelluksesta uudelleen.",
    methods: ["verkkopankkitunnukset", "mobiilivarmenne", "tunnistuspalvelun tili"],
};

pub(super) fn words(language: Language) -> &'static Words {
    if language == Language::Finnish { &FINNISH } else { &ENGLISH }
}

impl Words {
    /// A method by its `acr`.
    pub(super) fn method(&self, class: &str) -> &'static str {
        let [bank, mobile, account] = self.methods;
        match class {
            "bank" => bank,
            "mobile" => mobile,
            _ => account,
        }
    }
}
