//! An administrator cannot be made up.
use pinlatch::access::Administrator;
use pinlatch::id::{CompanyId, PersonId};
use pinlatch::people::Roles;

fn illegal(person: PersonId, company: CompanyId, roles: Roles) -> Administrator {
    Administrator { person, company, roles }
}

fn main() {
    let _ = illegal;
}
