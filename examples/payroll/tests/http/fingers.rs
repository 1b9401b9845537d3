//! Face and fingerprint: a challenge is for one device, one purpose and one answer.

use pinlatch_testkit::{PIN, WRONG_PIN};
use reqwest::Method;
use serde_json::{Value, json};

use super::sensor::{PRESENT, RECOGNISED, Said, Sensor};
use super::served::{Browser, Reply, Served};

async fn begin(phone: &Browser, purpose: &str, modality: &str) -> Reply {
    phone.post("/api/fingers/begin", json!({ "purpose": purpose, "modality": modality })).await
}

async fn enable(phone: &Browser, modality: &str, credential: &Value) -> Reply {
    let evidence = json!({ "modality": modality, "credential": credential });
    phone.send(phone.request(Method::PUT, "/api/biometrics").json(&evidence)).await
}

async fn open(phone: &Browser, modality: &str, credential: &Value) -> Reply {
    phone.post("/api/unlock/biometric", json!({ "modality": modality, "credential": credential })).await
}

/// A phone that is locked, on which a sensor opens by fingerprint.
async fn with_finger(served: &Served, place: &str, subject: &str, sensor: &Sensor) -> Browser {
    let phone = served.browser(place);
    phone.open(subject).await;
    let options = begin(&phone, "enable", "Fingerprint").await.expect(200).json();
    let made = sensor.create(&options, &Said::at(&phone.origin(), 1));
    enable(&phone, "Fingerprint", &made).await.expect(204);
    phone.post("/api/lock", json!({})).await.done();
    phone
}

#[tokio::test]
async fn a_finger_opens_and_opens_again() {
    let served = Served::start();
    let sensor = Sensor::of(1);
    let phone = with_finger(&served, "a", "aino", &sensor).await;
    for counter in 2..4 {
        let options = begin(&phone, "open", "Fingerprint").await.expect(200).json();
        assert_eq!(options["publicKey"]["userVerification"], "required");
        open(&phone, "Fingerprint", &sensor.sign(&options, &Said::at(&phone.origin(), counter))).await.done();
        phone.get("/api/me").await.expect(200);
        phone.post("/api/lock", json!({})).await.done();
    }
    // Off again: then it opens nothing, and the PIN does.
    phone.post("/api/unlock", json!({ "pin": PIN })).await.done();
    let options = begin(&phone, "open", "Fingerprint").await.expect(200).json();
    phone.send(phone.request(Method::DELETE, "/api/biometrics/Fingerprint")).await.done();
    phone.post("/api/lock", json!({})).await.done();
    let late = open(&phone, "Fingerprint", &sensor.sign(&options, &Said::at(&phone.origin(), 5))).await;
    late.refused("BiometricUnavailable");
    phone.get("/api/me").await.expect(401);
}

#[tokio::test]
async fn what_is_signed_wrongly_opens_nothing_and_costs_no_pin() {
    let served = Served::start();
    let (sensor, strangers) = (Sensor::of(1), Sensor::of(2));
    let phone = with_finger(&served, "a", "aino", &sensor).await;
    let origin = phone.origin();
    let right = Said::at(&origin, 9);
    let wrong: [(&str, &Sensor, Said<'_>); 6] = [
        ("another's finger", &strangers, right.clone()),
        ("another page", &sensor, Said { origin: "http://evil.example", ..right.clone() }),
        (
            "a name beside ours",
            &sensor,
            Said { origin: "http://payroll.localhost.evil.example", ..right.clone() },
        ),
        ("another site's key", &sensor, Said { relying_party: "evil.example", ..right.clone() }),
        ("nobody recognised", &sensor, Said { flags: PRESENT, ..right.clone() }),
        ("nobody there", &sensor, Said { flags: RECOGNISED, ..right.clone() }),
    ];
    for (what, sensor, said) in wrong {
        let options = begin(&phone, "open", "Fingerprint").await.expect(200).json();
        let refused = open(&phone, "Fingerprint", &sensor.sign(&options, &said)).await;
        assert_eq!(refused.code(), "BiometricRejected", "{what}: {refused:?}");
    }
    // Another challenge than was given, and none.
    let mut options = begin(&phone, "open", "Fingerprint").await.expect(200).json();
    let given = options.clone();
    options["publicKey"]["challenge"] = json!("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA");
    open(&phone, "Fingerprint", &sensor.sign(&options, &right)).await.refused("BiometricRejected");
    open(&phone, "Fingerprint", &sensor.sign(&given, &right)).await.refused("BiometricRejected");
    open(&phone, "Fingerprint", &json!({ "id": 1 })).await.refused("BiometricRejected");
    begin(&phone, "open", "Fingerprint").await.expect(200);
    open(&phone, "Fingerprint", &json!({ "id": 1 })).await.expect(400).refused("BodyMalformed");
    phone.get("/api/me").await.expect(401);
    // D05: none of that counts as a wrong PIN.
    for _ in 0..4 {
        phone.post("/api/unlock", json!({ "pin": WRONG_PIN })).await.refused("IncorrectPin");
    }
    phone.post("/api/unlock", json!({ "pin": PIN })).await.done();
}

#[tokio::test]
async fn an_answer_is_good_once_and_a_copied_key_is_noticed() {
    let served = Served::start();
    let sensor = Sensor::of(1);
    let phone = with_finger(&served, "a", "aino", &sensor).await;
    let origin = phone.origin();
    let options = begin(&phone, "open", "Fingerprint").await.expect(200).json();
    let signed = sensor.sign(&options, &Said::at(&origin, 10));
    let (one, other) =
        tokio::join!(open(&phone, "Fingerprint", &signed), open(&phone, "Fingerprint", &signed));
    let mut told = [one.code(), other.code()];
    told.sort();
    assert_eq!(told, ["BiometricRejected", "done"]);
    phone.post("/api/lock", json!({})).await.done();
    open(&phone, "Fingerprint", &signed).await.refused("BiometricRejected");
    // A counter that goes back: the key is somewhere else, too.
    let options = begin(&phone, "open", "Fingerprint").await.expect(200).json();
    open(&phone, "Fingerprint", &sensor.sign(&options, &Said::at(&origin, 10)))
        .await
        .refused("BiometricRejected");
    // The newer of two challenges is the one.
    let older = begin(&phone, "open", "Fingerprint").await.expect(200).json();
    let newer = begin(&phone, "open", "Fingerprint").await.expect(200).json();
    open(&phone, "Fingerprint", &sensor.sign(&older, &Said::at(&origin, 11)))
        .await
        .refused("BiometricRejected");
    open(&phone, "Fingerprint", &sensor.sign(&newer, &Said::at(&origin, 12)))
        .await
        .refused("BiometricRejected");
    let options = begin(&phone, "open", "Fingerprint").await.expect(200).json();
    open(&phone, "Fingerprint", &sensor.sign(&options, &Said::at(&origin, 13))).await.done();
}

#[tokio::test]
async fn another_phones_credential_and_challenge_open_nothing() {
    let served = Served::start();
    let [ainos, kaisas] = [Sensor::of(1), Sensor::of(2)];
    let a = with_finger(&served, "a", "aino", &ainos).await;
    let b = with_finger(&served, "b", "kaisa", &kaisas).await;
    let [for_a, for_b] =
        [begin(&a, "open", "Fingerprint").await.json(), begin(&b, "open", "Fingerprint").await.json()];
    // Kaisa's finger on Aino's phone, and an answer to Kaisa's challenge there.
    open(&a, "Fingerprint", &kaisas.sign(&for_a, &Said::at(&a.origin(), 5)))
        .await
        .refused("BiometricRejected");
    begin(&a, "open", "Fingerprint").await.expect(200);
    open(&a, "Fingerprint", &kaisas.sign(&for_b, &Said::at(&b.origin(), 5)))
        .await
        .refused("BiometricRejected");
    begin(&a, "open", "Fingerprint").await.expect(200);
    open(&a, "Fingerprint", &ainos.sign(&for_b, &Said::at(&a.origin(), 5)))
        .await
        .refused("BiometricRejected");
    for phone in [&a, &b] {
        phone.get("/api/me").await.expect(401);
    }
    open(&b, "Fingerprint", &kaisas.sign(&for_b, &Said::at(&b.origin(), 6))).await.done();
}

#[tokio::test]
async fn a_challenge_is_for_one_purpose_and_one_modality() {
    let served = Served::start();
    let sensor = Sensor::of(1);
    let phone = with_finger(&served, "a", "aino", &sensor).await;
    let origin = phone.origin();
    let options = begin(&phone, "open", "Fingerprint").await.expect(200).json();
    // No face was enabled; the finger's answer is none for it, nor for anything after that.
    let signed = sensor.sign(&options, &Said::at(&origin, 5));
    open(&phone, "Face", &signed).await.refused("BiometricUnavailable");
    open(&phone, "Fingerprint", &signed).await.refused("BiometricRejected");
    begin(&phone, "open", "Face").await.refused("BiometricUnavailable");
    phone.post("/api/unlock", json!({ "pin": PIN })).await.done();
    // What answers the challenge to open enables nothing, and the reverse.
    let options = begin(&phone, "open", "Fingerprint").await.expect(200).json();
    let made = sensor.create(&options, &Said::at(&origin, 6));
    let refused = enable(&phone, "Fingerprint", &made).await;
    assert!((400..500).contains(&refused.status), "{refused:?}");
    let options = begin(&phone, "enable", "Face").await.expect(200).json();
    assert_eq!(options["publicKey"]["authenticatorSelection"]["authenticatorAttachment"], "platform");
    let refused = enable(&phone, "Fingerprint", &sensor.create(&options, &Said::at(&origin, 7))).await;
    refused.refused("BiometricRejected");
    for (what, said) in [
        ("another page", Said { origin: "http://evil.example", ..Said::at(&origin, 7) }),
        ("nobody recognised", Said { flags: PRESENT, ..Said::at(&origin, 7) }),
    ] {
        let options = begin(&phone, "enable", "Face").await.expect(200).json();
        let refused = enable(&phone, "Face", &Sensor::of(3).create(&options, &said)).await;
        assert_eq!(refused.code(), "BiometricRejected", "{what}");
    }
    begin(&phone, "unlock", "Face").await.expect(400).refused("BodyMalformed");
    begin(&phone, "open", "Voice").await.expect(400).refused("BodyMalformed");
}

#[tokio::test]
async fn nobody_gets_a_challenge_who_could_not_use_it() {
    let served = Served::start();
    let phone = served.browser("a");
    for purpose in ["open", "enable"] {
        begin(&phone, purpose, "Face").await.expect(401);
    }
    phone.sign_in("aino").await.expect(303);
    // E28: first the PIN.
    begin(&phone, "enable", "Face").await.expect(401);
    phone.post("/api/pin", json!({ "pin": PIN, "confirmation": PIN })).await.done();
    begin(&phone, "open", "Face").await.refused("BiometricUnavailable");
    phone.post("/api/lock", json!({})).await.done();
    begin(&phone, "enable", "Face").await.expect(401).refused("SessionRequired");
}

#[tokio::test]
async fn after_a_log_out_no_finger_is_left() {
    let served = Served::start();
    let sensor = Sensor::of(1);
    let phone = with_finger(&served, "a", "aino", &sensor).await;
    let options = begin(&phone, "open", "Fingerprint").await.expect(200).json();
    let device = phone.cookies.borrow()["device"].clone();
    phone.post("/api/log-out", json!({})).await.done();
    // D07, R10: with the device's old token, too.
    phone.cookies.borrow_mut().insert("device".to_owned(), device);
    let signed = sensor.sign(&options, &Said::at(&phone.origin(), 5));
    open(&phone, "Fingerprint", &signed).await.refused("AuthenticationRequired");
    begin(&phone, "open", "Fingerprint").await.refused("AuthenticationRequired");
    phone.cookies.borrow_mut().clear();
    phone.open("aino").await;
    begin(&phone, "open", "Fingerprint").await.refused("BiometricUnavailable");
}

#[tokio::test]
async fn r28_a_colleague_opens_no_found_phone_with_a_session_of_their_own() {
    let served = Served::start();
    let (owners, thiefs) = (Sensor::of(1), Sensor::posing(2, &Sensor::of(1)));
    let found = with_finger(&served, "a", "aino", &owners).await;
    let thief = served.browser("b");
    thief.open("kaisa").await;
    let device = found.cookies.borrow()["device"].clone();
    thief.cookies.borrow_mut().insert("device".to_owned(), device);
    // A challenge that takes a new key is for the phone whose session is open.
    begin(&thief, "enable", "Fingerprint").await.refused("AuthenticationRequired");
    let options = begin(&thief, "open", "Fingerprint").await.expect(200).json();
    let made = thiefs.create(&options, &Said::at(&thief.origin(), 9));
    open(&thief, "Fingerprint", &made).await.expect(400).refused("BodyMalformed");
    let options = begin(&thief, "open", "Fingerprint").await.expect(200).json();
    let signed = thiefs.sign(&options, &Said::at(&thief.origin(), 9));
    open(&thief, "Fingerprint", &signed).await.refused("BiometricRejected");
    let options = begin(&thief, "open", "Fingerprint").await.expect(200).json();
    enable(&thief, "Fingerprint", &thiefs.create(&options, &Said::at(&thief.origin(), 9)))
        .await
        .refused("AuthenticationRequired");
    assert_eq!(found.device().await["state"], "Locked");
    // The owner's finger opens it as before.
    let options = begin(&found, "open", "Fingerprint").await.expect(200).json();
    open(&found, "Fingerprint", &owners.sign(&options, &Said::at(&found.origin(), 10))).await.done();
}

#[tokio::test]
async fn r26_a_challenge_to_enable_opens_nothing_and_what_the_gate_refuses_changes_nothing() {
    let served = Served::start();
    let (owners, others) = (Sensor::of(1), Sensor::posing(2, &Sensor::of(1)));
    let phone = with_finger(&served, "a", "aino", &owners).await;
    let origin = phone.origin();
    let said = |counter| Said::at(&origin, counter);
    let opens_for_its_owner = async |counter| {
        let options = begin(&phone, "open", "Fingerprint").await.expect(200).json();
        open(&phone, "Fingerprint", &owners.sign(&options, &said(counter))).await.done();
        phone.post("/api/lock", json!({})).await.done();
    };
    // Begun while the app was open, by whoever had it in hand for a moment; shown after the lock.
    for as_lock in [true, false] {
        phone.post("/api/unlock", json!({ "pin": PIN })).await.done();
        let session = phone.cookies.borrow()["session"].clone();
        let options = begin(&phone, "enable", "Fingerprint").await.expect(200).json();
        phone.post("/api/lock", json!({})).await.done();
        let made = others.create(&options, &said(20));
        if as_lock {
            open(&phone, "Fingerprint", &made).await.refused("BiometricRejected");
        } else {
            phone.cookies.borrow_mut().insert("session".to_owned(), session);
            enable(&phone, "Fingerprint", &made).await.expect(401).refused("SessionRequired");
            phone.cookies.borrow_mut().remove("session");
        }
        assert_eq!(phone.device().await["state"], "Locked");
        opens_for_its_owner(if as_lock { 30 } else { 40 }).await;
        let options = begin(&phone, "open", "Fingerprint").await.expect(200).json();
        open(&phone, "Fingerprint", &others.sign(&options, &said(50))).await.refused("BiometricRejected");
    }
}

#[tokio::test]
async fn e28_another_key_under_the_same_name_is_a_changed_set() {
    let served = Served::start();
    let (old, new) = (Sensor::of(1), Sensor::posing(2, &Sensor::of(1)));
    let phone = with_finger(&served, "a", "aino", &old).await;
    let origin = phone.origin();
    // Enabled anew, by the person, with the PIN: then the new one opens and the old one does not.
    phone.post("/api/unlock", json!({ "pin": PIN })).await.done();
    let options = begin(&phone, "enable", "Fingerprint").await.expect(200).json();
    enable(&phone, "Fingerprint", &new.create(&options, &Said::at(&origin, 1))).await.expect(204);
    phone.post("/api/lock", json!({})).await.done();
    let options = begin(&phone, "open", "Fingerprint").await.expect(200).json();
    open(&phone, "Fingerprint", &old.sign(&options, &Said::at(&origin, 5)))
        .await
        .refused("BiometricRejected");
    let options = begin(&phone, "open", "Fingerprint").await.expect(200).json();
    open(&phone, "Fingerprint", &new.sign(&options, &Said::at(&origin, 5))).await.done();
}
