//! What an administrator does in the browser version.

use std::ops::Deref;

use serde_json::json;

use super::driver::Chromium;
use super::served::Served;

/// The browser version in the tab that is in front; all that a browser can do, it can.
pub(crate) struct Office<'a> {
    browser: &'a Chromium,
    origin: String,
}

impl Deref for Office<'_> {
    type Target = Chromium;

    fn deref(&self) -> &Chromium {
        self.browser
    }
}

impl<'a> Office<'a> {
    /// Opened in this tab, with nobody signed in.
    pub(crate) async fn opened(browser: &'a Chromium, served: &Served) -> Self {
        let office = Self { browser, origin: served.origin("office") };
        office.open("/").await;
        office
    }

    /// With a user signed in, through the test bank's page.
    pub(crate) async fn with(browser: &'a Chromium, served: &Served, user: &str) -> Self {
        let office = Self::opened(browser, served).await;
        office.sign_in(user).await;
        office.ready("/").await;
        office
    }

    pub(crate) async fn open(&self, path: &str) {
        self.go(&format!("{}{path}", self.origin)).await;
    }

    /// From the page that asks to sign in, by way of the bank, to whatever comes then.
    pub(crate) async fn sign_in(&self, who: &str) {
        self.click("button.main").await;
        self.click_text("button[name=subject]", who).await;
        self.until::<bool>(
            "the office again",
            "return location.origin === arguments[0]",
            &[json!(self.origin)],
        )
        .await;
    }

    /// Waits until a page is there whose path begins so, and its script has run.
    pub(crate) async fn ready(&self, path: &str) {
        let script =
            "return document.readyState === 'complete' && location.pathname.startsWith(arguments[0])";
        self.until::<bool>(&format!("a page at {path}"), script, &[json!(path)]).await;
    }

    /// The page of somebody, from the list.
    pub(crate) async fn person(&self, name: &str) {
        self.open("/").await;
        self.click_text("th a", name).await;
        self.until::<bool>(
            name,
            "return document.querySelector('h1')?.innerText === arguments[0]",
            &[json!(name)],
        )
        .await;
    }

    /// Presses a button, and waits until the page that comes then says that it was done.
    pub(crate) async fn does(&self, css: &str, button: &str) {
        // Nothing that was said before is taken for the answer.
        self.run::<()>("document.getElementById('done').textContent = ''", &[]).await;
        self.presses(css, button).await;
        self.until::<bool>(
            &format!("done: {button}"),
            "return document.getElementById('done')?.innerText.endsWith(arguments[0])",
            &[json!(button)],
        )
        .await;
    }

    /// Presses the button of this name, of which a part may be for screen readers only.
    pub(crate) async fn presses(&self, css: &str, button: &str) {
        let named = format!("e.textContent.trim() === {}", json!(button));
        self.element(css, &named).await.click().await.unwrap();
    }

    /// Waits until the main part of the page says this.
    pub(crate) async fn says(&self, text: &str) {
        let script = "return document.querySelector('main')?.innerText.includes(arguments[0])";
        self.until::<bool>(&format!("{text:?}"), script, &[json!(text)]).await;
    }

    /// Logs somebody out from all devices, on that person's page.
    pub(crate) async fn revokes_all(&self) {
        self.click("[data-opens=everywhere]").await;
        self.does("#everywhere button", "Log out from all devices").await;
    }
}

/// Opens the newest letter on this phone, from the stage's page of letters, in this tab.
pub(crate) async fn opens_the_letter(browser: &Chromium, served: &Served, phone: &str) {
    browser.go(&format!("{}/letters", served.origin(""))).await;
    browser.click_text("tbody a", &format!("Open on phone {}", phone.to_uppercase())).await;
}
