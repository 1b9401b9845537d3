//! The example, by curl.

use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use pinlatch_testkit::{PIN, WRONG_PIN};
use serde_json::{Value, json};

struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ended = self.0.kill();
        let _reaped = self.0.wait();
    }
}

/// Built, since nothing else of a test run builds it, and started on a port that the system chooses.
fn start() -> (Running, String) {
    let built = Command::new(env!("CARGO"))
        // As a package it has no dependency on itself that would turn these on.
        .args([
            "build",
            "--quiet",
            "--example",
            "axum_host",
            "-p",
            "pinlatch-axum",
            "--features",
            "test-parts",
        ])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .status();
    assert!(built.unwrap().success());
    let deps = PathBuf::from(std::env::current_exe().unwrap().parent().unwrap());
    let program = deps.parent().unwrap().join("examples/axum_host");
    let child = Command::new(program).arg("0").stdout(Stdio::piped()).spawn().unwrap();
    let mut running = Running(child);
    let mut line = String::new();
    BufReader::new(running.0.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let address = line.split(';').next().unwrap().to_owned();
    (running, address)
}

fn curl(address: &str, path: &str, headers: &[String], body: Option<&Value>) -> Value {
    let mut curl = Command::new("curl");
    curl.args([
        "--silent",
        "--show-error",
        "--request",
        if body.is_none() && path == "/app/session" { "GET" } else { "POST" },
    ]);
    for header in headers {
        curl.args(["--header", header]);
    }
    if let Some(body) = body {
        curl.args(["--header", "content-type: application/json", "--data", &body.to_string()]);
    }
    let output = curl.arg(format!("{address}{path}")).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    if output.stdout.is_empty() { Value::Null } else { serde_json::from_slice(&output.stdout).unwrap() }
}

#[test]
fn the_example_passes_the_story_by_curl() {
    if Command::new("curl").arg("--version").output().is_err() {
        assert!(std::env::var_os("PINLATCH_NO_SKIPS").is_none(), "curl is not there");
        eprintln!("SKIPPED: no curl, so the example was not run");
        return;
    }
    let lines = include_str!("../../examples/axum_host.rs").lines().count();
    assert!(lines < 60, "the example has {lines} lines");
    let (_running, address) = start();
    let anna = "00000000-0000-0000-0000-000000000001";
    let text =
        |value: &Value, name: &str| value[name].as_str().unwrap_or_else(|| panic!("{value}")).to_owned();

    let begun = curl(&address, "/app/sign-in/begin", &[], Some(&json!({})));
    let evidence = json!({"person": anna, "method": "BankCredentials"});
    let sign_in = json!({"flow": begun["flow"], "evidence": evidence, "label": "curl"});
    let signed_in = curl(&address, "/app/sign-in", &[], Some(&sign_in));
    let device = [format!("Pinlatch-Device: {}", text(&signed_in, "token"))];
    let opened = curl(&address, "/app/pin", &device, Some(&json!({"pin": PIN, "confirmation": PIN})));
    let bearer = [format!("Authorization: Bearer {}", text(&opened, "session"))];
    assert_eq!(text(&curl(&address, "/app/session", &bearer, None), "person"), anna);

    assert_eq!(curl(&address, "/app/lock", &device, None), Value::Null);
    assert_eq!(text(&curl(&address, "/app/session", &bearer, None), "code"), "SessionRequired");
    let wrong = curl(&address, "/app/unlock", &device, Some(&json!({"pin": WRONG_PIN})));
    assert_eq!(text(&wrong, "detail"), "Incorrect PIN code");
    let opened = curl(&address, "/app/unlock", &device, Some(&json!({"pin": PIN})));
    let bearer = [format!("Authorization: Bearer {}", text(&opened, "session"))];
    assert_eq!(curl(&address, "/app/log-out-everywhere", &bearer, None), Value::Null);
    let begun = curl(&address, "/app/sign-in/begin", &[], Some(&json!({})));
    let sign_in = json!({"flow": begun["flow"], "evidence": sign_in["evidence"], "label": "curl"});
    assert_eq!(text(&curl(&address, "/app/sign-in", &[], Some(&sign_in)), "code"), "ReinvitationRequired");
}
