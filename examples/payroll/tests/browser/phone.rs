//! What a person does with a phone.

use std::ops::Deref;

use serde_json::{Value, json};

use super::driver::Chromium;
use super::served::Served;

/// A phone in the tab that is in front; all that a browser can do, it can.
pub(crate) struct Phone<'a> {
    browser: &'a Chromium,
    origin: String,
}

impl Deref for Phone<'_> {
    type Target = Chromium;

    fn deref(&self) -> &Chromium {
        self.browser
    }
}

impl<'a> Phone<'a> {
    /// One of `a`, `b`, `c` and `d`, without opening its page.
    pub(crate) fn of(browser: &'a Chromium, served: &Served, name: &str) -> Self {
        Self { browser, origin: served.origin(name) }
    }

    /// Opens its page in this tab.
    pub(crate) async fn opened(browser: &'a Chromium, served: &Served, name: &str) -> Self {
        let phone = Self::of(browser, served, name);
        phone.open("").await;
        phone
    }

    /// A phone with somebody signed in, and this PIN.
    pub(crate) async fn with(
        browser: &'a Chromium,
        served: &Served,
        name: &str,
        person: &str,
        pin: &str,
    ) -> Self {
        let phone = Self::opened(browser, served, name).await;
        phone.sign_in(person).await;
        phone.create_pin(pin).await;
        phone.screen("home").await;
        phone
    }

    /// Opens its page at a fragment: `hours/…`.
    pub(crate) async fn open(&self, fragment: &str) {
        let hash = if fragment.is_empty() { "" } else { "#" };
        self.go(&format!("{}/{hash}{fragment}", self.origin)).await;
    }

    pub(crate) fn origin(&self) -> &str {
        &self.origin
    }

    /// Waits until this screen is shown, and nothing is under way.
    pub(crate) async fn screen(&self, name: &str) {
        let script = "const { dataset, ariaBusy } = document.body; \
                      return document.readyState === 'complete' && dataset.screen === arguments[0] && ariaBusy !== 'true'";
        self.until::<bool>(&format!("the screen {name}"), script, &[json!(name)]).await;
    }

    /// Waits until the message above the screen is this, and no other.
    pub(crate) async fn says(&self, text: &str) {
        self.element_says("#message", text).await;
    }

    /// Waits until this element says exactly this.
    pub(crate) async fn element_says(&self, css: &str, text: &str) {
        let script = "return document.querySelector(arguments[0])?.innerText.trim() === arguments[1]";
        self.until::<bool>(&format!("{css} saying {text:?}"), script, &[json!(css), json!(text)]).await;
    }

    /// Says who this is, to the bank's page, from the phone's first one.
    pub(crate) async fn sign_in(&self, person: &str) {
        self.sign_in_by("BankCredentials", person).await;
    }

    pub(crate) async fn sign_in_by(&self, method: &str, person: &str) {
        self.screen("sign-in").await;
        self.click("#begin").await;
        self.click(&format!("#method-{method}")).await;
        self.click_text("button[name=subject]", person).await;
        self.until::<bool>(
            "the phone again",
            "return location.origin === arguments[0]",
            &[json!(self.origin)],
        )
        .await;
    }

    /// Enters a new PIN twice.
    pub(crate) async fn create_pin(&self, pin: &str) {
        self.create_pin_confirming(pin, pin).await;
    }

    pub(crate) async fn create_pin_confirming(&self, pin: &str, confirmation: &str) {
        self.screen("create-pin").await;
        self.type_into("#pin", pin).await;
        self.type_into("#confirmation", confirmation).await;
        self.click("#create").await;
    }

    /// Fills in the screen on which a PIN is changed.
    pub(crate) async fn change_pin(&self, current: &str, pin: &str, confirmation: &str) {
        self.screen("change-pin").await;
        for (id, entry) in [("#current", current), ("#pin", pin), ("#confirmation", confirmation)] {
            self.type_into(id, entry).await;
        }
        self.click("#change").await;
    }

    /// Types a PIN, and presses "Open".
    pub(crate) async fn unlock(&self, pin: &str) {
        self.screen("unlock").await;
        self.type_into("#pin", pin).await;
        self.click("#unlock").await;
    }

    /// The same on the pad, with a digit too many that is erased again.
    pub(crate) async fn unlock_on_the_pad(&self, pin: &str) {
        self.screen("unlock").await;
        self.click("#digit-0").await;
        self.click("#erase").await;
        for digit in pin.chars() {
            self.click(&format!("#digit-{digit}")).await;
        }
        self.element_says("#entered", &format!("Digits entered: {}", pin.len())).await;
        self.click("#unlock").await;
    }

    /// Locks it, from home.
    pub(crate) async fn lock(&self) {
        self.screen("home").await;
        self.click("#lock").await;
        self.screen("unlock").await;
    }

    /// Opens the menu, from home.
    pub(crate) async fn menu(&self) {
        self.screen("home").await;
        self.click("#to-menu").await;
        self.screen("menu").await;
    }

    /// Opens the settings, from home.
    pub(crate) async fn settings(&self) {
        self.screen("home").await;
        self.click("#to-settings").await;
        self.screen("settings").await;
    }

    /// The reply to what is done next gets lost.
    pub(crate) async fn loses_the_next_reply(&self) {
        self.click("#lose-reply").await;
        self.says("The reply to what you do next will get lost.").await;
    }

    /// Asks a route from within the page, with the browser's cookies: status and body.
    pub(crate) async fn ask(&self, method: &str, path: &str, body: Value) -> (u16, Value) {
        let script = "const [method, path, body] = arguments; \
                      const sent = body === null ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }; \
                      const response = await fetch(path, { method, ...sent }); \
                      const text = await response.text(); \
                      return [response.status, text === '' ? null : JSON.parse(text)];";
        self.run_to_its_end(script, &[json!(method), json!(path), body]).await
    }
}
