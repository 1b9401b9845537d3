//! A life, from the first sign-in to the re-invitation.

use pinlatch_testkit::{ACME, ANOTHER_PIN, PIN, WRONG_PIN};
use reqwest::Method;
use serde_json::json;

use super::served::Served;

#[tokio::test]
async fn a_whole_life_of_a_phone() {
    let served = Served::start().await;
    let anna = served.employee().await;
    let mut phone = served.phone(anna);
    phone.sign_in().await.done();
    assert_eq!(phone.next().await, "CreatePin");
    let opened = phone.create_pin(PIN).await.done();
    assert_eq!(opened.header("cache-control"), Some("no-store"));
    assert!(opened.header("set-cookie").is_none());

    // Home: the session, the menu, a permitted function and one that is not.
    assert_eq!(phone.get("/session").await.done().text("person"), anna.to_string());
    let menu = phone.get(&format!("/companies/{ACME}/functions")).await.done();
    assert_eq!(menu.body["functions"].as_array().unwrap().len(), 3);
    let own = json!({"company": ACME.to_string(), "action": "Read", "function": "SalaryInformation", "owner": anna.to_string()});
    assert_eq!(phone.post("/check", own.clone()).await.done().text("rule"), "ImplicitOwnData");
    let mut others = own.clone();
    others["owner"] = json!(served.employee().await.to_string());
    phone.post("/check", others).await.refused("NotOwnData");

    // Lock, a wrong PIN, the right one: a new session, and the old one is dead.
    let old = phone.session.clone();
    phone.lock().await.done();
    phone.get("/session").await.refused("SessionRequired");
    let refused = phone.unlock(WRONG_PIN).await.refused("IncorrectPin");
    assert_eq!(refused.text("detail"), "Incorrect PIN code");
    phone.unlock(PIN).await.done();
    assert_ne!(phone.session, old);
    assert!(phone.is_open().await);

    // The PIN is changed; five wrong ones end it.
    let change = json!({"current": PIN, "pin": ANOTHER_PIN, "confirmation": ANOTHER_PIN});
    phone.send(Method::PUT, "/pin", Some(change)).await.done();
    phone.lock().await.done();
    for _ in 0..4 {
        phone.unlock(WRONG_PIN).await.refused("IncorrectPin");
    }
    assert_eq!(phone.unlock(WRONG_PIN).await.refused("PinExhausted").status, 410);
    phone.unlock(ANOTHER_PIN).await.refused("PinExhausted");
    phone.touch("/acknowledge").await.done();
    phone.touch("/acknowledge").await.refused("NothingToAcknowledge");
    assert_eq!(phone.next().await, "Authenticate");
    phone.sign_in().await.done();
    phone.create_pin(PIN).await.done();

    // Log out from all devices, and in again by an invitation.
    phone.touch("/log-out-everywhere").await.done();
    assert_eq!(phone.next().await, "AskForInvitation");
    phone.sign_in().await.refused("ReinvitationRequired");
    let kaisa = served.administrator().await;
    let path = format!("/admin/companies/{ACME}/people/{anna}/invitation");
    let invited = served.browse(kaisa, Method::POST, &path, None).await.done();
    assert!(!invited.body.to_string().contains("pinlati_"), "the administrator sees no secret");
    assert_eq!(phone.next().await, "PresentInvitation");
    let invitation = served.invitations.of(anna).unwrap();
    phone.sign_in_with(Some(&invitation)).await.done();
    phone.create_pin(PIN).await.done();
    assert!(phone.is_open().await);
}

#[tokio::test]
async fn r29_log_out_ends_this_device_and_its_siblings_live() {
    let served = Served::start().await;
    let anna = served.employee().await;
    let (one, two) = (served.open_phone(anna).await, served.open_phone(anna).await);
    one.touch("/log-out").await.done();
    one.get("/session").await.refused("SessionRequired");
    assert_eq!(one.next().await, "Authenticate");
    assert!(two.is_open().await);
    one.touch("/log-out").await.done();
}

#[tokio::test]
async fn devices_are_named_and_logged_out_by_their_ids() {
    let served = Served::start().await;
    let anna = served.employee().await;
    let (one, two, three) =
        (served.open_phone(anna).await, served.open_phone(anna).await, served.open_phone(anna).await);
    let rename = |id: &str, label: &str| (format!("/devices/{id}"), Some(json!({ "label": label })));
    let (path, body) = rename(&two.id, "kitchen");
    one.send(Method::PATCH, &path, body).await.done();

    let list = one.get("/devices").await.done().body;
    let lines = list.as_array().unwrap();
    assert_eq!(lines.len(), 3);
    assert_eq!(lines.iter().filter(|line| line["this_device"] == true).count(), 1);
    let kitchen = lines.iter().find(|line| line["label"] == "kitchen").unwrap();
    assert_eq!((kitchen["id"].as_str(), kitchen["state"].as_str()), (Some(&*two.id), Some("Authenticated")));
    assert!(kitchen["created"].is_string() && kitchen["last_opened"]["by"] == "Pin");

    // One, by its id; the same id again is unknown, and so is one that never was.
    let path = format!("/devices/{}", two.id);
    one.send(Method::DELETE, &path, None).await.done();
    assert!(!two.is_open().await);
    assert!(one.is_open().await && three.is_open().await);
    let reply = one.send(Method::DELETE, &path, None).await.refused("UnknownDevice");
    assert_eq!(reply.status, 404);
    let never = "/devices/00000000-0000-0000-0000-000000000001";
    one.send(Method::DELETE, never, None).await.refused("UnknownDevice");
    one.send(Method::DELETE, "/devices/none", None).await.refused("RouteUnknown");
    let (path, body) = rename(&one.id, "\u{202e}");
    one.send(Method::PATCH, &path, body).await.refused("NameNotUsable");

    // The others.
    let four = served.open_phone(anna).await;
    one.touch("/devices/log-out-others").await.done();
    assert!(one.is_open().await);
    assert!(!three.is_open().await && !four.is_open().await);

    // Nobody else's.
    let bert = served.open_phone(served.employee().await).await;
    bert.send(Method::DELETE, &format!("/devices/{}", one.id), None).await.refused("UnknownDevice");
    assert!(one.is_open().await);
}

#[tokio::test]
async fn face_and_fingerprint() {
    let served = Served::start().await;
    let mut phone = served.open_phone(served.employee().await).await;
    let face = |recognised, set| json!({"modality": "Face", "recognised": recognised, "set": set});
    phone.post("/unlock/biometric", face(true, "mine")).await.refused("BiometricUnavailable");
    phone.send(Method::PUT, "/biometrics", Some(face(false, "mine"))).await.refused("BiometricRejected");
    phone.send(Method::PUT, "/biometrics", Some(face(true, "mine"))).await.done();
    phone.lock().await.done();
    phone.post("/unlock/biometric", face(false, "mine")).await.refused("BiometricRejected");
    let opened = phone.post("/unlock/biometric", face(true, "mine")).await.done();
    phone.keep(&opened);
    let view = phone.get("/device").await.done().body;
    assert_eq!((view["face"].as_bool(), view["last_opened"]["by"].as_str()), (Some(true), Some("Face")));
    // Somebody has added a face: off, and the PIN opens.
    phone.lock().await.done();
    phone.post("/unlock/biometric", face(true, "mine and theirs")).await.refused("BiometricUnavailable");
    phone.unlock(PIN).await.done();
    phone.send(Method::DELETE, "/biometrics/Face", None).await.done();

    // Session and device are one and the same, or the face of one phone would open another.
    let mut other = served.open_phone(phone.owner).await;
    let strangers = served.open_phone(served.employee().await).await;
    let own = other.device.take();
    for device in [&phone.device, &strangers.device, &phone.session] {
        other.device.clone_from(device);
        let put = other.send(Method::PUT, "/biometrics", Some(face(true, "another's"))).await;
        put.refused("AuthenticationRequired");
    }
    other.device = own;
    assert_eq!(other.get("/device").await.done().body["face"], false);
    other.send(Method::PUT, "/biometrics", Some(face(true, "mine"))).await.done();

    phone.send(Method::DELETE, "/biometrics/Nose", None).await.refused("RouteUnknown");
}

#[tokio::test]
async fn tries_left_are_shown_only_if_the_host_wants_it() {
    let quiet = Served::start().await;
    let phone = quiet.open_phone(quiet.employee().await).await;
    assert!(phone.get("/device").await.done().body.get("tries_left").is_none());

    let telling = Served::start_with(super::served::gate(1, None), |app| app.showing_tries_left(true)).await;
    let mut phone = telling.open_phone(telling.employee().await).await;
    assert_eq!(phone.get("/device").await.done().body["tries_left"], 5);
    phone.unlock(WRONG_PIN).await.refused("IncorrectPin");
    assert_eq!(phone.get("/device").await.done().body["tries_left"], 4);
}
