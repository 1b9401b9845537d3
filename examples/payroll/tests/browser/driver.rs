//! A browser as a person has one: headless Chromium, driven by WebDriver. It knows nothing of phones: any place of the program
//! can be tested with it.
//!
//! * One [`Chromium`] is one browser with a profile of its own, in English unless it is started in another language. The places
//!   of the program have host names of their own, so one browser may be several phones and an administrator at once, each in a
//!   tab. Two browsers run at once at most; a third waits.
//! * What is waited for is a condition ([`Chromium::until`]), looked at again and again for [`PATIENCE`]; what does not come is
//!   said together with what the page shows. Nothing sleeps for a fixed time.
//! * [`Chromium::start`] answers `None` where Chromium or its driver is not installed, and says so loudly; under
//!   `PINLATCH_NO_SKIPS` that is a failure.
//! * At the end of a test [`Chromium::has_no_complaints`] looks at the browser's console: what the content security policy
//!   refused, or a script threw, fails the test.

use std::path::Path;
use std::time::{Duration, Instant};

use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use thirtyfour::WindowHandle;
use thirtyfour::error::WebDriverErrorInner;
use thirtyfour::prelude::*;
use tokio::sync::{Semaphore, SemaphorePermit};

use super::chromedriver::{Server, capabilities, programs};
use super::served::PATIENCE;

/// How often a condition is looked at.
const LOOK: Duration = Duration::from_millis(40);
/// As many browsers run at once; one has several processes of its own.
const AT_ONCE: usize = 2;

static TURNS: Semaphore = Semaphore::const_new(AT_ONCE);

/// A browser. It is closed when this goes.
pub(crate) struct Chromium {
    pub(crate) driver: WebDriver,
    _server: Server,
    _turn: SemaphorePermit<'static>,
}

/// A tab or window of a browser.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Tab(WindowHandle);

impl Chromium {
    /// A browser whose person reads English. `None` is a loud skip.
    pub(crate) async fn start() -> Option<Self> {
        Self::start_in("en").await
    }

    /// A browser that asks for pages in this language.
    pub(crate) async fn start_in(language: &str) -> Option<Self> {
        let (browser, driver) = programs()?;
        let turn = TURNS.acquire().await.unwrap();
        drop(rustls::crypto::ring::default_provider().install_default());
        let server = Server::start(&driver);
        let client = reqwest::Client::builder().no_proxy().timeout(PATIENCE).build().unwrap();
        let wanted = capabilities(&browser, language).unwrap();
        let address = format!("http://127.0.0.1:{}", server.port);
        let driver = WebDriver::builder(address, wanted).client(client).await.unwrap();
        // The server closes it, also when a test panics.
        driver.clone().leak().unwrap();
        Some(Self { driver, _server: server, _turn: turn })
    }

    // Where it is.

    pub(crate) async fn go(&self, address: &str) {
        self.driver.goto(address).await.unwrap();
    }

    pub(crate) async fn address(&self) -> String {
        self.driver.current_url().await.unwrap().to_string()
    }

    pub(crate) async fn reload(&self) {
        self.driver.refresh().await.unwrap();
    }

    pub(crate) async fn back(&self) {
        self.driver.back().await.unwrap();
    }

    pub(crate) async fn forward(&self) {
        self.driver.forward().await.unwrap();
    }

    /// A page as narrow as a phone is, from now on in this tab.
    pub(crate) async fn narrow(&self) {
        let size = json!({ "width": 390, "height": 844, "deviceScaleFactor": 1, "mobile": false });
        self.devtools("Emulation.setDeviceMetricsOverride", size).await;
    }

    /// Without a connection, or with one again, in this tab.
    pub(crate) async fn set_offline(&self, offline: bool) {
        self.set_connection(offline, Duration::ZERO).await;
    }

    /// With a connection on which every answer takes a while, in this tab.
    pub(crate) async fn slow_down(&self) {
        self.set_connection(false, Duration::from_millis(150)).await;
    }

    async fn set_connection(&self, offline: bool, latency: Duration) {
        self.devtools("Network.enable", json!({})).await;
        let conditions = json!({
            "offline": offline, "latency": latency.as_secs_f64() * 1000.0, "downloadThroughput": -1, "uploadThroughput": -1,
        });
        self.devtools("Network.emulateNetworkConditions", conditions).await;
    }

    // Tabs, windows, frames.

    pub(crate) async fn tab(&self) -> Tab {
        Tab(self.driver.window().await.unwrap())
    }

    pub(crate) async fn tabs(&self) -> Vec<Tab> {
        self.driver.windows().await.unwrap().into_iter().map(Tab).collect()
    }

    /// A new tab, which is in front then.
    pub(crate) async fn new_tab(&self) -> Tab {
        let tab = self.driver.new_tab().await.unwrap();
        self.driver.switch_to_window(tab.clone()).await.unwrap();
        Tab(tab)
    }

    pub(crate) async fn switch(&self, tab: &Tab) {
        self.driver.switch_to_window(tab.0.clone()).await.unwrap();
    }

    /// Waits until a page has opened a window besides these, and turns to it.
    pub(crate) async fn opened_besides(&self, known: &[Tab]) -> Tab {
        let begun = Instant::now();
        loop {
            if let Some(new) = self.tabs().await.into_iter().find(|tab| !known.contains(tab)) {
                self.switch(&new).await;
                return new;
            }
            assert!(begun.elapsed() < PATIENCE, "no window is opened");
            tokio::time::sleep(LOOK).await;
        }
    }

    /// Closes the window that is in front.
    pub(crate) async fn close(&self) {
        self.driver.close_window().await.unwrap();
    }

    /// Waits until this window is closed.
    pub(crate) async fn is_closed(&self, tab: &Tab) {
        let begun = Instant::now();
        while self.tabs().await.contains(tab) {
            if begun.elapsed() > PATIENCE {
                panic!("the window does not close\n{}", self.looks().await);
            }
            tokio::time::sleep(LOOK).await;
        }
    }

    /// What follows happens within this frame of the page.
    pub(crate) async fn enter_frame(&self, css: &str) {
        let frame = self.element(css, "e").await;
        frame.enter_frame().await.unwrap();
    }

    pub(crate) async fn leave_frames(&self) {
        self.driver.enter_default_frame().await.unwrap();
    }

    // What it shows.

    /// Runs a script in the page, which finds `args` as `arguments`.
    pub(crate) async fn run<T: DeserializeOwned>(&self, script: &str, args: &[Value]) -> T {
        let answer = self.driver.execute(script, args.to_vec()).await;
        let answer = answer.unwrap_or_else(|error| panic!("{script}: {error}"));
        answer.convert().unwrap_or_else(|error| panic!("{script}: {error}"))
    }

    /// Runs a script that answers a promise, and waits for it.
    pub(crate) async fn run_to_its_end<T: DeserializeOwned>(&self, script: &str, args: &[Value]) -> T {
        let done = "const done = arguments[arguments.length - 1];";
        let script = format!("{done} (async (...arguments) => {{ {script} }})(...arguments).then(done);");
        let answer = self.driver.execute_async(&*script, args.to_vec()).await;
        let answer = answer.unwrap_or_else(|error| panic!("{script}: {error}"));
        answer.convert().unwrap_or_else(|error| panic!("{script}: {error}"))
    }

    /// Waits until a script answers what is true, and answers it. `what` is said if that does not come.
    pub(crate) async fn until<T: DeserializeOwned>(&self, what: &str, script: &str, args: &[Value]) -> T {
        let begun = Instant::now();
        loop {
            // A page that is being left answers with an error.
            let seen = self.driver.execute(script, args.to_vec()).await;
            let error = match seen.map(|seen| seen.json().clone()) {
                Ok(Value::Null | Value::Bool(false)) => None,
                Ok(seen) => {
                    return serde_json::from_value(seen).unwrap_or_else(|error| panic!("{script}: {error}"));
                }
                Err(error) => Some(error),
            };
            if begun.elapsed() > PATIENCE {
                panic!("not seen: {what}; {error:?}\n{}", self.looks().await);
            }
            tokio::time::sleep(LOOK).await;
        }
    }

    /// What the page shows, for whoever reads why a test failed.
    pub(crate) async fn looks(&self) -> String {
        let script = "return `${location.href}\n${document.body.innerText}`";
        let seen = self.driver.execute(script, vec![]).await;
        let seen = seen.map_or_else(|error| error.to_string(), |seen| seen.json().to_string());
        format!("the page: {seen}\nthe console: {:?}", self.complaints().await)
    }

    /// Waits until there is an element that is visible, not disabled, and of which `condition` holds, where it is `e`.
    pub(crate) async fn element(&self, css: &str, condition: &str) -> WebElement {
        let script = format!(
            "return [...document.querySelectorAll(arguments[0])].find((e) => e.checkVisibility() && !e.disabled && ({condition}))"
        );
        let seen: Value = self.until(&format!("{css} ({condition})"), &script, &[json!(css)]).await;
        WebElement::from_json(seen, self.driver.handle().clone()).unwrap()
    }

    /// Waits until there is such an element to be seen, and presses it.
    pub(crate) async fn click(&self, css: &str) {
        self.click_where(css, "true").await;
    }

    /// Presses the one that says this.
    pub(crate) async fn click_text(&self, css: &str, text: &str) {
        self.click_where(css, &format!("e.innerText.includes({})", json!(text))).await;
    }

    async fn click_where(&self, css: &str, condition: &str) {
        let begun = Instant::now();
        // A screen may be replaced between the look and the press.
        while let Err(error) = self.element(css, condition).await.click().await {
            let is_replaced = matches!(
                *error,
                WebDriverErrorInner::StaleElementReference(_)
                    | WebDriverErrorInner::ElementNotInteractable(_)
                    | WebDriverErrorInner::ElementClickIntercepted(_)
                    | WebDriverErrorInner::NoSuchElement(_)
            );
            assert!(is_replaced && begun.elapsed() < PATIENCE, "{css} cannot be pressed: {error}");
            tokio::time::sleep(LOOK).await;
        }
    }

    /// Types into a field, in place of what stands there.
    pub(crate) async fn type_into(&self, css: &str, text: &str) {
        let field = self.element(css, "true").await;
        field.clear().await.unwrap();
        field.send_keys(text).await.unwrap();
    }

    /// Gives a field a value as its own means of choosing would: dates are typed differently in each language.
    pub(crate) async fn choose(&self, css: &str, value: &str) {
        self.element(css, "true").await;
        let script = "const field = document.querySelector(arguments[0]); field.value = arguments[1]; \
                      for (const name of ['input', 'change']) field.dispatchEvent(new Event(name, { bubbles: true }))";
        self.run::<Value>(script, &[json!(css), json!(value)]).await;
    }

    /// Presses keys where the focus is.
    pub(crate) async fn press_keys(&self, keys: impl AsRef<str>) {
        self.driver.action_chain().send_keys(keys.as_ref()).perform().await.unwrap();
    }

    /// The text of an element, once it is to be seen.
    pub(crate) async fn text(&self, css: &str) -> String {
        self.element(css, "true").await;
        self.run("return document.querySelector(arguments[0]).innerText.trim()", &[json!(css)]).await
    }

    /// The texts of all such elements that are to be seen, at this instant.
    pub(crate) async fn texts(&self, css: &str) -> Vec<String> {
        let script = "return [...document.querySelectorAll(arguments[0])].filter((e) => e.checkVisibility()).map((e) => e.innerText.trim())";
        self.run(script, &[json!(css)]).await
    }

    /// Whether such an element is to be seen at this instant.
    pub(crate) async fn is_shown(&self, css: &str) -> bool {
        let script = "return [...document.querySelectorAll(arguments[0])].some((e) => e.checkVisibility())";
        self.run(script, &[json!(css)]).await
    }

    /// The id of the element that has the focus, or its name.
    pub(crate) async fn focus(&self) -> String {
        self.run("return document.activeElement.id || document.activeElement.localName", &[]).await
    }

    pub(crate) async fn screenshot(&self, file: &Path) {
        self.driver.screenshot(file).await.unwrap();
    }

    /// A command of Chromium's own protocol, in this tab.
    pub(crate) async fn devtools(&self, command: &str, parameters: Value) -> Value {
        let answer = self.driver.cdp().send_raw(command, parameters).await;
        answer.unwrap_or_else(|error| panic!("{command}: {error}"))
    }

    /// What the console of this tab says since it was looked at last, besides requests that were refused: those are said on
    /// the page.
    pub(crate) async fn complaints(&self) -> Vec<String> {
        let lines = self.driver.browser_log().await.unwrap_or_default();
        let is_refusal = |text: &str| text.contains("Failed to load resource");
        lines.into_iter().map(|line| line.message).filter(|text| !is_refusal(text)).collect()
    }

    /// Nothing was refused by the content security policy, and no script threw anything.
    pub(crate) async fn has_no_complaints(&self) {
        assert_eq!(self.complaints().await, [""; 0]);
    }
}

/// Skips the rest of a test, which has said so loudly, if there is no browser.
macro_rules! browser {
    ($started:expr) => {
        match $started.await {
            Some(browser) => browser,
            None => return,
        }
    };
}
pub(crate) use browser;
