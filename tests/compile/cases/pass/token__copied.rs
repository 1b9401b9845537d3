//! They are handed to the device, and their digests are compared.
use pinlatch::secret::{DeviceToken, SessionToken};

fn legal(session: SessionToken, device: DeviceToken) {
    let _ = session.expose();
    let _ = device.expose();
    let _ = session.digest() == session.digest();
    println!("{session:?} {device:?}");
}
