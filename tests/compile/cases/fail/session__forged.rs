//! A session in a state cannot be made up.
#![allow(unreachable_code)]
use pinlatch::id::{DeviceId, Generation};
use pinlatch::session::{Enrolment, Locked, LoggedOut, Session};

fn illegal(device: DeviceId, generation: Generation) -> Session<LoggedOut> {
    Session { device, generation, state: LoggedOut }
}

fn state(enrolment: Enrolment) -> Locked {
    Locked { begun: loop {}, enrolment }
}

fn main() {
    let _ = (illegal, state);
}
