//! It tells whether an entry can be compared, which costs no try and tells nothing.
use pinlatch::pin::{Credential, PepperRing, Pin};
use pinlatch::refusal::Refusal;

fn legal(credential: &Credential, entry: &Pin, peppers: &PepperRing) -> Result<(), Refusal> {
    credential.usable(peppers)?;
    credential.fits(entry)
}
