//! Every device starts logged out.
use pinlatch::id::{DeviceId, Generation};
use pinlatch::session::{LoggedOut, Session};

fn legal(device: DeviceId, generation: Generation) -> Session<LoggedOut> {
    Session::new(device, generation)
}
