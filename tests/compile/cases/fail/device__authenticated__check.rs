//! A device token alone does not `check`: that takes the open app, and so the session.
use pinlatch::account::{RequestContext, Wanted};
use pinlatch::gate::DeviceHandle;
use pinlatch::host::Host;
use pinlatch::session::Authenticated;

async fn illegal<H: Host>(
    device: DeviceHandle<'_, H, Authenticated>,
    wanted: Wanted<'_>,
    request: &RequestContext,
) {
    let _ = device.check(wanted, request).await;
}

fn main() {}
