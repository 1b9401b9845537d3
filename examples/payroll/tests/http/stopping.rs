//! Asked to stop, the program ends: streams end, what is under way is settled.

use std::time::{Duration, Instant};

use pinlatch_testkit::{PIN, WRONG_PIN};
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::served::Served;

/// Sends this much of a request, and nothing more.
async fn begun(served: &Served, place: &str, request: &str) -> TcpStream {
    let mut connection = TcpStream::connect(("127.0.0.1", served.port)).await.unwrap();
    let dot = if place.is_empty() { "" } else { "." };
    let host = format!("{place}{dot}payroll.localhost:{}", served.port);
    connection.write_all(request.replace("HOST", &host).as_bytes()).await.unwrap();
    connection
}

#[tokio::test]
async fn open_streams_end_and_the_program_ends_well() {
    let mut served = Served::start();
    let person = "00000000-0000-0000-0000-000000000001";
    let request = format!("GET /hood/events?person={person} HTTP/1.1\r\nHost: HOST\r\n\r\n");
    let mut streams = Vec::new();
    for _ in 0..3 {
        let mut stream = begun(&served, "", &request).await;
        // Its first event has come: it is open.
        let mut read = Vec::new();
        while !String::from_utf8_lossy(&read).contains("event: record") {
            assert!(stream.read_buf(&mut read).await.unwrap() > 0, "{}", String::from_utf8_lossy(&read));
        }
        streams.push(stream);
    }
    assert_eq!(served.stop().code(), Some(0));
    for mut stream in streams {
        let mut rest = String::new();
        stream.read_to_string(&mut rest).await.unwrap();
        // Ended as HTTP ends it, and not broken off.
        assert!(rest.ends_with("0\r\n\r\n"), "{rest:?}");
    }
}

#[tokio::test]
async fn who_says_nothing_more_does_not_hold_it_up() {
    let mut served = Served::start();
    let quiet = begun(&served, "a", "").await;
    let half_a_head = begun(&served, "a", "POST /api/lock HTTP/1.1\r\nHost: HO").await;
    let form = "POST /authorize HTTP/1.1\r\nHost: HOST\r\nOrigin: http://HOST\r\nContent-Length: 100\r\n\
                Content-Type: application/x-www-form-urlencoded\r\n\r\nclient_id=";
    let half_a_body = begun(&served, "bank", form).await;
    // Answered by this, they have all been taken.
    served.browser("a").get("/here").await.expect(200);
    let asked = Instant::now();
    assert_eq!(served.stop().code(), Some(0));
    assert!(asked.elapsed().as_secs() < 20, "{:?}", asked.elapsed());
    drop((quiet, half_a_head, half_a_body));
}

#[tokio::test]
async fn guesses_under_way_are_answered_or_count_nothing() {
    let mut served = Served::start();
    let phone = served.browser("a");
    phone.open("aino").await;
    phone.post("/api/lock", json!({})).await.done();
    let guess = async || {
        let request = phone.request(reqwest::Method::POST, "/api/unlock").json(&json!({ "pin": WRONG_PIN }));
        request.send().await.is_ok()
    };
    let stop = async {
        // Asked after them and answered before, since this needs no hash: then they are under way.
        served.browser("b").get("/here").await.expect(200);
        served.ask_to_stop();
    };
    let (first, second, third, ()) = tokio::join!(guess(), guess(), guess(), stop);
    let answered = [first, second, third].into_iter().filter(|is_told| *is_told).count();
    assert!(answered >= 1, "none was under way");
    assert_eq!(served.stopped().code(), Some(0));
    served.start_again();
    // Who was told is counted, and nobody twice. None is in flight, or the right one would have to wait.
    let left = phone.get("/api/device").await.json()["tries_left"].as_u64().unwrap();
    let left = usize::try_from(left).unwrap();
    assert!((2..=5 - answered).contains(&left), "{left} left after {answered} answers");
    phone.post("/api/unlock", json!({ "pin": PIN })).await.done();
}

#[tokio::test]
async fn interrupted_from_the_keyboard_it_ends_as_well() {
    let mut served = Served::start();
    served.interrupt();
    assert_eq!(served.stopped().code(), Some(0));
    served.start_again();
    served.browser("a").get("/here").await.expect(200);
}

#[tokio::test]
async fn a_connection_that_says_nothing_ends() {
    let served = Served::start();
    let form = "POST /language HTTP/1.1\r\nHost: HOST\r\nOrigin: http://HOST\r\nContent-Length: 100\r\n\
                Content-Type: application/json\r\n\r\n{";
    let whole = "GET /here HTTP/1.1\r\nHost: HOST\r\n\r\n";
    let short = "POST /language HTTP/1.1\r\nHost: HOST\r\nOrigin: http://HOST\r\nContent-Length: 100\r\n\
                 Content-Type: application/x-www-form-urlencoded\r\n\r\nlanguage=fi&back=%2F";
    let begun = [
        // What HTTP/2 begins by: it has no such end, and is not spoken.
        begun(&served, "a", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n").await,
        begun(&served, "office", short).await,
        begun(&served, "a", "").await,
        begun(&served, "a", "GET /here HTTP/1.1\r\nHost: HO").await,
        begun(&served, "a", whole).await,
        begun(&served, "a", form).await,
        begun(&served, "office", form).await,
        begun(&served, "bank", &form.replace("/language", "/authorize")).await,
    ];
    let since = Instant::now();
    for (number, mut connection) in begun.into_iter().enumerate() {
        let mut said = Vec::new();
        let ended = tokio::time::timeout(Duration::from_secs(60), connection.read_to_end(&mut said)).await;
        // A form that breaks off is none, even where what has come could be one.
        let said = String::from_utf8_lossy(&said);
        assert!(!said.contains("language=fi"), "{said}");
        assert!(ended.is_ok(), "connection {number} is still open after {:?}", since.elapsed());
    }
    served.browser("a").get("/here").await.expect(200);
}

#[tokio::test]
async fn a_log_that_cannot_be_written_keeps_nobody_from_being_answered() {
    let served = Served::without_a_log();
    let phone = served.browser("a");
    let begun = phone.leave("BankCredentials").await;
    let state = super::sign_in::parameter(&begun, "state");
    phone.get(&format!("/sign-in/back?code=none&state={state}")).await.expect(303);
    phone.open("aino").await;
    phone.post("/api/unlock", json!({ "pin": WRONG_PIN })).await.refused("IncorrectPin");
}
