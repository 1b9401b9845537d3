//! The three pictures of the README. `PAYROLL_SCREENSHOTS=docs/payroll` puts them there, a folder of the repository; else they
//! are made beside what was built.

use std::path::{Path, PathBuf};

use pinlatch_testkit::PIN;
use reqwest::Method;
use serde_json::{Value, json};

use super::driver::{Chromium, browser};
use super::office::Office;
use super::phone::Phone;
use super::served::{AINO, KUURA, MAREK, Served, account, id};

/// What a reader of the README is to wait for at most.
const MOST_BYTES: u64 = 150_000;

fn folder() -> PathBuf {
    let repository = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let wanted = std::env::var_os("PAYROLL_SCREENSHOTS").map(|folder| repository.join(folder));
    let folder = wanted.unwrap_or_else(|| Path::new(env!("CARGO_TARGET_TMPDIR")).join("readme"));
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

async fn pictured(browser: &Chromium, name: &str, (width, height): (u32, u32)) {
    let size = json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": false });
    browser.devtools("Emulation.setDeviceMetricsOverride", size).await;
    browser.devtools("Emulation.setScrollbarsHidden", json!({ "hidden": true })).await;
    let file = folder().join(format!("{name}.png"));
    browser.screenshot(&file).await;
    let bytes = std::fs::metadata(&file).unwrap().len();
    assert!((5_000..MOST_BYTES).contains(&bytes), "{name}: {bytes} bytes");
}

#[tokio::test]
async fn the_main_places_are_pictured_for_the_readme() {
    let served = Served::start();
    let browser = browser!(Chromium::start());
    browser.go(&format!("{}/", served.origin(""))).await;
    for (name, person) in [("a", "Aino"), ("b", "Kaisa")] {
        browser.enter_frame(&format!("iframe[title='Phone {}']", name.to_uppercase())).await;
        let phone = Phone::of(&browser, &served, name);
        phone.sign_in(person).await;
        phone.create_pin(PIN).await;
        phone.screen("home").await;
        if name == "b" {
            phone.lock().await;
        }
        browser.leave_frames().await;
    }
    browser.run::<Value>("scrollTo(0, 0)", &[]).await;
    pictured(&browser, "stage", (960, 1_000)).await;

    let kaisa = served.browser("office").let_in("kaisa").await;
    kaisa.invite(KUURA, MAREK).await.done();
    let office = Office::with(&browser, &served, "Kaisa").await;
    pictured(&office, "users-and-roles", (1_280, 560)).await;

    // Something of everything in the trail: a transition, a refusal, an administrator's change.
    kaisa
        .press(Method::DELETE, &format!("{}/invitation", account(KUURA, AINO)))
        .await
        .refused("NoInvitation");
    let second = served.browser("c");
    second.open("aino").await;
    second.post("/api/lock", json!({})).await.done();
    browser.go(&format!("{}/hood?person={}", served.origin(""), id(AINO))).await;
    let script = "return document.querySelectorAll('.lit').length === 2 && document.querySelectorAll('#entries tr').length > 4";
    browser.until::<bool>("two states and the trail", script, &[]).await;
    browser.run::<Value>("document.activeElement.blur()", &[]).await;
    pictured(&browser, "under-the-hood", (1_120, 1_000)).await;
}
