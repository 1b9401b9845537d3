//! Under the hood: what the stream of one person tells, to whom, and for how long.

use pinlatch_testkit::{PIN, WRONG_PIN};
use reqwest::{Method, Response};
use serde_json::{Value, json};

use super::served::{AINO, KUURA, PATIENCE, Served, account, id};

/// One server-sent event.
#[derive(Debug)]
struct Said {
    event: String,
    id: Option<String>,
    data: Value,
}

/// A stream that is being read.
struct Looking {
    response: Response,
    text: String,
    read: String,
}

impl Looking {
    async fn at(served: &Served, person: u128, last: Option<&str>) -> Self {
        let path = format!("/hood/events?person={}", id(person));
        let mut request = served.browser("").request(Method::GET, &path);
        if let Some(last) = last {
            request = request.header("last-event-id", last);
        }
        let response = request.send().await.unwrap();
        assert_eq!(response.status(), 200);
        assert_eq!(response.headers()["content-type"], "text/event-stream");
        Self { response, text: String::new(), read: String::new() }
    }

    /// The next event; `None` when the stream has ended.
    async fn next(&mut self) -> Option<Said> {
        loop {
            if let Some((event, rest)) = self.text.split_once("\n\n") {
                let field = |name: &str| {
                    let lines = event.lines().filter_map(|line| line.strip_prefix(name)?.strip_prefix(": "));
                    lines.map(str::to_owned).next()
                };
                let said = field("event").map(|event| {
                    let data = field("data").unwrap_or_default();
                    Said { event, id: field("id"), data: serde_json::from_str(&data).unwrap_or(json!(data)) }
                });
                self.text = rest.to_owned();
                match said {
                    Some(said) => return Some(said),
                    // A comment, which keeps the stream open.
                    None => continue,
                }
            }
            let chunk = tokio::time::timeout(PATIENCE, self.response.chunk()).await.expect("it says nothing");
            let chunk = String::from_utf8(chunk.unwrap()?.to_vec()).unwrap();
            self.read.push_str(&chunk);
            self.text.push_str(&chunk);
        }
    }

    /// Reads until an event is as wanted.
    async fn until(&mut self, wanted: impl Fn(&Said) -> bool) -> Said {
        loop {
            let said = self.next().await.expect("the stream has ended");
            if wanted(&said) {
                return said;
            }
        }
    }

    /// Reads until a device is in a state.
    async fn until_device(&mut self, label: &str, state: &str) -> Said {
        self.until(|said| {
            let devices = said.data["devices"].as_array();
            said.event == "record"
                && devices
                    .is_some_and(|all| all.iter().any(|one| one["label"] == label && one["state"] == state))
        })
        .await
    }

    /// Reads until something is added to the trail.
    async fn until_trail(&mut self, what: &str) -> Said {
        self.until(|said| {
            let entries = said.data["entries"].as_array();
            said.event == "trail" && entries.is_some_and(|all| all.iter().any(|one| one["what"] == what))
        })
        .await
    }
}

#[tokio::test]
async fn the_stream_shows_each_devices_state_the_record_and_the_trail_as_they_change() {
    let served = Served::start();
    let mut looking = Looking::at(&served, AINO, None).await;
    let first = looking.next().await.unwrap();
    assert_eq!((first.event.as_str(), &first.data["devices"]), ("record", &json!([])));
    assert!(first.data["note"].as_str().unwrap().starts_with("No record"), "{first:?}");

    let (one, other) = (served.browser("a"), served.browser("b"));
    one.sign_in("aino").await.expect(303);
    looking.until_device("Phone A", "PinPending").await;
    looking.until_trail("Authenticated").await;
    one.post("/api/pin", json!({ "pin": PIN, "confirmation": PIN })).await.done();
    looking.until_device("Phone A", "Authenticated").await;
    looking.until_trail("PinCreated").await;
    one.post("/api/lock", json!({})).await.done();
    looking.until_device("Phone A", "Locked").await;
    one.post("/api/unlock", json!({ "pin": WRONG_PIN })).await.refused("IncorrectPin");
    let wrong = looking
        .until(|said| {
            said.event == "record" && said.data["devices"][0]["facts"].to_string().contains("1 of 5")
        })
        .await;
    assert_eq!(wrong.data["devices"][0]["state"], "Locked");
    other.open("aino").await;
    let both = looking.until_device("Phone B", "Authenticated").await;
    assert_eq!(both.data["devices"][0]["state"], "Locked", "each has its own");

    let kaisa = served.browser("office").let_in("kaisa").await;
    kaisa.press(Method::POST, &format!("{}/log-out-everywhere", account(KUURA, AINO))).await.done();
    looking.until_device("Phone A", "RevokedAll").await;
    let revoked = looking.until_trail("RevokedAll").await;
    assert!(revoked.data.to_string().contains("Kaisa Koski"), "who did it: {revoked:?}");
    kaisa
        .put(&format!("{}/services/Travel", account(KUURA, AINO)), json!({}))
        .await
        .refused("NothingToChange");
    let refused = looking.until(|said| said.data.to_string().contains("NothingToChange")).await;
    assert_eq!(refused.data["entries"][0]["is_refusal"], true);
}

#[tokio::test]
async fn whoever_comes_back_gets_what_was_added_once() {
    let served = Served::start();
    let phone = served.browser("a");
    phone.open("aino").await;
    let mut looking = Looking::at(&served, AINO, None).await;
    let begun = looking.until_trail("PinCreated").await;
    assert_eq!(begun.data["anew"], true);
    let last = begun.id.expect("how far the stream is");
    drop(looking);
    phone.post("/api/lock", json!({})).await.done();
    let mut again = Looking::at(&served, AINO, Some(&last)).await;
    let added = again.until(|said| said.event == "trail").await;
    assert_eq!(added.data["anew"], false, "{added:?}");
    let whats: Vec<_> =
        added.data["entries"].as_array().unwrap().iter().map(|entry| &entry["what"]).collect();
    assert_eq!(whats, ["Locked"]);
    let last = added.id.unwrap();

    // What is no place in this trail, or in none, begins anew.
    for wrong in ["999.0.0.0000000000000000", "nonsense"] {
        let mut anew = Looking::at(&served, AINO, Some(wrong)).await;
        assert_eq!(anew.until(|said| said.event == "trail").await.data["anew"], true, "{wrong}");
    }
    // Nothing is added, so the next thing said is of the next change.
    let mut quiet = Looking::at(&served, AINO, Some(&last)).await;
    assert_eq!(quiet.next().await.unwrap().event, "record");
    phone.post("/api/unlock", json!({ "pin": PIN })).await.done();
    let next = quiet.until(|said| said.event == "trail").await;
    assert_eq!(
        (&next.data["anew"], &next.data["entries"][0]["what"]),
        (&json!(false), &json!("UnlockedByPin"))
    );
}

#[tokio::test]
async fn i13_no_secret_is_in_the_stream_or_its_page() {
    let served = Served::start();
    let phone = served.browser("a");
    let mut looking = Looking::at(&served, AINO, None).await;
    let kaisa = served.browser("office").let_in("kaisa").await;
    kaisa.invite(KUURA, AINO).await.done();
    phone.get(&served.letter("a").await).await.expect(303);
    let mut secrets: Vec<String> = phone.cookies.borrow().values().cloned().collect();
    phone.open("aino").await;
    secrets.extend(phone.cookies.borrow().values().cloned());
    phone.post("/api/lock", json!({})).await.done();
    phone.post("/api/unlock", json!({ "pin": WRONG_PIN })).await.refused("IncorrectPin");
    phone.post("/api/unlock", json!({ "pin": PIN })).await.done();
    secrets.extend(phone.cookies.borrow().values().cloned());
    secrets.extend(kaisa.cookies.borrow().values().cloned());
    looking.until_trail("UnlockedByPin").await;

    let page = served.browser("").get(&format!("/hood?person={}", id(AINO))).await.expect(200).text;
    // A token is told apart from its owner's part, which is no secret.
    let parts = secrets.iter().map(|secret| secret.rsplit('.').next().unwrap());
    for secret in parts.chain([PIN, WRONG_PIN]) {
        assert!(!looking.read.contains(secret) && !page.contains(secret), "{secret}");
    }
    // Nor a digest, a salt or a key in whatever form: nothing is so long and looks like one, but how far the stream is.
    let without_ids = looking.read.lines().filter(|line| !line.starts_with("id: "));
    for line in without_ids {
        let words = line.split(|letter: char| !letter.is_ascii_alphanumeric() && !"+/_-=".contains(letter));
        for word in words {
            let looks_drawn = word.len() >= 16 && word.bytes().any(|byte| byte.is_ascii_digit());
            assert!(!looks_drawn, "{word} in {line}");
        }
    }
}

#[tokio::test]
async fn the_stream_ends_with_the_program_and_goes_on_after_it() {
    let mut served = Served::start();
    let phone = served.browser("a");
    phone.open("aino").await;
    let mut looking = Looking::at(&served, AINO, None).await;
    let last = looking.until_trail("PinCreated").await.id.unwrap();
    let begun = std::time::Instant::now();
    assert!(served.stop().success(), "an open stream does not hold it up");
    assert!(begun.elapsed() < PATIENCE / 4);
    assert!(looking.next().await.is_none(), "the stream ends, and is not broken off");
    served.start_again();
    phone.post("/api/lock", json!({})).await.done();
    let mut again = Looking::at(&served, AINO, Some(&last)).await;
    let added = again.until(|said| said.event == "trail").await;
    assert_eq!(
        (&added.data["anew"], added.data["entries"].as_array().map(Vec::len)),
        (&json!(false), Some(1))
    );
}

#[tokio::test]
async fn there_is_room_for_so_many_streams_and_it_is_given_back() {
    const STREAMS: usize = 32;
    let served = Served::start();
    let mut looking = Vec::new();
    for _ in 0..STREAMS {
        looking.push(Looking::at(&served, AINO, None).await);
    }
    let path = format!("/hood/events?person={}", id(AINO));
    let full = served.browser("").get(&path).await.expect(503).refused("TooManyStreams").json();
    assert_eq!(full["kind"], "Retry");
    looking.pop();
    let begun = std::time::Instant::now();
    while served.browser("").request(Method::GET, &path).send().await.unwrap().status() != 200 {
        assert!(begun.elapsed() < PATIENCE, "whoever goes makes room");
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn the_hood_is_at_the_stage_alone() {
    let served = Served::start();
    for place in ["a", "office", "bank"] {
        for path in ["/hood".to_owned(), format!("/hood/events?person={}", id(AINO)), "/letters".to_owned()] {
            let there = served.browser(place).get(&path).await;
            assert!(!there.text.contains("Audit trail") && there.status != 200, "{place}{path}: {there:?}");
        }
    }
    served.browser("").get("/hood?person=nonsense").await.expect(400);
    served.browser("").get(&format!("/hood?person={}", id(99))).await.expect(404).refused("PersonUnknown");
}
