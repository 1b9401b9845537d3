//! Clients: who is at work at which gate, and one who waits for each answer.

use std::collections::VecDeque;

use crate::commands::Command;
use crate::town::{Checked, Running, Town};

impl Town {
    /// Whether a gate has a command under way, of this person or of anybody.
    pub(crate) fn is_at_work(&self, gate: usize, person: Option<usize>) -> bool {
        let at_gate = self.running.iter().filter(|running| running.gate == gate);
        let mut jobs = at_gate.filter_map(|running| running.job);
        jobs.any(|job| person.is_none_or(|person| self.errands[job].person == person))
    }

    /// One command at the gate that was added last, to its answer.
    pub(crate) fn one_by_one(&mut self, command: Command) -> Checked {
        let gate = self.instances.len() - 1;
        self.running.push(Running { job: None, gate, doing: None, next: VecDeque::new() });
        let which = self.running.len() - 1;
        if self.start(which, command) {
            // It is the town's, and not one of those that were asked for.
            self.tally.commands -= 1;
            while self.running[which].doing.is_some() {
                self.poll(which)?;
            }
        }
        self.running.pop();
        Ok(())
    }

    /// A device that there is not yet is none of those that there will be.
    pub(crate) fn with_devices_of_today(&self, command: Command) -> Command {
        let today = |device| if device < self.real.devices.len() { device } else { usize::MAX };
        match command {
            Command::LogOutDevice { session, device } => {
                Command::LogOutDevice { session, device: today(device) }
            }
            Command::Rename { phone, session, device, label } => {
                Command::Rename { phone, session, device: today(device), label }
            }
            Command::LogOutDeviceOf { by, person, device } => {
                Command::LogOutDeviceOf { by, person, device: today(device) }
            }
            other => other,
        }
    }
}
