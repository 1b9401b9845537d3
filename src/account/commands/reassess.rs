//! The host's facts about a person have changed, or a day has passed.

use super::super::state::Account;
use super::super::words::{Context, Facts};

impl Account {
    /// Applies today's facts without any device: sessions of a person who stands nowhere, or has not stood
    /// somewhere every day since they began, end (E23). What has ended stays so, if the person comes back
    /// later the same day.
    pub fn reassess(&mut self, facts: &Facts<'_>, context: &Context<'_>) {
        self.arrive(context);
        if facts.person.is_none_or(|person| person.id() == self.person()) {
            self.end_absent(facts, context);
        }
    }
}
