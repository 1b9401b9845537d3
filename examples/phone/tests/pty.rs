//! The phone as a person uses it: through a real pseudo-terminal of 80 × 24, by what the screen shows.
#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test")]

mod terminal;

use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Command, Stdio};

use pinlatch::account::EndReason;
use pinlatch::id::PersonId;
use pinlatch::refusal::{Language, RefusalCode};
use pinlatch::session::{Change, LockCause};
use pinlatch_stores::sqlite::SqliteStore;

use crate::terminal::Terminal;

const PIN: &str = "284917";
const NEXT_PIN: &str = "719304";
const WRONG: &str = "650283";

const PHONE: &str = env!("CARGO_BIN_EXE_pinlatch-phone");

fn phone(db: &Path) -> Terminal {
    Terminal::run(&[PHONE, "--db", db.to_str().unwrap()])
}

fn says(code: RefusalCode) -> &'static str {
    code.message(Language::English)
}

fn authenticate(phone: &mut Terminal) {
    phone.choose("What now?", "Authenticate");
    phone.choose("How do you authenticate?", "Bank credentials");
    phone.choose("(Bank credentials: how does it end?)", "It is you: the proof is good");
}

fn create_pin(phone: &mut Terminal, pin: &str) {
    phone.choose("What now?", "Create the PIN code");
    phone.enter("New PIN code", pin);
    phone.enter("The same again", pin);
    phone.asks("What now?", "Open");
}

fn unlock(phone: &mut Terminal, pin: &str) {
    phone.choose("What now?", "Unlock with the PIN code");
    phone.enter("PIN code", pin);
}

#[test]
fn a_life_with_the_phone() {
    let folder = tempfile::tempdir().unwrap();
    let db = folder.path().join("payroll.db");

    let mut first = phone(&db);
    first.asks("What now?", "Logged out");
    authenticate(&mut first);
    first.asks("What now?", "PIN code to be created");
    create_pin(&mut first, PIN);
    first.choose("What now?", "Salary information");
    first.choose("Salary information", "My own");
    first.asks("What now?", "Salary of October: 3 120.00 €");
    first.choose("What now?", "Salary information");
    first.choose("Salary information", "Those of Eero Salo");
    first.asks("What now?", says(RefusalCode::NotOwnData));
    first.choose("What now?", "Lock");
    first.asks("What now?", "Locked");
    unlock(&mut first, WRONG);
    first.asks("What now?", "Incorrect PIN code");
    unlock(&mut first, PIN);
    first.asks("What now?", "Open");
    first.choose("What now?", "(quit)");
    assert!(first.ends_well().contains("closed, and locked by that"));
    let aino = SqliteStore::open(&db).unwrap().events(PersonId::from_u128(1)).unwrap();
    let last = aino.last().unwrap();
    assert!(last.device.is_some() && last.change == Change::Locked(LockCause::Asked), "{last:?}");

    for key_store in ["payroll.db.phone-key-stores.json", "payroll.db.server-key-store", "payroll.db"] {
        let mode = folder.path().join(key_store).metadata().unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{key_store}");
    }

    let mut second = phone(&db);
    second.asks("What now?", "Locked");
    for _ in 1..5 {
        unlock(&mut second, WRONG);
        second.asks("What now?", "Incorrect PIN code");
    }
    unlock(&mut second, WRONG);
    let too_many = "Incorrect PIN code. You entered the wrong PIN code too many times. Authenticate again.";
    second.asks("What now?", too_many);
    // The app dies, and the message is there again (D06).
    second.press(terminal::CTRL_C);
    assert!(second.ends_well().contains("The app is closed."));

    let mut third = phone(&db);
    third.asks("What now?", too_many);
    third.choose("What now?", "OK");
    third.asks("What now?", "Logged out");
    third.asks("What now?", EndReason::PinExhausted.message(Language::English));
    authenticate(&mut third);
    create_pin(&mut third, NEXT_PIN);
    log_out_everywhere_and_come_back(&mut third);
    third.press(terminal::ESCAPE);
    third.ends_well();
}

fn log_out_everywhere_and_come_back(phone: &mut Terminal) {
    phone.choose("What now?", "Log out from all devices");
    phone.choose("You must be invited again afterwards. Log out from all devices?", "Yes");
    phone.asks("What now?", "Logged out from all devices");
    authenticate(phone);
    phone.asks("What now?", says(RefusalCode::ReinvitationRequired));
    phone.asks("What now?", "audit trail: ReinvitationRequired");

    phone.choose("What now?", "(look up from the phone)");
    phone.choose("(What happens?)", "Open the browser: Users and roles");
    let kaisa = "Kaisa Koski, user administrator, and an employee with Salaries";
    phone.choose("(Who signs in?)", kaisa);
    phone.choose("(Users and roles)", "Aino Virtanen");
    phone.choose("(Aino Virtanen)", "Set the profile Employee");
    phone.asks("(Aino Virtanen)", "This person has not been added as a user.");
    phone.choose("(Aino Virtanen)", "Invite, or re-invite");
    phone.asks("(Aino Virtanen)", "It is sent to Aino Virtanen");
    phone.press(terminal::ESCAPE);
    phone.asks("(Users and roles)", "Whose line do you open?");
    phone.press(terminal::CTRL_D);

    phone.asks("What now?", "Logged out from all devices");
    phone.asks("What now?", "You have been invited again.");
    phone.choose("What now?", "Authenticate");
    phone.choose_first("Which invitation do you use?", "The one received on");
    phone.choose("How do you authenticate?", "Bank credentials");
    phone.choose("(Bank credentials: how does it end?)", "It is you: the proof is good");
    create_pin(phone, PIN);
}

#[test]
fn ctrl_c_gives_the_terminal_back_in_the_middle_of_an_entry() {
    let folder = tempfile::tempdir().unwrap();
    let mut phone = phone(&folder.path().join("payroll.db"));
    authenticate(&mut phone);
    phone.choose("What now?", "Create the PIN code");
    phone.enter("New PIN code", PIN);
    phone.asks("The same again", "");
    phone.press(terminal::CTRL_C);
    phone.ends_well();
}

#[test]
fn without_a_terminal_it_says_so_and_does_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let db = folder.path().join("payroll.db");
    let ended = Command::new(PHONE).arg("--db").arg(&db).stdin(Stdio::null()).output().unwrap();
    assert_eq!(ended.status.code(), Some(2));
    assert!(String::from_utf8(ended.stderr).unwrap().contains("needs a terminal"));
    assert!(!db.exists());
}
