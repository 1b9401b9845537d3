//! What the kit opens, it opens by a real sign-in.
use pinlatch::refusal::RefusalCode;
use pinlatch_testkit::{PIN, Phone, World};

fn legal(world: &World) -> Result<Phone<'_>, RefusalCode> {
    let mut phone = world.open_phone(world.employee())?;
    phone.lock()?;
    phone.unlock(PIN)?;
    Ok(phone)
}
