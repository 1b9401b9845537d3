//! The last chapter: what the journal has of Aino.

use std::collections::BTreeMap;

use pinlatch::account::Event;
use pinlatch::host::Key;
use pinlatch::session::{Change, LockCause, LogOutCause, Modality, RevokedBy};

use crate::stage::{Stage, Surprise};
use crate::town::{AINO, Town};

pub(crate) fn show(stage: &Stage, town: &Town) -> Result<(), Surprise> {
    stage.chapter(
        "The audit trail",
        "Every accepted transition of Aino's account, once each; refusals are kept beside it.",
    );
    let events = town.journal().events(AINO);
    let numbers: Vec<u64> = events.iter().map(|event| event.sequence).collect();
    let gapless: Vec<u64> = (0..).take(events.len()).collect();
    let told = format!("{} events, no number missing", events.len());
    stage.fact("transitions", numbers, "journal", gapless, &told)?;
    stage.fact(
        "one number for two different events",
        town.journal().contradictions(),
        "journal",
        0,
        "never",
    )?;
    for event in &events {
        stage.listed(&line(town, event));
    }
    let mut counted: BTreeMap<String, u32> = BTreeMap::new();
    let refusals = town.journal().refusals(AINO);
    for refusal in &refusals {
        let count = counted.entry(refusal.audit().to_string()).or_default();
        *count = count.saturating_add(1);
    }
    let wrong = counted.keys().any(|view| view.starts_with("IncorrectPin"));
    let told = format!("{}; counted wrong PINs are events", refusals.len());
    stage.fact("refusals, with the cause", wrong, "journal", false, &told)?;
    for (view, count) in counted {
        stage.listed(&format!("{count:>4} × {view}"));
    }
    no_secret(stage, town, &events)
}

/// No PIN and no token is in the trail, and none is in the record.
fn no_secret(stage: &Stage, town: &Town, events: &[Event]) -> Result<(), Surprise> {
    let trail = format!("{events:?} {:?}", town.journal().refusals(AINO));
    let record = town.store().bytes(&Key::account(AINO)).unwrap_or_default();
    let secrets = ["284917", "530648", "417086", "902735", "pinlatd_", "pinlats_"];
    let holds = |bytes: &[u8]| {
        secrets.iter().any(|secret| bytes.windows(secret.len()).any(|part| part == secret.as_bytes()))
    };
    let found = [holds(trail.as_bytes()), holds(&record)];
    let told = format!("none, nor in the {}-byte record", record.len());
    stage.fact("PINs and tokens in the trail", found, "journal", [false; 2], &told)
}

/// Number, time of day in UTC, device, and what happened.
fn line(town: &Town, event: &Event) -> String {
    let at = event.at.map_or_else(String::new, |at| at.to_string());
    let time = at.get(11..19).unwrap_or(&at);
    let device = event.device.and_then(|device| town.names.borrow().get(&device).copied());
    let what = in_words(event.change);
    format!("{:>4}  {time}  {:<14} {what}", event.sequence, device.unwrap_or("account"))
}

fn in_words(change: Change) -> String {
    let biometric = |modality| match modality {
        Modality::Face => "face",
        Modality::Fingerprint => "fingerprint",
    };
    match change {
        Change::Authenticated { method, by_invitation: false } => format!("authenticated: {method:?}"),
        Change::Authenticated { method, by_invitation: true } => {
            format!("authenticated: {method:?}, invitation used")
        }
        Change::PinCreated => "PIN created".into(),
        Change::Locked(LockCause::Asked) => "locked".into(),
        Change::Locked(LockCause::ClockSetBack) => "locked, for want of a time".into(),
        Change::ClockSetBack { largest, .. } => {
            format!("the clock was set back by {} days", largest.as_secs() / (24 * 60 * 60))
        }
        Change::LoggedOut(LogOutCause::PinWindowPassed) => "made no PIN in time: logged out".into(),
        Change::UnlockedByPin => "unlocked by PIN".into(),
        Change::UnlockedByBiometric(modality) => format!("unlocked by {}", biometric(modality)),
        Change::PinRejected { failures } => format!("wrong PIN, {failures} in a row"),
        Change::PinExhausted => "wrong PIN, the fifth: PIN and biometrics wiped".into(),
        Change::Acknowledged => "message acknowledged".into(),
        Change::BiometricEnabled(modality) => format!("{} enabled", biometric(modality)),
        Change::LoggedOut(LogOutCause::Asked) => "logged out".into(),
        Change::LoggedOut(LogOutCause::DeviceModified) => "found modified: logged out and wiped".into(),
        Change::RevokedAll => "logged out with all devices".into(),
        Change::Invited { self_issued: false, .. } => "invited by the user administrator".into(),
        Change::LoggedOutEverywhere { by: RevokedBy::Person(_), generation, .. } => {
            format!("all devices logged out by the person: generation {}", generation.number())
        }
        other => format!("{other:?}"),
    }
}
