//! No function makes a session in another state than logged out.
use pinlatch::id::{DeviceId, Generation};
use pinlatch::session::{Authenticated, Locked, Session};

fn illegal(device: DeviceId, generation: Generation) {
    let _ = Session::<Locked>::new(device, generation);
    let _ = Session::<Authenticated>::restore(device, generation, loop {});
}

fn main() {
    let _ = illegal;
}
