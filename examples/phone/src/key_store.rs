//! PLAYS THE KEY STORES OF THE PHONES: what each phone keeps while the app is closed.
//!
//! A real app puts the device token into the platform's key store. Here it is one small file that
//! its owner alone may read. Session tokens are never written down: closing the app locks it (D01).

use std::error::Error;
use std::io;
use std::path::PathBuf;

use pinlatch::account::IssuedInvitation;
use pinlatch::host::{Clock, SystemClock};
use pinlatch::id::PersonId;
use pinlatch::time::Timestamp;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::files;
use crate::phone::Phone;
use crate::town::RESIDENTS;

const NOTE: &str = "Plays the key stores of the phones of pinlatch-phone. A real app keeps device tokens in the platform's key store, never in a file.";

/// The phones, and the messages that people have received on them.
pub(crate) struct KeyStore {
    path: PathBuf,
    kept: Kept,
}

#[derive(Serialize, Deserialize)]
struct Kept {
    note: String,
    in_hand: Phone,
    on_table: Vec<Phone>,
    messages: Vec<Message>,
}

/// An invitation, as it reached the invited person.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Message {
    to: PersonId,
    /// The token, as it stands in the link that was sent.
    pub(crate) invitation: String,
    pub(crate) sent: Timestamp,
    expires: Timestamp,
}

impl KeyStore {
    pub(crate) fn open(path: PathBuf) -> Result<Self, Box<dyn Error>> {
        let kept = match std::fs::read(&path).map(Zeroizing::new) {
            Ok(text) => {
                serde_json::from_slice(&text).map_err(|error| format!("{}: {error}", path.display()))?
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => Kept::first(),
            Err(error) => return Err(error.into()),
        };
        Ok(Self { path, kept })
    }

    /// Writes everything down in one step.
    pub(crate) fn save(&self) -> Result<(), Box<dyn Error>> {
        let text = Zeroizing::new(serde_json::to_vec_pretty(&self.kept)?);
        files::private(&self.path, &text)?.persist(&self.path)?;
        Ok(())
    }

    pub(crate) const fn in_hand(&self) -> &Phone {
        &self.kept.in_hand
    }

    pub(crate) const fn in_hand_mut(&mut self) -> &mut Phone {
        &mut self.kept.in_hand
    }

    pub(crate) fn on_table(&self) -> &[Phone] {
        &self.kept.on_table
    }

    /// Lays a phone on the table.
    pub(crate) fn lay(&mut self, phone: Phone) {
        self.kept.on_table.push(phone);
    }

    /// Changes the phone in the hand for one on the table.
    pub(crate) fn take(&mut self, number: usize) {
        if let Some(phone) = self.kept.on_table.get_mut(number) {
            std::mem::swap(phone, &mut self.kept.in_hand);
        }
    }

    /// Every phone there is.
    pub(crate) fn all_mut(&mut self) -> impl Iterator<Item = &mut Phone> {
        std::iter::once(&mut self.kept.in_hand).chain(&mut self.kept.on_table)
    }

    /// Sends an invitation to the invited person, not to the administrator.
    pub(crate) fn send(&mut self, to: PersonId, invitation: IssuedInvitation) {
        let sent = SystemClock.now().unwrap_or_default();
        let IssuedInvitation { token, expires } = invitation;
        let invitation = token.expose().to_owned();
        self.kept.messages.retain(|message| sent < message.expires);
        self.kept.messages.push(Message { to, invitation, sent, expires });
    }

    /// A person's invitations, the newest first. Used ones are among them, to see them refused.
    pub(crate) fn messages(&self, to: PersonId) -> Vec<Message> {
        self.kept.messages.iter().rev().filter(|message| message.to == to).cloned().collect()
    }
}

impl Kept {
    fn first() -> Self {
        let [first, others @ ..] = &RESIDENTS;
        let on_table = others.iter().map(Phone::of).collect();
        Self { note: NOTE.to_owned(), in_hand: Phone::of(first), on_table, messages: Vec::new() }
    }
}
