//! Each in its place.
use pinlatch::access::{Actor, Channel};
use pinlatch::account::Account;
use pinlatch::id::{CompanyId, DeviceId, PersonId};

fn legal(person: PersonId, company: CompanyId, device: DeviceId) {
    let _ = Actor { person, company, channel: Channel::Browser };
    let _ = Account::new(person).device(device);
    let _ = person == PersonId::from_u128(1);
}
