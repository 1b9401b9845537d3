//! An account's record, decoded: what the public interface of [`Account`] tells, and no more. It tells no secret and no digest.

use std::collections::HashMap;

use pinlatch::account::{Account, Device, Ended, Standing};
use pinlatch::host::{Key, Loaded, Store};
use pinlatch::id::{DeviceId, PersonId};
use pinlatch::pin::ATTEMPT_LIMIT;
use pinlatch::record::{pepper_in_use, stored_version};
use pinlatch::session::{Modality, OpenedBy, SessionState};
use pinlatch_stores::any::{AnyError, AnyStore};
use serde::Serialize;

use crate::shown;

/// People by their ids, as they are called.
pub(crate) type Names = HashMap<PersonId, String>;

/// A name and a value.
type Fact = (&'static str, String);

/// What the page shows of a record.
#[derive(Debug, Serialize)]
pub(super) struct Decoded {
    /// What there is to say of a record that is not there, or cannot be read.
    #[serde(skip_serializing_if = "Option::is_none")]
    note: Option<String>,
    facts: Vec<Fact>,
    devices: Vec<DecodedDevice>,
}

#[derive(Debug, Serialize)]
struct DecodedDevice {
    /// How the audit trail names it.
    name: String,
    label: String,
    state: SessionState,
    facts: Vec<Fact>,
}

/// The record of a person's account as it is stored now.
pub(crate) async fn load(store: &AnyStore, person: PersonId) -> Result<Option<Loaded>, AnyError> {
    store.load(&Key::account(person)).await
}

impl Decoded {
    pub(super) fn of(loaded: Option<&Loaded>, person: PersonId, names: &Names) -> Self {
        let nothing =
            |note: &str| Self { note: Some(note.to_owned()), facts: Vec::new(), devices: Vec::new() };
        let Some(Loaded { bytes, version, .. }) = loaded else {
            return nothing("No record: nobody has signed in or was invited yet.");
        };
        let mut facts = vec![
            ("Size", format!("{} bytes", bytes.len())),
            ("Writes so far, by the store's count", version.number().to_string()),
        ];
        facts.extend(
            stored_version(bytes)
                .ok()
                .map(|stored| ("Version of the stored form", stored.number().to_string())),
        );
        let account = match Account::decode(bytes, person) {
            Ok(account) => account,
            Err(error) => return Self { facts, ..nothing(&error.to_string()) },
        };
        facts.extend(of_account(&account, names));
        let peppers = pepper_in_use(bytes).unwrap_or_default();
        let numbered = |pepper: &Option<pinlatch::pin::PepperId>| {
            pepper.map_or_else(|| "none".to_owned(), |pepper| pepper.number().to_string())
        };
        if !peppers.is_empty() {
            facts.push((
                "PINs hashed under pepper",
                peppers.iter().map(numbered).collect::<Vec<_>>().join(", "),
            ));
        }
        let devices = account.device_sessions().iter().map(DecodedDevice::of).collect();
        Self { note: None, facts, devices }
    }
}

fn of_account(account: &Account, names: &Names) -> Vec<Fact> {
    let standing = match account.standing() {
        Standing::Good => "good",
        Standing::RevokedAll => "logged out from all devices: signs in again by an invitation",
    };
    let invitation = account.invitation().map_or_else(
        || "none".to_owned(),
        |open| format!("by {}, good until {}", named(open.by(), names), shown::second(open.expires())),
    );
    vec![
        ("Generation", account.generation().number().to_string()),
        ("Standing", standing.to_owned()),
        ("Invitation", invitation),
        ("Events waiting for the journal", account.outbox().len().to_string()),
        ("Devices", account.device_sessions().len().to_string()),
        ("Sessions that ended last", ended(account)),
    ]
}

/// When and why, the latest first.
fn ended(account: &Account) -> String {
    let one = |Ended { at, reason, .. }: Ended| {
        at.map_or_else(
            || reason.as_str().to_owned(),
            |at| format!("{}: {}", shown::second(at), reason.as_str()),
        )
    };
    let mut ended: Vec<_> = account.ended_sessions().map(one).collect();
    ended.reverse();
    if ended.is_empty() { "none remembered".to_owned() } else { ended.join(", ") }
}

impl DecodedDevice {
    fn of(device: &Device) -> Self {
        let session = device.session();
        let mut facts = vec![
            ("Signed in", shown::second(device.created())),
            ("In generation", session.generation().number().to_string()),
            (
                "Last opened",
                device.last_opened().map_or_else(
                    || "never".to_owned(),
                    |last| format!("{}, by {}", shown::second(last.at), opened_by(last.by)),
                ),
            ),
        ];
        if let Some(enrolment) = session.enrolment() {
            let (attempts, biometrics) = (enrolment.attempts(), enrolment.biometrics());
            let on = |modality| if biometrics.enabled(modality) { "on" } else { "off" };
            facts.extend([
                ("Wrong PINs settled", format!("{} of {ATTEMPT_LIMIT}", attempts.failures())),
                ("Guesses in flight", attempts.in_flight().len().to_string()),
                ("Guesses void since the last right PIN", attempts.void().to_string()),
                ("Face", on(Modality::Face).to_owned()),
                ("Fingerprint", on(Modality::Fingerprint).to_owned()),
            ]);
        }
        Self { name: short(device.id()), label: device.label().to_string(), state: session.state(), facts }
    }
}

const fn opened_by(by: OpenedBy) -> &'static str {
    match by {
        OpenedBy::Pin => "PIN",
        OpenedBy::Biometric(Modality::Face) => "face",
        OpenedBy::Biometric(Modality::Fingerprint) => "fingerprint",
    }
}

/// The end of a device's number: enough to tell two apart.
pub(super) fn short(device: DeviceId) -> String {
    format!("…{:04x}", device.as_u128() & 0xffff)
}

/// How somebody is called.
pub(super) fn named(person: PersonId, names: &Names) -> String {
    names.get(&person).cloned().unwrap_or_else(|| format!("…{:04x}", person.as_u128() & 0xffff))
}
