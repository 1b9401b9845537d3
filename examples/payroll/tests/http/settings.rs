//! Flags, environment and files: what cannot be is said in a sentence, and the program ends; it never panics.

use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use pinlatch_testkit::PIN;
use serde_json::json;

use super::served::{Ended, Served};

/// It ends, says why on the standard error, and nothing on the standard output.
#[track_caller]
fn complains(ended: &Ended, code: i32, why: &str) {
    assert_eq!(ended.code, Some(code), "{ended:?}");
    let Ended { said, complained, .. } = ended;
    assert!(complained.contains(why), "{ended:?}");
    assert!(!complained.contains("panicked") && !complained.contains("RUST_BACKTRACE"), "{ended:?}");
    assert!(said.is_empty(), "{ended:?}");
}

fn folder() -> tempfile::TempDir {
    tempfile::tempdir().unwrap()
}

/// Ends with these flags, in a folder and at a port of its own.
fn ended(flags: &[&str], variables: &[(&'static str, &str)]) -> Ended {
    let folder = folder();
    let files = folder.path().to_str().unwrap();
    let mut all = vec!["--folder", files];
    if !flags.contains(&"--listen") {
        all.extend(["--listen", "127.0.0.1:0"]);
    }
    all.extend(flags);
    Served::ended(&all, variables)
}

#[test]
fn a_flag_that_cannot_be_is_named() {
    for (flags, why) in [
        (&["--listen", "nonsense"][..], "--listen"),
        (&["--listen", "localhost"], "--listen"),
        (&["--origin", "payroll.example.com"], "--origin"),
        (&["--requests-a-second", "0"], "--requests-a-second"),
        (&["--issuer", "https://id.example.com"], "--client-id"),
        (&["--client-id", "payroll"], "--issuer"),
        (&["--acr", "strong"], "--issuer"),
        (&["--issuer", "https://id.example.com", "--client-id", "p", "--acr", ""], "--acr"),
        (&["--issuer", "https://id.example.com", "--client-id", "p", "--acr", "gold platinum"], "--acr"),
        (&["--first-administrator", "1=2"], "a company's id"),
        (&["--subject", "aino"], "a subject, `=` and a person's id"),
        (&["--address-source", "X-Forwarded-For"], "RightmostXForwardedFor"),
        (&["--unknown"], "--unknown"),
        (&["file"], "file"),
    ] {
        complains(&ended(flags, &[]), 2, why);
    }
    complains(&ended(&[], &[("PAYROLL_REQUESTS_A_SECOND", "many")]), 2, "--requests-a-second");
}

#[test]
fn an_origin_is_a_scheme_a_host_and_a_port() {
    let provider = ["--issuer", "https://id.example.com", "--client-id", "payroll"];
    for origin in [
        "https://payroll.example.com/app",
        "https://payroll.example.com/?a=b",
        "https://payroll.example.com/#top",
        "https://user:word@payroll.example.com",
        "ftp://payroll.example.com",
        "file:///srv",
        "mailto:payroll@example.com",
    ] {
        let flags = [&["--origin", origin], &provider[..]].concat();
        complains(&ended(&flags, &[]), 1, "--origin is http or https, a host and a port");
    }
}

#[test]
fn the_test_bank_does_not_run_where_others_get_to() {
    for flags in [
        &["--listen", "0.0.0.0:0"][..],
        &["--listen", "[::]:0"],
        &["--origin", "https://payroll.example.com"],
        &["--origin", "http://payroll.localhost.example.com"],
        &["--listen", "0.0.0.0:0", "--origin", "http://payroll.localhost:3000"],
    ] {
        complains(&ended(flags, &[]), 1, "the test bank believes whoever comes");
    }
}

#[test]
fn a_provider_is_asked_by_https_or_here() {
    for issuer in [
        "http://id.example.com",
        "https://id.example.com/?tenant=1",
        "https://id.example.com/#a",
        "ftp://localhost",
    ] {
        let flags = ["--issuer", issuer, "--client-id", "payroll"];
        complains(&ended(&flags, &[]), 1, "--issuer is an https address without a query");
    }
    let flags = ["--issuer", "https://id.example.com", "--client-id", "p", "--subject", "aino=first"];
    complains(&ended(&flags, &[]), 1, "--subject: first is no person's id");
}

#[test]
fn a_database_that_cannot_be_is_named_without_its_password() {
    let closed = format!(
        "postgres://payroll:topsecret@127.0.0.1:{}/payroll",
        pinlatch_testkit::rig::free_port().unwrap()
    );
    for address in ["mongodb://payroll:topsecret@localhost/payroll", "topsecret", "", closed.as_str()] {
        let ended = ended(&[], &[("DATABASE_URL", address)]);
        complains(&ended, 1, "payroll: ");
        assert!(!ended.complained.contains("topsecret"), "{ended:?}");
        assert!(ended.complained.trim().len() > "payroll: ".len() + 10, "{ended:?}");
    }
    let secret = ended(&["--client-secret"], &[]);
    complains(&secret, 2, "--client-secret");
    let help =
        Served::ended(&["--help"], &[("OIDC_CLIENT_SECRET", "topsecret"), ("DATABASE_URL", "topsecret")]);
    assert!(help.code == Some(0) && !help.said.contains("topsecret"), "{help:?}");
}

#[test]
fn a_port_that_is_taken_is_named() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    complains(&ended(&["--listen", &address], &[]), 1, &address);
}

#[test]
fn a_folder_that_cannot_be_is_named() {
    let folder = folder();
    let file = folder.path().join("file");
    std::fs::write(&file, "").unwrap();
    for path in [file.clone(), file.join("below")] {
        let path = path.to_str().unwrap().to_owned();
        complains(&Served::ended(&["--listen", "127.0.0.1:0", "--folder", &path], &[]), 1, &path);
    }
}

#[test]
fn a_damaged_key_file_is_named_and_left_alone() {
    for damaged in [&b""[..], &[7; 31], &[7; 33]] {
        let folder = folder();
        let file = folder.path().join("payroll.key");
        std::fs::write(&file, damaged).unwrap();
        complains(&in_folder(folder.path()), 1, file.to_str().unwrap());
        assert_eq!(std::fs::read(&file).unwrap(), damaged);
    }
    let folder = folder();
    let file = folder.path().join("payroll.key");
    std::fs::create_dir(&file).unwrap();
    complains(&in_folder(folder.path()), 1, file.to_str().unwrap());
}

fn in_folder(folder: &Path) -> Ended {
    Served::ended(&["--listen", "127.0.0.1:0", "--folder", folder.to_str().unwrap()], &[])
}

fn mode(path: &Path) -> u32 {
    std::fs::metadata(path).unwrap().permissions().mode() & 0o777
}

#[test]
fn over_plain_http_it_is_for_this_machine_only() {
    let provider = ["--issuer", "https://id.example.com", "--client-id", "payroll"];
    for origin in ["http://payroll.example.com", "http://192.0.2.1:3000", "http://[2001:db8::1]"] {
        let flags = [&["--origin", origin], &provider[..]].concat();
        complains(&ended(&flags, &[]), 1, "--origin is https, or http on this machine");
    }
}

#[tokio::test]
async fn key_and_files_are_for_who_runs_it_and_stay_the_same() {
    let folder = folder();
    let new = folder.path().join("data/payroll");
    // The log of the tests lies in the folder: the program makes it.
    let served = Served::making(&new);
    let key = new.join("payroll.key");
    assert_eq!((mode(&new), mode(&key)), (0o700, 0o600));
    for entry in std::fs::read_dir(&new).unwrap() {
        let file = entry.unwrap().path();
        assert_eq!(mode(&file), 0o600, "{}", file.display());
    }
    let before = std::fs::read(&key).unwrap();
    assert!(before.len() == 32 && before != [0; 32]);
    let phone = served.browser("a");
    phone.open("aino").await;
    drop(served);
    let again = Served::in_folder(&new);
    assert_eq!(std::fs::read(&key).unwrap(), before);
    let later = again.browser("a");
    later.cookies.replace(phone.cookies.borrow().clone());
    later.post("/api/unlock", json!({ "pin": PIN })).await.done();
}

#[tokio::test]
async fn of_four_that_start_at_one_instant_all_have_one_key() {
    let folder = folder();
    let started: Vec<_> = (0..4)
        .map(|_| {
            let folder = folder.path().to_owned();
            std::thread::spawn(move || Served::in_folder(&folder))
        })
        .collect();
    let served: Vec<Served> = started.into_iter().map(|thread| thread.join().unwrap()).collect();
    let files: Vec<_> =
        std::fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert!(!files.iter().any(|name| name.to_string_lossy().contains("tmp")), "{files:?}");
    let phone = served[0].browser("a");
    phone.open("aino").await;
    for other in &served[1..] {
        let there = other.browser("a");
        there.cookies.replace(phone.cookies.borrow().clone());
        there.post("/api/unlock", json!({ "pin": PIN })).await.done();
    }
}

#[tokio::test]
async fn e34_another_key_is_no_wrong_pin() {
    let folder = folder();
    let served = Served::making(&folder.path().join("data/files"));
    let phone = served.browser("a");
    phone.open("aino").await;
    phone.post("/api/lock", json!({})).await.done();
    drop(served);
    let files = folder.path().join("data/files");
    let key = files.join("payroll.key");
    let kept = std::fs::read(&key).unwrap();
    // By accident the file is gone, and another one made: the program does not start, and says why and what to do.
    std::fs::remove_file(&key).unwrap();
    complains(&in_folder(&files), 1, "the database knows another key");
    complains(&in_folder(&files), 1, "--new-key");
    // With the right one back, all is as it was.
    std::fs::write(&key, &kept).unwrap();
    let served = Served::in_folder(&files);
    let again = served.browser("a");
    again.cookies.replace(phone.cookies.borrow().clone());
    again.post("/api/unlock", json!({ "pin": PIN })).await.done();
    again.post("/api/lock", json!({})).await.done();
    drop(served);
    // It is lost: nobody's PIN is called wrong, no try is spent, and one authenticates and makes a new one.
    std::fs::remove_file(&key).unwrap();
    let served = Served::in_folder_with(&files, &["--new-key"]);
    let later = served.browser("a");
    later.cookies.replace(again.cookies.borrow().clone());
    for _ in 0..6 {
        let refused = later.post("/api/unlock", json!({ "pin": PIN })).await.refused("CredentialUnusable");
        assert_eq!(refused.json()["next"]["step"], "Authenticate");
    }
    assert_eq!(later.device().await["next"]["step"], "Authenticate");
    later.open("aino").await;
    drop(served);
    // The database knows the new one from now on.
    Served::in_folder(&files).browser("a").get("/").await.expect(200);
}

#[test]
fn a_folder_that_cannot_be_written_is_named_with_the_reason() {
    let folder = folder();
    let files = folder.path().join("data/files");
    drop(Served::making(&files));
    for name in ["payroll.sqlite", "sign-in.sqlite"] {
        let file = files.join(name);
        std::fs::remove_file(&file).unwrap();
        std::fs::create_dir(&file).unwrap();
        complains(&in_folder(&files), 1, "because");
        std::fs::remove_dir(&file).unwrap();
    }
}
