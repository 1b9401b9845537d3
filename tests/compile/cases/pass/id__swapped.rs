//! Each in its place.
use pinlatch::access::Request;
use pinlatch::account::Account;
use pinlatch::id::{CompanyId, DeviceId, PersonId};
use pinlatch::people::{Action, Function};

fn legal(person: PersonId, company: CompanyId, device: DeviceId) {
    let _ = Request { company, owner: person, action: Action::Read, function: Function::WorkingHours };
    let _ = Account::new(person).device(device);
    let _ = person == PersonId::from_u128(1);
}
