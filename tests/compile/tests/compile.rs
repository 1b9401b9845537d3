//! Compiles the programs in `cases/fail`: each must be refused, in the words beside it. Their twins
//! in `cases/pass` compile as a test of their own.
//!
//! The compiler's words change from release to release, so they are compared on one release only:
//! the one that decides about changes. On another one that part is skipped, and says so. To write
//! the words anew: `TRYBUILD=overwrite cargo test -p pinlatch-compile-tests`, and read the diff.

use std::collections::BTreeSet;
use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::process::Command as Process;

use pinlatch::session::{Cell, Command, SessionState, TABLE, cell};

/// The compiler whose words are beside the cases: the one of `.ci/run`.
const PINNED: &str = "1.95.0";

/// The version of the compiler that compiles the cases.
fn compiler() -> String {
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let output = Process::new(rustc).arg("--version").output().expect("rustc --version");
    let text = String::from_utf8(output.stdout).expect("UTF-8");
    text.split_whitespace().nth(1).expect("a version").to_owned()
}

#[test]
fn illegal_programs_do_not_compile() {
    let found = compiler();
    if found == PINNED {
        trybuild::TestCases::new().compile_fail("cases/fail/*.rs");
    } else {
        // Past the capture of the test harness, so that it is seen.
        let _ = writeln!(
            io::stderr(),
            "\nSKIPPED: the {} programs that must not compile. Their expected output is that of \
             rustc {PINNED}, and this is {found}. Run: cargo +{PINNED} test -p pinlatch-compile-tests\n",
            names("fail").len(),
        );
    }
}

fn folder(kind: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("cases").join(kind)
}

/// The cases of that kind, without `.rs`.
fn names(kind: &str) -> BTreeSet<String> {
    let entries = fs::read_dir(folder(kind)).expect("the cases");
    let files = entries.map(|entry| entry.expect("a file").file_name().into_string().expect("UTF-8"));
    let cases = files.filter_map(|file| file.strip_suffix(".rs").map(str::to_owned));
    cases.filter(|name| name != "main").collect()
}

fn text(kind: &str, file: &str) -> String {
    fs::read_to_string(folder(kind).join(file)).unwrap_or_else(|error| panic!("{kind}/{file}: {error}"))
}

/// The methods of the typed session.
const METHODS: [&str; 10] = [
    "authenticate",
    "create_pin",
    "lock",
    "unlock",
    "reopen",
    "exhaust",
    "acknowledge",
    "log_out",
    "log_out_everywhere",
    "revoke",
];

/// By which method a session moves on a command in a state. Using a function moves nothing, and the first
/// four wrong PINs only count.
const fn method(command: Command, state: SessionState) -> Option<&'static str> {
    match command {
        Command::Authenticate => Some("authenticate"),
        Command::CreatePin => Some("create_pin"),
        Command::Lock => Some("lock"),
        Command::UnlockWithRightPin | Command::UnlockWithBiometric => Some(match state {
            // What is open is opened anew, by a method with its own name (D26).
            SessionState::Authenticated => "reopen",
            _ => "unlock",
        }),
        Command::UnlockWithFifthWrongPin => Some("exhaust"),
        Command::Acknowledge => Some("acknowledge"),
        Command::LogOut | Command::DeviceModified => Some("log_out"),
        Command::LogOutEverywhere => Some("log_out_everywhere"),
        Command::RevokedElsewhere => Some("revoke"),
        Command::Use | Command::UnlockWithWrongPin => None,
    }
}

fn case(state: SessionState, method: &str) -> String {
    let mut name = String::from("transition__");
    for (at, c) in state.to_string().char_indices() {
        if at > 0 && c.is_uppercase() {
            name.push('_');
        }
        name.extend(c.to_lowercase());
    }
    name + "__" + method
}

/// Every state with every method: whether the table has such a transition.
fn pairs() -> Vec<(SessionState, &'static str, bool)> {
    let moves = |state: SessionState, wanted: &str| {
        TABLE.iter().filter(|(command, _)| method(*command, state) == Some(wanted)).any(|(_, row)| {
            let cell = SessionState::ALL.iter().zip(row).find(|(known, _)| **known == state);
            matches!(cell, Some((_, Cell::To(_) | Cell::Invited(..))))
        })
    };
    let each = |state| METHODS.map(|method| (state, method, moves(state, method)));
    SessionState::ALL.into_iter().flat_map(each).collect()
}

#[test]
fn every_transition_that_the_table_lacks_is_a_case_that_fails_and_every_other_one_that_passes() {
    let (fail, pass) = (names("fail"), names("pass"));
    let mut transitions = 0;
    for (state, method, legal) in pairs() {
        let name = case(state, method);
        assert_eq!((fail.contains(&name), pass.contains(&name)), (!legal, legal), "{name}");
        let program = text(if legal { "pass" } else { "fail" }, &format!("{name}.rs"));
        let words = [format!("(session: Session<{state}>"), format!(" session.{method}(")];
        assert!(words.iter().all(|word| program.contains(word)), "{name} is about something else");
        transitions += 1;
    }
    assert_eq!(transitions, 60);
    let all = fail.iter().chain(&pass).filter(|name| name.starts_with("transition__"));
    assert_eq!(all.count(), transitions, "a transition that is none");
}

/// The commands of a device's handle, and the rows of the table that they come from.
const TOLD: [(&str, Command); 7] = [
    ("authenticate", Command::Authenticate),
    ("create_pin", Command::CreatePin),
    ("unlock_with_pin", Command::UnlockWithRightPin),
    ("unlock_with_biometric", Command::UnlockWithBiometric),
    ("lock", Command::Lock),
    ("acknowledge", Command::Acknowledge),
    ("log_out", Command::LogOut),
];

/// A handle has the commands whose cell leads somewhere or changes nothing. What the table refuses in a state,
/// though the session knows it there, its handle does not offer.
#[test]
fn every_command_that_a_state_lacks_is_a_case_of_its_handle_that_fails_and_every_other_one_passes() {
    let (fail, pass) = (names("fail"), names("pass"));
    for state in SessionState::ALL {
        for (method, command) in TOLD {
            let legal = matches!(cell(command, state), Cell::To(_) | Cell::Unchanged | Cell::Invited(..));
            let name = case(state, method).replace("transition__", "device__");
            assert_eq!((fail.contains(&name), pass.contains(&name)), (!legal, legal), "{name}");
            let program = text(if legal { "pass" } else { "fail" }, &format!("{name}.rs"));
            let words = [format!("H, {state}>"), format!(" device.{method}(")];
            assert!(words.iter().all(|word| program.contains(word)), "{name} is about something else");
            if !legal {
                let words = text("fail", &format!("{name}.stderr"));
                let expected = format!("error[E0599]: the method `{method}` exists for struct `");
                assert!(words.starts_with(&expected), "{name}: {words}");
                assert_eq!(words.matches("error").count(), 1, "{name}: {words}");
            }
        }
    }
    assert_eq!(fail.len(), 110, "the README says how many there are");
}

#[test]
fn every_dash_of_the_table_is_a_case_that_fails() {
    let fail = names("fail");
    let mut dashes = 0;
    for (command, row) in TABLE {
        for (state, cell) in SessionState::ALL.into_iter().zip(row) {
            let Cell::Absent(_) = cell else { continue };
            // A wrong PIN that does not unlock is what `unlock` would have been for.
            let wrong = matches!(command, Command::UnlockWithWrongPin | Command::UnlockWithFifthWrongPin);
            let method = if wrong { Some("unlock") } else { method(command, state) };
            let name = case(state, method.expect("a command with a dash has a method"));
            assert!(fail.contains(&name), "{command:?} in {state}: {name}");
            dashes += 1;
        }
    }
    assert_eq!(dashes, 33);
}

/// A transition fails for want of the method, and of nothing else.
#[test]
fn every_transition_fails_for_the_right_reason() {
    for (state, method, _) in pairs() {
        let name = case(state, method);
        if !names("fail").contains(&name) {
            continue;
        }
        // The compiler names a type with or without its module, whichever tells it from others.
        let words = text("fail", &format!("{name}.stderr")).replace("pinlatch::session::", "");
        let expected =
            format!("error[E0599]: no method named `{method}` found for struct `Session<{state}>`");
        assert!(words.starts_with(&expected), "{name}: {words}");
        assert_eq!(words.matches("error").count(), 1, "{name}: {words}");
    }
}

/// Beside each of the others is a program of the same name that does it right.
#[test]
fn every_case_has_a_twin() {
    let by_state = |name: &String| name.starts_with("transition__") || name.starts_with("device__");
    let others =
        |kind| names(kind).into_iter().filter(move |name| !by_state(name) || name == "device__reused");
    let (fail, pass): (BTreeSet<_>, BTreeSet<_>) = (others("fail").collect(), others("pass").collect());
    assert_eq!(fail, pass);
    assert!(fail.len() >= 30, "suspiciously few cases: {}", fail.len());
    for name in fail {
        assert!(text("fail", &format!("{name}.stderr")).contains("error"), "{name}");
    }
}

#[test]
fn every_twin_is_compiled() {
    let main = text("pass", "main.rs");
    let modules = main.lines().filter_map(|line| line.strip_prefix("mod ")?.strip_suffix(';'));
    assert_eq!(modules.map(str::to_owned).collect::<BTreeSet<_>>(), names("pass"));
}
