//! Several tabs, and several hosts, at one instant.

use pinlatch_testkit::{PIN, WRONG_PIN};
use serde_json::{Value, json};

use super::driver::{Chromium, Tab, browser};
use super::phone::Phone;
use super::served::Served;

/// Waits in this tab for the word, and then enters this PIN so often at once.
const WAITS: &str = "const [pin, times] = arguments;
const entered = async () => {
  const headers = { 'content-type': 'application/json', 'Idempotency-Key': crypto.randomUUID().replaceAll('-', '') };
  const response = await fetch('/api/unlock', { method: 'POST', headers, body: JSON.stringify({ pin }) });
  return (await response.json()).code ?? 'done';
};
window.answers = undefined;
new BroadcastChannel('go').onmessage = async () => {
  window.answers = await Promise.all(Array.from({ length: times }, entered));
};";

/// Enters a PIN four times in each of two tabs at one instant; what was answered.
async fn eight_at_once(phone: &Phone<'_>, tabs: &[Tab; 2], pin: &str) -> Vec<String> {
    for tab in tabs {
        phone.switch(tab).await;
        phone.run::<Value>(WAITS, &[json!(pin), json!(4)]).await;
    }
    phone.run::<Value>("new BroadcastChannel('go').postMessage('')", &[]).await;
    let mut answers = Vec::new();
    for tab in tabs {
        phone.switch(tab).await;
        answers.extend(phone.until::<Vec<String>>("answers", "return window.answers", &[]).await);
    }
    answers
}

fn count(answers: &[String], code: &str) -> usize {
    answers.iter().filter(|&answer| answer == code).count()
}

/// None but five were told whether their PIN was right: four that it was wrong, the fifth and whoever asked after it that it is
/// over.
fn are_five_verdicts(answers: &[String]) {
    assert_eq!(answers.len(), 8);
    assert_eq!(count(answers, "IncorrectPin"), 4, "{answers:?}");
    let over = count(answers, "PinExhausted");
    assert!(over >= 1, "{answers:?}");
    assert_eq!(
        4 + over + count(answers, "GuessesInFlight") + count(answers, "GuessOvertaken"),
        8,
        "{answers:?}"
    );
}

#[tokio::test]
async fn i12_of_eight_wrong_pins_from_two_tabs_five_are_compared_and_eight_right_ones_shut_nobody_out() {
    let served = Served::start();
    let browser = browser!(Chromium::start());
    let first = browser.tab().await;
    let phone = Phone::with(&browser, &served, "a", "Aino", PIN).await;
    phone.lock().await;
    let second = browser.new_tab().await;
    phone.open("").await;
    phone.screen("unlock").await;
    let tabs = [first, second];
    let answers = eight_at_once(&phone, &tabs, PIN).await;
    let done = count(&answers, "done");
    assert!(done >= 1, "{answers:?}");
    assert_eq!(
        done + count(&answers, "GuessesInFlight") + count(&answers, "GuessOvertaken"),
        8,
        "{answers:?}"
    );
    for tab in &tabs {
        phone.switch(tab).await;
        phone.open("").await;
        phone.reload().await;
        // Whose session is the newest is open; else the PIN opens it, and nothing was counted.
        let is_open = "const { screen } = document.body.dataset; \
                       return screen === 'home' ? 'home' : screen === 'unlock' && 'unlock'";
        if phone.until::<String>("home or the PIN pad", is_open, &[]).await == "unlock" {
            phone.element_says("#tries-left", "Tries left: 5").await;
            phone.unlock(PIN).await;
        }
        phone.screen("home").await;
    }
    phone.lock().await;
    are_five_verdicts(&eight_at_once(&phone, &tabs, WRONG_PIN).await);
    for tab in &tabs {
        phone.switch(tab).await;
        phone.reload().await;
        phone.screen("exhausted").await;
    }
    phone.click("#acknowledge").await;
    phone.screen("sign-in").await;
    // The other tab learns it by what its person does next.
    phone.switch(&tabs[0]).await;
    phone.click("#acknowledge").await;
    phone.screen("sign-in").await;
}

#[tokio::test]
async fn two_hosts_on_one_postgresql_database_are_one_service() {
    let Some(database) = Database::created().await else { return };
    let served = Served::with(&[], Some(&database.address));
    let beside = served.beside();
    let browser = browser!(Chromium::start());
    let first = browser.tab().await;
    let phone = Phone::with(&browser, &served, "a", "Aino", PIN).await;
    // Cookies know no ports: it is the same phone, which now asks the other host.
    let second = browser.new_tab().await;
    let elsewhere = Phone::opened(&browser, &beside, "a").await;
    elsewhere.screen("home").await;
    elsewhere.lock().await;
    browser.switch(&first).await;
    phone.reload().await;
    for left in [4, 3] {
        phone.unlock(WRONG_PIN).await;
        phone.element_says("#tries-left", &format!("Tries left: {left}")).await;
    }
    browser.switch(&second).await;
    elsewhere.unlock(WRONG_PIN).await;
    elsewhere.element_says("#tries-left", "Tries left: 2").await;
    elsewhere.unlock(PIN).await;
    elsewhere.screen("home").await;
    elsewhere.lock().await;
    let cookies = browser.driver.get_all_cookies().await.unwrap();
    let hosts = [&served, &beside].map(|host| host.browser("a"));
    for host in &hosts {
        for cookie in &cookies {
            host.cookies.borrow_mut().insert(cookie.name.to_string(), cookie.value.to_string());
        }
    }
    let entered = |at: usize| {
        let host = &hosts[at % 2];
        async move { host.post("/api/unlock", json!({ "pin": WRONG_PIN })).await.code() }
    };
    are_five_verdicts(&futures_util::future::join_all((0..8).map(entered)).await);
    elsewhere.reload().await;
    elsewhere.screen("exhausted").await;
    browser.switch(&first).await;
    phone.reload().await;
    phone.screen("exhausted").await;
    phone.click("#acknowledge").await;
    phone.sign_in("Aino").await;
    phone.create_pin(PIN).await;
    phone.screen("home").await;
    browser.switch(&second).await;
    elsewhere.reload().await;
    elsewhere.screen("home").await;
}

/// A database of its own on the server that `PINLATCH_POSTGRES_URL` names. It is dropped when this goes.
struct Database {
    server: String,
    name: String,
    address: String,
}

impl Database {
    /// `None` is a loud skip.
    async fn created() -> Option<Self> {
        let Ok(server) = std::env::var("PINLATCH_POSTGRES_URL") else {
            let missing = "PINLATCH_POSTGRES_URL is not set";
            assert!(std::env::var_os("PINLATCH_NO_SKIPS").is_none(), "{missing}");
            println!("SKIPPED: {missing}, so nothing is shown of two hosts on one database");
            return None;
        };
        let name = format!("payroll_{}", std::process::id());
        Self::run(&server, &format!("CREATE DATABASE {name}")).await;
        let mut address: url::Url = server.parse().unwrap();
        address.set_path(&name);
        Some(Self { server, name, address: address.to_string() })
    }

    async fn run(server: &str, command: &str) {
        let (client, connection) = tokio_postgres::connect(server, tokio_postgres::NoTls).await.unwrap();
        let connection = tokio::spawn(connection);
        client.batch_execute(command).await.unwrap();
        drop(client);
        connection.await.unwrap().unwrap();
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        let (server, command) = (self.server.clone(), format!("DROP DATABASE {} WITH (FORCE)", self.name));
        // A thread of its own, since this may go while its test panics, within a runtime.
        let dropped = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(Self::run(&server, &command));
        });
        assert!(dropped.join().is_ok() || std::thread::panicking(), "the database is left behind");
    }
}
