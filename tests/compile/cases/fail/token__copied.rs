//! Tokens are neither cloned nor compared.
use pinlatch::secret::{DeviceToken, SessionToken};

fn illegal(session: SessionToken, device: DeviceToken) {
    let _ = session.clone();
    let _ = device.clone();
    let _ = session == session;
    let _ = device == device;
    println!("{session} {device}");
}

fn main() {
    let _ = illegal;
}
