//! Being open is not claimed: unlocking, a new PIN, or the session's own token shows it.
use pinlatch::gate::{DeviceHandle, OpenDevice};
use pinlatch::host::Host;
use pinlatch::secret::SessionToken;
use pinlatch::session::Authenticated;

fn illegal<'g, H: Host>(
    device: DeviceHandle<'g, H, Authenticated>,
    session: SessionToken,
) -> OpenDevice<'g, H> {
    OpenDevice { device, session }
}

fn main() {}
