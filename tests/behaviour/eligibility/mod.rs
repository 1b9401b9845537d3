//! Who may be here at all: employees, users, services, and the days on which these begin and end.

mod at_the_gate;
mod decided;
mod gaps;
mod leavers;
mod over_time;
mod presence;

use pinlatch::access::Basis;
use pinlatch::id::PersonId;
use pinlatch::people::{ChargeableService, Employment, Validity};
use pinlatch::refusal::RefusalCode;
use pinlatch_testkit::{ACME, World, day};

use crate::given::*;

fn browser(world: &World, person: PersonId) -> Result<Basis, RefusalCode> {
    code(world.gate.blocking().browser_access(person)).map(|eligibility| eligibility.basis())
}

fn employed(validity: Validity) -> Employment {
    Employment::new(ACME, validity)
        .with_service(ChargeableService::Salaries)
        .with_service(ChargeableService::Travel)
}

fn until(year: i16, month: i8, of_month: i8) -> Validity {
    Validity::between(day(2025, 1, 1), day(year, month, of_month)).unwrap()
}
