//! The whole story of a phone.

use pinlatch_testkit::{PIN, WRONG_PIN};
use serde_json::json;

use super::served::Served;

#[tokio::test]
async fn a_phone_signs_in_locks_opens_and_is_stopped_by_five_wrong_pins() {
    let served = Served::start();
    let phone = served.browser("a");
    phone.open("aino").await;
    phone.post("/api/lock", json!({})).await.done();
    phone.post("/api/unlock", json!({ "pin": PIN })).await.done();
    phone.post("/api/lock", json!({})).await.done();
    let mut said = Vec::new();
    for _ in 0..5 {
        let refused = phone.post("/api/unlock", json!({ "pin": WRONG_PIN })).await.json();
        said.push(refused["detail"].as_str().unwrap().to_owned());
    }
    let again = "Incorrect PIN code. You entered the wrong PIN code too many times. Authenticate again.";
    assert_eq!(said, [&["Incorrect PIN code"; 4][..], &[again]].concat());
}
