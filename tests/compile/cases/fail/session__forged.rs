//! A session in a state cannot be made up.
use pinlatch::id::{DeviceId, Generation};
use pinlatch::session::{Enrolment, Locked, LoggedOut, Session};
use pinlatch::time::Timestamp;

fn illegal(device: DeviceId, generation: Generation) -> Session<LoggedOut> {
    Session { device, generation, state: LoggedOut }
}

fn state(begun: Timestamp, enrolment: Enrolment) -> Locked {
    Locked { begun, enrolment }
}

fn main() {
    let _ = (illegal, state);
}
