//! The audit trail: accepted transitions, refusals, and changes of the page "Users and roles".

use std::borrow::Cow;
use std::error::Error;

use pinlatch::account::Event;
use pinlatch::id::PersonId;
use pinlatch::session::{Change, RevokedBy};
use pinlatch::time::Timestamp;

use crate::around::whose;
use crate::office::{self, Office};
use crate::prompt::{Answer, browse};
use crate::screen;
use crate::town;

/// Columns of an entry: the terminal's 80 less the menu's mark.
const WIDTH: usize = 76;

/// Shows what happened to somebody's account, the newest first.
pub(crate) fn read(office: &Office) -> Answer<()> {
    let person = whose("(Whose audit trail?)")?;
    let mut lines = entries(office, person)?;
    // Stable: what happened in one millisecond stays in its order.
    lines.sort_by_key(|(at, _)| *at);
    let line = |(at, text): (Option<Timestamp>, String)| {
        let at = at.and_then(office::local).map(|at| at.strftime("%d.%m. %T").to_string());
        format!("{}  {text}", at.unwrap_or_else(|| "no time        ".to_owned()))
    };
    // A long entry goes on below, so that the terminal wraps nothing by itself.
    let wrapped = textwrap::Options::new(WIDTH).subsequent_indent("                     ");
    let newest_first = lines.into_iter().rev().map(line);
    let mut lines: Vec<_> = newest_first
        .flat_map(|text| textwrap::wrap(&text, &wrapped).into_iter().map(Cow::into_owned).collect::<Vec<_>>())
        .collect();
    if lines.is_empty() {
        lines.push("nothing yet".to_owned());
    }
    screen::clear()?;
    browse(&format!("(Audit trail of {})", town::name(person)), lines)
}

type Entry = (Option<Timestamp>, String);

fn entries(office: &Office, person: PersonId) -> Result<Vec<Entry>, Box<dyn Error>> {
    let events = office.store().events(person)?.into_iter();
    let events = events.map(|event| (event.at, in_words(&event)));
    let refusals = office
        .store()
        .refusals(person)?
        .into_iter()
        .map(|refused| (refused.at, format!("refused {}: {}", refused.command, refused.refusal.audit())));
    let changes = office.changes()?.into_iter().filter(|change| change.event.person == person);
    let changes = changes.map(|change| {
        let by = change.event.by.map_or("the host", town::name);
        (Some(change.at), format!("{:?} by {by}", change.event.change))
    });
    Ok(events.chain(refusals).chain(changes).collect())
}

/// Which device, if it was one, and what happened.
fn in_words(event: &Event) -> String {
    let what = match event.change {
        Change::Invited { by, self_issued, replaced, .. } => {
            let also = [(self_issued, ", self-issued"), (replaced, ", replaces an older one")];
            let also = also.into_iter().filter(|(so, _)| *so).map(|(_, text)| text).collect::<String>();
            format!("Invited by {}{also}", town::name(by))
        }
        Change::InvitationWithdrawn { by, .. } => {
            format!("InvitationWithdrawn by {}", town::name(by))
        }
        Change::LoggedOutEverywhere { by, generation, .. } => {
            let by = match by {
                RevokedBy::Person(device) => format!("on {}", short(device.as_u128())),
                RevokedBy::Administrator { by, .. } => format!("by {}", town::name(by)),
                other => format!("{other:?}"),
            };
            format!("LoggedOutEverywhere {by}, generation {}", generation.number())
        }
        other => format!("{other:?}"),
    };
    match event.device {
        Some(device) => format!("{} {what}", short(device.as_u128())),
        None => what,
    }
}

/// The end of a device's number: enough to tell two apart.
fn short(device: u128) -> String {
    format!("device …{:04x}", device & 0xffff)
}
