//! All devices of a person: listed, renamed, logged out.

use pinlatch::refusal::RefusalCode as Code;
use pinlatch::session::LogOutCause;

use super::app::Outcome;
use super::{Answer, Device, Happened, Line, Model, State};
use crate::commands::Command;

impl Model {
    pub(super) fn obey_about_devices(&mut self, command: Command) -> Outcome {
        match command {
            Command::View { token } => Ok(self.view(token)),
            Command::ListDevices { phone, session } => self.list(phone, session),
            Command::Rename { phone, session, device, label } => self.rename((phone, session), device, label),
            Command::LogOutDevice { session, device } => self.log_out_device(session, device),
            Command::LogOutEverywhere { session } => {
                let (person, place) = self.live(session)?;
                let device = self.accounts[person].devices[place].name;
                let voided = self.has_open_invitation(person);
                let generation = self.accounts[person].generation + 1;
                self.revoke(person, Happened::RevokedByPerson { device, generation, voided });
                Ok(Answer::Done)
            }
            other => self.obey_browser(other),
        }
    }

    fn list(&mut self, phone: usize, session: usize) -> Outcome {
        let (person, place) = self.usable(phone, session)?;
        let this = self.accounts[person].devices[place].name;
        self.let_all_windows_pass(person);
        Ok(Answer::Devices(self.lines(person, Some(this))))
    }

    /// E03: without those that were revoked, while the bar stands.
    pub(super) fn lines(&self, person: usize, this: Option<usize>) -> Vec<Line> {
        let account = &self.accounts[person];
        let is_listed = |device: &&Device| !(account.revoked && device.state == State::Revoked);
        let line = |device: &Device| Line {
            device: device.name,
            state: account.state_of(device),
            label: device.label.to_owned(),
            opened: device.last_opened,
            this: Some(device.name) == this,
        };
        account.devices.iter().filter(is_listed).map(line).collect()
    }

    fn rename(&mut self, (phone, session): (usize, usize), device: usize, label: &'static str) -> Outcome {
        let person = self.session_tokens[session];
        self.command.aimed_at = Some(person);
        self.ask_directory()?;
        self.hand_over_if_full(person);
        let (person, _) = self.usable(phone, session)?;
        self.room_in_trail(person)?;
        let place = self.place_of(person, device).ok_or(Code::UnknownDevice)?;
        if self.accounts[person].devices[place].label != label {
            self.device(person, place).label = label;
            self.change(person, place, pinlatch::session::Change::DeviceRenamed);
        }
        Ok(Answer::Done)
    }

    fn log_out_device(&mut self, session: usize, device: usize) -> Outcome {
        let (person, place) = self.live(session)?;
        let other = self.place_of(person, device).ok_or(Code::UnknownDevice)?;
        let cause = if other == place { LogOutCause::Asked } else { LogOutCause::FromAnotherDevice };
        self.log_out_row(person, other, cause);
        Ok(Answer::Done)
    }

    /// E03: a revoked row stays while the bar stands; once it is lifted, the row is taken off the list.
    pub(super) fn log_out_row(&mut self, person: usize, place: usize, cause: LogOutCause) {
        let account = &self.accounts[person];
        if account.devices[place].state == State::Revoked && !account.revoked {
            self.accounts[person].devices.remove(place);
            self.write(person);
        } else {
            self.log_out(person, place, cause);
        }
    }
}
