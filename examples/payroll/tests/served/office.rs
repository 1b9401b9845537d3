//! A browser by hand at the browser version: signing in there, and where what is changed is.

use reqwest::Method;
use serde_json::{Value, json};

use super::phone::{Browser, Reply};

/// The companies, and the people of the first day, as the program numbers them.
pub(crate) const KUURA: u128 = 1;
pub(crate) const HALLA: u128 = 2;
pub(crate) const AINO: u128 = 1;
pub(crate) const KAISA: u128 = 2;
pub(crate) const EERO: u128 = 3;
pub(crate) const MAREK: u128 = 4;
pub(crate) const PEKKA: u128 = 5;
pub(crate) const SAARA: u128 = 6;
pub(crate) const BO: u128 = 7;

/// An id as it is written.
pub(crate) fn id(number: u128) -> String {
    let digits = format!("{number:032x}");
    [&digits[..8], &digits[8..12], &digits[12..16], &digits[16..20], &digits[20..]].join("-")
}

/// Where somebody is in a company, as a page.
pub(crate) fn person(company: u128, person: u128) -> String {
    format!("/companies/{}/people/{}", id(company), id(person))
}

/// The same, where it is changed.
pub(crate) fn account(company: u128, of: u128) -> String {
    format!("/api{}", person(company, of))
}

impl Browser {
    /// Signs in to the browser version through the test bank; what the answer to the way back is.
    pub(crate) async fn come_in(&self, subject: &str) -> Reply {
        let leaving = self.form("/sign-in/go", &[]).await.expect(200);
        let address = link_of(&leaving.text);
        let back = self.believed(&address, subject).await;
        self.get(&back).await
    }

    /// The same of somebody who is let in.
    pub(crate) async fn let_in(self, subject: &str) -> Self {
        let arrived = self.come_in(subject).await.expect(303);
        assert_eq!(arrived.header("location"), Some("/"), "{subject} is let in");
        self
    }

    pub(crate) async fn put(&self, path: &str, body: Value) -> Reply {
        self.send(self.request(Method::PUT, path).json(&body)).await
    }

    /// A writing request without a body, as a form with one button sends it.
    pub(crate) async fn press(&self, method: Method, path: &str) -> Reply {
        self.send(self.request(method, path)).await
    }

    /// Invites somebody, and opens the letter on a phone.
    pub(crate) async fn invite(&self, company: u128, whom: u128) -> Reply {
        self.press(Method::POST, &format!("{}/invitation", account(company, whom))).await
    }

    /// Signs in on a phone by an account of the provider's; where that ends.
    pub(crate) async fn sign_in_by_account(&self, subject: &str) -> Reply {
        let address = self.leave("IdentityProviderAccount").await;
        let back = self.believed(&address, subject).await;
        self.get(&back).await
    }

    /// What the phone is told of itself.
    pub(crate) async fn device(&self) -> Value {
        self.get("/api/device").await.done().json()
    }

    /// Begins a sign-in with whatever invitation was opened on this phone.
    pub(crate) async fn begin(&self) -> Reply {
        self.post("/api/sign-in/begin", json!({})).await
    }
}

/// Where the page that leads on leads to.
fn link_of(page: &str) -> String {
    let (_, after) = page.split_once("<a href=\"").unwrap_or_else(|| panic!("no link: {page}"));
    let (address, _) = after.split_once('"').unwrap_or_default();
    address.replace("&#38;", "&").replace("&amp;", "&").replace("&#x2F;", "/")
}

/// The addresses of the letters to somebody that may still be opened on a phone, from the stage's page of letters.
pub(crate) fn letters_on(page: &str, phone: &str) -> Vec<String> {
    let begins = format!("href=\"http://{phone}.");
    page.match_indices(&begins)
        .filter_map(|(at, _)| page[at + 6..].split('"').next().map(str::to_owned))
        .collect()
}

/// What day it is where the companies are.
pub(crate) fn today() -> String {
    jiff::Timestamp::now().in_tz("Europe/Helsinki").unwrap().date().to_string()
}

impl super::Served {
    /// Where the newest letter is opened on a phone.
    pub(crate) async fn letter(&self, phone: &str) -> String {
        let letters = self.browser("").get("/letters").await.expect(200).text;
        letters_on(&letters, phone).first().cloned().unwrap_or_else(|| panic!("no letter: {letters}"))
    }
}
