//! An id of one kind is none of another.
use pinlatch::access::{Actor, Channel};
use pinlatch::account::Account;
use pinlatch::id::{CompanyId, DeviceId, PersonId};

fn illegal(person: PersonId, company: CompanyId, device: DeviceId) {
    let _ = Actor { person: company, company: person, channel: Channel::Browser };
    let _ = Account::new(device);
    let _ = person == company;
}

fn main() {
    let _ = illegal;
}
