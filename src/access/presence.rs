//! Does a person still stand anywhere, and did so without a gap since a session began (E22, E23)?

use crate::people::{CalendarDate, LocalDates, Person, UserAccess, Validity};

use super::policy::AccessPolicy;

/// How a person stands today, seen from a session that began on some day (E23).
///
/// A person *stands* on a day with an employment, a valid user access, or a leaver's days (D29) in effect in
/// any company. Services do not matter: who stands without being eligible is refused, and keeps the PIN
/// (E19, E22).
///
/// With the feature `serde` it is its name, as in `"Stands"`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum Presence {
    /// Stands today, and did so every day since. The session lives.
    Stands,
    /// Stands nowhere at this moment, but on one of today's dates: it is not the same day in all companies,
    /// and one relation is over here before the next has begun there. Refused, and nothing is wiped.
    Between,
    /// Stands nowhere, or did so on a day since: the person's sessions end, and the credentials are wiped.
    Gone,
}

/// The latest of the dates that it is today in the person's companies: the `begun_on` of a session that is
/// signed in now (E23). `None` for a person without a company.
#[must_use]
pub fn latest_date(person: &Person, dates: &LocalDates) -> Option<CalendarDate> {
    person.relations().map(|(company, _)| dates.today(company)).max()
}

/// How the person stands today, for a session that began on `begun_on` (E23).
///
/// `person` is `None` if there surely is no such person: never say it of a directory that could not be
/// asked. It allocates nothing, and does not count days.
#[must_use]
pub fn presence(
    person: Option<&Person>,
    begun_on: CalendarDate,
    dates: &LocalDates,
    policy: &AccessPolicy,
) -> Presence {
    let Some(person) = person else { return Presence::Gone };
    let now = standing(person, dates, policy);
    if now != Presence::Gone && had_gap(person, begun_on, dates, policy) {
        return Presence::Gone;
    }
    now
}

/// How the person stands today, whatever was before.
pub(super) fn standing(person: &Person, dates: &LocalDates, policy: &AccessPolicy) -> Presence {
    let is_in_effect = |(period, today): (Validity, CalendarDate)| period.contains(today);
    let mut in_effect = periods(person, policy).zip(todays(person, dates)).filter(|both| is_in_effect(*both));
    if in_effect.next().is_some() {
        return Presence::Stands;
    }
    // D31: no day up to that one is asked about, so nothing is wiped by it.
    let is_asked = |today: &CalendarDate| person.incomplete_until().is_none_or(|until| until < *today);
    let stands_on = |today: CalendarDate| periods(person, policy).any(|period| period.contains(today));
    if todays(person, dates).any(|today| !is_asked(&today) || stands_on(today)) {
        Presence::Between
    } else {
        Presence::Gone
    }
}

/// Whether there is a day d, `begun_on` < d < the earliest of today's dates, on which the person stood
/// nowhere by today's facts.
fn had_gap(person: &Person, begun_on: CalendarDate, dates: &LocalDates, policy: &AccessPolicy) -> bool {
    let (Some(earliest), Some(latest)) = (todays(person, dates).min(), latest_date(person, dates)) else {
        return false;
    };
    // A beginning later than today was read on a wrong clock.
    let eldest = || periods(person, policy).map(|period| period.first()).min();
    let begun_on = if begun_on > latest { eldest().unwrap_or(begun_on) } else { begun_on };
    let asked_after = person.incomplete_until().map_or(begun_on, |until| until.max(begun_on)); // D31
    let mut day = asked_after.plus_days(1);
    while day < earliest {
        // From this day on the person stands through the last day of the longest period around it…
        let mut around =
            periods(person, policy).filter(|period| period.contains(day)).map(|period| period.last());
        let Some(first) = around.next() else { return true };
        let longest = around.fold(first, |longest, last| longest.zip(last).map(|(a, b)| a.max(b)));
        let Some(last) = longest else { return false };
        // …and the day after it is the next to ask about.
        if last >= earliest {
            return false;
        }
        day = last.plus_days(1);
    }
    false
}

/// The days on which the person stands: each relation's period, an employment's with its leaver's days. In the
/// order of [`Person::relations`].
fn periods(person: &Person, policy: &AccessPolicy) -> impl Iterator<Item = Validity> {
    let leaver_access = policy.leaver_access();
    let employments = person.employments().iter().map(move |employment| {
        let period = employment.validity();
        match (period.last(), leaver_access) {
            (Some(last), Some(leaver)) => {
                Validity::between(period.first(), leaver.until(last)).unwrap_or(period) // D29
            }
            _ => period,
        }
    });
    employments.chain(person.user_accesses().iter().map(UserAccess::validity))
}

/// What day it is today, for each of the person's relations.
fn todays(person: &Person, dates: &LocalDates) -> impl Iterator<Item = CalendarDate> {
    person.relations().map(|(company, _)| dates.today(company))
}
