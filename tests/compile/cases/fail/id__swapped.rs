//! An id of one kind is none of another.
use pinlatch::access::Request;
use pinlatch::account::Account;
use pinlatch::id::{CompanyId, DeviceId, PersonId};
use pinlatch::people::{Action, Function};

fn illegal(person: PersonId, company: CompanyId, device: DeviceId) {
    let _ = Request { company: person, owner: company, action: Action::Read, function: Function::WorkingHours };
    let _ = Account::new(device);
    let _ = person == company;
}

fn main() {
    let _ = illegal;
}
